//! Names and groups that all nodes share: handed to the distribution.

use crate::call::{Call, Crash, Wait};
use crate::global::{Answer, Global};
use crate::router::Distribution;
use snow_heap::Value;
use snow_process::{MonitorRef, Pid};
use std::sync::Arc;

/// How long a process waits for the consent of all nodes.
const PATIENCE_MS: u64 = 5_000;
/// Longest name of a group, as nodes take it from each other.
const GROUP_BYTES_MAX: usize = 4096;

impl<'p> Call<'p> {
    /// Asks the names and groups of the distribution; without one there is nothing to ask.
    fn mesh<T>(&self, question: impl FnOnce(&dyn Global) -> T) -> Option<T> {
        let distribution: Option<Arc<dyn Distribution>> = self.runtime().distribution.clone();
        distribution.as_ref().and_then(|distribution| distribution.global()).map(question)
    }

    /// Begins something whose answer comes later, or goes on waiting for it.
    fn await_answer(&mut self, begin: impl FnOnce(&dyn Global, (Pid, u64))) -> Wait<Answer> {
        let pid = self.process().pid();
        let began = self
            .answered(PATIENCE_MS, |call, token| call.mesh(|global| begin(global, (pid, token))).is_some());
        match began {
            Some(Wait::Ready(Some(answer))) => Wait::Ready(answer),
            Some(Wait::Ready(None)) => {
                let token = self.process().extra().token;
                match self.mesh(|global| global.give_up((pid, token))) {
                    Some(false) => self.wait_on(),
                    _ => {
                        self.wait_no_longer();
                        Wait::Ready(Answer::Timeout)
                    }
                }
            }
            Some(Wait::Suspend) => Wait::Suspend,
            None => Wait::Ready(Answer::Lost),
        }
    }

    /// `(kind, process)`; kinds: 0 done, 1 taken, 2 ended, 3 lost, 4 late, 5 too long.
    pub(super) fn global_register(&mut self, name: Value<'p>, pid: i64) -> Wait<Value<'p>> {
        let name = self.string(name);
        match self.await_answer(|global, waiting| global.register(waiting, name, Pid(pid as u64))) {
            Wait::Ready(answer) => {
                let (kind, pid) = match answer {
                    Answer::Done => (0, pid),
                    Answer::Taken(holder) => (1, holder.0 as i64),
                    Answer::Ended => (2, pid),
                    Answer::Lost => (3, pid),
                    Answer::Timeout => (4, pid),
                    Answer::TooLong => (5, pid),
                };
                let pair = [self.int(kind), self.int(pid)];
                Wait::Ready(self.tuple(&pair))
            }
            Wait::Suspend => Wait::Suspend,
        }
    }

    pub(super) fn global_unregister(&mut self, name: Value<'p>) -> Wait<()> {
        let name = self.string(name);
        match self.await_answer(|global, waiting| global.unregister(waiting, name)) {
            Wait::Ready(_) => Wait::Ready(()),
            Wait::Suspend => Wait::Suspend,
        }
    }

    pub(super) fn global_names(&mut self) -> Value<'p> {
        let names = self.mesh(|global| global.names()).unwrap_or_default();
        self.text_list(names.iter())
    }

    pub(super) fn group_join(&mut self, group: Value<'p>, pid: i64) -> Result<(), Crash> {
        let group = self.group("Group.join", group)?;
        self.mesh(|global| global.join(group, Pid(pid as u64)));
        Ok(())
    }

    pub(super) fn group_leave(&mut self, group: Value<'p>, pid: i64) -> Result<(), Crash> {
        let group = self.group("Group.leave", group)?;
        self.mesh(|global| global.leave(group, Pid(pid as u64)));
        Ok(())
    }

    /// A group's name that other nodes take too.
    fn group(&mut self, what: &str, group: Value<'p>) -> Result<&'p str, Crash> {
        let group = self.string(group);
        match group.len() {
            ..=GROUP_BYTES_MAX => Ok(group),
            len => Err(self.crash(&format!(
                "{what}: the name of the group has {len} bytes; names have {GROUP_BYTES_MAX} at most"
            ))),
        }
    }

    pub(super) fn group_monitor(&mut self, group: Value<'p>) -> i64 {
        let reference = self.worker().fresh_reference();
        let (watcher, group) = (self.process().pid(), self.string(group));
        self.mesh(|global| global.monitor(watcher, group, reference));
        reference.0 as i64
    }

    pub(super) fn group_demonitor(&mut self, reference: i64) {
        let watcher = self.process().pid();
        self.mesh(|global| global.demonitor(watcher, MonitorRef(reference as u64)));
    }
}
