//! The runtime's clocks and its source of chance.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Time since the runtime started, and the time of day.
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub fn new() -> Clock {
        Clock { start: Instant::now() }
    }

    /// Nanoseconds since the start.
    pub fn monotonic_ns(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }

    /// Milliseconds since the start: the ticks of timers.
    pub fn ticks(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }

    /// The moment of a tick.
    pub fn moment(&self, tick: u64) -> Instant {
        self.start + std::time::Duration::from_millis(tick)
    }

    /// Nanoseconds since 1970; the ends of the range, years 1677 and 2262, stand for what lies beyond.
    pub fn system_ns(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
        }
    }

    /// Milliseconds since 1970.
    pub fn system_ms(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_millis() as i64,
            Err(before) => -(before.duration().as_millis() as i64),
        }
    }
}

/// A generator of random words (xoshiro256++, D. Blackman and S. Vigna), seeded from the system.
pub(crate) struct Random {
    state: [u64; 4],
}

impl Random {
    pub fn from_system() -> Random {
        let mut bytes = [0u8; 32];
        // SAFETY: the kernel writes at most as many bytes as the buffer has.
        let got = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), 0) };
        assert_eq!(got, bytes.len() as isize, "the kernel gives 32 random bytes at once");
        let mut state = [0; 4];
        for (word, chunk) in state.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = u64::from_le_bytes(chunk.try_into().expect("eight bytes")) | 1;
        }
        Random { state }
    }

    /// The generator that begins with a number; its state is made as the authors advise, by SplitMix64.
    pub fn from_seed(seed: u64) -> Random {
        let mut x = seed;
        let state = std::array::from_fn(|_| {
            x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        });
        Random { state }
    }

    pub fn next(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }
}
