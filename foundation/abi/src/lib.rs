//! The treaty: what compiled code and the runtime agree on.
//!
//! The compiler writes a [`program::Program`], the runtime loads it; neither imports the other. Values,
//! object headers, layouts, run-time type descriptors, the process context's offsets, the entry table and
//! the table of primitives are defined here once.
#![deny(unsafe_code)]

pub mod atoms;
pub mod codec;
pub mod context;
pub mod descriptor;
pub mod entries;
pub mod failure;
pub mod intrinsics;
pub mod layout;
pub mod primitives;
pub mod program;
pub mod value;
