//! Expressions, form by form.

use super::Body;
use crate::ir::{Callee, Expr, ExprKind, Lambda, Shape};
use snow_abi::primitives::Primitive;
use snow_names::hir::{self, Builtin, Statement};
use snow_types::ty::TyNode;

impl Body<'_, '_> {
    /// Lowers an expression.
    pub fn expr(&mut self, e: &hir::Expr) -> Expr {
        let ty = self.type_of(e);
        match self.literal(e) {
            Some(kind) => Expr { kind, ty, span: e.span },
            None => self.compound(e),
        }
    }

    /// Forms without parts.
    fn literal(&self, e: &hir::Expr) -> Option<ExprKind> {
        use hir::ExprKind as H;
        Some(match &e.kind {
            H::Unit => ExprKind::Unit,
            H::Int(n) => ExprKind::Int(*n),
            H::Float(x) => ExprKind::Float(*x),
            H::Bool(b) => ExprKind::Bool(*b),
            H::String(s) => ExprKind::Text(s.clone()),
            H::Bytes(b) => ExprKind::Bytes(b.clone()),
            H::Local(local) => ExprKind::Var(self.locals[local]),
            H::SelfPid => ExprKind::SelfPid,
            _ => return None,
        })
    }

    /// Forms that are lowered elsewhere.
    fn compound(&mut self, e: &hir::Expr) -> Expr {
        use hir::ExprKind as H;
        match &e.kind {
            H::Function(_)
            | H::Variant(_)
            | H::Primitive(_)
            | H::Intrinsic(_)
            | H::TypeMember { .. }
            | H::InterfaceMember { .. } => self.function_value(e),
            H::Call { callee, args } => self.call(e, callee, args),
            H::MethodCall { receiver, args, .. } => self.method_call(e, receiver, args),
            H::Field { receiver, .. } => self.field(e, receiver),
            H::Index { receiver, index } => self.index(e, receiver, index),
            H::Negate(value) => self.negate(e, value),
            H::Binary { op, left, right } => self.binary(e, *op, left, right),
            H::Block { statements, value } => self.block(e, statements, value.as_deref()),
            H::Case { scrutinees, arms } => self.case(e, scrutinees, arms),
            H::Receive { arms, after } => self.receive(e, arms, after.as_deref()),
            H::List { items, rest } => self.list(e, items, rest.as_deref()),
            H::Struct { ty: def, fields } => self.structure(e, *def, fields),
            H::Update { base, fields } => self.update(e, base, fields),
            H::Show(value) => self.show(e, value),
            H::Concat(parts) => self.concat(e, parts),
            H::Loop { id, variables, body } => self.loop_(e, *id, variables, body),
            H::Recur(id, args) => self.recur(e, *id, args),
            H::Exit(id, value) => self.exit(e, *id, value),
            H::Try(value) => self.try_(e, value),
            H::Spawn { kind, callee, args } => self.spawn(e, *kind, callee, args),
            H::Send { to, message } => self.send(e, to, message),
            _ => self.constructed(e),
        }
    }

    /// Forms that become one of core's own.
    fn constructed(&mut self, e: &hir::Expr) -> Expr {
        use hir::ExprKind as H;
        let ty = self.type_of(e);
        let kind = match &e.kind {
            H::Not(value) => ExprKind::Not(Box::new(self.expr(value))),
            H::If { condition, then, otherwise, .. } => {
                let [condition, then, otherwise] =
                    [condition, then, otherwise].map(|p| Box::new(self.expr(p)));
                ExprKind::If(condition, then, otherwise)
            }
            H::Lambda(lambda) => ExprKind::Lambda(self.lambda(lambda, ty)),
            H::Tuple(items) => ExprKind::Construct(Shape::Tuple, self.all(items)),
            H::Cons(head, tail) => {
                let parts = vec![self.expr(head), self.expr(tail)];
                ExprKind::Construct(Shape::Variant(self.l.known.list, 1), parts)
            }
            H::Construct { variant, args } => {
                let args = self.all(args);
                variant_kind(*variant, args)
            }
            H::Tag { name, args } if args.is_empty() => ExprKind::Atom(*name),
            H::Tag { name, args } => ExprKind::Construct(Shape::Tag(*name), self.all(args)),
            H::Return(value) => {
                let value = self.expr(value);
                return self.diverging(ExprKind::Return(Box::new(value)), e.span);
            }
            H::SpawnRemote { kind, node, actor, args, .. } => {
                let node = Box::new(self.expr(node));
                ExprKind::SpawnRemote { kind: *kind, node, actor: *actor, args: self.all(args) }
            }
            _ => unreachable!("programs with errors are not lowered, and other forms are handled before"),
        };
        Expr { kind, ty, span: e.span }
    }

