//! The Snow Term Format: one value and its bytes.
//!
//! A value is written without tags in the layout of its type; the type itself is a [`schema::Schema`] that
//! travels once. Encoding walks a heap value by its descriptor; decoding goes through a plan that was resolved once
//! per pair of writer's schema and reader's type, checks every byte and builds a message fragment. Any byte
//! string yields a value of the reader's type or an error.
#![forbid(unsafe_code)]

pub mod compatible;
pub mod decode;
pub mod encode;
pub mod encoded;
pub mod error;
pub mod limits;
pub mod plan;
pub mod schema;
pub mod types;
pub mod wire;
