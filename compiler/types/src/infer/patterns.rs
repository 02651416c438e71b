//! Patterns and the forms that match.

use super::coverage::Match;
use crate::checker::Checker;
use crate::interfaces::Constraint;
use crate::solver::node::{Closed, Head, Node, Origin, Reason, Shape};
use snow_names::hir::{Arm, Builtin, Expr, LocalId, Pattern, PatternKind, Type};
use snow_text::{Span, Symbol};
use std::collections::BTreeSet;

impl<'p> Checker<'p> {
    /// `let pattern :: T = value else …`
    pub(super) fn let_(
        &mut self,
        pattern: &'p Pattern,
        ty: Option<&'p Type>,
        value: &'p Expr,
        otherwise: Option<&'p Expr>,
        form: super::coverage::Form,
    ) {
        let bound = match ty {
            Some(ty) => {
                let declared = self.written(ty);
                self.hand_over(value, declared, Reason::Annotation(ty.span));
                declared
            }
            None => self.expr(value),
        };
        if let Some(otherwise) = otherwise {
            let never = self.never();
            self.hand_over(otherwise, never, Reason::Leaves);
        }
        if let PatternKind::Bind(local) = &pattern.kind {
            self.note_pattern(pattern, bound);
            return self.bind(*local, bound);
        }
        let node = self.solver.fresh();
        self.prefer_shape(bound, node, value.span);
        self.pattern(pattern, node);
        if otherwise.is_none() {
            self.close_column(&[pattern], node);
        }
        let origin = self.because(value.span, Reason::Scrutinee);
        self.solver.subsume(bound, node, origin);
        if otherwise.is_none() {
            let rows = vec![(vec![pattern], false)];
            self.group.matches.push(Match { nodes: vec![node], rows, span: pattern.span, form });
        }
    }

    /// Patterns of a declared type see its arguments at once.
    fn prefer_shape(&mut self, scrutinee: Node, node: Node, span: Span) {
        if matches!(self.solver.shape(scrutinee), Shape::Constructed(..)) {
            let origin = self.because(span, Reason::Scrutinee);
            self.solver.subsume(scrutinee, node, origin);
        }
    }

    pub(super) fn note_pattern(&mut self, pattern: &Pattern, node: Node) {
        if let Some(facts) = self.facts() {
            facts.patterns.push((pattern.id, node));
        }
    }

    /// Matches a pattern against a type.
    pub(super) fn pattern(&mut self, p: &'p Pattern, node: Node) {
        self.note_pattern(p, node);
        let origin = self.because(p.span, Reason::Pattern);
        if let Some(builtin) = literal_type(&p.kind) {
            return self.pattern_of(builtin, node, origin);
        }
        match &p.kind {
            PatternKind::Bind(local) => self.bind_pattern(*local, node, origin),
            PatternKind::As(inner, local) => {
                self.bind_pattern(*local, node, origin);
                self.pattern(inner, node);
            }
            PatternKind::Prefix(_, rest) => {
                self.pattern_of(Builtin::String, node, origin);
                self.pattern(rest, node);
            }
            PatternKind::Unit => {
                let unit = self.solver.unit();
                self.solver.unify(unit, node, origin);
            }
            PatternKind::Pin(value) => self.pin(value, node, origin),
            PatternKind::Tuple(parts) => {
                let nodes = self.solver.fresh_many(parts.len());
                let whole = self.solver.constructed(Head::Tuple, nodes.clone());
                self.solver.unify(whole, node, origin);
                parts.iter().zip(nodes).for_each(|(p, n)| self.pattern(p, n));
            }
            PatternKind::Tag(name, parts) => self.tag_pattern(*name, parts, node, origin),
            PatternKind::Variant(variant, parts) => {
                let (_, fields, whole) = self.variant_instance(*variant);
                self.solver.unify(whole, node, origin);
                parts.iter().zip(fields).for_each(|(p, n)| self.pattern(p, n));
            }
            PatternKind::Struct(id, parts) => {
                let (params, fields) = self.fields_instance(*id);
                let whole = self.solver.constructed(Head::Named(*id), params);
                self.solver.unify(whole, node, origin);
                let fields = fields.into_iter().next().unwrap_or_default();
                parts.iter().zip(fields).for_each(|(p, n)| self.pattern(p, n));
            }
            PatternKind::Map(pairs) => {
                let (key, value) = (self.solver.fresh(), self.solver.fresh());
                if let Some(known) = self.known() {
                    let map = self.std_type(known.map, vec![key, value]);
                    self.solver.unify(map, node, origin);
                }
                for (k, v) in pairs {
                    self.hand_over(k, key, Reason::Plain);
                    self.pattern(v, value);
                }
            }
            PatternKind::Or(alternatives) => alternatives.iter().for_each(|a| self.pattern(a, node)),
            PatternKind::Typed(inner, ty) => {
                let declared = self.written(ty);
                self.solver.unify(declared, node, origin.because(Reason::Annotation(ty.span)));
                self.pattern(inner, node);
            }
            _ => {}
        }
    }

