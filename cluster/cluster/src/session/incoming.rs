//! The receiving half of a session: bytes to events, long messages put together.

use super::Millis;
use super::tables::Tables;
use crate::error::CloseReason;
use crate::frame::{self, Frame, FrameReader, GroupFrame, NameFrame, RemoteSignal, Spawn, Violation};
use crate::handshake::Admitted;
use crate::limits::{FRAGMENT_STREAMS_MAX, FRAME_BYTES_MAX, PROCESS_NAME_BYTES_MAX};
use crate::nodes::Nodes;
use snow_heap::{GrowingText, SharedText};
use snow_process::{ExitReason, NodeIndex};
use snow_term::decode::Source;
use std::collections::HashMap;
use std::sync::Arc;

/// What a peer has said.
#[derive(Debug)]
pub enum Event<'a> {
    /// A value for the process with these 48 bits, of that schema.
    Message(u64, u32, Source<'a>),
    /// A value for a registered name.
    MessageNamed(u32, u32, Source<'a>),
    /// A signal.
    Signal(RemoteSignal),
    /// A wish to spawn.
    Spawn(Spawn<'a>),
    /// What became of this node's wish.
    Spawned(u64, Result<u64, ExitReason>),
    /// The peer's peers.
    Peers(Vec<(&'a str, &'a str)>),
    /// To be answered with a pong.
    Ping(u64),
    /// The answer to a ping.
    Pong(u64),
    /// Something about a name.
    Name(NameFrame<'a>),
    /// All names and groups have been told.
    Synced,
    /// The peer has lost a node.
    NodeGone(u32),
    /// Something about a group.
    Group(GroupFrame<'a>),
    /// A value for the members of a group, of that schema.
    GroupMessage(&'a str, u32, Source<'a>),
}

/// The receiving half.
pub struct Incoming {
    reader: FrameReader,
    tables: Tables,
    streams: HashMap<u32, Assembly>,
    begun_bytes: u64,
    message_bytes_max: u64,
    heartbeat_ms: Millis,
    last_heard: Millis,
    bytes: u64,
}

/// Once so much of a frame has come, room is made for all of it.
const RESERVE_BYTES_MIN: u64 = 128 << 10;

/// A frame that comes in pieces. Its memory grows with what has come; only addresses are taken for what was announced.
struct Assembly {
    bytes: GrowingText,
    length: u64,
}

impl Incoming {
    /// A session with an admitted peer that has this index.
    pub fn new(admitted: &Admitted, peer: NodeIndex, nodes: Arc<Nodes>, now: Millis) -> Incoming {
        Incoming {
            reader: FrameReader::default(),
            tables: Tables::new(nodes, peer),
            streams: HashMap::new(),
            begun_bytes: 0,
            message_bytes_max: admitted.me().message_bytes_max,
            heartbeat_ms: admitted.me().heartbeat_ms,
            last_heard: now,
            bytes: 0,
        }
    }

    /// Bytes received.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// When something came last.
    pub fn last_heard(&self) -> Millis {
        self.last_heard
    }

    /// Whether nothing came for the heartbeat.
    pub fn is_silent(&self, now: Millis) -> bool {
        now.saturating_sub(self.last_heard) > self.heartbeat_ms
    }

    /// When [`Incoming::is_silent`] may become true.
    pub fn silent_at(&self) -> Millis {
        self.last_heard + self.heartbeat_ms + 1
    }

    /// Takes received bytes and hands each event to `each`, in order.
    ///
    /// # Errors
    /// When the session is over: the peer left, or broke the protocol.
    pub fn receive(
        &mut self,
        bytes: &[u8],
        now: Millis,
        each: &mut dyn FnMut(&mut Tables, Event<'_>) -> Result<(), Violation>,
    ) -> Result<(), CloseReason> {
        self.last_heard = now;
        self.bytes += bytes.len() as u64;
        self.reader.push(bytes);
        loop {
            let Incoming { reader, tables, streams, begun_bytes, message_bytes_max, .. } = self;
            let Some(body) = reader.next(FRAME_BYTES_MAX).map_err(CloseReason::Misbehaved)? else {
                return Ok(());
            };
            let frame = frame::read(body).map_err(CloseReason::Misbehaved)?;
            let mut pieces = Pieces { streams, begun_bytes, message_bytes_max: *message_bytes_max };
            let whole = match frame {
                Frame::Begin(stream, length, piece) => pieces.begin(stream, length, piece),
                Frame::Piece(stream, piece) => pieces.add(stream, piece),
                frame => {
                    handle(tables, frame, None, each)?;
                    continue;
                }
            };
            if let Some(whole) = whole.map_err(CloseReason::Misbehaved)? {
                let frame = frame::read(whole.bytes()).map_err(CloseReason::Misbehaved)?;
                handle(tables, frame, Some(&whole), each)?;
            }
        }
    }
}

fn handle(
    tables: &mut Tables,
    frame: Frame<'_>,
    whole: Option<&SharedText>,
    each: &mut dyn FnMut(&mut Tables, Event<'_>) -> Result<(), Violation>,
) -> Result<(), CloseReason> {
    let event = match frame {
        Frame::Tick => return Ok(()),
        Frame::DefineSchema(bytes) => return tables.define_schema(bytes).map_err(CloseReason::Misbehaved),
        Frame::DefineNode(name, creation) => {
            return tables.define_node(name, creation).map_err(CloseReason::Misbehaved);
        }
        Frame::DefineName(name) => return tables.define_name(name).map_err(CloseReason::Misbehaved),
        Frame::Goodbye("") => return Err(CloseReason::PeerLeft),
        Frame::Goodbye(why) => return Err(CloseReason::PeerRefused(why.to_owned())),
        Frame::Begin(..) | Frame::Piece(..) => return Err(CloseReason::Misbehaved(Violation::BadPiece)),
        Frame::Message(to, schema, value) => Event::Message(to, schema, Source { bytes: value, whole }),
        Frame::MessageNamed(name, schema, value) => {
            Event::MessageNamed(name, schema, Source { bytes: value, whole })
        }
        Frame::Signal(signal) => Event::Signal(signal),
        Frame::Spawn(spawn) => Event::Spawn(spawn),
        Frame::Spawned(request, result) => Event::Spawned(request, result),
        Frame::Peers(peers) => Event::Peers(peers),
        Frame::Ping(number) => Event::Ping(number),
        Frame::Pong(number) => Event::Pong(number),
        Frame::Name(frame) => Event::Name(frame),
        Frame::Synced => Event::Synced,
        Frame::NodeGone(node) => Event::NodeGone(node),
        Frame::Group(frame) => Event::Group(frame),
        Frame::GroupMessage(group, schema, value) => {
            Event::GroupMessage(group, schema, Source { bytes: value, whole })
        }
    };
    each(tables, event).map_err(CloseReason::Misbehaved)
}

/// The frames in pieces.
struct Pieces<'s> {
    streams: &'s mut HashMap<u32, Assembly>,
    begun_bytes: &'s mut u64,
    message_bytes_max: u64,
}

impl Pieces<'_> {
    fn begin(&mut self, stream: u32, length: u64, piece: &[u8]) -> Result<Option<SharedText>, Violation> {
        // A frame is a little longer than the value in it: a group's name at most.
        if length > self.message_bytes_max.saturating_add(2 * PROCESS_NAME_BYTES_MAX as u64) {
            return Err(Violation::MessageTooLong);
        }
        let alone = self.streams.is_empty();
        if self.streams.len() >= FRAGMENT_STREAMS_MAX
            || (!alone && *self.begun_bytes + length > self.message_bytes_max)
        {
            return Err(Violation::TooManyPieces);
        }
        if self
            .streams
            .insert(stream, Assembly { bytes: GrowingText::with_room(piece.len()), length })
            .is_some()
        {
            return Err(Violation::BadPiece);
        }
        *self.begun_bytes += length;
        self.add(stream, piece)
    }

    fn add(&mut self, stream: u32, piece: &[u8]) -> Result<Option<SharedText>, Violation> {
        let assembly = self.streams.get_mut(&stream).ok_or(Violation::BadPiece)?;
        let together = assembly.bytes.len() as u64 + piece.len() as u64;
        if piece.is_empty() || together > assembly.length {
            return Err(Violation::BadPiece);
        }
        if together >= RESERVE_BYTES_MIN {
            assembly.bytes.reserve(assembly.length as usize);
        }
        assembly.bytes.push(piece);
        if together < assembly.length {
            return Ok(None);
        }
        *self.begun_bytes -= assembly.length;
        Ok(self.streams.remove(&stream).map(|assembly| assembly.bytes.finish()))
    }
}
