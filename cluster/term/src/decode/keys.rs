//! The keys of one map seen so far, by their bytes: equal keys have equal bytes.

use crate::error::DecodeError;
use std::collections::HashSet;

/// Keys of a map being read.
#[derive(Default)]
pub(super) struct Keys<'b> {
    /// While there are few, comparing them all is quicker than hashing.
    few: Vec<&'b [u8]>,
    many: HashSet<&'b [u8]>,
}

const FEW: usize = 8;

impl<'b> Keys<'b> {
    pub(super) fn add(&mut self, key: &'b [u8]) -> Result<(), DecodeError> {
        if self.few.len() < FEW {
            if self.few.contains(&key) {
                return Err(DecodeError::DuplicateKey);
            }
            self.few.push(key);
            return Ok(());
        }
        if self.many.is_empty() {
            self.many.extend(&self.few);
        }
        if self.many.insert(key) { Ok(()) } else { Err(DecodeError::DuplicateKey) }
    }
}
