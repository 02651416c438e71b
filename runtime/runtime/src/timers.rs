//! Timers: one wheel per scheduler, filled and emptied by it, and one thread that fires what is due.
//!
//! The thread sleeps until the earliest deadline that it knows of. Setting an earlier one wakes it; cancelling does not.

mod wheel;

use crate::clock::Clock;
use crate::sync::{AtomicUsize, Mutex, Ordering, lock};
use snow_abi::descriptor::DescriptorId;
use snow_heap::Fragment;
use snow_process::Pid;
use std::sync::atomic::AtomicU64;
use std::sync::{Condvar, Mutex as PlainMutex};
use wheel::{Key, Wheel};

/// What a timer does.
pub(crate) enum Action {
    /// Ends a wait of a process.
    Wake { pid: Pid, token: u64 },
    /// Sends a message, and again every so many milliseconds.
    Send { from: Pid, to: Pid, message: Fragment, descriptor: DescriptorId, every_ms: Option<u64> },
}

/// A timer as a number of the program: the shard in the upper 8 bits, 24 bits of generation, 32 of index. Never negative.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TimerId(pub i64);

const SHARDS_MAX: usize = 127;
const GENERATION_MASK: u32 = 0xFF_FFFF;

impl TimerId {
    fn new(shard: usize, key: Key) -> TimerId {
        TimerId((shard as i64) << 56 | ((key.generation & GENERATION_MASK) as i64) << 32 | key.index as i64)
    }

    fn shard(self) -> usize {
        (self.0 >> 56) as usize
    }
}

/// One wheel, with the timers that repeat: their id stays while their key changes.
struct Shard {
    wheel: Wheel<(Owner, Action)>,
    /// Timers by the index in their id: the key in the wheel.
    live: Vec<Slot>,
    free: Vec<u32>,
}

/// Index in `live` and the generation there: who a wheel's entry belongs to.
type Owner = (u32, u32);

#[derive(Clone, Copy)]
struct Slot {
    generation: u32,
    key: Option<Key>,
    /// Whether it is set again when it has fired.
    repeats: bool,
}

/// All timers of a node.
pub(crate) struct Timers {
    shards: Vec<Mutex<Shard>>,
    /// Timers that have not fired and were not cancelled.
    pending: AtomicUsize,
    /// Tick at which the thread will wake by itself; 0 when stopped or busy.
    wake_at: AtomicU64,
    sleep: PlainMutex<bool>,
    wake: Condvar,
}

impl Timers {
    pub fn new(shards: usize) -> Timers {
        let shard = || Mutex::new(Shard { wheel: Wheel::new(), live: Vec::new(), free: Vec::new() });
        Timers {
            shards: (0..shards.clamp(1, SHARDS_MAX)).map(|_| shard()).collect(),
            pending: AtomicUsize::new(0),
            wake_at: AtomicU64::new(0),
            sleep: PlainMutex::new(false),
            wake: Condvar::new(),
        }
    }

    /// Number of timers under way.
    pub fn pending(&self) -> usize {
        self.pending.load(Ordering::SeqCst)
    }

    /// Sets a timer on the wheel of worker `shard`.
    pub fn set(&self, shard: usize, deadline: u64, action: Action) -> TimerId {
        let shard = shard % self.shards.len();
        self.pending.fetch_add(1, Ordering::SeqCst);
        let id = {
            let mut guard = lock(&self.shards[shard]);
            let this = &mut *guard;
            let index = this.free.pop().unwrap_or_else(|| {
                this.live.push(Slot { generation: 0, key: None, repeats: false });
                this.live.len() as u32 - 1
            });
            let generation = this.live[index as usize].generation;
            this.live[index as usize].repeats = matches!(action, Action::Send { every_ms: Some(_), .. });
            this.live[index as usize].key = Some(this.wheel.insert(deadline, ((index, generation), action)));
            TimerId::new(shard, Key { index, generation })
        };
        self.expect(deadline);
        id
    }

