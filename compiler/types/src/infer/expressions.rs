//! Expressions, form by form.

use super::coverage::Form;
use crate::checker::{Body, Checker, MemberFact};
use crate::explain;
use crate::solver::node::{Head, Node, Reason, Shape};
use snow_names::hir::{Builtin, Expr, ExprKind, Lambda, LocalId, LoopId, Statement, Sugar, Type};
use snow_text::Span;

impl<'p> Checker<'p> {
    /// The type of an expression.
    pub(crate) fn expr(&mut self, e: &'p Expr) -> Node {
        let node = self.expr_kind(e, None);
        self.note(e, node);
        node
    }

    /// The type of an expression for a place that wants `wanted`; closures take their parameters from it.
    pub(crate) fn expr_for(&mut self, e: &'p Expr, wanted: Node) -> Node {
        let node = self.expr_kind(e, Some(wanted));
        self.note(e, node);
        node
    }

    /// Walks an expression and hands its value over.
    pub(crate) fn hand_over(&mut self, e: &'p Expr, wanted: Node, reason: Reason) {
        let found = self.expr_for(e, wanted);
        let origin = self.because(super::components::end_of(e), reason);
        self.solver.subsume(found, wanted, origin);
    }

    pub(crate) fn note(&mut self, e: &Expr, node: Node) {
        if let Some(facts) = self.facts() {
            facts.exprs.push((e.id, node));
        }
    }

    pub(crate) fn note_member(&mut self, e: &Expr, member: MemberFact) {
        if let Some(facts) = self.facts() {
            facts.members.push((e.id, member));
        }
    }

    fn expr_kind(&mut self, e: &'p Expr, wanted: Option<Node>) -> Node {
        match &e.kind {
            ExprKind::Function(_)
            | ExprKind::Variant(_)
            | ExprKind::Primitive(_)
            | ExprKind::Intrinsic(_)
            | ExprKind::TypeMember { .. }
            | ExprKind::InterfaceMember { .. } => self.function_value(e),
            ExprKind::Call { callee, args } => self.call(e, callee, args),
            ExprKind::MethodCall { receiver, name, name_span, args } => {
                self.method_call(e, receiver, (*name, *name_span), args)
            }
            ExprKind::Field { receiver, name, name_span } => self.field(e, receiver, *name, *name_span),
            ExprKind::Index { receiver, index } => self.index(e, receiver, index),
            ExprKind::Negate(value) => self.negate(e, value),
            ExprKind::Binary { op, left, right } => self.binary(e, *op, left, right),
            ExprKind::If { condition, then, otherwise, has_else } => {
                self.if_(condition, then, otherwise, *has_else, wanted)
            }
            ExprKind::Block { statements, value } => {
                let form = match e.sugar {
                    Sugar::Clauses => Form::Clauses,
                    _ => Form::Let,
                };
                self.block(statements, value.as_deref(), wanted, form)
            }
            ExprKind::Case { scrutinees, arms } => self.case(e, scrutinees, arms, wanted),
            ExprKind::Receive { arms, after } => self.receive(e, arms, after.as_deref()),
            ExprKind::Lambda(lambda) => self.lambda(lambda, wanted, e.span),
            ExprKind::List { items, rest } => self.list(items, rest.as_deref()),
            ExprKind::Struct { ty, fields } => self.structure(e, *ty, fields),
            ExprKind::Update { base, fields } => self.update(base, fields),
            ExprKind::Construct { variant, args } => self.construct(e, *variant, args),
            ExprKind::Tag { name, args } => self.tag(*name, args, e.span),
            ExprKind::Loop { id, variables, body } => self.loop_(*id, variables, body),
            ExprKind::Try(value) => self.try_(e, value),
            ExprKind::Spawn { kind, callee, args } => self.spawn(e, *kind, callee, args),
            ExprKind::SpawnRemote { node, actor, args, actor_span, .. } => {
                self.spawn_remote(e, node, *actor, args, *actor_span)
            }
            ExprKind::Send { to, message } => self.send(to, message),
            ExprKind::SelfPid => self.self_pid(e),
            _ => self.simple(e),
        }
    }

