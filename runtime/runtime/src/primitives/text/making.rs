//! The rows that give Strings. A part of a long text shares its memory.

use super::{change, parts, positions};
use crate::call::{Call, Crash};
use snow_abi::layout::TEXT_INLINE_MAX;
use snow_heap::Value;

/// Longest text that a row makes out of a short one.
pub(in crate::primitives) const TEXT_BYTES_MAX: usize = 1 << 32;

impl<'p> Call<'p> {
    /// A piece of a String as a String.
    fn part(&mut self, whole: Value<'p>, piece: &'p str) -> Value<'p> {
        if piece.len() <= TEXT_INLINE_MAX {
            // Nothing is shared, and the whole's buffer need not be counted up and down.
            return self.text(piece);
        }
        let start = piece.as_ptr().addr() - self.bytes_of(whole).as_ptr().addr();
        self.slice(whole, start, piece.len())
    }

    /// A List of pieces of a String.
    fn part_list(&mut self, whole: Value<'p>, pieces: impl DoubleEndedIterator<Item = &'p str>) -> Value<'p> {
        let mut list = self.immediate(0);
        for piece in pieces.rev() {
            let head = self.part(whole, piece);
            list = self.cell(head, list);
        }
        list
    }

    /// Pieces one behind the other, with one allocation.
    pub(in crate::primitives) fn joined(&mut self, pieces: &[&'p [u8]], separator: &[u8]) -> Value<'p> {
        let between = separator.len() * pieces.len().saturating_sub(1);
        let len = pieces.iter().map(|piece| piece.len()).sum::<usize>() + between;
        self.bytes_filled(len, |room| {
            let mut at = 0;
            let mut put = |bytes: &[u8]| {
                room[at..at + bytes.len()].copy_from_slice(bytes);
                at += bytes.len();
            };
            for (index, piece) in pieces.iter().enumerate() {
                if index > 0 {
                    put(separator);
                }
                put(piece);
            }
        })
    }

    pub(in crate::primitives) fn string_append(&mut self, a: Value<'p>, b: Value<'p>) -> Value<'p> {
        self.bytes_append(a, b)
    }

    pub(in crate::primitives) fn string_concat(&mut self, list: Value<'p>) -> Value<'p> {
        self.bytes_concat(list)
    }

    pub(in crate::primitives) fn string_join(&mut self, list: Value<'p>, separator: Value<'p>) -> Value<'p> {
        let pieces: Vec<&[u8]> = list.list().map(|piece| self.bytes_of(piece)).collect();
        let separator = self.bytes_of(separator);
        self.joined(&pieces, separator)
    }

    pub(in crate::primitives) fn string_slice(
        &mut self,
        text: Value<'p>,
        start: i64,
        stop: i64,
    ) -> Value<'p> {
        let range = positions::slice(self.text_of(text), start, stop);
        self.slice(text, range.start, range.len())
    }

    pub(in crate::primitives) fn string_from_codepoint(&mut self, number: i64) -> Result<Value<'p>, Crash> {
        let character = self.character(number)?;
        Ok(self.text(character.encode_utf8(&mut [0; 4])))
    }

    fn character(&mut self, number: i64) -> Result<char, Crash> {
        let character = u32::try_from(number).ok().and_then(char::from_u32);
        character.ok_or_else(|| {
            self.crash(&format!("String.from_codepoints: {number} is not a Unicode scalar value"))
        })
    }

    pub(in crate::primitives) fn string_codepoints(&mut self, text: Value<'p>) -> Value<'p> {
        let text = self.text_of(text);
        self.int_list(text.chars().map(|character| i64::from(u32::from(character))))
    }

    pub(in crate::primitives) fn string_from_codepoints(
        &mut self,
        list: Value<'p>,
    ) -> Result<Value<'p>, Crash> {
        let mut text = String::new();
        for number in list.list() {
            text.push(self.character(number.int())?);
        }
        Ok(self.text(&text))
    }

    pub(in crate::primitives) fn string_graphemes(&mut self, text: Value<'p>) -> Value<'p> {
        let pieces = parts::graphemes(self.text_of(text));
        self.part_list(text, pieces)
    }

    pub(in crate::primitives) fn string_pop_first(&mut self, text: Value<'p>) -> Value<'p> {
        let Some((first, rest)) = parts::pop_first(self.text_of(text)) else { return self.none() };
        let (first, rest) = (self.part(text, first), self.part(text, rest));
        let pair = self.tuple(&[first, rest]);
        self.some(pair)
    }

    pub(in crate::primitives) fn string_trim(&mut self, text: Value<'p>) -> Value<'p> {
        let piece = self.text_of(text).trim();
        self.part(text, piece)
    }

    pub(in crate::primitives) fn string_trim_start(&mut self, text: Value<'p>) -> Value<'p> {
        let piece = self.text_of(text).trim_start();
        self.part(text, piece)
    }

    pub(in crate::primitives) fn string_trim_end(&mut self, text: Value<'p>) -> Value<'p> {
        let piece = self.text_of(text).trim_end();
        self.part(text, piece)
    }

    pub(in crate::primitives) fn string_to_upper(&mut self, text: Value<'p>) -> Value<'p> {
        let changed = change::to_upper(self.text_of(text));
        self.text(&changed)
    }

    pub(in crate::primitives) fn string_to_lower(&mut self, text: Value<'p>) -> Value<'p> {
        let changed = change::to_lower(self.text_of(text));
        self.text(&changed)
    }

    pub(in crate::primitives) fn string_replace(
        &mut self,
        text: Value<'p>,
        old: Value<'p>,
        new: Value<'p>,
    ) -> Value<'p> {
        self.replaced(text, old, new, usize::MAX)
    }

    pub(in crate::primitives) fn string_replace_first(
        &mut self,
        text: Value<'p>,
        old: Value<'p>,
        new: Value<'p>,
    ) -> Value<'p> {
        self.replaced(text, old, new, 1)
    }

    fn replaced(&mut self, text: Value<'p>, old: Value<'p>, new: Value<'p>, limit: usize) -> Value<'p> {
        let changed = change::replace(self.text_of(text), self.text_of(old), self.text_of(new), limit);
        self.text(&changed)
    }

    pub(in crate::primitives) fn string_repeat(
        &mut self,
        text: Value<'p>,
        times: i64,
    ) -> Result<Value<'p>, Crash> {
        let piece = self.bytes_of(text);
        let len = usize::try_from(times).ok().and_then(|times| piece.len().checked_mul(times));
        let Some(len) = len.filter(|len| *len <= TEXT_BYTES_MAX) else {
            return Err(
                self.crash(&format!("a text of {} bytes cannot be repeated {times} times", piece.len()))
            );
        };
        self.room_for(len)?;
        Ok(self.bytes_filled(len, |room| {
            if !piece.is_empty() {
                room.chunks_exact_mut(piece.len()).for_each(|place| place.copy_from_slice(piece));
            }
        }))
    }

    pub(in crate::primitives) fn string_reverse(&mut self, text: Value<'p>) -> Value<'p> {
        let changed = change::reverse(self.text_of(text));
        self.text(&changed)
    }

    pub(in crate::primitives) fn string_split(&mut self, text: Value<'p>, separator: Value<'p>) -> Value<'p> {
        let pieces = parts::split(self.text_of(text), self.text_of(separator));
        self.part_list(text, pieces.into_iter())
    }

    pub(in crate::primitives) fn string_lines(&mut self, text: Value<'p>) -> Value<'p> {
        let pieces = parts::lines(self.text_of(text));
        self.part_list(text, pieces)
    }

    pub(in crate::primitives) fn string_words(&mut self, text: Value<'p>) -> Value<'p> {
        let pieces = parts::words(self.text_of(text));
        self.part_list(text, pieces)
    }

    /// The same object: Bytes and String look alike.
    pub(in crate::primitives) fn string_to_bytes(&mut self, text: Value<'p>) -> Value<'p> {
        text
    }

    pub(in crate::primitives) fn string_escape(&mut self, text: Value<'p>) -> Value<'p> {
        let literal = change::escape(self.text_of(text));
        self.text(&literal)
    }
}
