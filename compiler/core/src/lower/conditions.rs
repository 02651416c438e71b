//! Tests of a match that are no dispatch.

use super::Body;
use crate::decision::Test;
use crate::ir::{Callee, Comparison, Expr, ExprKind, Var};
use snow_abi::primitives::Primitive;
use snow_names::hir::{self, BinaryOp, Builtin};
use snow_text::Span;
use snow_types::ty::{Ty, TyNode};

impl Body<'_, '_> {
    /// Whether a variable passes a test that needs no more than itself.
    pub fn test(&mut self, var: Var, test: &Test, span: Span) -> Expr {
        let value = self.get(var, span);
        match test {
            Test::Text(text) => {
                let text = self.typed(ExprKind::Text(text.clone()), Builtin::String, span);
                self.primitive_test(Primitive::string_equal, value, text, span)
            }
            Test::Bytes(bytes) => {
                let bytes = self.typed(ExprKind::Bytes(bytes.clone()), Builtin::Bytes, span);
                self.primitive_test(Primitive::bytes_equal, value, bytes, span)
            }
            Test::Prefix(prefix) => {
                let prefix = self.typed(ExprKind::Text(prefix.clone()), Builtin::String, span);
                self.primitive_test(Primitive::string_starts_with, value, prefix, span)
            }
            Test::Float(x) => {
                let x = self.typed(ExprKind::Float(*x), Builtin::Float, span);
                let on = value.ty;
                self.comparison(BinaryOp::Equal, (value, x), on, span)
            }
            Test::Range(lo, hi) => self.between(var, *lo, *hi, span),
            Test::Custom(_) => unreachable!("the match knows its own tests"),
        }
    }

    /// Whether a variable equals a bound value.
    pub fn pinned(&mut self, var: Var, pinned: &hir::Expr, span: Span) -> Expr {
        let (value, pinned) = (self.get(var, span), self.expr(pinned));
        let on = value.ty;
        self.comparison(BinaryOp::Equal, (value, pinned), on, span)
    }

    fn primitive_test(&mut self, primitive: Primitive, a: Expr, b: Expr, span: Span) -> Expr {
        let call = ExprKind::Call(Callee::Primitive(primitive, vec![]), vec![a, b]);
        self.typed(call, Builtin::Bool, span)
    }

    fn between(&mut self, var: Var, lo: i64, hi: i64, span: Span) -> Expr {
        let mut compare = |op, bound| {
            let bound = self.typed(ExprKind::Int(bound), Builtin::Int, span);
            let value = self.get(var, span);
            self.typed(ExprKind::Compare(op, Box::new(value), Box::new(bound)), Builtin::Bool, span)
        };
        let from = compare(Comparison::GreaterEqual, lo);
        let to = compare(Comparison::LessEqual, hi);
        let no = self.typed(ExprKind::Bool(false), Builtin::Bool, span);
        self.typed(ExprKind::If(Box::new(from), Box::new(to), Box::new(no)), Builtin::Bool, span)
    }

    /// What follows a prefix.
    pub fn after_prefix(&mut self, var: Var, prefix: &str, span: Span) -> Expr {
        let text = self.get(var, span);
        let from = self.typed(ExprKind::Int(prefix.chars().count() as i64), Builtin::Int, span);
        let to = self.typed(ExprKind::Int(i64::MAX), Builtin::Int, span);
        let callee = Callee::Primitive(Primitive::string_slice, vec![]);
        self.typed(ExprKind::Call(callee, vec![text, from, to]), Builtin::String, span)
    }

    /// `Map.find` of a key: the variable for its Option, and the call.
    pub fn map_find(&mut self, var: Var, key: &hir::Expr, value_ty: Ty, span: Span) -> (Var, Expr) {
        let key = self.expr(key);
        let option = self.l.known.option;
        let ty = self.l.ty(TyNode::Named(option, vec![value_ty]));
        let found = self.var(ty);
        let callee = self.std_callee("Map", "find", vec![key.ty, value_ty]);
        let map = self.get(var, span);
        (found, Expr { kind: ExprKind::Call(callee, vec![map, key]), ty, span })
    }
}
