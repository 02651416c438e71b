//! The old part of a large heap, and collections that leave it alone.
//!
//! What survives a collection of a large heap is old: it lies in chunks of its own and moves again only when everything is
//! collected, which happens once the old part has doubled. Most collections therefore cost what is alive of the newest chunk.
//!
//! **Invariant:** an old object refers to old ones and the image only. Values do not change, so this breaks nowhere but where
//! the runtime overwrites a word: such a word is *remembered* until the next collection.

use crate::chunk::{Chunk, ChunkWriter};
use crate::collect::Roots;
use crate::heap::Heap;
use crate::layouts::Layouts;
use crate::small::copy_words;
use snow_abi::value::{Header, Word, is_immediate};

/// From so many live bytes on a heap has an old part.
const LARGE_BYTES_MIN: usize = 256 << 10;
/// An old part may grow by so much between two collections of everything, however small it is.
const GROWTH_BYTES_MIN: usize = 2 << 20;
/// Everything is collected after as many bytes of young objects as this many times the old part: what died there goes, too.
const YOUNG_BYTES_PER_OLD: usize = 8;
/// With fewer remembered words nobody looks whether some are the same.
const REMEMBERED_MIN: usize = 1024;
/// Least window of a heap with an old part: about what a core's own cache holds.
const WINDOW_BYTES_MIN: usize = 512 << 10;
/// A window may grow to this size however small the old part is, and to half of a larger one.
const WINDOW_BYTES_MAX: usize = 8 << 20;

/// The old part of a heap.
pub(crate) struct Old {
    pub writer: ChunkWriter,
    /// The newest shared text of it, or 0.
    pub shared: u64,
    /// Bytes of text buffers that it refers to.
    pub external_bytes: usize,
    /// With more bytes, or more external ones, everything is collected.
    bytes_max: usize,
    external_bytes_max: usize,
    /// Bytes of young objects since the last collection of everything.
    young_bytes: usize,
    /// Size that the window should have.
    pub window_bytes: usize,
    /// Words of objects that were overwritten since the last collection.
    remembered: Vec<*mut Word>,
}

impl Old {
    /// The part that consists of the one chunk that everything alive has moved to; the window had `window_bytes` before.
    ///
    /// # Safety
    /// The chunk's objects end at its `top`.
    pub unsafe fn new(chunk: *mut Chunk, external_bytes: usize, window_bytes: usize) -> Old {
        // SAFETY: by contract.
        let bytes = unsafe { (*chunk).top as usize - Chunk::start(chunk) as usize };
        Old {
            writer: ChunkWriter { first: chunk, last: chunk, bytes },
            shared: 0,
            external_bytes,
            bytes_max: bytes + bytes.max(GROWTH_BYTES_MIN),
            external_bytes_max: 2 * external_bytes + 4 * GROWTH_BYTES_MIN,
            young_bytes: 0,
            window_bytes: window_bytes.max(WINDOW_BYTES_MIN),
            remembered: Vec::new(),
        }
    }

    /// Whether the next collection is one of everything.
    pub fn is_full(&self) -> bool {
        self.writer.bytes > self.bytes_max
            || self.external_bytes > self.external_bytes_max
            || self.young_bytes / YOUNG_BYTES_PER_OLD > self.writer.bytes
    }

    /// Notes what became of the young objects, and sets the size of the window by it: the less time they have to die, the more of them
    /// are moved.
    fn note_promoted(&mut self, young_bytes: usize, promoted_bytes: usize) {
        self.young_bytes += young_bytes;
        let most = (self.writer.bytes / 2).max(WINDOW_BYTES_MAX);
        if promoted_bytes > young_bytes / 4 {
            self.window_bytes = (2 * self.window_bytes).min(most);
        } else if promoted_bytes < young_bytes / 16 {
            self.window_bytes = (self.window_bytes / 2).max(WINDOW_BYTES_MIN);
        }
    }

    /// Remembers an overwritten word; one that is overwritten again and again takes no more room for it.
    fn remember(&mut self, slot: *mut Word) {
        if self.remembered.len() == self.remembered.capacity() && self.remembered.len() >= REMEMBERED_MIN {
            self.remembered.sort_unstable();
            self.remembered.dedup();
            if self.remembered.len() > self.remembered.capacity() / 2 {
                self.remembered.reserve(self.remembered.capacity());
            }
        }
        self.remembered.push(slot);
    }

    /// Takes chunks over whose objects refer to each other and the image only.
    ///
    /// # Safety
    /// `first` to `last` is a list of chunks that nobody else owns and holds `bytes` of objects.
    pub unsafe fn attach(&mut self, first: *mut Chunk, last: *mut Chunk, bytes: usize) {
        // SAFETY: by contract. In front of the list, where promotion does not look.
        unsafe { (*last).next = self.writer.first };
        self.writer.first = first;
        self.writer.bytes += bytes;
    }
}

/// Whether a heap of so many live bytes gets an old part; with `stress` every heap does.
pub(crate) fn is_large(live_bytes: usize, stress: bool) -> bool {
    live_bytes >= LARGE_BYTES_MIN || stress && live_bytes > 0
}

impl Heap {
    /// Tells the collector that body word `index` of an object, one of class `Ref`, was overwritten.
    pub fn note_overwritten(&mut self, object: Word, index: usize) {
        let Some(old) = &mut self.old else { return };
        let window = Chunk::start(self.chunk) as u64..self.next as u64;
        if !window.contains(&object) && Heap::is_own(object) {
            old.remember((object as *mut Word).wrapping_add(1 + index));
        }
    }

