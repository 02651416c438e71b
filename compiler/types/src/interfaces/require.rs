//! Requirements: met by an impl, a declared bound or by structure; or they wait, or become part of a scheme.

use super::matching::Fit;
use super::{Bound, Constraint};
use crate::checker::Checker;
use crate::explain;
use crate::polarity::{Polarity, Reified};
use crate::solver::node::{Head, Node, Reason, RowId, Shape};
use snow_names::hir::{ImplId, InterfaceId};
use std::collections::HashMap;

/// What one step at a requirement yields.
pub(crate) enum Outcome {
    /// It is met when these are.
    Needs(Vec<Constraint>),
    /// Too little is known.
    Wait,
    /// It is not met; the part that is to blame, when it is not the type itself.
    Failed(Option<Node>),
}

impl Checker<'_> {
    /// A type has to implement an interface: now, or when it is known.
    pub(crate) fn require(&mut self, constraint: Constraint) {
        let mut rows = HashMap::new();
        self.require_within(constraint, &mut rows, 0);
    }

    fn require_within(
        &mut self,
        constraint: Constraint,
        rows: &mut HashMap<(InterfaceId, RowId), ()>,
        depth: u32,
    ) {
        if depth > 60 {
            return;
        }
        match self.step(&constraint, rows) {
            Outcome::Needs(inner) => inner.into_iter().for_each(|c| self.require_within(c, rows, depth + 1)),
            Outcome::Wait => self.postpone_constraint(constraint),
            Outcome::Failed(part) => {
                let problem = explain::interfaces::not_implemented(self, &constraint, part);
                self.solver.report(problem);
            }
        }
    }

    fn postpone_constraint(&mut self, constraint: Constraint) {
        let on = self.solver.find(constraint.on);
        let same = |c: &Self, other: &Constraint| {
            other.interface == constraint.interface
                && c.solver.find(other.on) == on
                && other
                    .args
                    .iter()
                    .zip(&constraint.args)
                    .all(|(a, b)| c.solver.find(*a) == c.solver.find(*b))
        };
        let known = (0..self.group.constraints.len()).find(|i| same(self, &self.group.constraints[*i]));
        match known {
            Some(index) => {
                let theirs = self.group.constraints[index].associated.clone();
                for (a, b) in theirs.into_iter().zip(&constraint.associated) {
                    self.solver.unify(a, *b, constraint.origin);
                }
            }
            None => {
                self.note_made(&constraint);
                self.group.constraints.push(constraint);
            }
        }
    }

    /// A type that a static method makes is as large as its users allow: what it does not have is not made.
    fn note_made(&mut self, constraint: &Constraint) {
        if !self.has_static(constraint.interface) {
            return;
        }
        let on = self.solver.find(constraint.on);
        if self.group.reified.iter().any(|reified| self.solver.find(reified.node) == on) {
            return;
        }
        self.group.reified.push(Reified {
            node: on,
            polarity: Polarity::NEGATIVE,
            must_be_known: false,
            travels: false,
            span: constraint.origin.span,
            function: constraint.origin.function,
        });
    }

    /// One step: what the requirement comes down to.
    pub(crate) fn step(
        &mut self,
        constraint: &Constraint,
        rows: &mut HashMap<(InterfaceId, RowId), ()>,
    ) -> Outcome {
        let on = self.solver.find(constraint.on);
        match self.solver.nodes[on] {
            Shape::Error => return Outcome::Needs(Vec::new()),
            Shape::Constructed(Head::Never, _) if !self.has_static(constraint.interface) => {
                return Outcome::Needs(Vec::new());
            }
            Shape::Variable(_) if !self.bounds.contains_key(&on) => return Outcome::Wait,
            Shape::Tags(row) => {
                let row = self.solver.find_row(row);
                if self.solver.rows[row].closed.is_some()
                    && rows.insert((constraint.interface, row), ()).is_some()
                {
                    return Outcome::Needs(Vec::new());
                }
            }
            _ => {}
        }
        if let Some(outcome) = self.by_bound(constraint, on) {
            return outcome;
        }
        self.by_impl(constraint)
    }

    fn has_static(&self, interface: InterfaceId) -> bool {
        self.program.interfaces[interface].methods.iter().any(|m| !m.has_self)
    }

    fn by_bound(&mut self, constraint: &Constraint, on: Node) -> Option<Outcome> {
        let bounds = self.bounds.get(&on)?;
        let fits: Vec<Bound> =
            bounds.iter().filter(|b| b.interface == constraint.interface).cloned().collect();
        let bound = match fits.as_slice() {
            [] => return None,
            [one] => one.clone(),
            many => many
                .iter()
                .find(|b| {
                    b.args
                        .iter()
                        .zip(&constraint.args)
                        .all(|(a, c)| self.solver.find(*a) == self.solver.find(*c))
                })
                .cloned()?,
        };
        self.unify_pairs(&bound.args, &constraint.args, constraint);
        self.unify_pairs(&bound.associated, &constraint.associated, constraint);
        Some(Outcome::Needs(Vec::new()))
    }

    fn unify_pairs(&mut self, a: &[Node], b: &[Node], constraint: &Constraint) {
        for (x, y) in a.iter().zip(b) {
            self.solver.unify(*x, *y, constraint.origin.because(Reason::Plain));
        }
    }

    fn by_impl(&mut self, constraint: &Constraint) -> Outcome {
        let candidates = self.candidates(constraint.interface, constraint.on, &constraint.args);
        match candidates.as_slice() {
            [] => self.structural(constraint),
            [(id, _)] => Outcome::Needs(self.use_impl(*id, constraint)),
            many => match many.iter().find(|(_, fit)| *fit == Fit::Yes) {
                Some((id, _)) if many.iter().filter(|c| c.1 == Fit::Yes).count() == 1 => {
                    Outcome::Needs(self.use_impl(*id, constraint))
                }
                _ => Outcome::Wait,
            },
        }
    }

    /// Takes an impl: its head is the type, its parameters have to implement what it says.
    fn use_impl(&mut self, id: ImplId, constraint: &Constraint) -> Vec<Constraint> {
        let info = &self.impls[id];
        let mut from: Vec<Node> = info.params.clone();
        let bounds = info.bounds.clone();
        from.extend(bounds.iter().flat_map(|(_, b)| b.associated.iter().copied()));
        let Some(on) = info.on else { return Vec::new() };
        let args = info.interface.as_ref().map_or_else(Vec::new, |(_, args)| args.clone());
        let names = &self.program.interfaces[constraint.interface].associated;
        let associated: Vec<Option<Node>> =
            names.iter().map(|n| info.associated.iter().find(|(m, _)| m == n).map(|(_, t)| *t)).collect();
        let to = self.solver.fresh_many(from.len());
        let head = self.solver.substitute(on, &from, &to);
        self.solver.subsume(constraint.on, head, constraint.origin.because(Reason::Plain));
        for (arg, wanted) in args.iter().zip(&constraint.args) {
            let arg = self.solver.substitute(*arg, &from, &to);
            self.solver.unify(*wanted, arg, constraint.origin.because(Reason::Plain));
        }
        for (ours, wanted) in associated.iter().zip(&constraint.associated) {
            if let Some(node) = ours {
                let node = self.solver.substitute(*node, &from, &to);
                self.solver.unify(*wanted, node, constraint.origin.because(Reason::Plain));
            }
        }
        bounds.into_iter().map(|(on, bound)| self.bound_instance(on, bound, &from, &to, constraint)).collect()
    }

    fn bound_instance(
        &mut self,
        on: Node,
        bound: Bound,
        from: &[Node],
        to: &[Node],
        for_: &Constraint,
    ) -> Constraint {
        let mut put = |node: Node| self.solver.substitute(node, from, to);
        Constraint {
            interface: bound.interface,
            on: put(on),
            args: bound.args.into_iter().map(&mut put).collect(),
            associated: bound.associated.into_iter().map(&mut put).collect(),
            origin: for_.origin,
        }
    }

    /// Looks at all waiting requirements again. Whether any was met.
    pub(crate) fn retry_constraints(&mut self) -> bool {
        let waiting = std::mem::take(&mut self.group.constraints);
        let count = waiting.len();
        for constraint in waiting {
            self.require(constraint);
        }
        self.group.constraints.len() != count
    }
}
