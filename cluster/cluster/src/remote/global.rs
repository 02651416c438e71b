//! Names and groups between this node's processes and the sessions: the state machines of [`crate::global`] under one lock.
//!
//! What follows from an event is done under that lock, so that peers and watchers hear of things in the order in which they happened. It
//! takes the lock of a peer's sending half, and only queues for processes; neither leads back here.

mod frames;
mod messages;

use crate::global::{Answer, Caller, Groups, Mailbox, Message, Output, Registry};
use crate::limits::PROCESS_NAME_BYTES_MAX;
use crate::name::NodeName;
use crate::nodes::Node;
use crate::peer::Peer;
use crate::remote::Remote;
use snow_abi::descriptor::DescriptorId;
use snow_process::{MonitorRef, NodeIndex, Pid, Signal};
use snow_runtime::Level;
use snow_term::compatible;
use snow_term::schema::{Fingerprint, Schema};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// A process that waits for an answer, and the number of its wait.
pub type Waiting = (Pid, u64);

/// What all nodes of the mesh share.
#[derive(Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    /// Whether everything of one type may be sent to a process that receives another.
    fits: Mutex<BTreeMap<(DescriptorId, Fingerprint), bool>>,
}

#[derive(Default)]
struct State {
    registry: Registry,
    groups: Groups,
    /// Connected nodes of the mesh, those too that have not told their names.
    sessions: BTreeMap<NodeIndex, Arc<Peer>>,
}

