//! A site: a place where a node runs, dies and starts anew under the same name.

use crate::Plan;
use crate::host::{SimulatedHost, Wish};
use crate::processes::BrokenPromise;
use crate::processes::{self, Origin, Outbound, Process, Watch};
use crate::shared::GROUPS;
use snow_cluster::handshake::Cookie;
use snow_cluster::name::NodeName;
use snow_cluster::node::{Identity, Node};
use snow_cluster::nodes;
use snow_cluster::remote::{self, Remote};
use snow_process::{Effect, ExitReason, MonitorRef, NodeIndex, Notice, Outbox, Pid, Signal};
use snow_runtime::router::{SendOutcome, SpawnOutcome, SpawnRequest};
use snow_term::types::Types;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Bytes per peer before senders wait: little, so that they do.
const SEND_BUFFER_BYTES: usize = 64 * 1024;
/// Silence that counts as death.
const HEARTBEAT_MS: u64 = 1_000;

/// A place for a node.
pub(crate) struct Site {
    pub index: usize,
    pub name: NodeName,
    pub life: u64,
    /// When its mesh is looked at next.
    pub look_at: u64,
    pub running: Option<Running>,
}

/// A running node and its processes.
pub(crate) struct Running {
    origin: (u64, u64),
    types: Arc<Types>,
    pub node: Node,
    pub remote: Arc<Remote>,
    pub host: SimulatedHost,
    /// Names that the cluster wants to be connected.
    pub wanted: Arc<Mutex<Vec<NodeName>>>,
    pub processes: BTreeMap<Pid, Process>,
    /// Sees nodes come and go.
    pub watcher: Pid,
    /// The nodes that are up by what the watcher has seen.
    pub up: BTreeSet<String>,
    next_reference: u64,
    pub sent_count: u64,
    pub received_count: u64,
    pub down_count: u64,
    /// Names had by processes here.
    pub had: BTreeMap<&'static str, Pid>,
    pub had_count: u64,
    pub conflict_count: u64,
    /// Members of groups as the watcher has heard of them.
    pub seen_members: BTreeSet<(String, Pid)>,
    pub last_token: u64,
}

impl Site {
    /// Starts a node that knows the names of all and joins those that `plan` says.
    pub(crate) fn start(&mut self, names: &[NodeName], seed: u64, now: u64, plan: &Plan) {
        self.life += 1;
        let host = SimulatedHost::default();
        let types = processes::types();
        let same_types = processes::same_types(&types);
        let remote = Remote::new(Box::new(host.clone()), same_types, processes::exports());
        let remote = Arc::new(remote);
        let creation = self.life * LIFE + self.index as u64;
        let identity = Identity {
            name: self.name.clone(),
            creation,
            port: 1,
            cookie: Cookie::new("a cookie that is long enough"),
            hidden: false,
            allow_spawn: true,
            heartbeat_ms: HEARTBEAT_MS,
            message_bytes_max: 1 << 20,
            send_buffer_bytes: SEND_BUFFER_BYTES,
        };
        remote.set_own(Some(nodes::Node { name: self.name.clone(), creation }));
        let wanted: Arc<Mutex<Vec<NodeName>>> = Arc::default();
        let wishes = wanted.clone();
        remote.set_connector(Box::new(move |name| wishes.lock().expect("one thread").push(name)));
        let node = Node::new(identity, remote.clone(), seed);
        // Where connections are lost, everyone joins all: the others are not dialled again. Elsewhere everyone joins the first, and
        // the mesh has to come about from there.
        let joined = if plan.faults.loses_connections() { names } else { &names[..1] };
        for other in joined.iter().filter(|name| **name != self.name) {
            node.mesh().join(other.clone(), Some(1), now);
        }
        let watcher = host.state().fresh();
        for (number, name) in names.iter().enumerate().filter(|(i, _)| *i != self.index) {
            remote.monitor_node(watcher, name.clone(), MonitorRef(number as u64));
        }
        for (number, group) in GROUPS.into_iter().enumerate() {
            remote.monitor_group(watcher, group, MonitorRef(500 + number as u64));
        }
        let mut running = Running {
            origin: (self.index as u64, self.life),
            types: Arc::new(types),
            node,
            remote,
            host,
            wanted,
            processes: BTreeMap::from([(watcher, Process::new())]),
            watcher,
            up: BTreeSet::new(),
            next_reference: 1_000,
            sent_count: 0,
            received_count: 0,
            down_count: 0,
            had: BTreeMap::new(),
            had_count: 0,
            conflict_count: 0,
            seen_members: BTreeSet::new(),
            last_token: 0,
        };
        (0..plan.processes).for_each(|_| running.add_process());
        self.running = Some(running);
    }
}

