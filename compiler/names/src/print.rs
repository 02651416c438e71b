//! The resolved program as text.
use crate::hir::Program;

/// All functions that are not std's.
pub fn print(program: &Program) -> String {
    format!("{} functions\n", program.functions.len())
}
