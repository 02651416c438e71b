//! Building a fragment from scratch: what a decoder of bytes uses.
//!
//! Objects are made first and filled afterwards, in any order, so that a decoder needs no recursion:
//!
//! ```
//! # use snow_heap::{Built, FragmentBuilder, Layouts};
//! # use snow_abi::{layout::fixed_layouts, value::Class};
//! let layouts = Layouts::new(&fixed_layouts(), &[]);
//! let mut builder = FragmentBuilder::new(&layouts);
//! // [7, 8] :: List<Int>: `Cons` is variant 1 with an Int and a reference, `Nil` the immediate 0.
//! let cons = layouts.fixed(&[false, true]).expect("small shapes always exist");
//! let first = builder.object(cons, 1);
//! builder.set(first, 0, Built::int(7));
//! let second = builder.object(cons, 1);
//! builder.set(first, 1, second);
//! builder.set(second, 0, Built::int(8));
//! builder.set(second, 1, Built::immediate(0));
//! let list = builder.finish(first);
//! assert_eq!(list.class(), Class::Ref);
//! ```

use crate::chunk::ChunkWriter;
use crate::fragment::Fragment;
use crate::layouts::{Kind, Layouts};
use crate::text::SharedText;
use snow_abi::layout::{ARRAY_REF, ARRAY_WORD, TEXT_INLINE, TEXT_INLINE_MAX, TEXT_SHARED};
use snow_abi::value::{Class, Header, Word, is_immediate};

/// A finished or unfinished part of a fragment under construction.
#[derive(Clone, Copy, Debug)]
pub struct Built {
    word: Word,
    class: Class,
}

impl Built {
    /// An Int, Bool, Unit, Pid, ProcessId or MonitorRef.
    pub const fn int(value: i64) -> Built {
        Built { word: value as u64, class: Class::Int }
    }

    /// A Float.
    pub const fn float(value: f64) -> Built {
        Built { word: value.to_bits(), class: Class::Float }
    }

    /// A reference word without an object: a tag without payload (its atom id), a variant without fields (its index), an empty struct (0).
    pub const fn immediate(value: u32) -> Built {
        Built { word: value as u64, class: Class::Ref }
    }
}

/// Makes a [`Fragment`].
///
/// New bodies are zero: raw words 0, reference words the immediate 0. The methods panic when they are used against the layout
/// (wrong index or class, a part of another builder); what comes from outside is checked by the caller first.
pub struct FragmentBuilder<'l> {
    layouts: &'l Layouts,
    writer: ChunkWriter,
    shared: u64,
    shared_bytes: usize,
}

impl<'l> FragmentBuilder<'l> {
    /// An empty one.
    pub fn new(layouts: &'l Layouts) -> FragmentBuilder<'l> {
        FragmentBuilder { layouts, writer: ChunkWriter::new(), shared: 0, shared_bytes: 0 }
    }

    /// The layouts that objects are made with.
    pub fn layouts(&self) -> &'l Layouts {
        self.layouts
    }

    /// Bytes taken so far, text buffers included: to be compared with a bound.
    pub fn bytes(&self) -> usize {
        self.writer.bytes + self.shared_bytes
    }

    /// An object of a fixed layout with a zero body; find the layout with [`Layouts::fixed`] or [`Layouts::of_classes`].
    pub fn object(&mut self, layout: u32, tag: u32) -> Built {
        let shape = self.layouts.shape(layout);
        assert!(shape.kind == Kind::Fixed && tag <= Header::TAG_MAX, "a fixed layout and a possible tag");
        self.allocate(layout, tag, shape.words as usize)
    }

    /// An array of `len` zero elements.
    pub fn array(&mut self, of_references: bool, len: usize) -> Built {
        let layout = if of_references { ARRAY_REF } else { ARRAY_WORD };
        let array = self.allocate(layout, 0, 1 + len);
        // SAFETY: `allocate` gave the length's word.
        unsafe { *(array.word as *mut u64).add(1) = len as u64 };
        array
    }

