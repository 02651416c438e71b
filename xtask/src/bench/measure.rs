//! Runs one side of a row and reads its figure.

use super::rows::{Row, Timing};
use crate::process::{Show, run};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// A program with its arguments.
pub struct Contestant {
    directory: PathBuf,
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(&'static str, PathBuf)>,
}

/// Why there is no figure.
#[derive(Debug)]
pub enum Problem {
    /// The program could not be started, or its status was not 0.
    Failed(PathBuf),
    /// It ended well, but its line is missing.
    NoFigure(PathBuf),
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Failed(program) => write!(out, "{} did not succeed", program.display()),
            Problem::NoFigure(program) => write!(out, "{} printed no figure", program.display()),
        }
    }
}

/// A figure with its unit.
#[derive(Debug, PartialEq)]
pub struct Median {
    /// The figure.
    pub value: f64,
    /// What it counts.
    pub unit: String,
}

impl Contestant {
    /// `program` with `arguments`, run in `directory`.
    pub fn new(directory: &Path, program: &Path, arguments: &[&str]) -> Contestant {
        Contestant {
            directory: directory.to_path_buf(),
            program: program.to_path_buf(),
            arguments: arguments.iter().map(|argument| argument.to_string()).collect(),
            environment: Vec::new(),
        }
    }

    /// The same with a variable set.
    pub fn with(mut self, name: &'static str, value: &Path) -> Contestant {
        self.environment.push((name, value.to_path_buf()));
        self
    }

    /// Runs it to its end; what it printed.
    pub fn run(&self) -> Result<String, Problem> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(&self.directory);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let ended = run(&mut command, Show::No);
        if ended.success { Ok(ended.output) } else { Err(Problem::Failed(self.program.clone())) }
    }

    /// Runs it once and takes its figure as the row says.
    pub fn measure(&self, row: &Row) -> Result<Median, Problem> {
        let start = Instant::now();
        let output = self.run()?;
        match row.timing {
            Timing::Whole => {
                Ok(Median { value: start.elapsed().as_secs_f64() * 1000.0, unit: "ms".to_string() })
            }
            Timing::Printed => {
                printed(row.name, &output).ok_or_else(|| Problem::NoFigure(self.program.clone()))
            }
        }
    }
}

/// The figure in a line `NAME<TAB>value<TAB>unit`; something may stand before the name, as a node's name does.
fn printed(name: &str, output: &str) -> Option<Median> {
    let marked = format!("{name}\t");
    let found = output.lines().find_map(|line| line.split_once(&marked))?;
    let (value, unit) = found.1.split_once('\t')?;
    Some(Median { value: value.trim().parse().ok()?, unit: unit.trim().to_string() })
}

/// The middle one by value; `None` of none.
pub fn median(mut figures: Vec<Median>) -> Option<Median> {
    figures.sort_by(|a, b| a.value.total_cmp(&b.value));
    let middle = figures.len() / 2;
    figures.into_iter().nth(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_their_line() {
        let output = "starting\nn0 | ring\t5100000\thop/s\nring twice\n";
        assert_eq!(printed("ring", output), Some(Median { value: 5.1e6, unit: "hop/s".to_string() }));
        assert_eq!(printed("fib", output), None);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let figures = [3.0, 1.0, 2.0].map(|value| Median { value, unit: String::new() });
        assert_eq!(median(figures.into()).map(|m| m.value), Some(2.0));
        assert_eq!(median(Vec::new()), None);
    }
}