impl Remote {
    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().expect("nobody panics while holding names and groups")
    }

    /// Lets something happen and does what follows from it.
    fn happen<T>(&self, event: impl FnOnce(&mut State, &mut Vec<Output>) -> T) -> T {
        let mut state = self.state();
        let mut out = vec![];
        let result = event(&mut state, &mut out);
        for output in out {
            match output {
                Output::Send(node, message) => {
                    if let Some(peer) = state.sessions.get(&node) {
                        self.say(peer, &message);
                    }
                }
                Output::Answer { pid, token, answer } => self.host.answer_global((pid, token), answer),
                Output::Notice(pid, notice) => {
                    self.host.deliver(pid, Signal::Notice(notice));
                }
            }
        }
        result
    }

    /// Sets or clears what the own node is called.
    pub fn set_own(&self, own: Option<Node>) {
        if let Some(node) = &own {
            self.state().registry.named(node.name.as_str(), node.creation);
        }
        self.nodes.set_own(own);
    }

    /// A session has begun with a node of the mesh: each tells the other its names. It is [`Remote::up`] when that is done.
    pub(crate) fn meet(&self, peer: &Arc<Peer>) {
        self.happen(|state, out| {
            state.sessions.insert(peer.index, peer.clone());
            state.groups.joined(peer.index, out);
            state.registry.joined(peer.index, peer.name.as_str(), peer.creation, out);
        });
    }

    /// A session of the mesh is over: its node's names are free, and its processes in no group.
    pub(super) fn part(&self, peer: &Peer) {
        if peer.is_member {
            self.happen(|state, out| {
                state.sessions.remove(&peer.index);
                state.registry.left(peer.index, out);
                state.groups.left(peer.index, out);
            });
        }
    }

    /// All sessions, those too that are not up.
    pub fn sessions(&self) -> Vec<Arc<Peer>> {
        let mut all = self.peers();
        let members: Vec<_> = self.state().sessions.values().cloned().collect();
        all.extend(members.into_iter().filter(|peer| !peer.is_up()));
        all
    }

    /// The session with a node, also when it is not up.
    pub fn session_named(&self, name: &NodeName) -> Option<Arc<Peer>> {
        self.sessions().into_iter().find(|peer| peer.name == *name)
    }

    /// A process of this node has ended.
    pub fn process_ended(&self, pid: Pid) {
        self.happen(|state, out| {
            state.registry.ended(pid, out);
            state.groups.ended(pid, out);
        });
    }

    /// `Global.register`; the answer comes by [`crate::host::Host::answer_global`].
    pub fn register_global(&self, waiting: Waiting, name: &str, pid: Pid) {
        let caller = Caller::Process(waiting.0, waiting.1);
        if name.len() > PROCESS_NAME_BYTES_MAX {
            return self.host.answer_global(waiting, Answer::TooLong);
        }
        // Whoever waits must be known when it ends.
        let _is_alive = self.host.keep(waiting.0);
        if !pid.is_local() {
            return self.happen(|state, out| state.registry.register_at(name, pid, caller, out));
        }
        let Some(mailbox) = self.host.keep(pid) else {
            return self.host.answer_global(waiting, Answer::Ended);
        };
        let now_us = self.host.now_us();
        self.happen(|state, out| {
            state.registry.register(name, (pid, Mailbox::Own(mailbox)), caller, now_us, out);
        });
        self.look_after(pid);
    }

    /// A process that has got something here may have ended before anybody could know.
    fn look_after(&self, pid: Pid) {
        if !self.host.is_alive(pid) {
            self.process_ended(pid);
        }
    }

    /// `Global.unregister`
    pub fn unregister_global(&self, waiting: Waiting, name: &str) {
        let _is_alive = self.host.keep(waiting.0);
        let caller = Caller::Process(waiting.0, waiting.1);
        self.happen(|state, out| state.registry.unregister(name, caller, out));
    }

    /// A process waits no longer. `false`: its answer is on its way.
    pub fn give_up_global(&self, (pid, token): Waiting) -> bool {
        self.happen(|state, out| state.registry.give_up(pid, token, out))
    }

    /// `Global.whereis`: the process of a name, if everything of type `wanted` may be sent to it.
    pub fn whereis_global(&self, name: &str, wanted: DescriptorId) -> Option<Pid> {
        let found = self.state().registry.whereis(name).map(|record| (record.pid, record.mailbox.clone()));
        let (pid, mailbox) = found?;
        if self.accepts(wanted, &mailbox) {
            return Some(pid);
        }
        let text = format!(
            "the process registered as \"{name}\" in the mesh does not receive what is expected of it here"
        );
        self.host.log(Level::Warn, &text);
        None
    }

    /// `Global.names`
    pub fn global_names(&self) -> Vec<String> {
        self.state().registry.names()
    }

    /// Every name with its process.
    pub fn global_table(&self) -> Vec<(String, Pid)> {
        self.state().registry.table()
    }

    /// The process of this node that has a name.
    pub fn global_owner(&self, name: &str) -> Option<Pid> {
        self.state().registry.own(name)
    }

    /// Every membership.
    pub fn group_table(&self) -> Vec<(String, Pid)> {
        self.state().groups.table()
    }

    /// Whether no name, claim, membership or watch is left.
    pub fn shares_nothing(&self) -> bool {
        let state = self.state();
        state.registry.is_empty() && state.groups.is_empty()
    }

    /// `Group.join`
    pub fn join_group(&self, group: &str, pid: Pid) {
        self.change_group(group, pid, true);
    }

    /// `Group.leave`
    pub fn leave_group(&self, group: &str, pid: Pid) {
        self.change_group(group, pid, false);
    }

    fn change_group(&self, group: &str, pid: Pid, joins: bool) {
        if !pid.is_local() {
            let ask = Message::AskGroup { group: group.into(), pid, joins };
            self.happen(|_, out| out.push(Output::Send(pid.node(), ask)));
        } else if !joins {
            self.happen(|state, out| state.groups.leave(group, pid, out));
        } else if let Some(mailbox) = self.host.keep(pid) {
            self.happen(|state, out| state.groups.join(group, pid, Mailbox::Own(mailbox), out));
            self.look_after(pid);
        }
    }

    /// `Group.members` or `Group.local_members`: those to which everything of type `wanted` may be sent.
    pub fn group_members(&self, group: &str, wanted: DescriptorId, local: bool) -> Vec<Pid> {
        let state = self.state();
        let mut accepts = self.acceptance(wanted);
        let all: &mut dyn Iterator<Item = (Pid, &Mailbox)> =
            if local { &mut state.groups.local_members(group) } else { &mut state.groups.members(group) };
        all.filter(|(_, mailbox)| accepts(mailbox)).map(|(pid, _)| pid).collect()
    }

    /// `Group.monitor`
    pub fn monitor_group(&self, watcher: Pid, group: &str, reference: MonitorRef) {
        let _is_alive = self.host.keep(watcher);
        self.happen(|state, _| state.groups.monitor(watcher, group, reference));
    }

    /// `Group.demonitor`
    pub fn demonitor_group(&self, watcher: Pid, reference: MonitorRef) {
        self.happen(|state, _| state.groups.demonitor(watcher, reference));
    }

    /// Whether everything of a type may be sent to a process with that mailbox.
    fn accepts(&self, wanted: DescriptorId, mailbox: &Mailbox) -> bool {
        match mailbox {
            Mailbox::Own(ty) => self.host.fits(wanted, *ty),
            Mailbox::Other(schema) => self.may_be_sent(wanted, schema),
        }
    }

    /// The same for many mailboxes, most of which are alike.
    fn acceptance<'r>(&'r self, wanted: DescriptorId) -> impl FnMut(&Mailbox) -> bool + 'r {
        let mut last: Option<(Mailbox, bool)> = None;
        move |mailbox| {
            let known = last.as_ref().filter(|(known, _)| known.is_same(mailbox)).map(|(_, fits)| *fits);
            known.unwrap_or_else(|| {
                let fits = self.accepts(wanted, mailbox);
                last = Some((mailbox.clone(), fits));
                fits
            })
        }
    }

    fn may_be_sent(&self, wanted: DescriptorId, received: &Schema) -> bool {
        let sent = self.types.schema(wanted);
        let key = (wanted, received.fingerprint());
        let mut known = self.shared.fits.lock().expect("nobody panics while holding what fits");
        *known.entry(key).or_insert_with(|| compatible::check_mailbox(sent, received).is_ok())
    }
}
