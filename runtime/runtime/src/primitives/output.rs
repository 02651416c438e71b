//! Standard output and standard error.

pub(super) mod stream;

use crate::call::{Call, Wait};
use snow_heap::Value;
use std::io::{IsTerminal, Write};
use std::sync::Arc;

impl<'p> Call<'p> {
    /// Adds to the buffer; the process waits only when it is time to write it out.
    pub(super) fn output_write(&mut self, text: Value<'p>) -> Wait<()> {
        let output = Arc::clone(&self.runtime().output);
        if !self.is_waiting() && !output.add(self.bytes_of(text)) {
            return Wait::Ready(());
        }
        self.blocking(|_| move || output.write_out())
    }

    /// Begins to keep output back, or gives what was kept back.
    pub(super) fn output_capture(&mut self, begins: i64) -> Value<'p> {
        let output = Arc::clone(&self.runtime().output);
        let kept = if begins != 0 { output.begin_capture() } else { output.end_capture() };
        self.text(&String::from_utf8_lossy(&kept))
    }

    pub(super) fn error_write(&mut self, text: Value<'p>) -> Wait<()> {
        self.blocking(|call| {
            let bytes = call.bytes_of(text).to_vec();
            // Nobody is left to tell when even this stream is closed
            move || drop(std::io::stderr().write_all(&bytes))
        })
    }

    pub(super) fn output_write_bytes(&mut self, bytes: Value<'p>) -> Wait<()> {
        self.output_write(bytes)
    }

    pub(super) fn output_flush(&mut self) -> Wait<()> {
        let output = Arc::clone(&self.runtime().output);
        self.blocking(|_| move || output.write_out())
    }

    pub(super) fn output_is_terminal(&mut self) -> bool {
        std::io::stdout().is_terminal()
    }
}
