//! E0012: values that no arm takes; W0001: arms that take none; W0006: a Result that nobody looks at.

use crate::infer::Match;
use crate::infer::coverage::Form;
use crate::solver::Solver;
use crate::solver::node::{Head, Node, Shape};
use snow_coverage::{Con, Pat};
use snow_diagnostics::Diagnostic;
use snow_names::hir::{TypeDefId, TypeDefKind};
use snow_text::Span;

/// Values that no arm takes.
pub fn missing(solver: &Solver, m: &Match, witnesses: &[Vec<Pat>]) -> Diagnostic {
    let shown: Vec<String> = witnesses.iter().map(|w| witness(solver, &m.nodes, w)).collect();
    let list = shown.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    let (message, help) = match m.form {
        Form::Case => {
            (format!("this case does not cover {list}"), format!("add an arm: `{} -> …`", shown[0]))
        }
        Form::Clauses => (format!("no clause covers {list}"), format!("add a clause for `{}`", shown[0])),
        Form::Let => (
            format!("this pattern does not cover {list}"),
            "use `let … = … else do … end`, or `case`, to say what happens then".to_string(),
        ),
    };
    Diagnostic::new("E0012", m.span, message).at("not all values are covered").help(help)
}

fn witness(solver: &Solver, nodes: &[Node], pats: &[Pat]) -> String {
    let parts: Vec<String> =
        pats.iter().zip(nodes).map(|(p, n)| show(solver, p, definition(solver, *n))).collect();
    parts.join(", ")
}

fn definition(solver: &Solver, node: Node) -> Option<TypeDefId> {
    match solver.shape(node) {
        Shape::Constructed(Head::Named(id), _) => Some(*id),
        _ => None,
    }
}

/// A pattern as users write it; `def` is the type when it is known.
fn show(solver: &Solver, pat: &Pat, def: Option<TypeDefId>) -> String {
    let list = |parts: &[Pat]| parts.iter().map(|p| show(solver, p, None)).collect::<Vec<_>>().join(", ");
    match pat {
        Pat::Wild => "_".to_string(),
        Pat::Or(all) => all.iter().map(|p| show(solver, p, def)).collect::<Vec<_>>().join(" | "),
        Pat::Con(Con::Bool(b), _) => b.to_string(),
        Pat::Con(Con::Literal(text), _) => text.clone(),
        Pat::Con(Con::Tag(name), parts) if parts.is_empty() => format!(":{name}"),
        Pat::Con(Con::Tag(name), parts) => format!("{{:{name}, {}}}", list(parts)),
        Pat::Con(Con::Tuple, parts) => match def.map(|d| &solver.program.types[d]) {
            Some(definition) => format!("{} {{ .. }}", definition.name),
            None if parts.is_empty() => "()".to_string(),
            None => format!("({})", list(parts)),
        },
        Pat::Con(Con::Variant(index), parts) => variant(solver, def, *index, parts, &list(parts)),
    }
}

fn variant(solver: &Solver, def: Option<TypeDefId>, index: u32, parts: &[Pat], list: &str) -> String {
    let is_list = solver.program.known.as_ref().is_some_and(|k| def == Some(k.list));
    if is_list {
        return match parts {
            [] => "[]".to_string(),
            [head, tail] => format!("{} :: {}", show(solver, head, None), show(solver, tail, def)),
            _ => "_".to_string(),
        };
    }
    let name = match def.map(|d| &solver.program.types[d].kind) {
        Some(TypeDefKind::Sum(variants)) => {
            variants.get(index as usize).map_or("_".to_string(), |v| v.name.to_string())
        }
        // A part whose type is not at hand: any value of that variant.
        _ => return "_".to_string(),
    };
    if parts.is_empty() { name } else { format!("{name}({list})") }
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
