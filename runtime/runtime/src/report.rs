//! Crash reports and the runtime's own log lines.

use crate::load::Image;
use crate::process::Process;
use crate::stack::{self, Position};
use snow_process::ExitReason;
use std::fmt::Write;
use std::sync::atomic::Ordering;

/// How important a log line is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Every detail.
    Trace,
    /// For developers.
    Debug,
    /// For operators.
    Info,
    /// Something is wrong but goes on.
    Warn,
    /// Something has failed.
    Error,
}

impl Level {
    /// The level of a number that std passes: 0 trace to 4 error.
    pub fn from_number(number: i64) -> Level {
        [Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error][number.clamp(0, 4) as usize]
    }

    /// As it stands in a line.
    pub fn name(self) -> &'static str {
        ["trace", "debug", "info", "warn", "error"][self as usize]
    }
}

/// Where log lines go.
pub type LogSink = Box<dyn Fn(Level, &str) + Send + Sync>;

/// The sink that writes to the standard error stream.
pub fn stderr_sink() -> LogSink {
    Box::new(|level, text| eprintln!("[{}] {text}", level.name()))
}

/// Frames that a stack trace shows at most at either end.
const TRACE_FRAMES_MAX: usize = 24;

/// The Snow stack trace from `position` on, one `function (file:line)` per frame.
///
/// # Safety
/// The process is stopped at `position`.
pub(crate) unsafe fn trace(image: &Image, mut position: Position) -> Vec<String> {
    let (mut first, mut last, mut left_out) = (Vec::new(), std::collections::VecDeque::new(), 0usize);
    while let Some(offset) = image.code_offset(position.pc) {
        if let Some(line) = frame(image, offset - 1) {
            if first.len() < TRACE_FRAMES_MAX {
                first.push(line);
            } else {
                last.push_back(line);
                if last.len() > TRACE_FRAMES_MAX {
                    last.pop_front();
                    left_out += 1;
                }
            }
        }
        if position.fp == 0 {
            break;
        }
        // SAFETY: by contract.
        position = unsafe { stack::caller(position) };
    }
    if left_out > 0 {
        first.push(format!("… {left_out} more"));
    }
    first.extend(last);
    first
}

fn frame(image: &Image, offset: u32) -> Option<String> {
    let function = image.function(offset).filter(|function| !function.hidden)?;
    Some(match image.location(offset) {
        Some((file, line)) => format!("{} ({file}:{line})", function.name),
        None => function.name.clone(),
    })
}

/// Logs the end of a process that crashed.
pub(crate) fn crash(process: &Process, reason: &ExitReason) {
    let runtime = process.runtime();
    let image = &runtime.image;
    let mut text = format!("process <{}>", process.pid());
    if let Some(name) = runtime.registry.name_of(process.pid()) {
        let _infallible = write!(text, " \"{name}\"");
    }
    let entry = image.function(process.start_code).map_or("main", |function| &function.name);
    let message = match reason {
        ExitReason::Crash(message) => message.to_string(),
        other => other.to_string(),
    };
    let _infallible = write!(text, " crashed: {message}\n  started as {entry}");
    for line in process.extra.iter().flat_map(|extra| &extra.trace) {
        let _infallible = write!(text, "\n  at {line}");
    }
    let _infallible = write!(text, "\n  mailbox: {} waiting", process.mailbox.len());
    if let Some(relations) = &process.relations
        && relations.link_count() > 0
    {
        let links: Vec<String> = relations.links().map(|pid| format!("<{pid}>")).collect();
        let _infallible = write!(text, "\n  linked to {}", links.join(" "));
    }
    runtime.counters.crashes.fetch_add(1, Ordering::Relaxed);
    runtime.log(Level::Error, &text);
}
