//! `snow fmt`: files in their tidy form.

use crate::report::{self, Format};
use clap::ArgMatches;
use snow_diagnostics::Problems;
use snow_driver::project::{self, ProjectError};
use snow_driver::{Outcome, on_deep_stack};
use snow_format::FormatError;
use snow_text::{SourceId, Sources};
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

/// What became of all files.
#[derive(Default)]
struct Tally {
    changed: usize,
    failed: bool,
}

/// Formats files, the files of directories, or standard input.
pub fn fmt(matches: &ArgMatches) -> ExitCode {
    let paths: Vec<&String> = matches.get_many::<String>("paths").into_iter().flatten().collect();
    if paths.iter().any(|path| *path == "-") {
        return standard_input(matches);
    }
    let mut tally = Tally::default();
    for path in paths {
        match project::files(Path::new(path)) {
            Ok(files) => files.iter().for_each(|file| one(file, matches, &mut tally)),
            Err(problem) => {
                eprintln!("snow: {problem}");
                return ExitCode::from(crate::USAGE);
            }
        }
    }
    let refused = matches.get_flag("check") && tally.changed > 0;
    if refused {
        let files =
            if tally.changed == 1 { "1 file is".to_string() } else { format!("{} files are", tally.changed) };
        eprintln!("snow: {files} not formatted; run `snow fmt` to do it");
    }
    if refused || tally.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Formats one file, and names it when that changes it.
fn one(path: &Path, matches: &ArgMatches, tally: &mut Tally) {
    let mut sources = Sources::default();
    let source = match project::read(path, &mut sources) {
        Ok(source) => source,
        Err(problem) => return not_read(&problem, tally),
    };
    let Some(text) = formatted(source, sources, matches) else {
        tally.failed = true;
        return;
    };
    let Some(text) = text else { return };
    tally.changed += 1;
    println!("{}", path.display());
    if !matches.get_flag("check")
        && let Err(problem) = std::fs::write(path, text)
    {
        eprintln!("snow: cannot write {}: {problem}", path.display());
        tally.failed = true;
    }
}

fn not_read(problem: &ProjectError, tally: &mut Tally) {
    eprintln!("snow: {problem}");
    tally.failed = true;
}

/// The new text, `Some(None)` when it is the old one; says what is wrong when there is none.
fn formatted(source: SourceId, sources: Sources, matches: &ArgMatches) -> Option<Option<String>> {
    let text = &sources.get(source).text;
    match on_deep_stack(|| snow_format::format(source, text)) {
        Ok(new) => Some((new != **text).then_some(new)),
        Err(FormatError::Syntax(problems)) => {
            show(sources, problems, matches);
            None
        }
        Err(problem) => {
            let path = &sources.get(source).path;
            eprintln!(
                "snow: {path} stays as it is: {problem}; this is a bug in Snow, please report it with the file"
            );
            None
        }
    }
}

fn show(sources: Sources, problems: Problems, matches: &ArgMatches) {
    report::problems(&Outcome::<()> { sources, problems, result: None }, Format::of(matches));
}

/// From standard input to standard output.
fn standard_input(matches: &ArgMatches) -> ExitCode {
    let mut bytes = Vec::new();
    if let Err(problem) = std::io::stdin().read_to_end(&mut bytes) {
        eprintln!("snow: cannot read standard input: {problem}");
        return ExitCode::FAILURE;
    }
    let Ok(text) = String::from_utf8(bytes) else {
        eprintln!("snow: standard input is not UTF-8 text");
        return ExitCode::from(crate::USAGE);
    };
    let mut sources = Sources::default();
    let source = sources.add("standard input".to_string(), text.clone());
    let Some(new) = formatted(source, sources, matches) else { return ExitCode::FAILURE };
    if matches.get_flag("check") {
        return if new.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    match std::io::stdout().write_all(new.unwrap_or(text).as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
