//! The tests of a program: chosen, run side by side, reported.
//!
//! The program is compiled once. Every test then runs in a process of the operating system of its own ([`runner`]), so that names, nodes,
//! crashes and even an `Os.exit` are its own; that process says on a file what went wrong ([`verdict`]). What is shown is made in [`report`].
#![forbid(unsafe_code)]

mod difference;
mod report;
mod runner;
mod selection;
mod verdict;

pub use report::Style;
pub use runner::{Place, Tally, run};
pub use selection::Selection;
pub use verdict::write_verdict;
