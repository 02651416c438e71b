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

/// What was added and not written yet.
#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// What is kept back instead, one for each capture that has not ended.
    captures: Vec<Vec<u8>>,
}

/// The buffer and what lies behind it.
pub struct Stream {
    waiting: Mutex<Waiting>,
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
        if let Some(kept) = waiting.captures.last_mut() {
            kept.extend_from_slice(bytes);
            return false;
        }
        let waiting = &mut waiting.bytes;
        waiting.extend_from_slice(bytes);
        waiting.len() >= BUFFER_BYTES || (self.by_line && waiting.contains(&b'\n'))
    }

    /// Keeps back all that is added until [`Stream::end_capture`].
    pub fn begin_capture(&self) -> Vec<u8> {
        self.waiting.lock().expect("no holder panics").captures.push(Vec::new());
        Vec::new()
    }

    /// What was kept back since the latest beginning; nothing without one.
    pub fn end_capture(&self) -> Vec<u8> {
        self.waiting.lock().expect("no holder panics").captures.pop().unwrap_or_default()
    }

    /// Whether something waits to be written.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.lock().expect("no holder panics").bytes.is_empty()
    }

    /// Writes out what waits. Whoever read the output may be gone: that is no failure of the program.
    pub fn write_out(&self) {
        let mut sink = self.sink.lock().expect("no holder panics");
        let bytes = std::mem::take(&mut self.waiting.lock().expect("no holder panics").bytes);
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

    #[test]
    fn captures_nest_and_keep_back() {
        let stream = Stream::new(Box::new(Shared::default()), true);
        stream.begin_capture();
        assert!(!stream.add(b"outer\n"));
        stream.begin_capture();
        assert!(!stream.add(b"inner\n"));
        assert_eq!(stream.end_capture(), b"inner\n");
        assert!(!stream.add(b"more\n") && !stream.is_waiting());
        assert_eq!(stream.end_capture(), b"outer\nmore\n");
        assert!(stream.add(b"shown\n"));
    }
}
