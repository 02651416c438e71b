//! How processes begin.

use crate::entries;
use crate::mailbox::Mailbox;
use crate::primitives::inherited;
use crate::process::{Figures, Process, closure_code, flag};
use crate::runtime::Runtime;
use crate::scheduler::worker::{Runnable, Worker};
use crate::stock::Size;
use crate::{stack, trampolines};
use snow_abi::entries::{SPAWN_LINK, SPAWN_MONITOR};
use snow_abi::value::{Class, Word};
use snow_heap::{Fragment, Heap};
use snow_process::{MonitorRef, Outbox, Pid, Relations, Signal};
use std::sync::atomic::Ordering;

/// What a new process begins with.
pub(crate) struct Start {
    /// The closure to run.
    pub closure: Fragment,
    /// Offset of its code.
    pub code: u32,
    /// Signals that it receives.
    pub signals: u32,
    /// The link of the spawner, noted before the first instruction.
    pub linked_to: Option<Pid>,
    /// The monitor of the spawner, noted before the first instruction.
    pub watched_by: Option<(Pid, MonitorRef)>,
    /// What else its spawner has asked for.
    pub orders: Orders,
}

/// What a process has asked for before it spawns.
#[derive(Clone, Copy, Default)]
pub(crate) struct Orders {
    /// The child is linked in any case, and noted in `Extra::spawned_aside` unless it would have been.
    starts_child: bool,
    /// The child ends with its parent, and not the other way round.
    owned: bool,
    /// The bound of the child's heap; 0: none.
    heap_bytes_max: u64,
    /// What the child watches from the start.
    watch: Option<(Pid, MonitorRef)>,
}

/// Flags of which each asks for something at the next spawn.
const ORDERS: u32 = flag::STARTS_CHILD | flag::OWNS_NEXT | flag::BOUNDS_NEXT | flag::WATCHES_NEXT;

impl Process {
    /// What was asked for, which holds for one spawn only unless a child is being started.
    fn take_orders(&mut self) -> Orders {
        if self.flags & ORDERS == 0 {
            return Orders::default();
        }
        let has = |bit| self.flags & bit != 0;
        let (starts_child, owned, bounded) =
            (has(flag::STARTS_CHILD), has(flag::OWNS_NEXT), has(flag::BOUNDS_NEXT));
        self.flags &= !ORDERS | flag::STARTS_CHILD;
        let heap_bytes_max = if bounded { self.extra().next_heap_bytes_max } else { 0 };
        Orders { starts_child, owned, heap_bytes_max, watch: self.extra().next_watch.take() }
    }

    /// Notes that a child being started has spawned `pid`; gives the options that hold for it.
    pub(crate) fn note_aside(&mut self, pid: Pid, options: i64) -> i64 {
        if self.flags & flag::STARTS_CHILD == 0 {
            return options;
        }
        if options & SPAWN_LINK == 0 {
            self.extra().spawned_aside.push(pid);
        }
        options | SPAWN_LINK
    }
}

impl Start {
    fn relations(&self) -> Option<Box<Relations>> {
        if self.linked_to.is_none() && self.watched_by.is_none() {
            return None;
        }
        let mut relations = Box::new(Relations::default());
        if let Some(other) = self.linked_to {
            relations.add_link(other);
        }
        if let Some((watcher, reference)) = self.watched_by {
            relations.add_watcher(watcher, reference);
        }
        Some(relations)
    }
}

impl Runtime {
    /// Makes a process in a free slot, with memory for its first stack at `stack`. The caller puts it into a run queue.
    pub(crate) fn begin(&self, slot: *mut Process, start: Start, stack: *mut u8) -> Pid {
        // SAFETY: a free slot belongs to who allocated it; others look at its atomic fields only.
        let process = unsafe { &mut *slot };
        let generation = process.generation.load(Ordering::Relaxed);
        let generation = if generation >= Pid::GENERATION_MAX { 1 } else { generation + 1 };
        process.generation.store(generation, Ordering::Relaxed);
        process.relations = start.relations();
        process.entries = entries::TABLE.as_ptr().cast();
        // SAFETY: the image lives as long as the runtime, and so do the processes.
        process.heap = unsafe { Heap::new(&self.image.layouts, self.config.stress.heap) };
        process.runtime = self;
        process.start_code = start.code;
        process.signals = start.signals;
        process.flags = if start.orders.starts_child { flag::SUPERVISED } else { 0 };
        process.mailbox = Mailbox::new();
        process.figures = Figures::default();
        process.extra = None;
        if start.orders.heap_bytes_max > 0 {
            process.extra().heap_bytes_max = start.orders.heap_bytes_max;
        }
        if let Some((target, reference)) = start.orders.watch {
            process.relations().add_watching(reference, target);
        }
        let closure = process.heap.adopt(start.closure);
        stack::prepare(process, stack, trampolines::process_start as *const () as usize, closure);
        let pid = process.pid();
        self.process_count.fetch_add(1, Ordering::Relaxed);
        let watched = start.orders.watch.map(|(target, _)| target);
        let others = [start.linked_to, start.watched_by.map(|(watcher, _)| watcher), watched];
        for other in others.into_iter().flatten() {
            if !other.is_local() {
                self.note_interest(other.node(), pid);
            }
        }
        // Last: from here on others can reach it.
        process.inbox.open(generation);
        pid
    }

