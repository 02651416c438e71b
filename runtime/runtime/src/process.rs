//! The process control block: context of compiled code, heap, stack, mailbox, and the little that others may touch.
//!
//! Control blocks are the slots of the process table; they are never unmapped. Who may touch what:
//! - `generation`, `inbox`, `stack_limit` (storing the poison only), `figures`: anybody, atomically;
//! - all else: the worker that holds the process (running it, or between taking it from a run queue and parking it).

use crate::clock::Random;
use crate::entries::spawning::Spawning;
use crate::inbox::Inbox;
use crate::log::Field;
use crate::mailbox::Mailbox;
use crate::runtime::Runtime;
use crate::scheduler::worker::Worker;
use crate::timers::TimerId;
use snow_abi::context;
use snow_abi::value::Word;
use snow_heap::Heap;
use snow_process::{ExitReason, MonitorRef, Pid, Relations};
use std::any::Any;
use std::mem::offset_of;
use std::ptr::{null, null_mut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Stack limit that asks a process to yield.
pub(crate) const POISON: u64 = u64::MAX;

/// What the trampoline does when a runtime function returns: 0 goes on, everything else leaves to the scheduler.
pub(crate) mod action {
    /// Back to compiled code.
    pub const CONTINUE: u32 = 0;
    /// The process is over; its reason is in `Extra::ending`, none means `:normal`.
    pub const END: u32 = 1;
    /// Into the run queue again.
    pub const YIELD: u32 = 2;
    /// Sleep until something comes into the inbox.
    pub const PARK: u32 = 3;
}

/// Bits of a process's flags.
pub(crate) mod flag {
    /// It is starting a child: what it spawns is linked, and noted.
    pub const STARTS_CHILD: u32 = 1;
    /// A supervisor has started it.
    pub const SUPERVISED: u32 = 2;
    /// What it spawns next is owned.
    pub const OWNS_NEXT: u32 = 4;
    /// A heap bound for what it spawns next is in `Extra::next_heap_bytes_max`.
    pub const BOUNDS_NEXT: u32 = 8;
    /// What it spawns next watches the process in `Extra::next_watch`.
    pub const WATCHES_NEXT: u32 = 32;
    /// `last_message` holds the message that it received last.
    pub const HAS_MESSAGE: u32 = 64;
    /// The running receive has a timeout: `Extra::receive_deadline`.
    pub const RECEIVE_IS_TIMED: u32 = 128;
    /// It is a supervisor that nobody supervises: the end of the program waits for it.
    pub const ROOT: u32 = 16;
}

/// A process, or a free slot.
#[repr(C)]
pub(crate) struct Process {
    pub stack_limit: AtomicU64,
    pub saved_sp: usize,
    pub saved_fp: usize,
    pub system_sp: usize,
    pub entries: *const usize,
    pub heap: Heap,
    // Compiled code knows what is above, trampolines this one.
    pub action: u32,
    pub generation: AtomicU32,
    pub slot: u32,
    /// Offset of the code of the start closure: name and mailbox type follow from it.
    pub start_code: u32,
    pub stack_base: *mut u8,
    pub stack_bytes: usize,
    pub runtime: *const Runtime,
    pub worker: *mut Worker,
    pub inbox: Inbox,
    pub mailbox: Mailbox,
    /// Signals that its code receives at all.
    pub signals: u32,
    /// Bits of [`flag`].
    pub flags: u32,
    /// What was received last, for a report; no root, so a collection forgets it.
    pub last_message: Word,
    pub figures: Figures,
    pub relations: Option<Box<Relations>>,
    pub extra: Option<Box<Extra>>,
}

/// The deadline of a receive that does not wait.
pub(crate) const POLL: u64 = 0;

const _: () = assert!(
    offset_of!(Process, stack_limit) == context::STACK_LIMIT as usize
        && offset_of!(Process, saved_sp) == context::SAVED_SP as usize
        && offset_of!(Process, saved_fp) == context::SAVED_FP as usize
        && offset_of!(Process, system_sp) == context::SYSTEM_SP as usize
        && offset_of!(Process, entries) == context::ENTRIES as usize
        && offset_of!(Process, heap) == context::HEAP_NEXT as usize
        && context::HEAP_LIMIT == context::HEAP_NEXT + 8
);

/// Offset of `action`, for the trampolines.
pub(crate) const ACTION: usize = offset_of!(Process, action);

/// What others may read about a process, written by its worker when it stops.
#[derive(Default)]
pub(crate) struct Figures {
    pub heap_bytes: AtomicU64,
    pub stack_bytes: AtomicU32,
    pub mailbox_len: AtomicU32,
    pub links: AtomicU32,
    pub monitors: AtomicU32,
    pub received: AtomicU32,
    /// 1 when it has a name, temporary files, or links or monitors with another node: these have to be cleaned up at its end.
    pub named: AtomicU32,
}

/// What few processes need.
#[derive(Default)]
pub(crate) struct Extra {
    /// Tick at which the running receive gives up, when it has a timeout; [`POLL`]: at once.
    pub receive_deadline: u64,
    /// Number of the latest wait; answers and timeouts of earlier ones are stale.
    pub token: u64,
    /// The timer of the current wait.
    pub timer: Option<TimerId>,
    /// Whether the timer of the current wait has fired.
    pub fired: bool,
    /// Whether a wait is under way: a `wait` entry was called and has not finished.
    pub waiting: bool,
    /// What blocking work gave.
    pub answer: Option<Box<dyn Any + Send>>,
    /// The remote spawn that is under way.
    pub spawning: Option<Spawning>,
    /// Pid of a remote process whose spawn was answered.
    pub spawned: Option<Pid>,
    /// Why the process ends.
    pub ending: Option<ExitReason>,
    /// The closure that it runs when it ends; a root of its heap.
    pub terminate: Option<Word>,
    /// Why it ends while that closure runs.
    pub terminating: Option<ExitReason>,
    /// Snow stack trace of a crash.
    pub trace: Vec<String>,
    /// Whether it has crashed itself, and not with another process.
    pub crashed: bool,
    /// What it has spawned while it started a child.
    pub spawned_aside: Vec<Pid>,
    /// The bound of its heap; 0: none.
    pub heap_bytes_max: u64,
    /// What the process that it spawns next watches.
    pub next_watch: Option<(Pid, MonitorRef)>,
    /// The bound for the process that it spawns next.
    pub next_heap_bytes_max: u64,
    /// The generator of a process that has given a seed.
    pub random: Option<Random>,
    /// Fields of all its log lines.
    pub log_context: Option<Arc<[Field]>>,
}

impl Process {
    /// A slot that was never used.
    pub fn vacant(slot: u32) -> Process {
        Process {
            stack_limit: AtomicU64::new(0),
            saved_sp: 0,
            saved_fp: 0,
            system_sp: 0,
            entries: null(),
            // SAFETY: an empty heap does not look at its layouts; `Runtime::new_process` puts a real one here.
            heap: unsafe { Heap::new(null(), false) },
            action: action::CONTINUE,
            generation: AtomicU32::new(0),
            slot,
            start_code: 0,
            stack_base: null_mut(),
            stack_bytes: 0,
            runtime: null(),
            worker: null_mut(),
            inbox: Inbox::new(),
            mailbox: Mailbox::new(),
            signals: 0,
            flags: 0,
            last_message: 0,
            figures: Figures::default(),
            relations: None,
            extra: None,
        }
    }

    /// The pid of the process in this slot. Owner only: others compare generations.
    pub fn pid(&self) -> Pid {
        Pid::local(self.slot, self.generation.load(Ordering::Relaxed))
    }

    pub fn runtime(&self) -> &Runtime {
        // SAFETY: a process lives in the table of its runtime.
        unsafe { &*self.runtime }
    }

    pub fn relations(&mut self) -> &mut Relations {
        self.relations.get_or_insert_default()
    }

    pub fn extra(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    /// Ends the process when the running entry returns.
    pub fn end_with(&mut self, reason: ExitReason) {
        self.extra().ending.get_or_insert(reason);
        self.action = action::END;
    }

    /// Ends the process by a crash of its own, which is reported.
    pub fn crash_with(&mut self, reason: ExitReason) {
        self.extra().crashed = true;
        self.end_with(reason);
    }

    /// Whether a signal has ended it already.
    pub fn is_ending(&self) -> bool {
        self.extra.as_ref().is_some_and(|extra| extra.ending.is_some())
    }

    /// Writes down what others may read.
    pub fn publish_figures(&self) {
        let figures = &self.figures;
        figures
            .heap_bytes
            .store((self.heap.used_bytes() + self.heap.external_bytes()) as u64, Ordering::Relaxed);
        figures.stack_bytes.store(self.stack_bytes as u32, Ordering::Relaxed);
        figures.mailbox_len.store(self.mailbox.len(), Ordering::Relaxed);
        if let Some(relations) = &self.relations {
            figures.links.store(relations.link_count() as u32, Ordering::Relaxed);
            figures.monitors.store(relations.monitor_count() as u32, Ordering::Relaxed);
        }
    }
}

/// The body word of a closure that holds its code's address.
///
/// # Safety
/// `closure` is a live closure.
pub(crate) unsafe fn closure_code(closure: Word) -> u64 {
    // SAFETY: by contract; body word 0 is the code.
    unsafe { *(closure as *const u64).add(1) }
}

impl Drop for Process {
    /// What was never received goes with the table.
    fn drop(&mut self) {
        drop(self.inbox.close());
        if !self.stack_base.is_null() {
            crate::stack::release_with_process(self);
        }
    }
}
