//! `cargo xtask`: what the repository can check, test and measure about itself.
//!
//! Each command is a module with one door, `run`, that prints as it goes and says whether all was well.

#![forbid(unsafe_code)]

mod bench;
mod ci;
mod fuzz;
mod outcome;
mod process;
mod repository;
mod test;
mod tidy;

use outcome::Outcome;
use repository::Repository;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  tidy            check layout, sizes, layering, words and links
  test [FILTER]   run every test; with FILTER only the steps whose name contains it
  ci              formatting, clippy, tidy, test: everything that must hold
  fuzz [TARGET] [--seconds N] [--seed S]
                  damaged input for whatever reads what it cannot trust, 60 s of each target unless told otherwise
  bench [FILTER]  measure Snow and, where it is installed, Erlang side by side";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["tidy"] => tidy::run(&Repository::root()),
        ["test"] => test::run(&Repository::root(), ""),
        ["test", filter] => test::run(&Repository::root(), filter),
        ["ci"] => ci::run(&Repository::root()),
        ["fuzz", ..] => fuzz::run(&Repository::root(), &words[1..]),
        ["bench"] => bench::run(&Repository::root(), ""),
        ["bench", filter] => bench::run(&Repository::root(), filter),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Outcome::Good => ExitCode::SUCCESS,
        Outcome::Bad => ExitCode::FAILURE,
    }
}
