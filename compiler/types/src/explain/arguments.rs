//! E0003: numbers and names of arguments; calls of things that are no functions.

use crate::explain::{but_given, counted, did_you_mean, listed};
use crate::solver::Solver;
use crate::solver::node::{Head, Node, Origin, Shape};
use snow_diagnostics::Diagnostic;
use snow_names::hir::FunctionId;
use snow_text::{Span, Symbol};

/// A function of another number of parameters than wanted.
pub fn function_count(solver: &Solver, found: Node, wanted: Node, origin: Origin) -> Diagnostic {
    let count = |node| solver.function(node).map_or(0, |f| f.0.len());
    let (has, wants) = (counted(count(found), "argument"), counted(count(wanted), "argument"));
    let problem = Diagnostic::new(
        "E0003",
        origin.span,
        format!("this function takes {has}, but one that takes {wants} is wanted"),
    )
    .at(format!("takes {has}"));
    let parts = solver.function(wanted).and_then(|function| {
        match (function.0.len(), solver.shape(*function.0.first()?)) {
            (1, Shape::Constructed(Head::Tuple, parts)) => Some(parts.len()),
            _ => None,
        }
    });
    if parts == Some(count(found)) {
        return problem.help("the argument is one tuple: write the parameters of the `fn` in double parentheses, as in `fn((a, b)) -> … end`");
    }
    problem
}

/// A call with the wrong number of arguments.
pub fn count(
    solver: &Solver,
    function: Option<FunctionId>,
    given: usize,
    wanted: usize,
    span: Span,
) -> Diagnostic {
    let missing = function.map_or_else(Vec::new, |id| without_argument(solver, id, given, wanted));
    let (but_given, given) = (but_given(given), counted(given, "argument"));
    let wanted = counted(wanted, "argument");
    match function {
        Some(id) => {
            let definition = &solver.program.functions[id];
            let problem =
                Diagnostic::new("E0003", span, format!("`{}` takes {wanted}, {but_given}", definition.name))
                    .at(format!("{given} given"))
                    .label(definition.name_span, format!("takes {wanted}"));
            if missing.is_empty() {
                return problem;
            }
            problem.help(format!("nothing is given for {}", listed(&missing)))
        }
        None => Diagnostic::new("E0003", span, format!("this function takes {wanted}, {but_given}"))
            .at(format!("{given} given")),
    }
}

/// The names of the last parameters, which get no argument.
fn without_argument(solver: &Solver, function: FunctionId, given: usize, wanted: usize) -> Vec<String> {
    let params = &solver.program.functions[function].params;
    let is_written = |name: &str| name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let rest = params.get(given..).filter(|_| params.len() == wanted).unwrap_or_default();
    if !rest.iter().all(|param| is_written(param.name.as_str())) {
        return Vec::new();
    }
    rest.iter().map(|param| format!("`{}`", param.name)).collect()
}

/// A named argument that the function does not have, or has twice.
pub fn unknown_name(solver: &Solver, function: FunctionId, name: Symbol, span: Span) -> Diagnostic {
    let definition = &solver.program.functions[function];
    let problem = Diagnostic::new(
        "E0003",
        span,
        format!("`{}` has no parameter `{name}` left to give", definition.name),
    )
    .at("no such parameter")
    .label(definition.name_span, "defined here");
    match did_you_mean(name, definition.params.iter().map(|p| p.name.as_str())) {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// A parameter without argument and default.
pub fn missing(solver: &Solver, function: FunctionId, index: usize, span: Span) -> Diagnostic {
    let definition = &solver.program.functions[function];
    let param = &definition.params[index];
    Diagnostic::new("E0003", span, format!("`{}` also wants `{}`", definition.name, param.name))
        .at("an argument is missing")
        .label(param.span, "this parameter")
}

/// Named arguments for a function value.
pub fn names_of_value(span: Span) -> Diagnostic {
    Diagnostic::new("E0003", span, "a function value has no parameter names: give its arguments by position")
}

/// A call of something that is no function.
pub fn not_callable(solver: &Solver, callee: Node, span: Span) -> Diagnostic {
    let shown = solver.show(callee);
    Diagnostic::new("E0001", span, format!("this is `{shown}`, not a function, and cannot be called"))
        .at(format!("this is `{shown}`"))
}