impl Running {
    /// A new process that acts.
    pub(crate) fn add_process(&mut self) {
        let pid = self.host.state().fresh();
        self.processes.insert(pid, Process::new());
    }

    /// Works off what the cluster wants of the processes. `false`: there was nothing.
    ///
    /// # Errors
    /// With the promise that is broken.
    pub(crate) fn drain(&mut self) -> Result<bool, BrokenPromise> {
        let mut any = false;
        loop {
            let Some(wish) = self.host.state().wishes.pop_front() else {
                self.forget_freed_names();
                return Ok(any);
            };
            any = true;
            self.grant(wish)?;
        }
    }

    fn grant(&mut self, wish: Wish) -> Result<(), BrokenPromise> {
        match wish {
            Wish::Signal(to, signal) => self.signal(to, signal)?,
            Wish::Answer(to, signal) => self.remote.signal(to, signal),
            Wish::Started { pid, parent, link, monitor } => {
                let mut process = Process::new();
                if link {
                    process.relations.add_link(parent);
                    process.links.entry(parent).or_default().made += 1;
                }
                if let Some(reference) = monitor {
                    process.relations.add_watcher(parent, reference);
                }
                self.processes.insert(pid, process);
            }
            Wish::Spawned { from, spawned } => self.spawned(from, spawned),
            Wish::Resume(pid) => {
                let again = self.processes.get_mut(&pid).and_then(|p| p.suspended.take());
                if let Some(outbound) = again {
                    self.send(pid, outbound);
                }
            }
            Wish::Answered(pid, token, answer) => self.answered(pid, token, answer)?,
            Wish::Lost(node) => {
                let pids: Vec<Pid> = self.processes.keys().copied().collect();
                for pid in pids {
                    self.signal(pid, Signal::NodeLost { node })?;
                }
            }
        }
        Ok(())
    }

    fn signal(&mut self, to: Pid, signal: Signal) -> Result<(), BrokenPromise> {
        let Some(process) = self.processes.get_mut(&to) else { return Ok(()) };
        match &signal {
            Signal::Link { from } => process.links.entry(*from).or_default().made += 1,
            Signal::Unlink { from } => process.links.entry(*from).or_default().is_given_up = true,
            _ => {}
        }
        let mut out = Outbox::new();
        match process.relations.receive(to, signal, &mut out) {
            Effect::None => {}
            Effect::Message(message) => {
                let (origin, number) = processes::read(&self.types, &message);
                process.take_message(origin, number)?;
                self.received_count += 1;
                let is_up = origin.0 == self.origin.0 || self.up.contains(&site_name(origin.0));
                if !is_up {
                    return Err(BrokenPromise(format!("a message of {origin:?}, whose node is down")));
                }
            }
            Effect::Notice(notice) => {
                process.take_notice(&notice)?;
                self.notice(to, notice)?;
            }
            Effect::Signals(signals) => {
                for signal in signals {
                    self.signal(to, signal)?;
                }
            }
            Effect::End(reason) => self.end(to, reason),
        }
        self.route(out);
        Ok(())
    }

