//! Chunks: the blocks of memory that heaps and fragments are made of.
//!
//! A chunk is one allocation: three words of administration, then objects up to `top`. Chunks form lists through `next`.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::{self, null_mut};

/// Administration in front of the objects.
#[repr(C)]
pub(crate) struct Chunk {
    /// The next chunk of the list.
    pub next: *mut Chunk,
    /// End of the used part; stale while the chunk is a heap's bump window.
    pub top: *mut u64,
    /// End of the memory.
    pub end: *mut u64,
}

const HEAD_BYTES: usize = size_of::<Chunk>();

/// From this size on a chunk lies on large pages: it is written from end to end, and small ones would be faulted in one by one.
const LARGE_PAGES_MIN: usize = 4 << 20;
const LARGE_PAGE_BYTES: usize = 2 << 20;

fn memory_layout(bytes: usize) -> Layout {
    let align = if bytes >= LARGE_PAGES_MIN { LARGE_PAGE_BYTES } else { 8 };
    Layout::from_size_align(HEAD_BYTES + bytes, align).expect("a chunk is smaller than the address space")
}

/// Asks the system to back the large pages inside a memory block, if it has any; it may refuse.
#[cfg(target_os = "linux")]
pub(crate) fn ask_for_large_pages(memory: *mut u8, bytes: usize) {
    if bytes < LARGE_PAGES_MIN {
        return;
    }
    let skipped = memory.align_offset(LARGE_PAGE_BYTES);
    // SAFETY: advice about addresses changes nothing that a program can see.
    unsafe {
        libc::madvise(memory.wrapping_add(skipped) as *mut libc::c_void, bytes - skipped, libc::MADV_HUGEPAGE)
    };
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn ask_for_large_pages(_memory: *mut u8, _bytes: usize) {}

impl Chunk {
    /// An empty chunk with room for `bytes`, a multiple of 8.
    pub fn new(bytes: usize) -> *mut Chunk {
        let layout = memory_layout(bytes);
        // SAFETY: the layout is not empty; the header is written before anybody sees the chunk.
        unsafe {
            let chunk = alloc(layout) as *mut Chunk;
            if chunk.is_null() {
                handle_alloc_error(layout);
            }
            ask_for_large_pages(chunk as *mut u8, layout.size());
            let start = chunk.add(1) as *mut u64;
            chunk.write(Chunk { next: null_mut(), top: start, end: start.byte_add(bytes) });
            chunk
        }
    }

    /// Where its objects begin.
    pub fn start(chunk: *mut Chunk) -> *mut u64 {
        chunk.wrapping_add(1) as *mut u64
    }

    /// Bytes between its start and its end.
    ///
    /// # Safety
    /// The chunk is alive.
    pub unsafe fn room(chunk: *mut Chunk) -> usize {
        // SAFETY: by contract.
        unsafe { (*chunk).end as usize - Chunk::start(chunk) as usize }
    }

    /// Gives a chunk's memory back.
    ///
    /// # Safety
    /// Nothing refers to the chunk any more.
    pub unsafe fn free(chunk: *mut Chunk, poison: bool) {
        // SAFETY: by contract the chunk came from `new` and is not used again.
        unsafe {
            let bytes = Chunk::room(chunk);
            if poison {
                ptr::write_bytes(Chunk::start(chunk) as *mut u8, 0xA5, bytes);
            }
            dealloc(chunk as *mut u8, memory_layout(bytes));
        }
    }

    /// Frees a whole list.
    ///
    /// # Safety
    /// As for [`Chunk::free`], for each chunk of the list.
    pub unsafe fn free_list(mut chunk: *mut Chunk, poison: bool) {
        while !chunk.is_null() {
            // SAFETY: `next` is read before the chunk goes.
            unsafe {
                let next = (*chunk).next;
                Chunk::free(chunk, poison);
                chunk = next;
            }
        }
    }
}

/// Appends objects to a list of chunks that never move.
pub(crate) struct ChunkWriter {
    pub first: *mut Chunk,
    pub last: *mut Chunk,
    pub bytes: usize,
}

const CHUNK_BYTES_MIN: usize = 256;
const CHUNK_BYTES_MAX: usize = 64 << 20;

impl ChunkWriter {
    pub fn new() -> ChunkWriter {
        ChunkWriter { first: null_mut(), last: null_mut(), bytes: 0 }
    }

    /// Room for `words` more words; the first chunk is made to measure plus `slack_words`.
    #[inline]
    pub fn allocate(&mut self, words: usize, slack_words: usize) -> *mut u64 {
        let bytes = words * 8;
        self.bytes += bytes;
        // SAFETY: `last` is null or a chunk of this list.
        unsafe {
            if self.last.is_null() || ((*self.last).end as usize) - ((*self.last).top as usize) < bytes {
                self.add_chunk(bytes, slack_words);
            }
            let at = (*self.last).top;
            (*self.last).top = at.add(words);
            at
        }
    }

    #[cold]
    fn add_chunk(&mut self, bytes: usize, slack_words: usize) {
        if self.last.is_null() {
            self.last = Chunk::new(bytes + slack_words * 8);
            self.first = self.last;
            return;
        }
        let wanted = self.bytes.clamp(CHUNK_BYTES_MIN, CHUNK_BYTES_MAX).next_multiple_of(8);
        let chunk = Chunk::new(bytes.max(wanted));
        // SAFETY: `last` is a chunk of this list.
        unsafe { (*self.last).next = chunk };
        self.last = chunk;
    }

    /// The last chunk, of which there has to be one, and where its objects end.
    pub fn end(&self) -> (*mut Chunk, *mut u64) {
        // SAFETY: `last` is a chunk of this list.
        (self.last, unsafe { (*self.last).top })
    }

    /// Whether `address` lies in the used part of one of the chunks.
    pub fn owns(&self, address: u64) -> bool {
        let mut chunk = self.first;
        while !chunk.is_null() {
            // SAFETY: chunks of this list are alive.
            unsafe {
                if (Chunk::start(chunk) as u64..(*chunk).top as u64).contains(&address) {
                    return true;
                }
                chunk = (*chunk).next;
            }
        }
        false
    }
}
