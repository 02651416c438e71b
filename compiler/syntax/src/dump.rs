//! Tokens and trees as text, for `snow dump` and for tests.

use crate::kind::SyntaxKind;
use crate::tree::{SyntaxElement, SyntaxNode, SyntaxToken, Tree};
use std::fmt::Write;

/// The tokens of a text, one on a line: first byte, kind, text.
pub fn dump_tokens(text: &str) -> String {
    let mut out = String::new();
    for token in crate::lex(text) {
        writeln!(out, "{} {:?} {:?}", token.start, token.kind, token.text).expect("a String takes any text");
    }
    out
}

/// The tree, a node on a line, its parts indented below. White space is left out; tokens stand as they are
/// written, names and literals with their kind.
pub fn dump_tree(tree: &Tree) -> String {
    let mut out = String::new();
    node(&mut out, &tree.syntax(), 0);
    out
}

fn node(out: &mut String, syntax: &SyntaxNode, depth: usize) {
    let parts: Vec<SyntaxElement> = syntax.children_with_tokens().filter(is_shown).collect();
    write!(out, "{}{:?}", "  ".repeat(depth), syntax.kind()).expect("a String takes any text");
    if parts.iter().all(|part| part.as_token().is_some()) {
        for part in parts.iter().filter_map(SyntaxElement::as_token) {
            out.push(' ');
            token(out, part);
        }
        out.push('\n');
        return;
    }
    out.push('\n');
    for part in parts {
        match part {
            SyntaxElement::Node(child) => node(out, &child, depth + 1),
            SyntaxElement::Token(child) => {
                out.push_str(&"  ".repeat(depth + 1));
                token(out, &child);
                out.push('\n');
            }
        }
    }
}

fn is_shown(element: &SyntaxElement) -> bool {
    !matches!(element.kind(), SyntaxKind::Whitespace | SyntaxKind::Newline)
}

fn token(out: &mut String, token: &SyntaxToken) {
    if token.kind().text().is_empty() && token.kind() != SyntaxKind::Ident {
        write!(out, "{:?}({:?})", token.kind(), token.text()).expect("a String takes any text");
    } else {
        out.push_str(token.text());
    }
}
