//! E0001: one type where another is wanted; E0002: a type that would contain itself.

use super::messages;
use crate::print::Printer;
use crate::solver::Solver;
use crate::solver::node::{Head, Node, Origin, Reason, Shape};
use snow_diagnostics::Diagnostic;
use snow_names::hir::{BinaryOp, Builtin, FunctionId};
use snow_text::Span;

/// `found` stands where `wanted` is needed.
pub fn mismatch(solver: &Solver, found: Node, wanted: Node, origin: Origin) -> Diagnostic {
    match origin.reason {
        Reason::Payload(name, row, handed) => {
            return messages::payload(solver, (found, wanted), (name, row), handed, origin);
        }
        Reason::Received(name, row) => return messages::received(solver, found, wanted, (name, row), origin),
        _ => {}
    }
    let (whole_found, whole_wanted) = solver.whole.unwrap_or((found, wanted));
    let mut printer = Printer::new(solver);
    let (outer_found, outer_wanted) = (printer.inner(whole_found), printer.inner(whole_wanted));
    let (inner_found, inner_wanted) = (printer.inner(found), printer.inner(wanted));
    let unclear =
        outer_found == outer_wanted || is_unknown(solver, whole_found) || is_unknown(solver, whole_wanted);
    let (found_text, wanted_text) =
        if unclear { (inner_found.clone(), inner_wanted.clone()) } else { (outer_found, outer_wanted) };
    let mut problem = words(solver, &found_text, &wanted_text, origin);
    if !unclear && (inner_found != found_text || inner_wanted != wanted_text) && deep(solver, found, wanted) {
        problem = problem.help(format!("they differ in a part: `{inner_found}` is not `{inner_wanted}`"));
    }
    // Of two sides of an operator, neither is the right one.
    let is_swapped = matches!(origin.reason, Reason::Operand(..)) && is_inside(solver, wanted, found);
    if is_swapped { advise(solver, wanted, found, problem) } else { advise(solver, found, wanted, problem) }
}

/// What `main` gives is neither `()` nor a Result.
pub fn main_result(solver: &Solver, found: Node, span: Span) -> Diagnostic {
    let shown = solver.show(found);
    let message = format!("`main` gives `()` or a Result, but this is `{shown}`");
    Diagnostic::new("E0001", span, message).at(format!("this is `{shown}`")).help(
        "`return` alone ends the program; `Err(problem)` prints it and ends with status 1, `Os.exit(n)` with any",
    )
}

fn is_unknown(solver: &Solver, node: Node) -> bool {
    solver.is_variable(node)
}

fn deep(solver: &Solver, found: Node, wanted: Node) -> bool {
    !solver.is_variable(found) && !solver.is_variable(wanted)
}

