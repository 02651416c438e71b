//! Matches: `case`, `let` and the arms of a receive become a decision, whose leaves jump to a join for each arm's body.

use super::Body;
use super::decisions::{Match, Outlook};
use super::patterns::{Cell, Patterns, bound_names};
use crate::decision::{Row, decide};
use crate::ir::{Expr, ExprKind, Join, Var};
use snow_names::hir::{self, Pattern, PatternKind};
use snow_text::Span;
use snow_types::ty::{Ty, TyNode};

/// What happens when no arm matches.
#[derive(Clone, Copy)]
pub(crate) enum Fallback {
    /// It cannot happen in a checked program.
    Unreachable,
    /// The receive looks at the next message; leaves accept the one at hand.
    Retry,
    /// To a join without parameters.
    Jump(Join),
}

/// An arm and its guard.
pub(crate) struct MatchArm<'h> {
    /// A cell for each scrutinee, in each alternative.
    pub rows: Vec<Vec<Cell<'h>>>,
    pub guard: Option<&'h hir::Expr>,
}

impl Body<'_, '_> {
    /// `case`
    pub fn case(&mut self, e: &hir::Expr, scrutinees: &[hir::Expr], arms: &[hir::Arm]) -> Expr {
        let ty = self.type_of(e);
        let mut parts = Vec::new();
        let mut rows: Vec<Vec<Vec<Cell>>> = arms.iter().map(|_| vec![vec![]]).collect();
        for (at, scrutinee) in scrutinees.iter().enumerate() {
            let column: Vec<&Pattern> = arms.iter().map(|arm| &arm.patterns[at]).collect();
            add_column(scrutinee, &column, &mut parts, &mut rows);
        }
        let values: Vec<Expr> = parts.into_iter().map(|p| self.expr(p)).collect();
        let vars: Vec<Var> = values.iter().map(|v| self.var(v.ty)).collect();
        let matched: Vec<MatchArm> =
            arms.iter().zip(rows).map(|(arm, rows)| MatchArm { rows, guard: arm.guard.as_ref() }).collect();
        let mut result =
            self.match_arms(&vars, &matched, Fallback::Unreachable, (ty, e.span), |this, arm| {
                this.expr(&arms[arm].body)
            });
        for (var, value) in vars.into_iter().zip(values).rev() {
            result = self.bind(var, value, result);
        }
        result
    }

    /// `let pattern = var [else otherwise]`, then the rest.
    pub fn let_pattern(
        &mut self,
        var: Var,
        pattern: &Pattern,
        otherwise: Option<&hir::Expr>,
        span: Span,
        rest: impl FnOnce(&mut Self) -> Expr,
    ) -> Expr {
        let arms = [MatchArm { rows: vec![vec![Cell::Pattern(pattern)]], guard: None }];
        let mut rest = Some(rest);
        let ty = self.l.unit();
        let mut body = |this: &mut Self, _: usize| (rest.take().expect("an arm has one body"))(this);
        let Some(otherwise) = otherwise else {
            return self.match_arms(&[var], &arms, Fallback::Unreachable, (ty, span), body);
        };
        let join = self.join();
        let lowered = self.expr(otherwise);
        let matched = self.match_arms(&[var], &arms, Fallback::Jump(join), (ty, span), &mut body);
        let ty = matched.ty;
        let (body, rest) = (Box::new(lowered), Box::new(matched));
        Expr { kind: ExprKind::Join { join, params: vec![], recursive: false, body, rest }, ty, span }
    }

    /// The tree over all arms, with a join for each arm's body. The type is that of the bodies when `ty` is not known before.
    pub fn match_arms<'h>(
        &mut self,
        vars: &[Var],
        arms: &[MatchArm<'h>],
        fallback: Fallback,
        (ty, span): (Ty, Span),
        mut body: impl FnMut(&mut Self, usize) -> Expr,
    ) -> Expr {
        let joins = arms.iter().map(|arm| (self.join(), bound_names(&arm.rows[0]))).collect();
        let mut patterns = Patterns { l: &*self.l, tests: vec![] };
        let (mut rows, mut arm_of) = (Vec::new(), Vec::new());
        for (index, arm) in arms.iter().enumerate() {
            for cells in &arm.rows {
                let patterns = cells.iter().map(|c| patterns.cell(*c)).collect();
                rows.push(Row { patterns, guarded: arm.guard.is_some() });
                arm_of.push(index);
            }
        }
        let tests = patterns.tests;
        let types: Vec<Ty> = vars.iter().map(|v| self.vars[*v]).collect();
        let decision = decide(&rows, &types, &mut *self.l);
        let guards = arms.iter().map(|arm| arm.guard).collect();
        let matching = Match { decision, tests, arm_of, guards, joins, fallback, span };
        let mut result = self.decision(&matching, Outlook::new(vars));
        let mut ty = ty;
        for (arm, (join, names)) in matching.joins.iter().enumerate().rev() {
            let params = names.iter().map(|n| self.local(*n)).collect();
            let lowered = body(self, arm);
            if !matches!(self.l.typed.store.get(lowered.ty), TyNode::Never) {
                ty = self.wider(ty, lowered.ty);
            }
            let kind = ExprKind::Join {
                join: *join,
                params,
                recursive: false,
                body: Box::new(lowered),
                rest: Box::new(result),
            };
            result = Expr { kind, ty, span };
        }
        result
    }

    /// A statement's match takes the type of what follows it.
    fn wider(&self, ty: Ty, body: Ty) -> Ty {
        if matches!(self.l.typed.store.get(ty), TyNode::Unit) { body } else { ty }
    }
}

/// Adds a scrutinee as a column; a tuple written out that no arm wants whole becomes a column for each item.
fn add_column<'h>(
    scrutinee: &'h hir::Expr,
    column: &[&'h Pattern],
    scrutinees: &mut Vec<&'h hir::Expr>,
    rows: &mut [Vec<Vec<Cell<'h>>>],
) {
    let items = match &scrutinee.kind {
        hir::ExprKind::Tuple(items) if column.iter().all(|p| is_taken_apart(p)) => items,
        _ => {
            scrutinees.push(scrutinee);
            for (arm, pattern) in rows.iter_mut().zip(column) {
                arm.iter_mut().for_each(|row| row.push(Cell::Pattern(pattern)));
            }
            return;
        }
    };
    scrutinees.extend(items);
    for (arm, pattern) in rows.iter_mut().zip(column) {
        let mut alternatives = Vec::new();
        take_apart(pattern, items.len(), &mut alternatives);
        let joined = |row: &Vec<Cell<'h>>| {
            let row = row.clone();
            alternatives.iter().map(move |more| [&row[..], more].concat()).collect::<Vec<_>>()
        };
        *arm = arm.iter().flat_map(joined).collect();
    }
}

/// Whether a pattern looks at a tuple's items only.
fn is_taken_apart(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Tuple(_) | PatternKind::Wild => true,
        PatternKind::Or(any) => any.iter().all(is_taken_apart),
        _ => false,
    }
}

/// The patterns of a tuple's items, for each alternative.
fn take_apart<'h>(pattern: &'h Pattern, count: usize, out: &mut Vec<Vec<Cell<'h>>>) {
    match &pattern.kind {
        PatternKind::Tuple(parts) => out.push(parts.iter().map(Cell::Pattern).collect()),
        PatternKind::Or(any) => any.iter().for_each(|p| take_apart(p, count, out)),
        _ => out.push(vec![Cell::Wild; count]),
    }
}
