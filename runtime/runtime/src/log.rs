//! Log lines: which are written, how they look, and on what way they leave.
//!
//! Whoever logs only puts a line into a queue; a thread of the pool writes it out. A full queue drops lines up to `info` and counts them; warnings
//! and errors have room of their own.

mod levels;
mod line;

pub(crate) use levels::Levels;
pub(crate) use line::{Field, Line};

use crate::report::{Level, LogSink};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, RwLock};

/// Most lines that wait to be written: of the lesser levels, and of warnings and errors.
const LINES_MAX: usize = 8_192;

/// The log of a node.
pub(crate) struct Log {
    levels: RwLock<Levels>,
    is_json: AtomicBool,
    queue: Mutex<Queue>,
    /// Held while writing; taken before the queue, so that lines stay in order.
    sink: Mutex<LogSink>,
}

#[derive(Default)]
struct Queue {
    lines: VecDeque<(Level, String)>,
    /// How many of them are above `info`.
    grave: usize,
    dropped: u64,
    /// Whether a thread is on its way to write.
    is_awaited: bool,
}

impl Log {
    pub fn new(sink: LogSink, levels: Levels, is_json: bool) -> Log {
        Log {
            levels: RwLock::new(levels),
            is_json: AtomicBool::new(is_json),
            queue: Mutex::default(),
            sink: Mutex::new(sink),
        }
    }

    /// Whether lines of a level from a module are written.
    pub fn is_on(&self, level: Level, module: &str) -> bool {
        self.levels.read().expect("no holder panics").is_on(level, module)
    }

    /// Changes from which level on lines are written: of all modules without a rule of their own, or of one and what lies under it.
    pub fn set_level(&self, number: i64, module: &str) {
        self.levels.write().expect("no holder panics").set(number, module);
    }

    pub fn set_json(&self, is_json: bool) {
        self.is_json.store(is_json, Ordering::Relaxed);
    }

    /// Writes what waits to the old sink, then goes on with another.
    pub fn set_sink(&self, sink: LogSink) {
        self.write_out();
        *self.sink.lock().expect("no holder panics") = sink;
    }

    /// Puts a line into the queue; tells whether a thread has to be sent to write it.
    #[must_use]
    pub fn add(&self, line: &Line) -> bool {
        let text = if self.is_json.load(Ordering::Relaxed) { line.to_json() } else { line.to_text() };
        let mut queue = self.queue.lock().expect("no holder panics");
        let is_grave = line.level > Level::Info;
        let waiting = if is_grave { queue.grave } else { queue.lines.len() - queue.grave };
        if waiting >= LINES_MAX {
            queue.dropped += 1;
            return false;
        }
        queue.grave += usize::from(is_grave);
        queue.lines.push_back((line.level, text));
        !std::mem::replace(&mut queue.is_awaited, true)
    }

    /// Writes out what waits.
    pub fn write_out(&self) {
        let sink = self.sink.lock().expect("no holder panics");
        let mut queue = std::mem::take(&mut *self.queue.lock().expect("no holder panics"));
        for (level, text) in queue.lines.drain(..) {
            sink(level, &text);
        }
        if queue.dropped > 0 {
            let text =
                format!("{} log lines were dropped: there were more than could be written", queue.dropped);
            sink(Level::Warn, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn log_into(lines: &Arc<Mutex<Vec<String>>>) -> Log {
        let lines = Arc::clone(lines);
        let sink: LogSink = Box::new(move |_, text| lines.lock().unwrap().push(text.to_owned()));
        Log::new(sink, Levels::default(), false)
    }

    fn line(level: Level) -> Line {
        Line { level, text: "x".to_owned(), ..Line::default() }
    }

    #[test]
    fn a_full_queue_drops_the_lesser_lines_and_says_so() {
        let lines = Arc::default();
        let log = log_into(&lines);
        assert!(log.add(&line(Level::Info)));
        for _ in 0..LINES_MAX + 1 {
            assert!(!log.add(&line(Level::Info)));
        }
        assert!(!log.add(&line(Level::Error)));
        log.write_out();
        let written = lines.lock().unwrap();
        assert_eq!(written.len(), LINES_MAX + 2);
        assert!(written[LINES_MAX].contains("ERROR"));
        assert!(written[LINES_MAX + 1].starts_with("2 log lines were dropped"));
    }

    #[test]
    fn a_written_queue_is_awaited_anew() {
        let lines = Arc::default();
        let log = log_into(&lines);
        assert!(log.add(&line(Level::Info)));
        log.write_out();
        assert!(log.add(&line(Level::Info)));
    }
}