fn words(solver: &Solver, found: &str, wanted: &str, origin: Origin) -> Diagnostic {
    let new = |message: String| Diagnostic::new("E0001", origin.span, message);
    match origin.reason {
        Reason::Argument(function, index) => argument(solver, found, wanted, origin.span, function, index),
        Reason::Receiver(function) => {
            let name = solver.program.functions[function].name;
            new(format!("`{name}` works on `{wanted}`, but the value before the dot is `{found}`"))
                .at(format!("this is `{found}`"))
                .label(solver.program.functions[function].name_span, format!("`{name}` is defined here"))
        }
        Reason::Result(function) => result(solver, found, wanted, origin.span, function),
        Reason::Branch(first) => new(format!("the branches have different types: `{wanted}` and `{found}`"))
            .at(format!("this branch gives `{found}`"))
            .label(first, format!("the first branch gives `{wanted}`")),
        Reason::OnlyBranch => new(format!("an `if` without `else` gives nothing, but this is `{found}`"))
            .at(format!("this is `{found}`"))
            .help("add an `else`, or let go of the value: `let _ = …`"),
        Reason::Element(first) => {
            new(format!("the elements of a list have one type, but `{found}` follows `{wanted}`"))
                .at(format!("this is `{found}`"))
                .label(first, format!("the first element is `{wanted}`"))
        }
        Reason::Annotation(place) => new(format!("this is `{found}`, but it is declared to be `{wanted}`"))
            .at(format!("this is `{found}`"))
            .label(place, format!("`{wanted}` is declared here")),
        Reason::Field(place) => new(format!("this is `{found}`, but the field is `{wanted}`"))
            .at(format!("this is `{found}`"))
            .label(place, "the field is declared here"),
        Reason::Interface(place) => {
            let text = format!("this is `{found}`, but the interface wants `{wanted}`");
            Diagnostic::new("E0008", origin.span, text)
                .at(format!("this is `{found}`"))
                .label(place, "the interface declares it here")
        }
        Reason::Operand(op, left) => operand(found, wanted, origin.span, op, left),
        Reason::Leaves => new("the block after `else` has to leave the function".to_string())
            .at(format!("goes on with `{found}`"))
            .help("end it in `return`, `break`, `panic(…)` or another expression that never gives a value"),
        Reason::Condition => new(format!("a condition is `Bool`, but this is `{found}`"))
            .at(format!("this is `{found}`"))
            .help("nothing else is true or false: compare it with something, as in `… > 0` or `… != []`"),
        Reason::Pattern => {
            new(format!("this pattern is for `{wanted}`, but what it is matched with is `{found}`"))
                .at(format!("matches `{wanted}`"))
        }
        Reason::Scrutinee => new(format!("this is `{found}`, but the patterns are for `{wanted}`"))
            .at(format!("this is `{found}`")),
        Reason::Message => {
            let takes = if wanted == "[..]" { "tagged messages only".into() } else { format!("`{wanted}`") };
            new(format!("this message is `{found}`, but the process takes {takes}"))
                .at(format!("this is `{found}`"))
        }
        Reason::Plain | Reason::Payload(..) | Reason::Received(..) => {
            new(format!("this is `{found}`, but `{wanted}` is wanted")).at(format!("this is `{found}`"))
        }
    }
}

fn argument(
    solver: &Solver,
    found: &str,
    wanted: &str,
    span: Span,
    function: FunctionId,
    index: u32,
) -> Diagnostic {
    let definition = &solver.program.functions[function];
    if solver.program.known.as_ref().is_some_and(|known| known.child_started == function) {
        let text = format!("what starts a child must give its process, but this gives `{found}`");
        return Diagnostic::new("E0018", span, text)
            .at(format!("this gives `{found}`"))
            .help("let it end in the start of a process: `start: fn -> spawn(worker) end`");
    }
    let problem = Diagnostic::new(
        "E0001",
        span,
        format!("`{}` wants `{wanted}` here, but this is `{found}`", definition.name),
    )
    .at(format!("this is `{found}`"));
    match definition.params.get(index as usize) {
        Some(param) => problem.label(param.span, format!("`{wanted}` because of this parameter")),
        None => problem,
    }
}

fn result(solver: &Solver, found: &str, wanted: &str, span: Span, function: FunctionId) -> Diagnostic {
    let definition = &solver.program.functions[function];
    let problem = Diagnostic::new(
        "E0001",
        span,
        format!("`{}` gives `{wanted}`, but its body gives `{found}`", definition.name),
    )
    .at(format!("this is `{found}`"));
    match &definition.result {
        Some(declared) => problem.label(declared.span, "the result is declared here"),
        None => problem,
    }
}

fn operand(found: &str, wanted: &str, span: Span, op: BinaryOp, left: Span) -> Diagnostic {
    let name = operator(op);
    let problem = Diagnostic::new(
        "E0001",
        span,
        format!("`{name}` has `{wanted}` on one side and `{found}` on the other"),
    )
    .at(format!("this is `{found}`"));
    let joins_texts = op == BinaryOp::Concat && ["String", "Bytes"].contains(&found);
    let problem = if joins_texts { problem.help("texts and bytes are joined with `<>`") } else { problem };
    if left == span { problem } else { problem.label(left, format!("this is `{wanted}`")) }
}

