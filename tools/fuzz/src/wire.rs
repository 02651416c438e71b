//! What comes over a connection: [`frames`], the [`handshake`], the [`session`] after it, [`schema`]s and [`value`]s. Each begins
//! with what an honest peer would say, then damages it.

pub mod frames;
pub mod handshake;
pub mod schema;
pub mod session;
pub mod types;
pub mod value;

use crate::run::fewer;
use crate::watch::Limits;
use std::fmt::Write as _;

/// What one case of any of these may take; the process as a whole, with whatever else runs in it.
pub const LIMITS: Limits = Limits { seconds: 30, bytes: 1 << 30 };
/// Nothing here may recurse as deep as its input.
pub const STACK_BYTES: usize = 1 << 20;

/// A case: what is known before, and the pieces that arrive.
#[derive(Clone, Debug)]
pub struct Input {
    /// Decides types, keys and whatever else the peer does not.
    pub context: u64,
    /// In the order in which they come.
    pub parts: Vec<Vec<u8>>,
}

impl Input {
    /// In hexadecimal digits, a line for each part.
    pub fn text(&self) -> String {
        let mut text = format!("context {}\n", self.context);
        for part in &self.parts {
            for byte in part {
                write!(text, "{byte:02x}").expect("a String takes any text");
            }
            text.push('\n');
        }
        text
    }

    /// Fewer bytes of each part; with `may_drop` fewer parts as well.
    pub fn shrink(&self, may_drop: bool, is_it: &dyn Fn(&Input) -> bool) -> Input {
        let mut small = self.clone();
        if may_drop {
            let with = |parts: &[Vec<u8>]| Input { context: self.context, parts: parts.to_vec() };
            small.parts = fewer(small.parts, &|parts| is_it(&with(parts)));
        }
        for at in 0..small.parts.len() {
            let part = fewer(small.parts[at].clone(), &|bytes| {
                let mut other = small.clone();
                other.parts[at] = bytes.to_vec();
                is_it(&other)
            });
            small.parts[at] = part;
        }
        small
    }
}

/// Implements what all targets of this module have in common.
macro_rules! wire_target {
    ($target:ident, $name:literal, $cases:literal, drop: $may_drop:literal) => {
        impl crate::run::Target for $target {
            type Case = crate::wire::Input;
            const NAME: &'static str = $name;
            const CASES: u64 = $cases;
            const LIMITS: crate::watch::Limits = crate::wire::LIMITS;
            const STACK_BYTES: usize = crate::wire::STACK_BYTES;

            fn make(&self, chance: &mut crate::chance::Chance) -> crate::wire::Input {
                make(chance)
            }

            fn check(&self, case: &crate::wire::Input) {
                check(case);
            }

            fn shrink(
                &self,
                case: &crate::wire::Input,
                is_it: &dyn Fn(&crate::wire::Input) -> bool,
            ) -> crate::wire::Input {
                case.shrink($may_drop, is_it)
            }

            fn text(&self, case: &crate::wire::Input) -> String {
                case.text()
            }
        }
    };
}
use wire_target;
