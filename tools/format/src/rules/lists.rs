//! What stands between brackets.

use super::blocks::first_of;
use crate::doc::Doc;
use crate::printer::{Printer, has_space};
use crate::trivia::{Leading, has_own_comments, opens_line, parts};
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

/// One entry, with the comments around it.
struct Entry {
    leading: Leading,
    doc: Doc,
    may_hug: bool,
    /// Comments behind its separator.
    behind: Doc,
}

impl Printer {
    /// Entries between brackets: on one line, or each on a line of its own.
    pub fn list(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let Some((open, close)) = brackets(&parts) else { return self.spaced(node) };
        let head = self.join(node.kind(), &parts[..open]);
        let padded = parts[open].kind() == SyntaxKind::LeftBrace && open > 0;
        let mut docs = vec![head];
        if padded {
            docs.push(Doc::text(" "));
        }
        docs.push(self.between(node, &parts[open..=close], padded));
        if let Some(next) = parts.get(close + 1) {
            if has_space(node.kind(), &parts[close], next) {
                docs.push(Doc::text(" "));
            }
            docs.push(self.join(node.kind(), &parts[close + 1..]));
        }
        Doc::concat(docs)
    }

    fn between(&mut self, node: &SyntaxNode, parts: &[SyntaxElement], padded: bool) -> Doc {
        let [open, inner @ .., close] = parts else { return Doc::nothing() };
        let bare = separated_by_lines(node, inner);
        let broken = bare || has_own_comments(node) || keeps_breaks(node.kind()) && opens_lines(inner);
        let open = self.element(open);
        let entries = self.entries(node.kind(), inner);
        let rest = first_of(close).map(|token| self.comments.leading(&token)).unwrap_or_default();
        let broken =
            broken || !rest.comments.is_empty() || entries.iter().any(|e| !e.leading.comments.is_empty());
        let close = self.element(close);
        if entries.is_empty() && rest.comments.is_empty() {
            return Doc::concat(vec![open, close]);
        }
        if !broken && (hugs(&entries) || is_type(node.kind())) {
            let space = || Doc::text(if padded { " " } else { "" });
            let entries = on_a_line(entries);
            return Doc::concat(vec![open, space(), entries, space(), close]);
        }
        let edge = || if padded { Doc::line() } else { Doc::soft_line() };
        let inner = Doc::concat(vec![edge(), on_lines(entries, bare, rest)]).indent();
        Doc::concat(vec![open, inner, edge(), close]).group_unless(broken)
    }

    fn entries(&mut self, parent: SyntaxKind, inner: &[SyntaxElement]) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut begins = true;
        for (index, part) in inner.iter().enumerate() {
            if let SyntaxElement::Token(comma) = part
                && comma.kind() == SyntaxKind::Comma
            {
                let comments = self.comments.left_out(comma);
                // `(p,)` is a tuple, `(p)` is not.
                let makes_tuple = is_tuple(parent) && entries.len() == 1 && index + 1 == inner.len();
                let comma = Doc::text(if makes_tuple { "," } else { "" });
                if let Some(last) = entries.last_mut() {
                    last.behind = Doc::concat(vec![comma, comments]);
                }
                begins = true;
                continue;
            }
            // The parts of a typed pattern and the like make one entry.
            let joined = !begins && matches!(parent, SyntaxKind::TypedPattern);
            match entries.last_mut().filter(|_| joined) {
                Some(last) => {
                    let more = self.element(part);
                    let before = std::mem::replace(&mut last.doc, Doc::nothing());
                    let space = Doc::text(if has_space(parent, &inner[index - 1], part) { " " } else { "" });
                    last.doc = Doc::concat(vec![before, space, more]);
                }
                None => entries.push(self.entry(part)),
            }
            begins = false;
        }
        entries
    }

    fn entry(&mut self, part: &SyntaxElement) -> Entry {
        let leading = first_of(part).map(|token| self.comments.leading(&token)).unwrap_or_default();
        let doc = self.element(part);
        Entry { leading, doc, may_hug: part.as_node().is_some_and(may_hug), behind: Doc::nothing() }
    }

    /// `%{m | k => v}`, `%{p | x: 2}`
    pub fn update(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let bar = parts.iter().position(|part| part.kind() == SyntaxKind::Pipe);
        let Some((bar, (_, close))) = bar.zip(brackets(&parts)) else { return self.spaced(node) };
        let open = self.element(&parts[0]);
        let base = self.join(node.kind(), &parts[1..=bar]);
        let inner = &parts[bar + 1..close];
        let bare = separated_by_lines(node, inner);
        let broken = bare || has_own_comments(node) || opens_lines(inner);
        let entries = self.entries(node.kind(), inner);
        let rest = first_of(&parts[close]).map(|token| self.comments.leading(&token)).unwrap_or_default();
        let broken = broken || !rest.comments.is_empty();
        let close = self.element(&parts[close]);
        if !broken && hugs(&entries) {
            return Doc::concat(vec![open, base, Doc::text(" "), on_a_line(entries), close]);
        }
        let inner = Doc::concat(vec![Doc::line(), on_lines(entries, bare, rest)]).indent();
        Doc::concat(vec![open, base, inner, Doc::soft_line(), close]).group_unless(broken)
    }

    /// `[:stop | :deposit(Int) ..]`
    pub fn tags_type(&mut self, node: &SyntaxNode) -> Doc {
        let parts = parts(node);
        let [open, inner @ .., close] = &parts[..] else { return self.spaced(node) };
        let open = self.element(open);
        let mut docs = Vec::new();
        for part in inner {
            match part {
                SyntaxElement::Token(bar) if docs.is_empty() => docs.push(self.comments.left_out(bar)),
                SyntaxElement::Token(bar) => docs.extend([Doc::line(), self.token(bar), Doc::text(" ")]),
                SyntaxElement::Node(tags) if tags.kind() == SyntaxKind::OpenTags => {
                    docs.extend([Doc::text(if docs.is_empty() { "" } else { " " }), self.node(tags)]);
                }
                SyntaxElement::Node(case) => docs.push(self.node(case)),
            }
        }
        let close = self.element(close);
        let inner = Doc::concat(vec![Doc::soft_line(), Doc::concat(docs)]).indent();
        Doc::concat(vec![open, inner, Doc::soft_line(), close]).group_unless(has_own_comments(node))
    }
}

