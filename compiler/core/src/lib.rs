//! The small typed language everything becomes: [`ir`].
#![forbid(unsafe_code)]

pub mod ir;
