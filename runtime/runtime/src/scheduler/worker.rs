//! One scheduler thread.

use crate::ending;
use crate::inbox::Push;
use crate::mail::{Item, Mail};
use crate::memory::Given;
use crate::process::{Process, action};
use crate::runtime::Runtime;
use crate::stock::Stock;
use crate::table::SlotCache;
use crate::{clock::Random, stack, trampolines};
use crossbeam_deque::{Steal, Stealer, Worker as Deque};
use snow_heap::CopyScratch;
use snow_process::{Effect, ExitReason, MonitorRef, Outbox, Pid, Signal, answer_for_dead};
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How often in a row the process woken last goes first.
const LIFO_TURNS: u32 = 64;
/// How often an idle worker looks round before it sleeps.
const SPINS: u32 = 40;
/// After so many turns a worker looks into the shared queue first.
const SHARED_TURNS: u64 = 61;
/// Monitor references that a worker takes at once.
const REFERENCES: u64 = 1 << 20;

/// A process in a run queue: whoever takes it out holds the process.
#[derive(Clone, Copy)]
pub(crate) struct Runnable(pub *mut Process);

// SAFETY: a run queue hands the process from one holder to the next.
unsafe impl Send for Runnable {}

pub(crate) struct Worker {
    pub index: usize,
    pub runtime: Arc<Runtime>,
    queue: Deque<Runnable>,
    stealers: Vec<Stealer<Runnable>>,
    /// The process woken last: it goes next, while its message is in the cache.
    next: *mut Process,
    lifo_turns: u32,
    turns: u64,
    pub scratch: CopyScratch,
    pub stock: Stock,
    pub slots: SlotCache,
    pub random: Random,
    outbox: Outbox,
    reference: u64,
    /// Memory given out, for the node's bound.
    pub given: Given,
    /// Counts checks under stack stress, where the limit always asks.
    pub stress_checks: u32,
}

impl Worker {
    pub fn new(index: usize, runtime: Arc<Runtime>, queue: Deque<Runnable>) -> Worker {
        let others = runtime.stealers.iter().enumerate().filter(|(other, _)| *other != index);
        let stealers = others.map(|(_, stealer)| stealer.clone()).collect();
        let stock = Stock::new(Arc::clone(&runtime.depot));
        Worker {
            index,
            runtime,
            queue,
            stealers,
            next: null_mut(),
            lifo_turns: 0,
            turns: 0,
            scratch: CopyScratch::default(),
            stock,
            slots: SlotCache::default(),
            random: Random::from_system(),
            outbox: Outbox::new(),
            reference: 0,
            given: Given::default(),
            stress_checks: 0,
        }
    }

    /// The thread's life.
    pub fn run(mut self) {
        crate::signals::block_on_this_thread();
        while !self.runtime.is_stopped() {
            if let Some(process) = self.find().or_else(|| self.rest()) {
                self.turn(process);
            }
        }
        let gauge = &self.runtime.monitor.gauges[self.index];
        gauge.current.store(null_mut(), Ordering::Relaxed);
    }

    /// Puts a process into the own queue and lets others know.
    pub fn enqueue(&mut self, process: *mut Process) {
        self.queue.push(Runnable(process));
        self.runtime.sleepers.notify();
    }

    /// Puts a process that has stopped into the own queue. Others hear of it when there is more for this worker to do.
    fn enqueue_again(&mut self, process: *mut Process) {
        if self.queue.is_empty() && self.next.is_null() {
            self.queue.push(Runnable(process));
        } else {
            self.enqueue(process);
        }
    }

    /// A process that this worker has woken.
    pub fn wake(&mut self, process: *mut Process) {
        let earlier = std::mem::replace(&mut self.next, process);
        if !earlier.is_null() {
            self.enqueue(earlier);
        }
    }

