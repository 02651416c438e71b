//! Inputs that nobody wrote by hand, for everything that reads what it cannot trust; for tests only.
//!
//! A seed decides every case. [`source`] damages the repository's own programs and takes them through the compiler;
//! [`watch`] ends a run whose case takes too long or too much memory, and leaves the case behind in a file.
#![forbid(unsafe_code)]

pub mod chance;
pub mod program;
pub mod source;
pub mod watch;

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
