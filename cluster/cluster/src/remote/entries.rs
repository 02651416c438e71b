//! The links and monitors that a peer's processes hold on this node's: known one by one, so that no peer can have more than
//! it may by taking back what it never had.

use crate::frame::{RemoteSignal, SignalKind};
use std::collections::HashSet;

/// A link, or a monitor with its reference.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Entry {
    /// 48 bits on this node.
    local: u64,
    /// 48 bits on the peer's.
    remote: u64,
    monitor: Option<u64>,
}

/// What one peer holds.
#[derive(Debug, Default)]
pub(crate) struct Entries(HashSet<Entry>);

impl Entries {
    /// The peer has sent a signal; `false` when it would hold more than `max` by it.
    #[must_use]
    pub(crate) fn received(&mut self, signal: &RemoteSignal, max: usize) -> bool {
        let entry = |monitor| Entry { local: signal.to, remote: signal.from, monitor };
        match signal.what {
            SignalKind::Link => self.add(entry(None), max),
            SignalKind::Monitor(reference) => self.add(entry(Some(reference)), max),
            SignalKind::Unlink | SignalKind::LinkExit(_) => self.end(entry(None)),
            SignalKind::Demonitor(reference) => self.end(entry(Some(reference))),
            SignalKind::UnlinkAnswer | SignalKind::Exit(_) | SignalKind::Down(..) => true,
        }
    }

    /// A signal goes to the peer.
    pub(crate) fn sent(&mut self, signal: &RemoteSignal) {
        let entry = |monitor| Entry { local: signal.from, remote: signal.to, monitor };
        let ended = match signal.what {
            SignalKind::Unlink | SignalKind::LinkExit(_) => entry(None),
            SignalKind::Down(reference, _) => entry(Some(reference)),
            _ => return,
        };
        self.0.remove(&ended);
    }

    /// A process was started for one of the peer's, which is linked to it or watches it from its first line on.
    pub(crate) fn spawned(&mut self, local: u64, remote: u64, link: bool, monitor: Option<u64>) {
        if link {
            self.0.insert(Entry { local, remote, monitor: None });
        }
        if monitor.is_some() {
            self.0.insert(Entry { local, remote, monitor });
        }
    }

    /// Whether a process may be started for the peer that takes so many entries at most.
    pub(crate) fn has_room(&self, max: usize) -> bool {
        self.0.len() + 2 <= max
    }

    fn add(&mut self, entry: Entry, max: usize) -> bool {
        if self.0.len() >= max {
            return self.0.contains(&entry);
        }
        self.0.insert(entry);
        true
    }

    /// An end is always allowed, also of what is over already.
    fn end(&mut self, entry: Entry) -> bool {
        self.0.remove(&entry);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snow_process::ExitReason;

    fn signal(to: u64, from: u64, what: SignalKind) -> RemoteSignal {
        RemoteSignal { to, from, what }
    }

    #[test]
    fn no_more_than_the_bound_at_once() {
        let mut entries = Entries::default();
        assert!(entries.received(&signal(1, 9, SignalKind::Link), 2));
        assert!(entries.received(&signal(1, 9, SignalKind::Monitor(5)), 2));
        assert!(entries.received(&signal(1, 9, SignalKind::Link), 2), "the same link once more");
        assert!(!entries.received(&signal(2, 9, SignalKind::Link), 2));
        assert!(!entries.has_room(2));
    }

    #[test]
    fn what_ends_on_either_side_makes_room() {
        let mut entries = Entries::default();
        let reason = ExitReason::Normal;
        let endings: [(SignalKind, bool, SignalKind); 5] = [
            (SignalKind::Link, true, SignalKind::Unlink),
            (SignalKind::Link, true, SignalKind::LinkExit(reason.clone())),
            (SignalKind::Link, false, SignalKind::LinkExit(reason.clone())),
            (SignalKind::Monitor(5), true, SignalKind::Demonitor(5)),
            (SignalKind::Monitor(5), false, SignalKind::Down(5, reason)),
        ];
        for (begin, from_peer, end) in endings {
            assert!(entries.received(&signal(1, 9, begin.clone()), 1), "{begin:?}");
            if from_peer {
                assert!(entries.received(&signal(1, 9, end), 1));
            } else {
                entries.sent(&signal(9, 1, end));
            }
        }
        entries.spawned(3, 9, true, Some(7));
        assert!(!entries.has_room(3) && entries.has_room(4));
        entries.sent(&signal(9, 3, SignalKind::LinkExit(ExitReason::Normal)));
        entries.sent(&signal(9, 3, SignalKind::Down(7, ExitReason::Normal)));
        assert!(entries.has_room(2));
    }

    #[test]
    fn taking_back_what_was_never_there_makes_no_room() {
        let mut entries = Entries::default();
        assert!(entries.received(&signal(1, 9, SignalKind::Monitor(5)), 1));
        for (to, from, reference) in [(2, 9, 5), (1, 8, 5), (1, 9, 6)] {
            assert!(entries.received(&signal(to, from, SignalKind::Demonitor(reference)), 1));
            assert!(!entries.received(&signal(1, 9, SignalKind::Monitor(7)), 1));
        }
    }
}
