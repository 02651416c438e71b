//! Cutting a stream of bytes into frames.

use super::Violation;
use snow_term::error::DecodeError;
use snow_term::wire::Cursor;

/// Collects received bytes and gives whole frames. It holds at most one frame's bytes beyond what one read brought.
#[derive(Debug, Default)]
pub struct FrameReader {
    buffer: Vec<u8>,
    start: usize,
}

impl FrameReader {
    /// Adds received bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next frame's kind and body, at most `bytes_max` long; `None` when more bytes are needed.
    ///
    /// # Errors
    /// When a frame is longer or its length malformed, known from the length alone.
    pub fn next(&mut self, bytes_max: usize) -> Result<Option<&[u8]>, Violation> {
        let mut cursor = Cursor::new(&self.buffer[self.start..]);
        let length = match cursor.unsigned() {
            Ok(length) => length,
            Err(DecodeError::Truncated) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if length > bytes_max as u64 {
            return Err(Violation::FrameTooLong);
        }
        let head = cursor.position();
        if cursor.left() < length as usize {
            return Ok(None);
        }
        let from = self.start + head;
        self.start = from + length as usize;
        Ok(Some(&self.buffer[from..self.start]))
    }

    /// What has come and belongs to no frame that was given.
    pub fn rest(self) -> Vec<u8> {
        self.buffer[self.start..].to_vec()
    }

    /// Whether bytes wait for more.
    pub fn is_empty(&self) -> bool {
        self.start == self.buffer.len()
    }
}
