//! Running a program until its end.

use crate::options::{LogLevel, Options};
use snow_abi::program::Program;
use snow_runtime::{Config, Level, LogSink, Runtime, Stress, stderr_sink};
use std::sync::Arc;

/// Exit status when the program cannot be started.
const STATUS_CANNOT_START: u8 = 70;

/// Runs a program; gives its exit status. `SNOW_STRESS=gc,stack` collects at every allocation and moves stacks at every check.
pub fn run(program: Program, options: Options, arguments: Vec<String>) -> u8 {
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
            obey_termination(&runtime);
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

/// The first SIGTERM or SIGINT shuts the program down in order, a second one ends it at once.
fn obey_termination(runtime: &Arc<Runtime>) {
    let runtime = Arc::downgrade(runtime);
    std::thread::spawn(move || {
        snow_runtime::signals::wait_for_termination();
        match runtime.upgrade() {
            Some(runtime) => runtime.shut_down(),
            None => return,
        }
        let signal = snow_runtime::signals::wait_for_termination();
        std::process::exit(128 + signal);
    });
}
