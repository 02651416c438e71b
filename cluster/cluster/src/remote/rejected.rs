//! What could not be delivered: counted by cause, and logged once per cause and peer, then again at growing intervals.

use crate::name::NodeName;
use crate::remote::Remote;
use snow_runtime::Level;
use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

/// Why something was not delivered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// What was given as a node is not the name of one.
    BadNode,
    /// The node is not connected.
    NotConnected,
    /// There is no such process.
    NoProcess,
    /// There is no process of that name.
    NoName,
    /// The value is not of the mailbox's type.
    Mismatch,
    /// The value is over the bound.
    TooLong,
    /// A timer's message met a full buffer.
    BufferFull,
}

impl Cause {
    /// The name of its figure.
    pub fn figure(self) -> &'static str {
        match self {
            Cause::BadNode => "rejected_bad_node",
            Cause::NotConnected => "rejected_not_connected",
            Cause::NoProcess => "rejected_no_process",
            Cause::NoName => "rejected_no_name",
            Cause::Mismatch => "rejected_mismatch",
            Cause::TooLong => "rejected_too_long",
            Cause::BufferFull => "rejected_buffer_full",
        }
    }
}

#[derive(Default)]
pub(super) struct Rejected {
    counts: Mutex<HashMap<(NodeName, Cause), u64>>,
}

/// Causes and nodes that are told apart; more are counted together with none.
const ENTRIES_MAX: usize = 1 << 16;

impl Remote {
    /// Counts something that was not delivered and logs it when its count is a power of 16: once, then ever more rarely.
    pub(super) fn reject(&self, node: &NodeName, cause: Cause, what: fmt::Arguments<'_>) {
        let mut counts = self.rejected.counts.lock().expect("nobody panics while holding the counts");
        let key = (node.clone(), cause);
        if counts.len() >= ENTRIES_MAX && !counts.contains_key(&key) {
            return;
        }
        let count = counts.entry(key).or_default();
        *count += 1;
        let count = *count;
        drop(counts);
        if count.is_power_of_two() && count.trailing_zeros().is_multiple_of(4) {
            let again = if count > 1 { format!(" ({count} times so far)") } else { String::new() };
            self.host.log(Level::Warn, &format!("{node}: {what}{again}"));
        }
    }

    /// The counts, by node.
    pub fn rejected(&self) -> Vec<(NodeName, Cause, u64)> {
        let counts = self.rejected.counts.lock().expect("nobody panics while holding the counts");
        let mut all: Vec<_> = counts.iter().map(|((node, cause), n)| (node.clone(), *cause, *n)).collect();
        all.sort_unstable();
        all
    }
}
