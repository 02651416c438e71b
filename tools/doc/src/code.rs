//! Code as HTML: escaped, coloured by the kinds of its words, types linked to where they are told of.

use crate::links::Links;
use std::fmt::Write;

/// Words that are shown as such.
const WORDS: [&str; 36] = [
    "actor",
    "after",
    "and",
    "as",
    "break",
    "case",
    "continue",
    "deriving",
    "do",
    "else",
    "end",
    "false",
    "fn",
    "for",
    "if",
    "impl",
    "import",
    "in",
    "interface",
    "let",
    "not",
    "opaque",
    "or",
    "pub",
    "receive",
    "receiving",
    "return",
    "service",
    "struct",
    "supervisor",
    "test",
    "true",
    "type",
    "when",
    "where",
    "while",
];

/// Text that is no mark-up.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// Code with colours and links.
pub fn coloured(code: &str, links: &Links) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest, first);
        let (token, after) = rest.split_at(length);
        write_token(&mut out, token, first, links);
        rest = after;
    }
    out
}

/// How many bytes belong together: a word, a number, a string, a comment, or one character.
fn token_length(text: &str, first: char) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match first {
        '#' if !text.starts_with("#{") => text.find('\n').unwrap_or(text.len()),
        '"' => string_length(text),
        ':' if text[1..].starts_with(|c: char| c.is_alphabetic()) => {
            1 + text[1..].find(|c| !is_word(c)).unwrap_or(text.len() - 1)
        }
        c if is_word(c) => text.find(|c| !is_word(c)).unwrap_or(text.len()),
        c => c.len_utf8(),
    }
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, character) in text.char_indices().skip(1) {
        match character {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return index + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

fn write_token(out: &mut String, token: &str, first: char, links: &Links) {
    let text = escaped(token);
    let class = match first {
        '#' if token.len() > 1 => "comment",
        '"' => "string",
        ':' if token.len() > 1 => "tag",
        c if c.is_ascii_digit() => "number",
        c if c.is_uppercase() => {
            let link =
                links.of_type(token).map(|to| format!("<a class=\"t\" href=\"{}\">{text}</a>", escaped(to)));
            return out.push_str(&link.unwrap_or_else(|| format!("<span class=\"t\">{text}</span>")));
        }
        _ if WORDS.contains(&token) => "word",
        _ => return out.push_str(&text),
    };
    write!(out, "<span class=\"{class}\">{text}</span>").expect("a string takes all text");
}
