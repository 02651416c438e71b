//! Texts into parts: graphemes, pieces between separators, lines, words.

use memchr::memmem;
use unicode_segmentation::UnicodeSegmentation;

/// Extended grapheme clusters.
pub fn graphemes(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.graphemes(true)
}

/// The first grapheme and the rest.
pub fn pop_first(text: &str) -> Option<(&str, &str)> {
    let first = text.graphemes(true).next()?;
    Some(text.split_at(first.len()))
}

/// What lies between the separators; the empty separator gives graphemes.
pub fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    if separator.is_empty() {
        return graphemes(text).collect();
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for at in memmem::find_iter(text.as_bytes(), separator.as_bytes()) {
        parts.push(&text[start..at]);
        start = at + separator.len();
    }
    parts.push(&text[start..]);
    parts
}

/// Lines without their ends (`\n` or `\r\n`); an empty last one is dropped.
pub fn lines(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.lines()
}

/// What lies between white space.
pub fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphemes_are_what_people_call_characters() {
        assert_eq!(graphemes("ae\u{301}🇩🇪\r\n").collect::<Vec<_>>(), ["a", "e\u{301}", "🇩🇪", "\r\n"]);
        assert_eq!(pop_first("e\u{301}x"), Some(("e\u{301}", "x")));
        assert_eq!(pop_first(""), None);
    }

    #[test]
    fn splitting_keeps_empty_parts() {
        assert_eq!(split(",a,,b,", ","), ["", "a", "", "b", ""]);
        assert_eq!(split("", ","), [""]);
        assert_eq!(split("a€b", ""), ["a", "€", "b"]);
        assert_eq!(split("a<>b<>", "<>"), ["a", "b", ""]);
    }

    #[test]
    fn lines_and_words() {
        assert_eq!(lines("a\r\n\nb\n").collect::<Vec<_>>(), ["a", "", "b"]);
        assert_eq!(words(" a\u{3000}b \n c").collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