/// Where the brackets of a node stand among its parts.
fn brackets(parts: &[SyntaxElement]) -> Option<(usize, usize)> {
    use SyntaxKind as K;
    let is = |kinds: &'static [K]| {
        move |part: &SyntaxElement| part.as_token().is_some_and(|t| kinds.contains(&t.kind()))
    };
    let opens = is(&[K::LeftParen, K::LeftBracket, K::LeftBrace, K::PercentBrace, K::HashBrace, K::Less]);
    let closes = is(&[K::RightParen, K::RightBracket, K::RightBrace, K::Greater]);
    Some((parts.iter().position(opens)?, parts.iter().rposition(closes)?))
}

/// Whether the author has separated entries by line breaks alone.
fn separated_by_lines(node: &SyntaxNode, inner: &[SyntaxElement]) -> bool {
    let pairs = inner.windows(2);
    node.kind() != SyntaxKind::TypedPattern
        && pairs.into_iter().any(|pair| pair.iter().all(|part| part.kind() != SyntaxKind::Comma))
}

fn opens_lines(inner: &[SyntaxElement]) -> bool {
    inner.first().and_then(first_of).is_some_and(|token| opens_line(&token))
}

/// Lists that stay on many lines when the author has begun a line behind the opening bracket.
fn keeps_breaks(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::ArgList | K::ListExpr | K::MapExpr | K::SetExpr | K::StructExpr | K::TaggedExpr | K::TupleExpr
    )
}

fn is_tuple(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(kind, K::TupleExpr | K::TuplePattern | K::TaggedExpr | K::TaggedPattern)
}

/// Parts of types stay on one line, so that the lists around them break instead.
fn is_type(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::TypeArgs
            | K::GenericParams
            | K::TupleType
            | K::ParenType
            | K::FunctionType
            | K::Variant
            | K::TagCase
    )
}

/// Whether the last entry goes on over several lines while the others and its beginning stay on the first.
fn hugs(entries: &[Entry]) -> bool {
    match entries.split_last() {
        Some((last, others)) => last.may_hug && last.doc.breaks() && others.iter().all(|e| !e.doc.breaks()),
        None => false,
    }
}

/// Whether an entry may begin on the line of the bracket and end on that of its partner.
fn may_hug(node: &SyntaxNode) -> bool {
    use SyntaxKind as K;
    match node.kind() {
        K::BinaryExpr => false,
        K::FieldExpr if goes_down(node) => false,
        K::FieldExpr | K::CallExpr | K::TryExpr | K::IndexExpr => {
            node.children().next().is_none_or(|base| may_hug(&base))
        }
        K::Arg | K::FieldValue | K::MapEntry | K::Rest => {
            node.children().last().is_some_and(|value| may_hug(&value))
        }
        _ => true,
    }
}

/// Whether the name of a field stands on a line of its own.
fn goes_down(node: &SyntaxNode) -> bool {
    let dot = parts(node).into_iter().find(|part| part.kind() == SyntaxKind::Dot);
    dot.as_ref().and_then(first_of).is_some_and(|token| opens_line(&token))
}

fn on_a_line(entries: Vec<Entry>) -> Doc {
    let mut docs = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        if index > 0 {
            docs.push(Doc::text(", "));
        }
        docs.extend([entry.doc, entry.behind]);
    }
    Doc::concat(docs)
}

/// Each on a line of its own when the group breaks; without commas when they are separated by lines alone.
fn on_lines(entries: Vec<Entry>, bare: bool, rest: Leading) -> Doc {
    let mut docs = Vec::new();
    let count = entries.len();
    for (index, entry) in entries.into_iter().enumerate() {
        let Entry { leading, doc, behind, .. } = entry;
        if index > 0 {
            docs.push(if leading.blank && leading.comments.is_empty() && bare {
                Doc::blank_line()
            } else {
                Doc::line()
            });
        }
        docs.extend(leading.lines());
        docs.push(doc);
        if index + 1 < count && !bare {
            docs.push(Doc::text(","));
        }
        docs.push(behind);
    }
    if !rest.comments.is_empty() {
        if count > 0 {
            docs.push(Doc::hard_line());
        }
        let mut lines = rest.lines();
        lines.pop();
        docs.extend(lines);
    }
    Doc::concat(docs)
}
