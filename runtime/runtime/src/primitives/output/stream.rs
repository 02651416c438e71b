//! The buffered standard output of a node.
//!
//! Line-buffered on a terminal; else written when the buffer is full, when the node has nothing to do, and at its end. Processes only ever
//! add to the buffer; a thread of the pool writes it out, in order.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

/// The buffer is written out above this many bytes.
const BUFFER_BYTES: usize = 32 << 10;

/// Where the bytes go in the end.
pub type Sink = Box<dyn Write + Send>;

/// The buffer and what lies behind it.
pub struct Stream {
    waiting: Mutex<Vec<u8>>,
    /// Held while writing; taken before `waiting`, so that pieces stay in order.
    sink: Mutex<Sink>,
    by_line: bool,
}

impl Stream {
    /// Standard output.
    pub fn standard() -> Stream {
        let output = io::stdout();
        let by_line = output.is_terminal();
        Stream::new(Box::new(output), by_line)
    }

    /// A stream into `sink`.
    pub fn new(sink: Sink, by_line: bool) -> Stream {
        Stream { waiting: Mutex::default(), sink: Mutex::new(sink), by_line }
    }

    /// Adds text; tells whether it is time to write.
    #[must_use]
    pub fn add(&self, bytes: &[u8]) -> bool {
        let mut waiting = self.waiting.lock().expect("no holder panics");
        waiting.extend_from_slice(bytes);
        waiting.len() >= BUFFER_BYTES || (self.by_line && waiting.contains(&b'\n'))
    }

    /// Whether something waits to be written.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.lock().expect("no holder panics").is_empty()
    }

    /// Writes out what waits. Whoever read the output may be gone: that is no failure of the program.
    pub fn write_out(&self) {
        let mut sink = self.sink.lock().expect("no holder panics");
        let bytes = std::mem::take(&mut *self.waiting.lock().expect("no holder panics"));
        if !bytes.is_empty() {
            let written = sink.write_all(&bytes).and_then(|()| sink.flush());
            drop(written);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_are_written_at_once_on_a_terminal_only() {
        let (terminal, pipe) = (Shared::default(), Shared::default());
        let by_line = Stream::new(Box::new(terminal), true);
        let by_block = Stream::new(Box::new(pipe.clone()), false);
        assert!(!by_line.add(b"a") && by_line.add(b"b\n"));
        assert!(!by_block.add(b"a\n") && by_block.is_waiting());
        assert!(by_block.add(&vec![b'x'; BUFFER_BYTES]));
        by_block.write_out();
        assert!(!by_block.is_waiting());
        assert_eq!(pipe.0.lock().unwrap().len(), BUFFER_BYTES + 2);
    }
}
