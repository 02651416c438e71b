//! What numbers, strings, bytes and tags mean: decoding of their text.
//!
//! Decoding is total: what the parser has reported as wrong (an unknown escape, a number out of range)
//! decodes to something harmless.

use crate::ast::OutOfRange;
use crate::kind::SyntaxKind;
use crate::tree::{SyntaxElement, SyntaxNode};

/// The value of an Int literal, its sign given apart so that the smallest Int can be written.
pub(crate) fn decode_int(text: &str, negative: bool) -> Result<i64, OutOfRange> {
    let digits = text.replace('_', "");
    let (base, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        _ => (10, digits.as_str()),
    };
    let mut value: i128 = 0;
    for digit in digits.chars().filter_map(|c| c.to_digit(base)) {
        value = value * i128::from(base) + i128::from(digit);
        if value > 1 << 63 {
            return Err(OutOfRange);
        }
    }
    i64::try_from(if negative { -value } else { value }).map_err(|_| OutOfRange)
}

/// The value of a Float literal.
pub(crate) fn decode_float(text: &str, negative: bool) -> f64 {
    let value: f64 = text.replace('_', "").parse().unwrap_or(0.0);
    if negative { -value } else { value }
}

/// The text of `:name` or `:"any text"`.
pub(crate) fn decode_tag(text: &str) -> String {
    let body = text.strip_prefix(':').unwrap_or(text);
    match body.strip_prefix('"') {
        Some(quoted) => {
            let inner = quoted.strip_suffix('"').unwrap_or(quoted);
            escapes(inner).map(|part| part.decode()).collect()
        }
        None => body.to_owned(),
    }
}

/// The bytes of `b"…"`.
pub(crate) fn decode_bytes(text: &str) -> Vec<u8> {
    let inner = text.strip_prefix("b\"").unwrap_or(text);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut bytes = Vec::with_capacity(inner.len());
    for part in escapes(inner) {
        match part {
            Part::Escape(escape) if escape.starts_with("\\x") => {
                bytes.push(escape.get(2..).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0));
            }
            other => bytes.extend_from_slice(other.decode().as_bytes()),
        }
    }
    bytes
}

/// A stretch of quoted text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part<'a> {
    Plain(&'a str),
    Escape(&'a str),
}

impl Part<'_> {
    fn decode(self) -> String {
        match self {
            Part::Plain(text) => text.replace("\r\n", "\n"),
            Part::Escape(text) => decode_escape(text).map_or_else(String::new, String::from),
        }
    }
}

/// Cuts quoted text into plain stretches and escapes.
pub(crate) fn escapes(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length =
            if rest.starts_with('\\') { escape_length(rest) } else { rest.find('\\').unwrap_or(rest.len()) };
        let (part, after) = rest.split_at(length);
        rest = after;
        Some(if part.starts_with('\\') { Part::Escape(part) } else { Part::Plain(part) })
    })
}

/// How many bytes the escape at the start of `text` has, a wrong one too.
pub(crate) fn escape_length(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    let Some((_, first)) = chars.next() else { return 1 };
    let braces = text.get(2..).filter(|rest| rest.starts_with('{'));
    match (first, braces) {
        ('u', Some(rest)) => {
            let digits = rest[1..].bytes().take_while(u8::is_ascii_hexdigit).count();
            let closed = rest.as_bytes().get(1 + digits) == Some(&b'}');
            3 + digits + usize::from(closed)
        }
        ('x', _) => 2 + text[2..].bytes().take(2).take_while(u8::is_ascii_hexdigit).count(),
        _ => 1 + first.len_utf8(),
    }
}

/// The character of an escape, `None` when there is no such escape.
pub(crate) fn decode_escape(text: &str) -> Option<char> {
    match text {
        "\\n" => Some('\n'),
        "\\t" => Some('\t'),
        "\\r" => Some('\r'),
        "\\\\" => Some('\\'),
        "\\\"" => Some('"'),
        "\\$" => Some('$'),
        "\\0" => Some('\0'),
        _ => {
            let digits = text.strip_prefix("\\u{")?.strip_suffix('}')?;
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)
        }
    }
}

/// A piece of a string literal.
pub(crate) enum Piece {
    Text(String),
    Interpolation(SyntaxNode),
}

/// The pieces of a string literal in order, decoded. Of a `"""` block the first line break goes, and
/// from every line the indentation of the closing one.
pub(crate) fn string_pieces(string: &SyntaxNode) -> Vec<Piece> {
    let elements: Vec<SyntaxElement> = string.children_with_tokens().collect();
    let block = elements.first().and_then(SyntaxElement::as_token).is_some_and(|t| t.text() == "\"\"\"");
    let indentation = if block { closing_indentation(&elements) } else { String::new() };
    let mut pieces = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        match element {
            SyntaxElement::Node(node) => pieces.push(Piece::Interpolation(node.clone())),
            SyntaxElement::Token(token) if token.kind() == SyntaxKind::StringText => {
                let plain = token.text().replace("\r\n", "\n");
                let text = if block { unindent(&plain, &indentation, index == 1) } else { plain };
                pieces.push(Piece::Text(text));
            }
            SyntaxElement::Token(token) if token.kind() == SyntaxKind::StringEscape => {
                pieces.extend(decode_escape(token.text()).map(|c| Piece::Text(c.to_string())));
            }
            SyntaxElement::Token(_) => {}
        }
    }
    pieces
}

/// The white space in front of the closing quotes, when nothing else is on their line.
fn closing_indentation(elements: &[SyntaxElement]) -> String {
    let texts = elements.iter().rev().nth(1).and_then(SyntaxElement::as_token);
    let Some(last) = texts.filter(|token| token.kind() == SyntaxKind::StringText) else {
        return String::new();
    };
    let line = last.text().rsplit_once('\n').map_or("", |(_, line)| line);
    if line.chars().all(|c| c == ' ' || c == '\t') { line.to_owned() } else { String::new() }
}

fn unindent(text: &str, indentation: &str, opens: bool) -> String {
    let (text, mut at_line_start) = match text.strip_prefix('\n') {
        Some(rest) if opens => (rest, true),
        _ => (text, false),
    };
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        result.push_str(if at_line_start { without_prefix(line, indentation) } else { line });
        at_line_start = true;
    }
    result
}

fn without_prefix<'a>(line: &'a str, indentation: &str) -> &'a str {
    let common = line.bytes().zip(indentation.bytes()).take_while(|(a, b)| a == b).count();
    &line[common..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_int_needs_its_sign() {
        assert_eq!(decode_int("9223372036854775808", true), Ok(i64::MIN));
        assert_eq!(decode_int("9223372036854775808", false), Err(OutOfRange));
        assert_eq!(decode_int("0xff_ff", false), Ok(65535));
        assert_eq!(decode_int("0b1010", true), Ok(-10));
        assert_eq!(decode_int("999999999999999999999999999999999999999999", true), Err(OutOfRange));
    }

    #[test]
    fn bytes_and_tags() {
        assert_eq!(decode_bytes("b\"a\\xff\\n\\u{e9}\""), [b'a', 0xff, b'\n', 0xc3, 0xa9]);
        assert_eq!(decode_tag(":\"a \\\"b\\\"\""), "a \"b\"");
        assert_eq!(decode_tag(":stop"), "stop");
    }
}
