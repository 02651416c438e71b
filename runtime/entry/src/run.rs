//! Running a program until its end.

use crate::options::{LogLevel, Options};
use snow_abi::program::Program;
use snow_runtime::{Config, Level, LogSink, Runtime, Stress, stderr_sink};
use std::sync::Arc;

/// The number of the signal that a terminal sends at Ctrl-C, on every system.
const SIGINT: i32 = 2;

/// Exit status when the program cannot be started.
const STATUS_CANNOT_START: u8 = 70;

/// Who says that a program is to end before it does so itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Termination {
    /// Whoever sends SIGTERM or SIGINT, as a terminal does at Ctrl-C.
    Signals,
    /// The launcher of a cluster, by SIGTERM; a terminal's SIGINT goes to all processes of a cluster and is the launcher's to answer.
    Launcher,
}

/// Runs a program; gives its exit status. `SNOW_STRESS=gc,stack` collects at every allocation and moves stacks at every check.
pub fn run(program: Program, options: Options, arguments: Vec<String>, termination: Termination) -> u8 {
    let mut config = Config {
        arguments,
        stress: Stress::parse(&std::env::var("SNOW_STRESS").unwrap_or_default()),
        log: sink(options.log_level.unwrap_or(LogLevel::Info)),
        ..Config::default()
    };
    if let Some(schedulers) = options.schedulers {
        config.schedulers = schedulers;
    }
    snow_runtime::signals::block_termination();
    let cluster = snow_cluster::install();
    match Runtime::start(config, program, Some(cluster.clone())) {
        Ok(runtime) => {
            obey(termination, &runtime);
            let status = runtime.wait();
            // Peers hear of the end at once, and not by silence.
            cluster.stop();
            u8::try_from(status).unwrap_or(STATUS_CANNOT_START)
        }
        Err(problem) => {
            eprintln!("snow: cannot start the program: {problem}");
            STATUS_CANNOT_START
        }
    }
}

/// Standard error from a level on.
fn sink(from: LogLevel) -> LogSink {
    let write = stderr_sink();
    Box::new(move |level: Level, text: &str| {
        let rank = match level {
            Level::Trace | Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warning,
            Level::Error => LogLevel::Error,
        };
        if rank >= from {
            write(level, text);
        }
    })
}

/// The first request shuts the program down in order, a second one ends it at once.
fn obey(termination: Termination, runtime: &Arc<Runtime>) {
    let runtime = Arc::downgrade(runtime);
    std::thread::spawn(move || {
        wait_for(termination);
        match runtime.upgrade() {
            Some(runtime) => runtime.shut_down(),
            None => return,
        }
        std::process::exit(128 + wait_for(termination));
    });
}

/// Waits for a request to end; gives the signal's number.
fn wait_for(termination: Termination) -> i32 {
    loop {
        let signal = snow_runtime::signals::wait_for_termination();
        if termination == Termination::Signals || signal != SIGINT {
            return signal;
        }
    }
}
