//! E0001, E0003, E0009: `Tuple.nth` and `Tuple.size`.

use crate::solver::Solver;
use crate::solver::node::Node;
use snow_diagnostics::Diagnostic;
use snow_text::Span;

/// What is asked for its parts is no tuple.
pub fn no_tuple(solver: &Solver, found: Node, span: Span) -> Diagnostic {
    let shown = solver.show(found);
    Diagnostic::new("E0001", span, format!("a tuple is wanted here, but this is `{shown}`"))
        .at(format!("of a `{shown}`"))
}

/// The tuple has fewer parts.
pub fn no_part(number: i64, size: usize, span: Span) -> Diagnostic {
    Diagnostic::new("E0009", span, format!("the tuple has {size} parts, and none has the number {number}"))
        .help(format!("its parts are numbered from 0 to {}", size - 1))
}

/// Which part is only known when the program runs.
pub fn not_literal(span: Span) -> Diagnostic {
    Diagnostic::new(
        "E0001",
        span,
        "the parts of a tuple have types of their own: which one is meant must be written as a number",
    )
    .at("not a number that is written here")
    .help("for what is chosen while the program runs there are `List` and `Array`")
}

/// Another number of arguments.
pub fn count(is_nth: bool, span: Span) -> Diagnostic {
    let text = if is_nth {
        "`Tuple.nth` takes a tuple and the number of a part, from 0"
    } else {
        "`Tuple.size` takes a tuple and nothing else"
    };
    Diagnostic::new("E0003", span, text)
}
