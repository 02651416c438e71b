//! Calls and function values.

use super::Body;
use super::expressions::variant_kind;
use crate::ir::{Callee, Expr, ExprKind, Lambda, Var};
use snow_names::hir::{self, Argument, FunctionId};
use snow_types::ty::{Ty, TyNode};
use snow_types::typed::{ArgumentSource, Member};

impl Body<'_, '_> {
    /// `f(a, b)`
    pub fn call(&mut self, e: &hir::Expr, callee: &hir::Expr, args: &[Argument]) -> Expr {
        let ty = self.type_of(e);
        if let hir::ExprKind::Variant(variant) = &callee.kind {
            let args = self.arguments(args);
            return Expr { kind: variant_kind(*variant, args), ty, span: e.span };
        }
        let target = self.callee(callee);
        let args = self.arguments(args);
        Expr { kind: ExprKind::Call(target, args), ty, span: e.span }
    }

    fn arguments(&mut self, args: &[Argument]) -> Vec<Expr> {
        args.iter().map(|a| self.expr(&a.value)).collect()
    }

    /// The types that a use of something generic stands for.
    pub fn uses(&self, e: &hir::Expr) -> Vec<Ty> {
        self.l.typed.uses.get(&e.id).cloned().unwrap_or_default()
    }

    fn callee(&mut self, callee: &hir::Expr) -> Callee {
        match &callee.kind {
            hir::ExprKind::Function(function) => match self.l.typed.members.get(&callee.id) {
                Some(Member::Function(meant, types)) => Callee::Function(*meant, types.clone()),
                _ => Callee::Function(*function, self.uses(callee)),
            },
            hir::ExprKind::Primitive(primitive) => Callee::Primitive(*primitive, self.uses(callee)),
            hir::ExprKind::Intrinsic(index) => Callee::Intrinsic(*index, self.uses(callee)),
            hir::ExprKind::TypeMember { .. } | hir::ExprKind::InterfaceMember { .. } => {
                self.member_callee(callee)
            }
            _ => Callee::Value(Box::new(self.expr(callee))),
        }
    }

    fn member_callee(&mut self, e: &hir::Expr) -> Callee {
        match self.member(e) {
            Member::Function(function, types) => Callee::Function(function, types),
            Member::Interface { interface, method, self_ty, args, method_args } => {
                Callee::Interface { interface, method, self_ty, args, method_args }
            }
            other => unreachable!("a static member is a function: {other:?}"),
        }
    }

    /// How the checker resolved a member or operator.
    pub fn member(&self, e: &hir::Expr) -> Member {
        self.l.typed.members.get(&e.id).cloned().unwrap_or(Member::Builtin)
    }

    /// A function that is not called here.
    pub fn function_value(&mut self, e: &hir::Expr) -> Expr {
        let ty = self.type_of(e);
        if let hir::ExprKind::Function(function) = &e.kind {
            return Expr { kind: ExprKind::Function(*function, self.uses(e)), ty, span: e.span };
        }
        self.eta(e, ty)
    }

    /// A closure around something that can only be called.
    fn eta(&mut self, e: &hir::Expr, ty: Ty) -> Expr {
        let TyNode::Function(params, _, result) = self.l.typed.store.get(ty).clone() else {
            unreachable!("the checker gives functions function types");
        };
        let vars: Vec<Var> = params.iter().map(|p| self.var(*p)).collect();
        let args: Vec<Expr> = vars.iter().map(|v| self.get(*v, e.span)).collect();
        let kind = match &e.kind {
            hir::ExprKind::Variant(variant) => variant_kind(*variant, args),
            _ => ExprKind::Call(self.callee(e), args),
        };
        let body = Box::new(Expr { kind, ty: result, span: e.span });
        Expr { kind: ExprKind::Lambda(Lambda { params: vars, result, body }), ty, span: e.span }
    }

    /// `recv.m(a)`
    pub fn method_call(&mut self, e: &hir::Expr, receiver: &hir::Expr, args: &[Argument]) -> Expr {
        let ty = self.type_of(e);
        let receiver = self.expr(receiver);
        let callee = match self.member(e) {
            Member::FieldCall(index) => {
                let field = self.field_of(receiver, index, None, e.span);
                let args = self.arguments(args);
                let kind = ExprKind::Call(Callee::Value(Box::new(field)), args);
                return Expr { kind, ty, span: e.span };
            }
            Member::Field(index) => return self.field_of(receiver, index, Some(ty), e.span),
            Member::Size(count) => {
                let var = self.var(receiver.ty);
                let count = Expr { kind: ExprKind::Int(i64::from(count)), ty, span: e.span };
                return self.bind(var, receiver, count);
            }
            Member::Function(function, types) => Callee::Function(function, types),
            Member::Interface { interface, method, self_ty, args, method_args } => {
                Callee::Interface { interface, method, self_ty, args, method_args }
            }
            other => unreachable!("a method call is a call: {other:?}"),
        };
        let mut given = vec![receiver];
        given.extend(self.arguments(args));
        match self.l.typed.orders.get(&e.id).cloned() {
            None => Expr { kind: ExprKind::Call(callee, given), ty, span: e.span },
            Some(order) => self.ordered_call(callee, given, &order, ty, e.span),
        }
    }

    /// Arguments are evaluated as written and passed in the parameters' order.
    fn ordered_call(
        &mut self,
        callee: Callee,
        given: Vec<Expr>,
        order: &[ArgumentSource],
        ty: Ty,
        span: snow_text::Span,
    ) -> Expr {
        let vars: Vec<Var> = given.iter().map(|g| self.var(g.ty)).collect();
        let wanted = self.parameters_of(&callee);
        let args = order
            .iter()
            .enumerate()
            .map(|(at, source)| match source {
                ArgumentSource::Given(index) => self.get(vars[*index as usize], span),
                ArgumentSource::Default(function) => self.default_value(*function, wanted[at], span),
            })
            .collect();
        let mut result = Expr { kind: ExprKind::Call(callee, args), ty, span };
        for (var, value) in vars.into_iter().zip(given).rev() {
            result = self.bind(var, value, result);
        }
        result
    }

    /// The types of a callee's parameters here.
    fn parameters_of(&mut self, callee: &Callee) -> Vec<Ty> {
        let (declared, types) = match callee {
            Callee::Function(function, types) => {
                (self.l.typed.functions[*function].arguments.clone(), types.clone())
            }
            Callee::Interface { .. } | Callee::Value(_) | Callee::Primitive(..) | Callee::Intrinsic(..) => {
                unreachable!("only functions and methods of impls have defaults")
            }
        };
        declared.into_iter().map(|ty| self.substitute(ty, &types)).collect()
    }

    /// The default of a parameter or field, as a value of that type.
    pub fn default_value(&mut self, function: FunctionId, ty: Ty, span: snow_text::Span) -> Expr {
        let scheme = self.l.typed.functions[function].clone();
        let store = &mut self.l.typed.store;
        let types = crate::substitute::arguments(store, scheme.result, ty, scheme.params);
        Expr { kind: ExprKind::Call(Callee::Function(function, types), vec![]), ty, span }
    }

    /// A call target that no expression names: `types` are the declared variables, inferred ones carry no data.
    pub fn std_callee(&mut self, module: &str, name: &str, types: Vec<Ty>) -> Callee {
        let function = self.l.std_function(module, name);
        let mut types = types;
        let never = self.l.never();
        types.resize(self.l.typed.functions[function].params as usize, never);
        Callee::Function(function, types)
    }
}
