//! Links between two sites: bytes in order, with delays, until they are cut or swallow everything.

use snow_cluster::connection::Connection;
use snow_cluster::error::CloseReason;
use snow_cluster::peer::Wake;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// One side of a link: the dialler is 0, the acceptor 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Side {
    pub link: usize,
    pub end: usize,
}

impl Side {
    /// The other side.
    pub(crate) fn other(self) -> Side {
        Side { link: self.link, end: 1 - self.end }
    }
}

/// What a peer's buffer tells its shell.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    output: AtomicBool,
    attention: AtomicBool,
}

impl Flags {
    pub(crate) fn take_output(&self) -> bool {
        self.output.swap(false, Ordering::Relaxed)
    }

    pub(crate) fn take_attention(&self) -> bool {
        self.attention.swap(false, Ordering::Relaxed)
    }
}

impl Wake for Flags {
    fn output(&self) {
        self.output.store(true, Ordering::Relaxed);
    }

    fn attention(&self) {
        self.attention.store(true, Ordering::Relaxed);
    }
}

/// One end of a link.
pub(crate) struct End {
    pub site: usize,
    pub connection: Option<Connection>,
    pub flags: Arc<Flags>,
    /// When the last byte sent from here arrives: later ones arrive later.
    pub last_arrival: u64,
    /// Whether a batch is being written.
    pub writing: bool,
    /// Why this side is leaving, when it is.
    pub leaving: Option<CloseReason>,
    /// The earliest look that is scheduled.
    pub look_at: u64,
    /// The attempt to connect that this end serves.
    pub attempt: Option<usize>,
}

impl End {
    pub(crate) fn new(site: usize, flags: Arc<Flags>, attempt: Option<usize>) -> End {
        End {
            site,
            connection: None,
            flags,
            last_arrival: 0,
            writing: false,
            leaving: None,
            look_at: u64::MAX,
            attempt,
        }
    }
}

/// A connection of the simulated network.
pub(crate) struct Link {
    pub ends: [End; 2],
    /// Swallows everything without telling anyone.
    pub swallows: bool,
    /// Nothing arrives any more.
    pub is_cut: bool,
}

impl Link {
    /// Whether a side is still in use.
    pub(crate) fn is_used(&self) -> bool {
        self.ends.iter().any(|end| end.connection.is_some())
    }

    /// Whether it joins these two sites.
    pub(crate) fn joins(&self, a: usize, b: usize) -> bool {
        let sites = (self.ends[0].site, self.ends[1].site);
        sites == (a, b) || sites == (b, a)
    }
}
