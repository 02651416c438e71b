//! Blocks of memory that come and go all the time, kept for their next use: letters, and the first stacks of processes.
//!
//! Each worker has shelves of its own. A full shelf gives a batch to the node's depot, an empty one takes one from there, so blocks
//! that one worker takes and another gives find their way back. What the depot has no room for goes back to the [`slab`]s that all
//! blocks are cut from, and by them to the system.

mod slab;

use crate::stack::STACK_BYTES_MIN;
use crate::sync::{Mutex, lock};
use slab::{Slab, Slabs};
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::null_mut;
use std::sync::Arc;

/// Sizes of letters: from the smallest on in steps.
const LETTER_BYTES_MIN: usize = 32;
const LETTER_BYTES_STEP: usize = 16;
/// Larger letters are not kept.
const LETTER_BYTES_MAX: usize = 128;
const STACKS: usize = (LETTER_BYTES_MAX - LETTER_BYTES_MIN) / LETTER_BYTES_STEP + 1;
const SHELVES: usize = STACKS + 1;
/// Blocks that go to and from the depot at once, in bytes; a worker keeps two batches of a size at most.
const BATCH_BYTES: usize = 16 << 10;
/// Batches of a size that the depot keeps.
const DEPOT_BATCHES_MAX: usize = 64;

/// A block that nobody uses.
struct Block {
    next: *mut Block,
}

/// Blocks of one size, linked.
#[derive(Clone, Copy)]
struct Batch {
    first: *mut Block,
    len: usize,
}

// SAFETY: the blocks belong to whoever has the batch.
unsafe impl Send for Batch {}

/// Which shelf blocks of a size belong to.
#[derive(Clone, Copy)]
pub(crate) struct Size(usize);

impl Size {
    /// A new process's stack.
    pub const STACK: Size = Size(STACKS);

    /// A letter of so many bytes. `None`: it is not kept.
    #[inline]
    pub fn of_letter(bytes: usize) -> Option<Size> {
        let steps = bytes.saturating_sub(LETTER_BYTES_MIN).div_ceil(LETTER_BYTES_STEP);
        (steps < STACKS).then_some(Size(steps))
    }

    fn bytes(self) -> usize {
        if self.0 == STACKS { STACK_BYTES_MIN } else { LETTER_BYTES_MIN + self.0 * LETTER_BYTES_STEP }
    }

    /// A block's memory where it is allocated alone.
    fn layout(self) -> Layout {
        Layout::from_size_align(self.bytes(), 16).expect("blocks are small")
    }

    fn batch_len(self) -> usize {
        BATCH_BYTES / self.bytes()
    }
}

/// A worker's shelves.
pub(crate) struct Stock {
    shelves: [Batch; SHELVES],
    depot: Arc<Depot>,
}

impl Stock {
    pub fn new(depot: Arc<Depot>) -> Stock {
        Stock { shelves: [Batch { first: null_mut(), len: 0 }; SHELVES], depot }
    }

    /// Whether blocks are kept at all.
    #[inline]
    pub fn keeps(&self) -> bool {
        self.depot.keeps
    }

    /// A block; its content is not initialised.
    #[inline]
    pub fn take(&mut self, size: Size) -> *mut u8 {
        let shelf = &mut self.shelves[size.0];
        let block = shelf.first;
        if block.is_null() {
            return self.fetch(size);
        }
        // SAFETY: blocks on a shelf are this worker's, and linked.
        shelf.first = unsafe { (*block).next };
        shelf.len -= 1;
        block.cast()
    }

    #[cold]
    fn fetch(&mut self, size: Size) -> *mut u8 {
        if !self.depot.keeps {
            return self.depot.take_one(size);
        }
        self.shelves[size.0] = self.depot.take(size);
        self.take(size)
    }

