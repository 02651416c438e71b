//! Sending, selective receive, time-outs, timers.

use super::assemble::{self, Body, INT, LIST, declare, define, done, function, i, program};
use super::{check, run};
use snow_abi::atoms;
use snow_abi::entries::{Entry, RECEIVED_MESSAGE, RECEIVED_TIMEOUT};
use snow_abi::failure::Failure;
use snow_abi::primitives::Primitive;
use snow_abi::value::Class::{Int, Ref};
use snow_mono::ir::{End, Forms, IntOp, Operand, Operation};
use snow_runtime::Stress;

/// A message and its answer, ten thousand times: `{:custom, n, pid}` objects there, Ints back.
#[test]
fn ping_pong() {
    let mut p = program();
    let pong = declare(&mut p, "pong", &[Ref]);
    define(&mut p, pong, |b, _| {
        let head = b.join(&[], true, |b, head, _| {
            let message = b.receive(Ref);
            let tag = b.operation(Int, Operation::TagOf(message, Forms::Any));
            let stop = b.equal(tag, i(atoms::NORMAL.into()));
            b.branch(
                stop,
                |_| done(),
                |b| {
                    let (n, from) = (b.load(Int, message, 0), b.load(Int, message, 1));
                    let n = b.int(IntOp::Add, n, i(1));
                    b.send_int(from, n);
                    End::Jump(head, vec![])
                },
            )
        });
        End::Jump(head, vec![])
    });
    assemble::main(&mut p, 0, |b| {
        let pong = b.spawn(pong, &[]);
        let own = b.self_pid();
        let head = b.join(&[Int], true, |b, head, n| {
            let n = n[0];
            let over = b.equal(n, i(2000));
            b.branch(
                over,
                |b| {
                    b.effect(Entry::Send, &[pong, Operand::Immediate(atoms::NORMAL), i(LIST)]);
                    done()
                },
                |b| {
                    let message = b.object(&[Int, Int], atoms::CUSTOM, &[n, own]);
                    b.effect(Entry::Send, &[pong, message, i(LIST)]);
                    let answer = b.receive(Int);
                    let expected = b.int(IntOp::Add, n, i(1));
                    b.expect(answer, expected, |_| End::Jump(head, vec![answer]))
                },
            )
        });
        End::Jump(head, vec![i(0)])
    });
    check(&p);
}

/// Receives the message equal to `wanted`, leaving all others; gives control to `then`.
fn receive_exactly(b: &mut Body, wanted: Operand, then: impl FnOnce(&mut Body) -> End) -> End {
    b.effect(Entry::ReceiveStart, &[i(-1)]);
    let found = b.join(&[], false, |b, _, _| {
        b.effect(Entry::ReceiveAccept, &[]);
        then(b)
    });
    let head = b.join(&[], true, |b, head, _| {
        let [_, message, _] = b.receive_next(Int, 0);
        let equal = b.equal(message, wanted);
        b.branch(equal, |_| End::Jump(found, vec![]), |_| End::Jump(head, vec![]))
    });
    End::Jump(head, vec![])
}

#[test]
fn selective_receive_takes_what_matches_and_keeps_the_rest_in_order() {
    let mut p = program();
    assemble::main(&mut p, 0, |b| {
        let own = b.self_pid();
        for n in 1..=5 {
            b.send_int(own, i(n));
        }
        receive_exactly(b, i(4), |b| {
            receive_exactly(b, i(2), |b| {
                b.send_int(own, i(6));
                let (first, second, third, last) =
                    (b.receive(Int), b.receive(Int), b.receive(Int), b.receive(Int));
                b.expect(first, i(1), |b| {
                    b.expect(second, i(3), |b| b.expect(third, i(5), |b| b.expect(last, i(6), |_| done())))
                })
            })
        })
    });
    check(&p);
}

#[test]
fn a_receive_gives_up_after_its_time() {
    let mut p = program();
    assemble::main(&mut p, 0, |b| {
        b.effect(Entry::ReceiveStart, &[i(0)]);
        let [at_once, ..] = b.receive_next(Int, 0);
        b.effect(Entry::ReceiveEnd, &[]);
        b.expect(at_once, i(RECEIVED_TIMEOUT), |b| {
            let before = b.primitive(Int, Primitive::clock_monotonic_ns, &[]);
            b.effect(Entry::ReceiveStart, &[i(20)]);
            let [later, ..] = b.receive_next(Int, 0);
            b.effect(Entry::ReceiveEnd, &[]);
            let after = b.primitive(Int, Primitive::clock_monotonic_ns, &[]);
            b.expect(later, i(RECEIVED_TIMEOUT), |b| {
                let took = b.int(IntOp::Sub, after, before);
                let ticks = b.int(IntOp::Div, took, i(20_000_000));
                let early = b.equal(ticks, i(0));
                b.branch(early, |_| End::Fail(Failure::SubtractOverflow, after, before), |_| done())
            })
        })
    });
    check(&p);
}

