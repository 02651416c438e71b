//! Links, monitors, exits, names, crashes.

use super::assemble::{self, Body, INT, UNIT, done, function, i, program};
use super::{check, run};
use snow_abi::atoms;
use snow_abi::entries::{Entry, RECEIVED_SIGNAL, RECEIVED_TIMEOUT, SPAWN_LINK, SPAWN_MONITOR, signal_bit};
use snow_abi::failure::Failure;
use snow_abi::primitives::Primitive;
use snow_abi::value::Class::{Int, Ref};
use snow_mono::ir::{Call, End, Forms, FunctionId, Operand, Operation, Program, Static};
use snow_runtime::{STATUS_MAIN_CRASHED, Stress};

fn crasher(p: &mut Program) -> FunctionId {
    function(p, "Shop.crasher", &[Ref], |_, _| End::Fail(Failure::DivideByZero, i(7), i(0)))
}

fn waiter(p: &mut Program) -> FunctionId {
    function(p, "waiter", &[Ref], |b, _| {
        b.receive(Int);
        done()
    })
}

/// Receives a signal and gives it to `then`.
fn receive_signal(b: &mut Body, signals: i64, then: impl FnOnce(&mut Body, Operand) -> End) -> End {
    b.effect(Entry::ReceiveStart, &[i(-1)]);
    let [kind, _, signal] = b.receive_next(Int, signals);
    b.effect(Entry::ReceiveAccept, &[]);
    b.expect(kind, i(RECEIVED_SIGNAL), |b| then(b, signal))
}

/// Spawns with a monitor: pid and reference.
fn spawn_monitor(b: &mut Body, function: FunctionId) -> (Operand, Operand) {
    let closure = b.closure(function, &[]);
    let got = b.calls(&[Int, Int], Call::Entry(Entry::Spawn, vec![closure, i(0), i(SPAWN_MONITOR)]));
    (got[0], got[1])
}

#[test]
fn a_monitor_tells_the_crash_and_its_report_names_the_place() {
    let mut p = program();
    let crasher = crasher(&mut p);
    assemble::main(&mut p, signal_bit::DOWN, |b| {
        let (pid, reference) = spawn_monitor(b, crasher);
        receive_signal(b, signal_bit::DOWN, |b, signal| {
            let (r, who, reason) = (b.load(Int, signal, 0), b.load(Int, signal, 1), b.load(Ref, signal, 2));
            let tag = b.operation(Int, Operation::TagOf(reason, Forms::Any));
            b.expect(r, reference, |b| {
                b.expect(who, pid, |b| {
                    b.expect(tag, i(atoms::CRASH.into()), |b| {
                        let text = b.load(Ref, reason, 0);
                        let length = b.primitive(Int, Primitive::string_length, &[text]);
                        b.expect(length, i("division by zero: 7 / 0".len() as i64), |_| done())
                    })
                })
            })
        })
    });
    check(&p);
    let run = run(&p, 1, Stress::default());
    assert!(run.log.contains("crashed: division by zero: 7 / 0"), "{}", run.log);
    assert!(run.log.contains("at Shop.crasher (main.snow:"), "{}", run.log);
}

#[test]
fn a_crash_of_main_ends_the_program() {
    let mut p = program();
    let waiter = waiter(&mut p);
    assemble::main(&mut p, 0, |b| {
        b.spawn(waiter, &[]);
        End::Fail(Failure::NegateOverflow, i(i64::MIN), i(0))
    });
    assert_eq!(run(&p, 2, Stress::default()).status, STATUS_MAIN_CRASHED);
}

#[test]
fn the_program_ends_when_only_waiting_processes_are_left() {
    let mut p = program();
    let waiter = waiter(&mut p);
    assemble::main(&mut p, 0, |b| {
        b.repeat(
            20,
            |b, _| {
                b.spawn(waiter, &[]);
            },
            |_| done(),
        )
    });
    check(&p);
}

#[test]
fn os_exit_ends_at_once() {
    let mut p = program();
    let spinner = spinner(&mut p);
    assemble::main(&mut p, 0, |b| {
        b.spawn(spinner, &[]);
        b.run_primitive(Primitive::os_exit, &[i(3)]);
        End::Unreachable
    });
    for schedulers in [1, 2] {
        assert_eq!(run(&p, schedulers, Stress::default()).status, 3);
    }
}

fn spinner(p: &mut Program) -> FunctionId {
    function(p, "spinner", &[Ref], |b, _| {
        let head = b.join(&[], true, |_, head, _| End::Jump(head, vec![]));
        End::Jump(head, vec![])
    })
}

#[test]
fn links_carry_exits_and_can_be_trapped() {
    let mut p = program();
    let crasher = crasher(&mut p);
    let middle = function(&mut p, "middle", &[Ref], |b, _| {
        let closure = b.closure(crasher, &[]);
        b.entry(Int, Entry::Spawn, &[closure, i(0), i(SPAWN_LINK)]);
        b.receive(Int);
        done()
    });
    assemble::main(&mut p, signal_bit::EXIT, |b| {
        b.run_primitive(Primitive::process_trap_exit, &[i(1)]);
        let closure = b.closure(middle, &[]);
        let pid = b.entry(Int, Entry::Spawn, &[closure, i(0), i(SPAWN_LINK)]);
        receive_signal(b, signal_bit::EXIT, |b, signal| {
            let (who, reason) = (b.load(Int, signal, 0), b.load(Ref, signal, 1));
            let tag = b.operation(Int, Operation::TagOf(reason, Forms::Any));
            b.expect(who, pid, |b| b.expect(tag, i(atoms::CRASH.into()), |_| done()))
        })
    });
    check(&p);
}

