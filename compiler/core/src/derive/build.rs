//! What all derivations need: the type's alternatives, their parts, and a function to put them in.

use crate::ir::{Callee, Expr, ExprKind, Function, Head, Key, Shape, Var};
use crate::lower::{Body, Lowering};
use snow_abi::primitives::Primitive;
use snow_names::hir::{self, Builtin, FunctionId, InterfaceId, TypeDefKind};
use snow_text::{SourceId, Span, Symbol};
use snow_types::ty::{Ty, TyNode};
use snow_types::typed::Typed;

/// One way a value of the type can look.
#[derive(Clone)]
pub(super) struct Alternative {
    /// How it is told apart; absent where there is only one.
    pub key: Option<Key>,
    /// What the object is.
    pub shape: Shape,
    /// As printed.
    pub name: String,
    /// Names of the fields, empty where positional.
    pub fields: Vec<Option<Symbol>>,
    /// Types of the fields.
    pub types: Vec<Ty>,
    /// Functions that compute the fields' defaults.
    pub defaults: Vec<Option<FunctionId>>,
}

/// A derivation under way.
pub(super) struct Builder<'a> {
    pub l: Lowering<'a>,
    pub head: Head,
    pub self_ty: Ty,
    pub span: Span,
}

impl<'a> Builder<'a> {
    pub fn new(head: &Head, hir: &'a hir::Program, typed: &'a mut Typed) -> Builder<'a> {
        let mut l = Lowering::new(hir, typed);
        let self_ty = head_type(&mut l, head);
        let span = match head {
            Head::Named(def, _) => hir.types[*def].name_span,
            _ => Span::new(SourceId(0), 0, 0),
        };
        Builder { l, head: head.clone(), self_ty, span }
    }

    /// How many type variables the method has.
    fn type_params(&self) -> u32 {
        match &self.head {
            Head::Named(_, n) | Head::Tuple(n) => *n,
            Head::Tags(tags) => tags.iter().map(|t| t.1).sum(),
            Head::Function(n) => n + 1,
            Head::Pid => 1,
            Head::Builtin(Builtin::Array) => 1,
            Head::Unit | Head::Never | Head::Builtin(_) => 0,
        }
    }

    /// The ways a value can look; empty for types without parts.
    pub fn alternatives(&mut self) -> Vec<Alternative> {
        match self.head.clone() {
            Head::Tuple(n) => {
                let types = (0..n).map(|i| self.l.ty(TyNode::Param(i))).collect();
                vec![alternative(None, Shape::Tuple, "", types)]
            }
            Head::Named(def, _) => self.named(def),
            Head::Tags(tags) => {
                let mut next = 0;
                tags.iter()
                    .map(|(name, count)| {
                        let types = (next..next + count).map(|i| self.l.ty(TyNode::Param(i))).collect();
                        next += count;
                        alternative(Some(Key::Tag(*name)), Shape::Tag(*name), name.as_str(), types)
                    })
                    .collect()
            }
            _ => vec![],
        }
    }

    fn named(&mut self, def: hir::TypeDefId) -> Vec<Alternative> {
        let definition = &self.l.hir.types[def];
        let types = self.l.typed.fields[def].clone();
        let of = |key, shape, name: Symbol, fields: &[hir::FieldDef], types: Vec<Ty>| Alternative {
            key,
            shape,
            name: name.as_str().to_string(),
            fields: fields.iter().map(|f| f.name).collect(),
            types,
            defaults: fields.iter().map(|f| f.default).collect(),
        };
        match &definition.kind {
            TypeDefKind::Struct(fields) => {
                vec![of(None, Shape::Struct(def), definition.name, fields, types[0].clone())]
            }
            TypeDefKind::Sum(variants) => variants
                .iter()
                .zip(types)
                .enumerate()
                .map(|(i, (v, types))| {
                    let i = i as u32;
                    of(Some(Key::Variant(i)), Shape::Variant(def, i), v.name, &v.fields, types)
                })
                .collect(),
            TypeDefKind::Alias(_) => unreachable!("aliases are expanded by the checker"),
        }
    }

    /// A function with so many parameters of the type.
    pub fn function(
        &mut self,
        name: &str,
        param_count: usize,
        result: Ty,
        body: impl FnOnce(&mut Body<'_, 'a>, &[Var], Span) -> Expr,
    ) -> Function {
        let params = vec![self.self_ty; param_count];
        self.function_of(name, params, result, body)
    }

    /// A function with parameters of these types.
    pub fn function_of(
        &mut self,
        name: &str,
        params: Vec<Ty>,
        result: Ty,
        body: impl FnOnce(&mut Body<'_, 'a>, &[Var], Span) -> Expr,
    ) -> Function {
        let (span, type_params) = (self.span, self.type_params());
        let mut b = Body::new(&mut self.l, result);
        let params: Vec<Var> = params.into_iter().map(|ty| b.var(ty)).collect();
        let lowered = body(&mut b, &params, span);
        Function {
            name: name.to_string(),
            type_params,
            params,
            result,
            vars: b.vars,
            join_count: b.join_count,
            body: lowered,
            hidden: true,
            span,
        }
    }
}

