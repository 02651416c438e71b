//! `snow run`, and the start of a built executable.

use clap::ArgMatches;
use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
use snow_abi::program::Program;
use snow_entry::{OptionError, Options, Termination};
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
        None => start(program, with_flags(args), Termination::Signals),
    }
}

/// Runs an image that the cluster launcher wrote, for as long as the launcher lives.
pub fn image(matches: &ArgMatches) -> ExitCode {
    let launcher = matches.get_one::<i32>("launcher").copied().and_then(Pid::from_raw);
    if let Err(problem) = end_with(launcher) {
        eprintln!("snow: cannot run as a node of a cluster: {problem}");
        return ExitCode::FAILURE;
    }
    let path = matches.get_one::<String>("path").expect("clap requires it");
    let program = std::fs::read(path).map_err(|e| e.to_string());
    let program = program.and_then(|bytes| Program::decode(&bytes).map_err(|e| e.to_string()));
    match program {
        Ok(program) => start(program, with_flags(rest(matches)), Termination::Launcher),
        Err(problem) => {
            eprintln!("snow: cannot run {path}: {problem}");
            ExitCode::from(crate::USAGE)
        }
    }
}

/// Runs the program that this executable carries. All arguments are the program's; the runtime's flags come from `SNOW_FLAGS` only.
pub fn built(program: Program) -> ExitCode {
    let arguments = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let options = Options::of_environment(std::env::var("SNOW_FLAGS").ok().as_deref());
    start(program, options.map(|options| (options, arguments)), Termination::Signals)
}

/// Lets the system end this process together with its parent, which is this one unless it has ended already.
fn end_with(launcher: Option<Pid>) -> std::io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    if getppid() == launcher { Ok(()) } else { Err(std::io::Error::other("its launcher has ended")) }
}

fn start(
    program: Program,
    parsed: Result<(Options, Vec<String>), OptionError>,
    termination: Termination,
) -> ExitCode {
    match parsed {
        Ok((options, arguments)) => ExitCode::from(snow_entry::run(program, options, arguments, termination)),
        Err(problem) => {
            eprintln!("snow: {problem}");
            ExitCode::from(crate::USAGE)
        }
    }
}

fn with_flags(arguments: Vec<String>) -> Result<(Options, Vec<String>), OptionError> {
    Options::parse(arguments, std::env::var("SNOW_FLAGS").ok())
}

fn rest(matches: &ArgMatches) -> Vec<String> {
    let args = matches.get_many::<String>("args").into_iter().flatten().cloned().collect::<Vec<_>>();
    match args.split_first() {
        Some((first, others)) if first == "--" => others.to_vec(),
        _ => args,
    }
}
