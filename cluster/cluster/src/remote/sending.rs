//! From this node's processes to a peer's buffer.

use crate::cluster::NO_NODE;
use crate::frame::{RemoteSignal, SignalKind};
use crate::name::{NodeName, Target};
use crate::peer::{Peer, References};
use crate::remote::{Cause, Remote};
use crate::session::{Outgoing, Room};
use crate::terms::function_inside;
use snow_abi::descriptor::DescriptorId;
use snow_heap::Value;
use snow_process::{Pid, Signal};
use snow_runtime::router::SendOutcome;
use snow_term::encode::Encoder;
use snow_term::encoded::Encoded;
use snow_term::error::EncodeError;
use std::cell::RefCell;

thread_local! {
    /// Each thread that sends keeps the memory of one encoder.
    static ENCODER: RefCell<Encoder> = RefCell::new(Encoder::new());
}

/// A message on its way.
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
        put: impl FnOnce(&mut Outgoing, u32, Encoded<'_>),
    ) -> SendOutcome {
        let waits = outbound.may_suspend.then_some(outbound.from);
        match peer.room(waits) {
            Room::Free => {}
            Room::Full if outbound.may_suspend => return SendOutcome::Suspend,
            Room::Full => {
                self.reject(
                    &peer.name,
                    Cause::BufferFull,
                    format_args!("a timer's message is lost: send_buffer is full"),
                );
                return SendOutcome::Sent;
            }
            Room::Closed => {
                self.reject(
                    &peer.name,
                    Cause::NotConnected,
                    format_args!("a message is lost: the connection has ended"),
                );
                return SendOutcome::Sent;
            }
        }
        let Outbound { message, ty, .. } = outbound;
        ENCODER.with_borrow_mut(|encoder| {
            let bytes_max = peer.message_bytes_max;
            match encoder.encode(&self.types, message, ty, &mut References(peer), bytes_max) {
                Ok(value) => {
                    let schema = self.types.schema(ty);
                    peer.with(|outgoing| {
                        let number = outgoing.schema(ty, schema);
                        put(outgoing, number, value);
                    });
                    SendOutcome::Sent
                }
                Err(error) => self.not_encoded(peer, error),
            }
        })
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
            let is_open = outgoing.room() != Room::Closed;
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
