//! Matches as decision trees: every test once on a path, tags dispatched by a switch, arms shared through joins.
//!
//! The method is that of Maranget, "Compiling Pattern Matching to Good Decision Trees" (2008), with the column of the first
//! row's first pattern.

use super::Body;
use super::rows::{Cell, Row, names_of};
use crate::ir::{Expr, ExprKind, Join, Key, Shape, Var};
use snow_abi::failure::Failure;
use snow_names::hir::{self, LocalId, Pattern, PatternKind, TypeDefKind};
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

/// An arm: a cell for each scrutinee, and its guard.
pub(crate) struct MatchArm<'h> {
    pub cells: Vec<Cell<'h>>,
    pub guard: Option<&'h hir::Expr>,
}

/// A match under way.
struct Match<'h, 'm> {
    arms: &'m [MatchArm<'h>],
    /// The join of each arm and the names that are its parameters.
    joins: Vec<(Join, Vec<LocalId>)>,
    fallback: Fallback,
    span: Span,
}

impl Body<'_, '_> {
    /// `case`
    pub fn case(&mut self, e: &hir::Expr, scrutinees: &[hir::Expr], arms: &[hir::Arm]) -> Expr {
        let ty = self.type_of(e);
        let values = self.all(scrutinees);
        let vars: Vec<Var> = values.iter().map(|v| self.var(v.ty)).collect();
        let matched: Vec<MatchArm> = arms
            .iter()
            .map(|a| MatchArm {
                cells: a.patterns.iter().map(Cell::Pattern).collect(),
                guard: a.guard.as_ref(),
            })
            .collect();
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
        let arms = [MatchArm { cells: vec![Cell::Pattern(pattern)], guard: None }];
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
        let joins = arms.iter().map(|arm| (self.join(), bound_names(&arm.cells))).collect();
        let matching = Match { arms, joins, fallback, span };
        let rows = arms
            .iter()
            .enumerate()
            .flat_map(|(arm, a)| {
                let cells = vars.iter().copied().zip(a.cells.iter().copied()).collect();
                Row { cells, binds: vec![], arm }.simple()
            })
            .collect();
        let mut result = self.tree(rows, &matching);
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

    fn tree(&mut self, rows: Vec<Row>, m: &Match) -> Expr {
        let Some(first) = rows.first() else { return self.no_match(m) };
        let Some((var, cell)) = first.cells.first().copied() else {
            return self.leaf(&rows, m);
        };
        let pattern = match cell {
            Cell::Signal(..) => return self.switch(var, rows, m),
            Cell::MapFrom(pattern, pair) => return self.map_pair(var, pattern, pair, rows, m),
            Cell::Pattern(pattern) => pattern,
        };
        match &pattern.kind {
            PatternKind::Tuple(parts) => self.expand(var, Shape::Tuple, parts.len(), rows, m),
            PatternKind::Struct(def, parts) => self.expand(var, Shape::Struct(*def), parts.len(), rows, m),
            PatternKind::Tag(..) | PatternKind::Variant(..) | PatternKind::Bool(_) | PatternKind::Int(_) => {
                self.switch(var, rows, m)
            }
            PatternKind::Map(_) => self.map_pair(var, pattern, 0, rows, m),
            _ => self.condition(var, pattern, rows, m),
        }
    }

    fn no_match(&mut self, m: &Match) -> Expr {
        let kind = match m.fallback {
            Fallback::Unreachable => ExprKind::Fail(Failure::NoMatch, vec![]),
            Fallback::Retry => ExprKind::Retry,
            Fallback::Jump(join) => ExprKind::Jump(join, vec![]),
        };
        self.diverging(kind, m.span)
    }

    /// The first row matches: its guard decides, then its arm.
    fn leaf(&mut self, rows: &[Row], m: &Match) -> Expr {
        let row = &rows[0];
        let (join, names) = &m.joins[row.arm];
        let value = |name: &LocalId| {
            let found = row.binds.iter().rev().find(|b| b.0 == *name);
            self.get(found.expect("every alternative binds the arm's names").1, m.span)
        };
        let args: Vec<Expr> = names.iter().map(value).collect();
        let mut jump = self.diverging(ExprKind::Jump(*join, args), m.span);
        if matches!(m.fallback, Fallback::Retry) {
            let unit = self.l.unit();
            let accepted = self.var(unit);
            jump = self.bind(accepted, Expr { kind: ExprKind::Accept, ty: unit, span: m.span }, jump);
        }
        let Some(guard) = m.arms[row.arm].guard else { return jump };
        self.locals.extend(row.binds.iter().copied());
        let guard = self.expr(guard);
        let otherwise = self.tree(rows[1..].to_vec(), m);
        let kind = ExprKind::If(Box::new(guard), Box::new(jump), Box::new(otherwise));
        self.diverging(kind, m.span)
    }

    /// Takes an object apart that needs no test.
    fn expand(&mut self, var: Var, shape: Shape, arity: usize, rows: Vec<Row>, m: &Match) -> Expr {
        let parts = self.part_vars(arity, &rows, var, |cell| sub_patterns(cell));
        let rows = rows.into_iter().flat_map(|row| take_apart(row, var, &parts)).collect();
        let tree = self.tree(rows, m);
        self.bind_parts(var, shape, &parts, tree, m.span)
    }

    /// A variable for each part that some row looks at.
    fn part_vars<'h>(
        &mut self,
        arity: usize,
        rows: &[Row<'h>],
        var: Var,
        parts_of: impl Fn(Cell<'h>) -> Option<&'h [Pattern]>,
    ) -> Vec<Option<Var>> {
        let mut vars = vec![None; arity];
        for row in rows {
            let Some(parts) = row.cell(var).and_then(&parts_of) else { continue };
            for (slot, part) in vars.iter_mut().zip(parts) {
                if slot.is_none() && !matches!(part.kind, PatternKind::Wild) {
                    *slot = Some(self.vars.push(self.l.typed.patterns[part.id]));
                }
            }
        }
        vars
    }

    fn bind_parts(&mut self, var: Var, shape: Shape, parts: &[Option<Var>], tree: Expr, span: Span) -> Expr {
        let mut result = tree;
        for (index, part) in parts.iter().enumerate().rev() {
            if let Some(part) = part {
                let value = self.project(var, shape.clone(), index as u32, self.vars[*part], span);
                result = self.bind(*part, value, result);
            }
        }
        result
    }

    /// Dispatch on constructors or literals of one variable.
    fn switch(&mut self, var: Var, rows: Vec<Row>, m: &Match) -> Expr {
        let mut keys: Vec<Key> = Vec::new();
        for key in rows.iter().filter_map(|r| r.cell(var)).filter_map(key_of) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let rest: Vec<Row> =
            rows.iter().filter(|r| r.cell(var).and_then(key_of).is_none()).cloned().collect();
        let complete = self.is_complete(var, &keys);
        let mut cases = Vec::new();
        for key in keys {
            let fits = |cell: Cell| key_of(cell).as_ref() == Some(&key);
            let arity = rows.iter().filter_map(|r| r.cell(var)).find(|c| fits(*c)).and_then(sub_patterns);
            let own = |cell| if fits(cell) { sub_patterns(cell) } else { None };
            let parts = self.part_vars(arity.map_or(0, <[Pattern]>::len), &rows, var, own);
            let chosen: Vec<Row> = rows.iter().flat_map(|row| specialise(row, var, &key, &parts)).collect();
            let tree = self.tree(chosen, m);
            let shape = self.shape_of(var, &key);
            cases.push((key, self.bind_parts(var, shape, &parts, tree, m.span)));
        }
        let default = (!complete).then(|| Box::new(self.tree(rest, m)));
        self.diverging(ExprKind::Switch { subject: var, cases, default }, m.span)
    }

    fn shape_of(&self, var: Var, key: &Key) -> Shape {
        match key {
            Key::Tag(name) => Shape::Tag(*name),
            Key::Variant(index) => match self.l.typed.store.get(self.vars[var]) {
                TyNode::Named(def, _) => Shape::Variant(*def, *index),
                other => unreachable!("a variant is of a named type: {other:?}"),
            },
            Key::Int(_) => Shape::Tuple,
        }
    }

    /// Whether the keys are all there can be.
    fn is_complete(&self, var: Var, keys: &[Key]) -> bool {
        match self.l.typed.store.get(self.vars[var]) {
            TyNode::Builtin(hir::Builtin::Bool, _) => keys.len() == 2,
            TyNode::Named(def, _) => match &self.l.hir.types[*def].kind {
                TypeDefKind::Sum(variants) => variants.len() == keys.len(),
                _ => false,
            },
            TyNode::Tags(tags) => tags.iter().all(|t| keys.contains(&Key::Tag(t.0))),
            _ => false,
        }
    }

    /// A test that is no dispatch: text, floats, ranges, pins, prefixes.
    fn condition(&mut self, var: Var, pattern: &Pattern, rows: Vec<Row>, m: &Match) -> Expr {
        let test = self.test(var, pattern, m.span);
        let rest = match &pattern.kind {
            PatternKind::Prefix(..) => Some(self.var(self.vars[var])),
            _ => None,
        };
        let mut then = Vec::new();
        let mut otherwise = Vec::new();
        for row in rows {
            match row.cell(var) {
                Some(Cell::Pattern(other)) if super::conditions::same(pattern, other) => {
                    let inner = match (&other.kind, rest) {
                        (PatternKind::Prefix(_, inner), Some(rest)) => vec![(rest, Cell::Pattern(inner))],
                        _ => vec![],
                    };
                    then.extend(row.replace(var, inner).simple());
                }
                Some(Cell::Pattern(other)) if super::conditions::excludes(pattern, other) => {
                    otherwise.push(row)
                }
                _ => {
                    then.push(row.clone());
                    otherwise.push(row);
                }
            }
        }
        let mut then = self.tree(then, m);
        if let (PatternKind::Prefix(prefix, _), Some(rest)) = (&pattern.kind, rest) {
            let value = self.after_prefix(var, prefix, m.span);
            then = self.bind(rest, value, then);
        }
        let otherwise = self.tree(otherwise, m);
        let kind = ExprKind::If(Box::new(test), Box::new(then), Box::new(otherwise));
        self.diverging(kind, m.span)
    }

    /// One pair of a map pattern: has the key, and its value matches.
    fn map_pair(&mut self, var: Var, pattern: &Pattern, pair: usize, rows: Vec<Row>, m: &Match) -> Expr {
        let PatternKind::Map(pairs) = &pattern.kind else { unreachable!("called for map patterns") };
        let (first, rest) = rows.split_first().expect("there is a row");
        let Some((key, value)) = pairs.get(pair) else {
            let mut all = first.replace(var, vec![]).simple();
            all.extend(rest.iter().cloned());
            return self.tree(all, m);
        };
        let value_ty = self.l.typed.patterns[value.id];
        let (found, found_value) = self.map_find(var, key, value_ty, m.span);
        let part = self.var(value_ty);
        // `first` borrows from the arms, as the pattern does.
        let next = (var, next_pair(first.cell(var), pair + 1));
        let inner = value_cell(first.cell(var), pair);
        let mut then = first.replace(var, vec![(part, inner), next]).simple();
        then.extend(rest.iter().cloned());
        let then = self.tree(then, m);
        let option = self.l.known.option;
        let then = {
            let value = self.project(found, Shape::Variant(option, 1), 0, value_ty, m.span);
            self.bind(part, value, then)
        };
        let otherwise = self.tree(rest.to_vec(), m);
        let cases = vec![(Key::Variant(0), otherwise), (Key::Variant(1), then)];
        let switch = self.diverging(ExprKind::Switch { subject: found, cases, default: None }, m.span);
        self.bind(found, found_value, switch)
    }
}

fn next_pair(cell: Option<Cell>, pair: usize) -> Cell {
    match cell {
        Some(Cell::Pattern(pattern) | Cell::MapFrom(pattern, _)) => Cell::MapFrom(pattern, pair),
        _ => unreachable!("called for map patterns"),
    }
}

fn value_cell(cell: Option<Cell>, pair: usize) -> Cell {
    match cell {
        Some(Cell::Pattern(pattern) | Cell::MapFrom(pattern, _)) => match &pattern.kind {
            PatternKind::Map(pairs) => Cell::Pattern(&pairs[pair].1),
            _ => unreachable!("called for map patterns"),
        },
        _ => unreachable!("called for map patterns"),
    }
}

fn bound_names(cells: &[Cell]) -> Vec<LocalId> {
    let mut names = Vec::new();
    for cell in cells {
        match cell {
            Cell::Pattern(pattern) | Cell::MapFrom(pattern, _) => names_of(pattern, &mut names),
            Cell::Signal(_, parts) => parts.iter().for_each(|p| names_of(p, &mut names)),
        }
    }
    names
}

/// The key that a cell dispatches on.
fn key_of(cell: Cell) -> Option<Key> {
    match cell {
        Cell::Signal(name, _) => Some(Key::Tag(name)),
        Cell::MapFrom(..) => None,
        Cell::Pattern(pattern) => match &pattern.kind {
            PatternKind::Tag(name, _) => Some(Key::Tag(*name)),
            PatternKind::Variant(variant, _) => Some(Key::Variant(variant.index)),
            PatternKind::Bool(b) => Some(Key::Int(*b as i64)),
            PatternKind::Int(n) => Some(Key::Int(*n)),
            _ => None,
        },
    }
}

/// The patterns of an object's parts.
fn sub_patterns(cell: Cell<'_>) -> Option<&[Pattern]> {
    match cell {
        Cell::Signal(_, parts) => Some(parts),
        Cell::MapFrom(..) => None,
        Cell::Pattern(pattern) => match &pattern.kind {
            PatternKind::Tag(_, parts)
            | PatternKind::Variant(_, parts)
            | PatternKind::Tuple(parts)
            | PatternKind::Struct(_, parts) => Some(parts),
            _ => None,
        },
    }
}

/// The row with a variable's object replaced by its parts.
fn take_apart<'h>(row: Row<'h>, var: Var, parts: &[Option<Var>]) -> Vec<Row<'h>> {
    match row.cell(var).and_then(sub_patterns) {
        None => vec![row],
        Some(patterns) => {
            let cells =
                parts.iter().zip(patterns).filter_map(|(p, c)| p.map(|p| (p, Cell::Pattern(c)))).collect();
            row.replace(var, cells).simple()
        }
    }
}

/// The row where the variable is known to have a key; nothing when it cannot match.
fn specialise<'h>(row: &Row<'h>, var: Var, key: &Key, parts: &[Option<Var>]) -> Vec<Row<'h>> {
    match row.cell(var) {
        None => vec![row.clone()],
        Some(cell) => match key_of(cell) {
            Some(own) if own == *key => match sub_patterns(cell) {
                Some(_) => take_apart(row.clone(), var, parts),
                None => row.replace(var, vec![]).simple(),
            },
            Some(_) => vec![],
            None => match (cell, key) {
                (Cell::Pattern(Pattern { kind: PatternKind::Range(lo, hi), .. }), Key::Int(n)) => {
                    if lo <= n && n <= hi { row.replace(var, vec![]).simple() } else { vec![] }
                }
                _ => vec![row.clone()],
            },
        },
    }
}