#[test]
fn timers_send_and_can_be_cancelled() {
    let mut p = program();
    assemble::main(&mut p, 0, |b| {
        let own = b.self_pid();
        let cancelled = b.entry(Int, Entry::SendAfter, &[i(15), own, i(1), i(INT), i(0)]);
        let every = b.entry(Int, Entry::SendAfter, &[i(5), own, i(2), i(INT), i(1)]);
        let first = b.primitive(Int, Primitive::timer_cancel, &[cancelled]);
        let again = b.primitive(Int, Primitive::timer_cancel, &[cancelled]);
        let (a, c) = (b.receive(Int), b.receive(Int));
        let stopped = b.primitive(Int, Primitive::timer_cancel, &[every]);
        b.entry(Int, Entry::SendAfter, &[i(30), own, i(3), i(INT), i(0)]);
        b.expect(first, i(1), |b| {
            b.expect(again, i(0), |b| {
                b.expect(a, i(2), |b| b.expect(c, i(2), |b| b.expect(stopped, i(1), receive_last)))
            })
        })
    });
    check(&p);
}

/// The repeating timer may have fired more often before it was stopped; after that comes a 3, and never the 1 of the cancelled one.
fn receive_last(b: &mut Body) -> End {
    let head = b.join(&[], true, |b, head, _| {
        let n = b.receive(Int);
        let repeated = b.equal(n, i(2));
        b.branch(repeated, |_| End::Jump(head, vec![]), |b| b.expect(n, i(3), |_| done()))
    });
    End::Jump(head, vec![])
}

#[test]
fn a_message_beats_the_time_out() {
    let mut p = program();
    let sender = function(&mut p, "sender", &[Ref], |b, args| {
        let to = b.load(Int, args[0], 1);
        b.run_primitive(Primitive::process_sleep, &[i(5)]);
        b.send_int(to, i(9));
        done()
    });
    assemble::main(&mut p, 0, |b| {
        let own = b.self_pid();
        b.spawn(sender, &[own]);
        b.effect(Entry::ReceiveStart, &[i(60_000)]);
        let [kind, message, _] = b.receive_next(Int, 0);
        b.effect(Entry::ReceiveAccept, &[]);
        b.expect(kind, i(RECEIVED_MESSAGE), |b| b.expect(message, i(9), |_| done()))
    });
    check(&p);
}

/// Each of many passes a number on, round after round.
#[test]
fn a_ring() {
    let mut p = program();
    let node = function(&mut p, "node", &[Ref], |b, args| {
        let next = b.load(Int, args[0], 1);
        let head = b.join(&[], true, |b, head, _| {
            let n = b.receive(Int);
            let less = b.int(IntOp::Sub, n, i(1));
            b.send_int(next, less);
            let over = b.primitive(Int, Primitive::int_shift_right, &[less, i(63)]);
            let stop = b.equal(over, i(-1));
            b.branch(stop, |_| done(), |_| End::Jump(head, vec![]))
        });
        End::Jump(head, vec![])
    });
    assemble::main(&mut p, 0, |b| {
        let own = b.self_pid();
        let head = b.join(&[Int, Int], true, |b, head, params| {
            let (n, next) = (params[0], params[1]);
            let made = b.equal(n, i(50));
            b.branch(
                made,
                |b| {
                    b.send_int(next, i(3000));
                    let pump = b.join(&[], true, |b, pump, _| {
                        let n = b.receive(Int);
                        let negative = b.primitive(Int, Primitive::int_shift_right, &[n, i(63)]);
                        let stop = b.equal(negative, i(-1));
                        b.send_int(next, n);
                        b.branch(stop, |_| done(), |_| End::Jump(pump, vec![]))
                    });
                    End::Jump(pump, vec![])
                },
                |b| {
                    let next = b.spawn(node, &[next]);
                    let n = b.int(IntOp::Add, n, i(1));
                    End::Jump(head, vec![n, next])
                },
            )
        });
        End::Jump(head, vec![i(0), own])
    });
    check(&p);
}

#[test]
fn many_processes_at_once() {
    let mut p = program();
    let leaf = function(&mut p, "leaf", &[Ref], |b, args| {
        let to = b.load(Int, args[0], 1);
        b.send_int(to, i(1));
        done()
    });
    assemble::main(&mut p, 0, |b| {
        let own = b.self_pid();
        b.repeat(
            5000,
            |b, _| {
                b.spawn(leaf, &[own]);
            },
            |b| {
                b.repeat(
                    5000,
                    |b, _| {
                        b.receive(Int);
                    },
                    |_| done(),
                )
            },
        )
    });
    let run = run(&p, 2, Stress::default());
    assert_eq!(run.status, 0, "{}", run.log);
    check(&p);
}
