//! Structs, their updates, and lists of Strings.

use super::Body;
use crate::ir::{Expr, ExprKind, Shape};
use snow_names::hir::{self, Builtin, TypeDefId, TypeDefKind};
use snow_text::{Span, Symbol};
use snow_types::ty::{Ty, TyNode};

impl Body<'_, '_> {
    /// `Point { x: 1, y: 2 }`: evaluated as written, laid out as declared.
    pub fn structure(&mut self, e: &hir::Expr, def: TypeDefId, fields: &[(u32, hir::Expr)]) -> Expr {
        let ty = self.type_of(e);
        let in_order = fields.iter().enumerate().all(|(i, f)| f.0 as usize == i);
        if in_order {
            let args = fields.iter().map(|f| self.expr(&f.1)).collect();
            return self.struct_of(def, args, ty, e.span);
        }
        let values: Vec<Expr> = fields.iter().map(|f| self.expr(&f.1)).collect();
        let vars: Vec<_> = values.iter().map(|v| self.var(v.ty)).collect();
        let mut args: Vec<(u32, Expr)> =
            fields.iter().zip(&vars).map(|(f, var)| (f.0, self.get(*var, e.span))).collect();
        args.sort_by_key(|a| a.0);
        let args = args.into_iter().map(|a| a.1).collect();
        let mut result = self.struct_of(def, args, ty, e.span);
        for (var, value) in vars.into_iter().zip(values).rev() {
            result = self.bind(var, value, result);
        }
        result
    }

    fn struct_of(&self, def: TypeDefId, args: Vec<Expr>, ty: Ty, span: Span) -> Expr {
        let kind = match args.is_empty() {
            true => ExprKind::Nullary(def, 0),
            false => ExprKind::Construct(Shape::Struct(def), args),
        };
        Expr { kind, ty, span }
    }

    /// `%{p | x: 2}`
    pub fn update(&mut self, e: &hir::Expr, base: &hir::Expr, fields: &[(Symbol, Span, hir::Expr)]) -> Expr {
        let base = self.expr(base);
        let TyNode::Named(def, args) = self.l.typed.store.get(base.ty).clone() else {
            unreachable!("the checker updates structs only");
        };
        let hir = self.l.hir;
        let TypeDefKind::Struct(declared) = &hir.types[def].kind else {
            unreachable!("the checker updates structs only");
        };
        let ty = self.type_of(e);
        self.with_var(base, |this, old| {
            let values: Vec<Expr> = fields.iter().map(|f| this.expr(&f.2)).collect();
            let vars: Vec<_> = values.iter().map(|v| this.var(v.ty)).collect();
            let types = this.l.typed.fields[def][0].clone();
            let mut parts = Vec::new();
            for (index, field) in declared.iter().enumerate() {
                let written = fields.iter().position(|f| Some(f.0) == field.name);
                parts.push(match written {
                    Some(at) => this.get(vars[at], e.span),
                    None => {
                        let ty = this.substitute(types[index], &args);
                        this.project(old, Shape::Struct(def), index as u32, ty, e.span)
                    }
                });
            }
            let mut result = this.struct_of(def, parts, ty, e.span);
            for (var, value) in vars.into_iter().zip(values).rev() {
                result = this.bind(var, value, result);
            }
            result
        })
    }

    /// Field `index` of an object in a variable.
    pub fn project(&mut self, var: crate::ir::Var, shape: Shape, index: u32, ty: Ty, span: Span) -> Expr {
        let value = Box::new(self.get(var, span));
        Expr { kind: ExprKind::Project { value, shape, index }, ty, span }
    }

    /// A declared field's type with the arguments of the type it belongs to.
    pub fn substitute(&mut self, ty: Ty, args: &[Ty]) -> Ty {
        crate::substitute::substitute(&mut self.l.typed.store, ty, args)
    }

    /// A list of Strings.
    pub fn string_list(&mut self, parts: Vec<Expr>, span: Span) -> Expr {
        let string = self.l.builtin(Builtin::String);
        self.list_of(parts, string, span)
    }

    /// A list of values of a type.
    pub fn list_of(&mut self, parts: Vec<Expr>, item: Ty, span: Span) -> Expr {
        let list = self.l.known.list;
        let ty = self.l.ty(TyNode::Named(list, vec![item]));
        let mut tail = Expr { kind: ExprKind::Nullary(list, 0), ty, span };
        for head in parts.into_iter().rev() {
            tail = Expr { kind: ExprKind::Construct(Shape::Variant(list, 1), vec![head, tail]), ty, span };
        }
        tail
    }
}
