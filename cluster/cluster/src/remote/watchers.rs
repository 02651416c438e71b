//! Who wants to hear of nodes that come and go.

use crate::host::Host;
use crate::name::NodeName;
use crate::remote::Remote;
use snow_process::{MonitorRef, Notice, Pid, Signal};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

/// Below this number nobody looks for watchers that have ended.
const SWEEP_COUNT_MIN: usize = 1024;

#[derive(Default)]
pub(super) struct Watchers {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    by_node: HashMap<NodeName, Vec<(Pid, MonitorRef)>>,
    count: usize,
    sweep_at: usize,
}

impl Watchers {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("nobody panics while holding the watchers")
    }

    /// Tells the watchers of a node.
    pub(super) fn tell(&self, host: &dyn Host, node: &NodeName, notice: impl Fn() -> Notice) {
        let watchers = self.lock().by_node.get(node).cloned().unwrap_or_default();
        for (pid, reference) in watchers {
            if !host.deliver(pid, Signal::Notice(notice())) {
                self.remove(pid, reference);
            }
        }
    }

    fn remove(&self, watcher: Pid, reference: MonitorRef) {
        self.lock().keep(|pid, number| (pid, number) != (watcher, reference));
    }
}

impl Inner {
    fn keep(&mut self, wanted: impl Fn(Pid, MonitorRef) -> bool) {
        self.by_node.retain(|_, watchers| {
            watchers.retain(|(pid, reference)| wanted(*pid, *reference));
            !watchers.is_empty()
        });
        self.count = self.by_node.values().map(Vec::len).sum();
    }
}

impl Remote {
    /// `Node.monitor`.
    pub fn monitor_node(&self, watcher: Pid, node: NodeName, reference: MonitorRef) {
        let mut inner = self.watchers.lock();
        inner.by_node.entry(node).or_default().push((watcher, reference));
        inner.count += 1;
        if inner.count > inner.sweep_at.max(SWEEP_COUNT_MIN) {
            inner.keep(|pid, _| self.host.is_alive(pid));
            inner.sweep_at = 2 * inner.count;
        }
    }

    /// `Node.demonitor`.
    pub fn demonitor_node(&self, watcher: Pid, reference: MonitorRef) {
        self.watchers.remove(watcher, reference);
    }
}
