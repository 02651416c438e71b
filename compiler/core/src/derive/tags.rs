//! The names of tags: what std's `Tag` is made of.

use super::build::Builder;
use crate::ir::{Expr, ExprKind, Function, Shape};
use snow_abi::primitives::Primitive;
use snow_names::hir::Builtin;
use snow_types::ty::TyNode;

/// `tag_name(self) -> String`
pub(super) fn name(b: &mut Builder) -> Function {
    let alternatives = b.alternatives();
    let string = b.l.builtin(Builtin::String);
    b.function("tag_name", 1, string, |body, params, span| {
        body.each_alternative(params[0], &alternatives, string, span, |body, i| {
            body.typed(ExprKind::Text(alternatives[i].name.as_str().into()), Builtin::String, span)
        })
    })
}

/// `tag_named(name :: String) -> Option<Self>`
pub(super) fn named(b: &mut Builder) -> Function {
    let alternatives = b.alternatives();
    let string = b.l.builtin(Builtin::String);
    let (option, self_ty) = (b.l.known.option, b.self_ty);
    let result = b.l.ty(TyNode::Named(option, vec![self_ty]));
    b.function_of("tag_named", vec![string], result, |body, params, span| {
        let mut decided = Expr { kind: ExprKind::Nullary(option, 0), ty: result, span };
        for alternative in alternatives.iter().rev() {
            let Shape::Tag(name) = alternative.shape else { continue };
            let wanted = body.typed(ExprKind::Text(name.as_str().into()), Builtin::String, span);
            let args = vec![body.get(params[0], span), wanted];
            let is_it = Box::new(body.primitive(Primitive::string_equal, args, Builtin::Bool, span));
            let tag = Expr { kind: ExprKind::Atom(name), ty: self_ty, span };
            let kind = ExprKind::Construct(Shape::Variant(option, 1), vec![tag]);
            let some = Box::new(Expr { kind, ty: result, span });
            decided = Expr { kind: ExprKind::If(is_it, some, Box::new(decided)), ty: result, span };
        }
        decided
    })
}
