//! Text → tokens → lossless tree → typed view.
//!
//! [`lex`] cuts a text into tokens, which joined together equal it. [`parse`] makes the tree of a file; it
//! never fails: what the grammar has no place for is a node of the tree and a problem. [`ast`] is the typed
//! view of the tree that later stages read.
#![forbid(unsafe_code)]

pub mod ast;
pub mod codes;
mod kind;
mod lexer;
mod literal;
mod token;
mod tree;

pub use kind::SyntaxKind;
pub use token::Token;
pub use tree::{Snow, SyntaxElement, SyntaxNode, SyntaxToken, Tree, span_of};

/// The tokens of a text. Joined together they equal it.
pub fn lex(text: &str) -> Vec<Token<'_>> {
    lexer::lex(text)
}
