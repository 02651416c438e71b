//! Rows of patterns, made simple: names are bound, alternatives split, what always matches is dropped.

use crate::ir::Var;
use snow_names::hir::{LocalId, Pattern, PatternKind};
use snow_text::Symbol;

/// What a variable is still to be matched with.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'h> {
    /// A pattern.
    Pattern(&'h Pattern),
    /// A signal: its tag and the patterns of its parts.
    Signal(Symbol, &'h [Pattern]),
    /// A map pattern from this pair on.
    MapFrom(&'h Pattern, usize),
}

/// One way to reach an arm.
#[derive(Clone)]
pub(crate) struct Row<'h> {
    /// What is left to match.
    pub cells: Vec<(Var, Cell<'h>)>,
    /// Names and what they stand for.
    pub binds: Vec<(LocalId, Var)>,
    /// The arm.
    pub arm: usize,
}

impl<'h> Row<'h> {
    /// The cell of a variable.
    pub fn cell(&self, var: Var) -> Option<Cell<'h>> {
        self.cells.iter().find(|c| c.0 == var).map(|c| c.1)
    }

    /// The row with a variable's cell replaced by others.
    pub fn replace(&self, var: Var, cells: Vec<(Var, Cell<'h>)>) -> Row<'h> {
        let at = self.cells.iter().position(|c| c.0 == var);
        let mut row = self.clone();
        match at {
            Some(at) => drop(row.cells.splice(at..=at, cells)),
            None => row.cells.extend(cells),
        }
        row
    }

    /// Simple rows that together match what this one does.
    pub fn simple(mut self) -> Vec<Row<'h>> {
        let mut at = 0;
        while at < self.cells.len() {
            let (var, Cell::Pattern(pattern)) = self.cells[at] else {
                at += 1;
                continue;
            };
            match &pattern.kind {
                PatternKind::Wild | PatternKind::Error | PatternKind::Unit => drop(self.cells.remove(at)),
                PatternKind::Bind(local) => {
                    self.binds.push((*local, var));
                    self.cells.remove(at);
                }
                PatternKind::As(inner, local) => {
                    self.binds.push((*local, var));
                    self.cells[at].1 = Cell::Pattern(inner);
                }
                PatternKind::Typed(inner, _) => self.cells[at].1 = Cell::Pattern(inner),
                PatternKind::Or(alternatives) => {
                    let with = |alternative| {
                        let mut row = self.clone();
                        row.cells[at].1 = Cell::Pattern(alternative);
                        row.simple()
                    };
                    return alternatives.iter().flat_map(with).collect();
                }
                _ => at += 1,
            }
        }
        vec![self]
    }
}

/// Names that a pattern binds, in order, each once.
pub(crate) fn names_of(pattern: &Pattern, out: &mut Vec<LocalId>) {
    let bind = |local: LocalId, out: &mut Vec<LocalId>| {
        if !out.contains(&local) {
            out.push(local);
        }
    };
    match &pattern.kind {
        PatternKind::Bind(local) => bind(*local, out),
        PatternKind::As(inner, local) => {
            bind(*local, out);
            names_of(inner, out);
        }
        PatternKind::Tuple(parts)
        | PatternKind::Tag(_, parts)
        | PatternKind::Variant(_, parts)
        | PatternKind::Struct(_, parts)
        | PatternKind::Or(parts) => parts.iter().for_each(|p| names_of(p, out)),
        PatternKind::Map(pairs) => pairs.iter().for_each(|(_, p)| names_of(p, out)),
        PatternKind::Prefix(_, inner) | PatternKind::Typed(inner, _) => names_of(inner, out),
        PatternKind::Error
        | PatternKind::Wild
        | PatternKind::Int(_)
        | PatternKind::Float(_)
        | PatternKind::Bool(_)
        | PatternKind::String(_)
        | PatternKind::Bytes(_)
        | PatternKind::Unit
        | PatternKind::Pin(..)
        | PatternKind::Range(..) => {}
    }
}
