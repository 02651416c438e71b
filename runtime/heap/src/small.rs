//! Small values on their way between heaps: a few words of objects that whoever carries them keeps where he likes.
//!
//! Most messages are one object or a handful. They are copied into a room that is used again and again and taken from there, to measure, in
//! one piece; references among their objects stay as they were in the room and are put right when a heap takes the words in.

use crate::copy::{CopyScratch, Originals, SLACK_WORDS};
use crate::heap::Heap;
use crate::layouts::{Kind, Layouts};
use snow_abi::layout::TEXT_SHARED;
use snow_abi::value::{Class, Header, Word, is_immediate};

/// Most words that a small value has.
pub const SMALL_WORDS_MAX: usize = 64;

/// What a small value consists of beside the words in the room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Small {
    /// Number of words in the room; 0 when the value has no object of its own.
    pub words: usize,
    /// Without words the value itself. Else the first object is the value, and this the address that references among the objects count
    /// from; 0: there are none.
    pub word: Word,
}

impl Heap {
    /// Copies a value into the scratch memory's room. `None`: it is not small, or holds a shared text.
    ///
    /// # Safety
    /// `word` is a value of class `class` in this heap.
    #[inline]
    pub unsafe fn copy_small(
        &mut self,
        word: Word,
        class: Class,
        scratch: &mut CopyScratch,
    ) -> Option<Small> {
        if class != Class::Ref || !Heap::is_own(word) {
            return Some(Small { words: 0, word });
        }
        // SAFETY: by contract; the room has as many words as are copied.
        unsafe {
            let object = word as *const u64;
            let shape = (*self.layouts).shape(Header(*object).layout());
            let words = 1 + shape.words as usize;
            if shape.kind == Kind::Fixed && words <= SMALL_WORDS_MAX {
                copy_words(object, scratch.room.as_mut_ptr(), words);
                if refers_to_none(&scratch.room, shape.refs) {
                    return Some(Small { words, word: 0 });
                }
            }
            copy_graph(&*self.layouts, word, scratch)
        }
    }

    /// Takes a small value in.
    ///
    /// # Safety
    /// `small` describes the words at `from`, copied from a room; they are objects of this heap's layouts.
    #[inline]
    pub unsafe fn adopt_small(&mut self, from: *const u64, small: Small) -> Word {
        self.recent_collections = 0;
        let Small { words, word: base } = small;
        if words == 0 {
            return base;
        }
        if self.chunk.is_null() {
            // To measure: many processes get one message and wait for ever.
            self.open_window((words + SLACK_WORDS) * 8);
        }
        let to = self.allocate(words);
        // SAFETY: by contract; `allocate` gave that many words.
        unsafe {
            copy_words(from, to, words);
            if base != 0 {
                self.relocate(to, words * 8, base);
            }
        }
        to as Word
    }

    /// Lets references among objects that were moved from `base` to `objects` follow.
    ///
    /// # Safety
    /// Objects of this heap's layouts fill the `bytes` at `objects`.
    pub(crate) unsafe fn relocate(&self, objects: *mut u64, bytes: usize, base: u64) {
        let delta = (objects as u64).wrapping_sub(base);
        // SAFETY: objects lie one behind the other.
        unsafe {
            let layouts = &*self.layouts;
            let end = objects.byte_add(bytes);
            let mut object = objects;
            while object < end {
                let header = Header(*object);
                let words = layouts.scan(object, header, |slot| {
                    if (*slot).wrapping_sub(base) < bytes as u64 {
                        *slot = (*slot).wrapping_add(delta);
                    }
                });
                object = object.add(words);
            }
        }
    }
}

/// Copies words; most often two to five, and those without a call.
///
/// # Safety
/// As for `ptr::copy_nonoverlapping`.
#[inline]
pub(crate) unsafe fn copy_words(from: *const u64, to: *mut u64, words: usize) {
    // SAFETY: by contract; an array is as large as its number of words says.
    unsafe {
        match words {
            2 => to.cast::<[u64; 2]>().write(from.cast::<[u64; 2]>().read()),
            3 => to.cast::<[u64; 3]>().write(from.cast::<[u64; 3]>().read()),
            4 => to.cast::<[u64; 4]>().write(from.cast::<[u64; 4]>().read()),
            5 => to.cast::<[u64; 5]>().write(from.cast::<[u64; 5]>().read()),
            _ => std::ptr::copy_nonoverlapping(from, to, words),
        }
    }
}

/// Whether none of the object's references leads to an object that would have to be copied.
#[inline]
fn refers_to_none(object: &[u64; SMALL_WORDS_MAX], mut refs: u64) -> bool {
    while refs != 0 {
        if Heap::is_own(object[1 + refs.trailing_zeros() as usize]) {
            return false;
        }
        refs &= refs - 1;
    }
    true
}

/// Copies what an object reaches into the room, breadth first as `copy` does.
///
/// # Safety
/// `word` is the address of a live object of a heap of this thread.
unsafe fn copy_graph(layouts: &Layouts, word: Word, scratch: &mut CopyScratch) -> Option<Small> {
    let base = scratch.room.as_mut_ptr();
    let mut copier =
        SmallCopier { layouts, base, used: 0, too_large: false, originals: &mut scratch.originals };
    let mut root = word;
    // SAFETY: by contract; the room's words are the copier's own.
    unsafe {
        copier.visit(&mut root);
        let mut at = 0;
        while at < copier.used && !copier.too_large {
            let object = base.add(at);
            let header = Header(*object);
            at += layouts.scan(object, header, |slot| copier.visit(slot));
        }
        copier.originals.restore();
    }
    (!copier.too_large).then_some(Small { words: copier.used, word: base as u64 })
}

struct SmallCopier<'a> {
    layouts: &'a Layouts,
    base: *mut u64,
    used: usize,
    too_large: bool,
    originals: &'a mut Originals,
}

impl SmallCopier<'_> {
    /// Copies the object that `slot` refers to unless it was, and lets `slot` refer to the copy.
    ///
    /// # Safety
    /// `slot` holds a reference word.
    unsafe fn visit(&mut self, slot: *mut Word) {
        // SAFETY: an address is that of a live object; the room is not left.
        unsafe {
            let word = *slot;
            if is_immediate(word) {
                return;
            }
            let object = word as *mut u64;
            let header = Header(*object);
            if header.is_forwarded() {
                *slot = header.0;
                return;
            }
            if header.is_static() {
                return;
            }
            let words = self.layouts.size_words(object, header);
            if header.layout() == TEXT_SHARED || words > SMALL_WORDS_MAX - self.used {
                self.too_large = true;
                return;
            }
            let copy = self.base.add(self.used);
            std::ptr::copy_nonoverlapping(object, copy, words);
            self.used += words;
            self.originals.forward(object, copy);
            *slot = copy as u64;
        }
    }
}
