//! Running a program until its end.

use crate::options::{LogLevel, Options};
use snow_abi::program::Program;
use snow_runtime::{Config, Crash, Level, LoadError, Mode, Runtime, Stress};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The number of the signal that a terminal sends at Ctrl-C, on every system.
const SIGINT: i32 = 2;

/// Exit status when the program cannot be started.
const STATUS_CANNOT_START: u8 = 70;
/// Exit status when the program does not end although it was told to.
const STATUS_STOPPED: i32 = 1;
/// How long a program may take to end after the first SIGTERM.
const SHUTDOWN_TIME_MAX: Duration = Duration::from_secs(30);

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
    match run_to_end(program, config(options, arguments), termination) {
        Ok((_, status)) => status,
        Err(problem) => {
            eprintln!("snow: cannot start the program: {problem}");
            STATUS_CANNOT_START
        }
    }
}

/// What is left of a test when it is over.
pub struct TestEnd {
    /// Whether its body came to an end, rather than the whole program.
    pub is_over: bool,
    /// The exit status.
    pub status: u8,
    /// Crashes that it did not expect.
    pub crashes: Vec<Crash>,
}

/// Runs a program whose `main` is a test.
///
/// # Errors
/// When it cannot be started.
pub fn run_test(program: Program, options: Options) -> Result<TestEnd, LoadError> {
    let config = Config { mode: Mode::Test, ..config(options, Vec::new()) };
    let (runtime, status) = run_to_end(program, config, Termination::Signals)?;
    Ok(TestEnd { is_over: runtime.main_came_first(), status, crashes: runtime.unexpected_crashes() })
}

fn config(options: Options, arguments: Vec<String>) -> Config {
    let config = Config {
        arguments,
        memory_bytes_max: options.max_memory_bytes,
        stress: Stress::parse(&std::env::var("SNOW_STRESS").unwrap_or_default()),
        log_levels: log_levels(options.log_level, std::env::var("SNOW_LOG").ok()),
        log_json: std::env::var("SNOW_LOG_FORMAT").is_ok_and(|format| format == "json"),
        ..Config::default()
    };
    let schedulers = options.schedulers.unwrap_or(config.schedulers);
    Config { schedulers, ..config }
}

fn run_to_end(
    program: Program,
    config: Config,
    termination: Termination,
) -> Result<(Arc<Runtime>, u8), LoadError> {
    snow_runtime::signals::block_termination();
    let cluster = snow_cluster::install();
    let runtime = Runtime::start(config, program, Some(cluster.clone()))?;
    obey(termination, &runtime);
    let status = runtime.wait();
    // Peers hear of the end at once, and not by silence.
    cluster.stop();
    Ok((runtime, u8::try_from(status).unwrap_or(STATUS_CANNOT_START)))
}

/// From which level on lines are written: the flag counts for all modules without a rule of their own.
fn log_levels(flag: Option<LogLevel>, environment: Option<String>) -> String {
    let flag = flag.map(|level| match level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warning => "warn",
        LogLevel::Error => "error",
        LogLevel::None => "none",
    });
    environment.as_deref().into_iter().chain(flag).collect::<Vec<_>>().join(",")
}

/// The first request shuts the program down in order; a second one ends it at once, and so does time.
fn obey(termination: Termination, runtime: &Arc<Runtime>) {
    let runtime = Arc::downgrade(runtime);
    std::thread::spawn(move || {
        wait_for(termination);
        match runtime.upgrade() {
            Some(runtime) => runtime.shut_down(),
            None => return,
        }
        if let Some(signal) = wait_at_most(termination, SHUTDOWN_TIME_MAX) {
            std::process::exit(128 + signal);
        }
        if let Some(runtime) = runtime.upgrade() {
            let seconds = SHUTDOWN_TIME_MAX.as_secs();
            let text = format!("the program was told to end and has not in {seconds} s: it is stopped");
            runtime.log(Level::Error, &text);
            runtime.stop(STATUS_STOPPED);
        }
    });
}

/// Waits for a request to end, for so long at most.
fn wait_at_most(termination: Termination, time: Duration) -> Option<i32> {
    let deadline = Instant::now() + time;
    loop {
        let left = deadline.checked_duration_since(Instant::now())?;
        let signal = snow_runtime::signals::wait_for_termination_within(left)?;
        if termination == Termination::Signals || signal != SIGINT {
            return Some(signal);
        }
    }
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
