//! The walk over bodies: one constraint per construct.
//!
//! [`components`] takes functions in groups that refer to each other, [`expressions`] and its neighbours walk their bodies, and
//! [`postponed`] holds what waits for a type.

mod calls;
mod components;
pub(crate) mod coverage;
mod expressions;
mod members;
mod methods;
mod operators;
mod patterns;
mod postponed;
mod processes;
mod references;
mod schemes;
mod signatures;
mod tuples;

pub use coverage::Match;
pub use postponed::Postponed;
pub(crate) use references::each_part;
