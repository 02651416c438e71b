//! What stands between `do` and `end`.

use crate::doc::Doc;
use crate::printer::{Printer, has_space};
use crate::trivia::{opens_line, parts};
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

impl Printer {
    /// A head, then `do`, a block and `end`.
    pub fn with_block(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let body = parts.iter().position(|part| part.kind() == SyntaxKind::Block);
        let Some(at) = body else { return self.spaced(node) };
        let head = self.join(node.kind(), &parts[..at]);
        let tail = self.body(&parts[at..]);
        Doc::concat(vec![head, tail])
    }

    /// A block, maybe a `terminate` part, and `end`.
    pub fn body(&mut self, parts: &[SyntaxElement]) -> Doc {
        let block = parts.first().and_then(SyntaxElement::as_node).expect("a block begins its body");
        let terminate = parts[1..].iter().filter_map(SyntaxElement::as_node).next();
        let close = parts.last().and_then(SyntaxElement::as_token);
        let statements = crate::trivia::parts(block);
        let first_close = terminate.and_then(crate::trivia::first_token);
        let broken = terminate.is_some() || !self.may_be_one_line(block, close);
        let mut docs = Vec::new();
        let lines = self.lines(&statements, if terminate.is_some() { first_close.as_ref() } else { close });
        if !lines.is_nothing() || broken {
            docs.push(Doc::concat(vec![Doc::line(), lines]).indent());
        }
        if let Some(terminate) = terminate {
            docs.extend([Doc::hard_line(), self.node(terminate)]);
            if let Some(close) = close {
                docs.push(self.rest_of_members(close));
            }
        }
        docs.push(Doc::line());
        docs.extend(close.map(|close| self.token(close)));
        Doc::concat(docs).group_unless(broken)
    }

    /// Whether the author has written a block of at most one statement on one line.
    pub fn may_be_one_line(&self, block: &SyntaxNode, close: Option<&SyntaxToken>) -> bool {
        let statements = parts(block);
        let nodes = statements.iter().filter(|part| part.as_node().is_some()).count();
        let opens = statements.first().and_then(first_of).is_some_and(|token| opens_line(&token));
        nodes <= 1 && !opens && !close.is_some_and(opens_line)
    }

    /// Comments between the last member and `end`, further in than the `end`.
    fn rest_of_members(&mut self, close: &SyntaxToken) -> Doc {
        let leading = self.comments.leading(close);
        if leading.comments.is_empty() {
            return Doc::nothing();
        }
        let mut lines = vec![Doc::hard_line()];
        lines.extend(leading.lines());
        lines.pop();
        Doc::concat(lines).indent()
    }

    /// A head, then `do`, members on lines of their own, `end`, and what stands behind it.
    pub fn with_members(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let opens = parts.iter().position(|part| part.kind() == SyntaxKind::DoKeyword);
        let closes = parts.iter().position(|part| part.kind() == SyntaxKind::EndKeyword);
        let (Some(opens), Some(closes)) = (opens, closes) else { return self.spaced(node) };
        let head = self.join(node.kind(), &parts[..=opens]);
        let close = parts[closes].as_token().expect("a word is a token");
        let members = &parts[opens + 1..closes];
        let on_one_line =
            members.iter().filter_map(first_of).chain([close.clone()]).all(|token| !opens_line(&token));
        let separator = match node.kind() {
            SyntaxKind::Struct => Some(","),
            SyntaxKind::SumType => Some(" |"),
            _ => None,
        };
        let body = match separator {
            Some(separator) if on_one_line && !members.is_empty() => {
                self.members_on_a_line(members, separator)
            }
            _ => {
                let lines = self.lines(members, Some(close));
                match lines.is_nothing() {
                    true => Doc::text(" "),
                    false => Doc::concat(vec![
                        Doc::concat(vec![Doc::hard_line(), lines]).indent(),
                        Doc::hard_line(),
                    ]),
                }
            }
        };
        let mut docs = vec![head, body, self.token(close)];
        if let Some(first) = parts.get(closes + 1) {
            if has_space(node.kind(), &parts[closes], first) {
                docs.push(Doc::text(" "));
            }
            docs.push(self.join(node.kind(), &parts[closes + 1..]));
        }
        Doc::concat(docs)
    }

    fn members_on_a_line(&mut self, members: &[SyntaxElement], separator: &str) -> Doc {
        let mut docs = Vec::new();
        let mut is_first = true;
        for member in members {
            match member {
                SyntaxElement::Node(node) => {
                    docs.push(Doc::text(if is_first { "" } else { separator }));
                    docs.extend([Doc::line(), self.node(node)]);
                    is_first = false;
                }
                SyntaxElement::Token(token) => docs.push(self.comments.left_out(token)),
            }
        }
        Doc::concat(vec![Doc::concat(docs).indent(), Doc::line()]).group()
    }
}

/// The first token of a part.
pub fn first_of(part: &SyntaxElement) -> Option<SyntaxToken> {
    match part {
        SyntaxElement::Node(node) => crate::trivia::first_token(node),
        SyntaxElement::Token(token) => Some(token.clone()),
    }
}
