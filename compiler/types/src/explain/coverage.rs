//! E0012: values that no arm takes; W0001: arms that take none; W0006: a Result that nobody looks at.

use crate::infer::Match;
use crate::infer::coverage::{Field, Form, Types};
use crate::print::tag_name;
use snow_coverage::{Con, Pat, Shape as Constructors, Space};
use snow_diagnostics::Diagnostic;
use snow_names::hir::{TypeDef, TypeDefId, TypeDefKind};
use snow_text::Span;

/// Values that no arm takes.
pub(crate) fn missing(types: &Types, m: &Match, columns: &[Field], witnesses: &[Vec<Pat>]) -> Diagnostic {
    let shown: Vec<String> = witnesses
        .iter()
        .map(|w| w.iter().zip(columns).map(|(p, c)| show(types, p, c)).collect::<Vec<_>>().join(", "))
        .collect();
    let list = shown.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    let (message, help) = match m.form {
        Form::Case => {
            (format!("this case does not cover {list}"), format!("add an arm: `{} -> …`", shown[0]))
        }
        Form::Clauses => (format!("no clause covers {list}"), format!("add a clause for `{}`", shown[0])),
        Form::Let => (
            format!("this pattern does not cover {list}"),
            "say with `case` what happens then, or in a `let` with `else do … end`".to_string(),
        ),
    };
    Diagnostic::new("E0012", m.span, message).at("not all values are covered").help(help)
}

/// A pattern of a type, as users write it.
fn show(types: &Types, pat: &Pat, ty: &Field) -> String {
    let (con, parts) = match pat {
        Pat::Wild => return "_".to_string(),
        Pat::Or(all) => return all.iter().map(|p| show(types, p, ty)).collect::<Vec<_>>().join(" | "),
        Pat::Con(con, parts) => (con, parts),
    };
    let of = match types.shape(ty) {
        Constructors::Closed(all) => all.into_iter().find(|c| c.0 == *con).map(|c| c.1),
        Constructors::Open => None,
    };
    let of = of.unwrap_or_else(|| types.parts(ty, con, parts.len()));
    let shown: Vec<String> = parts.iter().zip(&of).map(|(p, t)| show(types, p, t)).collect();
    let definition = types.definition(ty).map(|id| (id, &types.solver.program.types[id]));
    match (con, definition) {
        (Con::Bool(b), _) => b.to_string(),
        (Con::Literal(text), _) => text.clone(),
        (Con::Tag(name), _) if shown.is_empty() => tag_name(*name),
        (Con::Tag(name), _) => format!("{{{}, {}}}", tag_name(*name), shown.join(", ")),
        (Con::Tuple, Some((_, definition))) => structure(definition, &shown),
        (Con::Tuple, None) => format!("({})", shown.join(", ")),
        (Con::Variant(index), Some((id, definition))) => variant(types, id, definition, *index, &shown),
        (Con::Variant(_), None) => "_".to_string(),
    }
}

/// A struct with the fields that matter.
fn structure(definition: &TypeDef, shown: &[String]) -> String {
    let TypeDefKind::Struct(fields) = &definition.kind else { return "_".to_string() };
    let mut parts: Vec<String> = fields
        .iter()
        .zip(shown)
        .filter(|(_, part)| *part != "_")
        .filter_map(|(field, part)| Some(format!("{}: {part}", field.name?)))
        .collect();
    if parts.len() < fields.len() {
        parts.push("..".to_string());
    }
    format!("{} {{ {} }}", definition.name, parts.join(", "))
}

fn variant(types: &Types, id: TypeDefId, definition: &TypeDef, index: u32, shown: &[String]) -> String {
    if types.solver.program.known.as_ref().is_some_and(|k| id == k.list) {
        return match shown {
            [head, tail] => format!("{head} :: {tail}"),
            _ => "[]".to_string(),
        };
    }
    let TypeDefKind::Sum(variants) = &definition.kind else { return "_".to_string() };
    let name = variants.get(index as usize).map_or("_".to_string(), |v| v.name.to_string());
    if shown.is_empty() { name } else { format!("{name}({})", shown.join(", ")) }
}

/// An arm that nothing reaches.
pub fn unreachable(span: Span, form: Form) -> Diagnostic {
    let what = match form {
        Form::Case | Form::Let => "arm",
        Form::Clauses => "clause",
    };
    Diagnostic::new(
        "W0001",
        span,
        format!("this {what} is never reached: those above take all that it would"),
    )
    .at("never reached")
    .help(format!("remove the {what}, or put it above the more general one"))
}

/// A Result that nobody looks at.
pub fn unused_result(span: Span) -> Diagnostic {
    Diagnostic::new("W0006", span, "this Result is not used: an error would go unnoticed")
        .at("gives a Result")
        .help("handle it with `?` or `case`, or say that it does not matter: `let _ = …`")
}
