//! From the resolved program and its types to core.
//!
//! One [`Lowering`] serves the program; a [`Body`] lowers one function with its variables, joins and loops. Types of new expressions are
//! added to the store of [`Typed`].

mod calls;
mod conditions;
mod decisions;
mod expressions;
mod loops;
mod main_function;
mod matching;
mod members;
mod operators;
mod patterns;
mod processes;
mod structures;

use crate::ir::{Expr, ExprKind, Function, Join, Program, Var};
use snow_names::hir::{self, Builtin, FunctionId, FunctionKind, Known, LocalId, LoopId};
use snow_text::{IdVec, Span};
use snow_types::ty::{Ty, TyNode};
use snow_types::typed::Typed;
use std::collections::HashMap;

/// Lowers a checked program.
pub fn lower(hir: &hir::Program, typed: &mut Typed) -> Program {
    let mut lowering = Lowering::new(hir, typed);
    let functions = hir.functions.ids().map(|id| lowering.function(id)).collect();
    let main = hir.main.map(|main| lowering.main_function(main));
    let tests = hir.tests.iter().map(|test| lowering.main_function(test.function)).collect();
    let program = Program { functions, main, tests };
    if cfg!(debug_assertions) {
        crate::verify::verify(&program, hir, typed);
    }
    program
}

/// What is shared by all functions.
pub(crate) struct Lowering<'a> {
    pub hir: &'a hir::Program,
    pub typed: &'a mut Typed,
    pub known: &'a Known,
}

impl<'a> Lowering<'a> {
    pub fn new(hir: &'a hir::Program, typed: &'a mut Typed) -> Lowering<'a> {
        let known = hir.known.as_ref().expect("std resolved");
        Lowering { hir, typed, known }
    }

    fn function(&mut self, id: FunctionId) -> Option<Function> {
        let hir = self.hir;
        let function = &hir.functions[id];
        let scheme = self.typed.functions[id].clone();
        let name = self.name_of(function);
        let mut body = Body::new(self, scheme.result);
        let params: Vec<Var> = function.params.iter().map(|p| body.local(p.local)).collect();
        let mut lowered = body.expr(&function.body);
        if let Some(terminate) = &function.terminate {
            lowered = body.with_terminate(terminate, scheme.mailbox, lowered);
        }
        Some(Function {
            name,
            type_params: scheme.params,
            params,
            result: scheme.result,
            vars: body.vars,
            join_count: body.join_count,
            body: lowered,
            hidden: function.kind == FunctionKind::DefaultValue,
            span: function.span,
        })
    }

    /// `Shop.Prices.price_of`, as stack traces show it.
    fn name_of(&self, function: &hir::Function) -> String {
        let module = self.hir.modules[function.module].name.as_str();
        if module.is_empty() { function.name.to_string() } else { format!("{module}.{}", function.name) }
    }

    /// A type.
    pub fn ty(&mut self, node: TyNode) -> Ty {
        self.typed.store.add(node)
    }

    /// A built-in type.
    pub fn builtin(&mut self, builtin: Builtin) -> Ty {
        self.ty(TyNode::Builtin(builtin, vec![]))
    }

    /// `()`
    pub fn unit(&mut self) -> Ty {
        self.ty(TyNode::Unit)
    }

    /// `Never`
    pub fn never(&mut self) -> Ty {
        self.ty(TyNode::Never)
    }

    /// `Ordering`
    pub fn ordering(&mut self) -> Ty {
        let ordering = self.known.ordering;
        self.ty(TyNode::Named(ordering, vec![]))
    }

    /// A function of a std module.
    pub fn std_function(&self, module: &str, name: &str) -> FunctionId {
        let module = self.hir.modules.values().find(|m| m.is_std && m.name.as_str() == module);
        let found = module.and_then(|m| m.functions.iter().find(|f| f.0.as_str() == name));
        found.expect("std has what the compiler needs of it").1
    }
}

/// One function, or a closure inside it, under way.
pub(crate) struct Body<'l, 'a> {
    pub l: &'l mut Lowering<'a>,
    pub vars: IdVec<Var, Ty>,
    pub locals: HashMap<LocalId, Var>,
    pub join_count: u32,
    pub loops: HashMap<LoopId, (Join, Join)>,
    /// Result type of the innermost function or closure.
    pub result: Ty,
}

impl<'l, 'a> Body<'l, 'a> {
    pub fn new(l: &'l mut Lowering<'a>, result: Ty) -> Body<'l, 'a> {
        Body {
            l,
            vars: IdVec::default(),
            locals: HashMap::new(),
            join_count: 0,
            loops: HashMap::new(),
            result,
        }
    }

    /// A new variable.
    pub fn var(&mut self, ty: Ty) -> Var {
        self.vars.push(ty)
    }

    /// A new variable for a local.
    pub fn local(&mut self, local: LocalId) -> Var {
        let ty = self.l.typed.locals[local];
        let var = self.var(ty);
        self.locals.insert(local, var);
        var
    }

    /// A new join.
    pub fn join(&mut self) -> Join {
        self.join_count += 1;
        Join(self.join_count - 1)
    }

    /// A variable as an expression.
    pub fn get(&self, var: Var, span: Span) -> Expr {
        Expr { kind: ExprKind::Var(var), ty: self.vars[var], span }
    }

    /// `let var = value in body`
    pub fn bind(&self, var: Var, value: Expr, body: Expr) -> Expr {
        let (ty, span) = (body.ty, value.span);
        Expr { kind: ExprKind::Let(var, Box::new(value), Box::new(body)), ty, span }
    }

    /// The value in a variable of its own, unless it is one already; `body` gets the variable.
    pub fn with_var(&mut self, value: Expr, body: impl FnOnce(&mut Self, Var) -> Expr) -> Expr {
        if let ExprKind::Var(var) = value.kind {
            return body(self, var);
        }
        let var = self.var(value.ty);
        let body = body(self, var);
        self.bind(var, value, body)
    }

    /// An expression of a built-in type.
    pub fn typed(&mut self, kind: ExprKind, builtin: Builtin, span: Span) -> Expr {
        let ty = self.l.builtin(builtin);
        Expr { kind, ty, span }
    }

    /// `()`
    pub fn unit(&mut self, span: Span) -> Expr {
        let ty = self.l.unit();
        Expr { kind: ExprKind::Unit, ty, span }
    }

    /// An expression that never yields a value.
    pub fn diverging(&mut self, kind: ExprKind, span: Span) -> Expr {
        let ty = self.l.never();
        Expr { kind, ty, span }
    }

    /// The type of a checked expression.
    pub fn type_of(&self, expr: &hir::Expr) -> Ty {
        self.l.typed.exprs[expr.id]
    }
}
