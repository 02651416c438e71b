//! From this node's processes to a peer's buffer.

use crate::cluster::NO_NODE;
use crate::frame::{RemoteSignal, SignalKind};
use crate::limits::SHORT_BYTES_MAX;
use crate::name::{NodeName, Target};
use crate::peer::{Peer, References};
use crate::remote::{Cause, Remote};
use crate::session::{Outgoing, Room};
use crate::terms::function_inside;
use snow_abi::descriptor::DescriptorId;
use snow_heap::Value;
use snow_process::{Pid, Signal};
use snow_runtime::router::SendOutcome;
use snow_term::encode::{Encoder, ForFrame};
use snow_term::error::EncodeError;
use std::cell::RefCell;

thread_local! {
    /// Each thread that sends keeps the memory of one encoder.
    static ENCODER: RefCell<Encoder> = RefCell::new(Encoder::new());
}

/// A message on its way.
#[derive(Clone, Copy)]
pub struct Outbound<'v> {
    /// The sender.
    pub from: Pid,
    /// The value.
    pub message: Value<'v>,
    /// Its type.
    pub ty: DescriptorId,
    /// Whether the sender can wait.
    pub may_suspend: bool,
}

impl Remote {
    /// A message for a process of another node.
    pub fn send(&self, to: Pid, outbound: Outbound<'_>) -> SendOutcome {
        let Some(peer) = self.peer(to.node()) else {
            self.send_unconnected(to);
            return SendOutcome::Sent;
        };
        let (from, target) = (outbound.from.0, to.local_bits());
        self.post(&peer, outbound, |outgoing, schema, value| outgoing.message(from, target, schema, value))
    }

    /// A message for a registered name on another node.
    pub fn send_named(&self, node: &str, name: &str, outbound: Outbound<'_>) -> SendOutcome {
        let Ok(node) = Target::parse(node).map(|target| target.name) else {
            self.send_to_no_node(node, name);
            return SendOutcome::Sent;
        };
        let Some(peer) = self.peer_named(&node) else {
            let what = format_args!("a message for {name} is lost: not connected");
            self.reject(&node, Cause::NotConnected, what);
            return SendOutcome::Sent;
        };
        let from = outbound.from.0;
        self.post(&peer, outbound, |outgoing, schema, value| {
            let number = outgoing.name(name);
            outgoing.message_named(from, number, schema, value);
        })
    }

    fn send_to_no_node(&self, node: &str, name: &str) {
        let own = self.nodes.own().map(|own| own.name.clone());
        if let Some(own) = own.or_else(|| NodeName::new(NO_NODE).ok()) {
            let what = format_args!("a message for {name} is lost: {node:?} is no node; a node is name@host");
            self.reject(&own, Cause::BadNode, what);
        }
    }

    fn send_unconnected(&self, to: Pid) {
        if let Some(node) = self.nodes.get(to.node()) {
            self.reject(
                &node.name,
                Cause::NotConnected,
                format_args!("a message for <{to}> is lost: not connected"),
            );
        }
    }

