//! One life of a started node, without its sockets: who it is, whom it knows, and its connections' beginnings and ends.

use crate::error::CloseReason;
use crate::frame::Frame;
use crate::handshake::{Admitted, Cookie, Hello, VERSION_MAX, VERSION_MIN, flag};
use crate::mesh::{ConnectionId, Mesh};
use crate::name::NodeName;
use crate::peer::{self, Peer, Wake};
use crate::remote::Remote;
use crate::session::Millis;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// Who a node is and what bounds it sets.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its name.
    pub name: NodeName,
    /// Which of its lives.
    pub creation: u64,
    /// Where it listens.
    pub port: u16,
    /// The shared secret.
    pub cookie: Cookie,
    /// Takes no part in the mesh.
    pub hidden: bool,
    /// Whether peers may spawn here.
    pub allow_spawn: bool,
    /// Silence that counts as death.
    pub heartbeat_ms: Millis,
    /// Longest message.
    pub message_bytes_max: u64,
    /// Bytes per peer before senders are suspended.
    pub send_buffer_bytes: usize,
}

/// A started node.
pub struct Node {
    /// Who it is.
    pub identity: Identity,
    /// What runs over its sessions.
    pub remote: Arc<Remote>,
    mesh: Mutex<Mesh>,
    has_learned: AtomicBool,
}

/// A connection that has been silent for this long after a probe is dead.
pub const PROBE_MS: Millis = 2_000;

impl Node {
    /// A node with this identity; the seed decides about jitter.
    pub fn new(identity: Identity, remote: Arc<Remote>, seed: u64) -> Node {
        let mesh = Mesh::new(identity.name.clone(), identity.creation, identity.hidden, seed);
        Node { identity, remote, mesh: Mutex::new(mesh), has_learned: AtomicBool::new(false) }
    }

    /// The mesh, under its lock.
    pub fn mesh(&self) -> MutexGuard<'_, Mesh> {
        self.mesh.lock().expect("nobody panics while holding the mesh")
    }

    /// A peer has told its peers.
    pub(crate) fn learn(&self, peers: &[(&str, &str)], now: Millis) {
        self.mesh().learned(peers, now);
        self.has_learned.store(true, Ordering::SeqCst);
    }

    /// Whether the mesh may have something due earlier than before, since the last such question.
    pub fn take_learned(&self) -> bool {
        self.has_learned.load(Ordering::Relaxed) && self.has_learned.swap(false, Ordering::SeqCst)
    }

    /// What this node says of itself on one connection.
    pub fn hello(&self, nonce: [u8; 32]) -> Hello {
        let Identity { name, creation, port, hidden, allow_spawn, heartbeat_ms, message_bytes_max, .. } =
            &self.identity;
        let hidden = if *hidden { flag::HIDDEN } else { 0 };
        let no_spawn = if *allow_spawn { 0 } else { flag::NO_SPAWN };
        Hello {
            version_min: VERSION_MIN,
            version_max: VERSION_MAX,
            flags: hidden | no_spawn,
            name: name.clone(),
            creation: *creation,
            nonce,
            port: *port,
            message_bytes_max: *message_bytes_max,
            heartbeat_ms: *heartbeat_ms,
        }
    }

    /// The session with an admitted peer, known to everyone from here on. `None`: the table of nodes is full.
    pub(crate) fn establish(
        &self,
        admitted: &Admitted,
        connection: ConnectionId,
        wake: Arc<dyn Wake>,
        now: Millis,
    ) -> Option<Arc<Peer>> {
        let nodes = self.remote.nodes();
        let index = nodes.index(&admitted.peer().name, admitted.peer().creation)?;
        let bytes_max = self.identity.send_buffer_bytes;
        let outgoing = peer::outgoing(admitted, index, nodes.clone(), bytes_max, now);
        let peer = Arc::new(Peer::new(admitted, outgoing, index, connection, wake));
        if peer.is_member {
            self.remote.meet(&peer);
        } else {
            self.remote.up(&peer);
        }
        if !self.identity.hidden && !peer.hidden {
            self.introduce(&peer);
        }
        Some(peer)
    }

    /// Tells a new peer of the others.
    fn introduce(&self, peer: &Peer) {
        // Those too that are not up: two that come at one moment must hear of each other.
        let others: Vec<_> = self
            .remote
            .sessions()
            .into_iter()
            .filter(|other| !other.hidden && other.name != peer.name)
            .collect();
        let addresses: Vec<_> =
            others.iter().map(|other| format!("{}:{}", other.name.host(), other.port)).collect();
        let peers = others.iter().zip(&addresses).map(|(other, address)| (other.name.as_str(), &**address));
        let mut peers: Vec<_> = peers.collect();
        peers.truncate(crate::limits::PEERS_MAX);
        if !peers.is_empty() {
            peer.control(&Frame::Peers(peers));
        }
    }

    /// A session is over; everything that was received has been delivered.
    pub(crate) fn closed(&self, peer: &Arc<Peer>, reason: &CloseReason, now: Millis) {
        self.remote.down(peer, reason);
        self.mesh().ended(&peer.name, peer.connection, now);
    }

    /// Makes the connection with a peer show that it is alive.
    pub(crate) fn probe(&self, name: &NodeName) {
        if let Some(peer) = self.remote.session_named(name) {
            peer.probe();
        }
    }
}
