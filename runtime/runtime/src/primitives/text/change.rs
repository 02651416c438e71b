//! Texts made out of texts.

use memchr::memmem;
use unicode_segmentation::UnicodeSegmentation;

/// Replaces at most `limit` occurrences. An empty `old` changes nothing: std has refused it before.
pub fn replace(text: &str, old: &str, new: &str, limit: usize) -> String {
    if old.is_empty() {
        return text.to_owned();
    }
    let mut changed = String::with_capacity(text.len());
    let mut start = 0;
    for at in memmem::find_iter(text.as_bytes(), old.as_bytes()).take(limit) {
        changed.push_str(&text[start..at]);
        changed.push_str(new);
        start = at + old.len();
    }
    changed.push_str(&text[start..]);
    changed
}

/// The graphemes in the opposite order.
pub fn reverse(text: &str) -> String {
    text.graphemes(true).rev().collect()
}

/// Upper case by the full rules of Unicode.
pub fn to_upper(text: &str) -> String {
    text.to_uppercase()
}

/// Lower case by the full rules of Unicode.
pub fn to_lower(text: &str) -> String {
    text.to_lowercase()
}

/// As a literal of the language, quotes included.
pub fn escape(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            '\r' => literal.push_str("\\r"),
            '\0' => literal.push_str("\\0"),
            '\\' => literal.push_str("\\\\"),
            '"' => literal.push_str("\\\""),
            // Only there would it begin an interpolation
            '$' if rest.peek() == Some(&'{') => literal.push_str("\\$"),
            hidden if hidden.is_control() => literal.push_str(&format!("\\u{{{:X}}}", u32::from(hidden))),
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacing() {
        assert_eq!(replace("aXbXc", "X", "--", usize::MAX), "a--b--c");
        assert_eq!(replace("aXbXc", "X", "", 1), "abXc");
        assert_eq!(replace("abc", "", "x", usize::MAX), "abc");
    }

    #[test]
    fn case_and_order() {
        assert_eq!((to_upper("straße").as_str(), to_lower("ΑΣ").as_str()), ("STRASSE", "ας"));
        assert_eq!(reverse("ae\u{301}b"), "be\u{301}a");
    }

    #[test]
    fn literals() {
        assert_eq!(escape("a\"\\\n\t\r\0$x${y}\u{7f}é"), r#""a\"\\\n\t\r\0$x\${y}\u{7F}é""#);
    }
}
