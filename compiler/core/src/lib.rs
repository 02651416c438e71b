//! The small typed language everything becomes: [`ir`] says what it is, [`lower`] makes it, [`derive`] writes the methods
//! that types have without an impl.
#![forbid(unsafe_code)]

mod derive;
pub mod ir;
mod lower;
mod print;
mod substitute;

pub use derive::derive;
pub use lower::lower;
pub use print::print;
