//! Precise copying collection (C. J. Cheney, "A nonrecursive list compacting algorithm", 1970).
//!
//! All chunks are from-space; what the roots reach moves into one fresh chunk. Immediates and static objects stay. An address that
//! already lies in to-space is left alone, so a root may be visited twice. For most collections of large heaps see `generations`.

use crate::chunk::Chunk;
use crate::generations::{self, Old};
use crate::heap::Heap;
use crate::layouts::Layouts;
use crate::small::copy_words;
use crate::text;
use snow_abi::value::{Header, Word, is_immediate};

/// What keeps objects alive.
pub trait Roots {
    /// Calls `visit` with each root: a word of class `Ref`.
    fn each(&mut self, visit: &mut dyn FnMut(&mut Word));

    /// About how many bytes `each` goes through. The heap grows by so much before the next collection, so that deep
    /// recursion and long mailboxes cost each allocated byte no more than live objects do.
    fn span_bytes(&self) -> usize;
}

impl Roots for [Word] {
    fn each(&mut self, visit: &mut dyn FnMut(&mut Word)) {
        self.iter_mut().for_each(visit);
    }

    fn span_bytes(&self) -> usize {
        size_of_val(self)
    }
}

/// Chunks over this size are shrunk when little of them is alive.
const SHRINK_BYTES_MIN: usize = 8 << 10;

/// Under stress, heaps with at most so many bytes to go through are collected at each allocation.
const STRESS_EACH_BYTES_MAX: usize = 16 << 10;
/// Under stress, a bigger heap is collected when it grew by these bytes divided by this: what a byte costs stays bounded.
const STRESS_GROWTH_DIVISOR: usize = 64;

impl Heap {
    /// Moves what `roots` reach, frees the rest, and leaves at least `need_bytes` of window.
    ///
    /// # Safety
    /// `roots` names every word outside the heap that refers into it.
    pub unsafe fn collect(&mut self, need_bytes: usize, roots: &mut (impl Roots + ?Sized)) {
        self.collections = self.collections.saturating_add(1);
        self.recent_collections = self.recent_collections.saturating_add(1);
        // Under stress the two kinds take turns
        let young_only = |old: &Old| !old.is_full() && (!self.stress || self.collections.is_multiple_of(2));
        // SAFETY: by contract.
        unsafe {
            match &self.old {
                Some(old) if young_only(old) && !self.chunk.is_null() => {
                    self.collect_young(need_bytes, roots)
                }
                _ => self.collect_all(need_bytes, roots),
            }
        }
        self.due = false;
        let wanted = need_bytes.max(self.window_wanted());
        // SAFETY: a collection leaves a window.
        let free = unsafe { (*self.chunk).end as usize - self.next as usize };
        if !self.stress && free < need_bytes.max(wanted / 2) {
            self.open_window(wanted);
        }
        self.stress_end = self.next.wrapping_byte_add(self.stress_slack_bytes());
        self.set_limit();
    }

    /// Bytes that may be allocated under stress before the next collection.
    fn stress_slack_bytes(&self) -> usize {
        let bytes = self.live_bytes + self.root_span_bytes;
        if self.stress && bytes > STRESS_EACH_BYTES_MAX {
            (bytes / STRESS_GROWTH_DIVISOR).next_multiple_of(8)
        } else {
            0
        }
    }

    /// Moves everything that `roots` reach into one chunk, which is the old part when there is much of it.
    ///
    /// # Safety
    /// As for `collect`.
    unsafe fn collect_all(&mut self, need_bytes: usize, roots: &mut (impl Roots + ?Sized)) {
        let used = self.used_bytes();
        let window_bytes = self.old.as_ref().map_or(0, |old| old.window_bytes);
        // SAFETY: by contract.
        unsafe { self.evacuate(used + need_bytes + self.stress_slack_bytes(), roots) };
        if used > SHRINK_BYTES_MIN && used > 8 * self.live_bytes {
            let room = self.live_bytes + need_bytes.max(self.window_wanted());
            // SAFETY: the roots were updated by the first round.
            unsafe { self.evacuate(room, roots) };
        }
        if generations::is_large(self.live_bytes, self.stress) {
            // SAFETY: the one chunk holds everything; a window is opened in its place.
            unsafe {
                (*self.chunk).top = self.next;
                let mut old = Old::new(self.chunk, self.external_live_bytes, window_bytes);
                old.shared = std::mem::replace(&mut self.shared, 0);
                self.old = Some(Box::new(old));
            }
            (self.chunk, self.next) = (std::ptr::null_mut(), std::ptr::null_mut());
            self.open_window(self.next_window_bytes(need_bytes));
        }
    }

