//! Preemption, deep stacks, idleness.

use super::assemble::{self, declare, define, done, function, i, program};
use super::{check, run};
use snow_abi::failure::Failure;
use snow_abi::primitives::Primitive;
use snow_abi::value::Class::{Int, Ref};
use snow_mono::ir::{Call, End, IntOp};
use snow_runtime::{Config, Runtime, Stress};
use std::sync::{Arc, Mutex};

/// Endless loops and tail calls on every scheduler do not keep others from running.
#[test]
fn spinners_are_interrupted() {
    let mut p = program();
    let by_jump = function(&mut p, "by_jump", &[Ref], |b, _| {
        let head = b.join(&[], true, |_, head, _| End::Jump(head, vec![]));
        End::Jump(head, vec![])
    });
    let by_call = declare(&mut p, "by_call", &[Ref]);
    define(&mut p, by_call, |_, args| End::TailCall(Call::Direct(by_call, vec![args[0]])));
    let echo = function(&mut p, "echo", &[Ref], |b, args| {
        let to = b.load(Int, args[0], 1);
        b.repeat(
            20,
            |b, _| {
                let n = b.receive(Int);
                b.send_int(to, n);
            },
            |_| done(),
        )
    });
    assemble::main(&mut p, 0, |b| {
        for spinner in [by_jump, by_call, by_jump] {
            b.spawn(spinner, &[]);
        }
        let own = b.self_pid();
        let echo = b.spawn(echo, &[own]);
        b.repeat(
            20,
            |b, n| {
                b.send_int(echo, n);
                b.receive(Int);
            },
            |b| {
                b.run_primitive(Primitive::os_exit, &[i(0)]);
                End::Unreachable
            },
        )
    });
    check(&p);
}

#[test]
fn a_stack_over_its_bound_ends_the_process_only() {
    let mut p = program();
    let deep = declare(&mut p, "deep", &[Int]);
    define(&mut p, deep, |b, args| {
        let n = b.int(IntOp::Add, args[0], i(1));
        let below = b.call(deep, &[n]);
        let sum = b.int(IntOp::Sub, below, n);
        End::Return(vec![sum])
    });
    let process = function(&mut p, "process", &[Ref], |b, _| {
        let result = b.call(deep, &[i(0)]);
        End::Return(vec![result])
    });
    assemble::main(&mut p, 0, |b| {
        b.spawn(process, &[]);
        b.run_primitive(Primitive::process_sleep, &[i(1)]);
        done()
    });
    let lines = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&lines);
    let config = Config {
        schedulers: 1,
        stack_bytes_max: 1 << 20,
        log: Box::new(move |_, line| sink.lock().unwrap().push_str(line)),
        ..Config::default()
    };
    let runtime = Runtime::start(config, snow_native::generate(&p), None).unwrap();
    assert_eq!(runtime.wait(), 0);
    let log = lines.lock().unwrap().clone();
    assert!(
        log.contains("stack overflow") && log.contains("at deep (main.snow:") && log.contains("more"),
        "{log}"
    );
}

/// A program that waits for a timer takes no processor time meanwhile.
#[test]
fn idle_is_idle() {
    let mut p = program();
    assemble::main(&mut p, 0, |b| {
        b.run_primitive(Primitive::process_sleep, &[i(400)]);
        done()
    });
    let before = processor_ticks();
    assert_eq!(run(&p, 4, Stress::default()).status, 0);
    // Other tests of this process run beside it: only a gross waste shows, four spinning schedulers and a monitor.
    assert!(processor_ticks() - before < 100_000);
}

fn processor_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn yielding_lets_others_go_first() {
    let mut p = program();
    let other = function(&mut p, "other", &[Ref], |b, args| {
        let to = b.load(Int, args[0], 1);
        b.send_int(to, i(5));
        done()
    });
    assemble::main(&mut p, 0, |b| {
        let own = b.self_pid();
        b.spawn(other, &[own]);
        b.run_primitive(Primitive::process_yield, &[]);
        b.run_primitive(Primitive::process_yield, &[]);
        let n = b.receive(Int);
        let right = b.equal(n, i(5));
        b.branch(right, |_| done(), |_| End::Fail(Failure::AddOverflow, n, i(5)))
    });
    check(&p);
}
