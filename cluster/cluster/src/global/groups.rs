//! Groups of processes: who is a member of which, and who wants to hear of it.
//!
//! A node decides about its own processes; the others are told. A group is there while it has members or somebody watches it.

use super::message::{Mailbox, Message, Output, Watching};
use super::registry::RECORDS_MAX;
use crate::frame::Violation;
use snow_process::{MonitorRef, NodeIndex, Notice, Pid};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Memberships of one node's processes.
const MEMBERSHIPS_MAX: usize = 4 * RECORDS_MAX;
/// Processes named in one message.
const PIDS_IN_MESSAGE: usize = 2_048;

/// All groups that this node knows.
#[derive(Debug, Default)]
pub struct Groups {
    groups: BTreeMap<Arc<str>, Group>,
    by_process: BTreeMap<Pid, BTreeSet<Arc<str>>>,
    watched: BTreeMap<Watcher, Arc<str>>,
    /// Connected nodes that take part, and how many memberships they have told.
    peers: BTreeMap<NodeIndex, usize>,
}

/// A process that watches a group, by its reference.
pub type Watcher = Watching;

#[derive(Debug, Default)]
struct Group {
    members: BTreeMap<Pid, Mailbox>,
    watchers: BTreeSet<Watcher>,
}

impl Groups {
    /// The members of a group, those of this node first.
    pub fn members(&self, group: &str) -> impl Iterator<Item = (Pid, &Mailbox)> {
        let members = self.groups.get(group).map(|group| &group.members);
        members.into_iter().flatten().map(|(pid, mailbox)| (*pid, mailbox))
    }

    /// Its members on this node.
    pub fn local_members(&self, group: &str) -> impl Iterator<Item = (Pid, &Mailbox)> {
        self.members(group).take_while(|(pid, _)| pid.is_local())
    }

    /// Its members of other nodes, one at least of each that has some that are wanted.
    pub fn nodes(&self, group: &str, is_wanted: impl Fn(&Mailbox) -> bool) -> Vec<NodeIndex> {
        let Some(group) = self.groups.get(group) else { return vec![] };
        let mut nodes = vec![];
        for node in self.peers.keys() {
            let mut members = group.members.range(Pid::on_node(*node, 0)..);
            let mut of_node = members.by_ref().take_while(|(pid, _)| pid.node() == *node);
            if of_node.any(|(_, mailbox)| is_wanted(mailbox)) {
                nodes.push(*node);
            }
        }
        nodes
    }

