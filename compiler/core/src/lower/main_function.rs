//! The function that runs the program: calls `main`, and reports an `Err`.

use super::{Body, Lowering};
use crate::ir::{Callee, Expr, ExprKind, Function, Key, Shape};
use snow_abi::primitives::Primitive;
use snow_names::hir::{Builtin, FunctionId};
use snow_types::ty::TyNode;

/// Exit status of a program whose `main` gives an `Err`.
const STATUS_OF_ERR: i64 = 1;

impl Lowering<'_> {
    /// Wraps `main`.
    pub fn main_function(&mut self, main: FunctionId) -> Function {
        let hir = self.hir;
        let span = hir.functions[main].span;
        let scheme = self.typed.functions[main].clone();
        let unit = self.unit();
        let none = self.ty(TyNode::NoMailbox);
        let types = vec![none; scheme.params as usize];
        let result = crate::substitute::substitute(&mut self.typed.store, scheme.result, &types);
        let mut body = Body::new(self, unit);
        let call = ExprKind::Call(Callee::Function(main, types), vec![]);
        let call = Expr { kind: call, ty: result, span };
        let lowered = match body.l.typed.store.get(result).clone() {
            TyNode::Named(def, args) if def == body.l.known.result => body.report(call, args[1]),
            _ => {
                let var = body.var(result);
                let unit = body.unit(span);
                body.bind(var, call, unit)
            }
        };
        Function {
            name: "main".to_string(),
            type_params: 0,
            params: vec![],
            result: unit,
            vars: body.vars,
            join_count: body.join_count,
            body: lowered,
            hidden: true,
            span,
        }
    }
}

impl Body<'_, '_> {
    /// An `Err` is written to standard error, and the program exits with 1.
    fn report(&mut self, call: Expr, error_ty: snow_types::ty::Ty) -> Expr {
        let span = call.span;
        let result = self.l.known.result;
        self.with_var(call, |this, var| {
            let error = this.project(var, Shape::Variant(result, 1), 0, error_ty, span);
            let text = this.display(error, span);
            let line = this.typed(ExprKind::Text("\n".into()), Builtin::String, span);
            let append =
                ExprKind::Call(Callee::Primitive(Primitive::string_append, vec![]), vec![text, line]);
            let text = this.typed(append, Builtin::String, span);
            let unit = this.l.unit();
            let write = Callee::Primitive(Primitive::error_write, vec![]);
            let write = Expr { kind: ExprKind::Call(write, vec![text]), ty: unit, span };
            let status = this.typed(ExprKind::Int(STATUS_OF_ERR), Builtin::Int, span);
            let exit = Callee::Primitive(Primitive::os_exit, vec![]);
            let exit = this.diverging(ExprKind::Call(exit, vec![status]), span);
            let written = this.var(unit);
            let failed = this.bind(written, write, exit);
            let fine = this.unit(span);
            let cases = vec![(Key::Variant(0), fine), (Key::Variant(1), failed)];
            Expr { kind: ExprKind::Switch { subject: var, cases, default: None }, ty: unit, span }
        })
    }
}
