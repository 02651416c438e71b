//! Comments and blank lines: which of them belong to a token, and that none is lost.
//!
//! A comment on the line of a token, behind it, is its *trailing* comment and stays at the end of the line that the token is on. Every
//! other comment *leads* the token behind it; statements, entries and arms write it on lines of its own. A comment in a place that has no
//! lines of its own, as between `fn` and a name, goes in front of the statement around it.

use crate::doc::Doc;
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};
use std::collections::HashSet;

/// What stands in front of a token, on lines of its own.
#[derive(Default)]
pub struct Leading {
    /// Whether an empty line comes first.
    pub blank: bool,
    /// The comments, each with whether an empty line follows it.
    pub comments: Vec<(String, bool)>,
}

impl Leading {
    /// The comments as lines that end in line breaks.
    pub fn lines(self) -> Vec<Doc> {
        let mut parts = Vec::new();
        for (text, blank_behind) in self.comments {
            parts.push(Doc::text(text));
            parts.push(if blank_behind { Doc::blank_line() } else { Doc::hard_line() });
        }
        parts
    }
}

/// Which comments have been written already.
#[derive(Default)]
pub struct Comments {
    written: HashSet<u32>,
    /// Comments from places without lines of their own.
    pub hoisted: Vec<String>,
}

impl Comments {
    /// The comments in front of a token that are to be written on lines of their own.
    pub fn leading(&mut self, token: &SyntaxToken) -> Leading {
        self.own_lines(trivia_before(token))
    }

    /// The same for the end of the file.
    pub fn at_end(&mut self, root: &SyntaxNode) -> Leading {
        let last = root.descendants_with_tokens().filter_map(SyntaxElement::into_token).last();
        match last {
            Some(last) if last.kind().is_trivia() => {
                let mut run = trivia_before(&last);
                run.push(last);
                self.own_lines(run)
            }
            _ => Leading::default(),
        }
    }

    fn own_lines(&mut self, run: Vec<SyntaxToken>) -> Leading {
        let mut leading = Leading::default();
        let mut breaks = 0;
        let mut own_line = run.first().is_none_or(|first| previous(first).is_none());
        for token in run {
            match token.kind() {
                SyntaxKind::Newline => {
                    breaks += 1;
                    own_line = true;
                }
                SyntaxKind::Whitespace => {}
                kind => {
                    if (own_line || is_doc(kind)) && self.written.insert(token.text_range().start().into()) {
                        match leading.comments.last_mut() {
                            Some(last) => last.1 = breaks > 1,
                            None => leading.blank = breaks > 1,
                        }
                        leading.comments.push((token.text().trim_end().to_string(), false));
                    }
                    breaks = 0;
                }
            }
        }
        match leading.comments.last_mut() {
            Some(last) => last.1 = breaks > 1,
            None => leading.blank = breaks > 1,
        }
        leading
    }

    /// A token, with the comments behind it on its line.
    pub fn token(&mut self, token: &SyntaxToken) -> Doc {
        let text = Doc::text(token.text());
        self.with_comments(token, token, text)
    }

    /// The comments of a token that is left out.
    pub fn left_out(&mut self, token: &SyntaxToken) -> Doc {
        self.with_comments(token, token, Doc::nothing())
    }

    /// Something that reaches from one token to another and holds comments of its own.
    pub fn verbatim(&mut self, node: &SyntaxNode) -> Doc {
        let tokens = node.descendants_with_tokens().filter_map(SyntaxElement::into_token);
        self.written
            .extend(tokens.filter(|t| is_comment(t.kind())).map(|t| u32::from(t.text_range().start())));
        let text = Doc::text(node.text().to_string());
        match (first_in(&node.clone().into()), last_in(&node.clone().into())) {
            (Some(first), Some(last)) => self.with_comments(&first, &last, text),
            _ => text,
        }
    }

