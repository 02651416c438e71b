//! `snow check`

use crate::report::Format;
use clap::ArgMatches;
use std::process::ExitCode;

/// Reports problems.
pub fn check(matches: &ArgMatches) -> ExitCode {
    match super::settle(snow_driver::check(&super::path(matches)), Format::of(matches)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(status) => status,
    }
}
