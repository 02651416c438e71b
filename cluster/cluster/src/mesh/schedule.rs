//! When to dial whom: peers of peers once, peers of `join:` again and again.

use crate::name::NodeName;
use crate::session::Millis;
use std::collections::HashMap;

/// The first pause of `join:`, which doubles with each failure.
const BACKOFF_MS_MIN: Millis = 100;
/// The longest pause of `join:`.
const BACKOFF_MS_MAX: Millis = 30_000;
/// Peers of a peer are dialled within this time for each of them, so that one who joins meets no storm.
const JITTER_MS_PER_PEER: Millis = 5;
/// However many they are.
const JITTER_MS_MAX: Millis = 2_000;

/// SplitMix64: jitter needs no secrecy, and a simulation needs a seed.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }
}

#[derive(Debug, Default)]
struct Join {
    failures: u32,
    due: Option<Millis>,
}

/// Whom to dial.
#[derive(Debug)]
pub(super) struct Schedule {
    random: Random,
    /// Peers of peers: when to dial them.
    wanted: HashMap<NodeName, Millis>,
    joins: HashMap<NodeName, Join>,
}

impl Schedule {
    pub(super) fn new(seed: u64) -> Schedule {
        Schedule { random: Random(seed), wanted: HashMap::new(), joins: HashMap::new() }
    }

    /// One of `listed` peers of a peer.
    pub(super) fn want(&mut self, name: NodeName, listed: u64, now: Millis) {
        let jitter = self.random.below((listed * JITTER_MS_PER_PEER).min(JITTER_MS_MAX));
        self.wanted.entry(name).or_insert(now + jitter);
    }

    pub(super) fn join(&mut self, name: NodeName, now: Millis) {
        self.joins.insert(name, Join { failures: 0, due: Some(now) });
    }

    pub(super) fn connected(&mut self, name: &NodeName) {
        self.wanted.remove(name);
        if let Some(join) = self.joins.get_mut(name) {
            *join = Join::default();
        }
    }

    pub(super) fn failed(&mut self, name: &NodeName, now: Millis) {
        let Some(join) = self.joins.get_mut(name) else { return };
        join.failures += 1;
        let pause = (BACKOFF_MS_MIN << join.failures.min(20)).min(BACKOFF_MS_MAX);
        join.due = Some(now + 1 + self.random.below(pause));
    }

    pub(super) fn lost(&mut self, name: &NodeName, now: Millis) {
        if let Some(join) = self.joins.get_mut(name) {
            join.due = Some(now + 1 + self.random.below(BACKOFF_MS_MIN));
        }
    }

    /// Takes what is due, in order of names so that a seed decides everything.
    pub(super) fn due(&mut self, now: Millis) -> Vec<NodeName> {
        let mut due: Vec<NodeName> =
            self.wanted.iter().filter(|(_, at)| **at <= now).map(|(name, _)| name.clone()).collect();
        self.wanted.retain(|_, at| *at > now);
        for (name, join) in &mut self.joins {
            if join.due.is_some_and(|at| at <= now) {
                join.due = None;
                due.push(name.clone());
            }
        }
        due.sort_unstable();
        due.dedup();
        due
    }

    pub(super) fn next_due(&self) -> Option<Millis> {
        let joins = self.joins.values().filter_map(|join| join.due);
        self.wanted.values().copied().chain(joins).min()
    }
}
