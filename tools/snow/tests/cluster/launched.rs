//! A cluster that `snow run --nodes` has started, watched from outside.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, kill_process_group, pidfd_open};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
/// However busy the machine is, a cluster is done by then.
const TIME_MAX: Duration = Duration::from_secs(240);
/// A process that has been told to end has ended by then.
const END_TIME_MAX: Timespec = Timespec { tv_sec: 60, tv_nsec: 0 };

/// The launcher with its nodes.
pub struct Launched {
    launcher: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
    nodes: BTreeMap<String, Node>,
    place: TempDir,
    deadline: Instant,
}

struct Node {
    process: Pid,
    /// Can be waited for, and is never another process.
    handle: OwnedFd,
}

/// What is left of a cluster.
pub struct Ended {
    pub status: ExitStatus,
    /// What it has printed, on both streams.
    pub lines: Vec<String>,
}

impl Launched {
    /// Starts a program on that many nodes, with its debugging lines.
    pub fn start(nodes: usize, program: &Path, arguments: &[&Path]) -> Launched {
        let place = tempfile::tempdir().expect("a temporary directory");
        let temporary = place.path().join("temporary");
        std::fs::create_dir(&temporary).expect("a new directory");
        let mut launcher = Command::new(SNOW)
            .args(["run", "--nodes", &nodes.to_string()])
            .arg(program)
            .args(["--log-level", "debug"])
            .args(arguments)
            .env("SNOW_LOG", "debug")
            .env("SNOW_PIDS_FILE", place.path().join("pids"))
            .env("TMPDIR", &temporary)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // As a shell does for what it starts.
            .process_group(0)
            .spawn()
            .expect("snow starts");
        let (give, lines) = mpsc::channel();
        forward(launcher.stdout.take().expect("piped"), give.clone());
        forward(launcher.stderr.take().expect("piped"), give);
        let deadline = Instant::now() + TIME_MAX;
        Launched { launcher, lines, seen: Vec::new(), nodes: BTreeMap::new(), place, deadline }
    }

    fn next_line(&mut self) -> Option<&str> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        match self.lines.recv_timeout(left) {
            Ok(line) => self.seen.push(line),
            Err(mpsc::RecvTimeoutError::Disconnected) => return None,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("too slow; so far:\n{}", self.seen.join("\n")),
        }
        self.seen.last().map(String::as_str)
    }

    /// Waits until that many lines with this text have come; the nodes can be signalled from then on.
    pub fn wait_for(&mut self, text: &str, count: usize) {
        let mut left = count;
        while left > 0 {
            match self.next_line() {
                Some(line) => left -= usize::from(line.contains(text)),
                None => panic!("the cluster ended without saying {text:?}:\n{}", self.seen.join("\n")),
            }
        }
        self.find_nodes();
    }

    fn find_nodes(&mut self) {
        let pids = std::fs::read_to_string(self.place.path().join("pids")).expect("the launcher wrote it");
        for (name, process) in pids.lines().filter_map(|line| line.split_once(' ')) {
            let process = process.parse().ok().and_then(Pid::from_raw).expect("a process id");
            // One that has ended meanwhile is none that a test can signal.
            if let Ok(handle) = pidfd_open(process, PidfdFlags::empty()) {
                self.nodes.insert(name.to_owned(), Node { process, handle });
            }
        }
    }

    /// Sends a signal to a node, if it still runs.
    pub fn signal_node(&self, name: &str, signal: Signal) {
        if let Some(node) = self.nodes.get(name) {
            let _ended_meanwhile = kill_process(node.process, signal);
        }
    }

    /// Sends a signal to the launcher alone.
    pub fn signal_launcher(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.launcher), signal).expect("the launcher runs");
    }

    /// What a terminal does at Ctrl-C: launcher and nodes get the signal.
    pub fn signal_all(&self, signal: Signal) {
        kill_process_group(Pid::from_child(&self.launcher), signal).expect("the launcher runs");
    }

    /// Waits for the end of everything: pipes, launcher, and every node that was ever seen.
    pub fn finish(mut self) -> Ended {
        self.wait_for_end()
    }

    fn wait_for_end(&mut self) -> Ended {
        while self.next_line().is_some() {}
        let status = self.launcher.wait().expect("it is ours");
        for (name, node) in &self.nodes {
            let mut waited = [PollFd::new(&node.handle, PollFlags::IN)];
            let ended = poll(&mut waited, Some(&END_TIME_MAX)).expect("a handle can be waited for");
            assert_eq!(ended, 1, "{name} outlives the cluster:\n{}", self.seen.join("\n"));
        }
        Ended { status, lines: std::mem::take(&mut self.seen) }
    }

    /// The same; and the launcher has left no file behind.
    pub fn finish_clean(mut self) -> Ended {
        let ended = self.wait_for_end();
        let left = std::fs::read_dir(self.place.path().join("temporary")).expect("it is there").count();
        assert_eq!(left, 0, "files are left behind");
        ended
    }
}

impl Ended {
    /// Fails unless a line begins like this.
    pub fn says(&self, beginning: &str) {
        let said = self.lines.iter().any(|line| line.starts_with(beginning));
        assert!(said, "no line begins with {beginning:?}:\n{}", self.lines.join("\n"));
    }
}

impl Drop for Launched {
    fn drop(&mut self) {
        // After a failed test nothing stays behind. The number of one that was waited for may be another's by now.
        if let Ok(None) = self.launcher.try_wait() {
            let _ended_meanwhile = kill_process_group(Pid::from_child(&self.launcher), Signal::KILL);
            let _ended_meanwhile = self.launcher.wait();
        }
    }
}

fn forward(pipe: impl Read + Send + 'static, lines: mpsc::Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
}
