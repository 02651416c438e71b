//! Stack checks, allocation, failure and exit.

use crate::process::{POISON, Process, action};
use crate::roots;
use crate::stack::{self, Position};
use crate::trampolines::NOW_RETURN;
use crate::{reasons, report};
use snow_abi::failure::Failure;
use snow_abi::value::{Class, Word};
use snow_heap::Value;
use snow_process::ExitReason;
use std::sync::atomic::Ordering;

/// Under stack stress every check asks; every so many it also yields.
const STRESS_CHECKS_PER_YIELD: u32 = 64;
/// Bytes between the saved stack pointer and the return address into the stub: five words, eight argument registers, eight xmm.
const CHECK_RETURN: usize = 40 + 64 + 64;

/// The slow part of a function's entry check.
///
/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn stack_check(process: *mut Process, frame_bytes: u32) {
    // SAFETY: the process is stopped and runs on this thread.
    let process = unsafe { &mut *process };
    if stack::make_room(process, frame_bytes as usize).is_err() {
        let text = format!(
            "stack overflow: the stack would grow over {} bytes",
            process.runtime().config.stack_bytes_max
        );
        // SAFETY: above the saved registers lie the return addresses into the stub and then into the caller.
        process.extra().trace = unsafe {
            let callee = *((process.saved_sp + CHECK_RETURN) as *const u64);
            let caller = *((process.saved_sp + CHECK_RETURN + 8) as *const u64);
            let image = &process.runtime().image;
            let mut trace = report::trace(image, Position { pc: callee, fp: 0 });
            trace.extend(report::trace(image, Position { pc: caller, fp: process.saved_fp }));
            trace
        };
        return process.crash_with(ExitReason::Crash(text.into()));
    }
    yield_if_asked(process);
}

/// A loop's back edge under a poisoned limit.
///
/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn back_edge(process: *mut Process) {
    // SAFETY: the process is stopped and runs on this thread.
    let process = unsafe { &mut *process };
    if process.runtime().config.stress.stack {
        // Room for nothing: the stack only moves.
        let _room = stack::make_room(process, 0);
    }
    yield_if_asked(process);
}

fn yield_if_asked(process: &mut Process) {
    let asked = process.stack_limit.load(Ordering::Relaxed) == POISON;
    stack::reset_limit(process);
    if process.runtime().config.stress.stack {
        // SAFETY: the worker runs this process on its own thread.
        let checks = unsafe { &mut (*process.worker).stress_checks };
        *checks = checks.wrapping_add(1);
        if !checks.is_multiple_of(STRESS_CHECKS_PER_YIELD) {
            return;
        }
    }
    if asked {
        process.action = action::YIELD;
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn allocate(process: *mut Process, bytes: u64) -> *mut u64 {
    // SAFETY: compiled code describes its live references at this call.
    unsafe { roots::allocate(process, NOW_RETURN, (bytes as usize).div_ceil(8)) }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn fail(process: *mut Process, kind: u64, a: Word, b: Word) {
    // SAFETY: the process is stopped; with `Panic`, `a` is a text of its heap.
    unsafe {
        let text = failure_text(&*process, kind, a, b);
        crash(&mut *process, NOW_RETURN, &text);
    }
}

/// What a failure says.
///
/// # Safety
/// The words are what the kind says.
unsafe fn failure_text(process: &Process, kind: u64, a: Word, b: Word) -> String {
    let (x, y) = (a as i64, b as i64);
    match Failure::from_code(kind) {
        Some(Failure::AddOverflow) => format!("integer overflow: {x} + {y}"),
        Some(Failure::SubtractOverflow) => format!("integer overflow: {x} - {y}"),
        Some(Failure::MultiplyOverflow) => format!("integer overflow: {x} * {y}"),
        Some(Failure::NegateOverflow) => format!("integer overflow: -({x})"),
        Some(Failure::DivideByZero) => format!("division by zero: {x} / 0"),
        Some(Failure::RemainderByZero) => format!("division by zero: {x} % 0"),
        Some(Failure::DivideOverflow) => "integer overflow: the smallest Int / -1".into(),
        Some(Failure::NoMatch) => "no clause matches".into(),
        Some(Failure::Panic) => {
            // SAFETY: by contract.
            let text = unsafe { Value::new(a, Class::Ref, process.heap.layouts()) };
            String::from_utf8_lossy(text.text().unwrap_or_default()).into_owned()
        }
        Some(Failure::ArrayIndex) => format!("array index {x} is out of range, the array has {y} elements"),
        Some(Failure::ShiftCount) => format!("shift count {x} is not in 0..63"),
        None => format!("failure {kind}"),
    }
}

/// Ends the process with `{:crash, text}`, with the stack trace from where its entry returns to.
///
/// # Safety
/// The process is stopped in an entry, `return_at` as in `roots::position`.
pub(crate) unsafe fn crash(process: &mut Process, return_at: usize, text: &str) {
    // SAFETY: by contract.
    process.extra().trace = unsafe {
        let position = roots::position(process, return_at);
        report::trace(&process.runtime().image, position)
    };
    process.crash_with(ExitReason::Crash(text.into()));
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn exit_self(process: *mut Process, reason: Word) {
    // SAFETY: the process is stopped; `reason` is a reference of its heap.
    unsafe {
        let reason = reasons::reason_of(Value::new(reason, Class::Ref, (*process).heap.layouts()));
        if reason.is_crash() {
            (*process).extra().trace = {
                let position = roots::position(&*process, NOW_RETURN);
                report::trace(&(*process).runtime().image, position)
            };
            return (*process).crash_with(reason);
        }
        (*process).end_with(reason);
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn set_terminate(process: *mut Process, closure: Word) {
    // SAFETY: the process runs on this thread.
    unsafe { (*process).extra().terminate = Some(closure) };
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn self_pid(process: *mut Process) -> u64 {
    // SAFETY: the process runs on this thread.
    unsafe { (*process).pid().0 }
}
