//! E0006 and its kin: interfaces that a type does not implement.

use crate::checker::Checker;
use crate::interfaces::Constraint;
use crate::solver::Solver;
use crate::solver::node::{Node, Shape};
use snow_diagnostics::Diagnostic;
use snow_names::hir::{Builtin, Function, ImplId, InterfaceId, Program, TypeDefId};
use snow_text::{Span, Symbol};

/// A type without an associated type of that name.
pub fn no_associated(solver: &Solver, node: Node, name: Symbol, span: Span) -> Diagnostic {
    let shown = solver.show(node);
    Diagnostic::new("E0030", span, format!("`{shown}` has no associated type `{name}`"))
        .help("an impl of an interface with that associated type would give it one")
}

/// A requirement that is not met.
pub fn not_implemented(checker: &Checker, constraint: &Constraint, part: Option<Node>) -> Diagnostic {
    let solver = &checker.solver;
    let interface = checker.program.interfaces[constraint.interface].name;
    let shown = solver.show(constraint.on);
    let problem = Diagnostic::new(
        "E0006",
        constraint.origin.span,
        format!("`{shown}` does not implement `{interface}`, which is needed here"),
    )
    .at(format!("needs `{interface}`"));
    let problem = match part {
        Some(part) if solver.find(part) != solver.find(constraint.on) => {
            problem.help(format!("its part `{}` does not implement it", solver.show(part)))
        }
        _ => problem,
    };
    match solver.shape(constraint.on) {
        Shape::Rigid(name) if name.as_str().starts_with("Self.") => problem.help(format!(
            "an associated type may be anything: demand it of a function outside, as `where T.{}: {interface}`",
            name.as_str().trim_start_matches("Self.")
        )),
        Shape::Rigid(name) => problem.help(format!("declare it: `where {name}: {interface}`")),
        Shape::Function(..) => problem.help("functions cannot be compared, ordered or hashed"),
        _ => problem.help(how_to_implement(checker, constraint, interface, &shown)),
    }
}

/// What to do so that a type implements an interface, or what was meant.
fn how_to_implement(checker: &Checker, constraint: &Constraint, interface: Symbol, shown: &str) -> String {
    let is_add = checker.known().is_some_and(|k| k.add == constraint.interface);
    let text = checker.solver.is_builtin(constraint.on, Builtin::String)
        || checker.solver.is_builtin(constraint.on, Builtin::Bytes);
    if is_add && text {
        return "texts and bytes are joined with `<>`".into();
    }
    if is_add && checker.is_list(constraint.on) {
        return "lists are joined with `++`".into();
    }
    if checker.is_derivable(constraint.interface) {
        return format!("add `impl {interface} for {shown} do … end`, or derive it");
    }
    format!("add `impl {interface} for {shown} do … end`")
}

/// An interface that follows from no structure.
pub fn not_derivable(name: Symbol, span: Span) -> Diagnostic {
    Diagnostic::new("E0028", span, format!("`{name}` cannot be derived"))
        .help("derivable are `Eq`, `Ord`, `Hash`, `Display`, `Debug`, `Default`, `Json` and `Row`; write an `impl` of others")
}

/// An interface that a part of the type does not have.
pub fn part_lacks(
    checker: &Checker,
    code: &'static str,
    (id, name): (TypeDefId, Symbol),
    part: Node,
    span: Span,
) -> Diagnostic {
    let (definition, shown) = (checker.program.types[id].name, checker.solver.show(part));
    let text = format!("`{name}` cannot be derived for `{definition}`: its part `{shown}` does not have it");
    Diagnostic::new(code, span, text)
        .help(format!("write `impl {name} for {definition} do … end`, or leave `{name}` out"))
}

/// `Ord` without `Eq`.
pub fn derive_needs_eq(span: Span) -> Diagnostic {
    Diagnostic::new("E0029", span, "deriving `Ord` needs `Eq`").help("derive both: `deriving(Eq, Ord)`")
}

/// A method of an impl with another number of parameters than its interface's.
pub fn method_arity(program: &Program, function: &Function, wanted: usize, declared: Span) -> Diagnostic {
    let _ = program;
    let (given, wanted) =
        (super::counted(function.params.len(), "parameter"), super::counted(wanted, "parameter"));
    Diagnostic::new(
        "E0008",
        function.name_span,
        format!("`{}` has {given}, but its interface wants {wanted}", function.name),
    )
    .at(given)
    .label(declared, "the interface declares it here")
}

/// Two impls of one interface that fit the same type.
pub fn implemented_twice(checker: &Checker, interface: InterfaceId, id: ImplId, other: ImplId) -> Diagnostic {
    let program = checker.program;
    let shown = checker.impls[id].on.map_or_else(String::new, |on| checker.solver.show(on));
    let name = program.interfaces[interface].name;
    Diagnostic::new("E0026", program.impls[id].span, format!("`{shown}` implements `{name}` twice"))
        .label(program.impls[other].span, "implemented here, too")
        .help("a type has an interface once: remove one of them, or let it be for another type")
}

/// Methods without a default that an impl does not write.
pub fn methods_missing(
    program: &Program,
    interface: InterfaceId,
    id: ImplId,
    missing: &[Symbol],
) -> Diagnostic {
    let definition = &program.interfaces[interface];
    let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    let text = format!("this impl of `{}` lacks {}", definition.name, names.join(", "));
    Diagnostic::new("E0007", program.impls[id].span, text)
        .label(definition.name_span, "the interface is declared here")
        .help("write every method that has no default")
}
