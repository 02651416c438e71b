//! Measures Snow and, where it is installed, Erlang: each row of [`rows::ROWS`] by both, in turns, at the median.
//!
//! A program prints `NAME<TAB>value<TAB>unit` on a line of its own, or is timed from outside, start and end included.
//! Snow's programs lie in `bench/snow`, Erlang's in `bench/erlang`; what they need and leave goes to `target/bench`.

mod measure;
mod program;
mod rows;
mod words;

use crate::outcome::Outcome;
use crate::process::{Show, cargo, is_installed, run as run_process, target_directory};
use measure::{Contestant, Median, Problem, median};
use rows::{Better, ROWS, Row, Snow};
use std::fs;
use std::path::{Path, PathBuf};

/// Turns of each row: A B A B A B.
const TURNS: usize = 3;

/// Where things lie.
struct Bench {
    root: PathBuf,
    /// The release build of the command `snow`.
    snow: PathBuf,
    /// What is built and written for measuring.
    directory: PathBuf,
    erlang: bool,
}

/// Measures the rows whose name contains `filter` and prints a table.
pub fn run(root: &Path, filter: &str) -> Outcome {
    let Some(bench) = Bench::prepare(root) else { return Outcome::Bad };
    let mut outcome = Outcome::Good;
    println!(
        "{:<20} {:>14} {:>14} {:>8} {:>14} {:>8}  unit",
        "row", "Snow", "Erlang", "ratio", "without TLS", "ratio"
    );
    for row in ROWS.iter().filter(|row| row.name.contains(filter)) {
        match bench.measure(row) {
            Ok(line) => println!("{line}"),
            Err(problem) => {
                println!("{:<20} {problem}", row.name);
                outcome = Outcome::Bad;
            }
        }
    }
    println!("ratio: how many times better Snow is; {TURNS} turns each, interleaved, median");
    println!("nodes speak TLS 1.3, Erlang's also without");
    outcome
}

impl Bench {
    fn prepare(root: &Path) -> Option<Bench> {
        let target = target_directory(root);
        let directory = target.join("bench");
        fs::create_dir_all(&directory).ok()?;
        words::write(&directory.join(words::FILE_NAME)).ok()?;
        program::write(&directory).ok()?;
        let build = cargo(root, &["build", "--quiet", "--release", "-p", "snow"]);
        if !run_process(&mut { build }, Show::Yes).success {
            return None;
        }
        let snow = target.join("release/snow");
        Some(Bench { root: root.to_path_buf(), snow, directory, erlang: is_installed("erl") })
    }

    fn measure(&self, row: &Row) -> Result<String, Problem> {
        let snow = self.snow(row)?;
        let has_nodes = matches!(row.snow, Snow::Nodes { .. });
        let has_twin = self.erlang && !row.erlang.is_empty();
        let erlang = has_twin.then(|| self.erlang(row, &[]));
        let plain = (has_twin && has_nodes).then(|| self.erlang(row, &["--without-tls"]));
        let mut values = [const { Vec::new() }; 3];
        for _ in 0..TURNS {
            for (values, side) in values.iter_mut().zip([Some(&snow), erlang.as_ref(), plain.as_ref()]) {
                values.extend(side.map(|side| side.measure(row)).transpose()?);
            }
        }
        let [snow, erlang, plain] = values.map(median);
        Ok(line(row, &snow.expect("there is at least one turn"), [erlang, plain]))
    }

    /// The Snow side, built if it can be run as an executable of its own.
    fn snow(&self, row: &Row) -> Result<Contestant, Problem> {
        match row.snow {
            Snow::Executable => {
                let source = format!("bench/snow/{}.snow", row.name);
                let executable = self.directory.join(row.name).display().to_string();
                let build = Contestant::new(&self.root, &self.snow, &["build", &source, "-o", &executable]);
                build.run()?;
                Ok(Contestant::new(&self.root, Path::new(&executable), &[]))
            }
            Snow::Nodes { count, program, argument } => {
                let argument = self.filled_in(argument);
                let arguments = ["run", "--nodes", count, program, &argument];
                Ok(Contestant::new(&self.root, &self.snow, &arguments))
            }
            Snow::Command(arguments) => {
                let arguments: Vec<String> =
                    arguments.iter().map(|argument| self.filled_in(argument)).collect();
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                Ok(Contestant::new(&self.root, &self.snow, &arguments))
            }
        }
    }

    fn erlang(&self, row: &Row, flags: &[&str]) -> Contestant {
        let arguments: Vec<String> =
            flags.iter().chain(row.erlang).map(|argument| self.filled_in(argument)).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let script = self.root.join("bench/erlang/run");
        let directory = self.directory.join("erlang");
        Contestant::new(&self.root, &script, &arguments).with("SNOW_BENCH_DIRECTORY", &directory)
    }

    /// An argument of the table as a program gets it.
    fn filled_in(&self, argument: &str) -> String {
        let file = match argument {
            "{words}" => words::FILE_NAME,
            "{out}" => "out",
            _ => match program::FILES.iter().find(|file| argument == format!("{{{}}}", file.0)) {
                Some(file) => file.0,
                None => return argument.to_string(),
            },
        };
        self.directory.join(file).display().to_string()
    }
}

fn line(row: &Row, snow: &Median, others: [Option<Median>; 2]) -> String {
    let mut text = format!("{:<20} {:>14}", row.name, number(snow.value));
    for other in others {
        let (figure, ratio) = match other {
            Some(other) => {
                let ratio = match row.better {
                    Better::Lower => other.value / snow.value,
                    Better::Higher => snow.value / other.value,
                };
                (number(other.value), format!("{ratio:.2}"))
            }
            None => ("—".to_string(), "—".to_string()),
        };
        text += &format!(" {figure:>14} {ratio:>8}");
    }
    format!("{text}  {}", snow.unit)
}

fn number(value: f64) -> String {
    if value.abs() >= 1000.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}
