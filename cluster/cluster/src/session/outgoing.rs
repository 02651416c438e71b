//! The sending half of a session: two buffers, lanes for long messages, tables of what was introduced.
//!
//! Control frames and data frames are buffered apart; [`Outgoing::take`] gives control first. Definitions are control frames, so they
//! arrive before their first use. A signal that must not overtake its sender's messages (an exit or a down) joins the
//! data when such messages still wait, and is a control frame otherwise.

use super::Millis;
use super::lanes::{Lanes, Waiting, append};
use super::tables::{FIRST_NODE, RECEIVER, SENDER, ToNodes};
use crate::frame::{self, Frame, RemoteSignal, SignalKind, kind};
use crate::handshake::Admitted;
use crate::limits::{BATCH_BYTES, CHUNK_BYTES, FRAGMENT_BYTES};
use crate::nodes::Nodes;
use snow_abi::descriptor::DescriptorId;
use snow_process::NodeIndex;
use snow_term::encode::ForFrame;
use snow_term::schema::Schema;
use snow_term::wire::{write_bytes, write_unsigned};
use std::collections::VecDeque;
use std::sync::Arc;

/// Slots that remember when a sender last sent; two senders in one slot only cost a signal its priority.
const RECENT_SLOTS: usize = 1024;

/// Whether a sender may go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Room {
    /// The buffer has room.
    Free,
    /// The buffer is full: the sender must wait.
    Full,
    /// The session is over.
    Closed,
}

/// What has gone out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Messages accepted.
    pub messages: u64,
    /// Bytes taken for writing.
    pub bytes: u64,
}

/// The sending half.
pub struct Outgoing {
    control: Vec<u8>,
    /// Data frames, in numbered chunks; frames are whole in one.
    chunks: VecDeque<(u64, Vec<u8>)>,
    chunk_bytes: usize,
    /// Numbers of the chunk made last and of the one taken last.
    last_chunk: u64,
    taken_chunk: u64,
    lanes: Lanes,
    /// Bytes that are being written, of data frames and out of lanes.
    writing: usize,
    writing_long: usize,
    recent: Box<[u64]>,
    to: ToNodes,
    peer: NodeIndex,
    nodes: Arc<Nodes>,
    buffer_bytes_max: usize,
    message_bytes_max: usize,
    tick_ms: Millis,
    last_taken: Millis,
    waiting: Vec<u64>,
    waiting_long: VecDeque<u64>,
    closed: bool,
    counts: Counts,
}

impl Outgoing {
    /// A session with an admitted peer that has this index.
    pub fn new(
        admitted: &Admitted,
        peer: NodeIndex,
        nodes: Arc<Nodes>,
        buffer_bytes_max: usize,
        now: Millis,
    ) -> Outgoing {
        let heartbeat_ms = admitted.me().heartbeat_ms.min(admitted.peer().heartbeat_ms);
        let message_bytes_max = admitted.peer().message_bytes_max.min(admitted.me().message_bytes_max);
        Outgoing {
            control: vec![],
            chunks: VecDeque::new(),
            chunk_bytes: 0,
            last_chunk: 0,
            taken_chunk: 0,
            lanes: Lanes::new(admitted.peer().message_bytes_max),
            writing: 0,
            writing_long: 0,
            recent: vec![0; RECENT_SLOTS].into(),
            to: ToNodes::default(),
            peer,
            nodes,
            buffer_bytes_max,
            message_bytes_max: usize::try_from(message_bytes_max).unwrap_or(usize::MAX),
            tick_ms: (heartbeat_ms / 4).max(1),
            last_taken: now,
            waiting: vec![],
            waiting_long: VecDeque::new(),
            closed: false,
            counts: Counts::default(),
        }
    }

    /// Longest value that both sides take.
    pub fn message_bytes_max(&self) -> usize {
        self.message_bytes_max
    }

    /// Whether a message of this sender would be taken now, unless it is a long one. Long messages of others count for nothing: a
    /// sender's own count when what it says next must wait behind them.
    pub fn room(&self, sender: u64) -> Room {
        match self.lanes.has(sender) {
            true => self.room_for_long(),
            false => self.room_beside(self.chunk_bytes + self.writing),
        }
    }

    /// Whether a long message would be taken now.
    pub fn room_for_long(&self) -> Room {
        self.room_beside(self.lanes.bytes() + self.writing_long)
    }

    fn room_beside(&self, bytes: usize) -> Room {
        match (self.closed, bytes > self.buffer_bytes_max) {
            (true, _) => Room::Closed,
            (_, true) => Room::Full,
            _ => Room::Free,
        }
    }

