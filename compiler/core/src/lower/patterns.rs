//! The program's patterns as those that decisions are made of, and its types as their space.

use super::Lowering;
use crate::decision::{Con, Pat, Space};
use snow_names::hir::{self, Builtin, LocalId, Pattern, PatternKind, TypeDefKind};
use snow_text::Symbol;
use snow_types::ty::{Ty, TyNode};

/// What a scrutinee is matched with.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'h> {
    /// Anything.
    Wild,
    /// A pattern.
    Pattern(&'h Pattern),
    /// A signal: its tag and the patterns of its parts.
    Signal(Symbol, &'h [Pattern]),
}

/// A test that only the program can make.
#[derive(Clone, Copy)]
pub(crate) enum CustomTest<'h> {
    /// Equal to a bound value.
    Pin(&'h hir::Expr),
    /// A map has the key; yields its value.
    Key(&'h hir::Expr),
}

/// Makes abstract patterns, and numbers the tests in them.
pub(crate) struct Patterns<'h, 'l, 'a> {
    pub l: &'l Lowering<'a>,
    pub tests: Vec<CustomTest<'h>>,
}

impl<'h> Patterns<'h, '_, '_> {
    /// A scrutinee's pattern.
    pub fn cell(&mut self, cell: Cell<'h>) -> Pat<Ty> {
        match cell {
            Cell::Wild => Pat::Wild,
            Cell::Pattern(pattern) => self.pattern(pattern),
            Cell::Signal(name, parts) => Pat::Constructor(Con::Tag(name), self.parts(parts)),
        }
    }

    fn pattern(&mut self, pattern: &'h Pattern) -> Pat<Ty> {
        match &pattern.kind {
            PatternKind::Error | PatternKind::Wild | PatternKind::Unit => Pat::Wild,
            PatternKind::Bind(local) => Pat::Bind(local.0, Box::new(Pat::Wild)),
            PatternKind::As(inner, local) => Pat::Bind(local.0, Box::new(self.pattern(inner))),
            PatternKind::Typed(inner, _) => self.pattern(inner),
            PatternKind::Int(n) => Pat::Int(*n),
            PatternKind::Range(low, high) => Pat::Range(*low, *high),
            PatternKind::Float(x) => Pat::Float(*x),
            PatternKind::String(text) => Pat::Text(text.clone()),
            PatternKind::Bytes(bytes) => Pat::Bytes(bytes.clone()),
            PatternKind::Prefix(prefix, rest) => Pat::Prefix(prefix.clone(), Box::new(self.pattern(rest))),
            PatternKind::Bool(b) => Pat::Constructor(Con::Bool(*b), vec![]),
            PatternKind::Tuple(parts) | PatternKind::Struct(_, parts) => {
                Pat::Constructor(Con::Tuple, self.parts(parts))
            }
            PatternKind::Tag(name, parts) => Pat::Constructor(Con::Tag(*name), self.parts(parts)),
            PatternKind::Variant(variant, parts) => {
                Pat::Constructor(Con::Variant(variant.index), self.parts(parts))
            }
            PatternKind::Or(any) => Pat::Or(any.iter().map(|p| self.pattern(p)).collect()),
            PatternKind::Pin(value) => Pat::Custom(self.number(CustomTest::Pin(value)), vec![]),
            PatternKind::Map(pairs) => {
                Pat::And(pairs.iter().map(|(key, value)| self.pair(key, value)).collect())
            }
        }
    }

    fn parts(&mut self, parts: &'h [Pattern]) -> Vec<(Ty, Pat<Ty>)> {
        parts.iter().map(|p| (self.l.typed.patterns[p.id], self.pattern(p))).collect()
    }

    fn pair(&mut self, key: &'h hir::Expr, value: &'h Pattern) -> Pat<Ty> {
        let number = self.number(CustomTest::Key(key));
        Pat::Custom(number, self.parts(std::slice::from_ref(value)))
    }

    /// The number of a test: that of an equal one, or a new one.
    fn number(&mut self, test: CustomTest<'h>) -> u32 {
        let at = self.tests.iter().position(|other| same_test(*other, test)).unwrap_or_else(|| {
            self.tests.push(test);
            self.tests.len() - 1
        });
        at as u32
    }
}

fn same_test(a: CustomTest, b: CustomTest) -> bool {
    match (a, b) {
        (CustomTest::Pin(a), CustomTest::Pin(b)) | (CustomTest::Key(a), CustomTest::Key(b)) => same_key(a, b),
        _ => false,
    }
}

/// Whether two keys of map patterns or pins are the same literal, name or constant.
fn same_key(a: &hir::Expr, b: &hir::Expr) -> bool {
    use hir::ExprKind as H;
    match (&a.kind, &b.kind) {
        (H::Unit, H::Unit) => true,
        (H::Int(a), H::Int(b)) => a == b,
        (H::Bool(a), H::Bool(b)) => a == b,
        (H::String(a), H::String(b)) => a == b,
        (H::Bytes(a), H::Bytes(b)) => a == b,
        (H::Local(a), H::Local(b)) => a == b,
        (H::Function(a), H::Function(b)) => a == b,
        (H::Call { callee: a, args: x }, H::Call { callee: b, args: y }) => {
            x.is_empty() && y.is_empty() && same_key(a, b)
        }
        (H::Negate(a), H::Negate(b)) => same_key(a, b),
        (H::Tag { name: a, args: x }, H::Tag { name: b, args: y }) => a == b && same_keys(x, y),
        (H::Construct { variant: a, args: x }, H::Construct { variant: b, args: y }) => {
            a == b && same_keys(x, y)
        }
        (H::Tuple(x), H::Tuple(y)) => same_keys(x, y),
        _ => false,
    }
}

fn same_keys(a: &[hir::Expr], b: &[hir::Expr]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_key(a, b))
}