    /// Who a process is to everyone.
    fn origin_of(&self, pid: Pid) -> Option<Origin> {
        let node = self.remote.nodes().get(pid.node())?;
        Some((creation_site(node.creation), creation_life(node.creation), pid.local_bits()))
    }

    fn notice(&mut self, to: Pid, notice: Notice) -> Result<(), BrokenPromise> {
        if let Notice::Down { pid, reason, .. } | Notice::Exit { pid, reason } = &notice
            && *reason != ExitReason::NoConnection
            && let Some(origin) = self.origin_of(*pid)
            && let Some(process) = self.processes.get_mut(&to)
        {
            process.ended.insert(origin);
        }
        match notice {
            Notice::NodeUp { name } if to == self.watcher && !self.up.insert(name.to_string()) => {
                Err(BrokenPromise(format!("{name} is up twice")))
            }
            Notice::NodeDown { name, .. } if to == self.watcher && !self.up.remove(&*name) => {
                Err(BrokenPromise(format!("{name} is down and was not up")))
            }
            Notice::Down { .. } => {
                self.down_count += 1;
                Ok(())
            }
            Notice::GlobalConflict { name, .. } => self.lost_name(to, &name),
            Notice::GroupJoin { group, pid } if !self.seen_members.insert((group.to_string(), pid)) => {
                Err(BrokenPromise(format!("{pid:?} has joined {group} twice")))
            }
            Notice::GroupLeave { group, pid } if !self.seen_members.remove(&(group.to_string(), pid)) => {
                Err(BrokenPromise(format!("{pid:?} has left {group}, where it was not")))
            }
            _ => Ok(()),
        }
    }

    fn route(&mut self, out: Outbox) {
        for (to, signal) in out {
            if to.is_local() {
                self.host.state().deliver(to, signal);
            } else {
                self.remote.signal(to, signal);
            }
        }
    }

    /// The process that this node knows as `bits` of a node.
    pub(crate) fn pid_of(&self, name: &NodeName, creation: u64, bits: u64) -> Pid {
        let index = self.remote.nodes().index(name, creation).expect("few nodes");
        Pid::on_node(index, bits)
    }

    /// Sends the next message to a process.
    pub(crate) fn send_next(&mut self, from: Pid, to: Pid, padding: usize) {
        let Some(process) = self.processes.get_mut(&from) else { return };
        let number = process.sent.entry(to).or_default();
        *number += 1;
        let outbound = Outbound { to, number: *number, padding };
        self.sent_count += 1;
        self.send(from, outbound);
    }

    fn send(&mut self, from: Pid, outbound: Outbound) {
        let origin: Origin = (self.origin.0, self.origin.1, from.0);
        let types = self.types.clone();
        let message = processes::message(&types, origin, outbound);
        if outbound.to.is_local() {
            self.host.state().deliver(outbound.to, Signal::Message(message));
            return;
        }
        let sent = self.remote.send(
            outbound.to,
            remote::Outbound {
                from,
                message: message.value(types.layouts()),
                ty: crate::host::MESSAGE,
                may_suspend: true,
            },
        );
        if sent == SendOutcome::Suspend
            && let Some(process) = self.processes.get_mut(&from)
        {
            process.suspended = Some(outbound);
        }
    }

    fn fresh_reference(&mut self) -> MonitorRef {
        self.next_reference += 1;
        MonitorRef(self.next_reference)
    }

    /// `Process.monitor`
    pub(crate) fn monitor(&mut self, own: Pid, target: Pid) {
        let reference = self.fresh_reference();
        let Some(process) = self.processes.get_mut(&own) else { return };
        process.watches.insert(reference, Watch::new(target));
        let mut out = Outbox::new();
        process.relations.monitor(own, target, reference, &mut out);
        self.route(out);
    }

