//! Answers in the words of editors: byte offsets in, names, types, places and edits out.
//!
//! [`Analysis`] is what is known of a program at one moment, whatever is wrong with it; each feature is a file with methods of it.
//! Nothing here reads a file or knows a protocol, and nothing is found by searching text: names come from `names` and `types`.
#![forbid(unsafe_code)]

mod analysis;
mod completion;
mod definitions;
mod hints;
mod hover;
mod reference;
mod rename;
mod symbols;

pub use analysis::{Analysis, Library, Occurrence, Program};
pub use completion::{Completion, CompletionKind, complete};
pub use hints::Hint;
pub use hover::Hover;
pub use reference::{ModulePage, ReferenceItem, ReferenceKind};
pub use rename::{Edit, RenameError};
pub use symbols::{Symbol, SymbolKind, symbols};