    fn find(&mut self) -> Option<*mut Process> {
        self.turns += 1;
        if self.turns.is_multiple_of(SHARED_TURNS)
            && let Steal::Success(process) = self.runtime.shared_queue.steal()
        {
            return Some(process.0);
        }
        if !self.next.is_null() {
            let process = std::mem::replace(&mut self.next, null_mut());
            self.lifo_turns += 1;
            if self.lifo_turns < LIFO_TURNS || self.queue.is_empty() {
                return Some(process);
            }
            self.enqueue(process);
        }
        self.lifo_turns = 0;
        if let Some(process) = self.queue.pop() {
            return Some(process.0);
        }
        self.search()
    }

    /// Looks into everybody's queues.
    fn search(&self) -> Option<*mut Process> {
        loop {
            let mut retry = false;
            for victim in &self.stealers {
                match victim.steal_batch_and_pop(&self.queue) {
                    Steal::Success(process) => return Some(process.0),
                    Steal::Retry => retry = true,
                    Steal::Empty => {}
                }
            }
            match self.runtime.shared_queue.steal_batch_and_pop(&self.queue) {
                Steal::Success(process) => return Some(process.0),
                Steal::Retry => retry = true,
                Steal::Empty => {}
            }
            if !retry {
                return None;
            }
        }
    }

    /// Nothing to do: spins a little, then sleeps, until there is. `None`: the program ends.
    fn rest(&mut self) -> Option<*mut Process> {
        let runtime = Arc::clone(&self.runtime);
        let sleepers = &runtime.sleepers;
        sleepers.begin_search();
        loop {
            if let Some(process) = self.spin() {
                sleepers.found();
                return Some(process);
            }
            let announced = sleepers.announce(self.index);
            if let Some(process) = self.search() {
                sleepers.retract(self.index);
                return Some(process);
            }
            if announced == runtime.config.schedulers {
                runtime.end_if_nothing_can_run();
            }
            if runtime.is_stopped() {
                sleepers.retract(self.index);
                return None;
            }
            runtime.write_output_aside();
            runtime.monitor.worker_sleeps();
            sleepers.sleep(self.index);
            runtime.monitor.worker_wakes();
        }
    }

    fn spin(&self) -> Option<*mut Process> {
        (0..SPINS).find_map(|_| {
            std::hint::spin_loop();
            self.search()
        })
    }