    /// Size of the window beside an old part.
    pub(crate) fn next_window_bytes(&self, need_bytes: usize) -> usize {
        if self.stress {
            need_bytes + self.stress_slack_bytes()
        } else {
            need_bytes.max(self.window_wanted())
        }
    }

    /// Copies everything alive into one new chunk of at least `capacity_bytes`.
    ///
    /// # Safety
    /// As for `collect`.
    unsafe fn evacuate(&mut self, capacity_bytes: usize, roots: &mut (impl Roots + ?Sized)) {
        let chunk = Chunk::new(capacity_bytes.next_multiple_of(8));
        let start = Chunk::start(chunk);
        // SAFETY: the old chunks live until the end of this block; to-space has room for all of them.
        unsafe {
            let mut to = ToSpace {
                layouts: &*self.layouts,
                start: start as u64,
                end: (*chunk).end as u64,
                free: start,
            };
            roots.each(&mut |slot| to.visit(slot));
            self.root_span_bytes = roots.span_bytes();
            let mut scan = start;
            while scan < to.free {
                let header = Header(*scan);
                let words = to.layouts.scan(scan, header, |slot| to.visit(slot));
                scan = scan.add(words);
            }
            let old = self.old.take();
            let first = std::mem::replace(&mut self.shared, 0);
            let mut external_bytes = Heap::keep_moved(first, &mut self.shared);
            if let Some(old) = old {
                external_bytes += Heap::keep_moved(old.shared, &mut self.shared);
                Chunk::free_list(old.writer.first, self.stress);
            }
            (self.external_live_bytes, self.external_bytes) = (external_bytes, 0);
            Chunk::free_list(self.chunk, self.stress);
            self.next = to.free;
        }
        self.chunk = chunk;
        self.closed_bytes = 0;
        self.live_bytes = self.window_bytes();
    }

    /// Goes through a list of shared texts of from-space: those that moved go to the list `kept`, the others give up their
    /// buffers. Gives the bytes of the buffers kept.
    ///
    /// # Safety
    /// Everything alive has moved and from-space is still there.
    pub(crate) unsafe fn keep_moved(mut list: u64, kept: &mut u64) -> usize {
        let mut bytes = 0;
        while list != 0 {
            let object = list as *mut u64;
            // SAFETY: a moved object's header is its new address; its body is untouched.
            unsafe {
                let (header, buffer, next) = (Header(*object), *object.add(1), *object.add(4));
                if header.is_forwarded() {
                    *(header.0 as *mut u64).add(4) = *kept;
                    *kept = header.0;
                    bytes += text::buffer_bytes(buffer);
                } else {
                    text::release(buffer);
                }
                list = next;
            }
        }
        bytes
    }

    /// Room for `words` words after a collection if one is due or the window too small: the slow path of compiled code.
    ///
    /// # Safety
    /// As for [`Heap::collect`].
    pub unsafe fn allocate_or_collect(
        &mut self,
        words: usize,
        roots: &mut (impl Roots + ?Sized),
    ) -> *mut u64 {
        if !self.chunk.is_null() {
            // SAFETY: the window's chunk is alive.
            let free = unsafe { (*self.chunk).end as usize - self.next as usize };
            if self.due || free < words * 8 {
                // SAFETY: by contract.
                unsafe { self.collect(words * 8, roots) };
            }
        }
        self.allocate(words)
    }
}

/// The chunk that objects move into.
struct ToSpace<'l> {
    layouts: &'l Layouts,
    start: u64,
    end: u64,
    free: *mut u64,
}

impl ToSpace<'_> {
    #[inline]
    fn visit(&mut self, slot: *mut Word) {
        // SAFETY: roots and scanned slots hold immediates or addresses of live objects; to-space has room.
        unsafe {
            let word = *slot;
            if is_immediate(word) || (self.start..self.end).contains(&word) {
                return;
            }
            let object = word as *mut u64;
            let header = Header(*object);
            if header.is_forwarded() {
                *slot = header.0;
            } else if !header.is_static() {
                let words = self.layouts.size_words(object, header);
                copy_words(object, self.free, words);
                *object = self.free as u64;
                *slot = self.free as u64;
                self.free = self.free.add(words);
            }
        }
    }
}
