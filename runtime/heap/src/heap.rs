//! The heap: chunks, the bump window that compiled code allocates from, and allocation by the runtime.
//!
//! Every allocation here succeeds without collecting: without room it opens another chunk and notes that a collection is *due*.
//! Whoever can name the roots collects later, see `collect`.

use crate::chunk::Chunk;
use crate::fragment::Fragment;
use crate::generations::Old;
use crate::layouts::Layouts;
use crate::text::{self, SharedText};
use snow_abi::layout::{ARRAY_REF, ARRAY_WORD, TEXT_INLINE, TEXT_INLINE_MAX, TEXT_SHARED};
use snow_abi::value::{Header, Word, is_immediate};
use std::ptr::null_mut;

/// Size of the first chunk, in bytes.
pub(crate) const FIRST_CHUNK_BYTES: usize = 512;
/// Bytes of text buffers that a heap may newly refer to before it is collected.
const EXTERNAL_BYTES_MIN: usize = 256 << 10;
/// A fragment up to this size is copied into the window instead of becoming a chunk of the heap.
const ADOPT_BY_COPY_BYTES_MAX: usize = 1024;

/// One process's memory.
///
/// `next` and `limit` come first: compiled code bumps them in place (`abi::context`).
#[repr(C)]
pub struct Heap {
    /// Next free word of the window.
    pub(crate) next: *mut u64,
    /// End of the part of the window that may be used without asking.
    pub(crate) limit: *mut u64,
    /// The window's chunk; older ones follow.
    pub(crate) chunk: *mut Chunk,
    /// The newest shared text, or 0; they are linked through body word 3.
    pub(crate) shared: u64,
    pub(crate) layouts: *const Layouts,
    /// What a large heap has behind its young chunks.
    pub(crate) old: Option<Box<Old>>,
    /// Bytes used in young chunks behind the window's.
    pub(crate) closed_bytes: usize,
    /// Bytes alive after the last collection.
    pub(crate) live_bytes: usize,
    /// Bytes of text buffers referred to since the last collection.
    pub(crate) external_bytes: usize,
    pub(crate) external_live_bytes: usize,
    /// About how many bytes of roots the last collection went through.
    pub(crate) root_span_bytes: usize,
    pub(crate) collections: u32,
    /// Collections since the last message was adopted: a process that computes gets a larger window than one that waits.
    pub(crate) recent_collections: u16,
    pub(crate) due: bool,
    pub(crate) stress: bool,
    /// Under stress, how far the window may be filled before the next collection.
    pub(crate) stress_end: *mut u64,
}

// SAFETY: the heap owns its chunks and holds references to buffers that are shared by atomic counts.
unsafe impl Send for Heap {}

impl Heap {
    /// An empty heap; it takes memory with its first object. With `stress` each allocation makes a collection due, in
    /// a heap of many live bytes each few of them, and what is left behind is overwritten.
    ///
    /// # Safety
    /// `layouts` outlives the heap.
    pub unsafe fn new(layouts: *const Layouts, stress: bool) -> Heap {
        Heap {
            next: null_mut(),
            limit: null_mut(),
            chunk: null_mut(),
            shared: 0,
            layouts,
            old: None,
            closed_bytes: 0,
            live_bytes: 0,
            external_bytes: 0,
            external_live_bytes: 0,
            root_span_bytes: 0,
            collections: 0,
            recent_collections: 0,
            due: false,
            stress,
            stress_end: null_mut(),
        }
    }

    /// The layouts of its objects.
    #[inline]
    pub fn layouts(&self) -> &Layouts {
        // SAFETY: by the contract of `new`.
        unsafe { &*self.layouts }
    }

    /// Whether a collection should come as soon as the roots are known.
    #[inline]
    pub fn is_collection_due(&self) -> bool {
        self.due
    }

    /// Bytes in use, dead objects included.
    #[inline]
    pub fn used_bytes(&self) -> usize {
        self.closed_bytes + self.window_bytes() + self.old.as_ref().map_or(0, |old| old.writer.bytes)
    }

    /// Bytes in use and in text buffers that it refers to, an estimate for reports.
    #[inline]
    pub fn external_bytes(&self) -> usize {
        self.external_live_bytes + self.external_bytes
    }

    /// How often it was collected.
    pub fn collection_count(&self) -> u32 {
        self.collections
    }

    pub(crate) fn window_bytes(&self) -> usize {
        if self.chunk.is_null() { 0 } else { self.next as usize - Chunk::start(self.chunk) as usize }
    }

    /// Room for an object of `words` words, header included. Never collects; the memory is not initialised.
    #[inline]
    pub fn allocate(&mut self, words: usize) -> *mut u64 {
        if (self.limit as usize).wrapping_sub(self.next as usize) >= words * 8 {
            let at = self.next;
            self.next = at.wrapping_add(words);
            return at;
        }
        self.allocate_slowly(words)
    }

