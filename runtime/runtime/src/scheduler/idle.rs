//! Workers without work: those that search and those that sleep. No wake-up is lost, and nobody polls.
//!
//! Who publishes work pushes it first and then calls `notify`; who finds none announces itself, looks once more, and only then
//! sleeps. Both sides pass a sequentially consistent fence in between, so at least one of them sees the other.
//!
//! While somebody searches nobody is woken: the searcher finds the work, or announces itself and looks once more. One who finds work
//! and was the last to search wakes the next, since more may have come meanwhile. A woken worker counts as searching from the moment at
//! which it is chosen. So a stream of new work wakes one worker after the other, each at the price of one wake-up.
//!
//! *The end of a program*: timers, blocking work and the like push what they give before they count themselves as done. So
//! when all workers are announced, nothing is pending, and after that the queues are still empty, nothing can run any more.

use crate::sync::{AtomicUsize, Condvar, Mutex, Ordering, fence, lock};

/// The workers that search, sleep or are about to.
pub(crate) struct Sleepers {
    /// Indices of announced workers.
    announced: Mutex<Vec<usize>>,
    /// Length of `announced`, for a look without the lock.
    count: AtomicUsize,
    /// Workers that search: they have not announced themselves, or were chosen to be woken.
    searching: AtomicUsize,
    parkers: Vec<Parker>,
}

/// One worker's bed: a flag that stays raised until it is seen.
struct Parker {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Sleepers {
    pub fn new(workers: usize) -> Sleepers {
        let parker = |_| Parker { woken: Mutex::new(false), changed: Condvar::new() };
        Sleepers {
            announced: Mutex::new(Vec::with_capacity(workers)),
            count: AtomicUsize::new(0),
            searching: AtomicUsize::new(0),
            parkers: (0..workers).map(parker).collect(),
        }
    }

    /// There is new work: wakes one sleeper, if any, unless somebody searches.
    #[inline]
    pub fn notify(&self) {
        fence(Ordering::SeqCst);
        if self.searching.load(Ordering::Relaxed) == 0 && self.count.load(Ordering::Relaxed) > 0 {
            self.wake_one();
        }
    }

    #[cold]
    fn wake_one(&self) {
        let mut announced = lock(&self.announced);
        let sleeper = announced.pop();
        self.count.store(announced.len(), Ordering::Relaxed);
        if let Some(sleeper) = sleeper {
            self.wake(sleeper);
        }
    }

    /// Wakes everybody.
    pub fn notify_all(&self) {
        fence(Ordering::SeqCst);
        let mut announced = lock(&self.announced);
        self.count.store(0, Ordering::Relaxed);
        announced.drain(..).for_each(|sleeper| self.wake(sleeper));
    }

    /// Raises a worker's flag. With `announced` locked, so that a worker that is not announced has its flag raised already: one raised
    /// later would end a later sleep, and leave that worker announced while it is awake.
    fn wake(&self, sleeper: usize) {
        self.searching.fetch_add(1, Ordering::Relaxed);
        let parker = &self.parkers[sleeper];
        *lock(&parker.woken) = true;
        parker.changed.notify_one();
    }

    /// A worker begins to search. Whoever has slept searches already.
    pub fn begin_search(&self) {
        self.searching.fetch_add(1, Ordering::Relaxed);
    }

    /// A searching worker has found work.
    pub fn found(&self) {
        if self.searching.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.notify();
        }
    }

