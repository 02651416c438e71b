//! The operating-system processes of a cluster. None is left when this is dropped.

use super::output::print_lines;
use rustix::process::{Pid, Signal, kill_process};
use std::io::Result;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

/// All nodes, in order.
#[derive(Default)]
pub(super) struct Nodes(Vec<Node>);

struct Node {
    child: Child,
    ended: Option<ExitStatus>,
}

impl Nodes {
    /// Starts the next node. Node 0 reads what is typed.
    pub(super) fn start(&mut self, mut command: Command) -> Result<()> {
        let stdin = if self.0.is_empty() { Stdio::inherit() } else { Stdio::null() };
        let child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        self.0.push(Node { child, ended: None });
        Ok(())
    }

    /// Writes a file with one line for each node, `n1 4711`: for people and tests that want to stop one. It appears as a whole.
    pub(super) fn write_process_ids(&self, path: &Path) -> Result<()> {
        let lines: String =
            self.0.iter().enumerate().map(|(i, n)| format!("n{i} {}\n", n.child.id())).collect();
        let partial = path.with_extension(format!("partial-{}", std::process::id()));
        let written = std::fs::write(&partial, lines).and_then(|()| std::fs::rename(&partial, path));
        written.map_err(|problem| super::unwritable(&problem, path, "SNOW_PIDS_FILE"))
    }

    /// Shows what the nodes print from now on.
    pub(super) fn print(&mut self) -> Vec<JoinHandle<()>> {
        let mut printers = Vec::new();
        for (index, node) in self.0.iter_mut().enumerate() {
            let out = node.child.stdout.take().map(|pipe| print_lines(index, pipe, std::io::stdout));
            let err = node.child.stderr.take().map(|pipe| print_lines(index, pipe, std::io::stderr));
            printers.extend(out.into_iter().chain(err));
        }
        printers
    }

    /// Takes note of those that have ended; says so of those that did not end well, if that is news: why the program on node 0 gives up
    /// it says itself.
    pub(super) fn reap(&mut self, is_news: bool) -> Result<()> {
        for (index, node) in self.0.iter_mut().enumerate().filter(|(_, node)| node.ended.is_none()) {
            node.ended = node.child.try_wait()?;
            let gave_up = |status: ExitStatus| index == 0 && status.code().is_some();
            if let Some(status) = node.ended
                && is_news
                && !status.success()
                && !gave_up(status)
            {
                eprintln!("snow: node n{index} {}", words(status));
            }
        }
        Ok(())
    }

    /// Node 0's status, if it has ended: as shells count, 128 and the signal's number when one ended it.
    pub(super) fn first_status(&self) -> Option<u8> {
        let ended = self.0.first()?.ended?;
        let status = ended.code().or(ended.signal().map(|signal| 128 + signal));
        Some(status.and_then(|status| u8::try_from(status).ok()).unwrap_or(u8::MAX))
    }

    /// Whether none runs.
    pub(super) fn have_ended(&self) -> bool {
        self.0.iter().all(|node| node.ended.is_some())
    }

    /// Asks those that run to end in order, the suspended ones too.
    pub(super) fn stop(&self) {
        for node in self.0.iter().filter(|node| node.ended.is_none()) {
            let process = Pid::from_child(&node.child);
            for signal in [Signal::TERM, Signal::CONT] {
                if let Err(problem) = kill_process(process, signal) {
                    eprintln!("snow: cannot stop the node with process id {}: {problem}", node.child.id());
                }
            }
        }
    }

    /// Ends those that run at once.
    pub(super) fn kill(&mut self) -> Result<()> {
        for node in self.0.iter_mut().filter(|node| node.ended.is_none()) {
            node.child.kill()?;
            node.ended = Some(node.child.wait()?);
        }
        Ok(())
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        if let Err(problem) = self.kill() {
            eprintln!("snow: cannot end all nodes: {problem}");
        }
    }
}

fn words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with status {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "ended".to_owned(),
    }
}
