//! `snow build`: a copy of this executable with the program's image behind it.

use clap::ArgMatches;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes the executable.
pub fn build(matches: &ArgMatches) -> ExitCode {
    let program = match super::compile(matches) {
        Ok(program) => program,
        Err(status) => return status,
    };
    let output = match matches.get_one::<String>("output") {
        Some(output) => PathBuf::from(output),
        None => default_output(&super::path(matches)),
    };
    match snow_entry::write_executable(&program, &output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("snow: cannot write {}: {problem}", output.display());
            ExitCode::FAILURE
        }
    }
}

/// `hello.snow` becomes `hello`, a directory `shop` becomes `shop` in it.
fn default_output(path: &Path) -> PathBuf {
    if path.is_dir() {
        let name = path.canonicalize().ok().and_then(|p| p.file_name().map(PathBuf::from));
        path.join(name.unwrap_or_else(|| PathBuf::from("program")))
    } else {
        path.with_extension("")
    }
}
