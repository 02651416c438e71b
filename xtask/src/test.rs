//! Runs every test there is: each row of [`steps::STEPS`], one after the other, and adds up what they say.

mod needs;
mod steps;
mod tally;

use crate::outcome::Outcome;
use crate::process::{Show, cargo, readable, run as run_process, target_directory};
use needs::Toolchain;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use steps::{Directory, STEPS, Step};
use tally::Tally;

/// Runs the steps whose name contains `filter`; the last line printed is `N passed, N failed`.
pub fn run(root: &Path, filter: &str) -> Outcome {
    let toolchain = Toolchain::of(root);
    let mut total = Tally::default();
    let mut summary = Vec::new();
    for step in STEPS.iter().filter(|step| step.name.contains(filter)) {
        println!("-- {}: {}", step.name, step.purpose);
        let start = Instant::now();
        let tally = match step.needs.iter().find_map(|need| toolchain.missing(*need)) {
            Some(missing) => not_run(step, &missing),
            None => run_step(root, step, &toolchain.host),
        };
        summary.push(format!("{:<18} {tally} ({})", step.name, readable(start.elapsed())));
        total.add(tally);
    }
    println!();
    for line in summary.iter().chain(&total.remarks) {
        println!("{line}");
    }
    println!("{total}");
    if summary.is_empty() {
        eprintln!("no step has `{filter}` in its name");
    }
    Outcome::when(total.failed == 0 && !summary.is_empty())
}

/// A step that lacks something is told, and fails where everything has to run.
fn not_run(step: &Step, missing: &str) -> Tally {
    let must = std::env::var_os("CI").is_some();
    let word = if must { "FAILED" } else { "NOT RUN" };
    Tally {
        failed: must.into(),
        remarks: vec![format!("{word} {}: {missing}", step.name)],
        ..Tally::default()
    }
}

fn run_step(root: &Path, step: &Step, host: &str) -> Tally {
    let mut command = command(root, step, host);
    let ended = run_process(&mut command, Show::Yes);
    let mut tally = Tally::of(&ended.output);
    let complaint = match (ended.success, tally.passed + tally.failed) {
        (false, _) if tally.failed == 0 => "did not succeed",
        (true, 0) => "ran no test",
        _ => return tally,
    };
    tally.failed = 1;
    tally.remarks.push(format!("FAILED {}: `cargo {}` {complaint}", step.name, step.command));
    tally
}

fn command(root: &Path, step: &Step, host: &str) -> Command {
    let words: Vec<&str> =
        step.command.split_whitespace().map(|word| if word == "{host}" { host } else { word }).collect();
    let mut command = cargo(root, &words);
    let at = root.display().to_string();
    command.envs(step.environment.iter().map(|(name, value)| (name, value.replace("{root}", &at))));
    if let Directory::Own(name) = step.directory {
        command.env("CARGO_TARGET_DIR", target_directory(root).join(name));
    }
    command
}
