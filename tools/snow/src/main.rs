//! The `snow` command.
//!
//! An executable made by `snow build` is this program with an image behind it: then it runs that and parses no command line.
//!
//! Exit status: 0 fine, 1 problems in the program, 2 wrong use of the command, 70 our fault; a running program's own otherwise.
#![forbid(unsafe_code)]

mod commands;
mod report;

use clap::{Arg, ArgAction, ArgMatches, Command};
use std::process::ExitCode;

/// Wrong use of the command.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    report::install_panic_hook();
    match snow_entry::attached() {
        Ok(Some(program)) => return commands::run::built(program),
        Ok(None) => {}
        Err(problem) => {
            eprintln!("snow: {problem}");
            return ExitCode::from(USAGE);
        }
    }
    match command().try_get_matches() {
        Ok(matches) => dispatch(&matches),
        Err(error) => {
            let shown = error.print();
            let status = if error.use_stderr() || shown.is_err() { USAGE } else { 0 };
            ExitCode::from(status)
        }
    }
}

fn dispatch(matches: &ArgMatches) -> ExitCode {
    match matches.subcommand() {
        Some(("run", m)) => commands::run::run(m),
        Some(("check", m)) => commands::check::check(m),
        Some(("build", m)) => commands::build::build(m),
        Some(("dump", m)) => commands::dump::dump(m),
        Some(("test", m)) => commands::test::test(m),
        Some(("explain", m)) => commands::explain::explain(m),
        Some(("new", m)) => commands::new::new(m),
        Some(("fmt", m)) => commands::fmt::fmt(m),
        Some(("doc", m)) => commands::doc::doc(m),
        Some(("lsp", _)) => commands::lsp::lsp(),
        Some(("run-test", m)) => commands::test::one(m),
        Some(("run-image", m)) => commands::run::image(m),
        _ => ExitCode::from(USAGE),
    }
}

fn command() -> Command {
    Command::new("snow")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The Snow language: compile, run and look at programs of processes")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(run_command())
        .subcommand(
            Command::new("check")
                .about("Report problems without running")
                .arg(path_argument())
                .arg(format_argument()),
        )
        .subcommand(test_command())
        .subcommand(fmt_command())
        .subcommand(doc_command())
        .subcommand(
            Command::new("lsp")
                .about("Serve an editor by the Language Server Protocol on standard input and output"),
        )
        .subcommand(Command::new("new").about("Make a directory with a small program to begin with").arg(
            Arg::new("name").value_name("NAME").required(true).help("Its name, which is the directory's too"),
        ))
        .subcommand(
            Command::new("explain")
                .about("Show what a problem means, with an example and its mend")
                .arg(Arg::new("code").value_name("CODE").help("Such as E0012; without one all are listed")),
        )
        .subcommand(
            Command::new("build")
                .about("Make one executable file")
                .arg(path_argument())
                .arg(format_argument())
                .arg(
                    Arg::new("output").short('o').long("output").value_name("OUT").help("Where to write it"),
                ),
        )
        .subcommand(
            Command::new("dump")
                .about("Show an intermediate form")
                .arg(stage_argument())
                .arg(path_argument().required(true))
                .arg(Arg::new("only").value_name("FUNCTION").help("Only functions whose name contains this"))
                .arg(format_argument()),
        )
        .subcommand(run_image_command())
        .subcommand(
            Command::new("run-test")
                .hide(true)
                .args(["image", "index", "verdict"].map(|name| Arg::new(name).required(true))),
        )
}

fn run_command() -> Command {
    Command::new("run")
        .about("Compile in memory and run")
        .arg(
            Arg::new("nodes")
                .long("nodes")
                .value_name("N")
                .value_parser(clap::value_parser!(u16).range(1..=64))
                .help("Run as a local cluster of N operating-system processes (1 to 64)"),
        )
        .arg(format_argument())
        .arg(path_argument().required(true))
        .arg(rest_argument())
}

/// What `snow run --nodes` starts: no command for people.
fn run_image_command() -> Command {
    Command::new("run-image")
        .hide(true)
        .arg(Arg::new("launcher").long("launcher").required(true).value_parser(clap::value_parser!(i32)))
        .arg(Arg::new("path").required(true))
        .arg(rest_argument())
}

fn test_command() -> Command {
    let tags = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("TAG").action(ArgAction::Append).help(help)
    };
    Command::new("test")
        .about("Run the tests of a program")
        .arg(
            Arg::new("words")
                .value_name("FILE|DIR] [FILTER")
                .num_args(0..)
                .help("The program, the current directory unless given; then words: tests are run whose name or module contains one of them"),
        )
        .arg(tags("tag", "Only tests with this tag"))
        .arg(tags("without", "No tests with this tag"))
        .arg(format_argument())
}

fn fmt_command() -> Command {
    Command::new("fmt")
        .about("Give files the one layout that Snow code has")
        .arg(
            Arg::new("paths")
                .value_name("FILE|DIR")
                .num_args(0..)
                .default_value(".")
                .help("Files, directories with all that is below them, or - for standard input"),
        )
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .help("Change nothing; name the files that are not formatted, and fail if there are any"),
        )
        .arg(format_argument())
}

fn doc_command() -> Command {
    Command::new("doc")
        .about("Write pages about what is public in a program, or in the standard library")
        .arg(path_argument())
        .arg(
            Arg::new("std")
                .long("std")
                .action(ArgAction::SetTrue)
                .help("The standard library instead of a program"),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("DIR")
                .help("Where to write the pages, doc unless given"),
        )
}

fn path_argument() -> Arg {
    Arg::new("path")
        .value_name("FILE|DIR")
        .help("A .snow file, or a directory with main.snow")
        .default_value(".")
}

fn rest_argument() -> Arg {
    Arg::new("args")
        .num_args(0..)
        .trailing_var_arg(true)
        .allow_hyphen_values(true)
        .action(ArgAction::Append)
        .help("Arguments of the program; --schedulers N, --max-memory BYTES and --log-level LEVEL are the runtime's")
}

fn format_argument() -> Arg {
    Arg::new("error-format")
        .long("error-format")
        .value_parser(["text", "json"])
        .default_value("text")
        .help("How problems are shown")
}

fn stage_argument() -> Arg {
    let stages: Vec<&str> = snow_driver::dump::Stage::ALL.iter().map(|s| s.0).collect();
    Arg::new("stage").value_name("STAGE").required(true).value_parser(stages).help("Which form")
}
