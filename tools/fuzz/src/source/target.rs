//! The compiler's front end, and everything behind it for what has no errors.

use super::check::Checker;
use super::shrink::shrink;
use super::{Case, corpus, mutate};
use crate::chance::Chance;
use crate::run::Target;
use crate::watch::Limits;

/// The compiler, with the programs that damage begins with.
pub struct FrontEnd {
    checker: Checker,
    corpus: Vec<Case>,
}

impl Default for FrontEnd {
    fn default() -> Self {
        FrontEnd { checker: Checker::default(), corpus: corpus::cases() }
    }
}

impl Target for FrontEnd {
    type Case = Case;
    const NAME: &'static str = "front-end";
    const CASES: u64 = 40;
    /// The largest case has some 20,000 bytes.
    const LIMITS: Limits = Limits { seconds: 60, bytes: 3 << 30 };
    /// As much as the driver gives the compiler.
    const STACK_BYTES: usize = 512 << 20;

    fn make(&self, chance: &mut Chance) -> Case {
        mutate::mutate(&self.corpus, chance)
    }

    fn check(&self, case: &Case) {
        self.checker.check(case);
    }

    fn shrink(&self, case: &Case, is_it: &dyn Fn(&Case) -> bool) -> Case {
        shrink(case, is_it)
    }

    fn text(&self, case: &Case) -> String {
        case.text()
    }
}
