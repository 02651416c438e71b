//! Passes over the concrete program, each in its file, in the order of [`optimise`].

mod arguments;
mod dead;
mod invariants;
mod jump_threading;
mod loops;
mod measure;
mod prune;
mod results;
mod simplify;

use crate::ir::Program;
use simplify::Round;

/// Makes the program better; it means the same.
pub fn optimise(mut program: Program) -> Program {
    check(&program);
    for (_, pass) in PASSES {
        pass(&mut program);
        check(&program);
    }
    program
}

/// A pass and its name.
type Pass = (&'static str, fn(&mut Program));

/// In order: every simplification inlines what the passes before have made known.
const PASSES: &[Pass] = &[
    ("loops", loops::make_loops),
    ("invariants", invariants::drop_invariants),
    ("early", |program| simplified(program, Round::Early)),
    ("arguments", arguments::specialise),
    ("prune", prune::prune),
    ("jumps", jump_threading::thread_jumps),
    ("late", |program| simplified(program, Round::Late)),
    ("results", results::unbox),
    ("jumps", jump_threading::thread_jumps),
    ("last", |program| simplified(program, Round::Last)),
    ("prune", prune::prune),
];

fn simplified(program: &mut Program, round: Round) {
    simplify::simplify(program, round);
    dead::remove(program);
}

/// In builds with assertions every pass is checked.
fn check(program: &Program) {
    if cfg!(debug_assertions) {
        crate::verify(program);
    }
}
