//! Process stacks: small blocks that move when they grow or shrink, and how to walk them.
//!
//! A process stack holds frames of compiled code only. Two kinds of words point into it: the saved stack and frame pointers,
//! and the chain of frame pointers; `move_to` adjusts both. Compiled frames keep no other stack address over a call.

use crate::load::Image;
use crate::process::{POISON, Process};
use crate::stock::{Depot, Size, Stock};
use snow_abi::context::{RED_ZONE, SMALL_FRAME};
use snow_abi::value::Word;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::sync::atomic::Ordering;

/// Size of a new process's stack: room for a `receive` in a few small frames.
pub(crate) const STACK_BYTES_MIN: usize = 896;
/// Room below the limit: a small frame, trampolines and entry stub.
const RESERVE: usize = (SMALL_FRAME + RED_ZONE) as usize;

fn layout(bytes: usize) -> Layout {
    Layout::from_size_align(bytes, 16).expect("a stack is smaller than the address space")
}

/// A block for a stack: blocks of the smallest size are the depot's, larger ones the allocator's.
fn allocate(depot: &Depot, bytes: usize) -> *mut u8 {
    if bytes == STACK_BYTES_MIN {
        return depot.take_one(Size::STACK);
    }
    // SAFETY: the layout is not empty.
    let base = unsafe { alloc(layout(bytes)) };
    if base.is_null() {
        handle_alloc_error(layout(bytes));
    }
    base
}

/// Frees a block.
///
/// # Safety
/// `base` came from `allocate` with this depot and size, and is not used again.
unsafe fn release(depot: &Depot, base: *mut u8, bytes: usize, poison: bool) {
    // SAFETY: by contract.
    unsafe {
        if poison {
            std::ptr::write_bytes(base, 0xA5, bytes);
        }
        if bytes == STACK_BYTES_MIN {
            depot.give_one(base, Size::STACK);
        } else {
            dealloc(base, layout(bytes));
        }
    }
}

/// Gives a process its first stack, at `base`: `enter` will pop four registers and return to `start`, with `closure` in r14.
pub(crate) fn prepare(process: &mut Process, base: *mut u8, start: usize, closure: Word) {
    let top = base as usize + STACK_BYTES_MIN;
    let sp = (top - 56) as *mut u64;
    // SAFETY: the image lies within the new block.
    unsafe {
        for (i, word) in [closure, 0, 0, 0, start as u64, 0, 0].into_iter().enumerate() {
            *sp.add(i) = word;
        }
    }
    process.stack_base = base;
    process.stack_bytes = STACK_BYTES_MIN;
    process.saved_sp = sp as usize;
    process.saved_fp = 0;
    reset_limit(process);
}

/// Frees the stack of a process that has ended.
pub(crate) fn dispose(process: &mut Process, stock: &mut Stock) {
    let runtime = process.runtime();
    let stress = runtime.config.stress.stack;
    // SAFETY: the process does not run again.
    unsafe {
        if process.stack_bytes == STACK_BYTES_MIN && !stress {
            stock.give(process.stack_base, Size::STACK);
        } else {
            release(&runtime.depot, process.stack_base, process.stack_bytes, stress);
        }
    }
    process.stack_base = std::ptr::null_mut();
    process.stack_bytes = 0;
}

/// Frees the stack of a process that the end of the program left behind.
pub(crate) fn release_with_process(process: &mut Process) {
    // SAFETY: no scheduler is left to run the process; the table goes before the depot.
    unsafe {
        let depot = &*std::ptr::addr_of!((*process.runtime).depot);
        release(depot, process.stack_base, process.stack_bytes, false);
    }
}

/// Sets the limit from the stack's size: a request to yield is forgotten.
pub(crate) fn reset_limit(process: &Process) {
    let stress = process.runtime().config.stress.stack;
    let limit = if stress { POISON } else { (process.stack_base as usize + RESERVE) as u64 };
    process.stack_limit.store(limit, Ordering::Relaxed);
}

/// The stack is over its bound.
pub(crate) struct Overflow;

