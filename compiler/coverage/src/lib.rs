//! Rows of patterns: which values no row matches, and which rows no value reaches.
//!
//! The matrix method of Maranget, "Warnings for pattern matching" (2007), over abstract patterns. The caller says by a
//! [`Space`] what constructors a type has; this crate knows no types of its own.
#![forbid(unsafe_code)]

mod matrix;
mod pattern;
#[cfg(test)]
mod tests;

pub use matrix::{Report, Row, check};
pub use pattern::{Con, Pat, Shape, Space};
