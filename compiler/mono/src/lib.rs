//! Core made concrete, then better.
#![forbid(unsafe_code)]

pub mod ir;
