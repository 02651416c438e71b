//! `snow build`: a copy of this executable with the program's image behind it.

use clap::ArgMatches;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes the executable and says where.
pub fn build(matches: &ArgMatches) -> ExitCode {
    let program = match super::compile(matches) {
        Ok(program) => program,
        Err(status) => return status,
    };
    let output = output(&super::path(matches), matches.get_one::<String>("output").map(Path::new));
    match snow_entry::write_executable(&program, &output) {
        Ok(bytes) => {
            println!("built {} ({:.1} MB)", output.display(), bytes as f64 / 1e6);
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("snow: cannot write {}: {}", output.display(), reason(&output, &problem));
            ExitCode::FAILURE
        }
    }
}

/// Where to write: what was asked for, into it when that is a directory, else beside the file or into the directory of the program.
fn output(program: &Path, asked: Option<&Path>) -> PathBuf {
    let name = || program_name(program);
    match asked {
        Some(asked) if asked.is_dir() => asked.join(name()),
        Some(asked) => asked.to_path_buf(),
        None if program.is_dir() => plain(program).join(name()),
        None => program.with_file_name(name()),
    }
}

/// `hello.snow` becomes `hello`, a directory `shop` becomes `shop`.
fn program_name(program: &Path) -> PathBuf {
    if !program.is_dir() {
        return program.file_stem().map_or_else(|| PathBuf::from("program"), PathBuf::from);
    }
    let whole = program.canonicalize().ok();
    whole.as_deref().and_then(Path::file_name).map_or_else(|| PathBuf::from("program"), PathBuf::from)
}

/// A directory as it stands in front of a name: nothing for `.`.
fn plain(directory: &Path) -> &Path {
    directory.strip_prefix(".").unwrap_or(directory)
}

/// What went wrong, and what to do where that is not plain.
fn reason(output: &Path, problem: &io::Error) -> String {
    if output.is_dir() {
        return "there is a directory of that name; choose another with -o".to_string();
    }
    match problem.kind() {
        io::ErrorKind::NotFound => "its directory does not exist; make it first".to_string(),
        io::ErrorKind::PermissionDenied => "this is not allowed; choose another place with -o".to_string(),
        _ => problem.to_string(),
    }
}
