//! `if`, `case`, `receive` and closures.

use super::blocks::first_of;
use crate::doc::Doc;
use crate::printer::Printer;
use crate::trivia::{before, last_in, next_significant, opens_line, parts};
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

impl Printer {
    /// `if c do … else if d do … else … end`: on one line when the author has written it so.
    pub fn if_expr(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let mut docs = Vec::new();
        let mut one_line = true;
        self.branch(node, &parts, &mut docs, &mut one_line);
        Doc::concat(docs).group_unless(!one_line)
    }

    /// The parts of an `if`, `else if` or `else`.
    fn branch(
        &mut self,
        node: &SyntaxNode,
        parts: &[SyntaxElement],
        docs: &mut Vec<Doc>,
        one_line: &mut bool,
    ) {
        let head = parts.iter().take_while(|part| part.kind() != SyntaxKind::Block).count();
        docs.push(self.join(node.kind(), &parts[..head]));
        for (index, part) in parts.iter().enumerate().skip(head) {
            match part {
                SyntaxElement::Node(block) if block.kind() == SyntaxKind::Block => {
                    let behind = last_in(&block.clone().into()).or_else(|| before(block.clone().into()));
                    let close = parts.get(index + 1).and_then(first_of);
                    let close = close.or_else(|| behind.as_ref().and_then(next_significant));
                    *one_line &= self.may_be_one_line(block, close.as_ref());
                    let lines = self.lines(&crate::trivia::parts(block), close.as_ref());
                    if !lines.is_nothing() {
                        docs.push(Doc::concat(vec![Doc::line(), lines]).indent());
                    }
                    docs.push(Doc::line());
                }
                SyntaxElement::Node(branch) => {
                    self.branch(branch, &crate::trivia::parts(branch), docs, one_line);
                }
                SyntaxElement::Token(token) => docs.push(self.token(token)),
            }
        }
    }

    /// A head, then `do`, arms and `end`.
    pub fn with_arms(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let is_arm = |part: &SyntaxElement| matches!(part.kind(), SyntaxKind::MatchArm | SyntaxKind::After);
        let first = parts.iter().position(is_arm).unwrap_or(parts.len().saturating_sub(1));
        let head = self.join(node.kind(), &parts[..first]);
        let Some((SyntaxElement::Token(close), arms)) = parts[first..].split_last() else {
            return self.spaced(node);
        };
        let lines = self.lines(arms, Some(close));
        let body = match lines.is_nothing() {
            true => Doc::text(" "),
            false => Doc::concat(vec![Doc::concat(vec![Doc::hard_line(), lines]).indent(), Doc::hard_line()]),
        };
        Doc::concat(vec![head, body, self.token(close)])
    }

    /// `PATTERN [when guard] -> body`, `after ms -> body`
    pub fn arm(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let Some((SyntaxElement::Node(block), head)) = parts.split_last() else { return self.spaced(node) };
        let head = self.join(node.kind(), head);
        let body = self.arrow_body(block);
        Doc::concat(vec![head, body])
    }

    /// What follows `->`, up to the next arm: on its line when it stands there and fits.
    fn arrow_body(&mut self, block: &SyntaxNode) -> Doc {
        let statements = parts(block);
        let on_line = statements.first().and_then(first_of).is_some_and(|token| !opens_line(&token));
        let lines = self.lines(&statements, None);
        if lines.is_nothing() {
            return lines;
        }
        if on_line && lines.breaks() {
            return Doc::concat(vec![Doc::text(" "), lines]);
        }
        let line = if on_line { Doc::line() } else { Doc::hard_line() };
        Doc::concat(vec![line, lines]).indent().group()
    }

    /// `fn x -> e end`, `fn x do … end`, `fn 0 -> a | n -> b end`
    pub fn closure(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let clauses: Vec<&SyntaxNode> = parts.iter().filter_map(SyntaxElement::as_node).collect();
        let close = parts.last().and_then(SyntaxElement::as_token);
        let (Some(open), Some(close)) = (parts.first().and_then(SyntaxElement::as_token), close) else {
            return self.spaced(node);
        };
        let open = self.token(open);
        match clauses[..] {
            [clause] => {
                let body = self.only_clause(clause, close);
                Doc::concat(vec![open, body])
            }
            _ => {
                let body = self.clauses(&parts[1..parts.len() - 1], close);
                Doc::concat(vec![open, body])
            }
        }
    }

    /// The parameters and guard of a clause with its `->` or `do`, behind a space unless they begin with a parenthesis.
    fn clause_head(&mut self, clause: &SyntaxNode, space: Doc) -> (Doc, Option<SyntaxNode>) {
        let parts = parts(clause);
        let Some((SyntaxElement::Node(block), head)) = parts.split_last() else {
            return (Doc::nothing(), None);
        };
        let list = head.first().and_then(SyntaxElement::as_node);
        let tight = list.is_some_and(|list| list.kind() == SyntaxKind::ParamList && is_parenthesised(list));
        let space = if tight { Doc::nothing() } else { space };
        (Doc::concat(vec![space, self.join(SyntaxKind::ClosureClause, head)]), Some(block.clone()))
    }

    fn only_clause(&mut self, clause: &SyntaxNode, close: &SyntaxToken) -> Doc {
        let (head, block) = self.clause_head(clause, Doc::text(" "));
        let Some(block) = block else { return head };
        let one_line = self.may_be_one_line(&block, Some(close));
        let lines = self.lines(&parts(&block), Some(close));
        let broken = !one_line || lines.breaks();
        let mut docs = Vec::new();
        if !lines.is_nothing() {
            docs.push(Doc::concat(vec![Doc::line(), lines]).indent());
        }
        docs.extend([Doc::line(), self.token(close)]);
        Doc::concat(vec![head, Doc::concat(docs).group_unless(broken)])
    }

    fn clauses(&mut self, parts: &[SyntaxElement], close: &SyntaxToken) -> Doc {
        let breaks = |part: &SyntaxElement| first_of(part).is_some_and(|token| opens_line(&token));
        let broken = parts.iter().any(breaks) || opens_line(close);
        let mut docs = vec![if broken { Doc::hard_line() } else { Doc::nothing() }];
        for (index, part) in parts.iter().enumerate() {
            match part {
                SyntaxElement::Token(bar) => {
                    let leading = self.comments.leading(bar);
                    docs.push(Doc::line());
                    docs.extend(leading.lines());
                    docs.extend([self.token(bar), Doc::text(" ")]);
                }
                SyntaxElement::Node(clause) => {
                    let leading =
                        first_of(part).map(|token| self.comments.leading(&token)).unwrap_or_default();
                    docs.extend(leading.lines());
                    let space = if index == 0 && !broken { Doc::text(" ") } else { Doc::nothing() };
                    let (head, block) = self.clause_head(clause, space);
                    docs.push(head);
                    docs.extend(block.map(|block| self.arrow_body(&block)));
                }
            }
        }
        let rest = self.lines(&[], Some(close));
        if !rest.is_nothing() {
            docs.extend([Doc::hard_line(), rest]);
        }
        let body = Doc::concat(docs).indent();
        Doc::concat(vec![body, Doc::line(), self.token(close)]).group_unless(broken)
    }
}

/// Whether a list of parameters has parentheses, and is not a single pattern that begins with one.
fn is_parenthesised(list: &SyntaxNode) -> bool {
    parts(list).first().is_some_and(|part| part.kind() == SyntaxKind::LeftParen)
}