fn alternative(key: Option<Key>, shape: Shape, name: &str, types: Vec<Ty>) -> Alternative {
    let count = types.len();
    let name = name.to_string();
    Alternative { key, shape, name, fields: vec![None; count], types, defaults: vec![None; count] }
}

fn head_type(l: &mut Lowering, head: &Head) -> Ty {
    let params = |l: &mut Lowering, from: u32, count: u32| -> Vec<Ty> {
        (from..from + count).map(|i| l.ty(TyNode::Param(i))).collect()
    };
    let node = match head {
        Head::Named(def, n) => TyNode::Named(*def, params(l, 0, *n)),
        Head::Tuple(n) => TyNode::Tuple(params(l, 0, *n)),
        Head::Tags(tags) => {
            let mut next = 0;
            let mut all = Vec::new();
            for (name, count) in tags {
                all.push((*name, params(l, next, *count)));
                next += count;
            }
            TyNode::Tags(all)
        }
        Head::Function(n) => {
            let args = params(l, 0, *n);
            let none = l.ty(TyNode::NoMailbox);
            let result = l.ty(TyNode::Param(*n));
            TyNode::Function(args, none, result)
        }
        Head::Pid => TyNode::Pid(l.ty(TyNode::Param(0))),
        Head::Unit => TyNode::Unit,
        Head::Never => TyNode::Never,
        Head::Builtin(Builtin::Array) => TyNode::Builtin(Builtin::Array, params(l, 0, 1)),
        Head::Builtin(builtin) => TyNode::Builtin(*builtin, vec![]),
    };
    l.ty(node)
}

impl Body<'_, '_> {
    /// Looks at one variable: a leaf for each alternative.
    pub(super) fn each_alternative(
        &mut self,
        var: Var,
        alternatives: &[Alternative],
        ty: Ty,
        span: Span,
        mut leaf: impl FnMut(&mut Self, usize) -> Expr,
    ) -> Expr {
        if let [Alternative { key: None, .. }] = alternatives {
            return leaf(self, 0);
        }
        let cases = alternatives
            .iter()
            .enumerate()
            .map(|(i, a)| (a.key.clone().expect("one of several has a key"), leaf(self, i)))
            .collect();
        Expr { kind: ExprKind::Switch { subject: var, cases, default: None }, ty, span }
    }

    /// A part of an alternative.
    pub(super) fn part(&mut self, var: Var, alternative: &Alternative, index: usize, span: Span) -> Expr {
        self.project(var, alternative.shape.clone(), index as u32, alternative.types[index], span)
    }

    /// A method of a part's type.
    pub(super) fn part_method(
        &mut self,
        interface: InterfaceId,
        args: Vec<Expr>,
        result: Ty,
        span: Span,
    ) -> Expr {
        let callee = self.method(interface, args[0].ty, vec![]);
        Expr { kind: ExprKind::Call(callee, args), ty: result, span }
    }

    /// A call of a primitive without type parameters.
    pub(super) fn primitive(
        &mut self,
        primitive: Primitive,
        args: Vec<Expr>,
        result: Builtin,
        span: Span,
    ) -> Expr {
        self.typed(ExprKind::Call(Callee::Primitive(primitive, vec![]), args), result, span)
    }
}

/// `Default`: a struct of its fields' defaults, an Option's `None`, the first variant of others.
pub(super) fn default(b: &mut Builder) -> Function {
    let alternatives = b.alternatives();
    let result = b.self_ty;
    let interface = b.l.known.default;
    let unit = b.head == Head::Unit;
    b.function("default", 0, result, |body, _, span| {
        if unit {
            return body.unit(span);
        }
        let first = &alternatives[0];
        let parts: Vec<Expr> = first
            .types
            .iter()
            .zip(&first.defaults)
            .map(|(ty, default)| match default {
                Some(function) => body.default_value(*function, *ty, span),
                None => {
                    let callee = body.method(interface, *ty, vec![]);
                    Expr { kind: ExprKind::Call(callee, vec![]), ty: *ty, span }
                }
            })
            .collect();
        let kind = match (&first.shape, parts.is_empty()) {
            (Shape::Struct(def), true) => ExprKind::Nullary(*def, 0),
            (Shape::Variant(def, index), true) => ExprKind::Nullary(*def, *index),
            (shape, _) => ExprKind::Construct(shape.clone(), parts),
        };
        Expr { kind, ty: result, span }
    })
}
