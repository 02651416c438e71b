//! Text → tokens. Joined together the tokens equal the text; wrong text becomes tokens too.
//!
//! Strings with `${}` nest to any depth; the open ones are kept on a stack, so nothing here recurses.
//! Whether a token is well formed (escapes, digits) is looked at by the parser, which can report it.

use crate::kind::{PUNCTUATION, SyntaxKind};
use crate::literal::escape_length;
use crate::token::Token;

/// The tokens of a text.
pub(crate) fn lex(text: &str) -> Vec<Token<'_>> {
    let mut lexer =
        Lexer { text, position: 0, tokens: Vec::with_capacity(text.len() / 4), modes: Vec::new() };
    while lexer.position < text.len() {
        match lexer.modes.last() {
            Some(Mode::Text { block }) => lexer.string_token(*block),
            _ => lexer.code_token(),
        }
    }
    lexer.tokens
}

/// What the lexer is inside of.
#[derive(Clone, Copy)]
enum Mode {
    /// The text of a string; `block` for `"""`.
    Text { block: bool },
    /// The code of a `${`, with the number of `{` that are open in it.
    Code { braces: u32 },
}

struct Lexer<'a> {
    text: &'a str,
    position: usize,
    tokens: Vec<Token<'a>>,
    modes: Vec<Mode>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn push(&mut self, kind: SyntaxKind, length: usize) {
        let text = &self.rest()[..length];
        self.tokens.push(Token { kind, text, start: self.position as u32 });
        self.position += length;
    }

    fn code_token(&mut self) {
        let rest = self.rest();
        let first = rest.chars().next().expect("the text is not at its end");
        match first {
            ' ' | '\t' => self.push(SyntaxKind::Whitespace, run(rest, |c| c == ' ' || c == '\t')),
            '\n' => self.push(SyntaxKind::Newline, 1),
            '\r' if rest.starts_with("\r\n") => self.push(SyntaxKind::Newline, 2),
            '\r' => self.push(SyntaxKind::Whitespace, 1),
            '\u{feff}' if self.position == 0 => self.push(SyntaxKind::Whitespace, first.len_utf8()),
            '#' if !rest.starts_with("#{") => self.comment(rest),
            '"' => self.open_string(rest),
            'b' if rest.starts_with("b\"") => self.push(SyntaxKind::Bytes, 1 + quoted_length(&rest[1..])),
            '0'..='9' => self.number(rest),
            ':' if self.starts_tag(rest) => self.tag(rest),
            '_' => self.word(rest),
            c if c.is_alphabetic() => self.word(rest),
            _ => self.punctuation(rest, first),
        }
    }

    fn comment(&mut self, rest: &str) {
        if rest.starts_with("#=") {
            return self.push(SyntaxKind::BlockComment, block_comment_length(rest).unwrap_or(rest.len()));
        }
        let kind = match rest {
            _ if rest.starts_with("##!") => SyntaxKind::ModuleDoc,
            _ if rest.starts_with("##") && !rest.starts_with("###") => SyntaxKind::DocComment,
            _ => SyntaxKind::Comment,
        };
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        self.push(kind, line.strip_suffix('\r').unwrap_or(line).len());
    }

    fn word(&mut self, rest: &str) {
        let length = run(rest, is_word_char);
        self.push(SyntaxKind::keyword(&rest[..length]).unwrap_or(SyntaxKind::Ident), length);
    }

    /// Digits, and every letter and digit behind them: `12ab` is one wrong number, not two tokens.
    fn number(&mut self, rest: &str) {
        let prefixed = matches!(rest.get(..2), Some("0x" | "0X" | "0o" | "0O" | "0b" | "0B"));
        let mut length = run(rest, if prefixed { is_word_char } else { |c| c.is_ascii_digit() || c == '_' });
        let mut kind = SyntaxKind::IntNumber;
        if !prefixed {
            let fraction = &rest[length..];
            if fraction.starts_with('.') && fraction[1..].starts_with(|c: char| c.is_ascii_digit()) {
                kind = SyntaxKind::FloatNumber;
                length += 1 + run(&fraction[1..], |c| c.is_ascii_digit() || c == '_');
            }
            if let Some(exponent) = exponent_length(&rest[length..]) {
                kind = SyntaxKind::FloatNumber;
                length += exponent;
            }
            length += run(&rest[length..], is_word_char);
        }
        self.push(kind, length);
    }

    /// `:name` directly behind a word is a label and a name (`x:y`), not a tag.
    fn starts_tag(&self, rest: &str) -> bool {
        let behind_word = self
            .tokens
            .last()
            .is_some_and(|last| last.kind.is_word() && last.end() as usize == self.position);
        let next = rest[1..].chars().next();
        !behind_word && next.is_some_and(|c| c == '"' || c == '_' || c.is_alphabetic())
    }

    fn tag(&mut self, rest: &str) {
        let body = &rest[1..];
        let length = if body.starts_with('"') { quoted_length(body) } else { run(body, is_word_char) };
        self.push(SyntaxKind::Tag, 1 + length);
    }

    fn punctuation(&mut self, rest: &str, first: char) {
        let Some((spelling, kind)) = PUNCTUATION.iter().find(|(spelling, _)| rest.starts_with(spelling))
        else {
            return self.push(SyntaxKind::Unknown, unknown_length(rest, first));
        };
        match (kind, self.modes.last_mut()) {
            (SyntaxKind::RightBrace, Some(Mode::Code { braces: 0 })) => {
                self.modes.pop();
                return self.push(SyntaxKind::InterpolationEnd, 1);
            }
            (SyntaxKind::RightBrace, Some(Mode::Code { braces })) => *braces -= 1,
            (
                SyntaxKind::LeftBrace | SyntaxKind::PercentBrace | SyntaxKind::HashBrace,
                Some(Mode::Code { braces }),
            ) => *braces += 1,
            _ => {}
        }
        self.push(*kind, spelling.len());
    }

    fn open_string(&mut self, rest: &str) {
        let block = rest.starts_with("\"\"\"");
        self.modes.push(Mode::Text { block });
        self.push(SyntaxKind::StringStart, if block { 3 } else { 1 });
    }

    fn string_token(&mut self, block: bool) {
        let rest = self.rest();
        let quotes = if block { "\"\"\"" } else { "\"" };
        if rest.starts_with(quotes) {
            self.modes.pop();
            self.push(SyntaxKind::StringEnd, quotes.len());
        } else if rest.starts_with("${") {
            self.modes.push(Mode::Code { braces: 0 });
            self.push(SyntaxKind::InterpolationStart, 2);
        } else if rest.starts_with('\\') {
            self.push(SyntaxKind::StringEscape, escape_length(rest));
        } else {
            self.push(SyntaxKind::StringText, text_length(rest, quotes));
        }
    }
}

