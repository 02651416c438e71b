//! One connection from its first byte to its end: the handshake, then the session. Bytes and time in, bytes and calls of the
//! [`Node`] out.

use crate::error::CloseReason;
use crate::frame::{FrameReader, Violation};
use crate::handshake::{
    Admitted, Channel, ExpectAdmitted, ExpectChallenge, ExpectConfirm, ExpectOffer, ExpectProof,
    HandshakeError, Hello, Refusal, dial,
};
use crate::limits::HANDSHAKE_FRAME_BYTES_MAX;
use crate::mesh::{ConnectionId, Decision};
use crate::name::NodeName;
use crate::node::{Node, PROBE_MS};
use crate::peer::{Peer, Wake};
use crate::session::{Event, Incoming, Millis};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Why a connection ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The handshake failed.
    Handshake(HandshakeError),
    /// Another connection to the same peer goes first.
    Crossed,
    /// The session is over.
    Closed(CloseReason),
}

/// What a connection waits for.
enum Stage {
    Challenge(Box<ExpectChallenge>),
    Admitted(Box<ExpectAdmitted>),
    Offer(Box<ExpectOffer>),
    Proof(Box<ExpectProof>),
    Confirm(Box<ExpectConfirm>, Box<Hello>),
    Session(Box<Incoming>, Arc<Peer>),
    Over,
}

/// What each connection gets from its shell.
pub struct Parts {
    /// Its name in the mesh.
    pub id: ConnectionId,
    /// Keying material of its TLS channel.
    pub channel: Channel,
    /// Never used twice.
    pub nonce: [u8; 32],
    /// How to wake its writer.
    pub wake: Arc<dyn Wake>,
}

/// A connection.
pub struct Connection {
    id: ConnectionId,
    stage: Stage,
    reader: FrameReader,
    wake: Arc<dyn Wake>,
    /// Who is or claims to be at the other end.
    name: Option<NodeName>,
    /// When the connection was probed, and what had been heard by then.
    probed: Option<(Millis, Millis)>,
}

impl Connection {
    /// Begins as dialler; the offer goes to `out`. `None`: the dial has been given up.
    pub fn dial(node: &Node, target: &NodeName, parts: Parts, out: &mut Vec<u8>) -> Option<Connection> {
        if !node.mesh().offer(target, parts.id) {
            return None;
        }
        let hello = node.hello(parts.nonce);
        let (state, offer) = dial(hello, node.identity.cookie.clone(), parts.channel, target.clone());
        out.extend_from_slice(&offer);
        let stage = Stage::Challenge(Box::new(state));
        Some(Connection::new(parts, stage, Some(target.clone())))
    }

    /// Begins as acceptor.
    pub fn accept(node: &Node, parts: Parts) -> Connection {
        let hello = node.hello(parts.nonce);
        let state = ExpectOffer::new(hello, node.identity.cookie.clone(), parts.channel);
        Connection::new(parts, Stage::Offer(Box::new(state)), None)
    }

    fn new(parts: Parts, stage: Stage, name: Option<NodeName>) -> Connection {
        let Parts { id, wake, .. } = parts;
        Connection { id, stage, reader: FrameReader::default(), wake, name, probed: None }
    }

    /// The peer, once there is a session.
    pub fn peer(&self) -> Option<&Arc<Peer>> {
        match &self.stage {
            Stage::Session(_, peer) => Some(peer),
            _ => None,
        }
    }

    /// Who is or claims to be at the other end.
    pub fn name(&self) -> Option<&NodeName> {
        self.name.as_ref()
    }

    /// Takes received bytes. What the handshake says goes to `out`, which must be written even when this fails; sessions write
    /// by their [`Peer`].
    ///
    /// # Errors
    /// When the connection is over: call [`Connection::end`].
    pub fn receive(
        &mut self,
        node: &Node,
        bytes: &[u8],
        now: Millis,
        out: &mut Vec<u8>,
    ) -> Result<(), Ending> {
        if let Stage::Session(incoming, peer) = &mut self.stage {
            return receive(node, incoming, peer, bytes, now);
        }
        self.reader.push(bytes);
        loop {
            let failed = |violation: Violation| Ending::Handshake(violation.into());
            let Some(frame) = self.reader.next(HANDSHAKE_FRAME_BYTES_MAX).map_err(failed)? else {
                return Ok(());
            };
            let frame = frame.to_vec();
            self.stage = self.step(node, &frame, now, out)?;
            if let Stage::Session(incoming, peer) = &mut self.stage {
                let rest = std::mem::take(&mut self.reader).rest();
                return receive(node, incoming, peer, &rest, now);
            }
        }
    }

