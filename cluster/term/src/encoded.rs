//! A term on its way into a frame, and how node references are written and read.

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
