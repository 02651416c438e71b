//! Who has which name, by all that this node has been told.
//!
//! A name may have a record of several nodes for a while, when parts of a network meet; the oldest counts.

use super::message::Mailbox;
use snow_process::{NodeIndex, Pid};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The order of records of one name: the least one stays. The same on every node.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rank {
    /// When it was claimed, by the claimant's time.
    pub stamp: u64,
    /// The node's name.
    pub node: Arc<str>,
    /// Which of its lives.
    pub creation: u64,
    /// The process there.
    pub bits: u64,
}

/// A process has a name.
#[derive(Clone, Debug)]
pub struct Record {
    /// The process.
    pub pid: Pid,
    /// What it receives.
    pub mailbox: Mailbox,
    /// Its place among others of the name.
    pub rank: Rank,
    /// Which member has told it, when that is not the process's own node.
    pub via: Option<NodeIndex>,
}

/// All records.
#[derive(Debug, Default)]
pub struct Records {
    /// The oldest first, at most one of a node.
    by_name: BTreeMap<Arc<str>, Vec<Record>>,
    by_process: BTreeMap<Pid, Vec<Arc<str>>>,
}

impl Records {
    /// The record that counts.
    pub fn best(&self, name: &str) -> Option<&Record> {
        self.by_name.get(name)?.first()
    }

    /// All records of a name, the one that counts first.
    pub fn of_name(&self, name: &str) -> &[Record] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The record of a node.
    pub fn of_node(&self, name: &str, node: NodeIndex) -> Option<&Record> {
        self.by_name.get(name)?.iter().find(|record| record.pid.node() == node)
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.by_name.keys().map(|name| name.to_string()).collect();
        names.sort_unstable();
        names
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Adds a record in place of any of the same node.
    pub fn insert(&mut self, name: &Arc<str>, record: Record) {
        drop(self.remove(name, record.pid.node(), |_| true));
        self.by_process.entry(record.pid).or_default().push(name.clone());
        let all = self.by_name.entry(name.clone()).or_default();
        let at = all.partition_point(|other| other.rank < record.rank);
        all.insert(at, record);
    }

    /// Ends a node's record, if it is one that is meant.
    pub fn remove(
        &mut self,
        name: &str,
        node: NodeIndex,
        is_meant: impl FnOnce(&Record) -> bool,
    ) -> Option<Record> {
        let all = self.by_name.get_mut(name)?;
        let at = all.iter().position(|record| record.pid.node() == node)?;
        if !is_meant(&all[at]) {
            return None;
        }
        let record = all.remove(at);
        if all.is_empty() {
            self.by_name.remove(name);
        }
        if let Some(names) = self.by_process.get_mut(&record.pid) {
            names.retain(|other| **other != *name);
            if names.is_empty() {
                self.by_process.remove(&record.pid);
            }
        }
        Some(record)
    }

    /// The names of a process.
    pub fn of_process(&self, pid: Pid) -> Vec<Arc<str>> {
        self.by_process.get(&pid).cloned().unwrap_or_default()
    }

    /// The names of a node's processes.
    pub fn names_of_node(&self, node: NodeIndex) -> Vec<Arc<str>> {
        let processes = self.by_process.range(Pid::on_node(node, 0)..);
        processes.take_while(|(pid, _)| pid.node() == node).flat_map(|(_, names)| names.clone()).collect()
    }

    /// Ends all records of a node that are meant.
    pub fn forget_node(&mut self, node: NodeIndex, is_meant: impl Fn(&Record) -> bool) {
        for name in self.names_of_node(node) {
            drop(self.remove(&name, node, &is_meant));
        }
    }

    /// All records with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Record)> {
        self.by_name.iter().flat_map(|(name, all)| all.iter().map(move |record| (name, record)))
    }
}
