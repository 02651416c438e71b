//! Safe reading of values.
//!
//! A [`Value`] knows whether its word is a reference; the classes of an object's parts follow from its layout, so that no
//! wrong guess about a type can reach memory that is not there.

use crate::layouts::{Kind, Layouts};
use crate::text::{self, SharedText};
use snow_abi::value::{Class, Header, Word, is_immediate};

/// A word that can be read for as long as `'h`: nothing is collected meanwhile.
#[derive(Clone, Copy)]
pub struct Value<'h> {
    word: Word,
    is_ref: bool,
    layouts: &'h Layouts,
}

impl<'h> Value<'h> {
    /// Wraps a word.
    ///
    /// # Safety
    /// With class `Ref`, `word` is an immediate or the address of an object that stays alive and in place for `'h`; its header
    /// and those of all it reaches are of `layouts`.
    pub unsafe fn new(word: Word, class: Class, layouts: &'h Layouts) -> Value<'h> {
        Value { word, is_ref: class == Class::Ref, layouts }
    }

    /// The raw integer of an Int-like value, the bits of a Float, the immediate or address of a reference.
    pub fn word(self) -> Word {
        self.word
    }

    /// The value as a signed integer.
    pub fn int(self) -> i64 {
        self.word as i64
    }

    /// The value as a float.
    pub fn float(self) -> f64 {
        f64::from_bits(self.word)
    }

    /// Whether the word is a reference (immediates included).
    pub fn is_reference(self) -> bool {
        self.is_ref
    }

    /// The immediate, when it is a reference word without an object.
    pub fn immediate(self) -> Option<u32> {
        (self.is_ref && is_immediate(self.word)).then_some(self.word as u32)
    }

    /// Whether it has an object.
    pub fn is_object(self) -> bool {
        self.is_ref && !is_immediate(self.word)
    }

    /// Address of the object: equal for shared parts. `None` for everything else.
    pub fn address(self) -> Option<u64> {
        self.is_object().then_some(self.word)
    }

    fn object(self) -> Option<(*const u64, Header)> {
        // SAFETY: by the contract of `new`, an address is that of a live object.
        self.address().map(|address| (address as *const u64, Header(unsafe { *(address as *const u64) })))
    }

    /// Variant index or atom id: of the immediate, or from the object's header.
    pub fn tag(self) -> u32 {
        self.object().map_or(self.word as u32, |(_, header)| header.tag())
    }

    /// The layout id of the object.
    pub fn layout(self) -> Option<u32> {
        self.object().map(|(_, header)| header.layout())
    }

    /// Number of body words of a fixed object; 0 for all else.
    pub fn field_count(self) -> usize {
        self.object().map_or(0, |(_, header)| self.layouts.shape(header.layout()).words as usize)
    }

    /// A body word of a fixed object.
    pub fn field(self, index: usize) -> Option<Value<'h>> {
        let (object, header) = self.object()?;
        if index >= self.layouts.shape(header.layout()).words as usize {
            return None;
        }
        // SAFETY: the index is within the body.
        let word = unsafe { *object.add(1 + index) };
        Some(Value { word, is_ref: self.layouts.is_reference(header.layout(), index), layouts: self.layouts })
    }

    /// The bytes of a String or Bytes.
    pub fn text(self) -> Option<&'h [u8]> {
        let (object, header) = self.object()?;
        // SAFETY: bodies as in `abi::layout`; the object lives for `'h`, and a shared buffer as long as its object.
        unsafe {
            match self.layouts.shape(header.layout()).kind {
                Kind::TextInline => {
                    Some(std::slice::from_raw_parts(object.add(2) as *const u8, *object.add(1) as usize))
                }
                Kind::TextShared => Some(std::slice::from_raw_parts(
                    text::start(*object.add(1)).add(*object.add(2) as usize),
                    *object.add(3) as usize,
                )),
                _ => None,
            }
        }
    }

    /// The buffer of a shared text, with offset and length, to be kept without a copy.
    pub fn shared_text(self) -> Option<(SharedText, usize, usize)> {
        let (object, header) = self.object()?;
        (self.layouts.shape(header.layout()).kind == Kind::TextShared).then(|| {
            // SAFETY: word 0 of a shared text names its buffer.
            unsafe {
                (
                    SharedText::clone_from_word(*object.add(1)),
                    *object.add(2) as usize,
                    *object.add(3) as usize,
                )
            }
        })
    }

    /// Number of elements of an array.
    pub fn array_len(self) -> Option<usize> {
        let (object, header) = self.object()?;
        let kind = self.layouts.shape(header.layout()).kind;
        // SAFETY: word 0 of an array is its length.
        matches!(kind, Kind::ArrayRef | Kind::ArrayWord).then(|| unsafe { *object.add(1) as usize })
    }

    /// An element of an array.
    pub fn element(self, index: usize) -> Option<Value<'h>> {
        if index >= self.array_len()? {
            return None;
        }
        let (object, header) = self.object()?;
        let is_ref = self.layouts.shape(header.layout()).kind == Kind::ArrayRef;
        // SAFETY: the index is within the array.
        Some(Value { word: unsafe { *object.add(2 + index) }, is_ref, layouts: self.layouts })
    }

    /// Head and tail of a list cell; `None` at the end.
    pub fn uncons(self) -> Option<(Value<'h>, Value<'h>)> {
        Some((self.field(0)?, self.field(1)?))
    }

    /// The layouts that it is read with.
    pub fn layouts(self) -> &'h Layouts {
        self.layouts
    }
}

/// The elements of a `List`.
impl<'h> Value<'h> {
    /// Iterates over a list's heads.
    pub fn list(self) -> impl Iterator<Item = Value<'h>> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let (head, tail) = rest.uncons()?;
            rest = tail;
            Some(head)
        })
    }
}
