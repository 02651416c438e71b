//! Arguments, environment, the process of the operating system.

use crate::call::{Call, Crash, Never};
use snow_heap::Value;

impl<'p> Call<'p> {
    pub(super) fn env_get(&mut self, name: Value<'p>) -> Value<'p> {
        match std::env::var(self.text_of(name)) {
            Ok(text) => {
                let text = self.text(&text);
                self.some(text)
            }
            Err(_) => self.none(),
        }
    }

    pub(super) fn env_args(&mut self) -> Value<'p> {
        let arguments = &self.runtime().config.arguments;
        self.text_list(arguments.iter())
    }

    pub(super) fn os_pid(&mut self) -> i64 {
        i64::from(std::process::id())
    }

    /// The whole program ends with a status of one byte; the calling process does nothing more.
    pub(super) fn os_exit(&mut self, status: i64) -> Result<Never, Crash> {
        self.runtime().stop((status & 0xFF) as i32);
        Err(self.end())
    }
}
