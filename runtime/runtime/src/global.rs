//! Names and groups that all nodes share: the part of the distribution that keeps them, and how processes wait for its answers.

use crate::Runtime;
use crate::mail::{Item, Mail};
use snow_abi::descriptor::DescriptorId;
use snow_heap::Value;
use snow_process::{MonitorRef, Pid};
use std::sync::atomic::Ordering;

/// What became of an operation on a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Done.
    Done,
    /// That process has the name.
    Taken(Pid),
    /// The process to be registered has ended.
    Ended,
    /// The node of the process to be registered is not connected, or was lost.
    Lost,
    /// Not all nodes have answered in time.
    Timeout,
    /// The name is longer than names can be.
    TooLong,
}

/// What became of a message to a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BroadcastOutcome {
    /// It is on its way to the other nodes; these members of this node are still to get it.
    Sent(Vec<Pid>),
    /// The buffer of some peer is full: the sender sleeps until [`Runtime::resume`] and tries again.
    Suspend,
    /// The value holds a function: the path to it. The sender crashes.
    FunctionInside(String),
}

/// The names and groups of the mesh. All methods may be called from any thread and none blocks. A process that waits is named with the
/// number of its wait.
pub trait Global: Send + Sync {
    /// `Global.register`; the answer comes by [`Runtime::answer_global`].
    fn register(&self, waiting: (Pid, u64), name: &str, pid: Pid);
    /// `Global.unregister`; the same.
    fn unregister(&self, waiting: (Pid, u64), name: &str);
    /// The process waits no longer. `false`: its answer is on its way.
    fn give_up(&self, waiting: (Pid, u64)) -> bool;
    /// `Global.whereis`: the process of a name, if everything of type `wanted` may be sent to it.
    fn whereis(&self, name: &str, wanted: DescriptorId) -> Option<Pid>;
    /// `Global.names`, sorted.
    fn names(&self) -> Vec<String>;
    /// `Group.join`
    fn join(&self, group: &str, pid: Pid);
    /// `Group.leave`
    fn leave(&self, group: &str, pid: Pid);
    /// `Group.members` and `Group.local_members`: those to which everything of type `wanted` may be sent.
    fn members(&self, group: &str, wanted: DescriptorId, local: bool) -> Vec<Pid>;
    /// `Group.monitor`
    fn monitor(&self, watcher: Pid, group: &str, reference: MonitorRef);
    /// `Group.demonitor`
    fn demonitor(&self, watcher: Pid, reference: MonitorRef);
    /// `Group.broadcast`
    fn broadcast(&self, from: Pid, group: &str, message: Value<'_>, ty: DescriptorId) -> BroadcastOutcome;
    /// A process that was given to [`Runtime::keep`] has ended.
    fn process_ended(&self, pid: Pid);
}

/// What the cluster uses.
impl Runtime {
    /// The mailbox type of a live process of this node, whose end is told by [`Global::process_ended`] from now on.
    pub fn keep(&self, pid: Pid) -> Option<DescriptorId> {
        let slot = self.table.slot(pid.slot()).filter(|_| self.is_alive(pid))?;
        // SAFETY: slots are never unmapped and figures are atomic.
        unsafe { (*slot).figures.named.store(1, Ordering::SeqCst) };
        self.mailbox_type(pid)
    }

    /// Answers a process that waits for a name.
    pub fn answer_global(&self, pid: Pid, token: u64, answer: Answer) {
        drop(self.push_outside(pid, Mail::parcel(Item::Answer { token, answer: Box::new(answer) })));
    }

    /// Microseconds since 1970.
    pub fn now_us(&self) -> u64 {
        u64::try_from(self.clock.system_ns() / 1_000).unwrap_or(0)
    }

    /// Tells the distribution that a process has ended which it may know.
    pub(crate) fn tell_ended(&self, pid: Pid) {
        if let Some(global) = self.distribution.as_ref().and_then(|distribution| distribution.global()) {
            global.process_ended(pid);
        }
    }
}
