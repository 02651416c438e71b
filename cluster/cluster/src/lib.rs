//! Signals between nodes: authenticated sessions, the mesh that they form, and what runs over it.
//!
//! Everything but [`transport`] is a state machine without sockets and without a clock: bytes and time come in, bytes and
//! events go out. [`install`] plugs the whole into a runtime.
#![forbid(unsafe_code)]

pub mod error;
pub mod frame;
pub mod handshake;
pub mod limits;
pub mod name;
pub mod nodes;
pub mod session;