    /// `Process.demonitor` of some monitor.
    pub(crate) fn demonitor(&mut self, own: Pid, choice: usize) {
        let Some(process) = self.processes.get_mut(&own) else { return };
        let open: Vec<MonitorRef> = process.open_watches().collect();
        let Some(reference) = open.get(choice % open.len().max(1)).copied() else { return };
        let Some(watch) = process.watches.get_mut(&reference) else { return };
        watch.is_given_up = true;
        let mut out = Outbox::new();
        process.relations.demonitor(own, reference, &mut out);
        self.route(out);
    }

    /// `Process.link`
    pub(crate) fn link(&mut self, own: Pid, other: Pid) {
        let Some(process) = self.processes.get_mut(&own) else { return };
        let link = process.links.entry(other).or_default();
        link.made += 1;
        link.is_given_up = false;
        let mut out = Outbox::new();
        process.relations.link(own, other, &mut out);
        self.route(out);
    }

    /// `Process.unlink`
    pub(crate) fn unlink(&mut self, own: Pid, other: Pid) {
        let Some(process) = self.processes.get_mut(&own) else { return };
        process.links.entry(other).or_default().is_given_up = true;
        let mut out = Outbox::new();
        process.relations.unlink(own, other, &mut out);
        self.route(out);
    }

    /// `Process.exit(other, :kill)`
    pub(crate) fn kill(&mut self, own: Pid, other: Pid) {
        self.route(vec![(other, Signal::Exit { from: own, reason: ExitReason::Kill })]);
    }

    /// The process ends.
    pub(crate) fn end(&mut self, pid: Pid, reason: ExitReason) {
        let Some(mut process) = self.processes.remove(&pid) else { return };
        self.host.state().alive.remove(&pid);
        self.had.retain(|_, holder| *holder != pid);
        self.remote.process_ended(pid);
        let mut out = Outbox::new();
        process.relations.end(pid, &reason, &mut out);
        self.route(out);
    }

    /// `Node.spawn` with or without link and monitor.
    pub(crate) fn spawn(&mut self, from: Pid, node: &NodeName, link: bool, monitored: bool) {
        let monitor = monitored.then(|| self.fresh_reference());
        let closure = processes::closure(self.types.layouts());
        let request = SpawnRequest {
            from,
            node: node.as_str(),
            export: 0,
            closure: closure.value(self.types.layouts()),
            link,
            monitor,
        };
        let outcome = self.remote.spawn(&request);
        let Some(process) = self.processes.get_mut(&from) else { return };
        match outcome {
            SpawnOutcome::Pending => process.spawning = Some((link, monitor)),
            SpawnOutcome::Spawned(pid) => {
                process.spawning = Some((link, monitor));
                self.spawned(from, pid);
            }
            SpawnOutcome::Suspend | SpawnOutcome::FunctionInside(_) => {}
        }
    }

    fn spawned(&mut self, from: Pid, spawned: Pid) {
        let Some(process) = self.processes.get_mut(&from) else {
            // The parent has ended meanwhile: a child that is linked must hear of it.
            return self.route(vec![(spawned, Signal::LinkExit { from, reason: ExitReason::NoProcess })]);
        };
        let Some((link, monitor)) = process.spawning.take() else { return };
        if link {
            process.links.entry(spawned).or_default().made += 1;
            process.relations.add_link(spawned);
        }
        if let Some(reference) = monitor {
            process.watches.insert(reference, Watch::new(spawned));
            process.relations.add_watching(reference, spawned);
        }
    }

    /// Whether some process still has to do with a node's processes.
    pub(crate) fn concerns(&self, node: NodeIndex) -> bool {
        self.processes.values().any(|process| process.relations.concerns_node(node))
    }
}

/// Creations are lives times this, plus the site.
const LIFE: u64 = 1_000;

fn creation_site(creation: u64) -> u64 {
    creation % LIFE
}

fn creation_life(creation: u64) -> u64 {
    creation / LIFE
}

/// The name of the site with this number.
pub(crate) fn site_name(index: u64) -> String {
    format!("n{index}@sim")
}
