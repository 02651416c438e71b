//! What the nodes print, line by line, each with its node in front.

use std::io::{BufRead, BufReader, Read, Write};
use std::thread::JoinHandle;

/// Bytes after which a line is shown although it goes on.
const LINE_BYTES_MAX: u64 = 1 << 20;

/// Copies the lines of a pipe to `out`, with the node's number in front, until it ends.
pub(super) fn print_lines<W: Write + 'static>(
    index: usize,
    pipe: impl Read + Send + 'static,
    out: fn() -> W,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        loop {
            let mut line = format!("n{index} | ").into_bytes();
            let start = line.len();
            let read = pipe.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line);
            if read.is_err() || line.len() == start {
                return;
            }
            if !line.ends_with(b"\n") {
                line.push(b'\n');
            }
            // A node whose output nobody wants is told so: its pipe is closed.
            if out().write_all(&line).is_err() {
                return;
            }
        }
    })
}

/// Waits until everything is shown.
pub(super) fn finish(printers: Vec<JoinHandle<()>>) {
    for printer in printers {
        if printer.join().is_err() {
            eprintln!("snow: the output of a node could not be shown");
        }
    }
}
