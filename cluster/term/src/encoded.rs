//! A term on its way into a frame, and how node references are written and read.

use snow_heap::SharedText;

/// Bytes that an [`crate::encode::Encoder`] made: the only form in which a value enters a frame.
#[derive(Clone, Copy, Debug)]
pub struct Encoded<'a> {
    bytes: &'a [u8],
}

impl<'a> Encoded<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Encoded<'a> {
        Encoded { bytes }
    }

    /// The bytes.
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }
}

/// A long term, whole or with the long texts in it shared instead of copied: the other form in which a value enters a frame.
#[derive(Default)]
pub struct EncodedPieces {
    bytes: Vec<u8>,
    shared: Vec<SharedPiece>,
    len: usize,
}

/// A part of a buffer that stands in a term.
pub(crate) struct SharedPiece {
    /// The term's own bytes before it.
    pub at: usize,
    /// The buffer.
    pub text: SharedText,
    /// Its first byte there.
    pub offset: usize,
    /// Its length.
    pub len: usize,
}

impl EncodedPieces {
    pub(crate) fn new(bytes: Vec<u8>, shared: Vec<SharedPiece>) -> EncodedPieces {
        let len = bytes.len() + shared.iter().map(|piece| piece.len).sum::<usize>();
        EncodedPieces { bytes, shared, len }
    }

    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Calls `each` with the pieces of `from..to`, in order.
    pub fn each_piece(&self, from: usize, to: usize, each: &mut dyn FnMut(&[u8])) {
        let mut start = 0;
        let mut give = |piece: &[u8]| {
            let end = start + piece.len();
            if start < to && from < end {
                each(&piece[from.saturating_sub(start)..piece.len().min(to - start)]);
            }
            start = end;
        };
        let mut own = 0;
        for shared in &self.shared {
            give(&self.bytes[own..shared.at]);
            give(&shared.text.bytes()[shared.offset..shared.offset + shared.len]);
            own = shared.at;
        }
        give(&self.bytes[own..]);
    }
}

/// Numbers for nodes in what is written: per connection, or per stored value.
pub trait NodeReferences {
    /// The number of the node with this index in the node table, 0 being the own node.
    fn reference(&mut self, node: u16) -> u32;

    /// Appends a monitor reference.
    fn write_monitor(&mut self, word: u64, out: &mut Vec<u8>) {
        crate::wire::write_unsigned(out, word);
    }
}

/// The nodes that numbers in received bytes stand for.
pub trait NodeTable {
    /// Index in the node table of the node that the writer numbered so; `None` when it was never introduced.
    fn index(&self, reference: u32) -> Option<u16>;
}
