//! One process's memory.
//!
//! A [`Heap`] is a list of chunks with a bump window in the newest; a precise copying collection moves what the
//! roots reach into a fresh chunk; a large heap has an old part that most collections leave alone. A [`Fragment`] is a self-contained piece of memory on its way between processes:
//! copied out of a heap, or made by a decoder with a [`FragmentBuilder`], and adopted by the receiver.
//! The values of most messages are [`Small`] and are carried as a few loose words.
//! [`Value`] reads words safely. Long texts lie outside, in reference-counted buffers.
//!
//! **Invariant:** allocation never moves anything; only [`Heap::collect`] does.

mod build;
mod chunk;
mod collect;
mod copy;
mod fragment;
mod generations;
mod heap;
mod layouts;
mod small;
mod text;
pub mod trie;
mod value;

pub use build::{Built, FragmentBuilder};
pub use collect::Roots;
pub use copy::CopyScratch;
pub use fragment::Fragment;
pub use heap::Heap;
pub use layouts::Layouts;
pub use small::{SMALL_WORDS_MAX, Small};
pub use text::{GrowingText, SharedText};
pub use value::Value;

#[cfg(test)]
mod tests;
