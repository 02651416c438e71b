//! Inputs that nobody wrote by hand, for everything that reads what it cannot trust; for tests only.
//!
//! A seed decides every case. [`source`] damages the repository's own programs and takes them through the compiler, [`wire`] what
//! nodes say to one another; [`program`] makes programs that are right, with what they print. [`run`] runs the cases and tells
//! what was found; [`watch`] ends a run whose case takes too long or too much memory, and leaves the case behind in a file.
#![forbid(unsafe_code)]

pub mod bytes;
pub mod chance;
pub mod panics;
pub mod program;
pub mod run;
pub mod source;
pub mod watch;
pub mod wire;

use std::ops::Range;

/// Which cases to run: `SNOW_CASES=from..to`, or else the first `default` ones.
///
/// # Panics
/// When the variable holds anything else.
pub fn cases(default: u64) -> Range<u64> {
    let Ok(text) = std::env::var("SNOW_CASES") else { return 0..default };
    let range = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    range.expect("SNOW_CASES is FROM..TO")
}
