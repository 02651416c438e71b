//! Positions in texts: code points outside, bytes inside.

use std::ops::Range;

use memchr::memmem;

/// Number of code points.
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// The byte where the code point at a position begins; the end when there is none.
pub fn byte_of(text: &str, position: usize) -> usize {
    if position == 0 {
        return 0;
    }
    let mut rest = text.chars();
    match rest.nth(position - 1) {
        Some(_) => text.len() - rest.as_str().len(),
        None => text.len(),
    }
}

/// Bytes of the part between two positions; clamped, empty when they are in the wrong order.
pub fn slice(text: &str, start: i64, stop: i64) -> Range<usize> {
    let start = usize::try_from(start).unwrap_or(0);
    let stop = usize::try_from(stop).unwrap_or(0);
    let first = byte_of(text, start);
    if stop <= start {
        return first..first;
    }
    first..first + byte_of(&text[first..], stop - start)
}

/// The code point at a position.
pub fn codepoint_at(text: &str, position: i64) -> Option<u32> {
    let position = usize::try_from(position).ok()?;
    text.chars().nth(position).map(u32::from)
}

/// Position of the first occurrence.
pub fn index_of(text: &str, wanted: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), wanted.as_bytes()).map(|byte| length(&text[..byte]))
}

/// Position of the last occurrence.
pub fn last_index_of(text: &str, wanted: &str) -> Option<usize> {
    memmem::rfind(text.as_bytes(), wanted.as_bytes()).map(|byte| length(&text[..byte]))
}

/// Number of occurrences that do not overlap; the empty text occurs around each code point.
pub fn count(text: &str, wanted: &str) -> usize {
    if wanted.is_empty() {
        return length(text) + 1;
    }
    memmem::find_iter(text.as_bytes(), wanted.as_bytes()).count()
}

/// Whether one text occurs in the other.
pub fn contains(text: &str, wanted: &str) -> bool {
    memmem::find(text.as_bytes(), wanted.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "aé€😀b";

    #[test]
    fn positions_are_code_points() {
        assert_eq!(length(TEXT), 5);
        assert_eq!((byte_of(TEXT, 0), byte_of(TEXT, 3), byte_of(TEXT, 5), byte_of(TEXT, 9)), (0, 6, 11, 11));
        assert_eq!(codepoint_at(TEXT, 3), Some(0x1F600));
        assert_eq!((codepoint_at(TEXT, 5), codepoint_at(TEXT, -1)), (None, None));
    }

    #[test]
    fn slices_are_clamped() {
        let part = |start, stop| &TEXT[slice(TEXT, start, stop)];
        assert_eq!(part(1, 3), "é€");
        assert_eq!((part(-4, 2), part(3, 100), part(4, 2), part(9, 12)), ("aé", "😀b", "", ""));
    }

    #[test]
    fn searching_counts_code_points() {
        assert_eq!((index_of("éaéa", "a"), last_index_of("éaéa", "éa")), (Some(1), Some(2)));
        assert_eq!(
            (index_of("abc", ""), last_index_of("abc", ""), index_of("abc", "x")),
            (Some(0), Some(3), None)
        );
        assert_eq!((count("aaaa", "aa"), count("é€", ""), count("", "a")), (2, 3, 0));
        assert!(contains("héllo", "él") && !contains("hello", "lol"));
    }
}
