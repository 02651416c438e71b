//! The orderly end of a program: supervisors that nobody supervises end one after the other, the one started last first, then `main`.
//!
//! Every step follows from the end of the process before; nobody waits in a thread.

use crate::runtime::Runtime;
use crate::sync::{Mutex, lock};
use snow_process::{ExitReason, Pid, Signal};
use std::sync::atomic::Ordering;

/// Who is still to end.
#[derive(Default)]
pub(crate) struct Shutdown {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Supervisors that nobody supervises, in the order of their start.
    roots: Vec<Pid>,
    /// The exit status, once the end has begun.
    status: Option<i32>,
    /// Whose end is waited for.
    waiting_for: Option<Pid>,
}

/// What comes next.
enum Step {
    Tell(Pid),
    Stop(i32),
}

impl Shutdown {
    /// A supervisor that nobody supervises has begun.
    pub fn add(&self, pid: Pid) {
        lock(&self.state).roots.push(pid);
    }

    /// The exit status, once the end has begun.
    pub fn status(&self) -> Option<i32> {
        lock(&self.state).status
    }
}

impl State {
    /// The next one to be told; `main` is the last, if it still runs.
    fn next(&mut self, main: Option<Pid>) -> Step {
        self.waiting_for = self.roots.pop().or(main);
        match self.waiting_for {
            Some(pid) => Step::Tell(pid),
            None => Step::Stop(self.status.unwrap_or(0)),
        }
    }
}

impl Runtime {
    /// Ends the program in order, with an exit status; the first call decides.
    pub(crate) fn begin_shutdown(&self, status: i32) {
        let main = self.running_main();
        let mut state = lock(&self.shutdown.state);
        if state.status.is_some() {
            return;
        }
        state.status = Some(status);
        let step = state.next(main);
        drop(state);
        self.take_step(step);
    }

    /// A supervisor that nobody supervises has ended.
    pub(crate) fn root_ended(&self, pid: Pid) {
        let main = self.running_main();
        let mut state = lock(&self.shutdown.state);
        state.roots.retain(|root| *root != pid);
        if state.waiting_for == Some(pid) {
            let step = state.next(main);
            drop(state);
            self.take_step(step);
        }
    }

    /// `main` has ended while the program does. It may do so before its turn.
    pub(crate) fn main_ended_in_shutdown(&self, main: Pid) {
        let mut state = lock(&self.shutdown.state);
        if state.waiting_for == Some(main) && self.main.load(Ordering::SeqCst) == main.0 {
            let step = state.next(None);
            drop(state);
            self.take_step(step);
        }
    }

    fn take_step(&self, step: Step) {
        match step {
            Step::Tell(pid) => {
                let reached = self.deliver(pid, Signal::Exit { from: pid, reason: ExitReason::Shutdown });
                // A supervisor that ends just now says so itself; `main` may have done it before the end began.
                if !reached {
                    self.main_ended_in_shutdown(pid);
                }
            }
            Step::Stop(status) => self.stop(status),
        }
    }
}
