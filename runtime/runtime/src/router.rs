//! Where signals go that leave this node, and what comes in from others: the hook that the cluster fills.
//!
//! The runtime knows a remote process only as a pid whose upper 16 bits are not 0. It hands everything for such a pid to the
//! [`Distribution`]; that hands what arrives to the methods of [`Runtime`](crate::Runtime) listed below its trait.
//! Without a distribution every other node is unreachable.

use snow_abi::descriptor::DescriptorId;
use snow_heap::{Fragment, Value};
use snow_process::{MonitorRef, NodeIndex, Pid, Signal};
use std::sync::Arc;

/// What became of a message for another node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SendOutcome {
    /// It is on its way, or counted as undeliverable.
    Sent,
    /// The peer's buffer is full. The sender sleeps until [`Runtime::resume`](crate::Runtime::resume) and tries again.
    Suspend,
    /// The value holds a function: the path to it, as in `Job.on_done`. The sender crashes.
    FunctionInside(String),
}

/// What became of a remote spawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SpawnOutcome {
    /// The new process, or a dead pid whose monitor or link tells why.
    Spawned(Pid),
    /// The answer comes by [`Runtime::answer_spawn`](crate::Runtime::answer_spawn).
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
}

/// Why a node operation failed: the number of std's `NodeError` variant and the text to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeFailure {
    /// The variant's number.
    pub kind: i64,
    /// Tells the user what to do.
    pub text: String,
}

/// The cluster, as the runtime sees it. All methods may be called from any thread; those marked *pool* may block.
pub trait Distribution: Send + Sync {
    /// The runtime has started; keep a `Weak` of it.
    fn attach(&self, runtime: &Arc<crate::Runtime>);
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
    /// `Node.list`, sorted.
    fn peers(&self) -> Vec<String>;
    /// `Node.monitor`: notices go to `watcher` from now on.
    fn monitor_node(&self, watcher: Pid, name: &str, reference: MonitorRef);
    /// `Node.demonitor`.
    fn demonitor_node(&self, watcher: Pid, reference: MonitorRef);
    /// `Node.stats`: per peer name, and `""` for the whole node, figures by name.
    fn stats(&self) -> Vec<(String, Vec<(String, i64)>)>;
    /// Whether a started node keeps the program alive. When it turns false, call [`Runtime::distribution_closed`](crate::Runtime::distribution_closed).
    fn is_open(&self) -> bool;
    /// Name of a node of the table, for printing pids.
    fn node_name(&self, node: NodeIndex) -> Option<String>;
    /// `Term.encode`; `Err` has the path to a function inside.
    fn term_encode(&self, value: Value<'_>, descriptor: DescriptorId) -> Result<Vec<u8>, String>;
    /// `Term.decode`: the value, or what is wrong with the bytes.
    fn term_decode(&self, bytes: &[u8], descriptor: DescriptorId) -> Result<Fragment, String>;
    /// `Term.hash`; `Err` has the path to a function inside.
    fn term_hash(&self, value: Value<'_>, descriptor: DescriptorId) -> Result<i64, String>;
}
