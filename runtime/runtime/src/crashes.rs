//! Crashes of a test: kept instead of logged, so that it can be said at the end which of them nobody expected.

use crate::sync::{Mutex, lock};
use snow_process::Pid;
use std::collections::HashSet;

/// How many crashes are kept; further ones end their processes all the same.
const KEPT_MAX: usize = 10_000;

/// The crash of a process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crash {
    /// The process, as it prints.
    pub process: String,
    /// Whether it is the one that runs the test.
    pub is_main: bool,
    /// Why.
    pub message: String,
    /// Its stack, innermost first.
    pub trace: Vec<String>,
}

/// The crashes of one node.
#[derive(Default)]
pub(crate) struct Crashes(Mutex<State>);

#[derive(Default)]
struct State {
    expected: HashSet<Pid>,
    kept: Vec<(Pid, Crash)>,
}

impl Crashes {
    /// Keeps a crash that is not expected.
    pub fn record(&self, pid: Pid, crash: Crash) {
        let mut state = lock(&self.0);
        if !state.expected.contains(&pid) && state.kept.len() < KEPT_MAX {
            state.kept.push((pid, crash));
        }
    }

    /// The process may crash; gives the text when it has.
    pub fn expect(&self, pid: Pid) -> Option<String> {
        let mut state = lock(&self.0);
        state.expected.insert(pid);
        let at = state.kept.iter().position(|(crashed, _)| *crashed == pid)?;
        Some(state.kept.remove(at).1.message)
    }

    /// Those that nobody expected, in order.
    pub fn unexpected(&self) -> Vec<Crash> {
        lock(&self.0).kept.iter().map(|(_, crash)| crash.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crash(message: &str) -> Crash {
        Crash { process: "<0.1.0>".into(), is_main: false, message: message.into(), trace: vec![] }
    }

    #[test]
    fn expected_crashes_are_not_kept_whichever_comes_first() {
        let crashes = Crashes::default();
        assert_eq!(crashes.expect(Pid(1)), None);
        crashes.record(Pid(1), crash("early"));
        crashes.record(Pid(2), crash("late"));
        crashes.record(Pid(3), crash("never"));
        assert_eq!(crashes.expect(Pid(2)).as_deref(), Some("late"));
        assert_eq!(crashes.unexpected(), [crash("never")]);
    }
}
