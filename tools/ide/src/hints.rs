//! The types that were inferred, shown beside the names that have none written.

use crate::Analysis;
use snow_names::hir::{LocalId, Target};
use snow_syntax::{SyntaxKind, SyntaxNode};
use snow_text::{SourceId, Span};
use std::collections::HashMap;
use std::ops::Range;

/// Longest type that is shown whole, in characters.
const HINT_CHARACTERS_MAX: usize = 60;

/// A type to show at an offset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// Behind this byte.
    pub offset: u32,
    /// ` :: Int`, ` -> String`.
    pub label: String,
}

impl Analysis {
    /// What to show between two offsets of a file.
    pub fn hints(&self, source: SourceId, range: Range<u32>) -> Vec<Hint> {
        let locals: HashMap<Span, LocalId> = self
            .program
            .locals
            .iter()
            .filter(|(_, l)| l.span.source == source)
            .map(|(id, l)| (l.span, id))
            .collect();
        let mut hints = Vec::new();
        for node in self.tree(source).syntax().descendants() {
            let at = node.text_range();
            if u32::from(at.end()) < range.start || u32::from(at.start()) > range.end {
                continue;
            }
            match node.kind() {
                SyntaxKind::NamePattern if is_untyped(&node) => {
                    let start = snow_syntax::span_of(source, &node).start;
                    let span = Span::new(source, start, at.end().into());
                    hints.extend(locals.get(&span).and_then(|local| self.local_hint(*local, span)));
                }
                SyntaxKind::ParamList => hints.extend(self.result_hint(source, &node)),
                _ => {}
            }
        }
        hints.retain(|hint| range.contains(&hint.offset));
        hints.sort_by_key(|hint| hint.offset);
        hints
    }

    fn local_hint(&self, local: LocalId, span: Span) -> Option<Hint> {
        if self.sources.text(span).starts_with('_') || self.canon.lifted.contains_key(&local) {
            return None;
        }
        hint(span.end, "::", &self.description.locals[local])
    }

    /// What a function gives, behind its parameters.
    fn result_hint(&self, source: SourceId, params: &SyntaxNode) -> Option<Hint> {
        let owner = params.parent().filter(|node| node.kind() == SyntaxKind::Function)?;
        let name = owner.children().find(|node| node.kind() == SyntaxKind::Name)?;
        if owner.children().any(|node| node.kind() == SyntaxKind::ReturnType) {
            return None;
        }
        let start = snow_syntax::span_of(source, &name).start;
        let found = self.at(source, start).find(|o| o.is_definition && o.span.start == start)?;
        let function = match found.target {
            Target::Function(id) => id,
            Target::Local(local) => *self.canon.lifted.get(&local)?,
            _ => return None,
        };
        hint(params.text_range().end().into(), "->", &self.description.results[function])
    }
}

fn hint(offset: u32, sign: &str, ty: &str) -> Option<Hint> {
    // A type with `_` has something in it that is wrong, which is told elsewhere.
    if ty.is_empty() || ty.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "_") {
        return None;
    }
    let mut shown: String = ty.chars().take(HINT_CHARACTERS_MAX).collect();
    if shown.len() < ty.len() {
        shown.push('…');
    }
    Some(Hint { offset, label: format!(" {sign} {shown}") })
}

/// Whether a name is bound by `let` or a parameter without a type; what cases bind is told by what they match.
fn is_untyped(pattern: &SyntaxNode) -> bool {
    for around in pattern.ancestors().skip(1) {
        match around.kind() {
            SyntaxKind::TypedPattern | SyntaxKind::MatchArm | SyntaxKind::Generator => return false,
            // The type stands behind the pattern. What a parameter takes apart is told by its pattern.
            SyntaxKind::Param if pattern.parent().as_ref() != Some(&around) => return false,
            SyntaxKind::LetStatement | SyntaxKind::Param => {
                return !around.children().any(|child| is_type(child.kind()));
            }
            SyntaxKind::Block | SyntaxKind::ClosureExpr => return false,
            _ => {}
        }
    }
    false
}

fn is_type(kind: SyntaxKind) -> bool {
    (SyntaxKind::PathType..=SyntaxKind::ErrorType).contains(&kind)
}