    /// Notes a sender that [`Outgoing::room`] has given none, to be woken once there is.
    pub fn wait(&mut self, sender: u64) {
        match self.lanes.has(sender) {
            true => self.wait_for_long(sender),
            false => self.waiting.push(sender),
        }
    }

    /// Notes a sender of a long message to be woken once there is room. They are woken one after the other.
    pub fn wait_for_long(&mut self, sender: u64) {
        self.waiting_long.push_back(sender);
    }

    /// Number of senders that wait.
    pub fn waiting_count(&self) -> usize {
        self.waiting.len() + self.waiting_long.len()
    }

    /// Bytes of messages that have not been written.
    pub fn buffered(&self) -> usize {
        self.chunk_bytes + self.lanes.bytes() + self.writing + self.writing_long
    }

    /// What has gone out.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The connection's number of a node, introduced at its first use.
    pub fn node(&mut self, index: NodeIndex) -> u32 {
        if index == NodeIndex::OWN {
            return SENDER;
        }
        if index == self.peer {
            return RECEIVER;
        }
        if let Some(number) = self.to.nodes.get(&index.0) {
            return *number;
        }
        let Some(node) = self.nodes.get(index) else { return u32::MAX };
        let number = FIRST_NODE + self.to.nodes.len() as u32;
        self.control(&Frame::DefineNode(node.name.as_str(), node.creation));
        self.to.nodes.insert(index.0, number);
        number
    }

    /// The connection's number of a schema, introduced at its first use.
    pub fn schema(&mut self, ty: DescriptorId, schema: &Schema) -> u32 {
        let next = self.next_schema();
        let number = *self.to.schemas.entry(ty).or_insert(next);
        if number == next {
            self.control(&Frame::DefineSchema(schema.bytes()));
        }
        number
    }

    /// The connection's number of a schema that some other node has described.
    pub fn schema_of_other(&mut self, schema: &Schema) -> u32 {
        let next = self.next_schema();
        let number = *self.to.others.entry(schema.fingerprint()).or_insert(next);
        if number == next {
            self.control(&Frame::DefineSchema(schema.bytes()));
        }
        number
    }

    fn next_schema(&self) -> u32 {
        (self.to.schemas.len() + self.to.others.len()) as u32
    }

    /// The connection's number of a name, introduced at its first use.
    pub fn name(&mut self, name: &str) -> u32 {
        if let Some(number) = self.to.names.get(name) {
            return *number;
        }
        let number = self.to.names.len() as u32;
        self.control(&Frame::DefineName(name));
        self.to.names.insert(name.into(), number);
        number
    }

    /// Buffers a message for a process.
    pub fn message(&mut self, from: u64, to: u64, schema: u32, value: ForFrame<'_>) {
        self.data(from, kind::MESSAGE, |out| write_unsigned(out, to), (schema, value));
    }

    /// Buffers a message for a registered name.
    pub fn message_named(&mut self, from: u64, name: u32, schema: u32, value: ForFrame<'_>) {
        self.data(from, kind::MESSAGE_NAMED, |out| write_unsigned(out, name.into()), (schema, value));
    }

    /// Buffers a message for the members of a group.
    pub fn group_message(&mut self, from: u64, group: &str, schema: u32, value: ForFrame<'_>) {
        let to = |out: &mut Vec<u8>| write_bytes(out, group.as_bytes());
        self.data(from, kind::GROUP_MESSAGE, to, (schema, value));
    }

