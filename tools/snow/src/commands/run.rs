//! `snow run`, and the start of a built executable.

use clap::ArgMatches;
use snow_abi::program::Program;
use std::process::ExitCode;

/// Compiles and runs.
pub fn run(matches: &ArgMatches) -> ExitCode {
    let program = match super::compile(matches) {
        Ok(program) => program,
        Err(status) => return status,
    };
    let args = rest(matches);
    match matches.get_one::<u16>("nodes") {
        Some(count) => super::cluster::run(&program, *count, &args),
        None => start(program, args),
    }
}

/// Runs an image that the cluster launcher wrote.
pub fn image(matches: &ArgMatches) -> ExitCode {
    let path = matches.get_one::<String>("path").expect("clap requires it");
    let program = std::fs::read(path).map_err(|e| e.to_string());
    let program = program.and_then(|bytes| Program::decode(&bytes).map_err(|e| e.to_string()));
    match program {
        Ok(program) => start(program, rest(matches)),
        Err(problem) => {
            eprintln!("snow: cannot run {path}: {problem}");
            ExitCode::from(crate::USAGE)
        }
    }
}

/// Runs the program that this executable carries.
pub fn built(program: Program) -> ExitCode {
    start(program, std::env::args().skip(1).collect())
}

fn start(program: Program, args: Vec<String>) -> ExitCode {
    let (options, args) = match snow_entry::Options::parse(args, std::env::var("SNOW_FLAGS").ok()) {
        Ok(parsed) => parsed,
        Err(problem) => {
            eprintln!("snow: {problem}");
            return ExitCode::from(crate::USAGE);
        }
    };
    ExitCode::from(snow_entry::run(program, options, args))
}

fn rest(matches: &ArgMatches) -> Vec<String> {
    let args = matches.get_many::<String>("args").into_iter().flatten().cloned().collect::<Vec<_>>();
    match args.split_first() {
        Some((first, others)) if first == "--" => others.to_vec(),
        _ => args,
    }
}
