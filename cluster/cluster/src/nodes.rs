//! The table of nodes: what the upper 16 bits of a pid stand for.
//!
//! An entry is a name and a creation; a node that was started anew is a new entry, so that pids of the old one stay dead.
//! Index 0 is the own node, whatever its name.

use crate::limits::NODES_MAX;
use crate::name::NodeName;
use snow_process::NodeIndex;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

/// A node that is or was running.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// Which of its lives; 0 when it was never met.
    pub creation: u64,
}

/// The table.
#[derive(Debug, Default)]
pub struct Nodes {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    own: Option<Node>,
    /// By index minus one.
    others: Vec<Node>,
    indexes: HashMap<Node, NodeIndex>,
}

impl Nodes {
    /// Sets or clears what the own node is called.
    pub fn set_own(&self, own: Option<Node>) {
        self.lock().own = own;
    }

    /// The own node, when it has a name.
    pub fn own(&self) -> Option<Node> {
        self.lock().own.clone()
    }

    /// The index of a node, a new one at its first mention; `None` when the table is full.
    pub fn index(&self, name: &NodeName, creation: u64) -> Option<NodeIndex> {
        let node = Node { name: name.clone(), creation };
        let mut inner = self.lock();
        if inner.own.as_ref() == Some(&node) {
            return Some(NodeIndex::OWN);
        }
        if let Some(index) = inner.indexes.get(&node) {
            return Some(*index);
        }
        if inner.others.len() >= NODES_MAX {
            return None;
        }
        inner.others.push(node.clone());
        let index = NodeIndex(inner.others.len() as u16);
        inner.indexes.insert(node, index);
        Some(index)
    }

    /// The node of an index.
    pub fn get(&self, index: NodeIndex) -> Option<Node> {
        let inner = self.lock();
        match index.0 {
            0 => inner.own.clone(),
            i => inner.others.get(usize::from(i) - 1).cloned(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("nobody panics while holding the table of nodes")
    }
}
