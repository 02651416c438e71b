//! What is wrong with those who connect, logged once for each address and kind, then ever more rarely: a hostile peer cannot fill the log.

use super::Shared;
use snow_runtime::Level;
use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

/// What a complaint is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Kind {
    /// It does not speak TLS 1.3.
    Tls,
    /// Its certificate is not to be trusted.
    Certificate,
    /// It is not authenticated in time.
    Time,
    /// It begins more handshakes than it may.
    Crowd,
    /// Its cookie is another.
    Cookie,
    /// Its name is taken.
    Name,
    /// It breaks the protocol before it is authenticated.
    Handshake,
    /// It breaks the protocol as a peer.
    Session,
    /// It finds that this node breaks the protocol.
    Refused,
}

/// Addresses and kinds that are told apart; beyond that nothing new is logged.
const ENTRIES_MAX: usize = 1 << 12;

/// How often each was wrong.
#[derive(Default)]
pub(super) struct Complaints {
    counts: Mutex<HashMap<(IpAddr, Kind), u64>>,
}

impl Complaints {
    /// The number of this one, when it is to be logged: 1, 16, 256 and so on.
    fn count(&self, address: IpAddr, kind: Kind) -> Option<u64> {
        let mut counts = self.counts.lock().expect("nobody panics while holding the counts");
        if counts.len() >= ENTRIES_MAX && !counts.contains_key(&(address, kind)) {
            return None;
        }
        let count = counts.entry((address, kind)).or_default();
        *count += 1;
        (count.is_power_of_two() && count.trailing_zeros().is_multiple_of(4)).then_some(*count)
    }
}

impl Shared {
    /// Logs a complaint about whoever is at an address.
    pub(super) fn complain(&self, address: SocketAddr, kind: Kind, what: fmt::Arguments<'_>) {
        if let Some(count) = self.complaints.count(address.ip(), kind) {
            let again = if count > 1 {
                format!(" ({count} times from {} so far)", address.ip())
            } else {
                String::new()
            };
            self.log(Level::Warn, &format!("{address}{what}{again}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn ever_more_rarely() {
        let complaints = Complaints::default();
        let (one, other) = (Ipv4Addr::new(10, 0, 0, 1).into(), Ipv4Addr::new(10, 0, 0, 2).into());
        let logged: Vec<u64> = (0..300).filter_map(|_| complaints.count(one, Kind::Cookie)).collect();
        assert_eq!(logged, [1, 16, 256]);
        assert_eq!(complaints.count(one, Kind::Tls), Some(1));
        assert_eq!(complaints.count(other, Kind::Cookie), Some(1));
    }
}
