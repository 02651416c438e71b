//! The examples as running processes: as they are, with a collection at each allocation, with the stack moved at each check.

use std::sync::{Arc, Mutex};

use snow_mono::ir::Program;
use snow_runtime::{Config, Runtime, Stress};

use super::{examples, random};
use crate::generate;

/// Recursion so deep that a collection at each of its allocations would take minutes.
const TOO_DEEP_FOR_STRESS: &str = "deep";

fn run_all(stress: Stress) {
    for example in examples::all() {
        if !stress.heap || example.name != TOO_DEEP_FOR_STRESS {
            run(example.name, &example.program, stress);
        }
    }
}

fn run(name: &str, program: &Program, stress: Stress) {
    let lines = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&lines);
    let config = Config {
        schedulers: 1,
        stress,
        log: Box::new(move |_, line| log.lock().unwrap().push_str(line)),
        ..Config::default()
    };
    let runtime = Runtime::start(config, generate(program), None).unwrap();
    let status = runtime.wait();
    assert_eq!(status, 0, "{name}: {}", lines.lock().unwrap());
}

#[test]
fn examples_run() {
    run_all(Stress::default());
}

#[test]
fn examples_run_with_a_collection_at_each_allocation() {
    run_all(Stress { heap: true, stack: false });
}

#[test]
fn examples_run_on_moving_stacks() {
    run_all(Stress { heap: false, stack: true });
}

#[test]
fn examples_run_under_both() {
    run_all(Stress { heap: true, stack: true });
}

/// Random programs of one run of this test; `SNOW_SEEDS=from..to` tries others.
const SEEDS: std::ops::Range<u64> = 0..60;

fn seeds() -> std::ops::Range<u64> {
    let Ok(range) = std::env::var("SNOW_SEEDS") else { return SEEDS };
    let (from, to) = range.split_once("..").unwrap();
    from.parse().unwrap()..to.parse().unwrap()
}

#[test]
fn random_programs_compute_what_the_evaluator_does() {
    for seed in seeds() {
        run(&format!("seed {seed}"), &random::program(seed), Stress { heap: true, stack: seed % 2 == 0 });
    }
}
