//! Every directory of `tests/programs`, and of `examples` where there is a `stdout`, is a test: `main.snow` is compiled and run, and must print `stdout`, end with the status in
//! `exit` (0 unless given) and say every line of `stderr` on standard error. `stdin` is what it may read, `args` its arguments, a line each.
//! Each runs a second time with a collection and a new stack wherever one may come, and one of them as a built executable.
//! `BLESS=1` rewrites what is expected of standard output; `ONLY=word` runs those whose name contains the word.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/programs");
const TIME_MAX: Duration = Duration::from_secs(180);
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
const THREADS: usize = 2;

/// What a run has left behind.
struct Ended {
    stdout: String,
    stderr: String,
    status: Option<i32>,
    in_time: bool,
}

#[test]
fn programs_print_what_they_should() {
    check_all("plain", &|directory| judge(directory, &run(directory, snow_run(directory)), true));
}

#[test]
fn programs_print_the_same_under_stress() {
    check_all("stress", &|directory| {
        let mut command = snow_run(directory);
        command.env("SNOW_STRESS", "gc,stack");
        judge(directory, &run(directory, command), false)
    });
}

#[test]
fn a_built_executable_prints_the_same() {
    let directory = Path::new(PROGRAMS).join("modules");
    let place = tempfile::tempdir().expect("a temporary directory");
    let executable = place.path().join("modules");
    let built = Command::new(SNOW).arg("build").arg(&directory).arg("-o").arg(&executable).output();
    let built = built.expect("snow starts");
    assert!(built.status.success(), "snow build: {}", String::from_utf8_lossy(&built.stderr));
    if let Some(problem) = judge(&directory, &run(&directory, Command::new(&executable)), false) {
        panic!("{problem}");
    }
}

fn snow_run(directory: &Path) -> Command {
    let mut command = Command::new(SNOW);
    command.arg("run").arg(directory);
    if let Ok(args) = std::fs::read_to_string(directory.join("args")) {
        command.arg("--").args(args.lines());
    }
    command
}

fn check_all(how: &str, check: &(dyn Fn(&Path) -> Option<String> + Sync)) {
    let directories = directories();
    assert!(!directories.is_empty(), "no programs in {PROGRAMS}");
    let next = Mutex::new(directories.iter());
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let Some(directory) = next.lock().expect("no panic in a test thread").next() else {
                        return;
                    };
                    if let Some(problem) = check(directory) {
                        failures.lock().expect("no panic in a test thread").push(problem);
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("no panic in a test thread");
    failures.sort();
    let count = directories.len();
    assert!(
        failures.is_empty(),
        "{how}: {} of {count} programs fail\n\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn directories() -> Vec<PathBuf> {
    let only = std::env::var("ONLY").unwrap_or_default();
    let entries = |place| std::fs::read_dir(place).expect("programs and examples exist");
    let paths = |place| entries(place).map(|entry| entry.expect("a readable directory").path());
    let programs = paths(PROGRAMS).filter(|path| path.join("main.snow").exists());
    let examples = paths(EXAMPLES).filter(|path| path.join("stdout").exists());
    let mut found: Vec<PathBuf> =
        programs.chain(examples).filter(|path| path.to_string_lossy().contains(&only)).collect();
    found.sort();
    found
}

/// Runs a command in the program's directory, for three minutes at most.
fn run(directory: &Path, mut command: Command) -> Ended {
    let command =
        command.current_dir(directory).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let input = std::fs::read(directory.join("stdin")).unwrap_or_default();
    let mut stdin = child.stdin.take().expect("piped");
    // A program that does not read leaves a broken pipe behind, which is no failure.
    thread::spawn(move || drop(stdin.write_all(&input)));
    let stdout = read_all(child.stdout.take().expect("piped"));
    let stderr = read_all(child.stderr.take().expect("piped"));
    let deadline = Instant::now() + TIME_MAX;
    let mut in_time = true;
    let mut texts =
        [&stdout, &stderr].map(|text| match text.recv_timeout(deadline - Instant::now().min(deadline)) {
            Ok(text) => text,
            Err(_) => {
                in_time = false;
                child.kill().expect("a child that runs can be ended");
                text.recv().expect("its pipes close")
            }
        });
    let status = child.wait().expect("the child is ours").code();
    let [stdout, stderr] = &mut texts;
    Ended { stdout: std::mem::take(stdout), stderr: std::mem::take(stderr), status, in_time }
}

fn read_all(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (give, take) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _partial = pipe.read_to_end(&mut bytes);
        give.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    take
}

/// Compares what happened with what the directory says; what differs, in words.
fn judge(directory: &Path, ended: &Ended, may_bless: bool) -> Option<String> {
    let name = directory.file_name().expect("a directory has a name").to_string_lossy();
    if may_bless && ended.in_time && std::env::var_os("BLESS").is_some() {
        std::fs::write(directory.join("stdout"), &ended.stdout).expect("tests/programs is writable");
    }
    let expected = |file: &str| std::fs::read_to_string(directory.join(file)).unwrap_or_default();
    let mut problems = String::new();
    if !ended.in_time {
        problems += "  it was ended after three minutes\n";
    }
    let status = expected("exit").trim().parse().unwrap_or(0);
    if ended.status != Some(status) {
        let found = ended.status.map_or("a signal".to_owned(), |code| code.to_string());
        writeln!(problems, "  it should end with status {status}, and ended with {found}")
            .expect("writes to memory");
    }
    for line in expected("stderr").lines().filter(|line| !ended.stderr.contains(line)) {
        writeln!(problems, "  standard error lacks: {line}").expect("writes to memory");
    }
    problems += &difference(&expected("stdout"), &ended.stdout);
    if problems.is_empty() {
        return None;
    }
    let stderr: String = ended.stderr.lines().take(30).map(|line| format!("  | {line}\n")).collect();
    Some(format!("{name}:\n{problems}{stderr}"))
}

/// The lines that differ, with those around the first one.
fn difference(expected: &str, found: &str) -> String {
    if expected == found {
        return String::new();
    }
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let mut text = format!("  standard output differs from line {} on:\n", same + 1);
    for line in expected.iter().skip(same).take(8) {
        writeln!(text, "  - {line}").expect("writes to memory");
    }
    for line in found.iter().skip(same).take(8) {
        writeln!(text, "  + {line}").expect("writes to memory");
    }
    text
}
