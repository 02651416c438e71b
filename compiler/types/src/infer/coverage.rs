//! Whether matches cover all values, checked when the types of a component are known.

use crate::checker::Checker;
use crate::explain;
use crate::solver::Solver;
use crate::solver::node::{Head, Node, Shape};
use snow_coverage::{Con, Pat, Row, Shape as Constructors, Space, check};
use snow_names::hir::{Builtin, Pattern, PatternKind, TypeDefId, TypeDefKind};
use snow_text::{IdVec, Span};
use std::rc::Rc;

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `case`
    Case,
    /// Clauses of a function or closure.
    Clauses,
    /// `let` without an else block.
    Let,
}

/// A match to be checked.
pub struct Match<'p> {
    /// Types of the scrutinees.
    pub nodes: Vec<Node>,
    /// Patterns of each arm, and whether it has a guard.
    pub rows: Vec<(Vec<&'p Pattern>, bool)>,
    /// Where.
    pub span: Span,
    /// What was written.
    pub form: Form,
}

/// Types for a field's parameters.
type Environment = Rc<Vec<(Node, Field)>>;

/// A type where some variables stand for other types.
#[derive(Clone)]
pub(crate) struct Field {
    node: Node,
    environment: Option<Environment>,
}

/// What the check knows of types.
pub(crate) struct Types<'c, 'p> {
    pub(crate) solver: &'c Solver<'p>,
    fields: &'c IdVec<TypeDefId, Option<Rc<Vec<Vec<Node>>>>>,
    params: &'c IdVec<TypeDefId, Vec<Node>>,
}

impl Types<'_, '_> {
    /// The declared type that it is, where it is one.
    pub(crate) fn definition(&self, ty: &Field) -> Option<TypeDefId> {
        match self.solver.shape(self.resolved(ty).node) {
            Shape::Constructed(Head::Named(id), _) => Some(*id),
            _ => None,
        }
    }

    fn resolved(&self, ty: &Field) -> Field {
        let mut ty = Field { node: self.solver.find(ty.node), environment: ty.environment.clone() };
        while let Some(environment) = ty.environment.clone() {
            match environment.iter().find(|e| e.0 == ty.node) {
                Some((_, other)) => {
                    ty = Field { node: self.solver.find(other.node), environment: other.environment.clone() };
                }
                None => break,
            }
        }
        ty
    }

    fn within(&self, ty: &Field, node: Node) -> Field {
        Field { node, environment: ty.environment.clone() }
    }

    fn variants(&self, id: TypeDefId, args: &[Node], ty: &Field) -> Vec<Vec<Field>> {
        let Some(fields) = &self.fields[id] else { return Vec::new() };
        let pairs = self.params[id].iter().copied().zip(args.iter().map(|a| self.within(ty, *a))).collect();
        let environment: Option<Environment> = Some(Rc::new(pairs));
        let field = |n: &Node| Field { node: *n, environment: environment.clone() };
        fields.iter().map(|v| v.iter().map(field).collect()).collect()
    }
}

impl Space for Types<'_, '_> {
    type Ty = Field;

    fn shape(&self, ty: &Field) -> Constructors<Field> {
        let ty = self.resolved(ty);
        match self.solver.shape(ty.node) {
            Shape::Constructed(Head::Never, _) => Constructors::Closed(vec![]),
            Shape::Constructed(Head::Unit, _) => Constructors::Closed(vec![(Con::Tuple, vec![])]),
            Shape::Constructed(Head::Tuple, args) => {
                Constructors::Closed(vec![(Con::Tuple, args.iter().map(|a| self.within(&ty, *a)).collect())])
            }
            Shape::Constructed(Head::Builtin(Builtin::Bool), _) => {
                Constructors::Closed(vec![(Con::Bool(true), vec![]), (Con::Bool(false), vec![])])
            }
            Shape::Constructed(Head::Named(id), args) => {
                let variants = self.variants(*id, args, &ty);
                match &self.solver.program.types[*id].kind {
                    TypeDefKind::Struct(_) => {
                        Constructors::Closed(variants.into_iter().map(|f| (Con::Tuple, f)).collect())
                    }
                    _ => {
                        let variant = |(i, f)| (Con::Variant(i as u32), f);
                        Constructors::Closed(variants.into_iter().enumerate().map(variant).collect())
                    }
                }
            }
            Shape::Tags(row) => {
                let row = &self.solver.rows[self.solver.find_row(*row)];
                match row.closed {
                    None => Constructors::Open,
                    Some(_) => Constructors::Closed(
                        row.tags
                            .iter()
                            .map(|(n, t)| {
                                (Con::Tag(*n), t.args.iter().map(|a| self.within(&ty, *a)).collect())
                            })
                            .collect(),
                    ),
                }
            }
            _ => Constructors::Open,
        }
    }

