//! Runs other programs: shows what they print, and keeps it where it is to be read.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Whether it started and its status was 0.
    pub success: bool,
    /// What it wrote to standard output.
    pub output: String,
}

/// Whether the program's output is shown as it comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Line by line.
    Yes,
    /// It is only kept.
    No,
}

/// Runs `command` to its end without input. What it writes to standard error is shown.
pub fn run(command: &mut Command, show: Show) -> Ended {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(problem) => {
            eprintln!("cannot start {}: {problem}", command.get_program().display());
            return Ended { success: false, output: String::new() };
        }
    };
    let mut output = String::new();
    let stream = BufReader::new(child.stdout.take().expect("standard output is piped"));
    for line in stream.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        if show == Show::Yes {
            println!("{line}");
        }
        output.push_str(&line);
        output.push('\n');
    }
    Ended { success: child.wait().is_ok_and(|status| status.success()), output }
}

/// `cargo` with these arguments, in the repository.
pub fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args(arguments);
    command
}

/// The directory of build products; side builds get a directory inside it.
pub fn target_directory(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path))
}

/// Whether a program of that name can be found.
pub fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

/// A time as people read it.
pub fn readable(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {:.0} s", seconds as u64 / 60, seconds % 60.0)
    }
}
