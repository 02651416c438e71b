//! Operators: instructions on built-in types, interface methods on others.

use super::Body;
use crate::ir::{Arithmetic, Callee, Comparison, Expr, ExprKind, Key};
use snow_abi::primitives::Primitive;
use snow_names::hir::{self, BinaryOp, Builtin};
use snow_text::Span;
use snow_types::ty::{Ty, TyNode};
use snow_types::typed::Member;

impl Body<'_, '_> {
    /// `a + b` and the like.
    pub fn binary(&mut self, e: &hir::Expr, op: BinaryOp, left: &hir::Expr, right: &hir::Expr) -> Expr {
        let (a, b) = (self.expr(left), self.expr(right));
        let ty = self.type_of(e);
        match (op, self.member(e)) {
            (BinaryOp::Append, _) => self.append(a, b, ty, e.span),
            (BinaryOp::Concat, Member::Function(function, types)) => {
                Expr { kind: ExprKind::Call(Callee::Function(function, types), vec![a, b]), ty, span: e.span }
            }
            (BinaryOp::Concat, _) => {
                let types = self.list_item(ty).into_iter().collect();
                let concat = self.std_callee("List", "concat", types);
                Expr { kind: ExprKind::Call(concat, vec![a, b]), ty, span: e.span }
            }
            (_, member) => match arithmetic(op) {
                Some(op) => self.arithmetic(op, a, b, member, ty, e.span),
                None => {
                    // Sides with other tags are compared as what has all of them.
                    let on = match member {
                        Member::Interface { self_ty, .. } => self_ty,
                        _ => a.ty,
                    };
                    self.comparison(op, (a, b), on, e.span)
                }
            },
        }
    }

    fn list_item(&self, ty: Ty) -> Option<Ty> {
        match self.l.typed.store.get(ty) {
            TyNode::Named(_, args) => args.first().copied(),
            _ => None,
        }
    }

    fn append(&mut self, a: Expr, b: Expr, ty: Ty, span: Span) -> Expr {
        let bytes = matches!(self.l.typed.store.get(ty), TyNode::Builtin(Builtin::Bytes, _));
        let primitive = if bytes { Primitive::bytes_append } else { Primitive::string_append };
        Expr { kind: ExprKind::Call(Callee::Primitive(primitive, vec![]), vec![a, b]), ty, span }
    }

    fn arithmetic(&mut self, op: Arithmetic, a: Expr, b: Expr, member: Member, ty: Ty, span: Span) -> Expr {
        if self.is_number(a.ty) {
            return Expr { kind: ExprKind::Arithmetic(op, Box::new(a), Box::new(b)), ty, span };
        }
        let callee = match member {
            Member::Interface { interface, method, self_ty, args, method_args } => {
                Callee::Interface { interface, method, self_ty, args, method_args }
            }
            Member::Function(function, types) => Callee::Function(function, types),
            _ => {
                let known = self.l.known;
                let interface = match op {
                    Arithmetic::Add => known.add,
                    Arithmetic::Sub => known.sub,
                    Arithmetic::Mul => known.mul,
                    Arithmetic::Div => known.div,
                    Arithmetic::Rem => known.rem,
                };
                self.method(interface, a.ty, vec![])
            }
        };
        Expr { kind: ExprKind::Call(callee, vec![a, b]), ty, span }
    }

    fn is_number(&self, ty: Ty) -> bool {
        matches!(self.l.typed.store.get(ty), TyNode::Builtin(Builtin::Int | Builtin::Float, _))
    }

    /// Whether values of a type are compared by an instruction.
    fn is_word(&self, ty: Ty) -> bool {
        self.is_number(ty) || matches!(self.l.typed.store.get(ty), TyNode::Builtin(Builtin::Bool, _))
    }

    /// `==`, `<` and the like.
    pub fn comparison(&mut self, op: BinaryOp, (a, b): (Expr, Expr), on: Ty, span: Span) -> Expr {
        if self.is_word(on) {
            let kind = ExprKind::Compare(comparison(op), Box::new(a), Box::new(b));
            return self.typed(kind, Builtin::Bool, span);
        }
        match op {
            BinaryOp::Equal => self.equal((a, b), on, span),
            BinaryOp::NotEqual => {
                let equal = Box::new(self.equal((a, b), on, span));
                self.typed(ExprKind::Not(equal), Builtin::Bool, span)
            }
            _ => self.ordered(op, (a, b), on, span),
        }
    }

    /// `a == b` by `Eq`.
    fn equal(&mut self, (a, b): (Expr, Expr), on: Ty, span: Span) -> Expr {
        let callee = self.method(self.l.known.eq, on, vec![]);
        self.typed(ExprKind::Call(callee, vec![a, b]), Builtin::Bool, span)
    }

    /// `compare(a, b)` by `Ord`, then a look at the Ordering.
    fn ordered(&mut self, op: BinaryOp, (a, b): (Expr, Expr), on: Ty, span: Span) -> Expr {
        let callee = self.method(self.l.known.ord, on, vec![]);
        let ordering = self.l.ordering();
        let compared = Expr { kind: ExprKind::Call(callee, vec![a, b]), ty: ordering, span };
        let holds = match op {
            BinaryOp::Less => [true, false, false],
            BinaryOp::LessEqual => [true, true, false],
            BinaryOp::Greater => [false, false, true],
            _ => [false, true, true],
        };
        self.with_var(compared, |this, var| {
            let mut cases = Vec::new();
            for (index, holds) in holds.into_iter().enumerate() {
                let leaf = this.typed(ExprKind::Bool(holds), Builtin::Bool, span);
                cases.push((Key::Variant(index as u32), leaf));
            }
            this.typed(ExprKind::Switch { subject: var, cases, default: None }, Builtin::Bool, span)
        })
    }

    /// `-x`
    pub fn negate(&mut self, e: &hir::Expr, value: &hir::Expr) -> Expr {
        let value = self.expr(value);
        let ty = self.type_of(e);
        let kind = match self.is_number(value.ty) {
            true => ExprKind::Negate(Box::new(value)),
            false => ExprKind::Call(self.method(self.l.known.neg, value.ty, vec![]), vec![value]),
        };
        Expr { kind, ty, span: e.span }
    }
}

fn arithmetic(op: BinaryOp) -> Option<Arithmetic> {
    Some(match op {
        BinaryOp::Add => Arithmetic::Add,
        BinaryOp::Sub => Arithmetic::Sub,
        BinaryOp::Mul => Arithmetic::Mul,
        BinaryOp::Div => Arithmetic::Div,
        BinaryOp::Rem => Arithmetic::Rem,
        _ => return None,
    })
}

fn comparison(op: BinaryOp) -> Comparison {
    match op {
        BinaryOp::Equal => Comparison::Equal,
        BinaryOp::NotEqual => Comparison::NotEqual,
        BinaryOp::Less => Comparison::Less,
        BinaryOp::LessEqual => Comparison::LessEqual,
        BinaryOp::Greater => Comparison::Greater,
        BinaryOp::GreaterEqual => Comparison::GreaterEqual,
        _ => unreachable!("arithmetic is handled before"),
    }
}
