//! Services become actors and the functions that talk to them.

use super::{Resolver, Want};
use crate::definition::Signature;
use crate::hir::{
    Builtin, Expr, ExprKind, Function, FunctionId, Lambda, LocalId, Param, Pattern, PatternKind, ReceiveArm,
    ReceivePattern, SpawnKind, Statement, Type, TypeKind,
};
use crate::service::{Handler, ServicePlan};
use snow_syntax::ast;
use snow_text::{Span, Symbol};

impl Resolver<'_> {
    pub fn service(&mut self, plan: &ServicePlan) {
        self.starter(plan.name.span, plan.run, plan.start, SpawnKind::Plain);
        self.starter(plan.name.span, plan.run, plan.start_link, SpawnKind::Link);
        self.run_actor(plan);
        self.loop_actor(plan);
        for handler in &plan.handlers {
            self.client(plan, handler);
        }
    }

    fn fresh_params(&mut self, id: FunctionId, types: Vec<Option<Type>>, span: Span) -> Vec<Param> {
        let written = self.definitions.functions[id].params.clone();
        let mut types = types.into_iter();
        let mut params = Vec::new();
        for (name, default) in written {
            let local = self.fresh_local(name.as_str(), span);
            params.push(Param { local, name, ty: types.next().flatten(), default, span });
        }
        params
    }

    fn uses(&mut self, params: &[Param], span: Span) -> Vec<Expr> {
        params.iter().map(|p| self.local_use(p.local, span)).collect()
    }

    pub fn made_function(&mut self, id: FunctionId, params: Vec<Param>, result: Option<Type>, body: Expr) {
        let span = body.span;
        let Signature { name, module, public, kind, span: name_span, .. } = self.definitions.functions[id];
        let function = Function {
            name,
            module,
            public,
            kind,
            type_params: Vec::new(),
            params,
            result,
            body,
            terminate: None,
            name_span,
            span,
            doc: String::new(),
        };
        self.output.functions.insert(id, function);
    }

    /// A function that starts an actor with its own parameters.
    pub fn starter(&mut self, span: Span, actor: FunctionId, id: FunctionId, kind: SpawnKind) {
        let params = self.fresh_params(id, Vec::new(), span);
        let args = self.uses(&params, span);
        let callee = Box::new(self.expr(ExprKind::Function(actor), span));
        let body = self.expr(ExprKind::Spawn { kind, callee, args }, span);
        self.made_function(id, params, None, body);
    }

    fn run_actor(&mut self, plan: &ServicePlan) {
        let span = plan.name.span;
        let params = self.fresh_params(plan.run, Vec::new(), span);
        let args = self.uses(&params, span);
        let first = self.call_of(plan.init, args, span);
        let first = self.expr(first, span);
        let body = self.go_on(plan, first, span);
        self.made_function(plan.run, params, None, body);
    }

    /// The next round with a new state.
    fn go_on(&mut self, plan: &ServicePlan, state: Expr, span: Span) -> Expr {
        let kind = self.call_of(plan.looping, vec![state], span);
        self.expr(kind, span)
    }

    fn loop_actor(&mut self, plan: &ServicePlan) {
        let span = plan.service.span();
        let state = Type { kind: TypeKind::Result(plan.init), span: plan.name.span };
        let params = self.fresh_params(plan.looping, vec![Some(state)], plan.name.span);
        let state = params[0].local;
        let mut arms = Vec::new();
        for handler in &plan.handlers {
            arms.push(self.handler_arm(plan, handler, state));
        }
        let mark = self.body.enter();
        let mut before = Vec::new();
        let mut after = None;
        if let Some(written) = plan.service.receive() {
            before.push(self.bind_state(written.state(), state, span));
            arms.extend(written.arms().iter().map(|arm| self.plain_arm(plan, arm)).collect::<Vec<_>>());
            after = written.after().map(|part| Box::new(self.idle_part(plan, &part)));
        }
        self.body.leave(mark);
        let receive = self.expr(ExprKind::Receive { arms, after }, span);
        let body = self.after(before, receive);
        self.made_function(plan.looping, params, None, body);
        let terminate = plan.service.terminate().map(|t| self.service_end(&t, state));
        if let Some(function) = self.output.functions.get_mut(&plan.looping) {
            function.terminate = terminate;
        }
    }

    fn service_end(&mut self, written: &ast::Terminate, state: LocalId) -> Expr {
        let mark = self.body.enter();
        let bind = self.bind_state(written.state(), state, written.span());
        let body = self.optional_block(written.body(), Want::Nothing, written.span());
        self.body.leave(mark);
        self.after(vec![bind], body)
    }

    /// `|state|`
    fn bind_state(&mut self, written: Option<ast::Pattern>, state: LocalId, span: Span) -> Statement {
        let value = self.local_use(state, span);
        let pattern = match written {
            Some(pattern) => self.binding_pattern(Some(pattern), span),
            None => self.pattern_node(PatternKind::Wild, span),
        };
        Statement::Let { pattern, ty: None, value, otherwise: None }
    }

    /// The message of a handler: the state it leaves goes on; a call's reply is sent before that.
    fn handler_arm(&mut self, plan: &ServicePlan, handler: &Handler, state: LocalId) -> ReceiveArm {
        let (mark, span) = (self.body.enter(), handler.span);
        let written = handler.params.iter().map(|p| (p.pattern(), p.ty(), p.span())).collect();
        let mut payload = self.arm_patterns(written);
        let reply = self.fresh_local("%reply", span);
        if let Some((ty, _)) = &handler.call {
            payload.push(self.reply_pattern(reply, ty.clone(), span));
        }
        let pattern = self.pattern_node(PatternKind::Tag(message_name(handler), payload), handler.name.span);
        let bind = self.bind_state(handler.state.clone(), state, span);
        let value = self.optional_block(handler.body.clone(), Want::Value, span);
        self.body.leave(mark);
        let mut statements = vec![bind];
        let next = match &handler.call {
            None => value,
            Some((ty, _)) => self.answer(value, ty.clone(), reply, &mut statements),
        };
        let next = self.go_on(plan, next, span);
        let body = self.after(statements, next);
        ReceiveArm { pattern: ReceivePattern::Message(pattern), guard: None, body, span: handler.name.span }
    }

    /// Where the answer goes. It has the type that is written, not a wider one that the answer would fit into.
    fn reply_pattern(&mut self, reply: LocalId, ty: Option<ast::Type>, span: Span) -> Pattern {
        let pattern = self.pattern_node(PatternKind::Bind(reply), span);
        let Some((ty, definition)) = ty.zip(self.definitions.std_type("Reply")) else { return pattern };
        let answer = self.ty(&ty);
        let ty = Type { kind: TypeKind::Named(definition, vec![answer]), span };
        self.pattern_node(PatternKind::Typed(Box::new(pattern), ty), span)
    }

    /// `let {next, answer} = value`, then the answer is sent.
    fn answer(
        &mut self,
        value: Expr,
        ty: Option<ast::Type>,
        reply: LocalId,
        statements: &mut Vec<Statement>,
    ) -> Expr {
        let span = value.span;
        let locals = [self.fresh_local("%next", span), self.fresh_local("%answer", span)];
        let [next, mut answer] = locals.map(|local| self.pattern_node(PatternKind::Bind(local), span));
        if let Some(ty) = ty {
            let ty = self.ty(&ty);
            answer = self.pattern_node(PatternKind::Typed(Box::new(answer), ty), span);
        }
        let pattern = self.pattern_node(PatternKind::Tuple(vec![next, answer]), span);
        statements.push(Statement::Let { pattern, ty: None, value, otherwise: None });
        let args = vec![self.local_use(reply, span), self.local_use(locals[1], span)];
        let kind = self.std_call("Process", "answer", args, span);
        let sent = self.expr(kind, span);
        statements.push(Statement::Expr(sent));
        self.local_use(locals[0], span)
    }

    fn plain_arm(&mut self, plan: &ServicePlan, arm: &ast::MatchArm) -> ReceiveArm {
        let mut made = self.receive_arm(arm, Want::Value);
        let unit = self.unit(made.span);
        let next = std::mem::replace(&mut made.body, unit);
        made.body = self.go_on(plan, next, arm.span());
        made
    }

    fn idle_part(&mut self, plan: &ServicePlan, written: &ast::After) -> (Expr, Expr) {
        let span = written.span();
        let timeout = self.optional_expr(written.timeout(), span);
        let next = self.optional_block(written.body(), Want::Value, span);
        (timeout, self.go_on(plan, next, span))
    }

    // ---- What others call

    /// The function that sends a handler's message to a pid, and the one that sends it to a name on a node.
    fn client(&mut self, plan: &ServicePlan, handler: &Handler) {
        let span = handler.name.span;
        self.output.by_name.insert(handler.function, handler.by_name);
        let string = || Type { kind: TypeKind::Builtin(Builtin::String, Vec::new()), span };
        let pair = Type { kind: TypeKind::Tuple(vec![string(), string()]), span };
        self.sender(plan, handler, handler.function, None);
        self.sender(plan, handler, handler.by_name, Some(pair));
        if let Some((_, default)) = handler.call {
            let ms = self.expr(ExprKind::Int(5000), span);
            self.plain_function(default, None, ms, span);
        }
    }

    fn sender(&mut self, plan: &ServicePlan, handler: &Handler, function: FunctionId, to: Option<Type>) {
        let span = handler.name.span;
        let request = if to.is_some() { "request_named" } else { "request" };
        let own = handler.params.iter().map(|p| p.ty()).collect::<Vec<_>>();
        let own = own.into_iter().map(|ty| ty.map(|ty| self.ty(&ty)));
        let types: Vec<Option<Type>> = std::iter::once(to).chain(own).collect();
        let mut params = self.fresh_params(function, types, span);
        let mut args = self.uses(&params, span);
        let pid = args.remove(0);
        let Some((reply_type, _)) = &handler.call else {
            let message = self.expr(ExprKind::Tag { name: message_name(handler), args }, span);
            let body = self.expr(ExprKind::Send { to: Box::new(pid), message: Box::new(message) }, span);
            return self.made_function(function, params, None, body);
        };
        let timeout = args.pop().expect("a call has a timeout");
        if let Some(param) = params.last_mut() {
            param.ty = Some(Type { kind: TypeKind::Builtin(Builtin::Int, Vec::new()), span });
        }
        let reply = self.fresh_local("%reply", span);
        args.push(self.local_use(reply, span));
        let message = Box::new(self.expr(ExprKind::Tag { name: message_name(handler), args }, span));
        let lambda = Lambda { params: vec![(reply, None)], result: None, body: message };
        let make = self.expr(ExprKind::Lambda(lambda), span);
        let name = self.definitions.functions[function].name;
        let what = self.text(&format!("{}.{name}", plan.name.text()), span);
        let kind = self.std_call("Process", request, vec![what, pid, make, timeout], span);
        let body = self.expr(kind, span);
        let result = reply_type.as_ref().map(|t| self.ty(t));
        self.made_function(function, params, result, body);
    }
}

/// The tag of a handler's message; no program can write it by accident.
fn message_name(handler: &Handler) -> Symbol {
    let kind = if handler.call.is_some() { "call" } else { "cast" };
    Symbol::new(&format!("{kind} {}", handler.name.text()))
}