    fn parts(&self, ty: &Field, con: &Con, arity: usize) -> Vec<Field> {
        let ty = self.resolved(ty);
        if let (Shape::Tags(row), Con::Tag(name)) = (self.solver.shape(ty.node), con)
            && let Some(tag) = self.solver.rows[self.solver.find_row(*row)].tags.get(name)
        {
            return tag.args.iter().map(|a| self.within(&ty, *a)).collect();
        }
        vec![ty; arity]
    }
}

impl<'p> Checker<'p> {
    /// Checks the matches of the component at hand.
    pub(super) fn check_matches(&mut self) {
        let matches = std::mem::take(&mut self.group.matches);
        if self.solver.muted {
            return;
        }
        for id in self.program.types.ids() {
            self.fields(id);
        }
        let fields: IdVec<TypeDefId, _> = self.types.values().map(|t| t.fields.clone()).collect();
        let params: IdVec<TypeDefId, _> = self.types.values().map(|t| t.params.clone()).collect();
        let mut problems = Vec::new();
        for m in &matches {
            let broken = m.rows.iter().flat_map(|r| &r.0).any(|p| is_broken(p));
            if broken || m.nodes.iter().any(|n| matches!(self.solver.shape(*n), Shape::Error)) {
                continue;
            }
            let types = Types { solver: &self.solver, fields: &fields, params: &params };
            let columns: Vec<Field> = m.nodes.iter().map(|n| Field { node: *n, environment: None }).collect();
            let rows: Vec<Row> = m
                .rows
                .iter()
                .map(|(p, guarded)| Row { pats: p.iter().map(|p| pat(p)).collect(), guarded: *guarded })
                .collect();
            let report = check(&types, &columns, &rows);
            if !report.missing.is_empty() {
                problems.push(explain::coverage::missing(&types, m, &columns, &report.missing));
            }
            for row in report.unreachable {
                problems.push(explain::coverage::unreachable(m.rows[row].0[0].span, m.form));
            }
        }
        problems.into_iter().for_each(|p| self.solver.report(p));
    }
}

/// Whether a part of a pattern has been complained about.
fn is_broken(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Error => true,
        PatternKind::As(inner, _) | PatternKind::Typed(inner, _) | PatternKind::Prefix(_, inner) => {
            is_broken(inner)
        }
        PatternKind::Tuple(parts)
        | PatternKind::Struct(_, parts)
        | PatternKind::Tag(_, parts)
        | PatternKind::Variant(_, parts)
        | PatternKind::Or(parts) => parts.iter().any(is_broken),
        PatternKind::Map(pairs) => pairs.iter().any(|(_, value)| is_broken(value)),
        _ => false,
    }
}

/// A pattern without names.
fn pat(pattern: &Pattern) -> Pat {
    let literal = |text: String| Pat::Con(Con::Literal(text), vec![]);
    let all = |parts: &[Pattern]| parts.iter().map(pat).collect();
    match &pattern.kind {
        PatternKind::Error | PatternKind::Wild | PatternKind::Bind(_) | PatternKind::Unit => Pat::Wild,
        PatternKind::As(inner, _) | PatternKind::Typed(inner, _) => pat(inner),
        PatternKind::Int(n) => literal(n.to_string()),
        PatternKind::Float(x) => literal(format!("{x:?}")),
        PatternKind::Bool(b) => Pat::Con(Con::Bool(*b), vec![]),
        PatternKind::String(text) => literal(format!("{text:?}")),
        PatternKind::Bytes(bytes) => literal(format!("b{bytes:?}")),
        PatternKind::Pin(value) => literal(format!("^{}", value.id.0)),
        PatternKind::Tuple(parts) => Pat::Con(Con::Tuple, all(parts)),
        PatternKind::Struct(_, parts) => Pat::Con(Con::Tuple, all(parts)),
        PatternKind::Tag(name, parts) => Pat::Con(Con::Tag(*name), all(parts)),
        PatternKind::Variant(variant, parts) => Pat::Con(Con::Variant(variant.index), all(parts)),
        PatternKind::Map(_) => literal(format!("map {}", pattern.id.0)),
        PatternKind::Prefix(..) => literal(format!("prefix {}", pattern.id.0)),
        PatternKind::Range(lo, hi) => literal(format!("{lo}..={hi}")),
        PatternKind::Or(alternatives) => Pat::Or(all(alternatives)),
    }
}
