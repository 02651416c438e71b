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

/// What lies between white space, which is what Unicode calls so.
pub fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut words = Vec::with_capacity(text.len() / BYTES_PER_WORD);
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        // Byte by byte as long as they are characters of their own, which is nearly always.
        let (is_space, next) = match bytes[at] {
            byte if byte < 0x80 => (IS_SPACE[byte as usize], at + 1),
            _ => match text[at..].chars().next() {
                Some(character) => (character.is_whitespace(), at + character.len_utf8()),
                None => break,
            },
        };
        if is_space {
            if start < at {
                words.push(&text[start..at]);
            }
            start = next;
        }
        at = next;
    }
    if start < at {
        words.push(&text[start..at]);
    }
    words.into_iter()
}

/// An estimate of how many bytes of a text there are for each word.
const BYTES_PER_WORD: usize = 6;

/// Which of the first 128 characters are white space.
const IS_SPACE: [bool; 128] = {
    let mut table = [false; 128];
    let spaces = [b'\t', b'\n', 0x0B, 0x0C, b'\r', b' '];
    let mut index = 0;
    while index < spaces.len() {
        table[spaces[index] as usize] = true;
        index += 1;
    }
    table
};

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

    #[test]
    fn words_lie_between_what_unicode_calls_white_space() {
        for text in ["", " ", "ä", "ä b\u{a0}ö", "\u{85}a\u{2028}\u{2029}bc\u{205f}", "a\u{200b}b", "\0 \x1c"]
        {
            assert!(words(text).eq(text.split_whitespace()), "{text:?}");
        }
        for code in 0..=0xFFFF {
            let Some(character) = char::from_u32(code) else { continue };
            let text = format!("x{character}y{character}");
            assert!(words(&text).eq(text.split_whitespace()), "{text:?}");
        }
    }
}