    /// Literals, names, and forms of few words.
    fn simple(&mut self, e: &'p Expr) -> Node {
        match &e.kind {
            ExprKind::Unit => self.solver.unit(),
            ExprKind::Int(_) => self.solver.builtin(Builtin::Int),
            ExprKind::Float(_) => self.solver.builtin(Builtin::Float),
            ExprKind::Bool(_) => self.solver.builtin(Builtin::Bool),
            ExprKind::String(_) => self.solver.builtin(Builtin::String),
            ExprKind::Bytes(_) => self.solver.builtin(Builtin::Bytes),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Not(value) => {
                let bool_ = self.solver.builtin(Builtin::Bool);
                self.hand_over(value, bool_, Reason::Condition);
                bool_
            }
            ExprKind::Tuple(items) => {
                let items = items.iter().map(|i| self.widened(i)).collect();
                self.solver.constructed(Head::Tuple, items)
            }
            ExprKind::Cons(head, tail) => {
                let item = self.solver.fresh();
                self.hand_over(head, item, Reason::Plain);
                let list = self.list_of(item);
                self.hand_over(tail, list, Reason::Element(head.span));
                list
            }
            ExprKind::Show(value) => {
                let node = self.expr(value);
                self.require_display(e, node);
                self.solver.builtin(Builtin::String)
            }
            ExprKind::Concat(parts) => {
                let string = self.solver.builtin(Builtin::String);
                parts.iter().for_each(|p| self.hand_over(p, string, Reason::Plain));
                string
            }
            _ => self.leaving(e),
        }
    }

    /// Forms that go elsewhere and yield no value.
    fn leaving(&mut self, e: &'p Expr) -> Node {
        match &e.kind {
            ExprKind::Recur(id, args) => {
                if let Some((variables, _)) = self.body.loops.get(id).cloned() {
                    args.iter().zip(variables).for_each(|(a, v)| self.hand_over(a, v, Reason::Plain));
                }
            }
            ExprKind::Exit(id, value) => {
                if let Some((_, result)) = self.body.loops.get(id).cloned() {
                    self.hand_over(value, result, Reason::Plain);
                }
            }
            ExprKind::Return(value) => {
                let result = self.body.result;
                let reason = self.body.function.map_or(Reason::Plain, Reason::Result);
                self.hand_over(value, result, reason);
                if self.program.main.is_some() && self.program.main == self.body.function {
                    self.group.main_returns.push((result, value.span));
                }
            }
            _ => return self.solver.make(Shape::Error),
        }
        self.never()
    }

    pub(crate) fn never(&mut self) -> Node {
        self.solver.constructed(Head::Never, Vec::new())
    }

    /// A part of a value: pids and tags in it may still narrow or widen.
    pub(super) fn widened(&mut self, e: &'p Expr) -> Node {
        let found = self.expr(e);
        if self.solver.is_variable(found) {
            return found;
        }
        let part = self.solver.fresh();
        let origin = self.origin(e.span);
        self.solver.subsume(found, part, origin);
        part
    }

    fn local(&mut self, local: LocalId) -> Node {
        match self.locals[local] {
            Some(node) => node,
            None => self.solver.make(Shape::Error),
        }
    }

    /// Gives a local its type.
    pub(crate) fn bind(&mut self, local: LocalId, node: Node) {
        self.locals[local] = Some(node);
        if let Some(facts) = self.facts() {
            facts.locals.push((local, node));
        }
    }

    fn if_(
        &mut self,
        condition: &'p Expr,
        then: &'p Expr,
        otherwise: &'p Expr,
        has_else: bool,
        wanted: Option<Node>,
    ) -> Node {
        let bool_ = self.solver.builtin(Builtin::Bool);
        self.hand_over(condition, bool_, Reason::Condition);
        if !has_else {
            let unit = self.solver.unit();
            let found = self.expr_kind_noted(then, None);
            let origin = self.because(super::components::end_of(then), Reason::OnlyBranch);
            self.solver.subsume(found, unit, origin);
            self.expr(otherwise);
            return unit;
        }
        let result = self.solver.fresh();
        let first = super::components::end_of(then);
        let found = self.expr_kind_noted(then, wanted);
        let origin = self.origin(first);
        self.solver.subsume(found, result, origin);
        let found = self.expr_kind_noted(otherwise, wanted);
        let origin = self.because(super::components::end_of(otherwise), Reason::Branch(first));
        self.solver.subsume(found, result, origin);
        result
    }

    pub(super) fn expr_kind_noted(&mut self, e: &'p Expr, wanted: Option<Node>) -> Node {
        match wanted {
            Some(wanted) => self.expr_for(e, wanted),
            None => self.expr(e),
        }
    }

    fn block(
        &mut self,
        statements: &'p [Statement],
        value: Option<&'p Expr>,
        wanted: Option<Node>,
        form: Form,
    ) -> Node {
        let mut diverges = false;
        for statement in statements {
            match statement {
                Statement::Expr(e) => {
                    let node = self.expr(e);
                    diverges |= matches!(self.solver.head(node), Some((Head::Never, _)));
                    self.warn_unused(e, node);
                }
                Statement::Let { pattern, ty, value, otherwise } => {
                    self.let_(pattern, ty.as_ref(), value, otherwise.as_ref(), form);
                }
                Statement::Function { local, lambda, span } => self.local_function(*local, lambda, *span),
            }
        }
        match value {
            Some(value) => self.expr_kind_noted(value, wanted),
            None if diverges => self.never(),
            None => self.solver.unit(),
        }
    }

