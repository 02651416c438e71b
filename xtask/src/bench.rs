//! Measures Snow and, where it is installed, Erlang: each row of [`rows::ROWS`] by both, in turns, at the median.
//!
//! A program prints `NAME<TAB>value<TAB>unit` on a line of its own, or is timed from outside, start and end included.
//! Snow's programs lie in `bench/snow`, Erlang's in `bench/erlang`; what they need and leave goes to `target/bench`.

mod measure;
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
    println!("{:<20} {:>14} {:>14}  {:<12} {:>8}", "row", "Snow", "Erlang", "unit", "ratio");
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
    outcome
}

impl Bench {
    fn prepare(root: &Path) -> Option<Bench> {
        let target = target_directory(root);
        let directory = target.join("bench");
        fs::create_dir_all(&directory).ok()?;
        words::write(&directory.join(words::FILE_NAME)).ok()?;
        let build = cargo(root, &["build", "--quiet", "--release", "-p", "snow"]);
        if !run_process(&mut { build }, Show::Yes).success {
            return None;
        }
        let snow = target.join("release/snow");
        Some(Bench { root: root.to_path_buf(), snow, directory, erlang: is_installed("erl") })
    }

    fn measure(&self, row: &Row) -> Result<String, Problem> {
        let snow = self.snow(row)?;
        let erlang = self.erlang.then(|| self.erlang(row));
        let mut snow_values = Vec::new();
        let mut erlang_values = Vec::new();
        for _ in 0..TURNS {
            snow_values.push(snow.measure(row)?);
            if let Some(erlang) = &erlang {
                erlang_values.push(erlang.measure(row)?);
            }
        }
        let snow = median(snow_values).expect("there is at least one turn");
        Ok(line(row, &snow, median(erlang_values).as_ref()))
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
            Snow::Nodes { count, program, with_words } => {
                let words = self.words();
                let mut arguments = vec!["run", "--nodes", count, program];
                arguments.extend(with_words.then_some(words.as_str()));
                Ok(Contestant::new(&self.root, &self.snow, &arguments))
            }
        }
    }

    fn erlang(&self, row: &Row) -> Contestant {
        let words = self.words();
        let arguments: Vec<&str> = row
            .erlang
            .iter()
            .map(|argument| if *argument == "{words}" { &words } else { *argument })
            .collect();
        let script = self.root.join("bench/erlang/run");
        let directory = self.directory.join("erlang");
        Contestant::new(&self.root, &script, &arguments).with("SNOW_BENCH_DIRECTORY", &directory)
    }

    fn words(&self) -> String {
        self.directory.join(words::FILE_NAME).display().to_string()
    }
}

fn line(row: &Row, snow: &Median, erlang: Option<&Median>) -> String {
    let (other, ratio) = match erlang {
        Some(erlang) => {
            let ratio = match row.better {
                Better::Lower => erlang.value / snow.value,
                Better::Higher => snow.value / erlang.value,
            };
            (number(erlang.value), format!("{ratio:.2}"))
        }
        None => ("—".to_string(), "—".to_string()),
    };
    format!("{:<20} {:>14} {other:>14}  {:<12} {ratio:>8}", row.name, number(snow.value), snow.unit)
}

fn number(value: f64) -> String {
    if value.abs() >= 1000.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}
