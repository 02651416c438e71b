//! The preemption monitor: asks a process that has run for a whole tick to yield.
//!
//! It ticks while some worker runs something and sleeps when nothing has run for some ticks; a worker that starts wakes it.

use crate::process::{POISON, Process};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering, fence};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

/// How long a process may run before it is asked; between one and two ticks pass.
const TICK: Duration = Duration::from_micros(500);
/// Ticks without anything running before the monitor sleeps: waking it for each short run would cost more.
const IDLE_TICKS: u32 = 20;

/// What one worker shows the monitor.
#[derive(Default)]
pub(crate) struct Gauge {
    /// The process that it runs.
    pub current: AtomicPtr<Process>,
    /// Counts the processes that it has run.
    pub turns: AtomicU64,
}

pub(crate) struct Monitor {
    pub gauges: Vec<Gauge>,
    asleep: AtomicBool,
    stopped: Mutex<bool>,
    wake: Condvar,
}

impl Monitor {
    pub fn new(workers: usize) -> Monitor {
        Monitor {
            gauges: (0..workers).map(|_| Gauge::default()).collect(),
            asleep: AtomicBool::new(false),
            stopped: Mutex::new(false),
            wake: Condvar::new(),
        }
    }

    /// A worker has work again. Called after a sleep, not per process.
    pub fn worker_started(&self) {
        fence(Ordering::SeqCst);
        if self.asleep.load(Ordering::Relaxed) {
            let _guard = self.stopped.lock().expect("no holder panics");
            self.wake.notify_one();
        }
    }

    /// Ends the monitor; only after the workers, whose processes must still be interrupted to see the end.
    pub fn stop(&self) {
        *self.stopped.lock().expect("no holder panics") = true;
        self.wake.notify_one();
    }

    /// The monitor's thread.
    pub fn run(&self) {
        let mut seen = vec![0; self.gauges.len()];
        let mut idle_ticks = 0;
        let mut stopped = self.stopped.lock().expect("no holder panics");
        while !*stopped {
            if idle_ticks < IDLE_TICKS {
                stopped = self.wake.wait_timeout(stopped, TICK).expect("no holder panics").0;
            } else {
                self.asleep.store(true, Ordering::Relaxed);
                fence(Ordering::SeqCst);
                if !self.is_busy() {
                    stopped = self.wake.wait(stopped).expect("no holder panics");
                }
                self.asleep.store(false, Ordering::Relaxed);
            }
            idle_ticks = if self.tick(&mut seen) { 0 } else { idle_ticks + 1 };
        }
    }

    fn is_busy(&self) -> bool {
        self.gauges.iter().any(|gauge| !gauge.current.load(Ordering::Relaxed).is_null())
    }

    /// Poisons what has run since the last tick. Gives whether anything runs.
    fn tick(&self, seen: &mut [u64]) -> bool {
        let mut busy = false;
        for (gauge, seen) in self.gauges.iter().zip(seen) {
            let process = gauge.current.load(Ordering::Acquire);
            let turns = gauge.turns.load(Ordering::Relaxed);
            busy |= !process.is_null() || turns != *seen;
            if !process.is_null() && turns == *seen {
                // SAFETY: control blocks are never unmapped while the runtime lives, and the limit is atomic. A process that has just
                // stopped forgets the request when it runs again.
                unsafe { (*process).stack_limit.store(POISON, Ordering::Relaxed) };
            }
            *seen = turns;
        }
        busy
    }
}
