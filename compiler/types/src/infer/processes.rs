//! Spawn, send, receive, self.

use super::patterns::{flatten, taken_whole};
use crate::checker::Checker;
use crate::explain;
use crate::polarity::{Polarity, Reified};
use crate::solver::node::{Closed, Head, Node, Reason, Shape};
use snow_names::hir::{
    Builtin, Expr, ExprKind, FunctionId, Pattern, PatternKind, ReceiveArm, ReceivePattern, SignalKind,
    SpawnKind,
};
use snow_text::{Span, Symbol};
use std::collections::BTreeSet;

/// Whether a tag with so many payload values is a signal's shape.
pub(super) fn is_reserved(name: Symbol, count: usize) -> bool {
    matches!(
        (name.as_str(), count),
        ("down", 3) | ("exit", 2) | ("nodeup", 1) | ("nodedown", 2) | ("global_conflict", 2)
    ) || matches!((name.as_str(), count), ("group_join" | "group_leave", 2))
}

impl<'p> Checker<'p> {
    /// `spawn(f, a)`
    pub(super) fn spawn(&mut self, e: &'p Expr, kind: SpawnKind, callee: &'p Expr, args: &'p [Expr]) -> Node {
        let function = match &callee.kind {
            ExprKind::Function(id) => Some(*id),
            _ => None,
        };
        let node = self.expr(callee);
        if self.solver.function(node).is_none()
            && !self.solver.is_variable(node)
            && !matches!(self.solver.shape(node), Shape::Error)
        {
            let problem = explain::mailboxes::spawn_of(&self.solver, node, callee.span);
            self.solver.report(problem);
            return self.solver.make(Shape::Error);
        }
        let values: Vec<&'p Expr> = args.iter().collect();
        self.apply(node, &values, function, None, e.span);
        let mailbox = self.started(e, node);
        let pid = self.solver.make(Shape::Pid(mailbox));
        match kind {
            SpawnKind::Monitor => {
                let reference = self.solver.builtin(Builtin::MonitorRef);
                self.solver.constructed(Head::Tuple, vec![pid, reference])
            }
            _ => pid,
        }
    }

    /// The mailbox of a process that runs a function.
    fn started(&mut self, e: &Expr, callee: Node) -> Node {
        let origin = self.origin(e.span);
        let mailbox = match self.solver.function(callee) {
            Some((_, mailbox, _)) => mailbox,
            None => self.solver.make(Shape::NoMailbox),
        };
        let mailbox = if matches!(self.solver.shape(mailbox), Shape::NoMailbox) {
            let row = self.solver.row(origin);
            self.solver.close(row, Closed::Process(origin));
            self.solver.make(Shape::Tags(row))
        } else {
            self.solver.touch(mailbox, false, origin);
            self.group.spawned.push((mailbox, origin));
            mailbox
        };
        self.group.reified.push(Reified {
            node: mailbox,
            polarity: Polarity::NEGATIVE,
            must_be_known: false,
            travels: false,
            span: e.span,
            function: self.body.function,
        });
        if let Some(facts) = self.facts() {
            facts.spawned.push((e.id, mailbox));
        }
        mailbox
    }

    /// `Node.spawn(node, actor, a)`
    pub(super) fn spawn_remote(
        &mut self,
        e: &'p Expr,
        node: &'p Expr,
        actor: FunctionId,
        args: &'p [Expr],
        actor_span: Span,
    ) -> Node {
        let string = self.solver.builtin(Builtin::String);
        self.hand_over(node, string, Reason::Plain);
        let origin = self.origin(actor_span);
        let (callee, _) = self.use_function(actor, false, origin);
        let definition = &self.program.functions[actor];
        let values: Vec<&'p Expr> = args.iter().collect();
        self.apply(callee, &values, Some(actor), None, e.span);
        let travels = !self.hands_functions_over(args);
        let generic = self.functions[actor].generic.as_ref().is_some_and(|g| !g.params.is_empty());
        if generic && travels {
            let signature = self.functions[actor].signature.clone();
            let problem = explain::mailboxes::generic_remote(definition.name, actor_span, &signature);
            self.solver.report(problem);
        }
        let mailbox = self.started(e, callee);
        self.solver.make(Shape::Pid(mailbox))
    }

    /// Whether an argument is a function, which is reported.
    fn hands_functions_over(&mut self, args: &'p [Expr]) -> bool {
        let before = self.solver.problems.len();
        for arg in args {
            let facts = &self.facts[self.body.function.expect("in a body")];
            let found = facts.exprs.iter().rev().find(|x| x.0 == arg.id).map(|x| x.1);
            if let Some(node) = found.filter(|node| self.solver.function(*node).is_some()) {
                let problem = explain::mailboxes::function_travels(&self.solver, node, arg.span);
                self.solver.report(problem);
            }
        }
        self.solver.problems.len() > before
    }

    /// `send(to, message)`
    pub(super) fn send(&mut self, to: &'p Expr, message: &'p Expr) -> Node {
        let target = self.expr(to);
        let origin = self.origin(to.span);
        if matches!(self.solver.head(target), Some((Head::Tuple, _))) {
            let strings = vec![self.solver.builtin(Builtin::String), self.solver.builtin(Builtin::String)];
            let pair = self.solver.constructed(Head::Tuple, strings);
            self.solver.subsume(target, pair, origin);
            let node = self.widened(message);
            // The receiver is found when the program runs: it sees the message as it was made, its pids with all that they take.
            self.group.reified.push(Reified {
                node,
                polarity: Polarity::POSITIVE,
                must_be_known: false,
                travels: false,
                span: message.span,
                function: self.body.function,
            });
            return self.solver.unit();
        }
        let accepted = match *self.solver.shape(target) {
            Shape::Pid(messages) => messages,
            _ => {
                let messages = self.solver.fresh();
                let pid = self.solver.make(Shape::Pid(messages));
                self.solver.subsume(target, pid, origin);
                messages
            }
        };
        self.hand_over(message, accepted, Reason::Message);
        self.solver.unit()
    }