    /// Several expressions.
    pub fn all(&mut self, exprs: &[hir::Expr]) -> Vec<Expr> {
        exprs.iter().map(|e| self.expr(e)).collect()
    }

    /// Statements, then the block's value.
    fn block(&mut self, e: &hir::Expr, statements: &[Statement], value: Option<&hir::Expr>) -> Expr {
        let Some((first, rest)) = statements.split_first() else {
            return match value {
                Some(value) => self.expr(value),
                None => self.unit(e.span),
            };
        };
        match first {
            Statement::Expr(statement) => {
                let statement = self.expr(statement);
                let var = self.var(statement.ty);
                let body = self.block(e, rest, value);
                self.bind(var, statement, body)
            }
            Statement::Function { local, lambda, span } => {
                let var = self.local(*local);
                let lambda = self.lambda(lambda, self.vars[var]);
                let body = self.block(e, rest, value);
                let ty = body.ty;
                Expr { kind: ExprKind::LetFunctions(vec![(var, lambda)], Box::new(body)), ty, span: *span }
            }
            Statement::Let { pattern, value: bound, otherwise, .. } => {
                let bound = self.expr(bound);
                if let hir::PatternKind::Bind(local) = &pattern.kind {
                    let var = self.local(*local);
                    self.vars[var] = bound.ty;
                    let body = self.block(e, rest, value);
                    return self.bind(var, bound, body);
                }
                self.with_var(bound, |this, var| {
                    this.let_pattern(var, pattern, otherwise.as_ref(), e.span, |this| {
                        this.block(e, rest, value)
                    })
                })
            }
        }
    }

    /// A closure; `ty` is its function type.
    pub fn lambda(&mut self, lambda: &hir::Lambda, ty: snow_types::ty::Ty) -> Lambda {
        let result = match self.l.typed.store.get(ty) {
            TyNode::Function(_, _, result) => *result,
            _ => self.type_of(&lambda.body),
        };
        let params = lambda.params.iter().map(|(local, _)| self.local(*local)).collect();
        let outer = std::mem::replace(&mut self.result, result);
        let body = Box::new(self.expr(&lambda.body));
        self.result = outer;
        Lambda { params, result, body }
    }

    fn list(&mut self, e: &hir::Expr, items: &[hir::Expr], rest: Option<&hir::Expr>) -> Expr {
        let ty = self.type_of(e);
        let list = self.l.known.list;
        let mut heads = self.all(items);
        let mut tail = match rest {
            Some(rest) => self.expr(rest),
            None => Expr { kind: ExprKind::Nullary(list, 0), ty, span: e.span },
        };
        while let Some(head) = heads.pop() {
            let span = head.span;
            let kind = ExprKind::Construct(Shape::Variant(list, 1), vec![head, tail]);
            tail = Expr { kind, ty, span };
        }
        tail
    }

    fn concat(&mut self, e: &hir::Expr, parts: &[hir::Expr]) -> Expr {
        let mut parts = self.all(parts);
        match parts.len() {
            0 => self.typed(ExprKind::Text("".into()), Builtin::String, e.span),
            1 => parts.remove(0),
            2 => {
                let callee = Callee::Primitive(Primitive::string_append, vec![]);
                self.typed(ExprKind::Call(callee, parts), Builtin::String, e.span)
            }
            _ => {
                let list = self.string_list(parts, e.span);
                let callee = Callee::Primitive(Primitive::string_concat, vec![]);
                self.typed(ExprKind::Call(callee, vec![list]), Builtin::String, e.span)
            }
        }
    }
}

/// A variant with its arguments, or alone.
pub(crate) fn variant_kind(variant: hir::VariantRef, args: Vec<Expr>) -> ExprKind {
    match args.is_empty() {
        true => ExprKind::Nullary(variant.ty, variant.index),
        false => ExprKind::Construct(Shape::Variant(variant.ty, variant.index), args),
    }
}