    fn pattern_of(&mut self, builtin: Builtin, node: Node, origin: Origin) {
        let wanted = self.solver.builtin(builtin);
        self.solver.unify(wanted, node, origin);
    }

    /// A name that both sides of an alternative bind has one type.
    fn bind_pattern(&mut self, local: LocalId, node: Node, origin: Origin) {
        if let Some(before) = self.locals[local] {
            self.solver.unify(before, node, origin);
        }
        self.bind(local, node);
    }

    fn pin(&mut self, value: &'p Expr, node: Node, origin: Origin) {
        let own = self.expr(value);
        self.solver.unify(own, node, origin);
        if let Some(known) = self.known() {
            self.require(Constraint {
                interface: known.eq,
                on: node,
                args: Vec::new(),
                associated: Vec::new(),
                origin,
            });
        }
    }

    fn tag_pattern(&mut self, name: Symbol, parts: &'p [Pattern], node: Node, origin: Origin) {
        if self.solver.is_variable(node) {
            let row = self.solver.row_type(origin);
            self.solver.unify(node, row, origin);
        }
        let nodes = self.solver.fresh_many(parts.len());
        match self.solver.row_of(node) {
            Some(row) => self.solver.add_tag(row, name, nodes.clone(), origin),
            None => {
                let row = self.solver.row_type(origin);
                self.solver.unify(row, node, origin);
            }
        }
        parts.iter().zip(nodes).for_each(|(p, n)| self.pattern(p, n));
    }

    /// `case`
    pub(super) fn case(
        &mut self,
        e: &'p Expr,
        scrutinees: &'p [Expr],
        arms: &'p [Arm],
        wanted: Option<Node>,
    ) -> Node {
        let values: Vec<Node> = scrutinees.iter().map(|s| self.expr(s)).collect();
        let nodes = self.solver.fresh_many(values.len());
        for (value, (node, scrutinee)) in values.iter().zip(nodes.iter().zip(scrutinees)) {
            self.prefer_shape(*value, *node, scrutinee.span);
        }
        for (index, arm) in arms.iter().enumerate() {
            if !self.rest_of_tags(&arms[..index], arm, &values, &nodes) {
                arm.patterns.iter().zip(&nodes).for_each(|(p, n)| self.pattern(p, *n));
            }
        }
        for (column, node) in nodes.iter().enumerate() {
            let patterns: Vec<&Pattern> =
                arms.iter().filter(|a| a.guard.is_none()).map(|a| &a.patterns[column]).collect();
            self.close_column(&patterns, *node);
        }
        for (value, (node, scrutinee)) in values.iter().zip(nodes.iter().zip(scrutinees)) {
            let origin = self.because(scrutinee.span, Reason::Scrutinee);
            self.solver.subsume(*value, *node, origin);
        }
        let rows = arms.iter().map(|a| (a.patterns.iter().collect(), a.guard.is_some())).collect();
        let form = match e.sugar {
            snow_names::hir::Sugar::Clauses => super::coverage::Form::Clauses,
            _ => super::coverage::Form::Case,
        };
        self.group.matches.push(Match { nodes, rows, span: e.span, form });
        self.bodies(arms.iter().map(|a| (a.guard.as_ref(), &a.body)), wanted)
    }

    /// Guards and bodies; the value of all.
    pub(super) fn bodies(
        &mut self,
        arms: impl Iterator<Item = (Option<&'p Expr>, &'p Expr)>,
        wanted: Option<Node>,
    ) -> Node {
        let result = self.solver.fresh();
        let mut first: Option<Span> = None;
        for (guard, body) in arms {
            if let Some(guard) = guard {
                let bool_ = self.solver.builtin(Builtin::Bool);
                self.hand_over(guard, bool_, Reason::Condition);
            }
            let found = self.expr_kind_noted(body, wanted);
            let span = super::components::end_of(body);
            let reason = first.map_or(Reason::Plain, Reason::Branch);
            let origin = self.because(span, reason);
            self.solver.subsume(found, result, origin);
            let never = matches!(self.solver.head(found), Some((Head::Never, _)));
            if !never {
                first.get_or_insert(span);
            }
        }
        result
    }

