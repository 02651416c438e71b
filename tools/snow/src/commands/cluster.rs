//! `snow run --nodes N`: the program as a local cluster of operating-system processes.
//!
//! Every process runs the same image and learns its place from the environment: `SNOW_NODE_INDEX` (0 to N-1), `SNOW_NODE_COUNT`,
//! `SNOW_NODE_NAME` (`n0@127.0.0.1`), `SNOW_NODE_PEERS` (all names, comma separated), `SNOW_COOKIE` (256 random bits, hexadecimal)
//! and `SNOW_REGISTRY_DIR` (where the nodes publish their ports). The cluster ends when node 0 does; the others are then told to stop.

use snow_abi::program::Program;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long the other nodes have to end after node 0 did, before they are killed.
const SHUTDOWN_MS_MAX: u64 = 5_000;

/// A directory of this run, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> std::io::Result<Scratch> {
        let path =
            std::env::temp_dir().join(format!("snow-cluster-{}-{}", std::process::id(), random_hex(8)));
        let mut builder = std::fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(problem) = std::fs::remove_dir_all(&self.0) {
            eprintln!("snow: cannot remove {}: {problem}", self.0.display());
        }
    }
}

/// Runs the cluster; the status is node 0's.
pub fn run(program: &Program, count: u16, args: &[String]) -> ExitCode {
    match launch(program, count, args) {
        Ok(status) => ExitCode::from(status),
        Err(problem) => {
            eprintln!("snow: cannot start the cluster: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn launch(program: &Program, count: u16, args: &[String]) -> std::io::Result<u8> {
    let scratch = Scratch::new()?;
    let image = scratch.0.join("image");
    std::fs::write(&image, program.encode())?;
    let cookie = random_hex(32);
    let names: Vec<String> = (0..count).map(|i| format!("n{i}@127.0.0.1")).collect();
    let mut nodes = Vec::new();
    let mut printers = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("run-image").arg(&image).arg("--").args(args);
        command
            .env("SNOW_NODE_INDEX", index.to_string())
            .env("SNOW_NODE_COUNT", count.to_string())
            .env("SNOW_NODE_NAME", name)
            .env("SNOW_NODE_PEERS", names.join(","))
            .env("SNOW_COOKIE", &cookie)
            .env("SNOW_REGISTRY_DIR", &scratch.0);
        let mut child = spawn_piped(command, index)?;
        if let Some(out) = child.stdout.take() {
            printers.push(print_lines(index, out, false));
        }
        if let Some(err) = child.stderr.take() {
            printers.push(print_lines(index, err, true));
        }
        nodes.push(child);
    }
    publish_process_ids(&scratch.0, &nodes)?;
    let nodes = Arc::new(Mutex::new(nodes));
    stop_on_interrupt(&nodes)?;
    let status = wait_for_first(&nodes)?;
    stop_others(&nodes)?;
    for printer in printers {
        if printer.join().is_err() {
            eprintln!("snow: the output of a node could not be shown");
        }
    }
    Ok(status)
}

fn spawn_piped(mut command: Command, index: usize) -> std::io::Result<Child> {
    let stdin = if index == 0 { Stdio::inherit() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

/// Writes `pids`, one line a node: for people and tests that want to stop one.
fn publish_process_ids(directory: &Path, nodes: &[Child]) -> std::io::Result<()> {
    let lines: String = nodes.iter().enumerate().map(|(i, c)| format!("n{i} {}\n", c.id())).collect();
    if let Some(path) = std::env::var_os("SNOW_PIDS_FILE") {
        let partial = directory.join("pids");
        std::fs::write(&partial, &lines)?;
        std::fs::copy(&partial, path)?;
    }
    Ok(())
}

fn print_lines(index: usize, pipe: impl Read + Send + 'static, error: bool) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n') {
            let Ok(line) = line else { return };
            let mut text = format!("n{index} | ").into_bytes();
            text.extend(line);
            text.push(b'\n');
            let written = match error {
                true => std::io::stderr().lock().write_all(&text),
                false => std::io::stdout().lock().write_all(&text),
            };
            if written.is_err() {
                return;
            }
        }
    })
}

/// Hands an interrupt or a request to end on to every node.
fn stop_on_interrupt(nodes: &Arc<Mutex<Vec<Child>>>) -> std::io::Result<()> {
    let nodes = nodes.clone();
    let mut signals =
        signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM])?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            nodes.lock().expect("no panic while held").iter_mut().for_each(terminate);
        }
    });
    Ok(())
}

fn wait_for_first(nodes: &Arc<Mutex<Vec<Child>>>) -> std::io::Result<u8> {
    loop {
        let ended = nodes.lock().expect("no panic while held")[0].try_wait()?;
        if let Some(status) = ended {
            return Ok(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(70));
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Asks the other nodes to end, waits, and kills what is left.
fn stop_others(nodes: &Arc<Mutex<Vec<Child>>>) -> std::io::Result<()> {
    let mut nodes = nodes.lock().expect("no panic while held");
    nodes.iter_mut().for_each(terminate);
    let deadline = Instant::now() + Duration::from_millis(SHUTDOWN_MS_MAX);
    for child in nodes.iter_mut() {
        while child.try_wait()?.is_none() {
            if Instant::now() >= deadline {
                child.kill()?;
                child.wait()?;
                break;
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }
    Ok(())
}

/// Asks a node to end in order.
fn terminate(child: &mut Child) {
    let pid = rustix::process::Pid::from_child(child);
    if let Ok(None) = child.try_wait()
        && let Err(problem) = rustix::process::kill_process(pid, rustix::process::Signal::TERM)
    {
        eprintln!("snow: cannot stop the node with process id {}: {problem}", child.id());
    }
}

fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).expect("the system has random numbers");
    buffer.iter().map(|b| format!("{b:02x}")).collect()
}
