//! Fields, indexing, `?`, and Display.

use super::Body;
use crate::ir::{Callee, Expr, ExprKind, Key, Shape, Var};
use snow_names::hir::{self, Builtin, InterfaceId};
use snow_text::Span;
use snow_types::ty::{Ty, TyNode};
use snow_types::typed::Member;

impl Body<'_, '_> {
    /// `recv.name`
    pub fn field(&mut self, e: &hir::Expr, receiver: &hir::Expr) -> Expr {
        let receiver = self.expr(receiver);
        match self.member(e) {
            Member::Field(index) => {
                let ty = self.type_of(e);
                self.field_of(receiver, index, Some(ty), e.span)
            }
            other => unreachable!("a field access is a field: {other:?}"),
        }
    }

    /// Field `index` of a struct, or part of a tuple.
    pub fn field_of(&mut self, value: Expr, index: u32, ty: Option<Ty>, span: Span) -> Expr {
        let (shape, declared) = match self.l.typed.store.get(value.ty).clone() {
            TyNode::Named(def, args) => {
                let declared = self.l.typed.fields[def][0][index as usize];
                (Shape::Struct(def), self.substitute(declared, &args))
            }
            TyNode::Tuple(parts) => (Shape::Tuple, parts[index as usize]),
            other => unreachable!("the checker finds fields in structs and tuples only: {other:?}"),
        };
        let kind = ExprKind::Project { value: Box::new(value), shape, index };
        Expr { kind, ty: ty.unwrap_or(declared), span }
    }

    /// `x[i]`
    pub fn index(&mut self, e: &hir::Expr, receiver: &hir::Expr, index: &hir::Expr) -> Expr {
        let args = vec![self.expr(receiver), self.expr(index)];
        let callee = match self.member(e) {
            Member::Function(function, types) => Callee::Function(function, types),
            Member::Interface { interface, method, self_ty, args, method_args } => {
                Callee::Interface { interface, method, self_ty, args, method_args }
            }
            other => unreachable!("indexing is a call: {other:?}"),
        };
        Expr { kind: ExprKind::Call(callee, args), ty: self.type_of(e), span: e.span }
    }

    /// Display of a value.
    pub fn show(&mut self, e: &hir::Expr, value: &hir::Expr) -> Expr {
        let value = self.expr(value);
        self.display(value, e.span)
    }

    /// `to_string` of a value.
    pub fn display(&mut self, value: Expr, span: Span) -> Expr {
        if matches!(self.l.typed.store.get(value.ty), TyNode::Builtin(Builtin::String, _)) {
            return value;
        }
        let callee = self.method(self.l.known.display, value.ty, vec![]);
        self.typed(ExprKind::Call(callee, vec![value]), Builtin::String, span)
    }

    /// Method 0 of an interface at a type.
    pub fn method(&self, interface: InterfaceId, self_ty: Ty, args: Vec<Ty>) -> Callee {
        Callee::Interface { interface, method: 0, self_ty, args, method_args: vec![] }
    }

    /// `e?`
    pub fn try_(&mut self, e: &hir::Expr, value: &hir::Expr) -> Expr {
        let ty = self.type_of(e);
        let value = self.expr(value);
        let member = self.member(e);
        self.with_var(value, |this, var| match member {
            Member::TryOption => this.try_option(var, ty, e.span),
            Member::TryResult { from, to, convert } => this.try_result(var, ty, (from, to, convert), e.span),
            other => unreachable!("`?` is one of two: {other:?}"),
        })
    }

    fn try_option(&mut self, var: Var, ty: Ty, span: Span) -> Expr {
        let option = self.l.known.option;
        let none = Expr { kind: ExprKind::Nullary(option, 0), ty: self.result, span };
        let none = self.diverging(ExprKind::Return(Box::new(none)), span);
        let some = self.project(var, Shape::Variant(option, 1), 0, ty, span);
        let cases = vec![(Key::Variant(0), none), (Key::Variant(1), some)];
        Expr { kind: ExprKind::Switch { subject: var, cases, default: None }, ty, span }
    }

    fn try_result(&mut self, var: Var, ty: Ty, (from, to, convert): (Ty, Ty, bool), span: Span) -> Expr {
        let result = self.l.known.result;
        let mut error = self.project(var, Shape::Variant(result, 1), 0, from, span);
        if convert {
            error = self.convert_error(error, to, span);
        }
        let kind = ExprKind::Construct(Shape::Variant(result, 1), vec![error]);
        let error = Expr { kind, ty: self.result, span };
        let error = self.diverging(ExprKind::Return(Box::new(error)), span);
        let ok = self.project(var, Shape::Variant(result, 0), 0, ty, span);
        let cases = vec![(Key::Variant(0), ok), (Key::Variant(1), error)];
        Expr { kind: ExprKind::Switch { subject: var, cases, default: None }, ty, span }
    }

    /// An error as the function's error type: its text for String, else by `From`.
    fn convert_error(&mut self, error: Expr, to: Ty, span: Span) -> Expr {
        if matches!(self.l.typed.store.get(to), TyNode::Builtin(Builtin::String, _)) {
            return self.display(error, span);
        }
        let callee = self.method(self.l.known.from, to, vec![error.ty]);
        Expr { kind: ExprKind::Call(callee, vec![error]), ty: to, span }
    }
}
