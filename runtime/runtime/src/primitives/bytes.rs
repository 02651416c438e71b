//! Bytes.

mod encoding;

use super::text::{order_number, position_or_absent};
use crate::call::{Call, Crash};
use memchr::memmem;
use snow_heap::Value;

impl<'p> Call<'p> {
    pub(super) fn bytes_length(&mut self, bytes: Value<'p>) -> i64 {
        self.bytes_of(bytes).len() as i64
    }

    pub(super) fn bytes_equal(&mut self, a: Value<'p>, b: Value<'p>) -> bool {
        a.word() == b.word() || self.bytes_of(a) == self.bytes_of(b)
    }

    pub(super) fn bytes_compare(&mut self, a: Value<'p>, b: Value<'p>) -> i64 {
        order_number(self.bytes_of(a).cmp(self.bytes_of(b)))
    }

    pub(super) fn bytes_hash(&mut self, bytes: Value<'p>) -> i64 {
        self.runtime().hash_key.hash(self.bytes_of(bytes))
    }

    pub(super) fn bytes_append(&mut self, a: Value<'p>, b: Value<'p>) -> Value<'p> {
        let pieces = [self.bytes_of(a), self.bytes_of(b)];
        match pieces {
            [_, []] => a,
            [[], _] => b,
            _ => self.joined(&pieces, &[]),
        }
    }

    pub(super) fn bytes_concat(&mut self, list: Value<'p>) -> Value<'p> {
        let pieces = || list.list().filter_map(Value::text);
        let len = pieces().map(<[u8]>::len).sum();
        self.bytes_filled(len, |mut room| {
            for piece in pieces() {
                let (front, rest) = room.split_at_mut(piece.len());
                front.copy_from_slice(piece);
                room = rest;
            }
        })
    }

    pub(super) fn bytes_at(&mut self, bytes: Value<'p>, index: i64) -> i64 {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.bytes_of(bytes).get(index).map_or(-1, |&byte| i64::from(byte))
    }

    /// Clamped; a long part shares the whole's memory.
    pub(super) fn bytes_slice(&mut self, bytes: Value<'p>, start: i64, stop: i64) -> Value<'p> {
        let len = self.bytes_of(bytes).len();
        let clamp = |index: i64| usize::try_from(index).unwrap_or(0).min(len);
        let (start, stop) = (clamp(start), clamp(stop));
        self.slice(bytes, start, stop.saturating_sub(start))
    }

    pub(super) fn bytes_index_of(&mut self, bytes: Value<'p>, wanted: Value<'p>) -> i64 {
        position_or_absent(memmem::find(self.bytes_of(bytes), self.bytes_of(wanted)))
    }

    /// Lets go of a larger whole.
    pub(super) fn bytes_copy(&mut self, bytes: Value<'p>) -> Value<'p> {
        let bytes = self.bytes_of(bytes);
        self.bytes(bytes)
    }

    pub(super) fn bytes_zeros(&mut self, len: i64) -> Result<Value<'p>, Crash> {
        match usize::try_from(len) {
            Ok(len) if len <= super::text::TEXT_BYTES_MAX => {
                self.room_for(len)?;
                Ok(self.bytes_filled(len, |_| ()))
            }
            _ => Err(self.crash(&format!("Bytes.zeros: there cannot be {len} bytes"))),
        }
    }

    pub(super) fn bytes_from_list(&mut self, list: Value<'p>) -> Result<Value<'p>, Crash> {
        let mut bytes = Vec::new();
        for element in list.list() {
            match u8::try_from(element.int()) {
                Ok(byte) => bytes.push(byte),
                Err(_) => {
                    return Err(self
                        .crash(&format!("Bytes.from_list: {} is not a byte, not in 0..255", element.int())));
                }
            }
        }
        Ok(self.bytes(&bytes))
    }

    pub(super) fn bytes_to_list(&mut self, bytes: Value<'p>) -> Value<'p> {
        let bytes = self.bytes_of(bytes);
        self.int_list(bytes.iter().map(|&byte| i64::from(byte)))
    }

    pub(super) fn bytes_to_hex(&mut self, bytes: Value<'p>) -> Value<'p> {
        let text = encoding::to_hex(self.bytes_of(bytes));
        self.text(&text)
    }

    pub(super) fn bytes_from_hex(&mut self, text: Value<'p>) -> Value<'p> {
        let decoded = encoding::from_hex(self.text_of(text));
        self.some_bytes(decoded)
    }

    pub(super) fn bytes_to_base64(&mut self, bytes: Value<'p>, url: i64) -> Value<'p> {
        let text = encoding::to_base64(self.bytes_of(bytes), url != 0);
        self.text(&text)
    }

    pub(super) fn bytes_from_base64(&mut self, text: Value<'p>, url: i64) -> Value<'p> {
        let decoded = encoding::from_base64(self.text_of(text), url != 0);
        self.some_bytes(decoded)
    }

    fn some_bytes(&mut self, decoded: Option<Vec<u8>>) -> Value<'p> {
        match decoded {
            Some(bytes) => {
                let bytes = self.bytes(&bytes);
                self.some(bytes)
            }
            None => self.none(),
        }
    }

    pub(super) fn bytes_to_string(&mut self, bytes: Value<'p>) -> Value<'p> {
        match std::str::from_utf8(self.bytes_of(bytes)) {
            Ok(_) => self.ok(bytes),
            Err(error) => {
                let at = self.int(error.valid_up_to() as i64);
                self.err(at)
            }
        }
    }

    pub(super) fn bytes_to_string_lossy(&mut self, bytes: Value<'p>) -> Value<'p> {
        match String::from_utf8_lossy(self.bytes_of(bytes)) {
            std::borrow::Cow::Borrowed(_) => bytes,
            std::borrow::Cow::Owned(text) => self.text(&text),
        }
    }

    pub(super) fn bytes_debug(&mut self, bytes: Value<'p>) -> Value<'p> {
        let literal = encoding::debug(self.bytes_of(bytes));
        self.text(&literal)
    }
}
