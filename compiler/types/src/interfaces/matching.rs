//! Which impl fits a type.

use crate::checker::Checker;
use crate::solver::Solver;
use crate::solver::node::{Node, Shape};
use snow_names::hir::{ImplId, InterfaceId};
use std::collections::HashMap;

/// How well a type fits the head of an impl.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fit {
    /// It does.
    Yes,
    /// It does when what is not known yet turns out so.
    Maybe,
    /// It does not.
    No,
}

impl Fit {
    fn and(self, other: Fit) -> Fit {
        match (self, other) {
            (Fit::No, _) | (_, Fit::No) => Fit::No,
            (Fit::Maybe, _) | (_, Fit::Maybe) => Fit::Maybe,
            _ => Fit::Yes,
        }
    }
}

impl Solver<'_> {
    /// Whether `node` is an instance of `template`, whose quantified variables may be anything.
    pub(crate) fn fit(&self, template: Node, node: Node, bound: &mut HashMap<Node, Node>) -> Fit {
        let (template, node) = (self.find(template), self.find(node));
        if template == node {
            return Fit::Yes;
        }
        if let Shape::Variable(v) = self.nodes[template]
            && v.general
        {
            return match bound.insert(template, node) {
                Some(before) if self.find(before) != node => self.fit(before, node, &mut HashMap::new()),
                _ => Fit::Yes,
            };
        }
        match (&self.nodes[template], &self.nodes[node]) {
            (Shape::Variable(_), _) | (_, Shape::Variable(_)) => Fit::Maybe,
            (Shape::Error, _) | (_, Shape::Error) => Fit::Yes,
            (Shape::Constructed(f, x), Shape::Constructed(g, y)) if f == g && x.len() == y.len() => {
                self.fit_all(x, y, bound)
            }
            (Shape::Function(x, _, r), Shape::Function(y, _, s)) if x.len() == y.len() => {
                self.fit_all(x, y, bound).and(self.fit(*r, *s, bound))
            }
            (Shape::Pid(m), Shape::Pid(n)) => self.fit(*m, *n, bound),
            (Shape::Tags(r), Shape::Tags(s)) => {
                let (r, s) = (self.find_row(*r), self.find_row(*s));
                let (x, y) = (&self.rows[r].tags, &self.rows[s].tags);
                if y.keys().any(|k| !x.contains_key(k)) {
                    return Fit::No;
                }
                if x.len() == y.len() { Fit::Yes } else { Fit::Maybe }
            }
            _ => Fit::No,
        }
    }

    fn fit_all(&self, x: &[Node], y: &[Node], bound: &mut HashMap<Node, Node>) -> Fit {
        x.iter()
            .zip(y)
            .fold(Fit::Yes, |fit, (a, b)| if fit == Fit::No { fit } else { fit.and(self.fit(*a, *b, bound)) })
    }
}

impl Checker<'_> {
    /// How an impl fits a type and arguments of its interface.
    pub(crate) fn fit_impl(&self, id: ImplId, on: Node, args: &[Node]) -> Fit {
        let info = &self.impls[id];
        let Some(head) = info.on else { return Fit::No };
        let mut bound = HashMap::new();
        let mut fit = self.solver.fit(head, on, &mut bound);
        if let Some((_, theirs)) = &info.interface {
            for (template, arg) in theirs.iter().zip(args) {
                if fit != Fit::No {
                    fit = fit.and(self.solver.fit(*template, *arg, &mut bound));
                }
            }
        }
        fit
    }

    /// Impls of an interface that fit or may fit.
    pub(crate) fn candidates(&self, interface: InterfaceId, on: Node, args: &[Node]) -> Vec<(ImplId, Fit)> {
        self.impls_of[interface]
            .iter()
            .map(|id| (*id, self.fit_impl(*id, on, args)))
            .filter(|(_, fit)| *fit != Fit::No)
            .collect()
    }

    /// Whether a type has an impl of an interface, its arguments aside.
    pub(crate) fn has_impl(&self, interface: InterfaceId, on: Node) -> bool {
        self.impls_of[interface].iter().any(|id| self.fit_impl(*id, on, &[]) != Fit::No)
    }
}