    /// Runs a process until it leaves.
    fn turn(&mut self, process: *mut Process) {
        // SAFETY: the process came out of a run queue, so this worker holds it until it is queued, parked or ended.
        let held = unsafe { &mut *process };
        held.worker = self;
        self.drain(held);
        if held.is_ending() {
            return ending::end(self, held);
        }
        stack::reset_limit(held);
        held.action = action::CONTINUE;
        let runtime = Arc::as_ptr(&self.runtime);
        // SAFETY: the worker keeps its runtime alive.
        let gauge = unsafe { &(&(*runtime).monitor.gauges)[self.index] };
        gauge.turns.store(gauge.turns.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        gauge.current.store(process, Ordering::Release);
        // SAFETY: the process is stopped and held.
        unsafe { trampolines::enter(process) };
        gauge.current.store(null_mut(), Ordering::Relaxed);
        // SAFETY: as above; the reference from before the switch is not used across it.
        let held = unsafe { &mut *process };
        match held.action {
            action::END => ending::end(self, held),
            action::PARK => {
                held.publish_figures();
                // From here on whoever wakes the process holds it.
                if !held.inbox.park() {
                    self.enqueue_again(process);
                }
            }
            _ => {
                held.publish_figures();
                self.enqueue_again(process);
            }
        }
    }

    /// Takes in what has come: messages and notices into the mailbox, the rest takes effect.
    pub fn drain(&mut self, process: &mut Process) {
        if !process.inbox.has_mail() {
            return;
        }
        let list = process.inbox.take();
        if list.all_for_mailbox {
            return process.mailbox.append_list(list);
        }
        let mut outbox = std::mem::take(&mut self.outbox);
        for mail in list {
            if mail.is_for_mailbox() {
                process.mailbox.append(mail);
            } else if let Some(item) = mail.into_item() {
                self.take_in(process, item, &mut outbox);
            }
        }
        self.send_all(&mut outbox);
        self.outbox = outbox;
    }

    fn take_in(&mut self, process: &mut Process, item: Item, outbox: &mut Outbox) {
        match item {
            Item::Signal(signal) => self.apply(process, signal, outbox),
            Item::Timeout { token } => {
                if let Some(extra) = process.extra.as_mut().filter(|extra| extra.token == token) {
                    extra.fired = true;
                }
            }
            Item::Answer { token, answer } => {
                if let Some(extra) = process.extra.as_mut().filter(|extra| extra.token == token) {
                    extra.answer = Some(answer);
                }
            }
            Item::Resume => {}
            Item::Spawned(child) if process.extra().spawning.is_some() => {
                process.note_remote_child(child);
                process.extra().spawned = Some(child);
            }
            // The process is in its terminate part and waits for no child any longer.
            Item::Spawned(child) => {
                outbox.push(ending::orphan(process.pid(), child, ending::reason(process)));
            }
        }
    }

    /// A signal takes effect on a process that this worker holds.
    fn apply(&mut self, process: &mut Process, signal: Signal, outbox: &mut Outbox) {
        if process.is_ending() {
            outbox.extend(answer_for_dead(process.pid(), &signal, ending::reason(process)));
            return;
        }
        self.note_node(process, &signal);
        let own = process.pid();
        let killed = matches!(&signal, Signal::Exit { reason: ExitReason::Kill, .. });
        match process.relations().receive(own, signal, outbox) {
            Effect::None => {}
            Effect::Message(message) => {
                process.mailbox.append(Mail::message(message));
            }
            Effect::Notice(notice) => {
                process.mailbox.append(Mail::parcel(Item::Signal(Signal::Notice(notice))));
            }
            Effect::End(reason) => {
                let extra = process.extra();
                if killed {
                    extra.terminate = None;
                }
                // A `terminate` part is interrupted by `:kill` only.
                if killed || extra.terminating.is_none() {
                    extra.ending = Some(reason);
                }
            }
            Effect::Signals(signals) => {
                signals.into_iter().for_each(|signal| self.apply(process, signal, outbox));
            }
        }
    }

    /// Remembers that a process has to hear of the loss of a node.
    fn note_node(&self, process: &Process, signal: &Signal) {
        if let Signal::Link { from } | Signal::Monitor { from, .. } = signal
            && !from.is_local()
        {
            self.runtime.note_interest(from.node(), process.pid());
        }
    }

    /// Sends the signals of an outbox.
    pub fn send_all(&mut self, outbox: &mut Outbox) {
        // Answers of dead receivers may follow.
        while !outbox.is_empty() {
            for (to, signal) in std::mem::take(outbox) {
                if let Some(answer) = self.send(to, signal) {
                    outbox.push(answer);
                }
            }
        }
    }

    /// Sends one signal; gives the answer of a receiver that is not there.
    fn send(&mut self, to: Pid, signal: Signal) -> Option<(Pid, Signal)> {
        if !to.is_local() {
            return self.runtime.send_remote(to, signal);
        }
        self.push(to, Mail::parcel(Item::Signal(signal))).and_then(|mail| ending::answer(to, &mail))
    }

    /// Pushes mail into a local process's inbox; gives it back when there is no such process.
    #[inline]
    pub fn push(&mut self, to: Pid, mail: Mail) -> Option<Mail> {
        match self.runtime.push(to, mail) {
            (Push::Queued, _) => None,
            (Push::Wake, process) => {
                self.wake(process);
                None
            }
            (Push::Dead(mail), _) => Some(mail),
        }
    }

    /// A reference that no other monitor of this node has.
    pub fn fresh_reference(&mut self) -> MonitorRef {
        if self.reference.is_multiple_of(REFERENCES) {
            self.reference = self.runtime.take_references(REFERENCES);
        }
        self.reference += 1;
        MonitorRef(self.reference - 1)
    }
}
