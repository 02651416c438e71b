//! Tells apart what is code, comment and text in a Rust file, without parsing it.
//!
//! In: the text of a file. Out: [`Scan`], two texts of the same length and lines, one with the code alone and one
//! with the comments alone; everything else is blank. Rules then search plain text and never meet a word in a string.

/// A Rust file in two layers.
#[derive(Debug)]
pub struct Scan {
    /// Comments, strings and character literals are blank.
    pub code: String,
    /// Everything but comments is blank.
    pub comments: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    Code,
    Comment,
    Literal,
}

/// Splits a Rust file into its layers.
pub fn scan(text: &str) -> Scan {
    let bytes = text.as_bytes();
    let mut layers = vec![Layer::Code; bytes.len()];
    let mut at = 0;
    while at < bytes.len() {
        let (end, layer) = next_piece(bytes, at);
        layers[at..end].fill(layer);
        at = end;
    }
    Scan { code: keep(text, &layers, Layer::Code), comments: keep(text, &layers, Layer::Comment) }
}

/// The end of the piece that begins at `at`, and what it is.
fn next_piece(bytes: &[u8], at: usize) -> (usize, Layer) {
    let rest = &bytes[at..];
    match rest {
        [b'/', b'/', ..] => (line_end(bytes, at), Layer::Comment),
        [b'/', b'*', ..] => (block_comment_end(bytes, at), Layer::Comment),
        [b'"', ..] => (string_end(bytes, at + 1), Layer::Literal),
        [b'\'', ..] => match character_end(bytes, at) {
            Some(end) => (end, Layer::Literal),
            None => (at + 1, Layer::Code),
        },
        [first, ..] if is_word(*first) => word_or_prefixed_string(bytes, at),
        _ => (at + 1, Layer::Code),
    }
}

/// A whole identifier, or a raw string when the identifier is its prefix.
fn word_or_prefixed_string(bytes: &[u8], at: usize) -> (usize, Layer) {
    let word_end = (at..bytes.len()).find(|&i| !is_word(bytes[i])).unwrap_or(bytes.len());
    if !matches!(&bytes[at..word_end], b"r" | b"br" | b"cr") {
        return (word_end, Layer::Code);
    }
    let hashes = bytes[word_end..].iter().take_while(|&&b| b == b'#').count();
    if bytes.get(word_end + hashes) != Some(&b'"') {
        return (word_end, Layer::Code);
    }
    let closing: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let body = word_end + hashes + 1;
    let found = bytes[body..].windows(closing.len()).position(|window| window == closing);
    (found.map_or(bytes.len(), |found| body + found + closing.len()), Layer::Literal)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |found| at + found)
}

fn block_comment_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], body: usize) -> usize {
    let mut at = body;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of a character literal, `None` for a lifetime.
fn character_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        let closing = bytes.get(at + 3..)?.iter().position(|&b| b == b'\'')?;
        return Some(at + 3 + closing + 1);
    }
    let width = match bytes.get(at + 1)? {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + width + 2)
}

/// The text with all that is not of `wanted` turned to blanks; line breaks stay.
fn keep(text: &str, layers: &[Layer], wanted: Layer) -> String {
    let mut kept = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if character == '\n' || layers[at] == wanted {
            kept.push(character);
        } else {
            kept.extend(std::iter::repeat_n(' ', character.len_utf8()));
        }
    }
    kept
}

/// Whether a byte can be part of an identifier.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Positions at which `word` stands alone.
pub fn word_positions<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = text.as_bytes();
    text.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = at == 0 || !is_word(bytes[at - 1]);
        let after = bytes.get(at + word.len()).is_none_or(|&b| !is_word(b));
        before && after
    })
}

/// The line, counted from 1, that holds the byte `at`.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count()
}

/// The position of the bracket that closes the one at `open`, by nesting of `{}`, `()` and `[]`.
pub fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (offset, byte) in code.as_bytes()[open..].iter().enumerate() {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(open + offset);
                }
            }
            _ => {}
        }
    }
    None
}

/// The parts of a file that are compiled for tests only.
pub fn test_ranges(code: &str) -> Vec<std::ops::Range<usize>> {
    code.match_indices("#[cfg(test)]")
        .filter_map(|(at, _)| {
            let open = at + code[at..].find('{')?;
            let semicolon = code[at..].find(';').map(|found| at + found);
            if semicolon.is_some_and(|found| found < open) {
                return None;
            }
            Some(at..closing(code, open)?)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_leave_the_code() {
        let scan = scan("let a = \"x // y\"; // z { \" \nlet b = 'c';");
        assert_eq!(scan.code, "let a =         ;          \nlet b =    ;");
        assert_eq!(scan.comments.trim(), "// z { \"");
    }

    #[test]
    fn raw_strings_end_with_their_hashes() {
        assert_eq!(scan("r#\"a\" {\"#; x").code, "         ; x");
        assert_eq!(scan("br\"{\"; x").code, "     ; x");
        assert_eq!(scan("rr\"{\"; x").code, "rr   ; x");
    }

    #[test]
    fn lifetimes_are_code_and_characters_are_not() {
        assert_eq!(scan("&'a str '\\'' '{' 'é' x").code, "&'a str               x");
    }

    #[test]
    fn block_comments_nest() {
        assert_eq!(scan("a /* b /* c */ d */ e").code, "a                   e");
    }

    #[test]
    fn words_stand_alone() {
        assert_eq!(word_positions("fn fnord fn", "fn").collect::<Vec<_>>(), [0, 9]);
    }

    #[test]
    fn test_modules_are_found() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}";
        let ranges = test_ranges(code);
        assert_eq!(ranges.len(), 1);
        assert!(ranges[0].contains(&code.find("fn b").unwrap()));
        assert!(!ranges[0].contains(&code.find("fn c").unwrap()));
        assert!(test_ranges("#[cfg(test)]\nmod tests;\nfn a() {}").is_empty());
    }
}