    /// Moves what `roots` reach of the young chunks into the old part.
    ///
    /// # Safety
    /// As for [`Heap::collect`]; there is an old part.
    pub(crate) unsafe fn collect_young(&mut self, need_bytes: usize, roots: &mut (impl Roots + ?Sized)) {
        let mut old = self.old.take().expect("called with an old part");
        let (young_bytes, old_bytes) = (self.closed_bytes + self.window_bytes(), old.writer.bytes);
        let (chunk, scan) = old.writer.end();
        // SAFETY: young chunks live until the end of this block; promotion writes behind the old objects.
        unsafe {
            let young = Young::of(self.chunk);
            let mut promotion = Promotion { layouts: &*self.layouts, young: &young, writer: &mut old.writer };
            roots.each(&mut |slot| promotion.visit(slot));
            self.root_span_bytes = roots.span_bytes();
            // A word of a young object may be among them: then it is the one that was left behind, which nobody reads.
            old.remembered.drain(..).for_each(|slot| promotion.visit(slot));
            promotion.scan(chunk, scan);
            let first = std::mem::replace(&mut self.shared, 0);
            old.external_bytes += Heap::keep_moved(first, &mut old.shared);
        }
        old.note_promoted(young_bytes, old.writer.bytes - old_bytes);
        (self.external_live_bytes, self.external_bytes) = (old.external_bytes, 0);
        self.live_bytes = old.writer.bytes;
        self.old = Some(old);
        // SAFETY: nothing refers to young chunks any more.
        unsafe { self.empty_young(need_bytes) };
    }

    /// Frees the young chunks but for one that can be the window again.
    ///
    /// # Safety
    /// Nothing refers to objects in them.
    unsafe fn empty_young(&mut self, need_bytes: usize) {
        let wanted = self.next_window_bytes(need_bytes);
        let mut kept: *mut Chunk = std::ptr::null_mut();
        let mut chunk = self.chunk;
        while !chunk.is_null() {
            // SAFETY: `next` is read before the chunk goes.
            unsafe {
                let next = (*chunk).next;
                let fits = kept.is_null() && (wanted..=2 * wanted).contains(&Chunk::room(chunk));
                if fits && !self.stress {
                    kept = chunk;
                } else {
                    Chunk::free(chunk, self.stress);
                }
                chunk = next;
            }
        }
        self.chunk = std::ptr::null_mut();
        (self.next, self.closed_bytes) = (std::ptr::null_mut(), 0);
        if kept.is_null() {
            self.open_window(wanted);
        } else {
            // SAFETY: the chunk is the heap's own and empty.
            unsafe { (*kept).next = std::ptr::null_mut() };
            self.chunk = kept;
            self.next = Chunk::start(kept);
        }
    }
}

/// Where young objects lie. There are many chunks when one primitive has made many objects.
struct Young {
    window: (u64, u64),
    /// In the order of their addresses.
    others: Vec<(u64, u64)>,
}

impl Young {
    /// # Safety
    /// `window` is a list of live chunks.
    unsafe fn of(window: *mut Chunk) -> Young {
        // SAFETY: by contract.
        unsafe {
            let range = |chunk: *mut Chunk| (Chunk::start(chunk) as u64, (*chunk).end as u64);
            let mut young = Young { window: range(window), others: Vec::new() };
            let mut chunk = (*window).next;
            while !chunk.is_null() {
                young.others.push(range(chunk));
                chunk = (*chunk).next;
            }
            young.others.sort_unstable();
            young
        }
    }

    #[inline]
    fn contains(&self, address: u64) -> bool {
        let within = |&(start, end): &(u64, u64)| address.wrapping_sub(start) < end - start;
        within(&self.window)
            || !self.others.is_empty() && {
                let behind = self.others.partition_point(|&(start, _)| start <= address);
                self.others[..behind].last().is_some_and(within)
            }
    }
}

/// Young objects on their way to the old part.
struct Promotion<'a> {
    layouts: &'a Layouts,
    young: &'a Young,
    writer: &'a mut ChunkWriter,
}

impl Promotion<'_> {
    #[inline]
    fn visit(&mut self, slot: *mut Word) {
        // SAFETY: roots and scanned slots hold immediates or addresses of live objects.
        unsafe {
            let word = *slot;
            if is_immediate(word) || !self.young.contains(word) {
                return;
            }
            let object = word as *mut u64;
            let header = Header(*object);
            if header.is_forwarded() {
                *slot = header.0;
                return;
            }
            let words = self.layouts.size_words(object, header);
            let copy = self.writer.allocate(words, 0);
            copy_words(object, copy, words);
            *object = copy as u64;
            *slot = copy as u64;
        }
    }

    /// Visits the references of everything behind `scan`, until nothing new is promoted.
    ///
    /// # Safety
    /// `scan` lies in `chunk`, and objects of the writer's lie behind it and in the chunks after.
    unsafe fn scan(&mut self, mut chunk: *mut Chunk, mut scan: *mut u64) {
        let layouts = self.layouts;
        // SAFETY: objects lie one behind the other; `top` is read anew, visits move it.
        unsafe {
            loop {
                while scan < (*chunk).top {
                    let header = Header(*scan);
                    let words = layouts.scan(scan, header, |slot| self.visit(slot));
                    scan = scan.add(words);
                }
                if (*chunk).next.is_null() {
                    return;
                }
                chunk = (*chunk).next;
                scan = Chunk::start(chunk);
            }
        }
    }
}
