//! Types that are declared or used in a way that cannot be.

use snow_diagnostics::Diagnostic;
use snow_names::hir::{Program, TypeDefId};
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
