//! Processes that are run: hand-made concrete programs through the code generator, plain and under both stress modes.

#[path = "processes/assemble.rs"]
mod assemble;
#[path = "processes/messages.rs"]
mod messages;
#[path = "processes/relations.rs"]
mod relations;
#[path = "processes/scheduling.rs"]
mod scheduling;

use snow_mono::ir::Program;
use snow_runtime::{Config, Runtime, Stress};
use std::sync::{Arc, Mutex};

/// What a run came to.
struct Run {
    status: i32,
    log: String,
}

fn run(program: &Program, schedulers: usize, stress: Stress) -> Run {
    let lines = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&lines);
    let config = Config {
        schedulers,
        stress,
        log: Box::new(move |_, line| {
            let mut lines = sink.lock().unwrap();
            lines.push_str(line);
            lines.push('\n');
        }),
        ..Config::default()
    };
    let runtime = Runtime::start(config, snow_native::generate(program), None).unwrap();
    let status = runtime.wait();
    let log = lines.lock().unwrap().clone();
    Run { status, log }
}

/// Runs a program whose `main` fails when something is wrong, in all ways.
fn check(program: &Program) {
    for schedulers in [1, 3] {
        for (heap, stack) in [(false, false), (true, false), (false, true), (true, true)] {
            let stress = Stress { heap, stack };
            let run = run(program, schedulers, stress);
            assert_eq!(run.status, 0, "{schedulers} {stress:?}\n{}", run.log);
        }
    }
}