    /// Whether there is no member and no watcher.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.by_process.is_empty() && self.watched.is_empty()
    }

    /// All memberships.
    pub fn table(&self) -> Vec<(String, Pid)> {
        let rows = self
            .groups
            .iter()
            .flat_map(|(name, group)| group.members.keys().map(move |pid| (name.to_string(), *pid)));
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable();
        rows
    }

    /// A process of this node becomes a member; one that is a member already stays it.
    pub fn join(&mut self, group: &str, pid: Pid, mailbox: Mailbox, out: &mut Vec<Output>) {
        let group = self.name(group);
        if self.add(&group, pid, mailbox.clone(), out) {
            self.tell_all(&Message::Join { group, mailbox, pids: vec![pid] }, out);
        }
    }

    /// A process of this node is no member any longer.
    pub fn leave(&mut self, group: &str, pid: Pid, out: &mut Vec<Output>) {
        let group = self.name(group);
        if self.remove(&group, pid, out) {
            self.tell_all(&Message::Leave { group, pid }, out);
        }
    }

    /// A process of this node has ended.
    pub fn ended(&mut self, pid: Pid, out: &mut Vec<Output>) {
        for group in self.by_process.get(&pid).cloned().unwrap_or_default() {
            self.leave(&group, pid, out);
        }
        let watches = self.watched.range((pid, MonitorRef(0))..).map(|(watcher, _)| *watcher);
        let watches: Vec<Watcher> = watches.take_while(|(own, _)| *own == pid).collect();
        watches.into_iter().for_each(|(own, reference)| self.demonitor(own, reference));
    }

    /// From now on a process hears of who joins and leaves.
    pub fn monitor(&mut self, watcher: Pid, group: &str, reference: MonitorRef) {
        let group = self.name(group);
        self.groups.entry(group.clone()).or_default().watchers.insert((watcher, reference));
        self.watched.insert((watcher, reference), group);
    }

    /// And no longer.
    pub fn demonitor(&mut self, watcher: Pid, reference: MonitorRef) {
        let Some(name) = self.watched.remove(&(watcher, reference)) else { return };
        if let Some(group) = self.groups.get_mut(&name) {
            group.watchers.remove(&(watcher, reference));
        }
        self.forget_empty(&name);
    }

    /// A node is connected: it hears of all members here.
    pub fn joined(&mut self, node: NodeIndex, out: &mut Vec<Output>) {
        self.peers.insert(node, 0);
        for (name, group) in &self.groups {
            let mut by_type: Vec<(&Mailbox, Vec<Pid>)> = vec![];
            for (pid, mailbox) in group.members.iter().take_while(|(pid, _)| pid.is_local()) {
                match by_type.iter_mut().find(|(known, _)| known.is_same_own(mailbox)) {
                    Some((_, pids)) => pids.push(*pid),
                    None => by_type.push((mailbox, vec![*pid])),
                }
            }
            for (mailbox, pids) in by_type {
                let messages = pids.chunks(PIDS_IN_MESSAGE).map(|pids| Message::Join {
                    group: name.clone(),
                    mailbox: mailbox.clone(),
                    pids: pids.to_vec(),
                });
                out.extend(messages.map(|message| Output::Send(node, message)));
            }
        }
    }

    /// A node is lost, and its members with it.
    pub fn left(&mut self, node: NodeIndex, out: &mut Vec<Output>) {
        self.peers.remove(&node);
        let of_node = self.by_process.range(Pid::on_node(node, 0)..);
        let of_node: Vec<_> = of_node
            .take_while(|(pid, _)| pid.node() == node)
            .flat_map(|(pid, groups)| groups.iter().map(|group| (group.clone(), *pid)))
            .collect();
        for (group, pid) in of_node {
            self.remove(&group, pid, out);
        }
    }

    /// Processes of a connected node have joined.
    ///
    /// # Errors
    /// When they are too many.
    pub fn told_join(
        &mut self,
        from: NodeIndex,
        group: &Arc<str>,
        (pids, mailbox): (Vec<Pid>, Mailbox),
        out: &mut Vec<Output>,
    ) -> Result<(), Violation> {
        let group = self.name(group);
        for pid in pids.into_iter().filter(|pid| pid.node() == from) {
            let count = self.peers.get_mut(&from).ok_or(Violation::Unexpected("a node of the mesh"))?;
            if *count >= MEMBERSHIPS_MAX {
                return Err(Violation::TooManyNames);
            }
            *count += 1;
            if !self.add(&group, pid, mailbox.clone(), out)
                && let Some(count) = self.peers.get_mut(&from)
            {
                *count -= 1;
            }
        }
        Ok(())
    }

    /// A process of a connected node has left.
    pub fn told_leave(&mut self, from: NodeIndex, group: &str, pid: Pid, out: &mut Vec<Output>) {
        if pid.node() == from
            && self.remove(group, pid, out)
            && let Some(count) = self.peers.get_mut(&from)
        {
            *count -= 1;
        }
    }

    /// The name as it is known already: one text, however many members.
    fn name(&self, group: &str) -> Arc<str> {
        self.groups.get_key_value(group).map_or_else(|| group.into(), |(name, _)| name.clone())
    }

    fn add(&mut self, group: &Arc<str>, pid: Pid, mailbox: Mailbox, out: &mut Vec<Output>) -> bool {
        let entry = self.groups.entry(group.clone()).or_default();
        if entry.members.insert(pid, mailbox).is_some() {
            return false;
        }
        self.by_process.entry(pid).or_default().insert(group.clone());
        let notice = Notice::GroupJoin { group: group.clone(), pid };
        out.extend(entry.watchers.iter().map(|(watcher, _)| Output::Notice(*watcher, notice.clone())));
        true
    }

    fn remove(&mut self, name: &str, pid: Pid, out: &mut Vec<Output>) -> bool {
        let Some(group) = self.groups.get_mut(name) else { return false };
        if group.members.remove(&pid).is_none() {
            return false;
        }
        if !group.watchers.is_empty() {
            let notice = Notice::GroupLeave { group: name.into(), pid };
            out.extend(group.watchers.iter().map(|(watcher, _)| Output::Notice(*watcher, notice.clone())));
        }
        if let Some(groups) = self.by_process.get_mut(&pid) {
            groups.remove(name);
            if groups.is_empty() {
                self.by_process.remove(&pid);
            }
        }
        self.forget_empty(name);
        true
    }

    fn forget_empty(&mut self, name: &str) {
        let is_empty = |group: &Group| group.members.is_empty() && group.watchers.is_empty();
        if self.groups.get(name).is_some_and(is_empty) {
            self.groups.remove(name);
        }
    }

    fn tell_all(&self, message: &Message, out: &mut Vec<Output>) {
        out.extend(self.peers.keys().map(|node| Output::Send(*node, message.clone())));
    }
}