    fn data(&mut self, from: u64, kind: u8, to: impl Fn(&mut Vec<u8>), (schema, value): (u32, ForFrame<'_>)) {
        self.counts.messages += 1;
        let head = |out: &mut Vec<u8>| {
            to(out);
            write_unsigned(out, schema.into());
        };
        let value = match value {
            ForFrame::Short(value) if !self.lanes.has(from) => value.bytes(),
            value => {
                let mut begin = vec![kind];
                head(&mut begin);
                return self.lane(from, Waiting::new(begin, value.into_pieces()));
            }
        };
        self.append(|chunk| {
            let at = frame::start(chunk, kind);
            head(chunk);
            chunk.extend_from_slice(value);
            frame::finish(chunk, at);
        });
        self.recent[slot(from)] = self.last_chunk;
    }

    fn lane(&mut self, from: u64, frame: impl Into<Waiting>) {
        if !self.closed {
            self.lanes.add(from, self.last_chunk, frame.into());
        }
    }

    fn append(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.closed {
            return;
        }
        if self.chunks.back().is_none_or(|(_, chunk)| chunk.len() >= CHUNK_BYTES) {
            self.last_chunk += 1;
            self.chunks.push_back((self.last_chunk, Vec::new()));
        }
        if let Some((_, chunk)) = self.chunks.back_mut() {
            let before = chunk.len();
            write(chunk);
            self.chunk_bytes += chunk.len() - before;
        }
    }

    /// Buffers a signal.
    pub fn signal(&mut self, signal: RemoteSignal) {
        let keeps_order =
            matches!(signal.what, SignalKind::LinkExit(_) | SignalKind::Exit(_) | SignalKind::Down(..));
        let from = signal.from;
        if keeps_order && self.lanes.has(from) {
            let mut whole = vec![];
            frame::write(&mut whole, &Frame::Signal(signal));
            let body = frame::body_start(&whole);
            return self.lane(from, whole.split_off(body));
        }
        if keeps_order && self.recent[slot(from)] > self.taken_chunk {
            return self.append(|chunk| frame::write(chunk, &Frame::Signal(signal)));
        }
        self.control(&Frame::Signal(signal));
    }

    /// Buffers a control frame.
    pub fn control(&mut self, frame: &Frame<'_>) {
        if !self.closed {
            frame::write(&mut self.control, frame);
        }
    }

    /// Buffers a frame with arguments that may be long, behind what the sender said before.
    pub fn spawn(&mut self, spawn: frame::Spawn<'_>) {
        let mut whole = vec![];
        let from = spawn.parent;
        frame::write(&mut whole, &Frame::Spawn(spawn));
        let body = whole.split_off(frame::body_start(&whole));
        if body.len() > FRAGMENT_BYTES || self.lanes.has(from) {
            self.lane(from, body);
        } else {
            append(&mut self.control, &body);
        }
    }

    /// Moves what is to be written next into `out`, which must be empty; nothing is left to write when it stays so. Call
    /// [`Outgoing::written`] afterwards.
    pub fn take(&mut self, out: &mut Vec<u8>, now: Millis) {
        std::mem::swap(out, &mut self.control);
        if let Some((number, chunk)) = self.chunks.pop_front() {
            self.taken_chunk = number;
            self.chunk_bytes -= chunk.len();
            self.writing += chunk.len();
            if out.is_empty() { *out = chunk } else { out.extend_from_slice(&chunk) }
        }
        let before = out.len();
        while !self.lanes.is_empty() && out.len() < BATCH_BYTES {
            let at = out.len();
            self.lanes.round(out, self.taken_chunk, BATCH_BYTES);
            if out.len() == at {
                break;
            }
        }
        self.writing_long += out.len() - before;
        self.counts.bytes += out.len() as u64;
        if !out.is_empty() {
            self.last_taken = now;
        }
    }

    /// Whether there is something to write.
    pub fn has_output(&self) -> bool {
        !self.control.is_empty() || !self.chunks.is_empty() || !self.lanes.is_empty()
    }

    /// What was taken has been written: the senders to wake now that the buffer is under half.
    pub fn written(&mut self) -> Vec<u64> {
        (self.writing, self.writing_long) = (0, 0);
        let mut woken = vec![];
        if self.chunk_bytes <= self.buffer_bytes_max / 2 {
            woken = std::mem::take(&mut self.waiting);
        }
        if self.lanes.is_empty() {
            // Nothing more will be written that could wake the next
            woken.extend(self.waiting_long.drain(..));
        } else if self.lanes.bytes() <= self.buffer_bytes_max / 2 {
            woken.extend(self.waiting_long.pop_front());
        }
        woken
    }

    /// Adds a sign of life when nothing was written for a while.
    pub fn tick(&mut self, now: Millis) {
        if !self.has_output()
            && self.writing + self.writing_long == 0
            && now.saturating_sub(self.last_taken) >= self.tick_ms
        {
            self.control(&Frame::Tick);
        }
    }

    /// When [`Outgoing::tick`] is due.
    pub fn next_tick(&self) -> Millis {
        self.last_taken + self.tick_ms
    }

    /// Ends the session: nothing is taken from now on, and everyone who waits is to be woken.
    pub fn close(&mut self) -> Vec<u64> {
        self.closed = true;
        self.control = vec![];
        self.chunks.clear();
        self.lanes = Lanes::new(0);
        self.chunk_bytes = 0;
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.extend(self.waiting_long.drain(..));
        waiting
    }
}

fn slot(sender: u64) -> usize {
    (sender.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
}
