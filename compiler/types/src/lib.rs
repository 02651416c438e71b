//! Hindley–Milner with rows, mailbox effect and interface constraints: a type for every expression.
//!
//! The rules are those of tagged types as open rows, mailboxes as an effect, and subsumption at hand-over points: [`solver`] keeps
//! types and constraints, [`generalise`] closes rows by polarity, [`infer`] walks the bodies, [`output`] yields [`typed::Typed`].
#![forbid(unsafe_code)]

mod checker;
mod convert;
mod editor;
mod explain;
mod generalise;
mod growth;
mod infer;
mod instance;
mod interfaces;
mod output;
mod polarity;
mod print;
mod solver;
pub mod ty;
pub mod typed;
mod variance;

pub use editor::Description;

use checker::{Body, Checker, Group};
use output::filled;
use snow_diagnostics::Problems;
use snow_names::hir::Program;
use snow_text::{Id, IdVec};
use solver::Solver;
use solver::node::{RowId, Shape};
use std::collections::HashMap;
use typed::Typed;

/// Checks a resolved program; problems are added to `problems`.
pub fn check(program: &Program, problems: &mut Problems) -> Typed {
    let mut checker = run(program);
    for problem in std::mem::take(&mut checker.solver.problems) {
        problems.push(problem);
    }
    checker.output()
}

/// Checks a resolved program for those who look at it; problems are added to `problems`.
pub fn describe(program: &Program, problems: &mut Problems) -> Description {
    let mut checker = run(program);
    for problem in std::mem::take(&mut checker.solver.problems) {
        problems.push(problem);
    }
    checker.description()
}

/// Signatures of the program's own functions as users read them, one a line.
pub fn print(program: &Program, typed: &Typed) -> String {
    let mut out = String::new();
    for (id, signature) in typed.signatures.iter() {
        let module = &program.modules[program.functions[id].module];
        if !module.is_std && !signature.is_empty() {
            out.push_str(signature);
            out.push('\n');
        }
    }
    out
}

fn run(program: &Program) -> Checker<'_> {
    let mut solver = Solver::new(program);
    let mailbox = solver.make(Shape::NoMailbox);
    let mut checker = Checker {
        program,
        solver,
        types: IdVec::default(),
        interfaces: IdVec::default(),
        impls: IdVec::default(),
        impls_of: IdVec::default(),
        inherent: HashMap::new(),
        methods: HashMap::new(),
        bounds: HashMap::new(),
        functions: filled(program.functions.len()),
        components: Vec::new(),
        late_mailboxes: Vec::new(),
        called_elsewhere: Default::default(),
        component_of: filled(program.functions.len()),
        locals: filled(program.locals.len()),
        group: Group::new(Vec::new(), RowId::from_index(0)),
        body: Body { function: None, mailbox, result: mailbox, loops: HashMap::new() },
        facts: filled(program.functions.len()),
        expanding: Vec::new(),
        expanded: HashMap::new(),
        derivable: HashMap::new(),
        depth: 0,
        mentions: Vec::new(),
        offers: Vec::new(),
    };
    checker.build_tables();
    checker.infer_variance();
    checker.check_deriving();
    checker.infer_all();
    checker.check_growth();
    checker
}
