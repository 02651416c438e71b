//! What happens when: events in order of time, and of their making within a millisecond.

use crate::network::Side;
use snow_cluster::mesh::ConnectionId;
use snow_process::Pid;
use std::collections::BTreeMap;

/// One thing that happens.
#[derive(Debug)]
pub(crate) enum Event {
    /// Bytes arrive at one side of a link.
    Arrive(Side, Vec<u8>),
    /// One side of a link sees its end.
    End(Side),
    /// What one side was writing is written.
    Written(Side),
    /// A side looks for silence and for something to say.
    Look(Side),
    /// An accepted connection that is not authenticated by now is dropped.
    HandshakeOver(Side),
    /// An attempt to connect looks again.
    Dial(usize),
    /// The channel of an attempt's dial stands.
    Open(usize, ConnectionId),
    /// A site's mesh has something due.
    Mesh(usize),
    /// Some process does something.
    Act,
    /// A process of a site, in a certain life of it, has waited long enough for a name.
    GiveUp(usize, u64, Pid, u64),
    /// Something goes wrong.
    Fault,
    /// A site starts.
    Start(usize),
    /// Two sites reach each other again.
    Heal(usize, usize),
}

/// Events to come.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    events: BTreeMap<(u64, u64), Event>,
    made: u64,
}

impl Schedule {
    pub(crate) fn add(&mut self, at: u64, event: Event) {
        self.made += 1;
        self.events.insert((at, self.made), event);
    }

    /// The next event and its time, when it is not later than `until`.
    pub(crate) fn next(&mut self, until: u64) -> Option<(u64, Event)> {
        let ((at, _), _) = self.events.first_key_value()?;
        if *at > until {
            return None;
        }
        self.events.pop_first().map(|((at, _), event)| (at, event))
    }
}
