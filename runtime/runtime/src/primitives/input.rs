//! Standard input.

use crate::call::{Call, Wait};
use snow_heap::Value;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// Longest line, in bytes.
const LINE_BYTES_MAX: u64 = 16 << 20;

impl<'p> Call<'p> {
    pub(super) fn input_line(&mut self) -> Wait<Value<'p>> {
        self.input(read_line, |call, line| match line {
            Some(line) => {
                let line = call.bytes(&line);
                call.some(line)
            }
            None => call.none(),
        })
    }

    /// Whatever has come in, at most so many bytes.
    pub(super) fn input_bytes(&mut self, bytes_max: i64) -> Wait<Value<'p>> {
        let limit = u64::try_from(bytes_max).unwrap_or(0);
        self.input(move |input| read_some(input, limit), |call, bytes| call.bytes(&bytes))
    }

    fn input<T: Send + 'static>(
        &mut self,
        read: impl FnOnce(&mut io::StdinLock<'static>) -> io::Result<T> + Send + 'static,
        value: impl FnOnce(&mut Self, T) -> Value<'p>,
    ) -> Wait<Value<'p>> {
        let output = Arc::clone(&self.runtime().output);
        let done = self.blocking(|_| {
            move || {
                // A question stands on the screen before its answer is awaited
                output.write_out();
                read(&mut io::stdin().lock())
            }
        });
        let Wait::Ready(read) = done else { return Wait::Suspend };
        Wait::Ready(match read {
            Ok(given) => {
                let given = value(self, given);
                self.ok(given)
            }
            Err(error) => {
                let text = self.text(&format!("standard input cannot be read: {error}"));
                self.err(text)
            }
        })
    }
}

/// A line without its end; `None` at the end of the input.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = input.take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.ends_with(b"\n") {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    } else if read as u64 == LINE_BYTES_MAX {
        return Err(io::Error::other(format!("a line is longer than {LINE_BYTES_MAX} bytes")));
    }
    Ok(Some(line))
}

/// At least one byte unless it is the end, at most so many.
fn read_some(input: &mut impl BufRead, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if limit > 0 {
        let there = input.fill_buf()?.len() as u64;
        input.take(there.min(limit)).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_without_their_ends() {
        let mut input = &b"one\r\n\ntwo\xff\nlast"[..];
        for wanted in [&b"one"[..], b"", b"two\xff", b"last"] {
            assert_eq!(read_line(&mut input).unwrap().as_deref(), Some(wanted));
        }
        assert_eq!(read_line(&mut input).unwrap(), None);
    }

    #[test]
    fn bytes_come_in_pieces() {
        let mut input = &b"abcdef"[..];
        assert_eq!(read_some(&mut input, 4).unwrap(), b"abcd");
        assert_eq!(read_some(&mut input, 4).unwrap(), b"ef");
        assert_eq!(read_some(&mut input, 4).unwrap(), b"");
        assert_eq!(read_some(&mut &b"x"[..], 0).unwrap(), b"");
    }
}
