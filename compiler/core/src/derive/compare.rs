//! `Eq`, `Ord` and `Hash` by structure.

use super::build::{Alternative, Builder};
use crate::ir::{Comparison, Expr, ExprKind, Function, Join, Key, Var};
use crate::lower::Body;
use snow_abi::primitives::Primitive;
use snow_names::hir::Builtin;
use snow_text::Span;
use snow_types::ty::Ty;

/// Multiplier of the structural hash: the golden ratio's, as in Knuth's multiplicative hashing.
const HASH_MULTIPLIER: i64 = 0x9E37_79B9_7F4A_7C15_u64 as i64;

/// Equal alternatives with equal parts.
pub(super) fn eq(b: &mut Builder) -> Function {
    let alternatives = b.alternatives();
    let bool_ = b.l.builtin(Builtin::Bool);
    let interface = b.l.known.eq;
    b.function("eq", 2, bool_, |body, params, span| {
        let (x, y) = (params[0], params[1]);
        if alternatives.is_empty() {
            return body.typed(ExprKind::Bool(true), Builtin::Bool, span);
        }
        body.each_alternative(x, &alternatives, bool_, span, |body, i| {
            same_alternative(body, y, &alternatives, i, (bool_, span), |body| {
                all_parts(body, (x, y), &alternatives[i], span, |body, a, b| {
                    body.part_method(interface, vec![a, b], bool_, span)
                })
            })
        })
    })
}

/// `then` when the second value is of the i-th alternative too, else false.
fn same_alternative(
    body: &mut Body,
    other: Var,
    alternatives: &[Alternative],
    i: usize,
    (ty, span): (Ty, Span),
    then: impl FnOnce(&mut Body) -> Expr,
) -> Expr {
    let Some(key) = alternatives[i].key.clone() else { return then(body) };
    let then = then(body);
    if alternatives.len() == 1 {
        return then;
    }
    let no = Some(Box::new(body.typed(ExprKind::Bool(false), Builtin::Bool, span)));
    Expr { kind: ExprKind::Switch { subject: other, cases: vec![(key, then)], default: no }, ty, span }
}

/// A conjunction over the parts; the last test is a tail call.
fn all_parts(
    body: &mut Body,
    (x, y): (Var, Var),
    alternative: &Alternative,
    span: Span,
    mut test: impl FnMut(&mut Body, Expr, Expr) -> Expr,
) -> Expr {
    let mut result: Option<Expr> = None;
    for index in (0..alternative.types.len()).rev() {
        let (a, b) = (body.part(x, alternative, index, span), body.part(y, alternative, index, span));
        let holds = test(body, a, b);
        result = Some(match result {
            None => holds,
            Some(rest) => {
                let no = body.typed(ExprKind::Bool(false), Builtin::Bool, span);
                let ty = rest.ty;
                Expr { kind: ExprKind::If(Box::new(holds), Box::new(rest), Box::new(no)), ty, span }
            }
        });
    }
    result.unwrap_or_else(|| body.typed(ExprKind::Bool(true), Builtin::Bool, span))
}

/// The order of alternatives as declared, then that of the parts from the first on.
pub(super) fn ord(b: &mut Builder) -> Function {
    let alternatives = b.alternatives();
    let ordering = b.l.ordering();
    b.function("compare", 2, ordering, |body, params, span| {
        let (x, y) = (params[0], params[1]);
        if alternatives.is_empty() {
            return constant(body, ordering, 1, span);
        }
        if alternatives.len() == 1 {
            return parts_in_order(body, (x, y), &alternatives[0], ordering, span);
        }
        let differ = body.join();
        let compared = body.each_alternative(x, &alternatives, ordering, span, |body, i| {
            let key = alternatives[i].key.clone().expect("one of several has a key");
            let same = parts_in_order(body, (x, y), &alternatives[i], ordering, span);
            let own = body.typed(ExprKind::Int(i as i64), Builtin::Int, span);
            let other = Some(Box::new(body.diverging(ExprKind::Jump(differ, vec![own]), span)));
            let kind = ExprKind::Switch { subject: y, cases: vec![(key, same)], default: other };
            Expr { kind, ty: ordering, span }
        });
        by_alternative(body, (differ, y), &alternatives, compared)
    })
}

