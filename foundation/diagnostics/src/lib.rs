//! A problem of a program as data; drawing it is separate.
//!
//! Every stage of the front end pushes [`Diagnostic`]s into [`Problems`] and goes on. Words are the
//! user's: a diagnostic never shows an internal id or a Rust type name.
#![forbid(unsafe_code)]

mod diagnostic;
pub mod render;

pub use diagnostic::{Code, Diagnostic, Fix, Label, Problems, Severity};
