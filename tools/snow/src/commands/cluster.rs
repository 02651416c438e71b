//! `snow run --nodes N`: the program as a local cluster of operating-system processes.
//!
//! Every process runs the same image and learns its place from the environment: `SNOW_NODE_INDEX` (0 to N-1), `SNOW_NODE_COUNT`,
//! `SNOW_NODE_NAME` (`n0@127.0.0.1`), `SNOW_NODE_PEERS` (all names, comma separated), `SNOW_COOKIE` (256 random bits, hexadecimal)
//! and `SNOW_REGISTRY_DIR` (where the nodes publish their ports). The cluster ends when node 0 does; the others are then told to
//! stop. Whatever happens, no node outlives this process.

mod nodes;
mod output;
mod scratch;

use nodes::Nodes;
use scratch::Scratch;
use signal_hook::consts::{SIGCHLD, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use snow_abi::program::Program;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// How long the nodes have to end after node 0 did, or after an interrupt, before they are killed.
const SHUTDOWN_TIME_MAX: Duration = Duration::from_secs(5);

/// Runs the cluster; the status is node 0's.
pub fn run(program: &Program, count: u16, args: &[String]) -> ExitCode {
    match launch(program, count, args) {
        Ok(status) => ExitCode::from(status),
        Err(problem) => {
            eprintln!("snow: the cluster does not start: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn launch(program: &Program, count: u16, args: &[String]) -> std::io::Result<u8> {
    let scratch = Scratch::new()?;
    let image = scratch.path().join("image");
    let written = std::fs::write(&image, program.encode());
    written.map_err(|problem| unwritable(&problem, &image, "TMPDIR"))?;
    // Before the first node, so that no end of one is missed.
    let signals = signals()?;
    let cookie = random_hex(32);
    let names: Vec<String> = (0..count).map(|i| format!("n{i}@127.0.0.1")).collect();
    let mut nodes = Nodes::default();
    for (index, name) in names.iter().enumerate() {
        let mut command = node_command(&image, args)?;
        command
            .env("SNOW_NODE_INDEX", index.to_string())
            .env("SNOW_NODE_COUNT", count.to_string())
            .env("SNOW_NODE_NAME", name)
            .env("SNOW_NODE_PEERS", names.join(","))
            .env("SNOW_COOKIE", &cookie)
            .env("SNOW_REGISTRY_DIR", scratch.path());
        nodes.start(command)?;
    }
    if let Some(path) = std::env::var_os("SNOW_PIDS_FILE") {
        nodes.write_process_ids(Path::new(&path))?;
    }
    // Only now: whoever has seen a line of output finds the process ids.
    let printers = nodes.print();
    let status = attend(&mut nodes, &signals)?;
    nodes.kill()?;
    output::finish(printers);
    Ok(status)
}

fn node_command(image: &Path, args: &[String]) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    let launcher = std::process::id().to_string();
    command.args(["run-image", "--launcher", &launcher]).arg(image).arg("--").args(args);
    Ok(command)
}

/// The signals that this process gets, from now on.
fn signals() -> std::io::Result<Receiver<i32>> {
    let (give, take) = mpsc::channel();
    let mut signals = Signals::new([SIGCHLD, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if give.send(signal).is_err() {
                return;
            }
        }
    });
    Ok(take)
}

/// Waits until all nodes have ended, which they are told to when node 0 has or somebody interrupts; gives the cluster's status. Those
/// that take too long, and all at a second interrupt, are left to be killed.
fn attend(nodes: &mut Nodes, signals: &Receiver<i32>) -> std::io::Result<u8> {
    let mut deadline: Option<Instant> = None;
    let mut interrupt = None;
    loop {
        nodes.reap(deadline.is_none())?;
        if deadline.is_none() && nodes.first_status().is_some() {
            nodes.stop();
            deadline = Some(Instant::now() + SHUTDOWN_TIME_MAX);
        }
        if nodes.have_ended() {
            break;
        }
        let signal = match deadline {
            None => signals.recv().ok(),
            Some(at) => signals.recv_timeout(at.saturating_duration_since(Instant::now())).ok(),
        };
        match signal {
            Some(SIGCHLD) => {}
            Some(signal) if interrupt.is_none() => {
                interrupt = Some(signal);
                nodes.stop();
                deadline = deadline.or(Some(Instant::now() + SHUTDOWN_TIME_MAX));
            }
            Some(_) | None => break,
        }
    }
    Ok(match (interrupt, nodes.first_status()) {
        (Some(signal), None | Some(0)) => u8::try_from(128 + signal).unwrap_or(u8::MAX),
        (_, Some(status)) => status,
        (None, None) => u8::MAX,
    })
}

/// A failure to write something, with what it was and the variable that says where it lies.
fn unwritable(problem: &std::io::Error, path: &Path, variable: &str) -> std::io::Error {
    let text = problem.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let text = format!("cannot write {}: {text}; set {variable} to another place", path.display());
    std::io::Error::new(problem.kind(), text)
}

fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).expect("the system has random numbers");
    buffer.iter().map(|b| format!("{b:02x}")).collect()
}
