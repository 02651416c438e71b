//! The one place where processes end.

use crate::entries::messages::cancel_timer;
use crate::mail::{Item, Mail};
use crate::process::{Process, flag};
use crate::scheduler::worker::Worker;
use crate::stock::{Size, Stock};
use crate::{report, stack, trampolines};
use snow_heap::Heap;
use snow_process::{ExitReason, Outbox, Pid, Signal, answer_for_dead};
use std::sync::atomic::Ordering;

/// Why a process ends, or `:normal`.
pub(crate) fn reason(process: &Process) -> ExitReason {
    let extra = process.extra.as_ref();
    extra.and_then(|e| e.ending.as_ref().or(e.terminating.as_ref()).cloned()).unwrap_or(ExitReason::Normal)
}

/// What a signal is answered with that finds no process.
pub(crate) fn answer(dead: Pid, mail: &Mail) -> Option<(Pid, Signal)> {
    match mail.item()? {
        Item::Signal(signal) => answer_for_dead(dead, signal, ExitReason::NoProcess),
        Item::Spawned(child) => Some(orphan(dead, *child, ExitReason::NoProcess)),
        _ => None,
    }
}

/// What a child on another node hears when its parent is gone before the child was known to it: nothing, unless the two are linked.
pub(crate) fn orphan(parent: Pid, child: Pid, reason: ExitReason) -> (Pid, Signal) {
    (child, Signal::LinkExit { from: parent, reason })
}

/// A process that the worker holds is over, or goes on with its `terminate` part.
pub(crate) fn end(worker: &mut Worker, process: &mut Process) {
    if begin_terminate(process, &mut worker.stock) {
        worker.enqueue(process);
    } else {
        finish(worker, process);
    }
}

/// Lets a process begin anew with the closure that it left for its end. What it was waiting for is forgotten.
fn begin_terminate(process: &mut Process, stock: &mut Stock) -> bool {
    let Some(closure) = process.extra.as_mut().and_then(|extra| extra.terminate.take()) else { return false };
    let reason = reason(process);
    if reason == ExitReason::Kill {
        return false;
    }
    report_crash(process);
    cancel_timer(process);
    let extra = process.extra();
    extra.token += 1;
    (extra.ending, extra.terminating) = (None, Some(reason));
    (extra.fired, extra.waiting) = (false, false);
    (extra.answer, extra.spawning, extra.spawned) = (None, None, None);
    extra.trace.clear();
    extra.crashed = false;
    extra.spawned_aside.clear();
    process.flags &= flag::SUPERVISED | flag::ROOT | flag::HAS_MESSAGE;
    process.extra().next_watch = None;
    process.mailbox.rewind();
    stack::dispose(process, stock);
    let base = stock.take(Size::STACK);
    stack::prepare(process, base, trampolines::process_start as *const () as usize, closure);
    true
}

/// Logs the crash that ends the process; one that ended its body before `terminate` was logged then, and one that came over a link
/// where it happened.
fn report_crash(process: &Process) {
    let own = process.extra.as_ref().filter(|extra| extra.crashed);
    if let Some(reason) = own.and_then(|extra| extra.ending.as_ref()) {
        report::crash(process, reason);
    }
}

/// Ends a process that the worker holds: report, relations, memory, slot.
fn finish(worker: &mut Worker, process: &mut Process) {
    report_crash(process);
    let (pid, reason) = (process.pid(), reason(process));
    let runtime = process.runtime;
    // SAFETY: the worker keeps the runtime alive.
    let runtime = unsafe { &*runtime };
    let mut outbox = Outbox::new();
    // First the inbox: whoever comes later is answered by the sender's side.
    for item in process.inbox.close().filter_map(Mail::into_item) {
        match item {
            Item::Signal(signal) => take_last(process, signal, &reason, &mut outbox),
            Item::Spawned(child) => outbox.push(orphan(pid, child, reason.clone())),
            _ => {}
        }
    }
    if let Some(mut relations) = process.relations.take() {
        relations.end(pid, &reason, &mut outbox);
    }
    if process.figures.named.load(Ordering::SeqCst) != 0 {
        runtime.registry.forget(pid);
        runtime.forget_interest(pid);
        runtime.tell_ended(pid);
        worker.runtime.delete_temporaries_of(pid);
    }
    if let Some(extra) = process.extra.take()
        && let Some(timer) = extra.timer
    {
        runtime.timers.cancel(timer);
    }
    process.mailbox = crate::mailbox::Mailbox::new();
    stack::dispose(process, &mut worker.stock);
    // SAFETY: an empty heap does not look at its layouts.
    process.heap = unsafe { Heap::new(std::ptr::null(), false) };
    worker.send_all(&mut outbox);
    let is_root = process.flags & flag::ROOT != 0;
    runtime.process_count.fetch_sub(1, Ordering::Relaxed);
    runtime.table.release(pid.slot(), &mut worker.slots);
    if is_root {
        runtime.root_ended(pid);
    }
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
