//! Closure conversion: a lambda becomes a function that takes the closure first and loads what it captured.

use crate::function::{Cursor, Dest, FunctionLowering, State};
use crate::ir::{self, FunctionId, Local, Operand, Operation, Statement, StatementKind};
use snow_abi::value::Class;
use snow_core::ir::{self as core, ExprKind};
use std::collections::HashSet;

impl FunctionLowering<'_, '_> {
    /// A closure as a value.
    pub fn closure(&mut self, lambda: &core::Lambda, cursor: &mut Cursor) -> Operand {
        self.known_closure(lambda, cursor).0
    }

    /// A closure and its code.
    pub fn known_closure(&mut self, lambda: &core::Lambda, cursor: &mut Cursor) -> (Operand, FunctionId) {
        let code = self.s.functions.push(None);
        let captured = self.captured(lambda, &HashSet::new());
        self.lower_code(code, lambda, &captured, None);
        let operand = self.allocate_closure(code, &captured, cursor);
        (operand, code)
    }

    /// Local functions: each may call itself and those defined with it.
    pub fn let_functions(&mut self, functions: &[(core::Var, core::Lambda)], cursor: &mut Cursor) {
        let codes: Vec<FunctionId> = functions.iter().map(|_| self.s.functions.push(None)).collect();
        for ((var, _), code) in functions.iter().zip(&codes) {
            self.state.known.insert(*var, *code);
        }
        let names: HashSet<core::Var> = functions.iter().map(|f| f.0).collect();
        let mut made: Vec<Vec<core::Var>> = Vec::new();
        for (index, (var, lambda)) in functions.iter().enumerate() {
            let captured: Vec<core::Var> =
                self.captured(lambda, &names).into_iter().filter(|v| v != var).collect();
            self.lower_code(codes[index], lambda, &captured, Some(*var));
            made.push(captured);
        }
        self.tie(functions, &codes, &made, cursor);
    }

    /// Allocates the closures, then writes those that came later into those that came before.
    fn tie(
        &mut self,
        functions: &[(core::Var, core::Lambda)],
        codes: &[FunctionId],
        made: &[Vec<core::Var>],
        cursor: &mut Cursor,
    ) {
        let mut missing = Vec::new();
        for (index, (var, _)) in functions.iter().enumerate() {
            let later: HashSet<core::Var> = functions[index + 1..].iter().map(|f| f.0).collect();
            for (slot, captured) in made[index].iter().enumerate() {
                if later.contains(captured) {
                    self.state.vars.insert(*captured, Operand::Immediate(0));
                    missing.push((*var, slot as u32 + 1, *captured));
                }
            }
            let operand = self.allocate_closure(codes[index], &made[index], cursor);
            self.state.vars.insert(*var, operand);
        }
        for (owner, index, captured) in missing {
            let (closure, value) = (self.state.vars[&owner], self.state.vars[&captured]);
            self.effect(cursor, Operation::SetCapture { closure, index, value });
        }
    }

    fn allocate_closure(&mut self, code: FunctionId, captured: &[core::Var], cursor: &mut Cursor) -> Operand {
        if captured.is_empty() {
            return Operand::Static(self.s.static_closure(code));
        }
        let captures: Vec<Operand> = captured.iter().map(|v| self.state.vars[v]).collect();
        let classes = self.capture_classes(captured);
        let layout = self.s.layouts.of(&[vec![Class::Int], classes].concat());
        self.emit(cursor, Class::Ref, Operation::Closure { function: code, layout, captures })
    }

    fn capture_classes(&mut self, captured: &[core::Var]) -> Vec<Class> {
        captured.iter().map(|v| self.class(self.core.vars[*v])).collect()
    }

    /// Variables of the enclosing function that the lambda mentions and that are not constants.
    fn captured(&self, lambda: &core::Lambda, siblings: &HashSet<core::Var>) -> Vec<core::Var> {
        let mut mentioned = Vec::new();
        mentions(&lambda.body, &mut mentioned);
        let mut seen = HashSet::new();
        mentioned.retain(|v| seen.insert(*v));
        mentioned
            .retain(|v| siblings.contains(v) || matches!(self.state.vars.get(v), Some(Operand::Local(_))));
        mentioned
    }