/// The operator as written.
pub fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Append => "<>",
        BinaryOp::Concat => "++",
    }
}

/// Adds what usually helps between these two types.
pub fn advise(solver: &Solver, found: Node, wanted: Node, problem: Diagnostic) -> Diagnostic {
    let is = |node, builtin| solver.is_builtin(node, builtin);
    if is(found, Builtin::Int) && is(wanted, Builtin::Float) {
        return problem
            .help("numbers are not converted silently: write `.to_float()`, or a literal such as `1.0`");
    }
    if is(found, Builtin::Float) && is(wanted, Builtin::Int) {
        return problem
            .help("numbers are not converted silently: write `.to_int()`, or make the other one a Float");
    }
    if is(wanted, Builtin::String)
        && (is(found, Builtin::Int) || is(found, Builtin::Float) || is(found, Builtin::Bool))
    {
        return problem.help("`.to_string()` or an interpolation `\"${…}\"` makes text of it");
    }
    if let Some(help) = how_to_take_out(solver, found, wanted) {
        return problem.help(help);
    }
    let is_list = |node| {
        let list = solver.program.known.as_ref().map(|known| known.list);
        matches!(solver.shape(node), Shape::Constructed(Head::Named(id), _) if Some(*id) == list)
    };
    if is_list(found) && is(wanted, Builtin::String) {
        return problem.help("lists are joined with `++`");
    }
    if is(found, Builtin::ProcessId) && matches!(solver.shape(wanted), Shape::Pid(_)) {
        return problem.help("a `ProcessId` says which process, not what it receives: send to its `Pid`");
    }
    if let (Shape::Rigid(name), _) | (_, Shape::Rigid(name)) = (solver.shape(found), solver.shape(wanted)) {
        return problem.help(format!("`{name}` is a type parameter: the caller chooses what it is"));
    }
    problem
}

/// What to do where `Option<T>` or `Result<T, E>` meets `T`.
fn how_to_take_out(solver: &Solver, found: Node, wanted: Node) -> Option<&'static str> {
    let known = solver.program.known.as_ref()?;
    let is_option =
        |node| matches!(solver.shape(node), Shape::Constructed(Head::Named(id), _) if *id == known.option);
    if is_inside(solver, found, wanted) {
        return Some(if is_option(found) {
            "there may be nothing: take it out with `case`, `?` or `Option.unwrap_or(…, default)`"
        } else {
            "it may be an `Err`: take it out with `case`, `?` or `Result.unwrap_or(…, default)`"
        });
    }
    is_inside(solver, wanted, found).then(|| match is_option(wanted) {
        true => "what is there is written `Some(…)`",
        false => "what went well is written `Ok(…)`",
    })
}

/// Whether one is an `Option` or `Result` of the other.
fn is_inside(solver: &Solver, whole: Node, part: Node) -> bool {
    let known = solver.program.known.as_ref();
    match (solver.shape(whole), known) {
        (Shape::Constructed(Head::Named(id), parts), Some(known)) => {
            let is_same = parts.first().is_some_and(|first| is_alike(solver, *first, part));
            is_same && (*id == known.option || *id == known.result)
        }
        _ => false,
    }
}

/// Whether both are the same type on the outside.
fn is_alike(solver: &Solver, a: Node, b: Node) -> bool {
    match (solver.shape(a), solver.shape(b)) {
        (Shape::Constructed(a, _), Shape::Constructed(b, _)) => a == b,
        _ => false,
    }
}

/// A type that would contain itself.
pub fn infinite(solver: &Solver, variable: Node, within: Node, origin: Origin) -> Diagnostic {
    let mut printer = Printer::new(solver);
    let (inner, outer) = (printer.inner(variable), printer.inner(within));
    Diagnostic::new(
        "E0002",
        origin.span,
        format!("infinite type: this would have to be both `{inner}` and `{outer}`"),
    )
    .at("its type would contain itself")
    .help("a type may contain itself only through a tag, a struct or a sum type")
    .help("a function that calls itself with another type than its own needs its parameters and result declared")
}
