//! Spawn, send, receive.

use super::Body;
use super::matching::{Fallback, MatchArm};
use super::patterns::Cell;
use crate::ir::{Callee, Expr, ExprKind, Lambda, Receive, Shape, Var};
use snow_abi::entries::{Entry, signal_bit};
use snow_names::hir::{self, Builtin, ReceiveArm, ReceivePattern, SignalKind, SpawnKind};
use snow_text::{Span, Symbol};
use snow_types::ty::{Ty, TyNode};

impl Body<'_, '_> {
    /// `spawn(f, a, b)`: arguments are evaluated here, the call is made there.
    pub fn spawn(&mut self, e: &hir::Expr, kind: SpawnKind, callee: &hir::Expr, args: &[hir::Expr]) -> Expr {
        let mailbox = self.l.typed.spawned[&e.id];
        let ty = self.type_of(e);
        let span = e.span;
        if args.is_empty() && !matches!(callee.kind, hir::ExprKind::Function(_)) {
            let start = Box::new(self.expr(callee));
            return Expr { kind: ExprKind::Spawn { kind, start, mailbox }, ty, span };
        }
        let TyNode::Function(_, _, result) = self.l.typed.store.get(self.type_of(callee)).clone() else {
            unreachable!("the checker spawns functions only");
        };
        let known = match &callee.kind {
            hir::ExprKind::Function(function) => Some(Callee::Function(*function, self.uses(callee))),
            _ => None,
        };
        let mut bound: Vec<(Var, Expr)> = Vec::new();
        let mut hold = |this: &mut Self, value: Expr| {
            let var = this.var(value.ty);
            bound.push((var, value));
            var
        };
        let target = match known {
            Some(target) => target,
            None => {
                let value = self.expr(callee);
                let var = hold(self, value);
                Callee::Value(Box::new(self.get(var, span)))
            }
        };
        let args: Vec<Expr> = args
            .iter()
            .map(|a| {
                let value = self.expr(a);
                let var = hold(self, value);
                self.get(var, span)
            })
            .collect();
        let call = Box::new(Expr { kind: ExprKind::Call(target, args), ty: result, span });
        let start_ty = self.l.ty(TyNode::Function(vec![], mailbox, result));
        let lambda = ExprKind::Lambda(Lambda { params: vec![], result, body: call });
        let start = Box::new(Expr { kind: lambda, ty: start_ty, span });
        let mut spawn = Expr { kind: ExprKind::Spawn { kind, start, mailbox }, ty, span };
        for (var, value) in bound.into_iter().rev() {
            spawn = self.bind(var, value, spawn);
        }
        spawn
    }

    /// An actor's body that first says what its process runs when it ends.
    pub fn with_terminate(&mut self, terminate: &hir::Expr, mailbox: Ty, body: Expr) -> Expr {
        let span = terminate.span;
        let result = self.type_of(terminate);
        let ty = self.l.ty(TyNode::Function(vec![], mailbox, result));
        let outer = std::mem::replace(&mut self.result, result);
        let lowered = Box::new(self.expr(terminate));
        self.result = outer;
        let lambda = ExprKind::Lambda(Lambda { params: vec![], result, body: lowered });
        let closure = Expr { kind: lambda, ty, span };
        let unit = self.l.unit();
        let set = Expr { kind: ExprKind::Entry(Entry::SetTerminate, vec![closure]), ty: unit, span };
        let done = self.var(unit);
        self.bind(done, set, body)
    }

    /// `send(to, message)`
    pub fn send(&mut self, e: &hir::Expr, to: &hir::Expr, message: &hir::Expr) -> Expr {
        let (to, message) = (self.expr(to), Box::new(self.expr(message)));
        let ty = self.l.unit();
        let span = e.span;
        if !matches!(self.l.typed.store.get(to.ty), TyNode::Tuple(_)) {
            return Expr { kind: ExprKind::Send(Box::new(to), message), ty, span };
        }
        let string = self.l.builtin(Builtin::String);
        self.with_var(to, |this, pair| {
            let name = Box::new(this.project(pair, Shape::Tuple, 0, string, span));
            let node = Box::new(this.project(pair, Shape::Tuple, 1, string, span));
            Expr { kind: ExprKind::SendNamed(name, node, message), ty, span }
        })
    }

