//! `Node.spawn` as the spawning side sees it.

use crate::frame::Spawn;
use crate::name::Target;
use crate::peer::{Peer, PendingSpawn, References};
use crate::remote::Remote;
use crate::session::Room;
use crate::terms::function_inside;
use snow_heap::Value;
use snow_process::{ExitReason, NodeIndex, Pid, Signal};
use snow_runtime::router::{FunctionInside, SpawnOutcome, SpawnRequest};
use snow_term::encode::Encoder;
use snow_term::error::EncodeError;
use std::sync::atomic::Ordering;

/// An argument's type and bytes.
type Argument = (snow_abi::descriptor::DescriptorId, Vec<u8>);

/// Why arguments cannot be sent.
enum NotEncoded {
    Function(FunctionInside),
    Mismatch(String),
}

impl Remote {
    /// Asks another node to start an actor.
    pub fn spawn(&self, request: &SpawnRequest<'_>) -> SpawnOutcome {
        let pending = PendingSpawn { from: request.from, link: request.link, monitor: request.monitor };
        let Ok(name) = Target::parse(request.node).map(|target| target.name) else {
            return self.spawn_is_dead(pending, None, ExitReason::NoConnection);
        };
        let Some(peer) = self.peer_named(&name) else {
            let index = self.nodes.index(&name, 0);
            return self.spawn_is_dead(pending, index, ExitReason::NoConnection);
        };
        if peer.figures.spawns_refused.load(Ordering::Relaxed) {
            let reason = ExitReason::Undefined(format!("{name} does not allow spawns").into());
            return self.spawn_is_dead(pending, Some(peer.index), reason);
        }
        match peer.room(request.from, true) {
            Room::Free => {}
            Room::Full => return SpawnOutcome::Suspend,
            Room::Closed => {
                return self.spawn_is_dead(pending, Some(peer.index), ExitReason::NoConnection);
            }
        }
        match self.arguments(&peer, request) {
            Ok(arguments) => self.ask(&peer, request, pending, &arguments),
            Err(NotEncoded::Function(FunctionInside(path))) => SpawnOutcome::FunctionInside(path),
            Err(NotEncoded::Mismatch(text)) => {
                self.spawn_is_dead(pending, Some(peer.index), ExitReason::Mismatch(text.into()))
            }
        }
    }

    fn arguments(&self, peer: &Peer, request: &SpawnRequest<'_>) -> Result<Vec<Argument>, NotEncoded> {
        let export = &self.exports[request.export as usize];
        let mut encoder = Encoder::new();
        let mut left = peer.message_bytes_max;
        let mut arguments = vec![];
        for (i, ty) in export.arguments.iter().enumerate() {
            let value: Value<'_> = request.closure.field(i + 1).expect("a start closure holds all arguments");
            let encoded = encoder.encode(&self.types, value, *ty, &mut References(peer), left);
            let bytes = encoded.map_err(|error| match error {
                error @ (EncodeError::Function(_) | EncodeError::Opaque(..)) => {
                    NotEncoded::Function(function_inside(error))
                }
                error => NotEncoded::Mismatch(error.to_string()),
            })?;
            left = left.saturating_sub(bytes.bytes().len());
            arguments.push((*ty, bytes.bytes().to_vec()));
        }
        Ok(arguments)
    }

    fn ask(
        &self,
        peer: &Peer,
        request: &SpawnRequest<'_>,
        pending: PendingSpawn,
        arguments: &[Argument],
    ) -> SpawnOutcome {
        let Some(number) = peer.expect_spawn(pending) else {
            return self.spawn_is_dead(pending, Some(peer.index), ExitReason::NoConnection);
        };
        let name = &self.exports[request.export as usize].name;
        peer.with(|outgoing| {
            let actor = outgoing.name(name);
            let arguments =
                arguments.iter().map(|(ty, bytes)| (outgoing.schema(*ty, self.types.schema(*ty)), &**bytes));
            let arguments = arguments.collect();
            outgoing.spawn(Spawn {
                request: number,
                parent: request.from.local_bits(),
                actor,
                link: request.link,
                monitor: request.monitor.map(|reference| reference.0),
                arguments,
            });
        });
        SpawnOutcome::Pending
    }

    /// What became of a spawn that is under way.
    pub(super) fn spawn_answered(&self, peer: &Peer, number: u64, result: Result<u64, ExitReason>) {
        let Some(spawn) = peer.answered_spawn(number) else { return };
        match result {
            Ok(bits) => self.host.answer_spawn(spawn.from, Pid::on_node(peer.index, bits)),
            Err(reason) => self.spawn_failed(spawn, peer.index, reason),
        }
    }

    /// Ends a spawn that is under way with a dead pid.
    pub(super) fn spawn_failed(&self, spawn: PendingSpawn, node: NodeIndex, reason: ExitReason) {
        let dead = Pid::on_node(node, self.dead_bits());
        self.host.answer_spawn(spawn.from, dead);
        self.tell_dead(spawn, dead, &reason);
    }

    fn spawn_is_dead(
        &self,
        spawn: PendingSpawn,
        node: Option<NodeIndex>,
        reason: ExitReason,
    ) -> SpawnOutcome {
        let dead = Pid::on_node(node.unwrap_or(NodeIndex(u16::MAX)), self.dead_bits());
        // These come to be looked at only after the process has gone on, and so has noted them.
        self.tell_dead(spawn, dead, &reason);
        SpawnOutcome::Spawned(dead)
    }

    fn tell_dead(&self, spawn: PendingSpawn, dead: Pid, reason: &ExitReason) {
        if let Some(reference) = spawn.monitor {
            self.host.deliver(spawn.from, Signal::Down { reference, from: dead, reason: reason.clone() });
        }
        if spawn.link {
            self.host.deliver(spawn.from, Signal::LinkExit { from: dead, reason: reason.clone() });
        }
    }
}
