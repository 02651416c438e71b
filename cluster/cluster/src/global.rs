//! Names and groups that the whole mesh knows: state machines without sockets and without a clock.
//!
//! Every node holds all records; each record belongs to the node of its process, which alone makes and ends it. The others are told, in
//! order, over the connection with that node.
//!
//! # Why no two nodes get `Ok` for one name
//!
//! A name is given by consent. Who wants it *claims* it at every member that it is connected with, and at itself; each member *grants* a
//! name to one claim at a time, and a claim becomes a *record* only while it has the grants of all. A grant is taken back by nobody: it ends
//! with the claim (record or release), with the claimant's own `Yield`, or with the connection.
//!
//! Let two nodes A and B each get `Ok`, the claims under way at the same time or one after the other.
//! - They are connected: A's claim had B's grant, and B's had A's. Each node is a member of its own, so A's grant to itself and to B exclude
//!   each other while both claims last; and once A holds the record, A refuses.
//! - They are not connected with each other, but both with C (a mesh that is still coming about): C grants one claim at a time. When A has its
//!   record, C tells with its grant who holds the name, and B, who cannot ask A, takes that as a refusal. B believes A alone where
//!   it is connected with A, so that a name that A has given up is free at once.
//! - The members change while a name is claimed: whoever connects is asked too, before anything else is agreed with them, and first
//!   tells all its records; whoever is lost is no longer asked. Nothing depends on two nodes having the same view.
//! - They have no neighbour in common: these are parts of a network, each of which may have a holder. When the parts meet, their
//!   tables do: the older registration, then the smaller name of a node, stays; all compare alike, and the loser's owner ends its record.
//!
//! # Why every operation ends
//!
//! Claims are ordered by age (time of the claimant, then its name). A member that has granted a younger claim than one that waits
//! *inquires*; a claimant that has not got all yields. So the oldest claim gets every grant, and each is the oldest one day. A member that
//! does not answer is lost with its heartbeat; a caller waits a few seconds at most and takes its claim back.
//!
//! It costs a round trip to all members at once and the news of the record; no lock spans more than one name.

mod groups;
mod message;
mod records;
mod registry;
#[cfg(test)]
mod tests;
mod votes;

pub use groups::{Groups, Watcher};
pub use message::{Answer, Caller, Mailbox, Message, Output, Request};
pub use registry::Registry;
