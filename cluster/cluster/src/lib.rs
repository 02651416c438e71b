//! Signals between nodes: authenticated sessions, the mesh that they form, and what runs over it.
//!
//! Everything but [`transport`] is a state machine without sockets and without a clock: bytes and time come in, bytes and
//! events go out. [`install`] plugs the whole into a runtime.
#![forbid(unsafe_code)]

mod cluster;
pub mod connection;
pub mod error;
pub mod frame;
pub mod global;
pub mod handshake;
pub mod host;
pub mod limits;
pub mod mesh;
pub mod name;
pub mod node;
pub mod nodes;
pub mod peer;
pub mod remote;
pub mod session;
mod terms;
pub mod transport;

pub use cluster::{Cluster, install};
