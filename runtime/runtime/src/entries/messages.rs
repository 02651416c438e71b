//! Sending and receiving.

use super::Pair;
use super::control::crash;
use crate::Runtime;
use crate::call::Call;
use crate::global::BroadcastOutcome;
use crate::mail::{Mail, Node};
use crate::memory;
use crate::process::{POLL, Process, action, flag};
use crate::router::SendOutcome;
use crate::timers::Action;
use crate::trampolines::{NOW_RETURN, WAIT_RETURN};
use crate::{reasons, roots};
use snow_abi::descriptor::DescriptorId;
use snow_abi::entries::{RECEIVED_MESSAGE, RECEIVED_SIGNAL, RECEIVED_TIMEOUT};
use snow_abi::value::{Class, Word};
use snow_heap::{Fragment, Value};
use snow_process::Pid;
use std::sync::atomic::Ordering;

/// The class of values of a type.
#[inline]
pub(crate) fn class_of(process: &Process, descriptor: u64) -> Class {
    process.runtime().image.classes.get(descriptor as usize).copied().unwrap_or(Class::Int)
}

fn descriptor_id(descriptor: u64) -> DescriptorId {
    DescriptorId(descriptor as u32)
}

/// Copies a message out of the process, to wait in a mailbox.
///
/// # Safety
/// `word` is a value of that type in the process.
#[inline]
unsafe fn mail(process: &mut Process, word: Word, descriptor: u64) -> Mail {
    let class = class_of(process, descriptor);
    // SAFETY: by contract; the worker runs this process on its own thread.
    unsafe {
        let worker = &mut *process.worker;
        match process.heap.copy_small(word, class, &mut worker.scratch) {
            Some(small) => Mail::letter(small, class, &worker.scratch, &mut worker.stock),
            None => Mail::message(process.heap.copy_out(word, class, &mut worker.scratch)),
        }
    }
}

