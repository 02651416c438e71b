//! Members that are not there: E0009 fields, E0030 methods, E0027 ambiguous ones, E0036 and E0037 for `?`.

use crate::checker::Checker;
use crate::explain::did_you_mean;
use crate::interfaces::Found;
use crate::solver::Solver;
use crate::solver::node::{Head, Node, Shape};
use snow_diagnostics::Diagnostic;
use snow_names::hir::{Program, TypeDefId, TypeDefKind};
use snow_text::{Span, Symbol};

/// A member of a value whose type nothing tells.
pub fn unknown_receiver(span: Span) -> Diagnostic {
    Diagnostic::new("E0043", span, "the type of the value before this must be known here")
        .at("what this is depends on that type")
        .help("annotate the parameter or binding it comes from: `x :: Type`")
}

/// An update of something that is no struct.
pub fn no_struct(solver: &Solver, base: Node, span: Span) -> Diagnostic {
    let shown = solver.show(base);
    Diagnostic::new("E0009", span, format!("`%{{… | field: value}}` changes a struct, but this is `{shown}`"))
        .at(format!("this is `{shown}`"))
        .help("the entries of a map are changed by `%{m | key => value}`")
}

/// A field that a struct has not.
pub fn no_field(program: &Program, id: TypeDefId, name: Symbol, span: Span) -> Diagnostic {
    let definition = &program.types[id];
    let names: Vec<&str> = match &definition.kind {
        TypeDefKind::Struct(fields) => fields.iter().filter_map(|f| f.name).map(Symbol::as_str).collect(),
        _ => Vec::new(),
    };
    let problem = Diagnostic::new("E0009", span, format!("`{}` has no field `{name}`", definition.name))
        .at("no such field")
        .label(definition.name_span, "declared here");
    match did_you_mean(name, names.iter().copied()) {
        Some(help) => problem.help(help),
        None if names.is_empty() => problem,
        None => problem.help(format!("its fields are {}", names.join(", "))),
    }
}

/// A field of something without fields.
pub fn no_member(solver: &Solver, receiver: Node, name: Symbol, span: Span) -> Diagnostic {
    let shown = solver.show(receiver);
    Diagnostic::new("E0009", span, format!("`{shown}` has no field `{name}`")).at("only structs have fields")
}

/// A field of an opaque struct, outside its module.
pub fn opaque(program: &Program, id: TypeDefId, name: Symbol, span: Span) -> Diagnostic {
    let definition = &program.types[id];
    let module = program.modules[definition.module].name;
    Diagnostic::new(
        "E0035",
        span,
        format!("the field `{name}` of `{}` is for the module `{module}` only", definition.name),
    )
    .at("private field")
    .help(format!("`{}` is opaque: use the functions of `{module}`", definition.name))
}

/// A method that a type has not.
pub fn no_method(checker: &Checker, receiver: Node, name: Symbol, span: Span) -> Diagnostic {
    let solver = &checker.solver;
    let shown = solver.show(receiver);
    let problem = Diagnostic::new("E0030", span, format!("`{shown}` has no method or function `{name}`"))
        .at("no such method");
    let module = match solver.shape(receiver) {
        Shape::Constructed(Head::Named(id), _) => {
            Some(&checker.program.modules[checker.program.types[*id].module])
        }
        Shape::Constructed(Head::Builtin(builtin), _) => {
            checker.program.modules.values().find(|m| m.home_of == Some(*builtin))
        }
        _ => None,
    };
    let names: Vec<&str> = module.into_iter().flat_map(|m| &m.functions).map(|f| f.0.as_str()).collect();
    if name.as_str() == "join" && names.contains(&"sorted") {
        return problem.help("texts are joined with `String.join(texts, \", \")`");
    }
    match snow_names::synonym(name.as_str(), |other| names.contains(&other)) {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")),
        None => match did_you_mean(name, names) {
            Some(help) => problem.help(help),
            None => problem,
        },
    }
}

/// A method name with several meanings.
pub fn ambiguous(checker: &Checker, found: &[Found], name: Symbol, span: Span) -> Diagnostic {
    let mut places: Vec<String> = Vec::new();
    for one in found {
        places.push(match one {
            Found::Function(function) => {
                let module = checker.program.functions[*function].module;
                format!("a function of `{}`", checker.program.modules[module].name)
            }
            Found::Interface(interface, _) => {
                format!("a method of `{}`", checker.program.interfaces[*interface].name)
            }
        });
    }
    Diagnostic::new(
        "E0027",
        span,
        format!("`{name}` can mean more than one thing here: {}", super::listed(&places)),
    )
    .at("ambiguous")
    .help("call the one you mean with its name in front, as in `Module.name(x)`")
}

/// A value that cannot be indexed.
pub fn no_index(solver: &Solver, receiver: Node, span: Span) -> Diagnostic {
    let shown = solver.show(receiver);
    Diagnostic::new("E0001", span, format!("`{shown}` cannot be indexed"))
        .at(format!("this is `{shown}`"))
        .help("`x[i]` works on lists, arrays, maps, strings and bytes")
}

/// `?` in a function that gives something else.
pub fn try_outside(solver: &Solver, result: Node, wanted: &str, span: Span) -> Diagnostic {
    let shown = solver.show(result);
    Diagnostic::new(
        "E0036",
        span,
        format!("`?` leaves the function with its error, but the function gives `{shown}`"),
    )
    .at(format!("the function has to give `{wanted}`"))
    .help(format!("let the function give `{wanted}`, or handle the other case with `case`"))
}

/// `?` on something else.
pub fn try_on(solver: &Solver, operand: Node, span: Span) -> Diagnostic {
    let shown = solver.show(operand);
    Diagnostic::new("E0037", span, format!("`?` works on `Option` and `Result`, but this is `{shown}`"))
        .at(format!("this is `{shown}`"))
}
