//! Subsumption and unification of shapes, one step at a time.

use super::node::{Head, Node, Origin, Reason, Shape, Variance};
use super::{Pending, Solver, Work};
use crate::explain;

impl Solver<'_> {
    /// No pid, tag or function inside: binding is as good as copying the shape.
    fn plain(&self, node: Node) -> bool {
        match self.shape(node) {
            Shape::Constructed(_, args) => args.iter().all(|a| self.plain(*a)),
            Shape::Function(..) | Shape::Pid(_) | Shape::Tags(_) => false,
            Shape::Variable(_) | Shape::Rigid(_) | Shape::NoMailbox | Shape::Error | Shape::Link(_) => true,
        }
    }

    pub(super) fn subsume_step(&mut self, a: Node, b: Node, origin: Origin) {
        let (a, b) = (self.find(a), self.find(b));
        if a == b || self.absorbed(a, b) {
            return;
        }
        match (self.nodes[a].clone(), self.nodes[b].clone()) {
            (Shape::Variable(_), Shape::Variable(_)) => self.unify_step(a, b, origin),
            (Shape::Variable(_), shape) => {
                if let Some(copy) = self.take_shape(a, b, shape, origin) {
                    self.work.push(Work::Subsume(copy, b, origin));
                }
            }
            (shape, Shape::Variable(_)) => {
                if let Some(copy) = self.take_shape(b, a, shape, origin) {
                    self.work.push(Work::Subsume(a, copy, origin));
                }
            }
            (Shape::Constructed(f, x), Shape::Constructed(g, y)) if f == g && x.len() == y.len() => {
                self.subsume_args(f, &x, &y, origin);
            }
            (Shape::Function(..), Shape::Function(..)) => self.subsume_functions(a, b, origin),
            (Shape::Pid(m), Shape::Pid(n)) => self.subsume_pids(m, n, origin),
            (Shape::Tags(r), Shape::Tags(s)) => self.edge(r, s, None, origin),
            _ => self.mismatch(a, b, origin),
        }
    }

    /// `Never` fits everywhere; errors are silent and spread.
    fn absorbed(&mut self, a: Node, b: Node) -> bool {
        if matches!(self.nodes[a], Shape::Constructed(Head::Never, _)) {
            if let Shape::Variable(variable) = &mut self.nodes[b] {
                variable.never = true;
            }
            return true;
        }
        let (x, y) = (matches!(self.nodes[a], Shape::Error), matches!(self.nodes[b], Shape::Error));
        if x && self.is_variable(b) {
            self.nodes[b] = Shape::Link(a);
        } else if y && self.is_variable(a) {
            self.nodes[a] = Shape::Link(b);
        }
        x || y
    }

    fn subsume_args(&mut self, head: Head, x: &[Node], y: &[Node], origin: Origin) {
        for (index, (p, q)) in x.iter().zip(y).enumerate() {
            match self.variance_of(head, index) {
                Variance { positive: true, negative: false } => self.work.push(Work::Subsume(*p, *q, origin)),
                Variance { positive: false, negative: true } => self.work.push(Work::Subsume(*q, *p, origin)),
                Variance { positive: true, negative: true } => self.work.push(Work::Unify(*p, *q, origin)),
                Variance { positive: false, negative: false } => {}
            }
        }
    }

    /// How the `index`-th argument of a constructed type varies.
    pub fn variance_of(&self, head: Head, index: usize) -> Variance {
        match head {
            Head::Named(id) => self.variance[id].get(index).copied().unwrap_or_default(),
            _ => Variance { positive: true, negative: false },
        }
    }

    fn subsume_functions(&mut self, a: Node, b: Node, origin: Origin) {
        let (Some((x, e, r)), Some((y, f, s))) = (self.function(a), self.function(b)) else { return };
        if x.len() != y.len() {
            return self.count_mismatch(a, b, origin);
        }
        for (p, q) in x.into_iter().zip(y) {
            self.work.push(Work::Subsume(q, p, origin));
        }
        self.work.push(Work::Subsume(r, s, origin));
        if !matches!(self.shape(e), Shape::NoMailbox) {
            self.work.push(Work::Unify(e, f, origin));
        }
    }

    fn subsume_pids(&mut self, m: Node, n: Node, origin: Origin) {
        let (m, n) = (self.find(m), self.find(n));
        if m != n && self.is_variable(m) && self.is_variable(n) {
            self.pending.entry(n).or_default().push(Pending { other: m, lower: true, origin });
            self.pending.entry(m).or_default().push(Pending { other: n, lower: false, origin });
            self.deferred.push((n, m, origin));
        } else {
            self.work.push(Work::Subsume(n, m, origin));
        }
    }

    /// Gives an unknown the outermost shape of `like`, with fresh parts; `None` when it was bound to `like` itself.
    fn take_shape(&mut self, variable: Node, like: Node, shape: Shape, origin: Origin) -> Option<Node> {
        if self.occurs(variable, like) {
            self.infinite(variable, like, origin);
            return None;
        }
        if self.plain(like) {
            self.bind(variable, like, origin);
            return None;
        }
        let copy = match shape {
            Shape::Constructed(head, args) => {
                let args = self.fresh_many(args.len());
                Shape::Constructed(head, args)
            }
            Shape::Function(params, mailbox, _) => {
                let params = self.fresh_many(params.len());
                let free = matches!(self.shape(mailbox), Shape::NoMailbox);
                let mailbox = if free { self.fresh() } else { mailbox };
                Shape::Function(params, mailbox, self.fresh())
            }
            Shape::Pid(_) => Shape::Pid(self.fresh()),
            Shape::Tags(_) => Shape::Tags(self.row(origin)),
            other => other,
        };
        let copy = self.make(copy);
        self.bind(variable, copy, origin);
        Some(copy)
    }

    fn bind(&mut self, variable: Node, to: Node, origin: Origin) {
        let Shape::Variable(flags) = self.nodes[variable] else { return };
        self.nodes[variable] = Shape::Link(to);
        let to = self.find(to);
        if let Shape::Variable(other) = &mut self.nodes[to] {
            other.never |= flags.never;
        }
        if flags.mailbox.is_some() || flags.catch_all {
            let at = flags.mailbox.unwrap_or(origin);
            match &mut self.nodes[to] {
                Shape::Variable(other) => {
                    other.mailbox = other.mailbox.or(flags.mailbox);
                    other.catch_all |= flags.catch_all;
                }
                Shape::Tags(row) => {
                    let row = *row;
                    self.become_mailbox(row, flags.catch_all, at);
                }
                Shape::NoMailbox => self.no_mailbox(None, at),
                _ => {}
            }
        }
        self.wake(variable, to);
    }

    fn wake(&mut self, variable: Node, to: Node) {
        let Some(waiting) = self.pending.remove(&variable) else { return };
        if self.is_variable(to) {
            self.pending.entry(to).or_default().extend(waiting);
            return;
        }
        for Pending { other, lower, origin } in waiting {
            let (a, b) = if lower { (to, other) } else { (other, to) };
            self.work.push(Work::Subsume(a, b, origin));
        }
    }

    pub(super) fn unify_step(&mut self, a: Node, b: Node, origin: Origin) {
        let (a, b) = (self.find(a), self.find(b));
        if a == b
            || matches!((&self.nodes[a], &self.nodes[b]), (Shape::Error, _) | (_, Shape::Error))
                && self.absorbed(a, b)
        {
            return;
        }
        match (self.nodes[a].clone(), self.nodes[b].clone()) {
            (Shape::Variable(_), _) => self.unify_variable(a, b, origin),
            (_, Shape::Variable(_)) => self.unify_variable(b, a, origin),
            (Shape::Constructed(f, x), Shape::Constructed(g, y)) if f == g && x.len() == y.len() => {
                self.unify_all(x, y, origin);
            }
            (Shape::Function(x, e, r), Shape::Function(y, f, s)) => {
                if x.len() != y.len() {
                    return self.count_mismatch(a, b, origin);
                }
                self.unify_all(x, y, origin);
                self.work.push(Work::Unify(r, s, origin));
                self.work.push(Work::Unify(e, f, origin));
            }
            (Shape::Pid(m), Shape::Pid(n)) => self.work.push(Work::Unify(m, n, origin)),
            (Shape::Tags(r), Shape::Tags(s)) => self.merge(r, s, origin),
            (Shape::NoMailbox, Shape::NoMailbox) => {}
            (Shape::NoMailbox, _) => self.no_mailbox(Some(b), origin),
            (_, Shape::NoMailbox) => self.no_mailbox(Some(a), origin),
            _ => self.mismatch(a, b, origin),
        }
    }

    fn unify_all(&mut self, x: Vec<Node>, y: Vec<Node>, origin: Origin) {
        for (p, q) in x.into_iter().zip(y) {
            self.work.push(Work::Unify(p, q, origin));
        }
    }

    fn unify_variable(&mut self, variable: Node, other: Node, origin: Origin) {
        if self.occurs(variable, other) {
            self.infinite(variable, other, origin);
        } else {
            self.bind(variable, other, origin);
        }
    }

    /// Rows cut the search: recursion through a tag is a legal type.
    pub(crate) fn occurs(&self, variable: Node, within: Node) -> bool {
        match self.shape(within) {
            Shape::Variable(_) => self.find(within) == variable,
            Shape::Constructed(_, args) => args.iter().any(|a| self.occurs(variable, *a)),
            Shape::Function(params, mailbox, result) => {
                params.iter().chain([mailbox, result]).any(|p| self.occurs(variable, *p))
            }
            Shape::Pid(messages) => self.occurs(variable, *messages),
            _ => false,
        }
    }

    fn infinite(&mut self, variable: Node, within: Node, origin: Origin) {
        let problem = explain::mismatch::infinite(self, variable, within, origin);
        self.nodes[variable] = Shape::Error;
        self.report(problem);
    }

    fn mismatch(&mut self, found: Node, wanted: Node, origin: Origin) {
        match origin.reason {
            Reason::Received(name, row) => {
                self.disputed.insert((self.find_row(row), name));
            }
            Reason::Payload(name, row, _) => {
                let row = self.find_row(row);
                // One problem for one built value, however many ways lead to the process.
                let is_new = self.payloads.insert((row, name, origin.span));
                if !is_new || self.disputed.contains(&(row, name)) {
                    return;
                }
            }
            _ => {}
        }
        let problem = explain::mismatch::mismatch(self, found, wanted, origin);
        self.report(problem);
    }

    fn count_mismatch(&mut self, found: Node, wanted: Node, origin: Origin) {
        let problem = explain::arguments::function_count(self, found, wanted, origin);
        self.report(problem);
    }
}
