//! Runs Snow processes: threads, stacks, time, mailboxes, and the functions that compiled code calls.

pub mod router;

/// One running node.
pub struct Runtime {}
