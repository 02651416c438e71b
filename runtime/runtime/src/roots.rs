//! Collecting a process: its stack and its mailbox are the roots, and what the running entry holds.

use crate::entries::control;
use crate::memory;
use crate::process::{Process, flag};
use crate::stack::{self, Position};
use snow_abi::value::Word;
use snow_heap::Roots;

/// What going through one adopted message costs, in bytes of stack.
const MESSAGE_SPAN_BYTES: usize = 32;

struct ProcessRoots<'a> {
    process: *mut Process,
    position: Position,
    held: &'a mut [Word],
}

impl Roots for ProcessRoots<'_> {
    fn each(&mut self, visit: &mut dyn FnMut(&mut Word)) {
        // SAFETY: see `collect`; mailbox and stack are not the heap.
        unsafe {
            stack::each_root(&(*(*self.process).runtime).image, self.position, visit);
            (*self.process).mailbox.each_root(visit);
            (*self.process)
                .extra
                .iter_mut()
                .filter_map(|extra| extra.terminate.as_mut())
                .for_each(&mut *visit);
        }
        self.held.iter_mut().for_each(visit);
    }

    fn span_bytes(&self) -> usize {
        // SAFETY: see `collect`.
        unsafe {
            let process = &*self.process;
            let stack = process.stack_base as usize + process.stack_bytes - process.saved_sp;
            stack + process.mailbox.adopted_len() as usize * MESSAGE_SPAN_BYTES + size_of_val(self.held)
        }
    }
}

/// Where the process continues when its entry returns: `return_at` bytes above the saved stack pointer lies the return address.
///
/// # Safety
/// The process is stopped in an entry whose trampoline keeps it there.
pub(crate) unsafe fn position(process: &Process, return_at: usize) -> Position {
    // SAFETY: by contract.
    let pc = unsafe { *((process.saved_sp + return_at) as *const u64) };
    Position { pc, fp: process.saved_fp }
}

/// Collects a process that is stopped in an entry; `held` are reference words of the entry itself. Also shrinks the stack.
///
/// # Safety
/// As for `position`; the entry holds no other reference of the heap.
pub(crate) unsafe fn collect(process: *mut Process, return_at: usize, held: &mut [Word]) {
    // SAFETY: by contract; the roots do not touch the heap's own fields.
    unsafe {
        let position = position(&*process, return_at);
        (*process).heap.collect(0, &mut ProcessRoots { process, position, held });
        stack::shrink(&mut *process);
        after_collection(&mut *process, return_at);
    }
}

/// The slow path of allocation by compiled code.
///
/// # Safety
/// As for `collect`.
pub(crate) unsafe fn allocate(process: *mut Process, return_at: usize, words: usize) -> *mut u64 {
    // SAFETY: by contract.
    unsafe {
        let position = position(&*process, return_at);
        let before = (*process).heap.collection_count();
        let mut roots = ProcessRoots { process, position, held: &mut [] };
        let object = (*process).heap.allocate_or_collect(words, &mut roots);
        if (*process).heap.collection_count() != before {
            stack::shrink(&mut *process);
            after_collection(&mut *process, return_at);
        }
        object
    }
}

/// Forgets what is no root, and crashes a process that holds more than it may.
///
/// # Safety
/// As for `position`.
unsafe fn after_collection(process: &mut Process, return_at: usize) {
    process.flags &= !flag::HAS_MESSAGE;
    if let Some(text) = memory::refusal(process, 0) {
        // SAFETY: by contract.
        unsafe { control::crash(process, return_at, &text) };
    }
}
