//! Runs the programs and commands of a page in a directory of their own.

use super::page::Command as Typed;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const SNOW: &str = env!("CARGO_BIN_EXE_snow");

/// A directory with a program, in which commands are given.
pub struct Place {
    directory: TempDir,
    /// What a session keeps beside it: where the nodes find each other, and where the last command has left it.
    beside: TempDir,
    current: PathBuf,
}

/// What a run has left behind.
pub struct Ended {
    pub stdout: String,
    pub stderr: String,
    pub status: Option<i32>,
}

impl Place {
    pub fn new(files: &[(String, String)]) -> Place {
        let directory = tempfile::tempdir().expect("a temporary directory");
        for (name, text) in files {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it has a directory")).expect("it is writable");
            std::fs::write(path, text).expect("the directory is writable");
        }
        let current = directory.path().to_owned();
        Place { directory, beside: tempfile::tempdir().expect("a temporary directory"), current }
    }

    /// `snow run .`, `snow check .`
    pub fn snow(&self, verb: &str, input: &str) -> Ended {
        let mut command = Command::new(SNOW);
        command.args([verb, "."]).current_dir(self.directory.path());
        self.end(command, input)
    }

    /// Gives a command to a shell; what is wrong with what it prints.
    pub fn judge(&mut self, command: &Typed) -> Option<String> {
        let left = self.beside.path().join("current");
        let mut shell = Command::new("sh");
        let script = format!("exec 2>&1\n{}\npwd > \"$LEFT\"\n", command.typed);
        shell.arg("-c").arg(script).env("LEFT", &left).env("PATH", path()).current_dir(&self.current);
        let printed = self.end(shell, "").stdout;
        let current = std::fs::read_to_string(&left).expect("the shell says where it is");
        self.current = PathBuf::from(current.trim_end());
        let wanted = &command.printed;
        (!is_like(&printed, wanted)).then(|| format!("$ {}\nwanted\n{wanted}\ngot\n{printed}", command.typed))
    }

    fn end(&self, mut command: Command, input: &str) -> Ended {
        command.env("SNOW_REGISTRY_DIR", self.beside.path()).env_remove("SNOW_LOG");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        // A program that does not read leaves a broken pipe behind, which is no failure.
        drop(child.stdin.take().expect("piped").write_all(input.as_bytes()));
        let ended = child.wait_with_output().expect("the child is ours");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended { stdout: text(&ended.stdout), stderr: text(&ended.stderr), status: ended.status.code() }
    }
}

/// The search path, with the directory of `snow` in front.
fn path() -> OsString {
    let mut paths = vec![Path::new(SNOW).parent().expect("a file has a directory").to_owned()];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(paths).expect("paths of the environment")
}

/// Whether a text is as it should be; `…` in that stands for any text of a line, and as a line for any lines.
pub fn is_like(text: &str, wanted: &str) -> bool {
    let (text, wanted): (Vec<&str>, Vec<&str>) = (text.lines().collect(), wanted.lines().collect());
    lines_are_like(&text, &wanted)
}

fn lines_are_like(text: &[&str], wanted: &[&str]) -> bool {
    match wanted.split_first() {
        None => text.is_empty(),
        Some((&"…", rest)) => (0..=text.len()).any(|skipped| lines_are_like(&text[skipped..], rest)),
        Some((first, rest)) => text
            .split_first()
            .is_some_and(|(line, others)| line_is_like(line, first) && lines_are_like(others, rest)),
    }
}

fn line_is_like(line: &str, wanted: &str) -> bool {
    let Some((before, after)) = wanted.split_once('…') else { return line == wanted };
    let Some(rest) = line.strip_prefix(before) else { return false };
    let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.into_iter().any(|at| line_is_like(&rest[at..], after))
}
