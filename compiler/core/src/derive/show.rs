//! `Debug` by structure, and the `Display` of types that derive it.

use super::build::{Alternative, Builder};
use crate::ir::{Expr, ExprKind, Function, Head, Shape};
use crate::lower::Body;
use snow_abi::primitives::Primitive;
use snow_names::hir::{Builtin, InterfaceId};
use snow_text::Span;

/// `Point { x: 1, y: "a" }`, `Some(3)`, `{:deposit, 5}`, `(1, "a")`.
pub(super) fn debug(b: &mut Builder) -> Function {
    let interface = b.l.known.debug;
    shown(b, "inspect", interface, true)
}

/// `Point(1, 2)`.
pub(super) fn display(b: &mut Builder) -> Function {
    let interface = b.l.known.display;
    shown(b, "to_string", interface, false)
}

fn shown(b: &mut Builder, name: &str, interface: InterfaceId, named: bool) -> Function {
    let alternatives = b.alternatives();
    let string = b.l.builtin(Builtin::String);
    let head = b.head.clone();
    b.function(name, 1, string, |body, params, span| {
        let x = params[0];
        if alternatives.is_empty() {
            return without_parts(body, &head, params[0], span);
        }
        body.each_alternative(x, &alternatives, string, span, |body, i| {
            let alternative = &alternatives[i];
            let (open, close) = brackets(alternative, named);
            if alternative.types.is_empty() {
                return text(body, &format!("{open}{close}"), span);
            }
            let mut pieces = Vec::new();
            let mut before = open;
            for index in 0..alternative.types.len() {
                if index > 0 {
                    before.push_str(", ");
                }
                if let (Some(field), true) = (alternative.fields[index], named) {
                    before.push_str(&format!("{field}: "));
                }
                pieces.push(text(body, &before, span));
                before.clear();
                let part = body.part(x, alternative, index, span);
                pieces.push(part_text(body, interface, part, span));
            }
            pieces.push(text(body, &close, span));
            let list = body.string_list(pieces, span);
            body.primitive(Primitive::string_concat, vec![list], Builtin::String, span)
        })
    })
}

fn text(body: &mut Body, text: &str, span: Span) -> Expr {
    body.typed(ExprKind::Text(text.into()), Builtin::String, span)
}

fn part_text(body: &mut Body, interface: InterfaceId, part: Expr, span: Span) -> Expr {
    let string = body.l.builtin(Builtin::String);
    body.part_method(interface, vec![part], string, span)
}

/// What comes before and after the parts.
fn brackets(alternative: &Alternative, named: bool) -> (String, String) {
    let name = &alternative.name;
    let has_parts = !alternative.types.is_empty();
    let has_names = named && alternative.fields.iter().any(Option::is_some);
    let (open, close) = match &alternative.shape {
        Shape::Tuple => ("(".to_string(), ")"),
        Shape::Tag(_) if has_parts => (format!("{{:{name}, "), "}"),
        Shape::Tag(_) => (format!(":{name}"), ""),
        Shape::Struct(_) if named && !has_parts => (format!("{name} {{"), "}"),
        Shape::Struct(_) if has_names => (format!("{name} {{ "), " }"),
        Shape::Variant(..) if !has_parts => (name.clone(), ""),
        _ => (format!("{name}("), ")"),
    };
    (open, close.to_string())
}

fn without_parts(body: &mut Body, head: &Head, var: crate::ir::Var, span: Span) -> Expr {
    match head {
        Head::Function(count) => text(body, &format!("fn/{count}"), span),
        Head::Pid => {
            let pid = body.get(var, span);
            let id = body.primitive(Primitive::pid_id, vec![pid], Builtin::ProcessId, span);
            body.primitive(Primitive::process_id_text, vec![id], Builtin::String, span)
        }
        Head::Builtin(Builtin::ProcessId) => {
            let id = body.get(var, span);
            body.primitive(Primitive::process_id_text, vec![id], Builtin::String, span)
        }
        Head::Builtin(Builtin::MonitorRef) => {
            let reference = body.get(var, span);
            let number = body.primitive(Primitive::monitor_ref_number, vec![reference], Builtin::Int, span);
            let ten = body.typed(ExprKind::Int(10), Builtin::Int, span);
            let digits = body.primitive(Primitive::int_to_text, vec![number, ten], Builtin::String, span);
            let before = text(body, "#ref", span);
            body.primitive(Primitive::string_append, vec![before, digits], Builtin::String, span)
        }
        Head::Builtin(Builtin::Array) => text(body, "<array>", span),
        _ => text(body, "()", span),
    }
}
