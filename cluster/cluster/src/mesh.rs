//! The mesh: who is to be connected with whom, without a socket and without a clock.
//!
//! At most one connection per peer holds at any time. An entry goes from dialling or admitting to a session and back; a new
//! connection is not admitted before the old one's end has been worked off. Where two nodes dial each other at the same
//! moment, the connection of the smaller name is kept: the acceptor with the smaller name refuses the other as
//! [`Refusal::Crossing`], the other one gives up its own.

mod schedule;

use crate::handshake::{Hello, Refusal};
use crate::limits::NODES_MAX;
use crate::name::NodeName;
use crate::session::Millis;
pub use schedule::Random;
use schedule::Schedule;
use std::collections::HashMap;

/// Names one connection of this node's life, dialled or accepted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ConnectionId(pub u64);

/// Whether to dial.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Begin {
    /// Connected already.
    Connected,
    /// A connection is coming about; look again when something has changed.
    Busy,
    /// Dial, as this connection.
    Dial(ConnectionId),
}

/// Whether to take a dialler that has proved itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Decision {
    /// Yes.
    Admit,
    /// No.
    Refuse(Refusal),
    /// No, and the connection that is there must show that it is alive.
    RefuseAndProbe(Refusal),
}

/// One peer.
#[derive(Debug, Default)]
struct Entry {
    dial: Option<Dial>,
    /// An accepted connection that has not been confirmed.
    admitting: Option<(ConnectionId, u64)>,
    /// The connection in use and the peer's creation.
    session: Option<(ConnectionId, u64)>,
}

#[derive(Clone, Copy, Debug)]
struct Dial {
    id: ConnectionId,
    /// Whether the offer is out, so that the peer may know of it.
    offered: bool,
}

impl Entry {
    fn is_free(&self) -> bool {
        self.dial.is_none() && self.admitting.is_none() && self.session.is_none()
    }
}

/// The mesh as one node sees it.
#[derive(Debug)]
pub struct Mesh {
    own: NodeName,
    creation: u64,
    hidden: bool,
    entries: HashMap<NodeName, Entry>,
    /// Where peers listen, as they or others said.
    ports: HashMap<NodeName, u16>,
    schedule: Schedule,
    next_id: u64,
    is_stopping: bool,
}

impl Mesh {
    /// The mesh of a node that knows nobody. The seed decides about jitter.
    pub fn new(own: NodeName, creation: u64, hidden: bool, seed: u64) -> Mesh {
        Mesh {
            own,
            creation,
            hidden,
            entries: HashMap::new(),
            ports: HashMap::new(),
            schedule: Schedule::new(seed),
            next_id: 0,
            is_stopping: false,
        }
    }

    /// A name for an accepted connection.
    pub fn accept(&mut self) -> ConnectionId {
        self.next_id += 1;
        ConnectionId(self.next_id)
    }

    /// Wants a connection.
    pub fn begin(&mut self, name: &NodeName) -> Begin {
        let id = ConnectionId(self.next_id + 1);
        let entry = self.entries.entry(name.clone()).or_default();
        if entry.session.is_some() {
            return Begin::Connected;
        }
        if entry.dial.is_some() || entry.admitting.is_some() || self.is_stopping {
            return Begin::Busy;
        }
        entry.dial = Some(Dial { id, offered: false });
        self.next_id = id.0;
        Begin::Dial(id)
    }

    /// The channel of a dial stands and the offer is about to go out. `false`: the dial is given up.
    #[must_use]
    pub fn offer(&mut self, name: &NodeName, id: ConnectionId) -> bool {
        match self.entries.get_mut(name).and_then(|entry| entry.dial.as_mut()) {
            Some(dial) if dial.id == id => {
                dial.offered = true;
                true
            }
            _ => false,
        }
    }

    /// A dialler has proved that it knows the cookie.
    pub fn decide(&mut self, hello: &Hello, id: ConnectionId) -> Decision {
        if self.is_stopping {
            return Decision::Refuse(Refusal::Stopping);
        }
        if hello.name == self.own {
            let is_self = hello.creation == self.creation;
            return Decision::Refuse(if is_self { Refusal::SelfConnect } else { Refusal::NameTaken });
        }
        let peer_goes_first = hello.name < self.own;
        let entry = self.entries.entry(hello.name.clone()).or_default();
        if let Some((_, creation)) = entry.session.or(entry.admitting.filter(|(_, c)| *c != hello.creation)) {
            let known = creation == hello.creation;
            return Decision::RefuseAndProbe(if known { Refusal::Connected } else { Refusal::NameTaken });
        }
        if entry.dial.is_some_and(|dial| dial.offered) && !peer_goes_first {
            return Decision::Refuse(Refusal::Crossing);
        }
        entry.dial = None;
        entry.admitting = Some((id, hello.creation));
        Decision::Admit
    }

