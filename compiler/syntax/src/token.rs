//! One token.

use crate::kind::SyntaxKind;

/// A stretch of source text and what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token<'a> {
    /// What it is.
    pub kind: SyntaxKind,
    /// Its text; never empty.
    pub text: &'a str,
    /// Its first byte in the source.
    pub start: u32,
}

impl Token<'_> {
    /// One past its last byte.
    pub fn end(&self) -> u32 {
        self.start + self.text.len() as u32
    }
}
