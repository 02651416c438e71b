//! `spawn` and `Node.spawn`.

use super::Pair;
use super::control::crash;
use super::messages::text;
use crate::memory;
use crate::process::{Process, action, flag};
use crate::router::{SpawnOutcome, SpawnRequest};
use crate::spawn::note_child;
use crate::trampolines::{NOW_RETURN, WAIT_RETURN};
use snow_abi::entries::{SPAWN_LINK, SPAWN_MONITOR};
use snow_abi::value::{Class, Word};
use snow_heap::Value;
use snow_process::MonitorRef;

/// What a new process counts for in the node's memory.
const PROCESS_BYTES: usize = 1 << 10;

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn spawn(
    process: *mut Process,
    closure: Word,
    signals: i64,
    options: i64,
) -> Pair {
    // SAFETY: the process is stopped and runs on this thread; `closure` is a closure of its heap.
    unsafe { spawn_here(&mut *process, NOW_RETURN, closure, signals, options) }
}

/// Spawns on this node.
///
/// # Safety
/// The process is stopped in an entry; `closure` is a closure of its heap.
unsafe fn spawn_here(
    process: &mut Process,
    return_at: usize,
    closure: Word,
    signals: i64,
    options: i64,
) -> Pair {
    // SAFETY: by contract; the worker runs this process on its own thread.
    unsafe {
        if (*process.worker).given.note(PROCESS_BYTES)
            && let Some(text) = memory::node_refusal(process, 0)
        {
            crash(process, return_at, &text);
            return Pair(0, 0);
        }
        match (*process.worker).spawn(process, closure, signals, options) {
            Some((pid, reference)) => Pair(pid.0, reference.0),
            None => {
                crash(process, return_at, "spawn: the node has as many processes as it can hold");
                Pair(0, 0)
            }
        }
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn spawn_remote(
    process: *mut Process,
    node: Word,
    export: u64,
    closure: Word,
    options: i64,
) -> Pair {
    // SAFETY: the process is stopped and runs on this thread; the words are of their types.
    unsafe {
        let process = &mut *process;
        if let Some(pid) = process.extra.as_mut().and_then(|extra| extra.spawned.take()) {
            let reference =
                process.extra().spawning.take().map_or(MonitorRef(0), |spawning| spawning.reference);
            process.extra().waiting = false;
            return Pair(pid.0, reference.0);
        }
        if process.extra.as_ref().is_some_and(|extra| extra.waiting) {
            process.action = action::PARK;
            return Pair(0, 0);
        }
        let layouts = &(*process.runtime).image.layouts;
        let node = text(Value::new(node, Class::Ref, layouts));
        let distribution = process.runtime().distribution.clone();
        let Some(distribution) = distribution.filter(|distribution| !distribution.is_own_name(node)) else {
            let signals =
                process.runtime().image.program.exports.get(export as usize).map_or(0, |e| e.signals);
            return spawn_here(process, WAIT_RETURN, closure, signals as i64, options);
        };
        let reference = (*process.worker).fresh_reference();
        let request = SpawnRequest {
            from: process.pid(),
            node,
            export: export as u32,
            closure: Value::new(closure, Class::Ref, layouts),
            link: options & SPAWN_LINK != 0 || process.flags & flag::STARTS_CHILD != 0,
            monitor: (options & SPAWN_MONITOR != 0).then_some(reference),
        };
        process.extra().spawning = Some(Spawning { options, reference });
        conclude(process, distribution.spawn(request))
    }
}

/// A remote spawn under way.
pub(crate) struct Spawning {
    options: i64,
    reference: MonitorRef,
}

impl Process {
    /// A remote spawn has given a process: link and monitor are noted before anything from it is looked at.
    pub(crate) fn note_remote_child(&mut self, child: snow_process::Pid) {
        if let Some(Spawning { options, reference }) = self.extra().spawning {
            let options = self.note_aside(child, options);
            note_child(self, child, options, reference);
        }
    }
}

/// # Safety
/// The process is stopped in a `wait` entry.
unsafe fn conclude(process: &mut Process, outcome: SpawnOutcome) -> Pair {
    match outcome {
        SpawnOutcome::Spawned(pid) => {
            process.note_remote_child(pid);
            let reference =
                process.extra().spawning.take().map_or(MonitorRef(0), |spawning| spawning.reference);
            return Pair(pid.0, reference.0);
        }
        SpawnOutcome::Pending => {
            process.extra().waiting = true;
            process.action = action::PARK;
        }
        SpawnOutcome::Suspend => process.action = action::PARK,
        SpawnOutcome::FunctionInside(path) => {
            let text = format!("cannot send a function to another node: {path}");
            // SAFETY: by contract.
            unsafe { crash(process, WAIT_RETURN, &text) };
        }
    }
    Pair(0, 0)
}