    /// Takes a timer back; `false` when it has fired or is unknown.
    pub fn cancel(&self, id: TimerId) -> bool {
        let Some(shard) = self.shards.get(id.shard()).filter(|_| id.0 >= 0) else { return false };
        let mut guard = lock(shard);
        let this = &mut *guard;
        let index = id.0 as u32;
        let generation = (id.0 >> 32) as u32 & GENERATION_MASK;
        let Some(slot) = this.live.get_mut(index as usize) else { return false };
        let Some(key) = slot.key.filter(|_| slot.generation & GENERATION_MASK == generation) else {
            return false;
        };
        // One that is firing is in no wheel; a repeating one has still been stopped then.
        let cancelled = slot.repeats | this.wheel.cancel(key).is_some();
        this.forget(index);
        self.pending.fetch_sub(1, Ordering::SeqCst);
        cancelled
    }

    /// The tick at which a timer fires next; `None` when it has fired for the last time or was cancelled.
    pub fn deadline(&self, id: TimerId) -> Option<u64> {
        let shard = lock(self.shards.get(id.shard()).filter(|_| id.0 >= 0)?);
        let slot = shard.live.get(id.0 as u32 as usize)?;
        let generation = (id.0 >> 32) as u32 & GENERATION_MASK;
        let key = slot.key.filter(|_| slot.generation & GENERATION_MASK == generation)?;
        shard.wheel.deadline(key)
    }

    /// Wakes the thread when it would sleep past `deadline`.
    fn expect(&self, deadline: u64) {
        if deadline < self.wake_at.load(Ordering::SeqCst) {
            let _sleeping = self.sleep.lock().expect("no holder panics");
            self.wake_at.store(0, Ordering::SeqCst);
            self.wake.notify_one();
        }
    }

    /// Ends the thread.
    pub fn stop(&self) {
        *self.sleep.lock().expect("no holder panics") = true;
        self.wake.notify_one();
    }

    /// The thread: fires what is due until `stop`. `fire` gets each action, and gives back one that repeats; `settled` is called
    /// when the last pending timer has fired.
    pub fn run(&self, clock: &Clock, fire: impl Fn(Action) -> Option<Action>, settled: impl Fn()) {
        let mut due = Vec::new();
        loop {
            let now = clock.ticks();
            for shard in &self.shards {
                lock(shard).wheel.advance(now, &mut due);
                for (owner, action) in due.drain(..) {
                    if self.finish(shard, owner, now, fire(action)) {
                        settled();
                    }
                }
            }
            if !self.sleep_until_due(clock) {
                return;
            }
        }
    }

    /// After a timer fired: sets it again, or forgets it, unless it was cancelled meanwhile. Gives whether no timer is pending now.
    fn finish(&self, shard: &Mutex<Shard>, owner: Owner, now: u64, again: Option<Action>) -> bool {
        let mut guard = lock(shard);
        let this = &mut *guard;
        let index = owner.0 as usize;
        if this.live[index].generation != owner.1 {
            return false;
        }
        if let Some(action) = again
            && let Action::Send { every_ms: Some(every_ms), .. } = action
        {
            this.live[index].key = Some(this.wheel.insert(now + every_ms.max(1), (owner, action)));
            return false;
        }
        this.forget(owner.0);
        // After `fire` has pushed what the timer gives: see `scheduler::idle`.
        self.pending.fetch_sub(1, Ordering::SeqCst) == 1
    }

    /// Sleeps until the earliest deadline. `false` when stopped.
    fn sleep_until_due(&self, clock: &Clock) -> bool {
        let mut stopped = self.sleep.lock().expect("no holder panics");
        // Announced before the wheels are looked at: a timer set meanwhile is seen here or wakes the thread.
        self.wake_at.store(u64::MAX, Ordering::SeqCst);
        let next = self.shards.iter().filter_map(|shard| lock(shard).wheel.next_tick()).min();
        let next = next.unwrap_or(u64::MAX);
        let announced = self.wake_at.fetch_min(next, Ordering::SeqCst);
        let mut woken = announced == 0;
        while !woken && !*stopped && clock.ticks() < next {
            stopped = if next == u64::MAX {
                self.wake.wait(stopped).expect("no holder panics")
            } else {
                let moment = clock.moment(next);
                let wait = moment.saturating_duration_since(std::time::Instant::now());
                self.wake.wait_timeout(stopped, wait).expect("no holder panics").0
            };
            woken = self.wake_at.load(Ordering::SeqCst) == 0;
        }
        self.wake_at.store(0, Ordering::SeqCst);
        !*stopped
    }
}

impl Shard {
    fn forget(&mut self, index: u32) {
        let slot = &mut self.live[index as usize];
        slot.key = None;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(index);
    }
}
