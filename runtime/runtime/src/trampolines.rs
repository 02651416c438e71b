//! Between compiled code on process stacks and Rust on the scheduler's stack (x86-64).
//!
//! r15 holds the process. A process never keeps a Rust frame on its stack: it leaves by jumping to `leave`, which returns from
//! the `enter` that the scheduler called, and goes on when `enter` is called again. What a stopped process's stack begins with:
//!
//! ```text
//! saved_sp → r14 r13 r12 rbx resume …          `enter` pops four registers and returns to `resume`
//! ```
//!
//! A `now` entry never suspends: after it returns with an action the process is over. A `wait` entry keeps its arguments on the
//! process stack; its `resume` calls it again.

use crate::process::{ACTION, Process, action};
use snow_abi::context::{SAVED_FP, SAVED_SP, SYSTEM_SP};
use std::arch::naked_asm;

/// Distance from `saved_sp` to the return address while a `now` entry runs.
pub(crate) const NOW_RETURN: usize = 0;
/// The same for a `wait` entry: five arguments, resume address and four registers lie above.
pub(crate) const WAIT_RETURN: usize = 80;

/// Defines `$name`, a trampoline to the runtime function `$function` that never suspends.
macro_rules! now_trampoline {
    ($name:ident, $function:path) => {
        #[unsafe(naked)]
        unsafe extern "C" fn $name() {
            std::arch::naked_asm!(
                "mov [r15 + {sp}], rsp", "mov [r15 + {fp}], rbp",
                "mov rsp, [r15 + {system}]",
                "call {function}",
                "cmp dword ptr [r15 + {action}], 0",
                "jne {leave}",
                "mov rsp, [r15 + {sp}]", "mov rbp, [r15 + {fp}]",
                "ret",
                sp = const snow_abi::context::SAVED_SP, fp = const snow_abi::context::SAVED_FP,
                system = const snow_abi::context::SYSTEM_SP, action = const $crate::process::ACTION,
                function = sym $function, leave = sym $crate::trampolines::leave,
            )
        }
    };
}

/// Defines `$name`, a trampoline to a function that may suspend and is then called again with the same arguments: up to
/// five words after the process.
macro_rules! wait_trampoline {
    ($name:ident, $function:path) => {
        #[unsafe(naked)]
        unsafe extern "C" fn $name() {
            #[unsafe(naked)]
            unsafe extern "C" fn again() {
                std::arch::naked_asm!(
                    "pop rsi", "pop rdx", "pop rcx", "pop r8", "pop r9",
                    "jmp {entry}",
                    entry = sym $name,
                )
            }
            std::arch::naked_asm!(
                "push r9", "push r8", "push rcx", "push rdx", "push rsi",
                "lea rax, [rip + {again}]",
                "push rax", "push rbx", "push r12", "push r13", "push r14",
                "mov [r15 + {sp}], rsp", "mov [r15 + {fp}], rbp",
                "mov rsp, [r15 + {system}]",
                "mov rdi, r15",
                "call {function}",
                "cmp dword ptr [r15 + {action}], 0",
                "jne {leave}",
                "mov rsp, [r15 + {sp}]", "mov rbp, [r15 + {fp}]",
                "add rsp, {return_at}",
                "ret",
                again = sym again, return_at = const $crate::trampolines::WAIT_RETURN,
                sp = const snow_abi::context::SAVED_SP, fp = const snow_abi::context::SAVED_FP,
                system = const snow_abi::context::SYSTEM_SP, action = const $crate::process::ACTION,
                function = sym $function, leave = sym $crate::trampolines::leave,
            )
        }
    };
}

pub(crate) use {now_trampoline, wait_trampoline};

/// Switches to a process; returns when it leaves.
///
/// # Safety
/// The process is stopped and held by the calling worker.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn enter(_process: *mut Process) {
    naked_asm!(
        "push rbp", "push rbx", "push r12", "push r13", "push r14", "push r15", "sub rsp, 8",
        "mov r15, rdi",
        "mov [r15 + {system}], rsp",
        "mov rsp, [r15 + {sp}]", "mov rbp, [r15 + {fp}]",
        "pop r14", "pop r13", "pop r12", "pop rbx",
        "ret",
        sp = const SAVED_SP, fp = const SAVED_FP, system = const SYSTEM_SP,
    )
}

/// Back to the scheduler: returns from `enter`.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn leave() {
    naked_asm!(
        "mov rsp, [r15 + {system}]",
        "add rsp, 8", "pop r15", "pop r14", "pop r13", "pop r12", "pop rbx", "pop rbp",
        "ret",
        system = const SYSTEM_SP,
    )
}

/// The first code of every process: calls the closure in r14, then ends the process.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn process_start() {
    naked_asm!(
        "mov rdi, r14", "xor ebp, ebp",
        "call [rdi + 8]",
        "mov dword ptr [r15 + {action}], {end}",
        "jmp {leave}",
        action = const ACTION, end = const action::END, leave = sym leave,
    )
}

