//! Runs every test there is: each row of [`steps::STEPS`], one after the other, and adds up what they say.

mod steps;
mod tally;

use crate::outcome::Outcome;
use crate::process::{Show, cargo, readable, run as run_process, target_directory};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use steps::{Directory, STEPS, Step};
use tally::Tally;

/// Runs the steps whose name contains `filter`; the last line printed is `N passed, N failed`.
pub fn run(root: &Path, filter: &str) -> Outcome {
    let host = host_triple(root);
    let mut total = Tally::default();
    let mut summary = Vec::new();
    for step in STEPS.iter().filter(|step| step.name.contains(filter)) {
        if step.linux_x86_64_only && host != "x86_64-unknown-linux-gnu" {
            summary.push(format!("{:<18} needs x86_64-unknown-linux-gnu, this is {host}", step.name));
            continue;
        }
        println!("-- {}: {}", step.name, step.purpose);
        let start = Instant::now();
        let tally = run_step(root, step, &host);
        summary.push(format!("{:<18} {} ({})", step.name, tally, readable(start.elapsed())));
        total.add(tally);
    }
    println!();
    for line in summary.iter().chain(&total.failures) {
        println!("{line}");
    }
    println!("{total}");
    Outcome::when(total.failed == 0)
}

fn run_step(root: &Path, step: &Step, host: &str) -> Tally {
    let mut command = command(root, step, host);
    let ended = run_process(&mut command, Show::Yes);
    let mut tally = Tally::of(&ended.output);
    if !ended.success && tally.failed == 0 {
        tally.failed = 1;
        tally.failures.push(format!("FAILED {}: `{}` did not succeed", step.name, step.command.join(" ")));
    }
    tally
}

fn command(root: &Path, step: &Step, host: &str) -> Command {
    let words: Vec<&str> =
        step.command.iter().map(|word| if *word == "{host}" { host } else { word }).collect();
    let mut command = cargo(root, &words);
    command.envs(step.environment.iter().copied());
    if let Directory::Own(name) = step.directory {
        command.env("CARGO_TARGET_DIR", target_directory(root).join(name));
    }
    command
}

/// The platform that `rustc` compiles for; `unknown` when it does not say.
fn host_triple(root: &Path) -> String {
    let mut command = Command::new("rustc");
    let told = run_process(command.arg("-vV").current_dir(root), Show::No).output;
    told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("unknown").to_string()
}
