//! Names of processes, monitors and nodes: plain numbers.

use std::fmt;

/// Index into this node's table of nodes; 0 is the own node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeIndex(pub u16);

impl NodeIndex {
    /// The own node.
    pub const OWN: NodeIndex = NodeIndex(0);
}

/// A process: upper 16 bits the node's index, lower 48 the slot and its generation there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pid(pub u64);

/// Bits of a process slot: 67 million processes at once on a node.
const SLOT_BITS: u32 = 26;
/// Bits of a slot's generation. Slots are reused first in, first out, so that it takes years to come round.
const GENERATION_BITS: u32 = 22;

impl Pid {
    /// Largest number of slots.
    pub const SLOT_COUNT_MAX: usize = 1 << SLOT_BITS;
    /// Largest generation; the first is 1, so that no pid is 0.
    pub const GENERATION_MAX: u32 = (1 << GENERATION_BITS) - 1;

    /// A process of this node.
    pub const fn local(slot: u32, generation: u32) -> Pid {
        Pid((generation as u64) << SLOT_BITS | slot as u64)
    }

    /// The process that node `node` calls `local`.
    pub const fn on_node(node: NodeIndex, local: u64) -> Pid {
        Pid((node.0 as u64) << 48 | local & ((1 << 48) - 1))
    }

    /// Where it runs.
    pub const fn node(self) -> NodeIndex {
        NodeIndex((self.0 >> 48) as u16)
    }

    /// Whether it runs on this node.
    pub const fn is_local(self) -> bool {
        self.0 < 1 << 48
    }

    /// Slot and generation, as its own node numbers it.
    pub const fn local_bits(self) -> u64 {
        self.0 & ((1 << 48) - 1)
    }

    /// Its slot in its node's table.
    pub const fn slot(self) -> u32 {
        (self.0 & ((1 << SLOT_BITS) - 1)) as u32
    }

    /// The generation of the slot.
    pub const fn generation(self) -> u32 {
        (self.local_bits() >> SLOT_BITS) as u32
    }
}

impl fmt::Display for Pid {
    /// The part that does not need the node's name: `12.3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.slot(), self.generation())
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}:{self}>", self.node().0)
    }
}

/// A monitor, unique on the node that made it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MonitorRef(pub u64);
