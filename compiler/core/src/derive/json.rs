//! `Json` by structure: a struct is an object, a variant or tag names itself, a tuple is an array. The functions of std's
//! `Json` do the work on JSON values; what is written here takes the type apart and puts it together.

use super::build::{Alternative, Builder};
use crate::ir::{Expr, ExprKind, Function, Key, Shape, Var};
use crate::lower::Body;
use snow_abi::primitives::Primitive;
use snow_names::hir::Builtin;
use snow_text::Span;
use snow_types::ty::{Ty, TyNode};

/// `to_json(self) -> Json`
pub(super) fn to_json(b: &mut Builder) -> Function {
    let alternatives = b.alternatives();
    let json = json_type(b);
    let interface = b.l.known.json;
    b.function("to_json", 1, json, |body, params, span| {
        let x = params[0];
        if alternatives.is_empty() {
            return array_of(body, vec![], json, span);
        }
        body.each_alternative(x, &alternatives, json, span, |body, i| {
            let alternative = &alternatives[i];
            let mut parts = Vec::new();
            for index in 0..alternative.types.len() {
                let part = body.part(x, alternative, index, span);
                parts.push(body.part_method(interface, vec![part], json, span));
            }
            written(body, alternative, parts, json, span)
        })
    })
}

/// The JSON of an alternative whose parts are JSON.
fn written(body: &mut Body, alternative: &Alternative, parts: Vec<Expr>, json: Ty, span: Span) -> Expr {
    match alternative.shape {
        Shape::Struct(_) => {
            let string = body.l.builtin(Builtin::String);
            let pair = body.l.ty(TyNode::Tuple(vec![string, json]));
            let entries = parts.into_iter().zip(&alternative.fields).map(|(part, field)| {
                let name = name_text(body, field.map_or("", |f| f.as_str()), span);
                Expr { kind: ExprKind::Construct(Shape::Tuple, vec![name, part]), ty: pair, span }
            });
            let entries = entries.collect();
            let list = body.list_of(entries, pair, span);
            helper(body, "object_of", vec![], vec![list], json, span)
        }
        Shape::Tag(_) if parts.is_empty() => {
            let name = name_text(body, &alternative.name, span);
            helper(body, "text_of", vec![], vec![name], json, span)
        }
        Shape::Tag(_) | Shape::Variant(..) => {
            let name = name_text(body, &alternative.name, span);
            let list = body.list_of(parts, json, span);
            helper(body, "variant_of", vec![], vec![name, list], json, span)
        }
        _ => array_of(body, parts, json, span),
    }
}

fn array_of(body: &mut Body, parts: Vec<Expr>, json: Ty, span: Span) -> Expr {
    let list = body.list_of(parts, json, span);
    helper(body, "array_of", vec![], vec![list], json, span)
}

/// `from_json_value(j :: Json) -> Self!JsonError`
pub(super) fn from_json(b: &mut Builder) -> Function {
    let alternatives = b.alternatives();
    let (json, self_ty) = (json_type(b), b.self_ty);
    let (result_def, error_def) = (b.l.known.result, b.l.known.json_error);
    let error = b.l.ty(TyNode::Named(error_def, vec![]));
    let result = b.l.ty(TyNode::Named(result_def, vec![self_ty, error]));
    b.function_of("from_json_value", vec![json], result, |body, params, span| {
        let reading = Reading { json: params[0], self_ty, error, result, span };
        match alternatives.as_slice() {
            [one @ Alternative { key: None, .. }] => reading.parts(body, one, Vec::new()),
            several => {
                let string = body.l.builtin(Builtin::String);
                let argument = body.get(reading.json, span);
                let named = reading.call(body, "variant_name", string, vec![], vec![argument]);
                reading.then(body, named, string, |body, name| reading.one_of(body, several, name))
            }
        }
    })
}

/// What reading a value needs to know.
struct Reading {
    json: Var,
    self_ty: Ty,
    error: Ty,
    /// `Self!JsonError`
    result: Ty,
    span: Span,
}

impl Reading {
    /// The alternative of a name, its parts read.
    fn one_of(&self, body: &mut Body, several: &[Alternative], name: Var) -> Expr {
        let given = body.get(name, self.span);
        let mut decided = self.call(body, "unknown_variant", self.self_ty, vec![self.self_ty], vec![given]);
        for alternative in several.iter().rev() {
            let wanted = name_text(body, &alternative.name, self.span);
            let args = vec![body.get(name, self.span), wanted];
            let is_it = body.primitive(Primitive::string_equal, args, Builtin::Bool, self.span);
            let then = self.parts(body, alternative, Vec::new());
            let kind = ExprKind::If(Box::new(is_it), Box::new(then), Box::new(decided));
            decided = Expr { kind, ty: self.result, span: self.span };
        }
        decided
    }

