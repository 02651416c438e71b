//! Strings: UTF-8 texts whose positions are code points.

mod change;
mod folding;
pub(super) mod hashing;
mod making;
mod parts;
mod positions;
mod reading;

use crate::call::Call;
pub(super) use making::TEXT_BYTES_MAX;
use snow_heap::Value;
use std::cmp::Ordering;

impl<'p> Call<'p> {
    /// The bytes of a String or Bytes.
    pub(super) fn bytes_of(&self, value: Value<'p>) -> &'p [u8] {
        value.text().unwrap_or_default()
    }

    /// The text of a String, not looked through again: that would make every row O(n).
    pub(super) fn text_of(&self, value: Value<'p>) -> &'p str {
        // SAFETY: a String holds UTF-8; whatever makes one out of bytes has checked them.
        unsafe { std::str::from_utf8_unchecked(self.bytes_of(value)) }
    }

    pub(super) fn string_length(&mut self, text: Value<'p>) -> i64 {
        positions::length(self.text_of(text)) as i64
    }

    pub(super) fn string_byte_size(&mut self, text: Value<'p>) -> i64 {
        self.bytes_of(text).len() as i64
    }

    pub(super) fn string_equal(&mut self, a: Value<'p>, b: Value<'p>) -> bool {
        self.bytes_equal(a, b)
    }

    /// The order of UTF-8 bytes is that of code points.
    pub(super) fn string_compare(&mut self, a: Value<'p>, b: Value<'p>) -> i64 {
        self.bytes_compare(a, b)
    }

    pub(super) fn string_hash(&mut self, text: Value<'p>) -> i64 {
        self.bytes_hash(text)
    }

    pub(super) fn string_codepoint_at(&mut self, text: Value<'p>, position: i64) -> i64 {
        positions::codepoint_at(self.text_of(text), position).map_or(-1, i64::from)
    }

    pub(super) fn string_contains(&mut self, text: Value<'p>, wanted: Value<'p>) -> bool {
        positions::contains(self.text_of(text), self.text_of(wanted))
    }

    pub(super) fn string_starts_with(&mut self, text: Value<'p>, start: Value<'p>) -> bool {
        self.bytes_of(text).starts_with(self.bytes_of(start))
    }

    pub(super) fn string_ends_with(&mut self, text: Value<'p>, end: Value<'p>) -> bool {
        self.bytes_of(text).ends_with(self.bytes_of(end))
    }

    pub(super) fn string_index_of(&mut self, text: Value<'p>, wanted: Value<'p>) -> i64 {
        position_or_absent(positions::index_of(self.text_of(text), self.text_of(wanted)))
    }

    pub(super) fn string_last_index_of(&mut self, text: Value<'p>, wanted: Value<'p>) -> i64 {
        position_or_absent(positions::last_index_of(self.text_of(text), self.text_of(wanted)))
    }

    pub(super) fn string_count(&mut self, text: Value<'p>, wanted: Value<'p>) -> i64 {
        positions::count(self.text_of(text), self.text_of(wanted)) as i64
    }

    pub(super) fn string_to_int(&mut self, text: Value<'p>, base: i64) -> Value<'p> {
        match reading::to_int(self.text_of(text), base) {
            Some(value) => {
                let value = self.int(value);
                self.some(value)
            }
            None => self.none(),
        }
    }

    pub(super) fn string_to_float(&mut self, text: Value<'p>) -> Value<'p> {
        match reading::to_float(self.text_of(text)) {
            Some(value) => {
                let value = self.float(value);
                self.some(value)
            }
            None => self.none(),
        }
    }

    pub(super) fn string_normalize(&mut self, text: Value<'p>, form: i64) -> Value<'p> {
        let normal = folding::normalize(self.text_of(text), form);
        self.text(&normal)
    }

    pub(super) fn string_fold_case(&mut self, text: Value<'p>) -> Value<'p> {
        let folded = folding::fold_case(self.text_of(text));
        self.text(&folded)
    }

    pub(super) fn string_is_alphabetic(&mut self, text: Value<'p>) -> bool {
        let text = self.text_of(text);
        !text.is_empty() && text.chars().all(char::is_alphabetic)
    }

    pub(super) fn string_is_whitespace(&mut self, text: Value<'p>) -> bool {
        let text = self.text_of(text);
        !text.is_empty() && text.chars().all(char::is_whitespace)
    }
}

/// As the rows give it: -1 when absent.
pub(super) fn position_or_absent(position: Option<usize>) -> i64 {
    position.map_or(-1, |position| position as i64)
}

/// As the rows give it: -1, 0, 1.
pub(super) fn order_number(order: Ordering) -> i64 {
    order as i64
}
