//! Where signals go that leave this node, and what comes in from others: the hook that the cluster fills.
//!
//! The runtime knows a remote process only as a pid whose upper 16 bits are not 0. It hands everything for such a pid to the
//! [`Distribution`]; that hands what arrives to the methods of [`Runtime`] listed below its trait.
//! Without a distribution every other node is unreachable.

use crate::Runtime;
use crate::global::Global;
use crate::mail::{Item, Mail};
use crate::spawn::Start;
use snow_abi::descriptor::DescriptorId;
use snow_abi::program::Program;
use snow_heap::{Fragment, Layouts, Value};
use snow_process::{MonitorRef, NodeIndex, Pid, Signal};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What became of a message for another node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SendOutcome {
    /// It is on its way, or counted as undeliverable.
    Sent,
    /// The peer's buffer is full. The sender sleeps until [`Runtime::resume`] and tries again.
    Suspend,
    /// The value holds a function: the path to it, as in `Job.on_done`. The sender crashes.
    FunctionInside(String),
}

/// What became of a remote spawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SpawnOutcome {
    /// The new process, or a dead pid whose monitor or link tells why.
    Spawned(Pid),
    /// The answer comes by [`Runtime::answer_spawn`].
    Pending,
    /// The buffer is full: as [`SendOutcome::Suspend`].
    Suspend,
    /// An argument holds a function.
    FunctionInside(String),
}

/// A wish to spawn an exported actor on another node.
pub struct SpawnRequest<'v> {
    /// The spawning process.
    pub from: Pid,
    /// Name of the node.
    pub node: &'v str,
    /// Index into the program's exports.
    pub export: u32,
    /// The start closure: field 0 is its code, the others are the arguments.
    pub closure: Value<'v>,
    /// Whether the two are linked from the first instruction on. The caller's side is noted when the pid is known.
    pub link: bool,
    /// The caller's monitor, set from the first instruction on.
    pub monitor: Option<MonitorRef>,
}

/// What `Node.start` was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeOptions {
    /// `name@host` or `name@host:port`.
    pub name: String,
    /// The shared secret.
    pub cookie: String,
    /// Takes no part in the mesh.
    pub hidden: bool,
    /// Whether peers may spawn here.
    pub allow_spawn: bool,
    /// Milliseconds without a sign of life before a peer counts as dead.
    pub heartbeat_ms: i64,
    /// Milliseconds for connecting and authenticating.
    pub connect_timeout_ms: i64,
    /// Largest message in bytes.
    pub message_bytes_max: i64,
    /// Bytes buffered per peer before senders are suspended.
    pub send_buffer_bytes: i64,
    /// Peers to connect to now and whenever lost.
    pub join: Vec<String>,
    /// Address to bind, empty for the default.
    pub listen: String,
    /// Certificates of one's own; without them a key that lives as long as the node.
    pub tls: Option<TlsFiles>,
    /// Where nodes are, by name: `host:port`.
    pub addresses: Vec<(String, String)>,
    /// Names of hosts with a port, `host:port`, at whose addresses any node may be.
    pub hosts: Vec<String>,
}

/// Files of one's own certificates, in PEM form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TlsFiles {
    /// The node's certificate, then those between it and the authority.
    pub certificates: String,
    /// Its key.
    pub key: String,
    /// Certificates of whom to trust.
    pub authority: String,
}

/// Why a node operation failed: the number of std's `NodeError` variant and the text to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeFailure {
    /// The variant's number.
    pub kind: i64,
    /// Tells the user what to do.
    pub text: String,
}

/// A value holds a function and so has no encoding: the path to it, as in `Job.on_done`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionInside(pub String);

impl std::fmt::Display for FunctionInside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "there is a function at {}", self.0)
    }
}

impl std::error::Error for FunctionInside {}

/// Bytes are no term of the wanted type: what is wrong with them, for the program to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TermProblem(pub String);

impl std::fmt::Display for TermProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TermProblem {}