    fn warn_unused(&mut self, e: &Expr, node: Node) {
        let Some(known) = self.known() else { return };
        if matches!(self.solver.head(node), Some((Head::Named(id), _)) if id == known.result) {
            self.solver.report(explain::coverage::unused_result(e.span));
        }
    }

    fn local_function(&mut self, local: LocalId, lambda: &'p Lambda, span: Span) {
        let node = self.solver.fresh();
        self.bind(local, node);
        let found = self.lambda(lambda, None, span);
        let origin = self.origin(span);
        self.solver.unify(node, found, origin);
    }

    /// A declared type inside a body.
    pub(crate) fn written(&mut self, ty: &Type) -> Node {
        match self.body.function {
            Some(function) => self.annotation(function, ty),
            None => self.solver.make(Shape::Error),
        }
    }

    fn lambda(&mut self, lambda: &'p Lambda, wanted: Option<Node>, span: Span) -> Node {
        let expected =
            wanted.and_then(|w| self.solver.function(w)).filter(|w| w.0.len() == lambda.params.len());
        let mut params = Vec::new();
        for (index, (local, ty)) in lambda.params.iter().enumerate() {
            let node = match (ty, &expected) {
                (Some(ty), _) => self.written(ty),
                (None, Some((wanted, _, _))) => self.parameter_like(wanted[index], span),
                (None, None) => self.solver.fresh(),
            };
            self.bind(*local, node);
            params.push(node);
        }
        let result = match &lambda.result {
            Some(ty) => self.written(ty),
            None => self.solver.fresh(),
        };
        let mailbox = self.solver.fresh();
        let inner = Body { function: self.body.function, mailbox, result, loops: Default::default() };
        let outer = std::mem::replace(&mut self.body, inner);
        let found = self.expr_for(&lambda.body, result);
        let origin = self.origin(super::components::end_of(&lambda.body));
        self.solver.subsume(found, result, origin);
        self.body = outer;
        self.solver.make(Shape::Function(params, mailbox, result))
    }

    /// A closure's parameter where the place tells its type: at least that.
    fn parameter_like(&mut self, wanted: Node, span: Span) -> Node {
        if self.solver.is_variable(wanted) {
            return wanted;
        }
        let node = self.solver.fresh();
        let origin = self.origin(span);
        self.solver.subsume(wanted, node, origin);
        node
    }

    fn list(&mut self, items: &'p [Expr], rest: Option<&'p Expr>) -> Node {
        let item = self.solver.fresh();
        for e in items {
            self.hand_over(e, item, Reason::Element(items[0].span));
        }
        let list = self.list_of(item);
        if let Some(rest) = rest {
            self.hand_over(rest, list, Reason::Plain);
        }
        list
    }

    fn tag(&mut self, name: snow_text::Symbol, args: &'p [Expr], span: Span) -> Node {
        if super::processes::is_reserved(name, args.len()) {
            self.solver.report(explain::messages::reserved(span, name));
            args.iter().for_each(|a| _ = self.expr(a));
            return self.solver.make(Shape::Error);
        }
        let args = args.iter().map(|a| self.widened(a)).collect();
        let origin = self.origin(span);
        let row = self.solver.row(origin);
        self.solver.add_tag(row, name, args, origin);
        self.solver.make(Shape::Tags(row))
    }

    fn loop_(&mut self, id: LoopId, variables: &'p [(LocalId, Expr)], body: &'p Expr) -> Node {
        let mut nodes = Vec::new();
        for (local, initial) in variables {
            let node = self.solver.fresh();
            let found = self.expr(initial);
            let origin = self.origin(initial.span);
            self.solver.subsume(found, node, origin);
            self.bind(*local, node);
            nodes.push(node);
        }
        let result = self.solver.fresh();
        self.body.loops.insert(id, (nodes, result));
        self.expr(body);
        result
    }

    /// `e?`
    fn try_(&mut self, e: &'p Expr, value: &'p Expr) -> Node {
        let operand = self.expr(value);
        let result = self.solver.fresh();
        let wait = super::Postponed::Try {
            id: e.id,
            operand,
            result,
            function_result: self.body.result,
            span: e.span,
            body: self.body.clone(),
        };
        self.attempt(wait);
        result
    }
}