    fn lower_code(
        &mut self,
        code: FunctionId,
        lambda: &core::Lambda,
        captured: &[core::Var],
        own_name: Option<core::Var>,
    ) {
        let mut state = State { result: Some(lambda.result), ..State::default() };
        state.known = self.state.known.clone();
        // Constants need no capture.
        let constants = self.state.vars.iter().filter(|(_, o)| !matches!(o, Operand::Local(_)));
        state.vars = constants.map(|(v, o)| (*v, *o)).collect();
        let outer = std::mem::replace(&mut self.state, state);
        let closure = self.local(Class::Ref);
        if let Some(name) = own_name {
            self.state.vars.insert(name, Operand::Local(closure));
        }
        let mut params: Vec<Local> = vec![closure];
        params.extend(lambda.params.iter().map(|p| self.bind_new(*p)).collect::<Vec<_>>());
        let location = self.s.location(lambda.body.span);
        let mut loads = Vec::new();
        for (index, var) in captured.iter().enumerate() {
            let local = self.bind_new(*var);
            let load = Operation::Load { object: Operand::Local(closure), index: index as u32 + 1 };
            loads.push(Statement { kind: StatementKind::Let(local, load), location });
        }
        let mut body = self.block(&lambda.body, Dest::Return);
        loads.append(&mut body.statements);
        body.statements = loads;
        let result = self.class(lambda.result);
        let state = std::mem::replace(&mut self.state, outer);
        self.s.functions[code] = Some(ir::Function {
            name: format!("fn in {}", self.core.name),
            hidden: false,
            is_lambda: true,
            params,
            results: vec![result],
            locals: state.locals,
            join_count: state.join_count,
            body,
            location,
        });
    }
}

/// Every variable that an expression mentions, bound inside it or not.
fn mentions(expr: &core::Expr, out: &mut Vec<core::Var>) {
    match &expr.kind {
        ExprKind::Var(var) => out.push(*var),
        ExprKind::Switch { subject, .. } => out.push(*subject),
        _ => {}
    }
    each_child(expr, &mut |child| mentions(child, out));
}

/// Visits the direct parts of an expression.
fn each_child(expr: &core::Expr, visit: &mut dyn FnMut(&core::Expr)) {
    match &expr.kind {
        ExprKind::Unit
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Bool(_)
        | ExprKind::Text(_)
        | ExprKind::Bytes(_)
        | ExprKind::Atom(_)
        | ExprKind::Nullary(..)
        | ExprKind::Var(_)
        | ExprKind::Function(..)
        | ExprKind::SelfPid
        | ExprKind::Accept
        | ExprKind::Retry => {}
        ExprKind::Call(callee, args) => {
            if let core::Callee::Value(value) = callee {
                visit(value);
            }
            args.iter().for_each(visit);
        }
        ExprKind::Let(_, a, b)
        | ExprKind::Arithmetic(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::Send(a, b) => [a, b].into_iter().for_each(|e| visit(e)),
        ExprKind::If(a, b, c) | ExprKind::SendNamed(a, b, c) => [a, b, c].into_iter().for_each(|e| visit(e)),
        ExprKind::LetFunctions(functions, body) => {
            functions.iter().for_each(|(_, l)| visit(&l.body));
            visit(body);
        }
        ExprKind::Lambda(lambda) => visit(&lambda.body),
        ExprKind::Switch { cases, default, .. } => {
            cases.iter().for_each(|(_, e)| visit(e));
            default.iter().for_each(|e| visit(e));
        }
        ExprKind::Join { body, rest, .. } => [body, rest].into_iter().for_each(|e| visit(e)),
        ExprKind::Jump(_, args)
        | ExprKind::Construct(_, args)
        | ExprKind::Fail(_, args)
        | ExprKind::Entry(_, args) => args.iter().for_each(visit),
        ExprKind::Return(e) | ExprKind::Negate(e) | ExprKind::Not(e) => visit(e),
        ExprKind::Project { value, .. } => visit(value),
        ExprKind::Spawn { start, .. } => visit(start),
        ExprKind::SpawnRemote { node, args, .. } => {
            visit(node);
            args.iter().for_each(visit);
        }
        ExprKind::Receive(receive) => {
            let parts = [&receive.timeout, &receive.on_message, &receive.on_signal, &receive.on_timeout];
            parts.into_iter().flatten().for_each(visit);
        }
    }
}
