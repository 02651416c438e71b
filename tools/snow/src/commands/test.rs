//! `snow test`, and the hidden command of the processes that run one test each.

use crate::report::Format;
use clap::ArgMatches;
use snow_abi::program::Program;
use snow_tester::{Place, Selection, Style};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Status of a process whose test failed.
const STATUS_FAILED: u8 = 1;

/// Runs the tests of a program.
pub fn test(matches: &ArgMatches) -> ExitCode {
    let (path, selection) = asked(matches);
    let program = match super::settle(snow_driver::compile_tests(&path), Format::of(matches)) {
        Ok(program) => program,
        Err(status) => return status,
    };
    if program.tests.is_empty() {
        eprintln!("snow: there are no tests here; write `test \"what holds\" do … end` in any module");
    } else if !program.tests.iter().any(|test| selection.takes(test)) {
        eprintln!(
            "snow: none of the {} tests is chosen; leave the words out to run all",
            program.tests.len()
        );
    }
    let mut out = io::stdout();
    let coloured = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let style = if coloured { Style::Coloured } else { Style::Plain };
    match snow_tester::run(&program, &selection, style, &command, &mut out) {
        Ok(tally) if tally.failed == 0 && (tally.passed > 0 || program.tests.is_empty()) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("snow: cannot run the tests: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The program, when the first word is a file or directory of one, and what to choose.
fn asked(matches: &ArgMatches) -> (PathBuf, Selection) {
    let list = |name: &str| matches.get_many::<String>(name).into_iter().flatten().cloned().collect();
    let mut words: Vec<String> = list("words");
    let names_program = words.first().is_some_and(|word| word.ends_with(".snow") || Path::new(word).is_dir());
    let path = if names_program { words.remove(0).into() } else { PathBuf::from(".") };
    (path, Selection { words, tags: list("tag"), without: list("without") })
}

fn command(place: &Place) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("run-test").arg(&place.image).arg(place.index.to_string()).arg(&place.verdict);
    Ok(command)
}

/// Runs one test of an image.
pub fn one(matches: &ArgMatches) -> ExitCode {
    let text = |name: &str| matches.get_one::<String>(name).expect("clap requires it");
    match run_one(Path::new(text("image")), text("index"), Path::new(text("verdict"))) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(STATUS_FAILED),
        Err(problem) => {
            eprintln!("snow: cannot run the test: {problem}");
            ExitCode::from(crate::USAGE)
        }
    }
}

fn run_one(image: &Path, index: &str, verdict: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let program = Program::decode(&std::fs::read(image)?)?;
    let program = program.at_test(index.parse()?).ok_or("there is no such test")?;
    let options = snow_entry::Options::of_environment(std::env::var("SNOW_FLAGS").ok().as_deref())?;
    let end = snow_entry::run_test(program, options)?;
    Ok(snow_tester::write_verdict(&end, verdict)?)
}
