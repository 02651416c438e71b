//! Copying a value out of a heap.
//!
//! Works as the collector does, breadth first and without recursion: a copied object's header becomes its new address, so shared
//! parts stay shared, and afterwards every header is put back.

use crate::chunk::{Chunk, ChunkWriter};
use crate::fragment::Fragment;
use crate::heap::Heap;
use crate::layouts::Layouts;
use crate::small::{SMALL_WORDS_MAX, copy_words};
use crate::text;
use snow_abi::layout::TEXT_SHARED;
use snow_abi::value::{Class, Header, Word, is_immediate};

/// Memory that copies use again and again.
pub struct CopyScratch {
    /// The originals whose headers have to be put back.
    pub(crate) originals: Originals,
    /// The room for small values.
    pub(crate) room: [u64; SMALL_WORDS_MAX],
}

// SAFETY: the list is empty between copies.
unsafe impl Send for CopyScratch {}

impl Default for CopyScratch {
    fn default() -> CopyScratch {
        CopyScratch { originals: Originals(Vec::new()), room: [0; SMALL_WORDS_MAX] }
    }
}

/// Objects whose headers are the addresses of their copies meanwhile.
pub(crate) struct Originals(Vec<*mut u64>);

impl Originals {
    /// Lets an object's header be the address of its copy.
    ///
    /// # Safety
    /// The object is alive, and the copy has its header.
    #[inline]
    pub unsafe fn forward(&mut self, object: *mut u64, copy: *mut u64) {
        self.0.push(object);
        // SAFETY: by contract.
        unsafe { *object = copy as u64 };
    }

    /// Puts all headers back.
    ///
    /// # Safety
    /// Originals and copies are alive, and the copies' headers are as they were.
    pub unsafe fn restore(&mut self) {
        for object in self.0.drain(..) {
            // SAFETY: by contract, the header is the address of a copy.
            unsafe { *object = *(*object as *const u64) };
        }
        if self.0.capacity() > SCRATCH_KEPT_MAX {
            self.0 = Vec::new();
        }
    }
}

impl CopyScratch {
    /// Writes the words of the small value that was copied last.
    ///
    /// # Safety
    /// There is room for `words` words at `to`.
    ///
    /// # Panics
    /// When the room has fewer.
    #[inline]
    pub unsafe fn write_room(&self, to: *mut u64, words: usize) {
        assert!(words <= SMALL_WORDS_MAX, "a small value fits the room");
        // SAFETY: by contract.
        unsafe { copy_words(self.room.as_ptr(), to, words) };
    }
}

/// Words that the first chunk gets beyond its first objects.
pub(crate) const SLACK_WORDS: usize = 12;
/// A larger list of originals is given back after the copy.
const SCRATCH_KEPT_MAX: usize = 128 << 10;

impl Heap {
    /// A copy of a value of this heap.
    ///
    /// # Safety
    /// `word` is a value of class `class` in this heap.
    pub unsafe fn copy_out(&mut self, word: Word, class: Class, scratch: &mut CopyScratch) -> Fragment {
        // SAFETY: the heap is this thread's.
        unsafe { copy_graph(&*self.layouts, word, class, scratch) }
    }
}

/// Copies what `word` reaches into a fragment.
///
/// # Safety
/// `word` is a value of that class; nobody else looks at the headers of the objects that it reaches meanwhile.
pub(crate) unsafe fn copy_graph(
    layouts: &Layouts,
    word: Word,
    class: Class,
    scratch: &mut CopyScratch,
) -> Fragment {
    let mut copier =
        Copier { layouts, writer: ChunkWriter::new(), shared: 0, originals: &mut scratch.originals };
    let mut root = word;
    if class == Class::Ref {
        // SAFETY: by contract; the copies are the copier's own.
        unsafe {
            copier.visit(&mut root);
            copier.scan();
            copier.originals.restore();
        }
    }
    Fragment { chunks: copier.writer.first, shared: copier.shared, root, class, layouts }
}

struct Copier<'a> {
    layouts: &'a Layouts,
    writer: ChunkWriter,
    shared: u64,
    originals: &'a mut Originals,
}

impl Copier<'_> {
    /// Copies the object that `slot` refers to unless it was, and lets `slot` refer to the copy.
    ///
    /// # Safety
    /// `slot` holds a reference word.
    #[inline]
    unsafe fn visit(&mut self, slot: *mut Word) {
        // SAFETY: an address is that of a live object; the writer gives as many words as it has.
        unsafe {
            let word = *slot;
            if is_immediate(word) {
                return;
            }
            let object = word as *mut u64;
            let header = Header(*object);
            if header.is_static() && !header.is_forwarded() {
                return;
            }
            if header.is_forwarded() {
                *slot = header.0;
                return;
            }
            let words = self.layouts.size_words(object, header);
            let is_first = self.writer.first.is_null();
            let slack = if is_first && self.layouts.may_refer(header.layout()) { SLACK_WORDS } else { 0 };
            let copy = self.writer.allocate(words, slack);
            copy_words(object, copy, words);
            if header.layout() == TEXT_SHARED {
                text::retain(*copy.add(1));
                *copy.add(4) = self.shared;
                self.shared = copy as u64;
            }
            self.originals.forward(object, copy);
            *slot = copy as u64;
        }
    }

    /// Visits the references of the copies until none is left.
    ///
    /// # Safety
    /// The writer's chunks hold copies only.
    unsafe fn scan(&mut self) {
        let mut chunk = self.writer.first;
        while !chunk.is_null() {
            let mut object = Chunk::start(chunk);
            // SAFETY: objects lie one behind the other; `top` is read anew, visits move it.
            unsafe {
                while object < (*chunk).top {
                    let header = Header(*object);
                    let layouts = self.layouts;
                    let words = layouts.scan(object, header, |slot| self.visit(slot));
                    object = object.add(words);
                }
                chunk = (*chunk).next;
            }
        }
    }
}
