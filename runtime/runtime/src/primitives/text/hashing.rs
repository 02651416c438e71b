//! Hashes of texts, keyed per start of a node: whoever feeds it keys cannot foresee which of them collide.

use std::hash::{BuildHasher, Hasher, RandomState};

use siphasher::sip::SipHasher13;

/// The key of one node.
#[derive(Clone, Copy)]
pub(crate) struct HashKey(u64, u64);

impl HashKey {
    /// A fresh one from the system's randomness.
    pub fn new() -> HashKey {
        let chance = RandomState::new();
        HashKey(chance.hash_one(0), chance.hash_one(1))
    }

    /// The hash of some bytes.
    pub fn hash(self, bytes: &[u8]) -> i64 {
        let mut hasher = SipHasher13::new_with_keys(self.0, self.1);
        hasher.write(bytes);
        hasher.finish().cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_hash_alike_under_one_key_only() {
        let (one, other) = (HashKey::new(), HashKey::new());
        assert_eq!(one.hash(b"snow"), one.hash(b"snow"));
        assert_ne!(one.hash(b"snow"), one.hash(b"ice"));
        assert_ne!(one.hash(b"snow"), other.hash(b"snow"));
    }
}
