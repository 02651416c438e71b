//! The one place where processes end.

use crate::mailbox::{Item, Node, each_node};
use crate::process::Process;
use crate::scheduler::worker::Worker;
use crate::{report, stack};
use snow_heap::Heap;
use snow_process::{ExitReason, Outbox, Pid, Signal, answer_for_dead};
use std::sync::atomic::Ordering;

/// Why a process ends, or `:normal`.
pub(crate) fn reason(process: &Process) -> ExitReason {
    process.extra.as_ref().and_then(|extra| extra.ending.clone()).unwrap_or(ExitReason::Normal)
}

/// What a signal is answered with that finds no process.
pub(crate) fn answer(dead: Pid, node: &Node) -> Option<(Pid, Signal)> {
    match &node.item {
        Item::Signal(signal) => answer_for_dead(dead, signal, ExitReason::NoProcess),
        _ => None,
    }
}

/// Ends a process that the worker holds: report, relations, memory, slot.
pub(crate) fn finish(worker: &mut Worker, process: &mut Process) {
    let (pid, reason) = (process.pid(), reason(process));
    if reason.is_crash() {
        report::crash(process, &reason);
    }
    let runtime = process.runtime;
    // SAFETY: the worker keeps the runtime alive.
    let runtime = unsafe { &*runtime };
    let mut outbox = Outbox::new();
    // First the inbox: whoever comes later is answered by the sender's side.
    each_node(process.inbox.close(), |node| {
        if let Item::Signal(signal) = node.item {
            take_last(process, signal, &reason, &mut outbox);
        }
    });
    if let Some(mut relations) = process.relations.take() {
        relations.end(pid, &reason, &mut outbox);
    }
    if process.figures.named.load(Ordering::SeqCst) != 0 {
        runtime.registry.forget(pid);
        runtime.forget_interest(pid);
    }
    if let Some(extra) = process.extra.take()
        && let Some(timer) = extra.timer
    {
        runtime.timers.cancel(timer);
    }
    process.mailbox = crate::mailbox::Mailbox::new();
    stack::dispose(process);
    // SAFETY: an empty heap does not look at its layouts.
    process.heap = unsafe { Heap::new(std::ptr::null(), false) };
    worker.send_all(&mut outbox);
    runtime.process_count.fetch_sub(1, Ordering::Relaxed);
    runtime.table.release(pid.slot(), &mut worker.slots);
    if runtime.main.load(Ordering::Relaxed) == pid.0 {
        runtime.main_ended(&reason);
    }
}

/// A signal that came in before the end and had not been looked at.
fn take_last(process: &mut Process, signal: Signal, reason: &ExitReason, outbox: &mut Outbox) {
    let pid = process.pid();
    match (&signal, &mut process.relations) {
        // These keep the relations exact: nobody is told twice, nobody who has unlinked is told.
        (Signal::Unlink { .. } | Signal::Demonitor { .. } | Signal::LinkExit { .. }, Some(relations)) => {
            let _ended_anyway = relations.receive(pid, signal, outbox);
        }
        (Signal::Link { from }, relations) => {
            relations.get_or_insert_default().add_link(*from);
        }
        _ => outbox.extend(answer_for_dead(pid, &signal, reason.clone())),
    }
}
