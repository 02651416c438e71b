//! The small typed language everything becomes: [`ir`] says what it is, [`lower`] makes it, [`derive`] writes the methods
//! that types have without an impl. [`verify`] states the rules, and is asked after both in builds with debug assertions.
#![forbid(unsafe_code)]

mod decision;
mod derive;
pub mod ir;
mod lower;
mod print;
mod substitute;
mod verify;

pub use derive::derive;
pub use lower::lower;
pub use print::print;
pub use verify::verify;
