//! Standard streams and log lines.

pub(super) mod stream;

use crate::call::{Call, Wait};
use crate::report::Level;
use snow_heap::Value;
use std::io::{BufRead, Read, Write};
use std::sync::Arc;

/// Longest line of input, in bytes.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// Why there is no line, as the row gives it.
enum NoLine {
    End = 0,
    NotUtf8 = 1,
    Other = 2,
}

impl<'p> Call<'p> {
    /// Adds to the buffer; the process waits only when it is time to write it out.
    pub(super) fn output_write(&mut self, text: Value<'p>) -> Wait<()> {
        let output = Arc::clone(&self.runtime().output);
        if !self.is_waiting() && !output.add(self.bytes_of(text)) {
            return Wait::Ready(());
        }
        self.blocking(|_| move || output.write_out())
    }

    pub(super) fn error_write(&mut self, text: Value<'p>) -> Wait<()> {
        self.blocking(|call| {
            let bytes = call.bytes_of(text).to_vec();
            // Nobody is left to tell when even this stream is closed
            move || drop(std::io::stderr().write_all(&bytes))
        })
    }

    pub(super) fn input_line(&mut self) -> Wait<Value<'p>> {
        let output = Arc::clone(&self.runtime().output);
        let done = self.blocking(|_| {
            move || {
                // A question stands on the screen before its answer is awaited
                output.write_out();
                read_line(&mut std::io::stdin().lock())
            }
        });
        let Wait::Ready(line) = done else { return Wait::Suspend };
        Wait::Ready(match line {
            Ok(line) => {
                let line = self.text(&line);
                self.ok(line)
            }
            Err(reason) => {
                let reason = self.int(reason as i64);
                self.err(reason)
            }
        })
    }

    pub(super) fn log_write(&mut self, level: i64, text: Value<'p>) {
        self.runtime().log(Level::from_number(level), self.text_of(text));
    }
}

/// A line without its end.
fn read_line(input: &mut impl BufRead) -> Result<String, NoLine> {
    let mut line = Vec::new();
    let read = input.take(LINE_BYTES_MAX).read_until(b'\n', &mut line).map_err(|_| NoLine::Other)?;
    if read == 0 {
        return Err(NoLine::End);
    }
    if line.ends_with(b"\n") {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    } else if read as u64 == LINE_BYTES_MAX {
        return Err(NoLine::Other);
    }
    String::from_utf8(line).map_err(|_| NoLine::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_without_their_ends() {
        let mut input = &b"one\r\n\ntwo\xff\nlast"[..];
        assert_eq!(read_line(&mut input).ok().as_deref(), Some("one"));
        assert_eq!(read_line(&mut input).ok().as_deref(), Some(""));
        assert!(matches!(read_line(&mut input), Err(NoLine::NotUtf8)));
        assert_eq!(read_line(&mut input).ok().as_deref(), Some("last"));
        assert!(matches!(read_line(&mut input), Err(NoLine::End)));
    }
}
