//! Slabs: pieces of address space that are cut into blocks of one size, and go back to the system when no block is in use.
//!
//! A slab begins at a multiple of its size, so a block's address tells its slab. The head of a slab is touched with the depot's lock of
//! that size held only.

use super::{Block, Depot, Size};
use std::ptr::null_mut;

/// Size and alignment of a slab.
const SLAB_BYTES: usize = 256 << 10;

/// The head of a slab; its blocks follow.
pub(super) struct Slab {
    /// Where blocks go that are given up by somebody without a stock.
    pub depot: *const Depot,
    pub size: Size,
    /// Free blocks that were in use before.
    free: *mut Block,
    free_count: usize,
    /// Blocks that were ever cut off; beyond lies memory that nobody has touched.
    cut_count: usize,
    capacity: usize,
    next: *mut Slab,
    previous: *mut Slab,
}

/// Where the blocks begin.
const HEAD_BYTES: usize = size_of::<Slab>().next_multiple_of(64);

impl Slab {
    /// The slab of a block.
    pub fn of(block: *mut Block) -> *mut Slab {
        block.map_addr(|address| address & !(SLAB_BYTES - 1)).cast()
    }

    /// A slab without blocks in use. `None`: the system gives no memory.
    fn new(depot: *const Depot, size: Size) -> Option<*mut Slab> {
        let slab = map_aligned()?.cast::<Slab>();
        let capacity = (SLAB_BYTES - HEAD_BYTES) / size.bytes();
        let head = Slab {
            depot,
            size,
            free: null_mut(),
            free_count: 0,
            cut_count: 0,
            capacity,
            next: null_mut(),
            previous: null_mut(),
        };
        // SAFETY: the mapping is new and large enough.
        unsafe { slab.write(head) };
        Some(slab)
    }

    fn has_room(&self) -> bool {
        self.free_count > 0 || self.cut_count < self.capacity
    }

    fn is_unused(&self) -> bool {
        self.free_count == self.cut_count
    }

    /// Takes a block out of a slab that has room.
    ///
    /// # Safety
    /// `slab` is a live slab.
    unsafe fn take(slab: *mut Slab) -> *mut Block {
        // SAFETY: free blocks lie in the slab; so do those that are still to be cut off.
        unsafe {
            let block = (*slab).free;
            if block.is_null() {
                let at = HEAD_BYTES + (*slab).cut_count * (*slab).size.bytes();
                (*slab).cut_count += 1;
                return slab.byte_add(at).cast();
            }
            (*slab).free = (*block).next;
            (*slab).free_count -= 1;
            block
        }
    }
}

/// The slabs of one size that have room.
pub(super) struct Slabs {
    first: *mut Slab,
    /// Number of slabs without blocks in use: one is kept.
    unused: usize,
}

// SAFETY: slabs are used under the depot's lock.
unsafe impl Send for Slabs {}

impl Slabs {
    pub const fn new() -> Slabs {
        Slabs { first: null_mut(), unused: 0 }
    }

    /// A block. Null: the system gives no memory.
    pub fn take(&mut self, depot: *const Depot, size: Size) -> *mut Block {
        if self.first.is_null() {
            let Some(slab) = Slab::new(depot, size) else { return null_mut() };
            // SAFETY: the slab is new.
            unsafe { self.link(slab) };
            self.unused += 1;
        }
        let slab = self.first;
        // SAFETY: slabs of the list are alive and have room.
        unsafe {
            self.unused -= usize::from((*slab).is_unused());
            let block = Slab::take(slab);
            if !(*slab).has_room() {
                self.unlink(slab);
            }
            block
        }
    }

    /// Puts a block back; a slab without blocks in use goes back to the system, unless it is the only one.
    ///
    /// # Safety
    /// The block is of one of these slabs and is not used any more.
    pub unsafe fn give(&mut self, block: *mut Block) {
        let slab = Slab::of(block);
        // SAFETY: by contract.
        unsafe {
            if !(*slab).has_room() {
                self.link(slab);
            }
            block.write(Block { next: (*slab).free });
            (*slab).free = block;
            (*slab).free_count += 1;
            if !(*slab).is_unused() {
                return;
            }
            if self.unused > 0 {
                self.unlink(slab);
                unmap(slab.cast(), SLAB_BYTES);
            } else {
                self.unused += 1;
            }
        }
    }

    /// # Safety
    /// The slab is alive and in no list.
    unsafe fn link(&mut self, slab: *mut Slab) {
        // SAFETY: by contract; the list's slabs are alive.
        unsafe {
            ((*slab).next, (*slab).previous) = (self.first, null_mut());
            if !self.first.is_null() {
                (*self.first).previous = slab;
            }
        }
        self.first = slab;
    }

    /// # Safety
    /// The slab is in this list.
    unsafe fn unlink(&mut self, slab: *mut Slab) {
        // SAFETY: by contract; its neighbours are alive.
        unsafe {
            let (next, previous) = ((*slab).next, (*slab).previous);
            if !next.is_null() {
                (*next).previous = previous;
            }
            if previous.is_null() {
                self.first = next;
            } else {
                (*previous).next = next;
            }
        }
    }

    /// Gives all slabs without blocks in use back to the system.
    pub fn release_unused(&mut self) {
        let mut slab = self.first;
        while !slab.is_null() {
            // SAFETY: slabs of the list are alive; the next one is read before this one goes.
            unsafe {
                let next = (*slab).next;
                if (*slab).is_unused() {
                    self.unlink(slab);
                    unmap(slab.cast(), SLAB_BYTES);
                }
                slab = next;
            }
        }
        self.unused = 0;
    }
}

/// New memory of a slab's size and alignment.
fn map_aligned() -> Option<*mut u8> {
    let bytes = 2 * SLAB_BYTES;
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new private mapping touches nothing that exists.
    let base = unsafe { libc::mmap(null_mut(), bytes, protection, flags, -1, 0) };
    if base == libc::MAP_FAILED {
        return None;
    }
    let base = base.cast::<u8>();
    let before = base.align_offset(SLAB_BYTES);
    // SAFETY: both parts belong to the mapping, of which the slab in between stays.
    unsafe {
        unmap(base, before);
        unmap(base.add(before + SLAB_BYTES), bytes - before - SLAB_BYTES);
        Some(base.add(before))
    }
}

/// # Safety
/// The range is the caller's own mapping and is not used any more.
unsafe fn unmap(start: *mut u8, bytes: usize) {
    if bytes > 0 {
        // SAFETY: by contract.
        let result = unsafe { libc::munmap(start.cast(), bytes) };
        debug_assert_eq!(result, 0, "a range of an own mapping can be unmapped");
    }
}
