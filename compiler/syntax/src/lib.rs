//! Text → tokens → lossless tree → typed view.
//!
//! [`lex`] cuts a text into tokens, which joined together equal it. [`parse`] makes the tree of a file; it
//! never fails: what the grammar has no place for is a node of the tree and a problem. [`ast`] is the typed
//! view of the tree that later stages read.
#![forbid(unsafe_code)]

pub mod ast;
pub mod codes;
mod dump;
mod grammar;
mod kind;
mod lexer;
mod literal;
mod parser;
mod token;
mod tree;

pub use dump::{dump_tokens, dump_tree};
pub use kind::SyntaxKind;
pub use token::Token;
pub use tree::{Snow, SyntaxElement, SyntaxNode, SyntaxToken, Tree, span_of};

use snow_diagnostics::Problems;
use snow_text::SourceId;

/// The tree of a file. What is wrong with it goes to `problems`; there is a tree in any case.
pub fn parse(source: SourceId, text: &str, problems: &mut Problems) -> Tree {
    parser::parse(source, text, problems)
}

/// The tokens of a text. Joined together they equal it.
pub fn lex(text: &str) -> Vec<Token<'_>> {
    lexer::lex(text)
}