    /// Makes a process from outside the scheduler threads and queues it. `None`: the table is full.
    pub(crate) fn begin_outside(&self, start: Start) -> Option<Pid> {
        let slot = self.table.allocate()?;
        let pid = self.begin(slot, start, self.depot.take_one(Size::STACK));
        self.shared_queue.push(Runnable(slot));
        self.sleepers.notify();
        Some(pid)
    }

    /// The process that runs `main`; before the threads start.
    pub(crate) fn spawn_main(&self) {
        let closure = self.image.main_closure();
        // SAFETY: the loader has checked that there is an object.
        let (fragment, code) = unsafe { (self.static_fragment(closure), closure_code(closure)) };
        let start = Start {
            closure: fragment,
            code: self.image.code_offset(code).unwrap_or(0),
            signals: self.image.program.main_signals,
            linked_to: None,
            watched_by: None,
            orders: Orders::default(),
        };
        let slot = self.table.allocate().expect("a new table has room");
        let pid = self.begin(slot, start, self.depot.take_one(Size::STACK));
        self.main.store(pid.0, Ordering::SeqCst);
        self.shared_queue.push(Runnable(slot));
    }

    /// A fragment whose value is a static object.
    ///
    /// # Safety
    /// `object` is a static object of the image.
    unsafe fn static_fragment(&self, object: Word) -> Fragment {
        // SAFETY: copying out leaves static objects alone, so an empty heap will do.
        unsafe {
            let mut heap = Heap::new(&self.image.layouts, false);
            heap.copy_out(object, Class::Ref, &mut Default::default())
        }
    }
}

impl Worker {
    /// `spawn` by a process: copies the closure, notes link and monitor on both sides, queues the child. `None`: the table is full.
    ///
    /// # Safety
    /// `closure` is a closure of the process.
    pub unsafe fn spawn(
        &mut self,
        parent: &mut Process,
        closure: Word,
        signals: i64,
        options: i64,
    ) -> Option<(Pid, MonitorRef)> {
        let slot = self.runtime.table.allocate_cached(&mut self.slots)?;
        // SAFETY: by contract.
        let (fragment, code) =
            unsafe { (parent.heap.copy_out(closure, Class::Ref, &mut self.scratch), closure_code(closure)) };
        let own = parent.pid();
        let orders = parent.take_orders();
        let reference = if options & SPAWN_MONITOR != 0 { self.fresh_reference() } else { MonitorRef(0) };
        let start = Start {
            closure: fragment,
            code: self.runtime.image.code_offset(code).unwrap_or(0),
            signals: signals as u32,
            linked_to: (options & SPAWN_LINK != 0 || orders.starts_child || orders.owned).then_some(own),
            watched_by: (options & SPAWN_MONITOR != 0).then_some((own, reference)),
            orders,
        };
        let pid = self.runtime.begin(slot, start, self.stock.take(Size::STACK));
        if let Some(fields) = inherited(parent) {
            // SAFETY: the child is not queued yet: nobody else touches it.
            unsafe { (*slot).extra().log_context = Some(fields) };
        }
        if let Some((target, reference)) = orders.watch {
            self.send_all(&mut Outbox::from([(target, Signal::Monitor { from: pid, reference })]));
        }
        let options = parent.note_aside(pid, options);
        if orders.owned && options & SPAWN_LINK == 0 {
            parent.relations().add_owned(pid);
        }
        note_child(parent, pid, options, reference);
        self.enqueue(slot);
        Some((pid, reference))
    }
}

/// Notes a child's link and monitor on its parent's side.
pub(crate) fn note_child(parent: &mut Process, child: Pid, options: i64, reference: MonitorRef) {
    if options & SPAWN_LINK != 0 {
        parent.relations().add_link(child);
    }
    if options & SPAWN_MONITOR != 0 {
        parent.relations().add_watching(reference, child);
    }
    if options != 0 && !child.is_local() {
        parent.runtime().note_interest(child.node(), parent.pid());
    }
}
