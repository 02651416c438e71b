//! A session: what runs over one authenticated connection, from admission to its end.
//!
//! [`Outgoing`] turns signals and encoded values into bytes, under the shell's short lock; [`Incoming`] turns received
//! bytes into [`Event`]s. Neither knows a socket or a clock: bytes and milliseconds come in, bytes and events go out.

mod incoming;
mod lanes;
mod outgoing;
mod tables;

pub use incoming::{Event, Incoming};
pub use outgoing::{Counts, Outgoing, Room};
pub(crate) use tables::{RECEIVER, SENDER};
pub use tables::{Tables, ToNodes};

/// Milliseconds since some fixed moment.
pub type Millis = u64;

#[cfg(test)]
mod tests;