/// Under stress a stack moves at each check, one that is `n` times this size at every `n * n` checks: what a check costs
/// stays bounded.
const STRESS_EACH_BYTES: usize = 4096;

/// Makes room for a frame of `frame_bytes` below the saved stack pointer; under stress the stack moves without need too.
pub(crate) fn make_room(process: &mut Process, frame_bytes: usize) -> Result<(), Overflow> {
    let need = frame_bytes + RESERVE;
    let have = process.saved_sp - process.stack_base as usize;
    let config = &process.runtime().config;
    let (stress, bytes_max) = (config.stress.stack, config.stack_bytes_max);
    if have < need {
        let bytes = (process.stack_bytes * 2).max((process.stack_bytes + need).next_power_of_two());
        if bytes > bytes_max {
            return Err(Overflow);
        }
        move_to(process, bytes);
    } else if stress {
        // SAFETY: the worker runs this process on its own thread.
        let checks = unsafe { (*process.worker).stress_checks } as usize;
        let times = (process.stack_bytes - have) / STRESS_EACH_BYTES;
        if checks.is_multiple_of(1 + times * times) {
            move_to(process, process.stack_bytes);
        }
    }
    Ok(())
}

/// Halves a stack as long as less than a quarter of it is used.
pub(crate) fn shrink(process: &mut Process) {
    let used = process.stack_base as usize + process.stack_bytes - process.saved_sp;
    let mut bytes = process.stack_bytes;
    while bytes / 2 >= STACK_BYTES_MIN && (used + RESERVE) * 4 < bytes {
        bytes /= 2;
    }
    if bytes < process.stack_bytes {
        move_to(process, bytes);
        reset_limit(process);
    }
}

/// Moves the stack of a stopped process into a block of `bytes`.
fn move_to(process: &mut Process, bytes: usize) {
    let (old_base, old_bytes) = (process.stack_base, process.stack_bytes);
    let old_top = old_base as usize + old_bytes;
    let used = old_top - process.saved_sp;
    debug_assert!(used <= bytes);
    let base = allocate(&process.runtime().depot, bytes);
    let delta = (base as usize + bytes).wrapping_sub(old_top);
    let moved = |address: usize| address.wrapping_add(delta);
    // SAFETY: the used part fits the new block; the frame pointers lead from frame to frame within it and end with 0.
    unsafe {
        std::ptr::copy_nonoverlapping(
            process.saved_sp as *const u8,
            moved(process.saved_sp) as *mut u8,
            used,
        );
        process.saved_sp = moved(process.saved_sp);
        if process.saved_fp != 0 {
            process.saved_fp = moved(process.saved_fp);
            let mut frame = process.saved_fp as *mut usize;
            while *frame != 0 {
                *frame = moved(*frame);
                frame = *frame as *mut usize;
            }
        }
        let runtime = process.runtime();
        release(&runtime.depot, old_base, old_bytes, runtime.config.stress.stack);
    }
    process.stack_base = base;
    process.stack_bytes = bytes;
}

/// Where a stopped process continues: the return address and the frame pointer of the frame that it returns to.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    pub pc: u64,
    pub fp: usize,
}

/// Calls `visit` for every live reference in the frames from `position` on.
///
/// # Safety
/// The process is stopped in an entry, at `position`.
pub(crate) unsafe fn each_root(image: &Image, mut position: Position, visit: &mut dyn FnMut(&mut Word)) {
    while let Some((span, slots)) = image.stack_map(position.pc) {
        for slot in slots {
            // SAFETY: the map names words of this frame.
            visit(unsafe { &mut *((position.fp - span as usize + *slot as usize) as *mut Word) });
        }
        // SAFETY: the frame belongs to compiled code, which keeps the chain.
        position = unsafe { caller(position) };
    }
}

/// The position of the caller's frame.
///
/// # Safety
/// `position` is one of compiled code.
pub(crate) unsafe fn caller(position: Position) -> Position {
    // SAFETY: a frame begins with the caller's frame pointer and the return address.
    unsafe { Position { pc: *((position.fp + 8) as *const u64), fp: *(position.fp as *const usize) } }
}
