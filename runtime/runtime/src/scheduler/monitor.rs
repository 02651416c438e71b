//! The preemption monitor: asks a process that has run for a whole tick to yield.
//!
//! It ticks while some worker is awake and sleeps when all of them have slept for some ticks; a worker that wakes up wakes it. A
//! worker between two processes is awake: were it not, a worker that the system has taken its core away from would look idle, and
//! what it runs next would never be asked.

use crate::process::{POISON, Process};
use crate::sync::{AtomicUsize, Condvar, Mutex, MutexGuard, Ordering, fence};
use std::sync::atomic::{AtomicPtr, AtomicU64};
use std::time::Duration;

/// How long a process may run before it is asked; between one and two ticks pass.
const TICK: Duration = Duration::from_micros(500);
/// Ticks with all workers asleep before the monitor sleeps: waking it for each short run would cost more.
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
    watch: Watch,
}

impl Monitor {
    pub fn new(workers: usize) -> Monitor {
        Monitor { gauges: (0..workers).map(|_| Gauge::default()).collect(), watch: Watch::new(workers) }
    }

    /// A worker is about to sleep.
    pub fn worker_sleeps(&self) {
        self.watch.worker_sleeps();
    }

    /// A worker has woken up. Called after a sleep, not per process.
    pub fn worker_wakes(&self) {
        self.watch.worker_wakes();
    }

    /// Ends the monitor; only after the workers, whose processes must still be interrupted to see the end.
    pub fn stop(&self) {
        self.watch.stop();
    }

    /// The monitor's thread.
    pub fn run(&self) {
        let mut seen = vec![0; self.gauges.len()];
        let mut idle_ticks = 0;
        let mut stopped = self.watch.stopped.lock().expect("no holder panics");
        while !*stopped {
            stopped = if idle_ticks < IDLE_TICKS {
                self.watch.wake.wait_timeout(stopped, TICK).expect("no holder panics").0
            } else {
                self.watch.sleep_while_all_sleep(stopped)
            };
            self.tick(&mut seen);
            idle_ticks = if self.watch.all_sleep() { idle_ticks + 1 } else { 0 };
        }
    }

    /// Poisons what has run since the last tick.
    fn tick(&self, seen: &mut [u64]) {
        for (gauge, seen) in self.gauges.iter().zip(seen) {
            let process = gauge.current.load(Ordering::Acquire);
            let turns = gauge.turns.load(Ordering::Relaxed);
            if !process.is_null() && turns == *seen {
                // SAFETY: control blocks are never unmapped while the runtime lives, and the limit is atomic. A process that has just
                // stopped forgets the request when it runs again.
                unsafe { (*process).stack_limit.store(POISON, Ordering::Relaxed) };
            }
            *seen = turns;
        }
    }
}

/// Who is awake. A worker counts itself before it looks whether the monitor sleeps, the monitor says that it sleeps before it looks at
/// the count; both pass a sequentially consistent fence in between, so at least one of them sees the other.
struct Watch {
    /// Workers that do not sleep; at first all, though their threads are still to start.
    awake: AtomicUsize,
    /// 1 while the monitor sleeps or is about to.
    monitor_asleep: AtomicUsize,
    stopped: Mutex<bool>,
    wake: Condvar,
}

impl Watch {
    fn new(workers: usize) -> Watch {
        Watch {
            awake: AtomicUsize::new(workers),
            monitor_asleep: AtomicUsize::new(0),
            stopped: Mutex::new(false),
            wake: Condvar::new(),
        }
    }

    fn all_sleep(&self) -> bool {
        self.awake.load(Ordering::Relaxed) == 0
    }

    fn worker_sleeps(&self) {
        self.awake.fetch_sub(1, Ordering::Relaxed);
    }

    fn worker_wakes(&self) {
        self.awake.fetch_add(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        if self.monitor_asleep.load(Ordering::Relaxed) != 0 {
            let _monitor_waits = self.stopped.lock().expect("no holder panics");
            self.wake.notify_one();
        }
    }

    fn stop(&self) {
        *self.stopped.lock().expect("no holder panics") = true;
        self.wake.notify_one();
    }

    fn sleep_while_all_sleep<'w>(&self, mut stopped: MutexGuard<'w, bool>) -> MutexGuard<'w, bool> {
        self.monitor_asleep.store(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        while self.all_sleep() && !*stopped {
            stopped = self.wake.wait(stopped).expect("no holder panics");
        }
        self.monitor_asleep.store(0, Ordering::Relaxed);
        stopped
    }
}

#[cfg(all(test, loom))]
mod models {
    //! Interleavings of workers that sleep and wake up with a monitor that goes to sleep, by loom: all with at most three preemptions.

    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    /// The monitor comes back from each sleep once a worker is awake for good; one that missed it would sleep for ever, which loom
    /// reports.
    #[test]
    fn the_monitor_is_awake_beside_an_awake_worker() {
        let mut model = loom::model::Builder::new();
        model.preemption_bound = Some(3);
        model.check(|| {
            let watch = Arc::new(Watch::new(2));
            let workers: Vec<_> = (0..2)
                .map(|_| {
                    let watch = Arc::clone(&watch);
                    thread::spawn(move || {
                        watch.worker_sleeps();
                        watch.worker_wakes();
                    })
                })
                .collect();
            for _ in 0..2 {
                let stopped = watch.stopped.lock().expect("no panic");
                drop(watch.sleep_while_all_sleep(stopped));
            }
            workers.into_iter().for_each(|worker| worker.join().expect("no panic"));
            assert!(!watch.all_sleep());
        });
    }
}