    fn with_comments(&mut self, first: &SyntaxToken, last: &SyntaxToken, text: Doc) -> Doc {
        let left = self.leading(first);
        self.hoisted.extend(left.comments.into_iter().map(|(text, _)| text));
        let mut parts = vec![text];
        let mut next_one = next(last);
        while let Some(token) = next_one {
            match token.kind() {
                SyntaxKind::Whitespace => {}
                SyntaxKind::Comment | SyntaxKind::BlockComment
                    if self.written.insert(token.text_range().start().into()) =>
                {
                    parts.push(Doc::suffix(token.text().trim_end().to_string()));
                }
                _ => break,
            }
            next_one = next(&token);
        }
        Doc::concat(parts)
    }
}

/// The trivia between a token and the one in front of it.
fn trivia_before(token: &SyntaxToken) -> Vec<SyntaxToken> {
    let mut run = Vec::new();
    let mut earlier = previous(token);
    while let Some(token) = earlier.filter(|token| token.kind().is_trivia()) {
        earlier = previous(&token);
        run.push(token);
    }
    run.reverse();
    run
}

/// The token in front of one, past nodes without tokens.
fn previous(token: &SyntaxToken) -> Option<SyntaxToken> {
    before(token.clone().into())
}

/// The last token in front of a node or token.
pub fn before(mut at: SyntaxElement) -> Option<SyntaxToken> {
    loop {
        while let Some(sibling) = at.prev_sibling_or_token() {
            if let Some(token) = last_in(&sibling) {
                return Some(token);
            }
            at = sibling;
        }
        at = at.parent()?.into();
    }
}

/// The last token of a node or token.
pub fn last_in(element: &SyntaxElement) -> Option<SyntaxToken> {
    let node = match element {
        SyntaxElement::Token(token) => return Some(token.clone()),
        SyntaxElement::Node(node) => node,
    };
    let mut child = node.last_child_or_token();
    while let Some(element) = child {
        if let Some(token) = last_in(&element) {
            return Some(token);
        }
        child = element.prev_sibling_or_token();
    }
    None
}

/// The token behind one, past nodes without tokens.
fn next(token: &SyntaxToken) -> Option<SyntaxToken> {
    let mut at = SyntaxElement::from(token.clone());
    loop {
        while let Some(sibling) = at.next_sibling_or_token() {
            if let Some(token) = first_in(&sibling) {
                return Some(token);
            }
            at = sibling;
        }
        at = at.parent()?.into();
    }
}

fn first_in(element: &SyntaxElement) -> Option<SyntaxToken> {
    match element {
        SyntaxElement::Token(token) => Some(token.clone()),
        SyntaxElement::Node(node) => {
            node.descendants_with_tokens().filter_map(SyntaxElement::into_token).next()
        }
    }
}

/// The next token that is no trivia.
pub fn next_significant(token: &SyntaxToken) -> Option<SyntaxToken> {
    let mut at = next(token);
    while let Some(token) = at.as_ref().filter(|token| token.kind().is_trivia()) {
        at = next(token);
    }
    at
}

fn is_doc(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::DocComment | SyntaxKind::ModuleDoc)
}

/// Whether a token is a comment of any kind.
pub fn is_comment(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::Comment | SyntaxKind::BlockComment) || is_doc(kind)
}

/// Whether the text breaks lines between the token in front of this one and this one.
pub fn opens_line(token: &SyntaxToken) -> bool {
    trivia_before(token).iter().any(|token| token.text().contains('\n'))
}

/// The first token of a node that is no trivia.
pub fn first_token(node: &SyntaxNode) -> Option<SyntaxToken> {
    let tokens = node.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    tokens.into_iter().find(|token| !token.kind().is_trivia())
}

/// The children that are no trivia; nodes without a token are left out.
pub fn parts(node: &SyntaxNode) -> Vec<SyntaxElement> {
    let is_part = |element: &SyntaxElement| match element {
        SyntaxElement::Token(token) => !token.kind().is_trivia(),
        SyntaxElement::Node(node) => first_token(node).is_some() || node.kind() == SyntaxKind::Block,
    };
    node.children_with_tokens().filter(is_part).collect()
}

/// Whether comments stand directly between the parts of a node.
pub fn has_own_comments(node: &SyntaxNode) -> bool {
    node.children_with_tokens()
        .any(|element| matches!(element.kind(), SyntaxKind::Comment | SyntaxKind::BlockComment))
}