/// The join that is given the number of the first value's alternative when the second's is another.
fn by_alternative(
    body: &mut Body,
    (join, other): (Join, Var),
    alternatives: &[Alternative],
    rest: Expr,
) -> Expr {
    let (ordering, span) = (rest.ty, rest.span);
    let int = body.l.builtin(Builtin::Int);
    let own = body.var(int);
    let number = body.each_alternative(other, alternatives, int, span, |body, i| {
        body.typed(ExprKind::Int(i as i64), Builtin::Int, span)
    });
    let own_number = Box::new(body.get(own, span));
    let is_before = ExprKind::Compare(Comparison::Less, own_number, Box::new(number));
    let is_before = Box::new(body.typed(is_before, Builtin::Bool, span));
    let [less, greater] = [0, 2].map(|index| Box::new(constant(body, ordering, index, span)));
    let decided = Expr { kind: ExprKind::If(is_before, less, greater), ty: ordering, span };
    let kind = ExprKind::Join {
        join,
        params: vec![own],
        recursive: false,
        body: Box::new(decided),
        rest: Box::new(rest),
    };
    Expr { kind, ty: ordering, span }
}

/// A constant Ordering: 0 `Less`, 1 `Equal`, 2 `Greater`.
fn constant(body: &Body, ordering: Ty, index: u32, span: Span) -> Expr {
    Expr { kind: ExprKind::Nullary(body.l.known.ordering, index), ty: ordering, span }
}

fn parts_in_order(
    body: &mut Body,
    (x, y): (Var, Var),
    alternative: &Alternative,
    ordering: Ty,
    span: Span,
) -> Expr {
    let interface = body.l.known.ord;
    let mut result: Option<Expr> = None;
    for index in (0..alternative.types.len()).rev() {
        let (a, b) = (body.part(x, alternative, index, span), body.part(y, alternative, index, span));
        let compared = body.part_method(interface, vec![a, b], ordering, span);
        result = Some(match result {
            None => compared,
            Some(rest) => body.with_var(compared, |body, var| {
                let differs = Box::new(body.get(var, span));
                let cases = vec![(Key::Variant(1), rest)];
                Expr {
                    kind: ExprKind::Switch { subject: var, cases, default: Some(differs) },
                    ty: ordering,
                    span,
                }
            }),
        });
    }
    result.unwrap_or_else(|| constant(body, ordering, 1, span))
}

/// The hashes of the parts, mixed one after the other into the name of the alternative. Its number does not count: a tag has another one
/// in every row.
pub(super) fn hash(b: &mut Builder) -> Function {
    let alternatives = b.alternatives();
    let int = b.l.builtin(Builtin::Int);
    let interface = b.l.known.hash;
    let is_pid = b.head == crate::ir::Head::Pid;
    b.function("hash", 1, int, |body, params, span| {
        let x = params[0];
        if is_pid {
            let pid = body.get(x, span);
            let id = body.primitive(Primitive::pid_id, vec![pid], Builtin::ProcessId, span);
            return body.primitive(Primitive::process_id_number, vec![id], Builtin::Int, span);
        }
        if alternatives.is_empty() {
            return body.typed(ExprKind::Int(1), Builtin::Int, span);
        }
        body.each_alternative(x, &alternatives, int, span, |body, i| {
            let seed = alternatives[i]
                .name
                .bytes()
                .fold(1, |sum: i64, byte| sum.wrapping_mul(HASH_MULTIPLIER).wrapping_add(byte as i64));
            let mut sum = body.typed(ExprKind::Int(seed), Builtin::Int, span);
            for index in 0..alternatives[i].types.len() {
                let part = body.part(x, &alternatives[i], index, span);
                let part = body.part_method(interface, vec![part], int, span);
                let mixed = body.primitive(Primitive::int_xor, vec![sum, part], Builtin::Int, span);
                let factor = body.typed(ExprKind::Int(HASH_MULTIPLIER), Builtin::Int, span);
                sum = body.primitive(Primitive::int_wrapping_mul, vec![mixed, factor], Builtin::Int, span);
            }
            sum
        })
    })
}
