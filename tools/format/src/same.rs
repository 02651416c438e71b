//! Whether two texts are the same program: one tree but for white space, separators and where comments stand, and the same comments.

use crate::trivia::is_comment;
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};
use std::fmt::Write;

/// The tree in one line a node or token, without what does not matter.
pub fn meaning(root: &SyntaxNode) -> String {
    let mut out = String::new();
    write_node(root, &mut out);
    out
}

fn write_node(node: &SyntaxNode, out: &mut String) {
    let _infallible = writeln!(out, "{:?} (", node.kind());
    for child in node.children_with_tokens() {
        match child {
            SyntaxElement::Node(child) => write_node(&child, out),
            SyntaxElement::Token(token) => {
                let kind = token.kind();
                let separates = matches!(kind, SyntaxKind::Comma | SyntaxKind::Semicolon)
                    || kind == SyntaxKind::Pipe
                        && matches!(node.kind(), SyntaxKind::SumType | SyntaxKind::TagsType);
                // Documentation of an item is part of it; elsewhere it is a comment.
                let documents = kind == SyntaxKind::DocComment && is_item(node.kind());
                if documents || !kind.is_trivia() && !separates {
                    let _infallible = writeln!(out, "{:?}", token.text().trim_end());
                }
            }
        }
    }
    out.push_str(")\n");
}

fn is_item(kind: SyntaxKind) -> bool {
    (SyntaxKind::Function..=SyntaxKind::Test).contains(&kind)
}

/// All comments in alphabetical order.
pub fn comments(root: &SyntaxNode) -> Vec<String> {
    let tokens = root.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    let comments = tokens.filter(|token| is_comment(token.kind()));
    let mut texts: Vec<String> = comments.map(|token| token.text().trim_end().to_string()).collect();
    texts.sort();
    texts
}
