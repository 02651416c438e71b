//! E0014: a message or tag that nobody there takes; E0012: a case without an arm for a tag.

use super::mismatch;
use crate::explain::{counted, nearest};
use crate::print::{Printer, tag_name};
use crate::solver::Solver;
use crate::solver::node::{Closed, Node, Origin, RowId, Tag};
use snow_diagnostics::Diagnostic;
use snow_names::hir::FunctionId;
use snow_text::{Span, Symbol};

/// A payload of one type where the row has another.
pub fn payload(
    solver: &Solver,
    (found, wanted): (Node, Node),
    (name, row): (Symbol, RowId),
    handed: Span,
    origin: Origin,
) -> Diagnostic {
    let (row, built) = (solver.find_row(row), origin.span);
    let mut printer = Printer::new(solver);
    let (found_text, wanted_text) = (printer.inner(found), printer.inner(wanted));
    let message = match (solver.rows[row].tags.get(&name), receiver(solver, row)) {
        (Some(tag), Some(who)) => format!(
            "{who} handles `{}`, but this has `{found_text}` in place of `{wanted_text}`",
            printer.tag(name, tag)
        ),
        _ => format!("`{}` has `{found_text}` here, but `{wanted_text}` elsewhere", tag_name(name)),
    };
    let here = if built == handed { format!("`{found_text}` is a part of this") } else { String::new() };
    let problem = Diagnostic::new("E0001", handed, message).at(here);
    let problem = if built == handed {
        problem
    } else {
        problem.label(built, format!("`{found_text}` is a part of this"))
    };
    let problem = match solver.rows[row].tags.get(&name) {
        Some(tag) if tag.origin.span != built && tag.origin.span != handed => {
            problem.label(tag.origin.span, format!("`{wanted_text}` is a part of this"))
        }
        _ => problem,
    };
    mismatch::advise(solver, found, wanted, problem)
}

/// Two receives of one process that want different payloads of one tag.
pub fn received(
    solver: &Solver,
    found: Node,
    wanted: Node,
    (name, row): (Symbol, RowId),
    origin: Origin,
) -> Diagnostic {
    let mut printer = Printer::new(solver);
    let (found, wanted, shown) = (printer.inner(found), printer.inner(wanted), tag_name(name));
    let message = format!("one process cannot receive `{shown}` with `{found}` and with `{wanted}`");
    let problem = Diagnostic::new("E0001", origin.span, message).at("receives it with one of them");
    let problem = match solver.rows[solver.find_row(row)].tags.get(&name) {
        Some(tag) if tag.origin.span != origin.span => {
            problem.label(tag.origin.span, format!("`{shown}` is received here"))
        }
        _ => problem,
    };
    problem.help("give one of the two another name, or ask with `Process.call`: its answer passes no mailbox")
}

/// Whose messages a row is, where it is a process's.
fn receiver(solver: &Solver, row: RowId) -> Option<String> {
    match solver.rows[row].closed {
        Some(Closed::Actor(actor)) => Some(solver.program.functions[actor].name.to_string()),
        _ if solver.rows[row].mailbox => Some("the process".to_string()),
        _ => None,
    }
}

/// One tag with two numbers of payload values.
pub fn payload_count(solver: &Solver, name: Symbol, row: RowId, have: &Tag, found: &Tag) -> Diagnostic {
    let whole = receiver(solver, solver.find_row(row))
        .map(|who| format!(": {who} handles `{}`", solver.show_tag(name, have)));
    let name = tag_name(name);
    let (here, there) = (found.args.len(), have.args.len());
    let message = format!(
        "`{name}` has {} here, but {} elsewhere{}",
        counted(here, "payload value"),
        counted(there, "payload value"),
        whole.unwrap_or_default()
    );
    Diagnostic::new("E0014", found.origin.span, message)
        .at(counted(here, "payload value"))
        .label(have.origin.span, format!("{} here", counted(there, "payload value")))
}

