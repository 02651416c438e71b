//! The stand-in for a runtime: who is alive, and a queue of what the cluster wants of the processes.
//!
//! Nothing is done while the cluster calls; the site works the queue off afterwards, in order.

use snow_abi::descriptor::DescriptorId;
use snow_cluster::host::Host;
use snow_heap::Fragment;
use snow_process::{ExitReason, MonitorRef, NodeIndex, Pid, Signal, answer_for_dead};
use snow_runtime::Level;
use snow_runtime::global::Answer;
use snow_runtime::router::SpawnExport;
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

/// The type of messages, see [`crate::processes`].
pub(crate) const MESSAGE: DescriptorId = DescriptorId(2);

/// What the cluster wants of the processes.
#[derive(Debug)]
pub(crate) enum Wish {
    Signal(Pid, Signal),
    /// An answer for a process of another node, in the name of a dead one.
    Answer(Pid, Signal),
    Started {
        pid: Pid,
        parent: Pid,
        link: bool,
        monitor: Option<MonitorRef>,
    },
    Spawned {
        from: Pid,
        spawned: Pid,
    },
    Resume(Pid),
    Lost(NodeIndex),
    /// A process that waits for a name has its answer.
    Answered(Pid, u64, Answer),
}

/// The processes as the cluster sees them.
#[derive(Default)]
pub(crate) struct State {
    pub alive: HashSet<Pid>,
    pub wishes: VecDeque<Wish>,
    /// Virtual time by this node's clock.
    pub now_us: u64,
    next_slot: u32,
}

impl State {
    /// A number for a new process.
    pub(crate) fn fresh(&mut self) -> Pid {
        self.next_slot += 1;
        let pid = Pid::local(self.next_slot, 1);
        self.alive.insert(pid);
        pid
    }

    /// What [`Host::deliver`] does.
    pub(crate) fn deliver(&mut self, to: Pid, signal: Signal) -> bool {
        if self.alive.contains(&to) {
            self.wishes.push_back(Wish::Signal(to, signal));
            return true;
        }
        if let Some((back, answer)) = answer_for_dead(to, &signal, ExitReason::NoProcess) {
            if back.is_local() {
                self.deliver(back, answer);
            } else {
                self.wishes.push_back(Wish::Answer(back, answer));
            }
        }
        false
    }
}

/// Shared between a site and its cluster.
#[derive(Clone, Default)]
pub(crate) struct SimulatedHost(Arc<Mutex<State>>);

impl SimulatedHost {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("one thread")
    }
}

impl Host for SimulatedHost {
    fn deliver(&self, to: Pid, signal: Signal) -> bool {
        self.state().deliver(to, signal)
    }

    fn mailbox_type(&self, pid: Pid) -> Option<DescriptorId> {
        self.is_alive(pid).then_some(MESSAGE)
    }

    fn is_alive(&self, pid: Pid) -> bool {
        self.state().alive.contains(&pid)
    }

    fn whereis(&self, _name: &str) -> Option<Pid> {
        None
    }

    fn spawn_export(&self, spawn: SpawnExport) -> Option<Pid> {
        let SpawnExport { closure, parent, link, monitor, .. } = spawn;
        drop::<Fragment>(closure);
        let mut state = self.state();
        let pid = state.fresh();
        state.wishes.push_back(Wish::Started { pid, parent, link, monitor });
        Some(pid)
    }

    fn export_code(&self, _export: u32) -> Option<i64> {
        Some(1)
    }

    fn resume(&self, pid: Pid) {
        self.state().wishes.push_back(Wish::Resume(pid));
    }

    fn answer_spawn(&self, from: Pid, spawned: Pid) {
        self.state().wishes.push_back(Wish::Spawned { from, spawned });
    }

    fn lost_node(&self, node: NodeIndex) {
        self.state().wishes.push_back(Wish::Lost(node));
    }

    fn keep(&self, pid: Pid) -> Option<DescriptorId> {
        self.mailbox_type(pid)
    }

    fn fits(&self, narrow: DescriptorId, wide: DescriptorId) -> bool {
        narrow == wide
    }

    fn answer_global(&self, (pid, token): (Pid, u64), answer: Answer) {
        self.state().wishes.push_back(Wish::Answered(pid, token, answer));
    }

    fn now_us(&self) -> u64 {
        self.state().now_us
    }

    fn log(&self, _level: Level, _text: &str) {}

    fn distribution_closed(&self) {}
}