    /// Announces a worker that has found nothing and searches no longer. It has to look for work once more, and then calls `sleep` or
    /// `retract`. Gives the number announced.
    pub fn announce(&self, worker: usize) -> usize {
        let count = {
            let mut announced = lock(&self.announced);
            announced.push(worker);
            self.count.store(announced.len(), Ordering::Relaxed);
            announced.len()
        };
        self.searching.fetch_sub(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        count
    }

    /// The announced worker has found work after all. There may be more: others have relied on it to look.
    pub fn retract(&self, worker: usize) {
        let was_announced = {
            let mut announced = lock(&self.announced);
            let before = announced.len();
            announced.retain(|other| *other != worker);
            self.count.store(announced.len(), Ordering::Relaxed);
            announced.len() < before
        };
        if !was_announced {
            *lock(&self.parkers[worker].woken) = false;
            self.searching.fetch_sub(1, Ordering::Relaxed);
        }
        self.notify();
    }

    /// Sleeps until woken; the worker searches then.
    pub fn sleep(&self, worker: usize) {
        let parker = &self.parkers[worker];
        let mut woken = parker.woken.lock().expect("no holder panics");
        while !*woken {
            woken = parker.changed.wait(woken).expect("no holder panics");
        }
        *woken = false;
    }

    /// Whether all workers are announced and `condition` holds meanwhile.
    pub fn all_asleep(&self, condition: impl FnOnce() -> bool) -> bool {
        let announced = lock(&self.announced);
        announced.len() == self.parkers.len() && condition()
    }
}

#[cfg(all(test, loom))]
mod models {
    //! All interleavings of a worker that goes to sleep and threads that bring work, by loom.

    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    /// A worker: takes work until `wanted` pieces were done. A lost wake-up would leave it asleep for ever, which loom reports.
    fn work(sleepers: &Sleepers, queue: &AtomicUsize, worker: usize, done: &AtomicUsize, wanted: usize) {
        let take = || {
            let found = queue.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| n.checked_sub(1)).is_ok();
            if found {
                done.fetch_add(1, Ordering::SeqCst);
            }
            found
        };
        while done.load(Ordering::SeqCst) < wanted {
            if !take() {
                rest(sleepers, worker, &take, &|| done.load(Ordering::SeqCst) == wanted);
            }
        }
        // The last one lets the others see the end, as `Runtime::stop` does.
        sleepers.notify_all();
    }

    /// As `Worker::rest`: until something was found or all is done.
    fn rest(sleepers: &Sleepers, worker: usize, take: &impl Fn() -> bool, is_over: &impl Fn() -> bool) {
        sleepers.begin_search();
        loop {
            if take() || is_over() {
                return sleepers.found();
            }
            sleepers.announce(worker);
            if take() || is_over() {
                return sleepers.retract(worker);
            }
            sleepers.sleep(worker);
        }
    }

    #[test]
    fn one_worker_finds_all_work() {
        let mut model = loom::model::Builder::new();
        model.preemption_bound = Some(3);
        model.check(|| {
            let sleepers = Arc::new(Sleepers::new(1));
            let (queue, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let senders: Vec<_> = (0..2)
                .map(|_| {
                    let (sleepers, queue) = (Arc::clone(&sleepers), Arc::clone(&queue));
                    thread::spawn(move || {
                        queue.fetch_add(1, Ordering::AcqRel);
                        sleepers.notify();
                    })
                })
                .collect();
            work(&sleepers, &queue, 0, &done, 2);
            senders.into_iter().for_each(|sender| sender.join().expect("no panic"));
        });
    }

    #[test]
    fn two_workers_share_and_both_end() {
        let mut model = loom::model::Builder::new();
        model.preemption_bound = Some(2);
        model.check(|| {
            let sleepers = Arc::new(Sleepers::new(2));
            let (queue, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let other = {
                let (sleepers, queue, done) = (Arc::clone(&sleepers), Arc::clone(&queue), Arc::clone(&done));
                thread::spawn(move || work(&sleepers, &queue, 1, &done, 1))
            };
            let sender = {
                let (sleepers, queue) = (Arc::clone(&sleepers), Arc::clone(&queue));
                thread::spawn(move || {
                    queue.fetch_add(1, Ordering::AcqRel);
                    sleepers.notify();
                })
            };
            work(&sleepers, &queue, 0, &done, 1);
            other.join().expect("no panic");
            sender.join().expect("no panic");
        });
    }
}
