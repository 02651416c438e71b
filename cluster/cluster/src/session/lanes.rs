//! Lanes: long messages go in pieces between other senders' frames, and what their sender says next waits behind them.
//!
//! A lane belongs to one sender. It begins with a long frame and starts once everything that was buffered before it
//! has been taken, so that the order of its sender's frames is kept. Each round gives every lane one piece. Together the
//! frames that are begun and not ended stay below what the receiver takes.

use crate::frame;
use crate::limits::{FRAGMENT_BYTES, FRAGMENT_STREAMS_MAX};
use snow_term::encoded::EncodedPieces;
use std::collections::VecDeque;

/// A frame without its length: its kind and the beginning of its body, and the value that ends it.
pub(super) struct Waiting {
    head: Vec<u8>,
    value: EncodedPieces,
}

impl Waiting {
    pub(super) fn new(head: Vec<u8>, value: EncodedPieces) -> Waiting {
        Waiting { head, value }
    }

    fn len(&self) -> usize {
        self.head.len() + self.value.len()
    }

    /// Appends the bytes `from..to`.
    fn append(&self, out: &mut Vec<u8>, from: usize, to: usize) {
        let head = self.head.len();
        if from < head {
            out.extend_from_slice(&self.head[from..to.min(head)]);
        }
        let (from, to) = (from.saturating_sub(head), to.saturating_sub(head));
        self.value.each_piece(from, to, &mut |piece| out.extend_from_slice(piece));
    }
}

impl From<Vec<u8>> for Waiting {
    fn from(whole: Vec<u8>) -> Waiting {
        Waiting { head: whole, value: EncodedPieces::default() }
    }
}

/// Frames of one sender.
struct Lane {
    sender: u64,
    /// The chunk that must be taken first.
    after_chunk: u64,
    frames: VecDeque<Waiting>,
    /// The stream of the first frame and how much of it is gone; `None` before it begins.
    begun: Option<(u32, usize)>,
}

/// All lanes of a connection.
pub(super) struct Lanes {
    lanes: VecDeque<Lane>,
    next_stream: u32,
    /// Lengths of the frames that are begun, together.
    begun_bytes: u64,
    begun_bytes_max: u64,
    bytes: usize,
}

impl Lanes {
    pub(super) fn new(begun_bytes_max: u64) -> Lanes {
        Lanes { lanes: VecDeque::new(), next_stream: 0, begun_bytes: 0, begun_bytes_max, bytes: 0 }
    }

    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Whether frames of this sender must wait in its lane.
    pub(super) fn has(&self, sender: u64) -> bool {
        self.lanes.iter().any(|lane| lane.sender == sender)
    }

    /// Adds a frame (kind and body) to its sender's lane, a new one when there is none.
    pub(super) fn add(&mut self, sender: u64, after_chunk: u64, frame: Waiting) {
        self.bytes += frame.len();
        match self.lanes.iter_mut().find(|lane| lane.sender == sender) {
            Some(lane) => lane.frames.push_back(frame),
            None => self.lanes.push_back(Lane { sender, after_chunk, frames: [frame].into(), begun: None }),
        }
    }

    /// Appends one piece of each lane that may go on, as long as `out` stays below `bytes_max`.
    pub(super) fn round(&mut self, out: &mut Vec<u8>, taken_chunk: u64, bytes_max: usize) {
        for _ in 0..self.lanes.len() {
            if out.len() >= bytes_max {
                return;
            }
            let Some(mut lane) = self.lanes.pop_front() else { return };
            if lane.after_chunk <= taken_chunk {
                self.step(&mut lane, out);
            }
            if !lane.frames.is_empty() {
                self.lanes.push_back(lane);
            }
        }
    }

    fn step(&mut self, lane: &mut Lane, out: &mut Vec<u8>) {
        let Some(first) = lane.frames.front() else { return };
        let total = first.len();
        if total <= FRAGMENT_BYTES {
            let mut whole = Vec::with_capacity(total);
            first.append(&mut whole, 0, total);
            append(out, &whole);
            self.bytes -= total;
            lane.frames.pop_front();
            return;
        }
        let (stream, gone) = match lane.begun {
            Some(begun) => begun,
            None if !self.may_begin(total as u64) => return,
            None => {
                self.next_stream = self.next_stream.wrapping_add(1);
                self.begun_bytes += total as u64;
                (self.next_stream, 0)
            }
        };
        let until = total.min(gone + FRAGMENT_BYTES);
        let length = (gone == 0).then_some(total as u64);
        frame::write_piece(out, stream, length, until - gone, &mut |out| first.append(out, gone, until));
        self.bytes -= until - gone;
        let gone = until;
        lane.begun = (gone < total).then_some((stream, gone));
        if gone == total {
            self.begun_bytes -= total as u64;
            lane.frames.pop_front();
        }
    }

    fn may_begin(&self, length: u64) -> bool {
        let begun = self.lanes.iter().filter(|lane| lane.begun.is_some()).count();
        begun < FRAGMENT_STREAMS_MAX && (begun == 0 || self.begun_bytes + length <= self.begun_bytes_max)
    }
}

/// Appends a whole frame from its kind and body.
pub(super) fn append(out: &mut Vec<u8>, frame: &[u8]) {
    if let Some((kind, body)) = frame.split_first() {
        let at = frame::start(out, *kind);
        out.extend_from_slice(body);
        frame::finish(out, at);
    }
}
