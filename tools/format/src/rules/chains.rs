//! Operators, pipes, fields and alternatives: what goes on from line to line.

use super::blocks::first_of;
use crate::doc::Doc;
use crate::printer::Printer;
use crate::trivia::{has_own_comments, opens_line, parts};
use snow_syntax::ast::BinaryOperator;
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// An operator and what stands behind it.
struct Link {
    operator: SyntaxToken,
    operand: SyntaxNode,
}

impl Printer {
    /// Operators of one precedence and what they join: on one line, or each operator at the beginning of a line.
    pub fn chain(&mut self, node: &SyntaxNode) -> Doc {
        let Some((first, links)) = chain_of(node) else { return self.spaced(node) };
        let operator = BinaryOperator::of(links[0].operator.kind());
        if matches!(operator, Some(BinaryOperator::Range | BinaryOperator::RangeInclusive)) {
            return self.range(&first, &links);
        }
        let is_pipe = operator == Some(BinaryOperator::Pipe);
        let breaks_line = |link: &Link| {
            opens_line(&link.operator)
                || crate::trivia::first_token(&link.operand).is_some_and(|t| opens_line(&t))
        };
        let mut broken =
            is_pipe && links.iter().any(breaks_line) || links.iter().any(|l| has_comments(&l.operand));
        let head = self.node(&first);
        let mut operands = Vec::new();
        for link in &links {
            let leading = self.comments.leading(&link.operator);
            broken |= !leading.comments.is_empty();
            let operator = self.token(&link.operator);
            let operand = self.node(&link.operand);
            operands.push((leading, operator, operand));
        }
        let (last, inner) = operands.split_last().expect("a chain has an operator");
        let only_last_breaks =
            !broken && !head.breaks() && last.2.breaks() && inner.iter().all(|o| !o.2.breaks());
        let line = || if only_last_breaks { Doc::text(" ") } else { Doc::line() };
        let mut rest = Vec::new();
        for (leading, operator, operand) in operands {
            rest.push(line());
            rest.extend(leading.lines());
            rest.extend([operator, Doc::text(" "), operand]);
        }
        let rest = if only_last_breaks { Doc::concat(rest) } else { Doc::concat(rest).indent() };
        let whole = Doc::concat(vec![head, rest]);
        if only_last_breaks { whole } else { whole.group_unless(broken) }
    }

    fn range(&mut self, first: &SyntaxNode, links: &[Link]) -> Doc {
        let mut docs = vec![self.node(first)];
        for link in links {
            docs.push(self.token(&link.operator));
            docs.push(self.node(&link.operand));
        }
        Doc::concat(docs)
    }

    /// `e.name`; on a line of its own where the author has begun one.
    pub fn field(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let Some(dot) = parts.iter().position(|part| part.kind() == SyntaxKind::Dot) else {
            return self.spaced(node);
        };
        let base = self.join(node.kind(), &parts[..dot]);
        let on_new_line = first_of(&parts[dot]).is_some_and(|token| opens_line(&token));
        if !on_new_line {
            let rest = self.join(node.kind(), &parts[dot..]);
            return Doc::concat(vec![base, rest]);
        }
        let leading = first_of(&parts[dot]).map(|token| self.comments.leading(&token)).unwrap_or_default();
        let mut docs = vec![Doc::hard_line()];
        docs.extend(leading.lines());
        docs.push(self.join(node.kind(), &parts[dot..]));
        Doc::concat(vec![base, Doc::concat(docs).indent()])
    }

    /// `p | q`
    pub fn alternatives(&mut self, node: &SyntaxNode) -> Doc {
        let mut docs = Vec::new();
        for part in parts(node) {
            match part {
                SyntaxElement::Token(bar) => {
                    let leading = self.comments.leading(&bar);
                    docs.push(Doc::line());
                    docs.extend(leading.lines());
                    docs.extend([self.token(&bar), Doc::text(" ")]);
                }
                SyntaxElement::Node(pattern) => docs.push(self.node(&pattern)),
            }
        }
        Doc::concat(docs).indent().group_unless(has_own_comments(node))
    }
}

fn has_comments(node: &SyntaxNode) -> bool {
    node.parent().is_some_and(|parent| has_own_comments(&parent))
}

/// The first operand and the operators of one precedence behind it, in the order of the text.
fn chain_of(node: &SyntaxNode) -> Option<(SyntaxNode, Vec<Link>)> {
    let (mut left, operator, right) = binary(node)?;
    let precedence = BinaryOperator::of(operator.kind())?.precedence();
    let is_cons = BinaryOperator::of(operator.kind()) == Some(BinaryOperator::Cons);
    let same = |node: &SyntaxNode| {
        let inner = binary(node)?;
        let operator = BinaryOperator::of(inner.1.kind())?;
        (operator.precedence() == precedence).then_some(inner)
    };
    if is_cons {
        let mut links = Vec::new();
        let (mut operator, mut right) = (operator, right);
        while let Some((next, inner, rest)) = same(&right) {
            links.push(Link { operator, operand: next });
            (operator, right) = (inner, rest);
        }
        links.push(Link { operator, operand: right });
        return Some((left, links));
    }
    let mut links = vec![Link { operator, operand: right }];
    while let Some((inner, operator, operand)) = same(&left) {
        links.push(Link { operator, operand });
        left = inner;
    }
    links.reverse();
    Some((left, links))
}

fn binary(node: &SyntaxNode) -> Option<(SyntaxNode, SyntaxToken, SyntaxNode)> {
    if node.kind() != SyntaxKind::BinaryExpr {
        return None;
    }
    match &parts(node)[..] {
        [SyntaxElement::Node(left), SyntaxElement::Token(operator), SyntaxElement::Node(right)] => {
            Some((left.clone(), operator.clone(), right.clone()))
        }
        _ => None,
    }
}
