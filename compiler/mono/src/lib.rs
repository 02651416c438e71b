//! Core made concrete, then better: ground types, explicit closures, known layouts, only what is reachable.
#![forbid(unsafe_code)]

mod calls;
mod closures;
mod constants;
mod descriptors;
mod expressions;
mod function;
mod ground;
mod interfaces;
pub mod ir;
mod layouts;
mod operands;
mod passes;
mod print;
mod receive;
mod signals;
mod specialise;
mod verify;

pub use passes::optimise;
pub use print::print;
pub use specialise::{Input, Roots, specialise};
pub use verify::verify;