/// A tag flows into a closed row that lacks it.
pub fn unhandled(solver: &Solver, name: Symbol, tag: &Tag, row: RowId, origin: Origin) -> Diagnostic {
    let closed = solver.rows[row].closed.unwrap_or(Closed::Known);
    let what = solver.show_tag(name, tag);
    if name.as_str() == START_CHILD
        && let Closed::Actor(actor) = closed
    {
        return starts_no_children(solver, actor, origin.span);
    }
    let problem = match closed {
        Closed::Actor(actor) => {
            let who = solver.program.functions[actor].name;
            not_handled(solver, &format!("{who}"), &what, origin.span)
                .label(solver.program.functions[actor].name_span, handles(solver, row))
        }
        Closed::Process(at) => not_handled(solver, "the process started here", &what, origin.span)
            .label(at.span, format!("this process: {}", handles(solver, row))),
        Closed::Case(at) => {
            Diagnostic::new("E0012", origin.span, format!("the case has no arm for `{what}`"))
                .at("this value can be it")
                .label(at.span, "the case is here")
        }
        Closed::Annotation(place) => {
            Diagnostic::new("E0014", origin.span, format!("`{what}` is not among the declared tags"))
                .at(format!("this can be `{what}`"))
                .label(place, "they are declared here")
        }
        Closed::Known => Diagnostic::new("E0014", origin.span, format!("`{what}` does not fit here"))
            .at(format!("this can be `{what}`"))
            .help(wanted(solver, row)),
    };
    finish(solver, problem, name, tag, row, origin.span)
}

/// What `Supervisor.start_child` sends.
const START_CHILD: &str = "supervisor start";

/// `Supervisor.start_child` of a process that starts no children on demand.
fn starts_no_children(solver: &Solver, actor: FunctionId, span: Span) -> Diagnostic {
    let definition = &solver.program.functions[actor];
    let text = format!("`{}` starts no children when it is asked to", definition.name);
    Diagnostic::new("E0014", span, text)
        .at("its children cannot be added to")
        .label(definition.name_span, "defined here")
        .help("`Supervisor.start_child` needs a supervisor with `strategy: simple_one_for_one`")
}

fn not_handled(_: &Solver, who: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::new("E0014", span, format!("{who} does not handle `{what}`"))
}

fn finish(
    solver: &Solver,
    problem: Diagnostic,
    name: Symbol,
    tag: &Tag,
    row: RowId,
    span: Span,
) -> Diagnostic {
    let near = nearest(name.as_str(), solver.rows[row].tags.keys().map(|k| k.as_str()));
    let problem = match near {
        Some(near) => problem.help(format!("did you mean `{}`?", tag_name(Symbol::new(near)))),
        None => problem,
    };
    if tag.origin.span == span {
        problem
    } else {
        problem.label(tag.origin.span, format!("`{}` comes from here", tag_name(name)))
    }
}

fn tags(solver: &Solver, row: RowId) -> Vec<String> {
    solver.rows[row].tags.iter().map(|(name, tag)| format!("`{}`", solver.show_tag(*name, tag))).collect()
}

fn handles(solver: &Solver, row: RowId) -> String {
    let tags = tags(solver, row);
    if tags.is_empty() { "handles no messages".into() } else { format!("handles {}", tags.join(", ")) }
}

fn wanted(solver: &Solver, row: RowId) -> String {
    let tags = tags(solver, row);
    if tags.is_empty() {
        "no tag is possible here".into()
    } else {
        format!("possible here: {}", tags.join(", "))
    }
}

/// A signal's shape sent as a message.
pub fn reserved(span: Span, name: Symbol) -> Diagnostic {
    Diagnostic::new(
        "E0084",
        span,
        format!("`{}` with these fields is a signal and cannot be sent or built", tag_name(name)),
    )
    .at("the runtime sends these")
    .help("choose another name, or another number of payload values")
}
