//! The subcommands, a file each.

pub mod build;
pub mod check;
pub mod cluster;
pub mod doc;
pub mod dump;
pub mod explain;
pub mod fmt;
pub mod lsp;
pub mod new;
pub mod run;
pub mod test;

use crate::report::{self, Format};
use clap::ArgMatches;
use snow_abi::program::Program;
use snow_driver::{Outcome, ProjectError};
use std::path::PathBuf;
use std::process::ExitCode;

/// The program's path.
fn path(matches: &ArgMatches) -> PathBuf {
    PathBuf::from(matches.get_one::<String>("path").map_or(".", String::as_str))
}

/// Shows the problems; gives the result, or the exit status when there is none.
fn settle<T>(outcome: Result<Outcome<T>, ProjectError>, format: Format) -> Result<T, ExitCode> {
    match outcome {
        Ok(outcome) => {
            report::problems(&outcome, format);
            outcome.result.ok_or(ExitCode::FAILURE)
        }
        Err(problem) => {
            eprintln!("snow: {problem}");
            Err(ExitCode::from(crate::USAGE))
        }
    }
}

/// Compiles the program that the command line names.
fn compile(matches: &ArgMatches) -> Result<Program, ExitCode> {
    let program = settle(snow_driver::compile(&path(matches)), Format::of(matches))?;
    Ok(program)
}
