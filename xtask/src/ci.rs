//! Everything that has to hold, in the order in which it fails fastest.
//!
//! Every step runs even after one has failed, so that one run tells all there is to mend.

use crate::outcome::Outcome;
use crate::process::{Show, cargo, readable, run as run_process};
use crate::{test, tidy};
use std::path::Path;
use std::time::Instant;

type Step = (&'static str, fn(&Path) -> Outcome);

const STEPS: &[Step] = &[("format", format), ("clippy", clippy), ("tidy", tidy::run), ("test", test_all)];

/// Runs every step and says how long each took.
pub fn run(root: &Path) -> Outcome {
    let mut summary = Vec::new();
    let mut all = Outcome::Good;
    for (name, step) in STEPS {
        println!("== {name}");
        let start = Instant::now();
        let outcome = step(root);
        all = all.and(outcome);
        let word = if outcome == Outcome::Good { "ok" } else { "FAILED" };
        summary.push(format!("{name:<8} {word:<7} {}", readable(start.elapsed())));
    }
    println!("== summary\n{}", summary.join("\n"));
    all
}

fn format(root: &Path) -> Outcome {
    Outcome::when(run_process(&mut cargo(root, &["fmt", "--all", "--check"]), Show::Yes).success)
}

fn clippy(root: &Path) -> Outcome {
    let arguments = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    Outcome::when(run_process(&mut cargo(root, &arguments), Show::Yes).success)
}

fn test_all(root: &Path) -> Outcome {
    test::run(root, "")
}
