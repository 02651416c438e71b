//! The door: what the runtime's hook asks, answered by [`Remote`] and [`Transport`].

use crate::error::NodeError;
use crate::host::{Host, RuntimeHost};
use crate::remote::{Outbound, Remote};
use crate::transport::{Directory, Transport};
use snow_abi::descriptor::DescriptorId;
use snow_heap::{Fragment, Layouts, Value};
use snow_process::{MonitorRef, NodeIndex, Pid, Signal};
use snow_runtime::Runtime;
use snow_runtime::global::{BroadcastOutcome, Global};
use snow_runtime::router::{
    Distribution, FunctionInside, NodeFailure, NodeOptions, SendOutcome, SpawnOutcome, SpawnRequest,
    TermProblem,
};
use snow_term::types::Types;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What a node is called before it is started.
pub(crate) const NO_NODE: &str = "nonode@nohost";

/// The cluster of one runtime.
pub struct Cluster {
    remote: OnceLock<Arc<Remote>>,
    transport: Arc<Mutex<Option<Arc<Transport>>>>,
    directory: Directory,
}

/// The cluster for a runtime that is about to start.
pub fn install() -> Arc<dyn Distribution> {
    Arc::new(Cluster::new(Directory::of_user()))
}

impl Cluster {
    /// With a directory of this machine's nodes.
    pub fn new(directory: Directory) -> Cluster {
        Cluster { remote: OnceLock::new(), transport: Arc::default(), directory }
    }

    /// Serves a host whose program has these types and exports; what [`Distribution::attach`] does for a runtime.
    pub fn serve(&self, host: Box<dyn Host>, types: Types, exports: Vec<snow_abi::program::Export>) {
        let remote = Arc::new(Remote::new(host, types, exports));
        let transport = Arc::downgrade(&self.transport);
        let weak = Arc::downgrade(&remote);
        remote.set_connector(Box::new(move |name| {
            let transport = transport.upgrade().and_then(|transport| started(&transport));
            match (transport, weak.upgrade()) {
                (Some(transport), _) => transport.connect_aside(name),
                (None, Some(remote)) => remote.connect_failed(&name),
                (None, None) => {}
            }
        }));
        // A second runtime would be a mistake; the first one stays.
        let _first = self.remote.set(remote);
    }

    /// What runs over the sessions.
    pub fn remote(&self) -> &Arc<Remote> {
        self.remote.get().expect("the runtime is attached before it runs")
    }

    /// The started node.
    pub fn transport(&self) -> Option<Arc<Transport>> {
        started(&self.transport)
    }

    fn need_transport(&self) -> Result<Arc<Transport>, NodeFailure> {
        self.transport().ok_or_else(|| failure(&NodeError::NotStarted))
    }
}

