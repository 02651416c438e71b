//! Clocks and chance.

use crate::call::{Call, Crash};
use crate::clock::Random;
use snow_heap::Value;

impl<'p> Call<'p> {
    pub(super) fn clock_monotonic_ns(&mut self) -> i64 {
        self.runtime().clock.monotonic_ns() as i64
    }

    pub(super) fn clock_system_ms(&mut self) -> i64 {
        self.runtime().clock.system_ms()
    }

    pub(super) fn clock_system_ns(&mut self) -> i64 {
        self.runtime().clock.system_ns()
    }

    pub(super) fn random_int(&mut self) -> i64 {
        self.generator().next() as i64
    }

    /// A generator that starts with a number belongs to the process; the others draw from that of their scheduler.
    pub(super) fn random_seed(&mut self, seed: i64) {
        self.process().extra().random = Some(Random::from_seed(seed as u64));
    }

    pub(super) fn random_bytes(&mut self, count: i64) -> Result<Value<'p>, Crash> {
        let Some(count) = usize::try_from(count).ok().filter(|&count| count <= super::text::TEXT_BYTES_MAX)
        else {
            return Err(self.crash(&format!("Random.bytes: there cannot be {count} bytes")));
        };
        let mut bytes = vec![0; count];
        let generator = self.generator();
        for piece in bytes.chunks_mut(8) {
            piece.copy_from_slice(&generator.next().to_le_bytes()[..piece.len()]);
        }
        Ok(self.bytes(&bytes))
    }

    fn generator(&mut self) -> &mut Random {
        if self.process().extra.as_ref().is_some_and(|extra| extra.random.is_some()) {
            return self.process().extra().random.as_mut().expect("it is there");
        }
        &mut self.worker().random
    }
}