/// The cluster, as the runtime sees it. All methods may be called from any thread; those marked *pool* may block.
pub trait Distribution: Send + Sync {
    /// The runtime has started; keep a `Weak` of it.
    fn attach(&self, runtime: &Arc<Runtime>);
    /// A message for a process of another node, sent by `from`; runs on the sender's scheduler thread. With `may_suspend` false (a
    /// timer's message) it must be taken or dropped.
    fn send(
        &self,
        from: Pid,
        to: Pid,
        message: Value<'_>,
        descriptor: DescriptorId,
        may_suspend: bool,
    ) -> SendOutcome;
    /// A message for a registered name on another node.
    fn send_named(
        &self,
        from: Pid,
        node: &str,
        name: &str,
        message: Value<'_>,
        descriptor: DescriptorId,
    ) -> SendOutcome;
    /// Any other signal for a process of another node. Never held back behind messages.
    fn signal(&self, to: Pid, signal: Signal);
    /// `Node.spawn`.
    fn spawn(&self, request: SpawnRequest<'_>) -> SpawnOutcome;
    /// `Node.start`; *pool*.
    fn start(&self, options: NodeOptions) -> Result<(), NodeFailure>;
    /// The names and groups that it keeps, when it has begun.
    fn global(&self) -> Option<&dyn Global>;
    /// `Node.stop`, also at the program's end; *pool*.
    fn stop(&self);
    /// `Node.connect`; *pool*.
    fn connect(&self, name: &str) -> Result<(), NodeFailure>;
    /// `Node.ping`, microseconds; *pool*.
    fn ping(&self, name: &str) -> Result<i64, NodeFailure>;
    /// `Node.disconnect`.
    fn disconnect(&self, name: &str);
    /// `Node.self`.
    fn own_name(&self) -> String;
    /// Whether a node's name, with or without a port, is the own one.
    fn is_own_name(&self, name: &str) -> bool;
    /// `Node.list`, sorted.
    fn peers(&self) -> Vec<String>;
    /// `Node.monitor`: notices go to `watcher` from now on.
    fn monitor_node(&self, watcher: Pid, name: &str, reference: MonitorRef);
    /// `Node.demonitor`.
    fn demonitor_node(&self, watcher: Pid, reference: MonitorRef);
    /// `Node.stats`: per peer name, and `""` for the whole node, figures by name.
    fn stats(&self) -> Vec<(String, Vec<(String, i64)>)>;
    /// Whether a started node keeps the program alive. When it turns false, call [`Runtime::distribution_closed`].
    fn is_open(&self) -> bool;
    /// Name of a node of the table, for printing pids.
    fn node_name(&self, node: NodeIndex) -> Option<String>;
    /// `Term.encode`.
    fn term_encode(&self, value: Value<'_>, descriptor: DescriptorId) -> Result<Vec<u8>, FunctionInside>;
    /// `Term.decode`.
    fn term_decode(&self, bytes: &[u8], descriptor: DescriptorId) -> Result<Fragment, TermProblem>;
    /// `Term.hash`.
    fn term_hash(&self, value: Value<'_>, descriptor: DescriptorId) -> Result<i64, FunctionInside>;
}

/// A wish of another node to spawn an exported actor here.
pub struct SpawnExport {
    /// Index into the program's exports.
    pub export: u32,
    /// The start closure: an object of the export's layout, field 0 from [`Runtime::export_code`], then the arguments.
    pub closure: Fragment,
    /// The remote process that spawns.
    pub parent: Pid,
    /// Whether the two are linked.
    pub link: bool,
    /// The parent's monitor.
    pub monitor: Option<MonitorRef>,
}

/// What the cluster uses.
impl Runtime {
    /// Delivers a signal to a process of this node, from any thread. `false`: there is no such process; links and monitors are
    /// answered with `:noproc` then.
    pub fn deliver(&self, to: Pid, signal: Signal) -> bool {
        // Noted here and not only when the process looks at it: the node may be lost before that.
        if let Signal::Link { from } | Signal::Monitor { from, .. } = &signal
            && !from.is_local()
            && self.is_alive(to)
        {
            self.note_interest(from.node(), to);
        }
        self.send_outside(to, signal)
    }

    /// The mailbox type of a live process.
    pub fn mailbox_type(&self, pid: Pid) -> Option<DescriptorId> {
        let slot = self.table.slot(pid.slot()).filter(|_| self.is_alive(pid))?;
        // SAFETY: slots are never unmapped. The word is written before the process can be found and stays until the slot is used
        // again; one that has just been reused is caught by the second look.
        let code = unsafe { std::ptr::addr_of!((*slot).start_code).read_volatile() };
        let mailbox = self.image.mailbox_of_code(code);
        mailbox.filter(|_| self.is_alive(pid))
    }

    /// Whether a process of this node is there.
    pub fn is_alive(&self, pid: Pid) -> bool {
        let Some(slot) = self.table.slot(pid.slot()).filter(|_| pid.is_local()) else { return false };
        // SAFETY: slots are never unmapped; inbox and generation are atomic.
        let (inbox, generation) = unsafe { (&(*slot).inbox, &(*slot).generation) };
        inbox.is_open() && generation.load(Ordering::Relaxed) == pid.generation()
    }

    /// All live processes.
    pub fn pids(&self) -> Vec<Pid> {
        let slots = (0..self.table.slot_count())
            .filter_map(|slot| self.table.slot(slot).map(|process| (slot, process)));
        // SAFETY: slots are never unmapped; the generation is atomic.
        let pids = slots.map(|(slot, process)| unsafe {
            Pid::local(slot, (*process).generation.load(Ordering::Relaxed))
        });
        pids.filter(|pid| self.is_alive(*pid)).collect()
    }

    /// Number of live processes.
    pub fn process_count(&self) -> usize {
        self.process_count.load(Ordering::Relaxed)
    }

    /// A registered process, with the mailbox type that it was registered with.
    pub fn whereis(&self, name: &str) -> Option<(Pid, DescriptorId)> {
        self.registry.find(name).filter(|(pid, _)| self.is_alive(*pid))
    }

    /// Whether every value of type `narrow` is one of type `wide`.
    pub fn fits(&self, narrow: DescriptorId, wide: DescriptorId) -> bool {
        self.image.fits.fits(&self.image.program.descriptors, narrow, wide)
    }

    /// Starts an exported actor for another node. `None`: there is no such export, or the node is full.
    pub fn spawn_export(&self, spawn: SpawnExport) -> Option<Pid> {
        let export = self.image.program.exports.get(spawn.export as usize)?;
        self.begin_outside(Start {
            closure: spawn.closure,
            code: export.code,
            signals: export.signals,
            linked_to: spawn.link.then_some(spawn.parent),
            watched_by: spawn.monitor.map(|reference| (spawn.parent, reference)),
            orders: Default::default(),
        })
    }

    /// What field 0 of an export's start closure holds.
    pub fn export_code(&self, export: u32) -> Option<i64> {
        let export = self.image.program.exports.get(export as usize)?;
        Some(self.image.code_address(export.code) as i64)
    }

    /// Lets a suspended sender or spawner try again.
    pub fn resume(&self, pid: Pid) {
        drop(self.push_outside(pid, Mail::parcel(Item::Resume)));
    }

    /// Answers a pending remote spawn. To be called before any signal from `spawned` is delivered.
    pub fn answer_spawn(&self, from: Pid, spawned: Pid) {
        // As in `deliver`: the node may be lost before the process has noted its link or monitor.
        if self.is_alive(from) {
            self.note_interest(spawned.node(), from);
        }
        if let Some(mail) = self.push_outside(from, Mail::parcel(Item::Spawned(spawned)))
            && let Some((child, signal)) = crate::ending::answer(from, &mail)
        {
            self.send_outside(child, signal);
        }
    }

    /// The connection to a node is lost: every link and monitor between its processes and ours fires once, with `:noconnection`.
    pub fn lost_node(&self, node: NodeIndex) {
        for pid in self.take_interest(node) {
            self.deliver(pid, Signal::NodeLost { node });
        }
    }

    /// A monitor reference that nobody else uses.
    pub fn fresh_reference(&self) -> MonitorRef {
        MonitorRef(self.take_references(1))
    }

    /// The layouts of the running program.
    pub fn layouts(&self) -> &Layouts {
        &self.image.layouts
    }

    /// The tables of the running program; code and data are empty.
    pub fn program(&self) -> &Program {
        &self.image.program
    }

    /// `Distribution::is_open` has become false: the program may have nothing left to do.
    pub fn distribution_closed(&self) {
        self.settled();
    }

    /// A pid as it is printed: `<12.3>`, with a node's name `<name@host 12.3>`.
    pub fn pid_text(&self, pid: Pid) -> String {
        let name = self.distribution.as_ref().and_then(|distribution| distribution.node_name(pid.node()));
        match name {
            Some(name) => format!("<{name} {pid}>"),
            None => format!("<{pid}>"),
        }
    }
}
