//! The language server: what editors ask by the Language Server Protocol, over standard input and output.
//!
//! [`server`] takes messages one after the other and answers from what [`projects`] knows; [`convert`] and [`position`] put the
//! answers of `ide` into the protocol's words, whose columns count UTF-16 units. One thread does it all: a program is looked
//! at anew within a few dozen milliseconds, so that nothing has to be kept in step with anything.
#![forbid(unsafe_code)]

mod answers;
mod convert;
mod documents;
mod position;
mod projects;
mod server;
mod uri;

pub use server::{ServerError, serve};
