//! What the cluster asks of the node that it runs in: the runtime, or a stand-in of a test.

use crate::remote::Waiting;
use snow_abi::descriptor::DescriptorId;
use snow_process::{NodeIndex, Pid, Signal};
use snow_runtime::global::Answer;
use snow_runtime::router::SpawnExport;
use snow_runtime::{Level, Runtime};
use std::sync::Weak;

/// The node's own processes. The methods mean what those of the same names of [`Runtime`] mean.
pub trait Host: Send + Sync {
    /// Delivers a signal; `false`: nobody is there, and who wants an answer has got one.
    fn deliver(&self, to: Pid, signal: Signal) -> bool;
    /// The mailbox type of a live process.
    fn mailbox_type(&self, pid: Pid) -> Option<DescriptorId>;
    /// Whether a process is there.
    fn is_alive(&self, pid: Pid) -> bool;
    /// A registered process.
    fn whereis(&self, name: &str) -> Option<Pid>;
    /// Starts an exported actor.
    fn spawn_export(&self, spawn: SpawnExport) -> Option<Pid>;
    /// What field 0 of an export's start closure holds.
    fn export_code(&self, export: u32) -> Option<i64>;
    /// Lets a suspended sender try again.
    fn resume(&self, pid: Pid);
    /// Answers a pending spawn.
    fn answer_spawn(&self, from: Pid, spawned: Pid);
    /// Every link and monitor with this node's processes fires.
    fn lost_node(&self, node: NodeIndex);
    /// The mailbox type of a live process, whose end is told by `Remote::process_ended` from now on.
    fn keep(&self, pid: Pid) -> Option<DescriptorId>;
    /// Whether every value of type `narrow` is one of type `wide`.
    fn fits(&self, narrow: DescriptorId, wide: DescriptorId) -> bool;
    /// Answers a process that waits for a name.
    fn answer_global(&self, waiting: Waiting, answer: Answer);
    /// Microseconds since 1970 by this node's clock.
    fn now_us(&self) -> u64;
    /// A line for the log.
    fn log(&self, level: Level, text: &str);
    /// The node no longer keeps the program alive.
    fn distribution_closed(&self);
}

/// The runtime as host. Once it is gone, nobody is there.
pub(crate) struct RuntimeHost(pub Weak<Runtime>);

impl RuntimeHost {
    fn ask<T: Default>(&self, question: impl FnOnce(&Runtime) -> T) -> T {
        self.0.upgrade().map(|runtime| question(&runtime)).unwrap_or_default()
    }
}

impl Host for RuntimeHost {
    fn deliver(&self, to: Pid, signal: Signal) -> bool {
        self.ask(|runtime| runtime.deliver(to, signal))
    }

    fn mailbox_type(&self, pid: Pid) -> Option<DescriptorId> {
        self.ask(|runtime| runtime.mailbox_type(pid))
    }

    fn is_alive(&self, pid: Pid) -> bool {
        self.ask(|runtime| runtime.is_alive(pid))
    }

    fn whereis(&self, name: &str) -> Option<Pid> {
        self.ask(|runtime| runtime.whereis(name).map(|(pid, _)| pid))
    }

    fn spawn_export(&self, spawn: SpawnExport) -> Option<Pid> {
        self.ask(|runtime| runtime.spawn_export(spawn))
    }

    fn export_code(&self, export: u32) -> Option<i64> {
        self.ask(|runtime| runtime.export_code(export))
    }

    fn resume(&self, pid: Pid) {
        self.ask(|runtime| runtime.resume(pid));
    }

    fn answer_spawn(&self, from: Pid, spawned: Pid) {
        self.ask(|runtime| runtime.answer_spawn(from, spawned));
    }

    fn lost_node(&self, node: NodeIndex) {
        self.ask(|runtime| runtime.lost_node(node));
    }

    fn keep(&self, pid: Pid) -> Option<DescriptorId> {
        self.ask(|runtime| runtime.keep(pid))
    }

    fn fits(&self, narrow: DescriptorId, wide: DescriptorId) -> bool {
        self.ask(|runtime| runtime.fits(narrow, wide))
    }

    fn answer_global(&self, (pid, token): Waiting, answer: Answer) {
        self.ask(|runtime| runtime.answer_global(pid, token, answer));
    }

    fn now_us(&self) -> u64 {
        self.ask(|runtime| runtime.now_us())
    }

    fn log(&self, level: Level, text: &str) {
        self.ask(|runtime| runtime.log(level, text));
    }

    fn distribution_closed(&self) {
        self.ask(|runtime| runtime.distribution_closed());
    }
}