    /// `self()`
    pub(super) fn self_pid(&mut self, e: &Expr) -> Node {
        let origin = self.origin(e.span);
        let mailbox = self.body.mailbox;
        self.solver.touch(mailbox, false, origin);
        if let Some(facts) = self.facts() {
            facts.mailboxes.push((e.id, mailbox));
        }
        self.solver.make(Shape::Pid(mailbox))
    }

    /// `receive do … end`
    pub(super) fn receive(
        &mut self,
        e: &'p Expr,
        arms: &'p [ReceiveArm],
        after: Option<&'p (Expr, Expr)>,
    ) -> Node {
        let origin = self.origin(e.span);
        let mailbox = self.body.mailbox;
        if let Some(facts) = self.facts() {
            facts.mailboxes.push((e.id, mailbox));
        }
        if arms.is_empty() {
            self.solver.touch(mailbox, false, origin);
        }
        let mut taken = BTreeSet::new();
        for arm in arms {
            match &arm.pattern {
                ReceivePattern::Signal(kind, parts) => self.signal(*kind, parts),
                ReceivePattern::Message(pattern) => {
                    self.message_arm(pattern, arm.guard.is_none(), &mut taken);
                }
            }
        }
        let mut flat = Vec::new();
        for arm in arms.iter().filter(|a| a.guard.is_none()) {
            if let ReceivePattern::Message(pattern) = &arm.pattern {
                flatten(pattern, &mut flat);
            }
        }
        self.close_parts(&flat);
        if let Some((timeout, _)) = after {
            let int = self.solver.builtin(Builtin::Int);
            self.hand_over(timeout, int, Reason::Plain);
        }
        let last = after.map(|a| (None, &a.1));
        let bodies = arms.iter().map(|a| (a.guard.as_ref(), &a.body)).chain(last);
        self.bodies(bodies, None)
    }

    fn signal(&mut self, kind: SignalKind, parts: &'p [Pattern]) {
        let reference = |c: &mut Self| c.solver.builtin(Builtin::MonitorRef);
        let id = |c: &mut Self| c.solver.builtin(Builtin::ProcessId);
        let text = |c: &mut Self| c.solver.builtin(Builtin::String);
        let nodes = match kind {
            SignalKind::Down => vec![reference(self), id(self), self.exit_reason()],
            SignalKind::Exit => vec![id(self), self.exit_reason()],
            SignalKind::NodeUp => vec![text(self)],
            SignalKind::NodeDown => vec![text(self), text(self)],
            SignalKind::GlobalConflict | SignalKind::GroupJoin | SignalKind::GroupLeave => {
                vec![text(self), id(self)]
            }
        };
        parts.iter().zip(nodes).for_each(|(p, n)| self.pattern(p, n));
    }

    fn message_arm(&mut self, pattern: &'p Pattern, unguarded: bool, taken: &mut BTreeSet<Symbol>) {
        let origin = self.origin(pattern.span);
        let mailbox = self.body.mailbox;
        match &pattern.kind {
            PatternKind::Or(alternatives) => {
                self.note_pattern(pattern, mailbox);
                alternatives.iter().for_each(|a| self.message_arm(a, unguarded, taken));
            }
            PatternKind::As(inner, local) => {
                self.note_pattern(pattern, mailbox);
                self.message_arm(inner, unguarded, taken);
                self.bind(*local, mailbox);
            }
            PatternKind::Tag(name, parts) => {
                self.handled(*name, parts, pattern);
                if unguarded && taken_whole(pattern).is_some() {
                    taken.insert(*name);
                }
            }
            PatternKind::Wild | PatternKind::Error => {
                self.note_pattern(pattern, mailbox);
                self.solver.touch(mailbox, true, origin);
            }
            PatternKind::Bind(local) => {
                self.solver.touch(mailbox, true, origin);
                let node = match self.solver.row_of(mailbox) {
                    Some(row) if !taken.is_empty() => {
                        let rest = self.solver.row(origin);
                        self.solver.subset(row, rest, Some(taken.clone()), origin);
                        self.solver.make(Shape::Tags(rest))
                    }
                    _ => mailbox,
                };
                self.note_pattern(pattern, node);
                self.bind(*local, node);
            }
            _ => {
                self.solver.touch(mailbox, false, origin);
                self.pattern(pattern, mailbox);
            }
        }
    }

    /// A tag arm: the mailbox handles that tag.
    fn handled(&mut self, name: Symbol, parts: &'p [Pattern], pattern: &'p Pattern) {
        let origin = self.origin(pattern.span);
        let mailbox = self.body.mailbox;
        self.note_pattern(pattern, mailbox);
        self.solver.touch(mailbox, false, origin);
        if self.solver.is_variable(mailbox) {
            let row = self.solver.row_type(origin);
            self.solver.unify(mailbox, row, origin);
        }
        let Some(row) = self.solver.row_of(mailbox) else { return self.pattern(pattern, mailbox) };
        let nodes = self.solver.fresh_many(parts.len());
        self.solver.add_tag(row, name, nodes.clone(), origin);
        for (part, node) in parts.iter().zip(nodes) {
            self.pattern(part, node);
        }
    }
}
