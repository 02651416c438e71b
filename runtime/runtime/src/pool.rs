//! Threads for work that blocks: files, streams, connecting. They come with the work and go when there is none for a while.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Most threads at once; further work waits.
const THREADS_MAX: usize = 64;
/// How long a thread waits for work before it ends.
const IDLE_TIME: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce() + Send>;

/// The pool.
pub(crate) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    stopped: bool,
}

impl Pool {
    pub fn new() -> Pool {
        let shared = Shared { state: Mutex::default(), work: Condvar::new() };
        Pool { shared: Arc::new(shared) }
    }

    /// Runs a job on a thread of the pool. Whoever waits for it counts it, so that the program does not end meanwhile.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        let mut state = self.shared.state.lock().expect("no holder panics");
        state.jobs.push_back(Box::new(job));
        if state.idle >= state.jobs.len() {
            self.shared.work.notify_one();
        } else if state.threads < THREADS_MAX {
            state.threads += 1;
            drop(state);
            let shared = Arc::clone(&self.shared);
            let spawned = std::thread::Builder::new().name("snow-pool".into()).spawn(move || shared.serve());
            if let Err(error) = spawned {
                self.run_here(&error);
            }
        }
    }

    /// The system gives no thread: what waits is done by this one when no other is left to do it.
    fn run_here(&self, _error: &std::io::Error) {
        let mut state = self.shared.state.lock().expect("no holder panics");
        state.threads -= 1;
        if state.threads == 0 {
            while let Some(job) = state.jobs.pop_front() {
                drop(state);
                job();
                state = self.shared.state.lock().expect("no holder panics");
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut state = self.shared.state.lock().expect("no holder panics");
        state.stopped = true;
        state.jobs.clear();
        self.shared.work.notify_all();
    }
}

impl Shared {
    fn serve(&self) {
        crate::signals::block_on_this_thread();
        let mut state = self.state.lock().expect("no holder panics");
        loop {
            if state.stopped {
                break;
            }
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                job();
                state = self.state.lock().expect("no holder panics");
                continue;
            }
            state.idle += 1;
            let (guard, timeout) = self.work.wait_timeout(state, IDLE_TIME).expect("no holder panics");
            state = guard;
            state.idle -= 1;
            if timeout.timed_out() && state.jobs.is_empty() {
                break;
            }
        }
        state.threads -= 1;
    }
}
