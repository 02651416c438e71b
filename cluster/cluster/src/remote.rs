//! What runs over the sessions: messages, signals, spawns and notices between this node's processes and others'.
//!
//! The state here outlives a node's starts and stops. No lock is held while the [`Host`] is called, with one exception that
//! [`receiving`] explains.

mod awaiting;
mod entries;
mod global;
mod receiving;
mod rejected;
mod sending;
mod spawning;
mod watchers;

pub(crate) use entries::Entries;
pub use global::Waiting;
pub use rejected::Cause;
pub use sending::Outbound;

use crate::error::CloseReason;
use crate::host::Host;
use crate::name::NodeName;
use crate::nodes::Nodes;
use crate::peer::Peer;
use crate::terms::Terms;
use awaiting::Awaiting;
use rejected::Rejected;
use snow_abi::program::Export;
use snow_process::{NodeIndex, Notice};
use snow_runtime::Level;
use snow_term::types::Types;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use watchers::Watchers;

/// Everything between this node's processes and the sessions.
pub struct Remote {
    pub(crate) host: Box<dyn Host>,
    pub(crate) types: Types,
    pub(crate) nodes: Arc<Nodes>,
    pub(crate) terms: Terms,
    exports: Vec<Export>,
    export_names: HashMap<String, u32>,
    peers: RwLock<Peers>,
    watchers: Watchers,
    awaiting: Awaiting,
    rejected: Rejected,
    shared: global::Shared,
    dead_pids: AtomicU32,
    entries_max: AtomicUsize,
}

/// The connected peers.
#[derive(Default)]
struct Peers {
    /// By index in the table of nodes.
    by_index: Vec<Option<Arc<Peer>>>,
    by_name: HashMap<NodeName, Arc<Peer>>,
}

impl Remote {
    /// For a program with these types and exports.
    pub fn new(host: Box<dyn Host>, types: Types, exports: Vec<Export>) -> Remote {
        let export_names = (0u32..).zip(&exports).map(|(i, export)| (export.name.clone(), i)).collect();
        Remote {
            host,
            types,
            nodes: Arc::new(Nodes::default()),
            terms: Terms::default(),
            exports,
            export_names,
            peers: RwLock::default(),
            watchers: Watchers::default(),
            awaiting: Awaiting::default(),
            rejected: Rejected::default(),
            shared: global::Shared::default(),
            dead_pids: AtomicU32::new(0),
            entries_max: AtomicUsize::new(crate::limits::REMOTE_ENTRIES_MAX),
        }
    }

    /// Sets how many links and monitors a peer may hold on this node's processes.
    pub fn bound_entries(&self, entries_max: usize) {
        self.entries_max.store(entries_max, Ordering::Relaxed);
    }

    /// How many links and monitors a peer may hold on this node's processes.
    fn entries_max(&self) -> usize {
        self.entries_max.load(Ordering::Relaxed)
    }

    /// The table of nodes.
    pub fn nodes(&self) -> &Arc<Nodes> {
        &self.nodes
    }

    /// A connected peer.
    pub fn peer(&self, index: NodeIndex) -> Option<Arc<Peer>> {
        let peers = self.peers.read().expect("nobody panics while holding the peers");
        peers.by_index.get(usize::from(index.0)).cloned().flatten()
    }

    /// A connected peer by name.
    pub fn peer_named(&self, name: &NodeName) -> Option<Arc<Peer>> {
        self.peers.read().expect("nobody panics while holding the peers").by_name.get(name).cloned()
    }

    /// All connected peers, sorted by name.
    pub fn peers(&self) -> Vec<Arc<Peer>> {
        let peers = self.peers.read().expect("nobody panics while holding the peers");
        let mut all: Vec<_> = peers.by_name.values().cloned().collect();
        drop(peers);
        all.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// A session is usable in both directions, and what its node shares with others is known; nothing else of it has been received.
    pub fn up(&self, peer: &Arc<Peer>) {
        peer.set_up();
        {
            let mut peers = self.peers.write().expect("nobody panics while holding the peers");
            let at = usize::from(peer.index.0);
            if peers.by_index.len() <= at {
                peers.by_index.resize(at + 1, None);
            }
            peers.by_index[at] = Some(peer.clone());
            peers.by_name.insert(peer.name.clone(), peer.clone());
        }
        let name: Arc<str> = peer.name.as_str().into();
        self.watchers.tell(&*self.host, &peer.name, || Notice::NodeUp { name: name.clone() });
        self.connected(&peer.name);
    }

    /// A session is over and everything received has been delivered: whoever is concerned is told, each once.
    pub fn down(&self, peer: &Arc<Peer>, reason: &CloseReason) {
        if peer.is_up() {
            let mut peers = self.peers.write().expect("nobody panics while holding the peers");
            if let Some(slot) = peers.by_index.get_mut(usize::from(peer.index.0)) {
                *slot = None;
            }
            peers.by_name.remove(&peer.name);
        }
        if reason.is_fault() {
            self.host.log(Level::Warn, &format!("{}: {reason}", peer.name));
        }
        let (senders, spawns) = peer.close();
        for spawn in spawns {
            self.spawn_failed(spawn, peer.index, snow_process::ExitReason::NoConnection);
        }
        self.host.lost_node(peer.index);
        self.part(peer);
        let (name, reason): (Arc<str>, Arc<str>) = (peer.name.as_str().into(), reason.to_string().into());
        if peer.is_up() {
            let down = || Notice::NodeDown { name: name.clone(), reason: reason.clone() };
            self.watchers.tell(&*self.host, &peer.name, down);
        }
        // Last, so that those who try again find everything told.
        senders.into_iter().for_each(|pid| self.host.resume(pid));
    }

    /// A number that no process has on any node.
    fn dead_bits(&self) -> u64 {
        // Generations begin at 1.
        let slot = self.dead_pids.fetch_add(1, Ordering::Relaxed);
        snow_process::Pid::local(slot % snow_process::Pid::SLOT_COUNT_MAX as u32, 0).0
    }
}