fn started(transport: &Mutex<Option<Arc<Transport>>>) -> Option<Arc<Transport>> {
    transport.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn failure(error: &NodeError) -> NodeFailure {
    NodeFailure { kind: error.kind(), text: error.to_string() }
}

impl Distribution for Cluster {
    fn attach(&self, runtime: &Arc<Runtime>) {
        let program = runtime.program();
        let layouts = Arc::new(Layouts::new(&program.layouts, &program.descriptors));
        let types = Types::new(program.descriptors.clone(), program.atoms.clone(), layouts);
        self.serve(Box::new(RuntimeHost(Arc::downgrade(runtime))), types, program.exports.clone());
    }

    fn send(
        &self,
        from: Pid,
        to: Pid,
        message: Value<'_>,
        ty: DescriptorId,
        may_suspend: bool,
    ) -> SendOutcome {
        self.remote().send(to, Outbound { from, message, ty, may_suspend })
    }

    fn send_named(
        &self,
        from: Pid,
        node: &str,
        name: &str,
        message: Value<'_>,
        ty: DescriptorId,
    ) -> SendOutcome {
        self.remote().send_named(node, name, Outbound { from, message, ty, may_suspend: true })
    }

    fn signal(&self, to: Pid, signal: Signal) {
        self.remote().signal(to, signal);
    }

    fn spawn(&self, request: SpawnRequest<'_>) -> SpawnOutcome {
        self.remote().spawn(&request)
    }

    fn start(&self, options: NodeOptions) -> Result<(), NodeFailure> {
        let mut transport = self.transport.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(transport) = &*transport {
            return Err(failure(&NodeError::AlreadyStarted(transport.name().to_string())));
        }
        let started = Transport::start(self.remote().clone(), &options, self.directory.clone());
        *transport = Some(Arc::new(started.map_err(|error| failure(&error))?));
        Ok(())
    }

    fn stop(&self) {
        let transport = self.transport.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(transport) = transport {
            transport.stop();
            self.remote().host.distribution_closed();
        }
    }

    fn global(&self) -> Option<&dyn Global> {
        self.remote.get().map(|remote| &**remote as &dyn Global)
    }

    fn connect(&self, name: &str) -> Result<(), NodeFailure> {
        self.need_transport()?.connect(name).map(|_| ()).map_err(|error| failure(&error))
    }

    fn ping(&self, name: &str) -> Result<i64, NodeFailure> {
        self.need_transport()?.ping(name).map_err(|error| failure(&error))
    }

    fn disconnect(&self, name: &str) {
        if let (Some(transport), Ok(name)) = (self.transport(), crate::name::Target::parse(name)) {
            transport.disconnect(&name.name);
        }
    }

    fn own_name(&self) -> String {
        self.remote().nodes().own().map_or(NO_NODE.to_owned(), |node| node.name.to_string())
    }

    fn is_own_name(&self, name: &str) -> bool {
        match (self.remote().nodes().own(), crate::name::Target::parse(name)) {
            (Some(own), Ok(target)) => own.name == target.name,
            (None, _) => name == NO_NODE,
            (_, Err(_)) => false,
        }
    }

    fn peers(&self) -> Vec<String> {
        self.remote().peers().iter().map(|peer| peer.name.to_string()).collect()
    }

    fn monitor_node(&self, watcher: Pid, name: &str, reference: MonitorRef) {
        if let Ok(target) = crate::name::Target::parse(name) {
            self.remote().monitor_node(watcher, target.name, reference);
        }
    }

    fn demonitor_node(&self, watcher: Pid, reference: MonitorRef) {
        self.remote().demonitor_node(watcher, reference);
    }

    fn stats(&self) -> Vec<(String, Vec<(String, i64)>)> {
        self.remote().stats()
    }

    fn is_open(&self) -> bool {
        self.transport().is_some()
    }

    fn node_name(&self, node: NodeIndex) -> Option<String> {
        self.remote().nodes().get(node).map(|node| node.name.to_string())
    }

    fn term_encode(&self, value: Value<'_>, ty: DescriptorId) -> Result<Vec<u8>, FunctionInside> {
        let remote = self.remote();
        remote.terms.encode(&remote.types, remote.nodes(), value, ty)
    }

    fn term_decode(&self, bytes: &[u8], ty: DescriptorId) -> Result<Fragment, TermProblem> {
        let remote = self.remote();
        remote.terms.decode(&remote.types, remote.nodes(), bytes, ty)
    }

    fn term_hash(&self, value: Value<'_>, ty: DescriptorId) -> Result<i64, FunctionInside> {
        let remote = self.remote();
        remote.terms.hash(&remote.types, remote.nodes(), value, ty)
    }
}

impl Global for Remote {
    fn register(&self, waiting: (Pid, u64), name: &str, pid: Pid) {
        self.register_global(waiting, name, pid);
    }

    fn unregister(&self, waiting: (Pid, u64), name: &str) {
        self.unregister_global(waiting, name);
    }

    fn give_up(&self, waiting: (Pid, u64)) -> bool {
        self.give_up_global(waiting)
    }

    fn whereis(&self, name: &str, wanted: DescriptorId) -> Option<Pid> {
        self.whereis_global(name, wanted)
    }

    fn names(&self) -> Vec<String> {
        self.global_names()
    }

    fn join(&self, group: &str, pid: Pid) {
        self.join_group(group, pid);
    }

    fn leave(&self, group: &str, pid: Pid) {
        self.leave_group(group, pid);
    }

    fn members(&self, group: &str, wanted: DescriptorId, local: bool) -> Vec<Pid> {
        self.group_members(group, wanted, local)
    }

    fn monitor(&self, watcher: Pid, group: &str, reference: MonitorRef) {
        self.monitor_group(watcher, group, reference);
    }

    fn demonitor(&self, watcher: Pid, reference: MonitorRef) {
        self.demonitor_group(watcher, reference);
    }

    fn broadcast(&self, from: Pid, group: &str, message: Value<'_>, ty: DescriptorId) -> BroadcastOutcome {
        Remote::broadcast(self, group, Outbound { from, message, ty, may_suspend: true })
    }

    fn process_ended(&self, pid: Pid) {
        Remote::process_ended(self, pid);
    }
}

impl Remote {
    /// Figures by peer name, and under the empty name those of what no connected peer has.
    pub fn stats(&self) -> Vec<(String, Vec<(String, i64)>)> {
        let figure = |name: &str, number: u64| (name.to_owned(), number as i64);
        let dead_letters = self.rejected().iter().map(|(.., count)| count).sum();
        let mut all = vec![(String::new(), vec![figure("dead_letters", dead_letters)])];
        for peer in self.peers() {
            let [messages_out, bytes_out, buffered, suspended] = peer.counts();
            let figures = &peer.figures;
            all.push((
                peer.name.to_string(),
                vec![
                    figure("messages_out", messages_out),
                    figure("bytes_out", bytes_out),
                    figure("messages_in", figures.messages_in.load(Ordering::Relaxed)),
                    figure("bytes_in", figures.bytes_in.load(Ordering::Relaxed)),
                    figure("buffered_bytes", buffered),
                    figure("suspended_senders", suspended),
                    figure("round_trip_us", figures.round_trip_us.load(Ordering::Relaxed)),
                ],
            ));
        }
        for (node, cause, count) in self.rejected() {
            let row = all.iter_mut().find(|(name, _)| *name == node.as_str());
            match row {
                Some((_, figures)) => figures.push(figure(cause.figure(), count)),
                None => all.push((node.to_string(), vec![figure(cause.figure(), count)])),
            }
        }
        all
    }
}