    /// Puts a block back.
    ///
    /// # Safety
    /// It was taken as one of this size, from a stock or depot of this node, and is not used any more.
    #[inline]
    pub unsafe fn give(&mut self, block: *mut u8, size: Size) {
        let shelf = &mut self.shelves[size.0];
        if shelf.len >= 2 * size.batch_len() || !self.depot.keeps {
            // SAFETY: by contract.
            return unsafe { self.give_slowly(block, size) };
        }
        let block = block.cast::<Block>();
        // SAFETY: every size has room for the link.
        unsafe { block.write(Block { next: shelf.first }) };
        shelf.first = block;
        shelf.len += 1;
    }

    /// # Safety
    /// As for `give`.
    #[cold]
    unsafe fn give_slowly(&mut self, block: *mut u8, size: Size) {
        // SAFETY: by contract; after a batch has gone there is room.
        unsafe {
            if !self.depot.keeps {
                return self.depot.give_one(block, size);
            }
            self.depot.give(self.shelves[size.0].split(size.batch_len()), size);
            self.give(block, size);
        }
    }
}

impl Drop for Stock {
    fn drop(&mut self) {
        for (index, shelf) in self.shelves.iter().enumerate() {
            self.depot.give(*shelf, Size(index));
        }
    }
}

impl Batch {
    /// Takes the first `len` blocks off.
    fn split(&mut self, len: usize) -> Batch {
        let batch = Batch { first: self.first, len };
        let mut last = self.first;
        for _ in 1..len {
            // SAFETY: there are that many blocks.
            last = unsafe { (*last).next };
        }
        // SAFETY: as above.
        self.first = unsafe { std::mem::replace(&mut (*last).next, null_mut()) };
        self.len -= len;
        batch
    }
}

/// What the workers of a node share.
pub(crate) struct Depot {
    shelves: [Mutex<Content>; SHELVES],
    /// Whether blocks are kept at all. Memory that is used again at once hides errors from the stress modes: there each block is
    /// allocated and freed alone.
    keeps: bool,
}

/// Blocks of one size.
struct Content {
    batches: Vec<Batch>,
    slabs: Slabs,
}

impl Depot {
    pub fn new(keeps: bool) -> Depot {
        let shelf = |_| Mutex::new(Content { batches: Vec::new(), slabs: Slabs::new() });
        Depot { shelves: std::array::from_fn(shelf), keeps }
    }

    /// A block for somebody without a stock.
    pub fn take_one(&self, size: Size) -> *mut u8 {
        let block = if self.keeps {
            lock(&self.shelves[size.0]).slabs.take(self, size).cast()
        } else {
            // SAFETY: the layout is not empty.
            unsafe { alloc(size.layout()) }
        };
        if block.is_null() {
            handle_alloc_error(size.layout());
        }
        block
    }

    /// # Safety
    /// As for `Stock::give`.
    pub unsafe fn give_one(&self, block: *mut u8, size: Size) {
        // SAFETY: by contract.
        unsafe {
            if self.keeps {
                lock(&self.shelves[size.0]).slabs.give(block.cast());
            } else {
                dealloc(block, size.layout());
            }
        }
    }

    /// A batch with one block at least.
    fn take(&self, size: Size) -> Batch {
        let mut content = lock(&self.shelves[size.0]);
        if let Some(batch) = content.batches.pop() {
            return batch;
        }
        let mut batch = Batch { first: null_mut(), len: 0 };
        while batch.len < size.batch_len() {
            let block = content.slabs.take(self, size);
            if block.is_null() {
                break;
            }
            // SAFETY: the block is nobody else's.
            unsafe { block.write(Block { next: batch.first }) };
            batch = Batch { first: block, len: batch.len + 1 };
        }
        if batch.len == 0 {
            handle_alloc_error(size.layout());
        }
        batch
    }

