//! Passes over the concrete program, each in its file, in the order of [`optimise`].

mod dead;
mod loops;
mod measure;
mod simplify;

use crate::ir::Program;

/// How often simplification runs: the second round inlines what the first made small.
const ROUNDS: usize = 2;

/// Makes the program better; it means the same.
pub fn optimise(mut program: Program) -> Program {
    check(&program);
    loops::make_loops(&mut program);
    check(&program);
    for _ in 0..ROUNDS {
        simplify::simplify(&mut program);
        dead::remove(&mut program);
        check(&program);
    }
    program
}

/// In builds with assertions every pass is checked.
fn check(program: &Program) {
    if cfg!(debug_assertions) {
        crate::verify(program);
    }
}