    #[cold]
    fn allocate_slowly(&mut self, words: usize) -> *mut u64 {
        // SAFETY: the window's chunk is alive.
        let end = if self.chunk.is_null() { null_mut() } else { unsafe { (*self.chunk).end } };
        if (end as usize).wrapping_sub(self.next as usize) < words * 8 {
            let mut wanted = self.window_wanted();
            if !self.chunk.is_null() {
                self.due = true;
                // What comes until the collection: the window itself is kept for later. The more has come, the more is to come.
                wanted = if self.old.is_some() { (wanted / 8).max(self.closed_bytes / 8) } else { wanted };
            }
            self.open_window((words * 8).max(wanted));
        }
        let at = self.next;
        self.next = at.wrapping_add(words);
        self.set_limit();
        at
    }

    /// Sets the limit after the window changed: as far as a due collection allows.
    pub(crate) fn set_limit(&mut self) {
        self.due |= self.stress && self.next >= self.stress_end;
        // SAFETY: the window's chunk is alive when there is one.
        let end = if self.chunk.is_null() { null_mut() } else { unsafe { (*self.chunk).end } };
        self.limit = if self.due || self.chunk.is_null() {
            self.next
        } else if self.stress {
            end.min(self.stress_end)
        } else {
            end
        };
    }

    /// Free room that a window should have, in bytes.
    pub(crate) fn window_wanted(&self) -> usize {
        if let Some(old) = &self.old {
            return old.window_bytes.max(self.root_span_bytes).next_multiple_of(8);
        }
        let walked = (2 * self.live_bytes).max(self.root_span_bytes);
        // By and by, up to 256 KB: what a core's own caches hold
        let recent = u32::from(self.recent_collections / 16).checked_ilog2().map_or(0, |n| n + 1).min(5);
        walked.max(FIRST_CHUNK_BYTES << (self.collections.min(4) + recent)).next_multiple_of(8)
    }

    /// Closes the window and opens another of `bytes`.
    pub(crate) fn open_window(&mut self, bytes: usize) {
        self.closed_bytes += self.window_bytes();
        let chunk = Chunk::new(bytes.next_multiple_of(8));
        // SAFETY: both chunks are alive; the new one is nobody else's.
        unsafe {
            if !self.chunk.is_null() {
                (*self.chunk).top = self.next;
            }
            (*chunk).next = self.chunk;
        }
        self.chunk = chunk;
        self.next = Chunk::start(chunk);
        self.stress_end = self.next;
        self.set_limit();
    }

    /// A fixed object with the given body.
    pub fn object(&mut self, layout: u32, tag: u32, body: &[Word]) -> Word {
        debug_assert_eq!(self.layouts().shape(layout).words as usize, body.len());
        let at = self.allocate(body.len() + 1);
        // SAFETY: `allocate` gave that many words.
        unsafe {
            *at = Header::new(layout, tag).0;
            std::ptr::copy_nonoverlapping(body.as_ptr(), at.add(1), body.len());
        }
        at as Word
    }