    /// `receive do … after … end`
    pub fn receive(
        &mut self,
        e: &hir::Expr,
        arms: &[ReceiveArm],
        after: Option<&(hir::Expr, hir::Expr)>,
    ) -> Expr {
        let ty = self.type_of(e);
        let mailbox = self.l.typed.mailboxes[&e.id];
        let timeout = after.map(|a| self.expr(&a.0));
        let message = self.var(mailbox);
        let signal_ty = self.signal_type(arms);
        let signal = self.var(signal_ty);
        let mut signals = 0;
        let (mut messages, mut others) = (Arms::default(), Arms::default());
        for arm in arms {
            let guard = arm.guard.as_ref();
            match &arm.pattern {
                ReceivePattern::Message(pattern) => {
                    messages.add(MatchArm { rows: vec![vec![Cell::Pattern(pattern)]], guard }, &arm.body);
                }
                ReceivePattern::Signal(kind, parts) => {
                    signals |= signal_mask(*kind);
                    let cell = Cell::Signal(Symbol::new(signal_name(*kind)), parts);
                    others.add(MatchArm { rows: vec![vec![cell]], guard }, &arm.body);
                }
            }
        }
        let on_message = self.arms_of_receive(message, &messages, ty, e.span);
        let on_signal = self.arms_of_receive(signal, &others, ty, e.span);
        let on_timeout = after.map(|a| self.expr(&a.1));
        let receive = Receive { timeout, message, on_message, signal, on_signal, signals, on_timeout };
        Expr { kind: ExprKind::Receive(Box::new(receive)), ty, span: e.span }
    }

    /// The tagged type of the signals that arms mention.
    fn signal_type(&mut self, arms: &[ReceiveArm]) -> Ty {
        let mut tags: Vec<(Symbol, Vec<Ty>)> = Vec::new();
        for arm in arms {
            let ReceivePattern::Signal(kind, parts) = &arm.pattern else { continue };
            let name = Symbol::new(signal_name(*kind));
            if !tags.iter().any(|t| t.0 == name) {
                tags.push((name, parts.iter().map(|p| self.l.typed.patterns[p.id]).collect()));
            }
        }
        tags.sort_by_key(|t| t.0.as_str());
        self.l.ty(TyNode::Tags(tags))
    }

    fn arms_of_receive(&mut self, var: Var, arms: &Arms, ty: Ty, span: Span) -> Option<Expr> {
        let body = |this: &mut Self, arm: usize| this.expr(arms.bodies[arm]);
        (!arms.matched.is_empty())
            .then(|| self.match_arms(&[var], &arms.matched, Fallback::Retry, (ty, span), body))
    }
}

/// The arms of a receive that take messages, or those that take signals.
#[derive(Default)]
struct Arms<'h> {
    matched: Vec<MatchArm<'h>>,
    bodies: Vec<&'h hir::Expr>,
}

impl<'h> Arms<'h> {
    fn add(&mut self, arm: MatchArm<'h>, body: &'h hir::Expr) {
        self.matched.push(arm);
        self.bodies.push(body);
    }
}

fn signal_name(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Down => "down",
        SignalKind::Exit => "exit",
        SignalKind::NodeUp => "nodeup",
        SignalKind::NodeDown => "nodedown",
        SignalKind::GlobalConflict => "global_conflict",
        SignalKind::GroupJoin => "group_join",
        SignalKind::GroupLeave => "group_leave",
    }
}

fn signal_mask(kind: SignalKind) -> i64 {
    match kind {
        SignalKind::Down => signal_bit::DOWN,
        SignalKind::Exit => signal_bit::EXIT,
        SignalKind::NodeUp => signal_bit::NODEUP,
        SignalKind::NodeDown => signal_bit::NODEDOWN,
        SignalKind::GlobalConflict => signal_bit::GLOBAL_CONFLICT,
        SignalKind::GroupJoin => signal_bit::GROUP_JOIN,
        SignalKind::GroupLeave => signal_bit::GROUP_LEAVE,
    }
}
