//! A hierarchical timing wheel (G. Varghese and T. Lauck): set and cancel in constant time.
//!
//! Six levels of 64 slots. An entry lies on the level of the highest base-64 digit in which its deadline differs from `now`, in the slot of
//! that digit; when `now` reaches the slot, its entries move down or are due. Pure: ticks come from the caller.

const LEVELS: usize = 6;
const SLOTS: usize = 64;
const DIGIT_BITS: u32 = 6;
/// Largest distance of a deadline: 2^36 ms, two years.
const DISTANCE_MAX: u64 = (1 << (DIGIT_BITS * LEVELS as u32)) - 1;
const NONE: u32 = u32::MAX;

/// Names an entry; stale once that has fired or was cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Key {
    pub index: u32,
    pub generation: u32,
}

struct Entry<T> {
    next: u32,
    previous: u32,
    /// Level × 64 + slot.
    bucket: u16,
    generation: u32,
    deadline: u64,
    value: Option<T>,
}

/// Entries with deadlines.
pub(crate) struct Wheel<T> {
    now: u64,
    heads: [u32; LEVELS * SLOTS],
    occupied: [u64; LEVELS],
    entries: Vec<Entry<T>>,
    free: u32,
}

impl<T> Wheel<T> {
    pub fn new() -> Wheel<T> {
        Wheel {
            now: 0,
            heads: [NONE; LEVELS * SLOTS],
            occupied: [0; LEVELS],
            entries: Vec::new(),
            free: NONE,
        }
    }

    /// Adds an entry. One that is due already fires with the next tick.
    pub fn insert(&mut self, deadline: u64, value: T) -> Key {
        let deadline = deadline.clamp(self.now + 1, self.now + DISTANCE_MAX);
        let index = self.free;
        let index = if index == NONE {
            self.entries.push(Entry {
                next: NONE,
                previous: NONE,
                bucket: 0,
                generation: 0,
                deadline,
                value: None,
            });
            self.entries.len() as u32 - 1
        } else {
            self.free = self.entries[index as usize].next;
            index
        };
        let entry = &mut self.entries[index as usize];
        (entry.deadline, entry.value) = (deadline, Some(value));
        let key = Key { index, generation: entry.generation };
        self.put(index);
        key
    }

    /// Removes an entry that has not fired.
    pub fn cancel(&mut self, key: Key) -> Option<T> {
        let entry = self.entries.get(key.index as usize)?;
        if entry.generation != key.generation || entry.value.is_none() {
            return None;
        }
        self.unlink(key.index);
        self.discard(key.index)
    }

    /// When an entry is due that has not fired.
    pub fn deadline(&self, key: Key) -> Option<u64> {
        let entry = self.entries.get(key.index as usize)?;
        (entry.generation == key.generation && entry.value.is_some()).then_some(entry.deadline)
    }

    /// The tick at which something may be due; `None` without entries.
    pub fn next_tick(&self) -> Option<u64> {
        self.next_bucket().map(|(_, tick)| tick)
    }

    /// Goes on to `tick` and gives everything that is due then.
    pub fn advance(&mut self, tick: u64, fired: &mut Vec<T>) {
        while let Some((bucket, at)) = self.next_bucket().filter(|(_, at)| *at <= tick) {
            self.now = at;
            self.occupied[bucket / SLOTS] &= !(1 << (bucket % SLOTS));
            let mut index = std::mem::replace(&mut self.heads[bucket], NONE);
            while index != NONE {
                let next = self.entries[index as usize].next;
                if self.entries[index as usize].deadline <= at {
                    fired.extend(self.discard(index));
                } else {
                    self.put(index);
                }
                index = next;
            }
        }
        self.now = self.now.max(tick);
    }

    /// The occupied bucket that `now` reaches first, and when.
    fn next_bucket(&self) -> Option<(usize, u64)> {
        (0..LEVELS).find_map(|level| {
            let occupied = self.occupied[level];
            if occupied == 0 {
                return None;
            }
            let shift = DIGIT_BITS * level as u32;
            let digit = (self.now >> shift) as u32 % SLOTS as u32;
            let slot = (digit + occupied.rotate_right(digit).trailing_zeros()) % SLOTS as u32;
            let turn = 1u64 << (shift + DIGIT_BITS);
            let tick = (self.now & !(turn - 1)) + ((slot as u64) << shift);
            let tick = if tick < self.now { tick + turn } else { tick };
            Some((level * SLOTS + slot as usize, tick))
        })
    }

    fn put(&mut self, index: u32) {
        let deadline = self.entries[index as usize].deadline;
        let differing = (deadline ^ self.now) | 1;
        let level = ((63 - differing.leading_zeros()) / DIGIT_BITS).min(LEVELS as u32 - 1);
        let slot = (deadline >> (level * DIGIT_BITS)) as usize % SLOTS;
        let bucket = level as usize * SLOTS + slot;
        let head = std::mem::replace(&mut self.heads[bucket], index);
        if head != NONE {
            self.entries[head as usize].previous = index;
        }
        let entry = &mut self.entries[index as usize];
        (entry.next, entry.previous, entry.bucket) = (head, NONE, bucket as u16);
        self.occupied[level as usize] |= 1 << slot;
    }

    fn unlink(&mut self, index: u32) {
        let Entry { next, previous, bucket, .. } = self.entries[index as usize];
        let bucket = bucket as usize;
        if next != NONE {
            self.entries[next as usize].previous = previous;
        }
        if previous != NONE {
            self.entries[previous as usize].next = next;
            return;
        }
        self.heads[bucket] = next;
        if next == NONE {
            self.occupied[bucket / SLOTS] &= !(1 << (bucket % SLOTS));
        }
    }

    fn discard(&mut self, index: u32) -> Option<T> {
        let free = std::mem::replace(&mut self.free, index);
        let entry = &mut self.entries[index as usize];
        entry.generation = entry.generation.wrapping_add(1);
        entry.next = free;
        entry.value.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn fires_like_a_sorted_map() {
        for seed in 1..20u64 {
            let mut state = seed;
            let mut random = |n: u64| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 33) % n
            };
            let (mut wheel, mut model, mut keys, mut now) = (Wheel::new(), BTreeMap::new(), Vec::new(), 0);
            for id in 0..3000u64 {
                match random(4) {
                    0 | 1 => {
                        let magnitude = [5, 70, 5000, 400_000, 80_000_000][random(5) as usize];
                        let distance = 1 + random(magnitude);
                        keys.push((wheel.insert(now + distance, id), now + distance, id));
                        model.insert((now + distance, id), ());
                    }
                    2 if !keys.is_empty() => {
                        let (key, deadline, id) = keys.swap_remove(random(keys.len() as u64) as usize);
                        let was_there = model.remove(&(deadline, id)).is_some();
                        assert_eq!(wheel.cancel(key).is_some(), was_there);
                    }
                    _ => {
                        let magnitude = [3, 100, 10_000, 3_000_000][random(4) as usize];
                        now += random(magnitude);
                        let mut fired = Vec::new();
                        wheel.advance(now, &mut fired);
                        fired.sort_unstable();
                        let later = model.split_off(&(now + 1, 0));
                        let mut due: Vec<_> = model.keys().map(|(_, id)| *id).collect();
                        due.sort_unstable();
                        model = later;
                        assert_eq!(fired, due, "seed {seed}");
                        assert!(wheel.next_tick().is_none_or(|tick| tick > now));
                        assert_eq!(wheel.next_tick().is_none(), model.is_empty());
                    }
                }
            }
        }
    }
}