    /// A String (the bytes are UTF-8; the caller has checked) or Bytes.
    pub fn text(&mut self, bytes: &[u8]) -> Built {
        if bytes.len() > TEXT_INLINE_MAX {
            return self.shared_text(SharedText::new(bytes));
        }
        let text = self.allocate(TEXT_INLINE, 0, 1 + bytes.len().div_ceil(8));
        // SAFETY: `allocate` gave the length's word and room for the bytes, all zero.
        unsafe {
            let object = text.word as *mut u64;
            *object.add(1) = bytes.len() as u64;
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), object.add(2) as *mut u8, bytes.len());
        }
        text
    }

    /// A whole buffer as a String or Bytes; a short one is copied.
    pub fn shared_text(&mut self, buffer: SharedText) -> Built {
        let len = buffer.bytes().len();
        self.shared_part(buffer, 0, len)
    }

    /// A part of a buffer as a String or Bytes; a short one is copied.
    ///
    /// # Panics
    /// When the part does not lie in the buffer.
    pub fn shared_part(&mut self, buffer: SharedText, offset: usize, len: usize) -> Built {
        let part = &buffer.bytes()[offset..offset + len];
        if len <= TEXT_INLINE_MAX {
            return self.text(part);
        }
        let whole_len = buffer.bytes().len();
        let text = self.allocate(TEXT_SHARED, 0, 4);
        // SAFETY: `allocate` gave four body words.
        unsafe {
            let object = text.word as *mut u64;
            *object.add(1) = buffer.into_word();
            *object.add(2) = offset as u64;
            *object.add(3) = len as u64;
            *object.add(4) = self.shared;
        }
        self.shared = text.word;
        self.shared_bytes += whole_len;
        text
    }

    /// Sets a body word of an object, or an element of an array.
    pub fn set(&mut self, object: Built, index: usize, value: Built) {
        assert!(object.class == Class::Ref && self.writer.owns(object.word), "a part of this builder");
        self.check_part(value);
        let address = object.word as *mut u64;
        // SAFETY: the address is that of an object of this builder.
        let header = Header(unsafe { *address });
        let shape = self.layouts.shape(header.layout());
        let (is_ref, len, first) = match shape.kind {
            Kind::Fixed => (self.layouts.is_reference(header.layout(), index), shape.words as usize, 1),
            Kind::ArrayRef | Kind::ArrayWord => {
                // SAFETY: word 0 of an array's body is its length.
                let len = unsafe { *address.add(1) as usize };
                (shape.kind == Kind::ArrayRef, len, 2)
            }
            Kind::TextInline | Kind::TextShared => panic!("a text has no parts to set"),
        };
        assert!(index < len && is_ref == (value.class == Class::Ref), "a part as the layout has it");
        // SAFETY: the index is within the body.
        unsafe { *address.add(first + index) = value.word };
    }

    /// The fragment whose value is `root`.
    pub fn finish(mut self, root: Built) -> Fragment {
        self.check_part(root);
        let chunks = std::mem::replace(&mut self.writer.first, std::ptr::null_mut());
        Fragment {
            chunks,
            shared: std::mem::replace(&mut self.shared, 0),
            root: root.word,
            class: root.class,
            layouts: self.layouts,
        }
    }

    fn check_part(&self, value: Built) {
        let outside = value.class == Class::Ref && !is_immediate(value.word) && !self.writer.owns(value.word);
        assert!(!outside, "a part of this builder");
    }

    fn allocate(&mut self, layout: u32, tag: u32, body_words: usize) -> Built {
        let at = self.writer.allocate(body_words + 1, 12);
        // SAFETY: the writer gave that many words.
        unsafe {
            *at = Header::new(layout, tag).0;
            std::ptr::write_bytes(at.add(1), 0, body_words);
        }
        Built { word: at as Word, class: Class::Ref }
    }
}

impl Drop for FragmentBuilder<'_> {
    fn drop(&mut self) {
        drop(Fragment {
            chunks: self.writer.first,
            shared: self.shared,
            root: 0,
            class: Class::Int,
            layouts: self.layouts,
        });
    }
}
