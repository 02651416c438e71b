//! From a session's events to this node's processes.
//!
//! Values are decoded here, on the thread that reads, with the mailbox type of the receiver.

use crate::frame::{Frame, RemoteSignal, SignalKind, Spawn, Violation};
use crate::peer::Peer;
use crate::remote::{Cause, Remote};
use crate::session::{Event, Tables};
use snow_abi::descriptor::DescriptorId;
use snow_heap::{Built, Fragment, FragmentBuilder};
use snow_process::{ExitReason, MonitorRef, NodeIndex, Pid, Signal};
use snow_runtime::router::SpawnExport;
use snow_term::decode::{Source, decode, decode_into};
use snow_term::error::DecodeError;
use snow_term::wire::Cursor;

/// Memory that a decoded value may take, as a multiple of the longest message: a list of small numbers takes 24 bytes
/// for each one on the wire.
const MEMORY_FACTOR: usize = 8;

impl Remote {
    /// Takes one event of a session. Peers and their addresses are the mesh's business and given back.
    ///
    /// # Errors
    /// When the peer has broken the protocol.
    pub fn receive(&self, peer: &Peer, tables: &mut Tables, event: Event<'_>) -> Result<(), Violation> {
        let is_first = matches!(
            event,
            Event::Name(_) | Event::Group(_) | Event::Synced | Event::Ping(_) | Event::Pong(_)
        );
        if !peer.is_up() && !is_first {
            return Err(Violation::Unexpected("the table of names"));
        }
        match event {
            Event::Message(to, schema, value) => {
                let to = Pid::on_node(NodeIndex::OWN, to);
                self.deliver(peer, tables, to, (schema, value))
            }
            Event::MessageNamed(name, schema, value) => {
                let name = tables.name(name)?.clone();
                match self.host.whereis(&name) {
                    Some(to) => self.deliver(peer, tables, to, (schema, value)),
                    None => {
                        self.reject(
                            &peer.name,
                            Cause::NoName,
                            format_args!("sent to {name}, which nobody is registered as here"),
                        );
                        Ok(())
                    }
                }
            }
            Event::Signal(signal) => {
                if !peer.entries().received(&signal, self.entries_max()) {
                    return Err(Violation::TooManyEntries);
                }
                self.host.deliver(Pid::on_node(NodeIndex::OWN, signal.to), local_signal(peer, signal));
                Ok(())
            }
            Event::Spawn(spawn) => self.spawn_here(peer, tables, &spawn),
            Event::Spawned(number, result) => {
                self.spawn_answered(peer, number, result);
                Ok(())
            }
            Event::Ping(number) => {
                peer.control(&Frame::Pong(number));
                Ok(())
            }
            Event::Pong(number) => {
                peer.pong(number);
                Ok(())
            }
            Event::Peers(_) => Ok(()),
            shared => self.receive_shared(peer, tables, shared),
        }
    }

