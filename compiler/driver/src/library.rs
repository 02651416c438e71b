//! The text of the standard library, carried inside the compiler.

include!(concat!(env!("OUT_DIR"), "/library.rs"));