    /// Encodes without a lock, then buffers under it.
    fn post(
        &self,
        peer: &Peer,
        outbound: Outbound<'_>,
        put: impl FnOnce(&mut Outgoing, u32, ForFrame<'_>),
    ) -> SendOutcome {
        let Outbound { from, may_suspend, .. } = outbound;
        if let Some(outcome) = self.without_room(peer, peer.room(from, may_suspend), may_suspend) {
            return outcome;
        }
        self.post_where(peer, outbound, Outgoing::room_for_long, put)
    }

    /// For a message that must not be kept out, since others like it are on their way already: however full the buffer is.
    pub(super) fn post_anyway(
        &self,
        peer: &Peer,
        outbound: Outbound<'_>,
        put: impl FnOnce(&mut Outgoing, u32, ForFrame<'_>),
    ) -> SendOutcome {
        self.post_where(peer, outbound, |_| Room::Free, put)
    }

    fn post_where(
        &self,
        peer: &Peer,
        outbound: Outbound<'_>,
        room_for_long: impl FnOnce(&Outgoing) -> Room,
        put: impl FnOnce(&mut Outgoing, u32, ForFrame<'_>),
    ) -> SendOutcome {
        let Outbound { from, message, ty, may_suspend } = outbound;
        ENCODER.with_borrow_mut(|encoder| {
            let bounds = (peer.message_bytes_max, SHORT_BYTES_MAX);
            let value =
                match encoder.encode_for_frame(&self.types, message, ty, &mut References(peer), bounds) {
                    Ok(value) => value,
                    Err(error) => return self.not_encoded(peer, error),
                };
            let schema = self.types.schema(ty);
            let room = peer.with(|outgoing| {
                let room = if value.is_long() { room_for_long(outgoing) } else { Room::Free };
                match room {
                    Room::Free => {
                        let number = outgoing.schema(ty, schema);
                        put(outgoing, number, value);
                    }
                    Room::Full if may_suspend => outgoing.wait_for_long(from.0),
                    Room::Full | Room::Closed => {}
                }
                room
            });
            self.without_room(peer, room, may_suspend).unwrap_or(SendOutcome::Sent)
        })
    }

    /// What becomes of a message for which there is no room.
    fn without_room(&self, peer: &Peer, room: Room, may_suspend: bool) -> Option<SendOutcome> {
        let (cause, what) = match room {
            Room::Free => return None,
            Room::Full if may_suspend => return Some(SendOutcome::Suspend),
            Room::Full => (Cause::BufferFull, "a timer's message is lost: send_buffer is full"),
            Room::Closed => (Cause::NotConnected, "a message is lost: the connection has ended"),
        };
        self.reject(&peer.name, cause, format_args!("{what}"));
        Some(SendOutcome::Sent)
    }

    fn not_encoded(&self, peer: &Peer, error: EncodeError) -> SendOutcome {
        match error {
            error @ (EncodeError::Function(_) | EncodeError::Opaque(..)) => {
                SendOutcome::FunctionInside(function_inside(error).0)
            }
            error => {
                self.reject(&peer.name, Cause::TooLong, format_args!("a message is lost: {error}"));
                SendOutcome::Sent
            }
        }
    }

    /// Any other signal for a process of another node.
    pub fn signal(&self, to: Pid, signal: Signal) {
        match self.peer(to.node()) {
            Some(peer) => self.signal_to(&peer, to, signal),
            None => self.signal_unconnected(to, signal),
        }
    }

    pub(super) fn signal_to(&self, peer: &Peer, to: Pid, signal: Signal) {
        let Some(remote) = remote_signal(to, &signal) else { return };
        peer.entries().sent(&remote);
        let is_open = peer.with(|outgoing| {
            let is_open = outgoing.room_for_long() != Room::Closed;
            outgoing.signal(remote);
            is_open
        });
        if !is_open {
            self.answer(to, &signal, snow_process::ExitReason::NoConnection);
        }
    }
}

fn remote_signal(to: Pid, signal: &Signal) -> Option<RemoteSignal> {
    let (from, what) = match signal {
        Signal::Link { from } => (from, SignalKind::Link),
        Signal::Unlink { from } => (from, SignalKind::Unlink),
        Signal::UnlinkAnswer { from } => (from, SignalKind::UnlinkAnswer),
        Signal::LinkExit { from, reason } => (from, SignalKind::LinkExit(reason.clone())),
        Signal::Exit { from, reason } => (from, SignalKind::Exit(reason.clone())),
        Signal::Monitor { from, reference } => (from, SignalKind::Monitor(reference.0)),
        Signal::Demonitor { from, reference } => (from, SignalKind::Demonitor(reference.0)),
        Signal::Down { reference, from, reason } => (from, SignalKind::Down(reference.0, reason.clone())),
        Signal::Message(_) | Signal::NodeLost { .. } | Signal::Notice(_) => return None,
    };
    from.is_local().then(|| RemoteSignal { to: to.local_bits(), from: from.local_bits(), what })
}