impl Space for Lowering<'_> {
    type Ty = Ty;

    fn is_complete(&self, ty: &Ty, keys: &[Con]) -> bool {
        match self.typed.store.get(*ty) {
            TyNode::Builtin(Builtin::Bool, _) => keys.len() == 2,
            TyNode::Named(def, _) => match &self.hir.types[*def].kind {
                TypeDefKind::Sum(variants) => variants.len() == keys.len(),
                _ => false,
            },
            TyNode::Tags(tags) => tags.iter().all(|t| keys.contains(&Con::Tag(t.0))),
            _ => false,
        }
    }

    fn fields(&mut self, ty: &Ty, con: Con) -> Option<Vec<Ty>> {
        match (self.typed.store.get(*ty).clone(), con) {
            (TyNode::Tuple(items), Con::Tuple) => Some(items),
            (TyNode::Tags(tags), Con::Tag(name)) => tags.into_iter().find(|t| t.0 == name).map(|t| t.1),
            (TyNode::Named(def, args), Con::Tuple | Con::Variant(_)) => {
                let index = if let Con::Variant(index) = con { index as usize } else { 0 };
                let declared = self.typed.fields[def].get(index)?.clone();
                let store = &mut self.typed.store;
                Some(declared.into_iter().map(|f| crate::substitute::substitute(store, f, &args)).collect())
            }
            _ => None,
        }
    }
}

/// Names that scrutinees' patterns bind, in order, each once.
pub(crate) fn bound_names(cells: &[Cell]) -> Vec<LocalId> {
    let mut names = Vec::new();
    for cell in cells {
        match cell {
            Cell::Wild => {}
            Cell::Pattern(pattern) => names_of(pattern, &mut names),
            Cell::Signal(_, parts) => parts.iter().for_each(|p| names_of(p, &mut names)),
        }
    }
    names
}

/// Names that a pattern binds, in order, each once.
fn names_of(pattern: &Pattern, out: &mut Vec<LocalId>) {
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