    /// Reads the parts that come behind those that are read, then makes the value.
    fn parts(&self, body: &mut Body, alternative: &Alternative, read: Vec<Var>) -> Expr {
        let index = read.len();
        let Some(ty) = alternative.types.get(index).copied() else {
            return self.made(body, alternative, &read);
        };
        let part = self.part(body, alternative, index);
        self.then(body, part, ty, |body, var| {
            let read = read.into_iter().chain([var]).collect();
            self.parts(body, alternative, read)
        })
    }

    /// A part as `T!JsonError`.
    fn part(&self, body: &mut Body, alternative: &Alternative, index: usize) -> Expr {
        let (ty, span) = (alternative.types[index], self.span);
        let json = body.get(self.json, span);
        if let Shape::Struct(_) = alternative.shape {
            let name = name_text(body, alternative.fields[index].map_or("", |f| f.as_str()), span);
            return match alternative.defaults[index] {
                None => self.call(body, "field_of", ty, vec![ty], vec![json, name]),
                Some(default) => {
                    let default = body.default_value(default, ty, span);
                    self.call(body, "field_or", ty, vec![ty], vec![json, name, default])
                }
            };
        }
        let int =
            |body: &mut Body, number: usize| body.typed(ExprKind::Int(number as i64), Builtin::Int, span);
        let (place, count) = (int(body, index), int(body, alternative.types.len()));
        let function = if alternative.shape == Shape::Tuple { "element_of" } else { "payload_of" };
        self.call(body, function, ty, vec![ty], vec![json, place, count])
    }

    /// `Ok` of the alternative with its parts.
    fn made(&self, body: &mut Body, alternative: &Alternative, parts: &[Var]) -> Expr {
        let span = self.span;
        let parts: Vec<Expr> = parts.iter().map(|var| body.get(*var, span)).collect();
        let kind = match (&alternative.shape, parts.is_empty()) {
            (Shape::Struct(def), true) => ExprKind::Nullary(*def, 0),
            (Shape::Variant(def, index), true) => ExprKind::Nullary(*def, *index),
            (Shape::Tag(name), true) => ExprKind::Atom(*name),
            (shape, _) => ExprKind::Construct(shape.clone(), parts),
        };
        let value = Expr { kind, ty: self.self_ty, span };
        let ok = Shape::Variant(body.l.known.result, 0);
        Expr { kind: ExprKind::Construct(ok, vec![value]), ty: self.result, span }
    }

    /// Goes on with what a result holds, or gives its error.
    fn then(&self, body: &mut Body, value: Expr, ty: Ty, go_on: impl FnOnce(&mut Body, Var) -> Expr) -> Expr {
        let (span, def) = (self.span, body.l.known.result);
        body.with_var(value, |body, var| {
            let found = body.project(var, Shape::Variant(def, 0), 0, ty, span);
            let fine = body.with_var(found, go_on);
            let problem = body.project(var, Shape::Variant(def, 1), 0, self.error, span);
            let kind = ExprKind::Construct(Shape::Variant(def, 1), vec![problem]);
            let failed = Expr { kind, ty: self.result, span };
            let cases = vec![(Key::Variant(0), fine), (Key::Variant(1), failed)];
            Expr { kind: ExprKind::Switch { subject: var, cases, default: None }, ty: self.result, span }
        })
    }

    /// A function of std that gives `ty!JsonError`.
    fn call(&self, body: &mut Body, name: &str, ty: Ty, types: Vec<Ty>, args: Vec<Expr>) -> Expr {
        let result = body.l.ty(TyNode::Named(body.l.known.result, vec![ty, self.error]));
        helper(body, name, types, args, result, self.span)
    }
}

/// A call of a function of std's `Json`.
fn helper(body: &mut Body, name: &str, types: Vec<Ty>, args: Vec<Expr>, ty: Ty, span: Span) -> Expr {
    let callee = body.std_callee("Json", name, types);
    Expr { kind: ExprKind::Call(callee, args), ty, span }
}

fn name_text(body: &mut Body, name: &str, span: Span) -> Expr {
    body.typed(ExprKind::Text(name.into()), Builtin::String, span)
}

fn json_type(b: &mut Builder) -> Ty {
    let def = b.l.known.json_type;
    b.l.ty(TyNode::Named(def, vec![]))
}