    /// A name below tag arms has the type without the tags that those take whole.
    fn rest_of_tags(&mut self, above: &'p [Arm], arm: &'p Arm, values: &[Node], nodes: &[Node]) -> bool {
        let ([value], [node], [pattern]) = (values, nodes, arm.patterns.as_slice()) else { return false };
        let PatternKind::Bind(local) = pattern.kind else { return false };
        let taken: BTreeSet<Symbol> =
            above.iter().filter(|a| a.guard.is_none()).filter_map(|a| taken_whole(&a.patterns[0])).collect();
        if taken.is_empty() {
            return false;
        }
        let origin = self.because(pattern.span, Reason::Pattern);
        if self.solver.is_variable(*value) && self.solver.row_of(*node).is_some() {
            self.solver.subsume(*value, *node, origin);
        }
        let Some(row) = self.solver.row_of(*value) else { return false };
        let rest = self.solver.row(origin);
        self.solver.subset(row, rest, Some(taken), origin);
        let rest = self.solver.make(Shape::Tags(rest));
        self.note_pattern(pattern, rest);
        self.bind(local, rest);
        true
    }

    /// Closes the row of a tag column that no pattern leaves open, and those of its parts.
    pub(super) fn close_column(&mut self, patterns: &[&'p Pattern], node: Node) {
        let mut flat = Vec::new();
        patterns.iter().for_each(|p| flatten(p, &mut flat));
        if flat.is_empty() {
            return;
        }
        if let Some(row) = self.solver.row_of(node)
            && self.solver.rows[row].closed.is_none()
            && flat.iter().all(|p| matches!(p.kind, PatternKind::Tag(..)))
        {
            let origin = self.because(flat[0].span, Reason::Pattern);
            self.solver.close(row, Closed::Case(origin));
        }
        self.close_parts(&flat);
    }

    /// Closes what the parts of patterns leave closed.
    pub(super) fn close_parts(&mut self, flat: &[&'p Pattern]) {
        let mut heads: Vec<&Pattern> = Vec::new();
        for pattern in flat {
            if !parts_of(pattern).is_empty() && !heads.iter().any(|h| same_head(h, pattern)) {
                heads.push(pattern);
            }
        }
        for head in heads {
            for index in 0..parts_of(head).len() {
                let column: Vec<&'p Pattern> = flat
                    .iter()
                    .filter(|p| same_head(p, head))
                    .filter_map(|p| parts_of(p).get(index))
                    .collect();
                let part = self.pattern_node(parts_of(head)[index].id);
                if let Some(part) = part {
                    self.close_column(&column, part);
                }
            }
        }
    }

    /// The type that a pattern was matched against.
    fn pattern_node(&self, id: snow_names::hir::PatternId) -> Option<Node> {
        let facts = &self.facts[self.body.function?];
        facts.patterns.iter().rev().find(|p| p.0 == id).map(|p| p.1)
    }
}

/// The type of a literal pattern.
fn literal_type(kind: &PatternKind) -> Option<Builtin> {
    Some(match kind {
        PatternKind::Int(_) | PatternKind::Range(..) => Builtin::Int,
        PatternKind::Float(_) => Builtin::Float,
        PatternKind::Bool(_) => Builtin::Bool,
        PatternKind::String(_) => Builtin::String,
        PatternKind::Bytes(_) => Builtin::Bytes,
        _ => return None,
    })
}

/// The tag that a pattern takes whatever its payload is.
pub(super) fn taken_whole(pattern: &Pattern) -> Option<Symbol> {
    match &pattern.kind {
        PatternKind::Tag(name, parts) => parts.iter().all(is_irrefutable).then_some(*name),
        PatternKind::As(inner, _) => taken_whole(inner),
        _ => None,
    }
}

fn is_irrefutable(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Wild | PatternKind::Bind(_) | PatternKind::Error | PatternKind::Unit => true,
        PatternKind::As(inner, _) | PatternKind::Typed(inner, _) => is_irrefutable(inner),
        PatternKind::Tuple(parts) | PatternKind::Struct(_, parts) => parts.iter().all(is_irrefutable),
        _ => false,
    }
}

/// Alternatives apart, names and types off.
pub(super) fn flatten<'p>(pattern: &'p Pattern, out: &mut Vec<&'p Pattern>) {
    match &pattern.kind {
        PatternKind::Or(alternatives) => alternatives.iter().for_each(|a| flatten(a, out)),
        PatternKind::As(inner, _) | PatternKind::Typed(inner, _) => flatten(inner, out),
        _ => out.push(pattern),
    }
}

fn parts_of(pattern: &Pattern) -> &[Pattern] {
    match &pattern.kind {
        PatternKind::Tuple(parts)
        | PatternKind::Tag(_, parts)
        | PatternKind::Variant(_, parts)
        | PatternKind::Struct(_, parts) => parts,
        _ => &[],
    }
}

fn same_head(a: &Pattern, b: &Pattern) -> bool {
    match (&a.kind, &b.kind) {
        (PatternKind::Tuple(x), PatternKind::Tuple(y)) => x.len() == y.len(),
        (PatternKind::Tag(x, p), PatternKind::Tag(y, q)) => x == y && p.len() == q.len(),
        (PatternKind::Variant(x, _), PatternKind::Variant(y, _)) => x == y,
        (PatternKind::Struct(x, _), PatternKind::Struct(y, _)) => x == y,
        _ => false,
    }
}
