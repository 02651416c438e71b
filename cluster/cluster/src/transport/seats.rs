//! Seats of handshakes under way. There are so many and no more, in all and for one address; who comes when they are taken has the seat
//! of another: of the oldest that has said nothing yet, or else of the oldest. So half-open connections, however many, keep nobody out.

use crate::limits::{HANDSHAKES_MAX, HANDSHAKES_PER_ADDRESS_MAX};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;

/// All seats.
#[derive(Default)]
pub(super) struct Seats {
    table: Arc<Mutex<Table>>,
}

#[derive(Default)]
struct Table {
    taken: BTreeMap<u64, Taken>,
    next: u64,
}

struct Taken {
    address: IpAddr,
    has_spoken: bool,
    lost: Arc<Notify>,
}

/// One seat; free again when it is dropped.
pub(super) struct Seat {
    table: Arc<Mutex<Table>>,
    number: u64,
    lost: Arc<Notify>,
}

/// A seat, and whether another lost it.
pub(super) struct Given {
    /// The seat.
    pub seat: Seat,
    /// Whether somebody had to go for it.
    pub is_crowded: bool,
}

impl Seats {
    /// A seat for a connection from this address.
    pub(super) fn take(&self, address: IpAddr) -> Given {
        let mut table = lock(&self.table);
        let here = table.taken.values().filter(|taken| taken.address == address).count();
        let crowd = match here >= HANDSHAKES_PER_ADDRESS_MAX {
            true => Some(address),
            false if table.taken.len() >= HANDSHAKES_MAX => table.most_crowded(),
            false => None,
        };
        if let Some(address) = crowd {
            table.free_one(address);
        }
        let (number, lost) = (table.next, Arc::new(Notify::new()));
        table.next += 1;
        table.taken.insert(number, Taken { address, has_spoken: false, lost: lost.clone() });
        Given { seat: Seat { table: self.table.clone(), number, lost }, is_crowded: crowd.is_some() }
    }
}

impl Table {
    fn most_crowded(&self) -> Option<IpAddr> {
        let mut counts = BTreeMap::<IpAddr, usize>::new();
        for taken in self.taken.values() {
            *counts.entry(taken.address).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(address, _)| address)
    }

    fn free_one(&mut self, address: IpAddr) {
        let of_it = || self.taken.iter().filter(|(_, taken)| taken.address == address);
        let silent = of_it().find(|(_, taken)| !taken.has_spoken);
        let number = silent.or_else(|| of_it().next()).map(|(number, _)| *number);
        if let Some(taken) = number.and_then(|number| self.taken.remove(&number)) {
            taken.lost.notify_one();
        }
    }
}

impl Seat {
    /// The other side has said something.
    pub(super) fn spoken(&self) {
        if let Some(taken) = lock(&self.table).taken.get_mut(&self.number) {
            taken.has_spoken = true;
        }
    }

    /// Comes back when somebody else has got the seat.
    pub(super) async fn lost(&self) {
        self.lost.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.table).taken.remove(&self.number);
    }
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().expect("nobody panics while holding the seats")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn address(last: u8) -> IpAddr {
        Ipv4Addr::new(127, 0, 0, last).into()
    }

    fn numbers(seats: &Seats, address: IpAddr) -> Vec<u64> {
        let table = lock(&seats.table);
        table.taken.iter().filter(|(_, taken)| taken.address == address).map(|(number, _)| *number).collect()
    }

    #[test]
    fn the_oldest_that_says_nothing_goes_first() {
        let seats = Seats::default();
        let held: Vec<Given> = (0..HANDSHAKES_PER_ADDRESS_MAX).map(|_| seats.take(address(1))).collect();
        assert!(held.iter().all(|given| !given.is_crowded));
        held[0].seat.spoken();
        let late = seats.take(address(1));
        assert!(late.is_crowded);
        let expected: Vec<u64> =
            (0..=HANDSHAKES_PER_ADDRESS_MAX as u64).filter(|number| *number != 1).collect();
        assert_eq!(numbers(&seats, address(1)), expected);
        drop(held);
        assert_eq!(numbers(&seats, address(1)), [HANDSHAKES_PER_ADDRESS_MAX as u64]);
    }

    #[test]
    fn the_most_crowded_address_makes_room_for_others() {
        let seats = Seats::default();
        let full = HANDSHAKES_MAX / HANDSHAKES_PER_ADDRESS_MAX;
        let held: Vec<Given> =
            (0..HANDSHAKES_MAX - 1).map(|i| seats.take(address((i % full) as u8))).collect();
        let last = seats.take(address(200));
        assert!(!last.is_crowded);
        let honest = seats.take(address(201));
        assert!(honest.is_crowded);
        assert_eq!(numbers(&seats, address(201)).len(), 1);
        assert_eq!(numbers(&seats, address(200)).len(), 1);
        drop((held, last, honest));
        assert!(lock(&seats.table).taken.is_empty());
    }
}