#[test]
fn kill_ends_even_a_loop_and_arrives_as_killed() {
    let mut p = program();
    let spinner = spinner(&mut p);
    assemble::main(&mut p, signal_bit::DOWN, |b| {
        let (pid, _) = spawn_monitor(b, spinner);
        b.run_primitive(Primitive::process_exit, &[pid, Operand::Immediate(atoms::KILL)]);
        receive_signal(b, signal_bit::DOWN, |b, signal| {
            let reason = b.load(Ref, signal, 2);
            let tag = b.operation(Int, Operation::TagOf(reason, Forms::Any));
            let alive = b.primitive(Int, Primitive::process_alive, &[pid]);
            b.expect(tag, i(atoms::KILLED.into()), |b| b.expect(alive, i(0), |_| done()))
        })
    });
    check(&p);
}

#[test]
fn a_sleeper_can_be_ended() {
    let mut p = program();
    let sleeper = function(&mut p, "sleeper", &[Ref], |b, _| {
        b.run_primitive(Primitive::process_sleep, &[i(3_600_000)]);
        done()
    });
    assemble::main(&mut p, signal_bit::DOWN, |b| {
        let (pid, _) = spawn_monitor(b, sleeper);
        b.run_primitive(Primitive::process_sleep, &[i(2)]);
        b.run_primitive(Primitive::process_exit, &[pid, Operand::Immediate(atoms::SHUTDOWN)]);
        receive_signal(b, signal_bit::DOWN, |_, _| done())
    });
    check(&p);
}

#[test]
fn monitors_of_the_dead_fire_at_once_and_demonitor_takes_the_signal_back() {
    let mut p = program();
    let short = function(&mut p, "short", &[Ref], |_, _| done());
    assemble::main(&mut p, signal_bit::DOWN, |b| {
        let (pid, _) = spawn_monitor(b, short);
        receive_signal(b, signal_bit::DOWN, |b, signal| {
            let reason = b.load(Ref, signal, 2);
            let tag = b.operation(Int, Operation::TagOf(reason, Forms::Any));
            b.expect(tag, i(atoms::NORMAL.into()), |b| {
                b.primitive(Int, Primitive::process_monitor, &[pid]);
                receive_signal(b, signal_bit::DOWN, |b, signal| {
                    let reason = b.load(Ref, signal, 2);
                    let tag = b.operation(Int, Operation::TagOf(reason, Forms::Any));
                    b.expect(tag, i(atoms::NOPROC.into()), |b| {
                        let reference = b.primitive(Int, Primitive::process_monitor, &[pid]);
                        b.run_primitive(Primitive::process_demonitor, &[reference]);
                        b.effect(Entry::ReceiveStart, &[i(5)]);
                        let [kind, ..] = b.receive_next(Int, signal_bit::DOWN);
                        b.effect(Entry::ReceiveEnd, &[]);
                        b.expect(kind, i(RECEIVED_TIMEOUT), |_| done())
                    })
                })
            })
        })
    });
    check(&p);
}

#[test]
fn names_are_found_by_type_and_freed_at_the_end() {
    let mut p = program();
    let waiter = waiter(&mut p);
    let name = p.statics.push(Static::Text(b"counter".to_vec()));
    assemble::main(&mut p, signal_bit::DOWN, |b| {
        let name = Operand::Static(name);
        let (pid, _) = spawn_monitor(b, waiter);
        let given = b.entry(Int, Entry::Register, &[name, pid, i(INT)]);
        let taken = b.entry(Int, Entry::Register, &[name, pid, i(INT)]);
        let found = b.entry(Ref, Entry::WhereIs, &[name, i(INT)]);
        let other = b.entry(Ref, Entry::WhereIs, &[name, i(UNIT)]);
        let other = b.operation(Int, Operation::TagOf(other, Forms::Any));
        let who = b.load(Int, found, 0);
        b.expect(given, i(1), |b| {
            b.expect(taken, i(0), |b| {
                b.expect(who, pid, |b| {
                    b.expect(other, i(0), |b| {
                        b.send_int(pid, i(1));
                        receive_signal(b, signal_bit::DOWN, |b, _| {
                            let gone = b.entry(Ref, Entry::WhereIs, &[name, i(INT)]);
                            let gone = b.operation(Int, Operation::TagOf(gone, Forms::Any));
                            b.expect(gone, i(0), |_| done())
                        })
                    })
                })
            })
        })
    });
    check(&p);
}

#[test]
fn unmentioned_signals_are_dropped_and_others_wait() {
    let mut p = program();
    let short = function(&mut p, "short", &[Ref], |_, _| done());
    assemble::main(&mut p, signal_bit::DOWN, |b| {
        spawn_monitor(b, short);
        let own = b.self_pid();
        b.run_primitive(Primitive::process_sleep, &[i(3)]);
        b.send_int(own, i(1));
        // This receive does not mention `:down`, the next one does: it must have stayed.
        let one = b.receive(Int);
        b.expect(one, i(1), |b| receive_signal(b, signal_bit::DOWN, |_, _| done()))
    });
    check(&p);
}
