//! `snow dump STAGE PATH`

use crate::report::Format;
use clap::ArgMatches;
use snow_driver::dump::Stage;
use std::io::Write;
use std::process::ExitCode;

/// Shows an intermediate form.
pub fn dump(matches: &ArgMatches) -> ExitCode {
    let stage =
        matches.get_one::<String>("stage").and_then(|s| Stage::by_name(s)).expect("clap checked the stage");
    let only = matches.get_one::<String>("only").map(String::as_str);
    let text = match super::settle(snow_driver::dump(stage, &super::path(matches), only), Format::of(matches))
    {
        Ok(text) => text,
        Err(status) => return status,
    };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
