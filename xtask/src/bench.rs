//! Measures.
use crate::outcome::Outcome;
use std::path::Path;
/// Runs.
pub fn run(_root: &Path, _filter: &str) -> Outcome {
    Outcome::Good
}