fn is_word_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The length of the longest start of `text` whose characters all fit.
fn run(text: &str, fits: fn(char) -> bool) -> usize {
    text.find(|c| !fits(c)).unwrap_or(text.len())
}

/// The length of `e-9` at the start of `text`.
fn exponent_length(text: &str) -> Option<usize> {
    let digits = text.strip_prefix(['e', 'E'])?;
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    let count = run(unsigned, |c| c.is_ascii_digit() || c == '_');
    unsigned.starts_with(|c: char| c.is_ascii_digit()).then(|| text.len() - unsigned.len() + count)
}

/// What no token has is a character, or, in single quotes, all up to the other quote on the line.
fn unknown_length(rest: &str, first: char) -> usize {
    let line = rest.lines().next().unwrap_or_default();
    let closing = line.get(1..).filter(|_| first == '\'').and_then(|inside| inside.find('\''));
    closing.map_or(first.len_utf8(), |at| at + 2)
}

/// The length of `"…"` at the start of `text`, which ends with the text when it is not closed.
fn quoted_length(text: &str) -> usize {
    let mut length = 1;
    loop {
        let rest = &text[length..];
        match rest.find(['"', '\\']) {
            None => return text.len(),
            Some(at) if rest[at..].starts_with('"') => return length + at + 1,
            Some(at) => length += at + escape_length(&rest[at..]),
        }
    }
}

/// The length of the plain text of a string up to an escape, `${` or the closing quotes.
fn text_length(text: &str, quotes: &str) -> usize {
    let mut length = 0;
    while let Some(at) = text[length..].find(['"', '\\', '$']) {
        length += at;
        let rest = &text[length..];
        if rest.starts_with('\\') || rest.starts_with("${") || rest.starts_with(quotes) {
            return length;
        }
        length += 1;
    }
    text.len()
}

/// The length of `#= … =#`, others inside it included; `None` when it is not closed.
pub(crate) fn block_comment_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_u32;
    let mut at = 0;
    while at < bytes.len() {
        match &bytes[at..bytes.len().min(at + 2)] {
            b"#=" => depth += 1,
            b"=#" if depth == 1 => return Some(at + 2),
            b"=#" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    None
}

#[cfg(test)]
mod tests;
