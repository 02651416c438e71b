//! Bytes in and out: variable-length integers and a cursor that never reads past the end.
//!
//! Integers are LEB128 with the shortest length only, so that equal values have equal bytes: map keys are
//! compared by them.

use crate::error::DecodeError;

/// Appends an unsigned integer.
pub fn write_unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed integer, small magnitudes short.
pub fn write_signed(out: &mut Vec<u8>, value: i64) {
    write_unsigned(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// Appends a length and bytes.
pub fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_unsigned(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A cursor over received bytes.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { bytes, at: 0 }
    }

    /// Position from the start.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Number of bytes left.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The bytes from an earlier position up to here.
    pub fn since(&self, start: usize) -> &'a [u8] {
        &self.bytes[start..self.at]
    }

    /// Takes `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        if count > self.left() {
            return Err(DecodeError::Truncated);
        }
        let taken = &self.bytes[self.at..self.at + count];
        self.at += count;
        Ok(taken)
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        let taken = &self.bytes[self.at..];
        self.at = self.bytes.len();
        taken
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, DecodeError> {
        let byte = *self.bytes.get(self.at).ok_or(DecodeError::Truncated)?;
        self.at += 1;
        Ok(byte)
    }

    /// Eight bytes, little endian.
    pub fn fixed64(&mut self) -> Result<u64, DecodeError> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().expect("eight bytes were taken")))
    }

    /// An unsigned integer.
    pub fn unsigned(&mut self) -> Result<u64, DecodeError> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        self.unsigned_rest(u64::from(first & 0x7f))
    }

    fn unsigned_rest(&mut self, mut value: u64) -> Result<u64, DecodeError> {
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            if byte == 0 || (shift == 63 && byte > 1) {
                return Err(DecodeError::BadInteger);
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(DecodeError::BadInteger)
    }

    /// A signed integer.
    pub fn signed(&mut self) -> Result<i64, DecodeError> {
        let raw = self.unsigned()?;
        Ok((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    /// An unsigned integer of 32 bits.
    pub fn index(&mut self) -> Result<u32, DecodeError> {
        u32::try_from(self.unsigned()?).map_err(|_| DecodeError::BadInteger)
    }

    /// A number of things that take at least one byte each, so at most the bytes left.
    pub fn count(&mut self) -> Result<usize, DecodeError> {
        let count = self.unsigned()?;
        match usize::try_from(count) {
            Ok(count) if count <= self.left() => Ok(count),
            _ => Err(DecodeError::Truncated),
        }
    }

    /// A length and bytes.
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let count = self.count()?;
        self.take(count)
    }

    /// A length and UTF-8 text.
    pub fn text(&mut self) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| DecodeError::NotUtf8)
    }

    /// A length and UTF-8 text of at most `max` bytes.
    pub fn name(&mut self, max: usize) -> Result<&'a str, DecodeError> {
        let text = self.text()?;
        if text.len() > max { Err(DecodeError::NameTooLong) } else { Ok(text) }
    }

    /// Everything must have been read.
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.left() == 0 { Ok(()) } else { Err(DecodeError::TrailingBytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_round_trip() {
        for shift in 0..64 {
            for value in [1u64 << shift, (1u64 << shift) - 1, !0 >> shift] {
                let mut out = vec![];
                write_unsigned(&mut out, value);
                write_signed(&mut out, value as i64);
                write_signed(&mut out, (value as i64).wrapping_neg());
                let mut cursor = Cursor::new(&out);
                assert_eq!(cursor.unsigned(), Ok(value));
                assert_eq!(cursor.signed(), Ok(value as i64));
                assert_eq!(cursor.signed(), Ok((value as i64).wrapping_neg()));
                assert_eq!(cursor.finish(), Ok(()));
            }
        }
    }

    #[test]
    fn only_the_shortest_form_is_read() {
        assert_eq!(Cursor::new(&[0x80, 0]).unsigned(), Err(DecodeError::BadInteger));
        assert_eq!(Cursor::new(&[0xff; 10]).unsigned(), Err(DecodeError::BadInteger));
        assert_eq!(Cursor::new(&[0xff; 9]).unsigned(), Err(DecodeError::Truncated));
        assert_eq!(Cursor::new(&[5, 1, 2]).count(), Err(DecodeError::Truncated));
    }
}