/// Copies a value out of the process.
///
/// # Safety
/// `word` is a value of that type in the process.
unsafe fn copy(process: &mut Process, word: Word, descriptor: u64) -> Fragment {
    let class = class_of(process, descriptor);
    // SAFETY: by contract; the worker runs this process on its own thread.
    unsafe { process.heap.copy_out(word, class, &mut (*process.worker).scratch) }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn send(process: *mut Process, to: u64, word: Word, descriptor: u64) {
    // SAFETY: the process is stopped and runs on this thread; the word is of that type.
    unsafe {
        let process = &mut *process;
        let to = Pid(to);
        if to.is_local() {
            let mail = mail(process, word, descriptor);
            if (*process.worker).given.note(mail.bytes())
                && let Some(text) = memory::node_refusal(process, 0)
            {
                return crash(process, WAIT_RETURN, &text);
            }
            if (*process.worker).push(to, mail).is_some() {
                process.runtime().counters.dead_letters.fetch_add(1, Ordering::Relaxed);
            }
            return;
        }
        let Some(distribution) = process.runtime().distribution.clone() else { return };
        let value = Value::new(word, class_of(process, descriptor), &(*process.runtime).image.layouts);
        let outcome = distribution.send(process.pid(), to, value, descriptor_id(descriptor), true);
        conclude(process, outcome);
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn send_named(
    process: *mut Process,
    name: Word,
    node: Word,
    word: Word,
    descriptor: u64,
) {
    // SAFETY: the process is stopped and runs on this thread; the words are of their types.
    unsafe {
        let process = &mut *process;
        let layouts = &(*process.runtime).image.layouts;
        let name = text(Value::new(name, Class::Ref, layouts));
        let node = text(Value::new(node, Class::Ref, layouts));
        let distribution = process.runtime().distribution.clone();
        match distribution.filter(|distribution| !distribution.is_own_name(node)) {
            Some(distribution) => {
                let value = Value::new(word, class_of(process, descriptor), layouts);
                let id = descriptor_id(descriptor);
                let outcome = distribution.send_named(process.pid(), node, name, value, id);
                conclude(process, outcome);
            }
            None => {
                if let Some(pid) = process.runtime().find_name(name, descriptor_id(descriptor)) {
                    let mail = mail(process, word, descriptor);
                    drop((*process.worker).push(pid, mail));
                }
            }
        }
    }
}

/// The text of a String that compiled code passed.
pub(crate) fn text<'h>(value: Value<'h>) -> &'h str {
    std::str::from_utf8(value.text().unwrap_or_default()).expect("a String holds UTF-8")
}

/// What the sender of a remote message does next.
///
/// # Safety
/// The process is stopped in a `wait` entry.
unsafe fn conclude(process: &mut Process, outcome: SendOutcome) {
    match outcome {
        SendOutcome::Sent => {}
        SendOutcome::Suspend => process.action = action::PARK,
        SendOutcome::FunctionInside(path) => {
            let text = format!("cannot send a function to another node: {path}");
            // SAFETY: by contract.
            unsafe { crash(process, WAIT_RETURN, &text) };
        }
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn receive_start(process: *mut Process, timeout_ms: i64) {
    // SAFETY: the process is stopped and runs on this thread.
    let process = unsafe { &mut *process };
    process.mailbox.rewind();
    if timeout_ms >= 0 {
        // A tick more: the current one has begun.
        let ticks = |ms: u64| process.runtime().clock.ticks().saturating_add(ms + 1);
        let deadline = if timeout_ms == 0 { POLL } else { ticks(timeout_ms as u64) };
        process.extra().receive_deadline = deadline;
        process.flags |= flag::RECEIVE_IS_TIMED;
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn receive_next(process: *mut Process, signals: i64) -> Pair {
    // SAFETY: the process is stopped and runs on this thread; compiled code describes its live references here.
    unsafe {
        let found = examine(&mut *process, signals);
        if !(*process).heap.is_collection_due() {
            return found;
        }
        if found.0 == RECEIVED_SIGNAL as u64 {
            let mut held = [found.1];
            roots::collect(process, WAIT_RETURN, &mut held);
            return Pair(found.0, held[0]);
        }
        roots::collect(process, WAIT_RETURN, &mut []);
        if found.0 == RECEIVED_MESSAGE as u64
            && let Some(word) = (*process).mailbox.candidate_word()
        {
            return Pair(found.0, word);
        }
        found
    }
}

/// Goes on to the next message or signal for this receive.
fn examine(process: &mut Process, signals: i64) -> Pair {
    loop {
        let Some(node) = process.mailbox.next_wanted(signals) else {
            match wait(process) {
                Wait::LookAgain => continue,
                Wait::Timeout => return Pair(RECEIVED_TIMEOUT as u64, 0),
                Wait::Leave => return Pair(0, 0),
            }
        };
        // SAFETY: the candidate is a node of the mailbox.
        unsafe {
            if let Some((word, _)) = (*node).adopted() {
                return Pair(RECEIVED_MESSAGE as u64, word);
            }
            if let Some(word) = Node::adopt(node, &mut process.heap) {
                process.mailbox.adopted_candidate();
                return Pair(RECEIVED_MESSAGE as u64, word);
            }
            let Some(notice) = Node::notice(node).map(|notice| &*notice) else {
                drop(process.mailbox.remove_candidate());
                continue;
            };
            let bit = notice.bit();
            if bit & signals != 0 {
                let value = reasons::notice_value(&mut process.heap, notice);
                return Pair(RECEIVED_SIGNAL as u64, value);
            }
            if bit & process.signals as i64 == 0 {
                drop(process.mailbox.remove_candidate());
            }
        }
    }
}

enum Wait {
    LookAgain,
    Timeout,
    Leave,
}

/// The mailbox is looked through: takes in what has come meanwhile, or lets the process sleep or give up.
fn wait(process: &mut Process) -> Wait {
    if process.inbox.has_mail() {
        // SAFETY: the worker runs this process on its own thread.
        unsafe { (*process.worker).drain(process) };
        if process.is_ending() {
            process.action = action::END;
            return Wait::Leave;
        }
        return Wait::LookAgain;
    }
    if process.flags & flag::RECEIVE_IS_TIMED != 0 && is_over(process) {
        return Wait::Timeout;
    }
    process.action = action::PARK;
    Wait::Leave
}

/// Whether the time of a receive with a timeout is over; sets its timer when it begins to wait.
fn is_over(process: &mut Process) -> bool {
    let pid = process.pid();
    // SAFETY: the worker runs this process on its own thread.
    let shard = unsafe { (*process.worker).index };
    let runtime = process.runtime;
    let extra = process.extra();
    if extra.receive_deadline == POLL {
        return true;
    }
    if extra.timer.is_none() {
        extra.token += 1;
        extra.fired = false;
        let action = Action::Wake { pid, token: extra.token };
        // SAFETY: the runtime outlives its processes.
        extra.timer = Some(unsafe { (*runtime).timers.set(shard, extra.receive_deadline, action) });
    }
    extra.fired
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn receive_accept(process: *mut Process) {
    // SAFETY: the process is stopped and runs on this thread.
    let process = unsafe { &mut *process };
    if let Some(word) = process.mailbox.candidate_word() {
        process.last_message = word;
        process.flags |= flag::HAS_MESSAGE;
    }
    if let Some(mail) = process.mailbox.remove_candidate() {
        // SAFETY: the worker runs this process on its own thread.
        mail.recycle(unsafe { &mut (*process.worker).stock });
    }
    let received = &process.figures.received;
    received.store(received.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    end_receive(process);
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn receive_end(process: *mut Process) {
    // SAFETY: the process is stopped and runs on this thread.
    end_receive(unsafe { &mut *process });
}

/// A receive is over: the next one begins with the oldest message, and without a timeout unless it says so.
fn end_receive(process: &mut Process) {
    process.mailbox.rewind();
    if process.flags & flag::RECEIVE_IS_TIMED != 0 {
        process.flags &= !flag::RECEIVE_IS_TIMED;
        cancel_timer(process);
    }
}

/// Forgets the timer of a wait that is over.
pub(crate) fn cancel_timer(process: &mut Process) {
    if let Some(extra) = &mut process.extra
        && let Some(timer) = extra.timer.take()
    {
        extra.token += 1;
        let fired = std::mem::take(&mut extra.fired);
        if !fired {
            process.runtime().timers.cancel(timer);
        }
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn send_after(
    process: *mut Process,
    ms: i64,
    to: u64,
    word: Word,
    descriptor: u64,
    every: u64,
) -> i64 {
    // SAFETY: the process is stopped and runs on this thread; the word is of that type.
    unsafe {
        let process = &mut *process;
        if ms < 0 {
            crash(process, NOW_RETURN, &format!("Timer: {ms} milliseconds lie in the past"));
            return 0;
        }
        let deadline = process.runtime().clock.ticks().saturating_add(ms as u64 + 1);
        let action = Action::Send {
            from: process.pid(),
            to: Pid(to),
            message: copy(process, word, descriptor),
            descriptor: descriptor_id(descriptor),
            every_ms: (every != 0).then_some((ms as u64).max(1)),
        };
        process.runtime().timers.set((*process.worker).index, deadline, action).0
    }
}

/// Members of a group on this node to which a scheduler may send at once.
const MEMBERS_AT_ONCE_MAX: usize = 512;

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn group_broadcast(
    process: *mut Process,
    group: Word,
    word: Word,
    descriptor: u64,
) {
    // SAFETY: the process is stopped and runs on this thread; the words are of their types.
    unsafe {
        let mut call = Call::new(process, WAIT_RETURN);
        let process = &mut *process;
        if call.is_waiting() {
            let _over_or_not = call.blocking(|_| || ());
            return;
        }
        let Some(distribution) = process.runtime().distribution.clone() else { return };
        let Some(global) = distribution.global() else { return };
        let layouts = &(*process.runtime).image.layouts;
        let group = text(Value::new(group, Class::Ref, layouts));
        let value = Value::new(word, class_of(process, descriptor), layouts);
        match global.broadcast(process.pid(), group, value, descriptor_id(descriptor)) {
            BroadcastOutcome::Sent(members) if members.len() <= MEMBERS_AT_ONCE_MAX => {
                for member in members {
                    let mail = mail(process, word, descriptor);
                    drop((*process.worker).push(member, mail));
                }
            }
            BroadcastOutcome::Sent(members) => {
                let message = copy(process, word, descriptor);
                let runtime = (*process.worker).runtime.clone();
                let _later = call.blocking(|_| move || send_to_all(&runtime, message, &members));
            }
            BroadcastOutcome::Suspend => process.action = action::PARK,
            BroadcastOutcome::FunctionInside(path) => conclude(process, SendOutcome::FunctionInside(path)),
        }
    }
}

fn send_to_all(runtime: &Runtime, mut message: Fragment, members: &[Pid]) {
    for member in members {
        let copy = message.duplicate(&runtime.image.layouts);
        drop(runtime.push_outside(*member, Mail::message(copy)));
    }
}