    fn deliver(
        &self,
        peer: &Peer,
        tables: &mut Tables,
        to: Pid,
        (schema, value): (u32, Source<'_>),
    ) -> Result<(), Violation> {
        tables.schema(schema)?;
        let Some(mailbox) = self.host.mailbox_type(to) else {
            self.reject(
                &peer.name,
                Cause::NoProcess,
                format_args!("sent a message to <{to}>, which has ended"),
            );
            return Ok(());
        };
        match self.decode(peer, tables, mailbox, schema, value) {
            Ok(fragment) => {
                self.host.deliver(to, Signal::Message(fragment));
            }
            Err(error @ DecodeError::Mismatch(_)) => {
                self.reject(
                    &peer.name,
                    Cause::Mismatch,
                    format_args!("a message for <{to}> is dropped: {error}"),
                );
            }
            Err(error) => {
                let (written, expected) = (tables.schema(schema)?, self.types.schema(mailbox));
                self.reject(
                    &peer.name,
                    Cause::Mismatch,
                    format_args!("a {written} for <{to}>, which takes {expected}, is dropped: {error}"),
                );
            }
        }
        Ok(())
    }

    pub(super) fn decode(
        &self,
        peer: &Peer,
        tables: &mut Tables,
        ty: DescriptorId,
        schema: u32,
        value: Source<'_>,
    ) -> Result<Fragment, DecodeError> {
        let plan = tables.plan(schema, &self.types, ty)?;
        decode(&plan, self.types.layouts(), value, &*tables, memory_max(peer))
    }

    /// Starts an exported actor for the peer and answers.
    fn spawn_here(&self, peer: &Peer, tables: &mut Tables, spawn: &Spawn<'_>) -> Result<(), Violation> {
        let name = tables.name(spawn.actor)?.clone();
        let result = match self.export_of(&name) {
            Some(export) => self.start_closure(peer, tables, export, spawn).map(|closure| (export, closure)),
            None => Err(ExitReason::Undefined(name)),
        };
        let (export, closure) = match result {
            Ok(start) => start,
            Err(reason) => {
                peer.control(&Frame::Spawned(spawn.request, Err(reason)));
                return Ok(());
            }
        };
        let start = SpawnExport {
            export,
            closure,
            parent: Pid::on_node(peer.index, spawn.parent),
            link: spawn.link,
            monitor: spawn.monitor.map(MonitorRef),
        };
        // Under the locks of the peer's links and buffer: the new process may end at once on another thread, and what it says then
        // must come behind its entries and the answer. Starting a process only queues it.
        let mut entries = peer.entries();
        if !entries.has_room(self.entries_max()) {
            return Err(Violation::TooManyEntries);
        }
        peer.with(|outgoing| {
            let spawned = self.host.spawn_export(start).map(Pid::local_bits);
            if let Some(bits) = spawned {
                entries.spawned(bits, spawn.parent, spawn.link, spawn.monitor);
            }
            let result =
                spawned.ok_or_else(|| ExitReason::Crash("the node has no room for processes".into()));
            outgoing.control(&Frame::Spawned(spawn.request, result));
        });
        Ok(())
    }

    fn export_of(&self, name: &str) -> Option<u32> {
        self.export_names.get(name).copied()
    }

    fn start_closure(
        &self,
        peer: &Peer,
        tables: &mut Tables,
        export: u32,
        spawn: &Spawn<'_>,
    ) -> Result<Fragment, ExitReason> {
        let mismatch = |text: String| ExitReason::Mismatch(text.into());
        let known = &self.exports[export as usize];
        let code = self.host.export_code(export).ok_or(ExitReason::Undefined(known.name.as_str().into()))?;
        if known.arguments.len() != spawn.arguments.len() {
            let (given, wanted) = (spawn.arguments.len(), known.arguments.len());
            return Err(mismatch(format!("{} takes {wanted} arguments, {given} were given", known.name)));
        }
        let mut builder = FragmentBuilder::new(self.types.layouts());
        let closure = builder.object(known.layout, 0);
        builder.set(closure, 0, Built::int(code));
        for (i, ((schema, value), ty)) in spawn.arguments.iter().zip(&known.arguments).enumerate() {
            let wrong =
                |error: DecodeError| mismatch(format!("argument {} of {}: {error}", i + 1, known.name));
            let plan = tables.plan(*schema, &self.types, *ty).map_err(wrong)?;
            let mut cursor = Cursor::new(value);
            let argument = decode_into(&plan, &mut builder, &mut cursor, &*tables, memory_max(peer));
            builder.set(closure, i + 1, argument.map_err(wrong)?);
            cursor.finish().map_err(wrong)?;
        }
        Ok(builder.finish(closure))
    }
}

fn memory_max(peer: &Peer) -> usize {
    peer.message_bytes_max.saturating_mul(MEMORY_FACTOR)
}

fn local_signal(peer: &Peer, signal: RemoteSignal) -> Signal {
    let from = Pid::on_node(peer.index, signal.from);
    match signal.what {
        SignalKind::Link => Signal::Link { from },
        SignalKind::Unlink => Signal::Unlink { from },
        SignalKind::UnlinkAnswer => Signal::UnlinkAnswer { from },
        SignalKind::LinkExit(reason) => Signal::LinkExit { from, reason },
        SignalKind::Exit(reason) => Signal::Exit { from, reason },
        SignalKind::Monitor(reference) => Signal::Monitor { from, reference: MonitorRef(reference) },
        SignalKind::Demonitor(reference) => Signal::Demonitor { from, reference: MonitorRef(reference) },
        SignalKind::Down(reference, reason) => {
            Signal::Down { reference: MonitorRef(reference), from, reason }
        }
    }
}
