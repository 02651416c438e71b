//! Types that are declared or used in a way that cannot be.

use crate::solver::Solver;
use crate::solver::node::Node;
use snow_diagnostics::Diagnostic;
use snow_names::hir::{FunctionId, Program, TypeDefId};
use snow_text::Span;

/// A type with the wrong number of arguments.
pub fn type_arguments(program: &Program, id: TypeDefId, given: usize, span: Span) -> Diagnostic {
    let definition = &program.types[id];
    let wanted = super::counted(definition.params.len(), "type argument");
    Diagnostic::new(
        "E0003",
        span,
        format!("`{}` takes {wanted}, {}", definition.name, super::but_given(given)),
    )
    .at(format!("wants {wanted}"))
    .label(definition.name_span, "declared here")
}

/// An alias that means itself.
pub fn endless_alias(program: &Program, id: TypeDefId, span: Span) -> Diagnostic {
    let definition = &program.types[id];
    Diagnostic::new("E0002", span, format!("the alias `{}` means itself, so it never ends", definition.name))
        .label(definition.name_span, "declared here")
        .help("recursion has to pass through a tag, a struct or a sum type")
}

/// A type that never ends.
pub fn endless_type(span: Span) -> Diagnostic {
    Diagnostic::new("E0002", span, "this type does not end")
        .help("give the recursive part a struct or sum type of its own")
}

/// A function that reaches itself at ever larger types.
pub fn growing_call(solver: &Solver, function: FunctionId, grown: Node, span: Span) -> Diagnostic {
    let definition = &solver.program.functions[function];
    let (name, shown) = (definition.name, solver.show(grown));
    let text = format!("`{name}` comes back to itself with ever larger types: here with `{shown}`");
    Diagnostic::new("E0002", span, text)
        .at(format!("used with `{shown}`"))
        .label(definition.name_span, "comes back here")
        .help("each type would need code of its own, without end: let the recursion keep its types")
}

/// A declared type that contains itself at ever larger types.
pub fn growing_type(solver: &Solver, id: TypeDefId, grown: Node) -> Diagnostic {
    let definition = &solver.program.types[id];
    let (name, shown) = (definition.name, solver.show(grown));
    let text = format!("`{name}` contains itself with ever larger type arguments: with `{shown}`");
    Diagnostic::new("E0002", definition.name_span, text)
        .at("does not end")
        .help("let the inner one have the same type arguments as the whole")
}
