//! Statements, items, members and arms: what stands on lines of its own.

use crate::doc::Doc;
use crate::printer::Printer;
use crate::trivia::{Leading, first_token};
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

impl Printer {
    /// A whole file.
    pub fn file(&mut self, root: &SyntaxNode) -> Doc {
        let parts = crate::trivia::parts(root);
        let mut body = self.lines(&parts, None);
        let end = self.comments.at_end(root);
        if !end.comments.is_empty() {
            let mut docs = vec![body];
            self.dangling(end, !parts.is_empty(), &mut docs);
            body = Doc::concat(docs);
        }
        body
    }

    /// Each node on lines of its own; separators between them are left out. Comments in front of `close` come last.
    pub fn lines(&mut self, parts: &[SyntaxElement], close: Option<&SyntaxToken>) -> Doc {
        let mut docs = Vec::new();
        let mut is_first = true;
        for part in parts {
            match part {
                SyntaxElement::Node(node) => {
                    self.one_line(node, is_first, &mut docs);
                    is_first = false;
                }
                SyntaxElement::Token(separator) => docs.push(self.comments.left_out(separator)),
            }
        }
        if let Some(close) = close {
            let leading = self.comments.leading(close);
            if !leading.comments.is_empty() {
                self.dangling(leading, !is_first, &mut docs);
            }
        }
        Doc::concat(docs)
    }

    fn one_line(&mut self, node: &SyntaxNode, is_first: bool, docs: &mut Vec<Doc>) {
        let leading = first_token(node).map(|token| self.comments.leading(&token)).unwrap_or_default();
        let outer = std::mem::take(&mut self.comments.hoisted);
        let doc = self.node(node);
        let hoisted = std::mem::replace(&mut self.comments.hoisted, outer);
        let mut lines = Vec::new();
        if !is_first {
            lines.push(if leading.blank { Doc::blank_line() } else { Doc::hard_line() });
        }
        lines.extend(leading.lines());
        lines.extend(hoisted.into_iter().flat_map(|comment| [Doc::text(comment), Doc::hard_line()]));
        lines.push(doc);
        let lines = Doc::concat(lines);
        // What ends a `receive` stands below the word itself.
        docs.push(if node.kind() == SyntaxKind::After && !is_first { lines.outdent() } else { lines });
    }

    /// Comments behind the last line.
    fn dangling(&mut self, leading: Leading, follows: bool, docs: &mut Vec<Doc>) {
        if follows {
            docs.push(if leading.blank { Doc::blank_line() } else { Doc::hard_line() });
        }
        let mut lines = leading.lines();
        lines.pop();
        docs.extend(lines);
    }
}
