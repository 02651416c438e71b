//! Layouts: how the body of an object looks, for tracing and copying.
//!
//! Ids below [`FIRST_PROGRAM_LAYOUT`] are fixed, so that the runtime can build small objects of any program;
//! the rest are the program's own (bodies of more than four words).

/// Bodies of variable or special form.
pub const TEXT_INLINE: u32 = 1;
/// See [`Layout::TextShared`].
pub const TEXT_SHARED: u32 = 2;
/// See [`Layout::Array`] with traced elements.
pub const ARRAY_REF: u32 = 3;
/// See [`Layout::Array`] with raw elements (Int or Float).
pub const ARRAY_WORD: u32 = 4;
/// First id of the small fixed shapes, see [`small`].
pub const FIRST_SMALL: u32 = 16;
/// First id of a program's own layouts.
pub const FIRST_PROGRAM_LAYOUT: u32 = 64;

/// The body of an object.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Layout {
    /// `words` words; bit `i % 64` of `refs[i / 64]` says that word `i` is a reference word.
    Fixed {
        /// Number of body words.
        words: u32,
        /// One bit per word.
        refs: Vec<u64>,
    },
    /// String or Bytes of at most [`TEXT_INLINE_MAX`] bytes: word 0 = byte length, then the bytes, padded with zeros to a word.
    TextInline,
    /// String or Bytes outside the heap: word 0 = address of the reference-counted buffer, word 1 = offset of
    /// the first byte, word 2 = byte length, word 3 = link of the heap's list of such objects (the runtime's).
    TextShared,
    /// Word 0 = number of elements, then the elements.
    Array {
        /// Whether elements are reference words.
        refs: bool,
    },
}

/// Longest text kept inside the heap, in bytes.
pub const TEXT_INLINE_MAX: usize = 64;

/// The fixed layout id of a body of up to four words: bit `i` of `refs` = word `i` is a reference word.
///
/// # Panics
/// For more than four words.
pub const fn small(words: u32, refs: u32) -> u32 {
    assert!(words <= 4 && refs < 1 << words);
    FIRST_SMALL + (1 << words) - 1 + refs
}

/// The layouts with fixed ids, by id; unused ids hold an empty body.
pub fn fixed_layouts() -> Vec<Layout> {
    let mut all = vec![Layout::Fixed { words: 0, refs: vec![] }; FIRST_PROGRAM_LAYOUT as usize];
    all[TEXT_INLINE as usize] = Layout::TextInline;
    all[TEXT_SHARED as usize] = Layout::TextShared;
    all[ARRAY_REF as usize] = Layout::Array { refs: true };
    all[ARRAY_WORD as usize] = Layout::Array { refs: false };
    for words in 0..=4u32 {
        for refs in 0..1u32 << words {
            all[small(words, refs) as usize] = Layout::Fixed { words, refs: vec![refs as u64] };
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ids_are_distinct_and_in_range() {
        let mut seen = std::collections::HashSet::new();
        for words in 0..=4 {
            for refs in 0..1 << words {
                let id = small(words, refs);
                assert!((FIRST_SMALL..FIRST_PROGRAM_LAYOUT).contains(&id) && seen.insert(id));
            }
        }
    }
}