    fn step(&mut self, node: &Node, frame: &[u8], now: Millis, out: &mut Vec<u8>) -> Result<Stage, Ending> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Challenge(state) => {
                let (state, proof) = state.receive(frame).map_err(Ending::Handshake)?;
                out.extend_from_slice(&proof);
                Ok(Stage::Admitted(Box::new(state)))
            }
            Stage::Admitted(state) => {
                let (admitted, confirm) = state.receive(frame).map_err(Ending::Handshake)?;
                if !node.mesh().dialled(admitted.peer(), self.id) {
                    return Err(Ending::Crossed);
                }
                out.extend_from_slice(&confirm);
                self.session(node, &admitted, now)
            }
            Stage::Offer(state) => {
                let (state, challenge) = state.receive(frame).map_err(|error| refuse(error, out))?;
                self.name = Some(state.claimed().clone());
                out.extend_from_slice(&challenge);
                Ok(Stage::Proof(Box::new(state)))
            }
            Stage::Proof(state) => self.decide(node, *state, frame, out),
            Stage::Confirm(state, hello) => {
                let admitted = state.receive(frame).map_err(Ending::Handshake)?;
                if !node.mesh().confirmed(&hello, self.id) {
                    return Err(Ending::Crossed);
                }
                self.session(node, &admitted, now)
            }
            Stage::Session(..) | Stage::Over => Err(Ending::Closed(CloseReason::Replaced)),
        }
    }

    fn decide(
        &mut self,
        node: &Node,
        state: ExpectProof,
        frame: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Stage, Ending> {
        let proven = state.receive(frame).map_err(|error| refuse(error, out))?;
        let hello = proven.peer().clone();
        let decision = node.mesh().decide(&hello, self.id);
        let refusal = match decision {
            Decision::Admit => {
                let (state, admission) = proven.admit();
                out.extend_from_slice(&admission);
                return Ok(Stage::Confirm(Box::new(state), Box::new(hello)));
            }
            Decision::Refuse(refusal) => refusal,
            Decision::RefuseAndProbe(refusal) => {
                node.probe(&hello.name);
                refusal
            }
        };
        out.extend_from_slice(&proven.refuse(refusal));
        Err(match refusal {
            Refusal::Connected | Refusal::Crossing => Ending::Crossed,
            refusal => Ending::Handshake(HandshakeError::Refused(refusal)),
        })
    }

    fn session(&self, node: &Node, admitted: &Admitted, now: Millis) -> Result<Stage, Ending> {
        let Some(peer) = node.establish(admitted, self.id, self.wake.clone(), now) else {
            let full = CloseReason::Lost("the table of nodes is full; start this node anew".to_owned());
            return Err(Ending::Closed(full));
        };
        let incoming = Incoming::new(admitted, peer.index, node.remote.nodes().clone(), now);
        Ok(Stage::Session(Box::new(incoming), peer))
    }

    /// Whether the peer has been silent for too long. Call it at the moment that [`Connection::silent_at`] gives.
    pub fn is_silent(&mut self, now: Millis) -> bool {
        let Stage::Session(incoming, peer) = &self.stage else { return false };
        let heard = incoming.last_heard();
        match self.probed {
            Some((at, before)) if heard == before && now >= at + PROBE_MS => return true,
            Some((_, before)) if heard != before => self.probed = None,
            None if peer.take_probe() => {
                self.probed = Some((now, heard));
                drop(peer.ping());
            }
            _ => {}
        }
        incoming.is_silent(now)
    }

    /// When to call [`Connection::is_silent`].
    pub fn silent_at(&self) -> Millis {
        let Stage::Session(incoming, _) = &self.stage else { return Millis::MAX };
        let probe = self.probed.map_or(Millis::MAX, |(at, _)| at + PROBE_MS);
        incoming.silent_at().min(probe)
    }

    /// The connection is over: whoever is concerned is told. To be called once for every connection, whatever became of it.
    pub fn end(&mut self, node: &Node, reason: &CloseReason, now: Millis) {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Session(_, peer) => node.closed(&peer, reason, now),
            _ => {
                if let Some(name) = &self.name {
                    node.mesh().ended(name, self.id, now);
                }
            }
        }
    }
}

/// The handshake's end at the acceptor, with the refusal that helps the dialler.
fn refuse(error: HandshakeError, out: &mut Vec<u8>) -> Ending {
    if let Some(refusal) = error.refusal() {
        out.extend_from_slice(&refusal.frame());
    }
    Ending::Handshake(error)
}

fn receive(
    node: &Node,
    incoming: &mut Incoming,
    peer: &Arc<Peer>,
    bytes: &[u8],
    now: Millis,
) -> Result<(), Ending> {
    let result = incoming.receive(bytes, now, &mut |tables, event| {
        match &event {
            Event::Peers(peers) => node.learn(peers, now),
            // Before it is delivered, so that its receiver finds it counted.
            Event::Message(..) | Event::MessageNamed(..) => {
                peer.figures.messages_in.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
        node.remote.receive(peer, tables, event)
    });
    peer.figures.bytes_in.store(incoming.bytes(), Ordering::Relaxed);
    result.map_err(Ending::Closed)
}