/// Called by the stub in front of a function: r11d holds the frame size, all argument registers are alive.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn stack_check() {
    naked_asm!(
        "push rdi", "push rsi", "push rdx", "push rcx", "push r8", "push r9", "push rax", "push r10",
        "sub rsp, 64",
        "movsd [rsp], xmm0", "movsd [rsp + 8], xmm1", "movsd [rsp + 16], xmm2", "movsd [rsp + 24], xmm3",
        "movsd [rsp + 32], xmm4", "movsd [rsp + 40], xmm5", "movsd [rsp + 48], xmm6", "movsd [rsp + 56], xmm7",
        "lea rax, [rip + {resume}]",
        "push rax", "push rbx", "push r12", "push r13", "push r14",
        "mov [r15 + {sp}], rsp", "mov [r15 + {fp}], rbp",
        "mov rsp, [r15 + {system}]",
        "mov rdi, r15", "mov esi, r11d",
        "call {function}",
        "cmp dword ptr [r15 + {action}], 0",
        "jne {leave}",
        "mov rsp, [r15 + {sp}]", "mov rbp, [r15 + {fp}]",
        "add rsp, 40",
        "jmp {resume}",
        sp = const SAVED_SP, fp = const SAVED_FP, system = const SYSTEM_SP, action = const ACTION,
        function = sym crate::entries::control::stack_check, resume = sym stack_check_resume, leave = sym leave,
    )
}

#[unsafe(naked)]
unsafe extern "C" fn stack_check_resume() {
    naked_asm!(
        "movsd xmm0, [rsp]",
        "movsd xmm1, [rsp + 8]",
        "movsd xmm2, [rsp + 16]",
        "movsd xmm3, [rsp + 24]",
        "movsd xmm4, [rsp + 32]",
        "movsd xmm5, [rsp + 40]",
        "movsd xmm6, [rsp + 48]",
        "movsd xmm7, [rsp + 56]",
        "add rsp, 64",
        "pop r10",
        "pop rax",
        "pop r9",
        "pop r8",
        "pop rcx",
        "pop rdx",
        "pop rsi",
        "pop rdi",
        "ret",
    )
}

/// Loop back edge: keeps every register.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn back_edge() {
    naked_asm!(
        "push rax", "push rcx", "push rdx", "push rsi", "push rdi", "push r8", "push r9", "push r10", "push r11",
        "sub rsp, 128",
        "movsd [rsp], xmm0", "movsd [rsp + 8], xmm1", "movsd [rsp + 16], xmm2", "movsd [rsp + 24], xmm3",
        "movsd [rsp + 32], xmm4", "movsd [rsp + 40], xmm5", "movsd [rsp + 48], xmm6", "movsd [rsp + 56], xmm7",
        "movsd [rsp + 64], xmm8", "movsd [rsp + 72], xmm9", "movsd [rsp + 80], xmm10", "movsd [rsp + 88], xmm11",
        "movsd [rsp + 96], xmm12", "movsd [rsp + 104], xmm13", "movsd [rsp + 112], xmm14",
        "movsd [rsp + 120], xmm15",
        "lea rax, [rip + {resume}]",
        "push rax", "push rbx", "push r12", "push r13", "push r14",
        "mov [r15 + {sp}], rsp", "mov [r15 + {fp}], rbp",
        "mov rsp, [r15 + {system}]",
        "mov rdi, r15",
        "call {function}",
        "cmp dword ptr [r15 + {action}], 0",
        "jne {leave}",
        "mov rsp, [r15 + {sp}]", "mov rbp, [r15 + {fp}]",
        "add rsp, 40",
        "jmp {resume}",
        sp = const SAVED_SP, fp = const SAVED_FP, system = const SYSTEM_SP, action = const ACTION,
        function = sym crate::entries::control::back_edge, resume = sym back_edge_resume, leave = sym leave,
    )
}

#[unsafe(naked)]
unsafe extern "C" fn back_edge_resume() {
    naked_asm!(
        "movsd xmm0, [rsp]",
        "movsd xmm1, [rsp + 8]",
        "movsd xmm2, [rsp + 16]",
        "movsd xmm3, [rsp + 24]",
        "movsd xmm4, [rsp + 32]",
        "movsd xmm5, [rsp + 40]",
        "movsd xmm6, [rsp + 48]",
        "movsd xmm7, [rsp + 56]",
        "movsd xmm8, [rsp + 64]",
        "movsd xmm9, [rsp + 72]",
        "movsd xmm10, [rsp + 80]",
        "movsd xmm11, [rsp + 88]",
        "movsd xmm12, [rsp + 96]",
        "movsd xmm13, [rsp + 104]",
        "movsd xmm14, [rsp + 112]",
        "movsd xmm15, [rsp + 120]",
        "add rsp, 128",
        "pop r11",
        "pop r10",
        "pop r9",
        "pop r8",
        "pop rdi",
        "pop rsi",
        "pop rdx",
        "pop rcx",
        "pop rax",
        "ret",
    )
}