    /// Keeps a batch, or gives its blocks back to their slabs.
    fn give(&self, batch: Batch, size: Size) {
        let mut content = lock(&self.shelves[size.0]);
        if batch.len == size.batch_len() && content.batches.len() < DEPOT_BATCHES_MAX {
            content.batches.push(batch);
            return;
        }
        content.give_back(batch);
    }
}

impl Content {
    fn give_back(&mut self, batch: Batch) {
        let mut block = batch.first;
        while !block.is_null() {
            // SAFETY: the batch's blocks are used by nobody; the link is read before the block goes.
            unsafe {
                let next = (*block).next;
                self.slabs.give(block);
                block = next;
            }
        }
    }
}

impl Drop for Depot {
    fn drop(&mut self) {
        for shelf in &self.shelves {
            let mut content = lock(shelf);
            for batch in std::mem::take(&mut content.batches) {
                content.give_back(batch);
            }
            content.slabs.release_unused();
        }
    }
}

/// Puts a block back that its owner took as one of this size, from a thread that may have no stock.
///
/// # Safety
/// It comes from a depot that keeps blocks and is still there, and is not used any more.
pub(crate) unsafe fn give_to_its_depot(block: *mut u8) {
    // SAFETY: by contract; neither depot nor size of a slab ever change.
    unsafe {
        let slab = Slab::of(block.cast());
        let (depot, size) = (&*(*slab).depot, (*slab).size);
        depot.give_one(block, size);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Blocks that one worker gives are what another takes next, and what is too much goes back.
    #[test]
    fn blocks_find_their_way_back() {
        let depot = Arc::new(Depot::new(true));
        let (mut maker, mut freer) = (Stock::new(Arc::clone(&depot)), Stock::new(Arc::clone(&depot)));
        let size = Size::of_letter(40).expect("a small letter");
        let count = size.batch_len() * (DEPOT_BATCHES_MAX + 30);
        let mut blocks: Vec<*mut u8> = (0..count).map(|_| maker.take(size)).collect();
        for block in &blocks {
            // SAFETY: the block was taken and is not used.
            unsafe { freer.give(*block, size) };
        }
        blocks.sort_unstable();
        assert!(blocks.windows(2).all(|pair| pair[1] as usize - pair[0] as usize >= size.bytes()));
        assert!(freer.shelves[size.0].len <= 2 * size.batch_len());
        assert_eq!(lock(&depot.shelves[size.0]).batches.len(), DEPOT_BATCHES_MAX);
        let again: Vec<*mut u8> = (0..size.batch_len() * 2).map(|_| maker.take(size)).collect();
        assert!(again.iter().all(|block| blocks.binary_search(block).is_ok()));
        for block in again {
            // SAFETY: as above; two ways to give a block back.
            unsafe { give_to_its_depot(block) };
        }
    }

    /// Memory that is not used any more goes back to the system, whatever the order in which blocks come back.
    #[test]
    fn slabs_go_back_to_the_system() {
        let depot = Depot::new(true);
        let size = Size::STACK;
        let blocks: Vec<*mut u8> = (0..4000).map(|_| depot.take_one(size)).collect();
        let addresses: Vec<usize> = blocks.iter().map(|block| *block as usize).collect();
        for step in 0..7 {
            for block in blocks.iter().skip(step).step_by(7) {
                // SAFETY: each block was taken and is given back once.
                unsafe { depot.give_one(*block, size) };
            }
        }
        let mapped = std::fs::read_to_string("/proc/self/maps").expect("the system shows its mappings");
        let is_mapped = |address: usize| {
            mapped.lines().any(|line| {
                let mut ends = line.split([' ', '-']).map(|end| usize::from_str_radix(end, 16));
                matches!((ends.next(), ends.next()), (Some(Ok(start)), Some(Ok(end))) if (start..end).contains(&address))
            })
        };
        let left = addresses.iter().filter(|address| is_mapped(**address)).count();
        assert!(left <= 2 * (256 << 10) / size.bytes(), "{left} blocks are still mapped");
    }
}
