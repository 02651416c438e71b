//! Clocks and chance.

use crate::call::Call;

impl Call<'_> {
    pub(super) fn clock_monotonic_ns(&mut self) -> i64 {
        self.runtime().clock.monotonic_ns() as i64
    }

    pub(super) fn clock_system_ms(&mut self) -> i64 {
        self.runtime().clock.system_ms()
    }

    pub(super) fn random_int(&mut self) -> i64 {
        self.worker().random.next() as i64
    }
}