    /// A String or Bytes with these bytes: inline when short, else in a buffer of its own.
    pub fn text(&mut self, bytes: &[u8]) -> Word {
        if bytes.len() > TEXT_INLINE_MAX {
            return self.shared_text(SharedText::new(bytes), 0, bytes.len());
        }
        let body_words = bytes.len().div_ceil(8);
        let at = self.allocate(2 + body_words);
        // SAFETY: `allocate` gave that many words; the last one is cleared before the bytes cover it in part.
        unsafe {
            *at = Header::new(TEXT_INLINE, 0).0;
            *at.add(1) = bytes.len() as u64;
            if body_words > 0 {
                *at.add(1 + body_words) = 0;
            }
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), at.add(2) as *mut u8, bytes.len());
        }
        at as Word
    }

    /// A String or Bytes that is a part of a shared buffer; a short part is copied instead.
    ///
    /// # Panics
    /// When the part does not lie in the buffer.
    pub fn shared_text(&mut self, buffer: SharedText, offset: usize, len: usize) -> Word {
        let part = &buffer.bytes()[offset..offset + len];
        if len <= TEXT_INLINE_MAX {
            return self.text(part);
        }
        let at = self.allocate(5);
        self.note_external(buffer.bytes().len());
        // SAFETY: `allocate` gave five words.
        unsafe {
            *at = Header::new(TEXT_SHARED, 0).0;
            *at.add(1) = buffer.into_word();
            *at.add(2) = offset as u64;
            *at.add(3) = len as u64;
            *at.add(4) = self.shared;
        }
        self.shared = at as u64;
        at as Word
    }

    /// Counts bytes outside the heap that a new object keeps alive.
    fn note_external(&mut self, bytes: usize) {
        self.external_bytes += bytes;
        if self.external_bytes > EXTERNAL_BYTES_MIN.max(self.external_live_bytes) {
            self.due = true;
            self.set_limit();
        }
    }

    /// An array with the given elements.
    pub fn array(&mut self, of_references: bool, elements: &[Word]) -> Word {
        self.array_from(of_references, elements.len(), elements.iter().copied())
    }

    /// An array of `len` elements taken from an iterator; 0 where that ends early.
    pub fn array_from(
        &mut self,
        of_references: bool,
        len: usize,
        elements: impl Iterator<Item = Word>,
    ) -> Word {
        let at = self.allocate(2 + len);
        let layout = if of_references { ARRAY_REF } else { ARRAY_WORD };
        let mut elements = elements.fuse();
        // SAFETY: `allocate` gave that many words.
        unsafe {
            *at = Header::new(layout, 0).0;
            *at.add(1) = len as u64;
            for i in 0..len {
                *at.add(2 + i) = elements.next().unwrap_or(0);
            }
        }
        at as Word
    }

    /// Takes a fragment's memory over and gives its root.
    pub fn adopt(&mut self, mut fragment: Fragment) -> Word {
        self.recent_collections = 0;
        let root = fragment.root;
        if fragment.chunks.is_null() {
            return root;
        }
        // SAFETY: the fragment owns its chunks, which are now this heap's.
        unsafe {
            let only = (*fragment.chunks).next.is_null() && fragment.shared == 0;
            let used = (*fragment.chunks).top as usize - Chunk::start(fragment.chunks) as usize;
            if only && used <= ADOPT_BY_COPY_BYTES_MAX && !self.chunk.is_null() {
                return self.copy_in(&fragment, used);
            }
            self.attach(&mut fragment);
        }
        root
    }

    /// Copies a fragment of one chunk into the window. The fragment is freed by its owner.
    ///
    /// # Safety
    /// The fragment's chunk holds `used` bytes of objects.
    unsafe fn copy_in(&mut self, fragment: &Fragment, used: usize) -> Word {
        let from = Chunk::start(fragment.chunks);
        let to = self.allocate(used / 8);
        // SAFETY: objects lie one behind the other in the chunk.
        unsafe {
            std::ptr::copy_nonoverlapping(from, to, used / 8);
            self.relocate(to, used, from as u64);
        }
        let offset = fragment.root.wrapping_sub(from as u64);
        if offset < used as u64 { to as u64 + offset } else { fragment.root }
    }

    /// Makes a fragment's chunks chunks of this heap.
    ///
    /// # Safety
    /// The fragment's chunks hold objects of this heap's layouts.
    unsafe fn attach(&mut self, fragment: &mut Fragment) {
        let first = std::mem::replace(&mut fragment.chunks, null_mut());
        // SAFETY: chunks and shared texts of the fragment are alive and owned by nobody else.
        unsafe {
            let (mut last, mut bytes) = (first, 0);
            loop {
                bytes += (*last).top as usize - Chunk::start(last) as usize;
                if (*last).next.is_null() {
                    break;
                }
                last = (*last).next;
            }
            if let Some(old) = &mut self.old {
                old.attach(first, last, bytes);
                old.external_bytes +=
                    link_shared(std::mem::replace(&mut fragment.shared, 0), &mut old.shared);
                self.due |= old.is_full();
                self.set_limit();
                return;
            }
            if self.chunk.is_null() {
                // The first chunk's rest becomes the window.
                self.chunk = first;
                self.next = (*first).top;
                self.closed_bytes = bytes - self.window_bytes();
                self.set_limit();
            } else {
                (*last).next = (*self.chunk).next;
                (*self.chunk).next = first;
                self.closed_bytes += bytes;
            }
            let external = link_shared(std::mem::replace(&mut fragment.shared, 0), &mut self.shared);
            self.note_external(external);
        }
        if self.closed_bytes > 2 * self.window_wanted().max(4 * FIRST_CHUNK_BYTES) + self.live_bytes {
            self.due = true;
            self.set_limit();
        }
    }

    /// Whether a word is something that a collection would have to keep.
    #[inline]
    pub fn is_own(word: Word) -> bool {
        // SAFETY: a reference word at or above the limit is an object's address.
        !is_immediate(word) && unsafe { !Header(*(word as *const u64)).is_static() }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        // SAFETY: the heap's objects and chunks go together.
        unsafe {
            release_list(self.shared);
            if let Some(old) = self.old.take() {
                release_list(old.shared);
                Chunk::free_list(old.writer.first, self.stress);
            }
            if !self.chunk.is_null() {
                (*self.chunk).top = self.next;
            }
            Chunk::free_list(self.chunk, self.stress);
        }
    }
}

/// Puts a list of shared texts in front of another; the bytes of their buffers.
///
/// # Safety
/// `first` is 0 or the head of a list of live shared texts.
unsafe fn link_shared(first: u64, list: &mut u64) -> usize {
    if first == 0 {
        return 0;
    }
    let mut last = first as *mut u64;
    let mut external = 0;
    // SAFETY: by contract; body word 3 is the link.
    unsafe {
        loop {
            external += text::buffer_bytes(*last.add(1));
            if *last.add(4) == 0 {
                break;
            }
            last = *last.add(4) as *mut u64;
        }
        *last.add(4) = *list;
    }
    *list = first;
    external
}

/// Gives up the references of a list of shared texts.
///
/// # Safety
/// `word` is 0 or the head of a list of live shared texts that are not used again.
pub(crate) unsafe fn release_list(mut word: u64) {
    while word != 0 {
        let object = word as *mut u64;
        // SAFETY: by contract.
        unsafe {
            text::release(*object.add(1));
            word = *object.add(4);
        }
    }
}
