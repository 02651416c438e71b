//! E0015, E0016, E0041, E0042, E0086: mailboxes, processes and spawning on other nodes.

use crate::print::Printer;
use crate::solver::Solver;
use crate::solver::node::{Node, Origin};
use snow_diagnostics::Diagnostic;
use snow_text::{Span, Symbol};

/// A function that uses its mailbox where one is wanted that does not.
pub fn no_mailbox(_: &Solver, origin: Origin) -> Diagnostic {
    let message = "this uses the mailbox of the process that runs it, but here a function is wanted that touches no mailbox";
    Diagnostic::new("E0015", origin.span, message)
        .at("uses `self()` or `receive`")
        .help("functions in fields and interface methods run in any process: take the pid before, and let the function capture it")
}

/// Something that is not a function is spawned.
pub fn spawn_of(solver: &Solver, callee: Node, span: Span) -> Diagnostic {
    let shown = solver.show(callee);
    Diagnostic::new(
        "E0016",
        span,
        format!("this is `{shown}`, but only an actor or a function can be started"),
    )
    .at("not a function")
    .help("`spawn(actor, arguments…)` or `spawn(fn -> … end)`")
}

/// The type of messages is needed at run time and nothing tells it.
pub fn undetermined(solver: &Solver, node: Node, span: Span) -> Diagnostic {
    let shown = Printer::new(solver).inner(node);
    Diagnostic::new(
        "E0041",
        span,
        format!("the type `{shown}` is needed when the program runs, but nothing determines all of it"),
    )
    .at("unknown in part")
    .help("write the type: `let p :: Pid<[:stop]> = …`")
}

/// A generic actor on another node.
pub fn generic_remote(name: Symbol, span: Span, signature: &str) -> Diagnostic {
    Diagnostic::new("E0042", span, format!("`{name}` is generic and cannot be started on another node"))
        .at("generic")
        .help(format!("its type is `{signature}`: annotate its parameters so that one type is left"))
}

/// A function handed to another node.
pub fn function_travels(solver: &Solver, node: Node, span: Span) -> Diagnostic {
    let shown = solver.show(node);
    Diagnostic::new(
        "E0086",
        span,
        format!("functions do not travel between nodes, but this argument is `{shown}`"),
    )
    .at("holds a function")
    .help("send data, and let the other side choose the function")
}

/// A message for the mesh that holds a function.
pub fn function_sent(solver: &Solver, node: Node, span: Span) -> Diagnostic {
    let shown = solver.show(node);
    Diagnostic::new(
        "E0086",
        span,
        format!("functions do not travel between nodes, but the messages here hold `{shown}`"),
    )
    .at("its messages hold a function")
    .help("send data, and let the other side choose the function")
}
