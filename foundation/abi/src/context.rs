//! The process context as compiled code sees it.
//!
//! The pinned register (r15 on x86-64) holds the address of the running process's context. Offsets in bytes.
//!
//! Calls of runtime entries go through the table at [`ENTRIES`]: `call [[r15 + ENTRIES] + 8 * index]`, System V
//! convention, the context as first argument; the entry is a trampoline that switches to the scheduler's stack, so a
//! runtime function may move the process's stack and heap. `StackCheck` and `BackEdge` have conventions of their own,
//! see [`crate::entries::Entry`].

/// u64: stack limit; `u64::MAX` asks for a yield. Compared with the stack pointer at function entry.
pub const STACK_LIMIT: i32 = 0;
/// u64: saved stack pointer of the process while the runtime runs.
pub const SAVED_SP: i32 = 8;
/// u64: saved frame pointer of the process while the runtime runs.
pub const SAVED_FP: i32 = 16;
/// u64: the scheduler's own stack pointer.
pub const SYSTEM_SP: i32 = 24;
/// u64: address of the entry table.
pub const ENTRIES: i32 = 32;
/// u64: next free heap byte (bump allocation).
pub const HEAP_NEXT: i32 = 40;
/// u64: end of the heap's free part.
pub const HEAP_LIMIT: i32 = 48;
/// Size of the part that compiled code may touch.
pub const SIZE: usize = 56;

/// A frame up to this size (bytes) is checked by `cmp rsp, [r15]`; the stack limit leaves this much room below itself.
pub const SMALL_FRAME: u32 = 128;
/// Room that the limit keeps for trampolines and the entry stub, in bytes, beyond [`SMALL_FRAME`].
pub const RED_ZONE: u32 = 256;