    /// An admitted dialler has confirmed. `false`: the connection is to be dropped.
    #[must_use]
    pub fn confirmed(&mut self, hello: &Hello, id: ConnectionId) -> bool {
        let Some(entry) = self.entries.get_mut(&hello.name) else { return false };
        match entry.admitting {
            Some((admitted, creation)) if admitted == id && !self.is_stopping => {
                entry.admitting = None;
                entry.session = Some((id, creation));
                self.connected(hello);
                true
            }
            _ => false,
        }
    }

    /// The acceptor of this node's dial has proved itself. `false`: the connection is to be dropped.
    #[must_use]
    pub fn dialled(&mut self, hello: &Hello, id: ConnectionId) -> bool {
        let Some(entry) = self.entries.get_mut(&hello.name) else { return false };
        let is_wanted = entry.dial.is_some_and(|dial| dial.id == id) && entry.session.is_none();
        if is_wanted && !self.is_stopping {
            entry.dial = None;
            entry.session = Some((id, hello.creation));
            self.connected(hello);
            return true;
        }
        false
    }

    fn connected(&mut self, hello: &Hello) {
        self.ports.insert(hello.name.clone(), hello.port);
        self.schedule.connected(&hello.name);
    }

    /// A dial has failed, or a connection is over and everyone who had to know has been told.
    pub fn ended(&mut self, name: &NodeName, id: ConnectionId, now: Millis) {
        let Some(entry) = self.entries.get_mut(name) else { return };
        if entry.dial.is_some_and(|dial| dial.id == id) {
            entry.dial = None;
            self.schedule.failed(name, now);
        }
        if entry.admitting.is_some_and(|(admitted, _)| admitted == id) {
            entry.admitting = None;
            self.schedule.failed(name, now);
        }
        if entry.session.is_some_and(|(session, _)| session == id) {
            entry.session = None;
            self.schedule.lost(name, now);
        }
        if entry.is_free() {
            self.entries.remove(name);
        }
    }

    /// A peer has told its peers: what is lacking will be due, each at a moment of its own.
    pub fn learned(&mut self, peers: &[(&str, &str)], now: Millis) {
        if self.hidden {
            return;
        }
        let listed = peers.len() as u64;
        for (name, address) in peers {
            let port = address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
            let (Ok(name), Some(port)) = (NodeName::new(name), port) else { continue };
            if name == self.own || self.ports.len() >= NODES_MAX && !self.ports.contains_key(&name) {
                continue;
            }
            if self.entries.get(&name).is_none_or(Entry::is_free) {
                self.ports.insert(name.clone(), port);
                self.schedule.want(name, listed, now);
            }
        }
    }

    /// Wants a connection with this peer from now on, again whenever it is lost.
    pub fn join(&mut self, name: NodeName, port: Option<u16>, now: Millis) {
        if let Some(port) = port {
            self.ports.insert(name.clone(), port);
        }
        self.schedule.join(name, now);
    }

    /// The peers that should be dialled now.
    pub fn due(&mut self, now: Millis) -> Vec<NodeName> {
        if self.is_stopping {
            return vec![];
        }
        let mut due = self.schedule.due(now);
        due.retain(|name| self.entries.get(name).is_none_or(|entry| entry.session.is_none()));
        due
    }

    /// When [`Mesh::due`] will have something.
    pub fn next_due(&self) -> Option<Millis> {
        self.schedule.next_due()
    }

    /// Where a peer listens, as it or others said.
    pub fn port(&self, name: &NodeName) -> Option<u16> {
        self.ports.get(name).copied()
    }

    /// The connection with a peer.
    pub fn session(&self, name: &NodeName) -> Option<ConnectionId> {
        self.entries.get(name).and_then(|entry| entry.session).map(|(id, _)| id)
    }

    /// Nobody is dialled or admitted from now on.
    pub fn stop(&mut self) {
        self.is_stopping = true;
    }

    /// Whether nothing is connected or under way: what must hold once everything is closed.
    pub fn is_empty(&self) -> bool {
        self.entries.values().all(Entry::is_free)
    }
}

#[cfg(test)]
mod tests;
