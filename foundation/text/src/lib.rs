//! Source files, spans, lines and interned names: the words every part of the compiler shares.
//!
//! A [`Sources`] owns the text of all files of one program. A [`Span`] is a byte range of one of them.
//! A [`Symbol`] is an interned name; equal names are equal symbols.
#![forbid(unsafe_code)]

mod ids;
mod lines;
mod source;
mod span;
mod symbol;

pub use ids::{Id, IdVec};
pub use lines::{LineIndex, Position};
pub use source::{Source, SourceId, Sources};
pub use span::Span;
pub use symbol::Symbol;
