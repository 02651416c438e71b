//! Crash reports and the runtime's own log lines.

mod shown;

use crate::crashes::Crash;
use crate::load::Image;
use crate::log::Line;
use crate::process::{Process, flag};
use crate::runtime::Mode;
use crate::stack::{self, Position};
use snow_heap::Value;
use snow_process::ExitReason;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::Ordering;

/// How important a log line is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Level {
    /// Every detail.
    Trace,
    /// For developers.
    Debug,
    /// For operators.
    #[default]
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

/// Where log lines go, when they are ready to be written.
pub type LogSink = Box<dyn Fn(Level, &str) + Send + Sync>;

/// The sink that writes to the standard error stream.
pub fn stderr_sink() -> LogSink {
    Box::new(|_, text| {
        // Nobody is left to tell when even this stream is closed
        let written = writeln!(std::io::stderr(), "{text}");
        drop(written);
    })
}

/// Frames that a stack trace shows at most at either end.
const TRACE_FRAMES_MAX: usize = 24;
/// Links that a crash report names.
const LINKS_SHOWN_MAX: usize = 8;
/// Outermost frames that are looked at for those to show; hidden ones may lie between.
const OUTERMOST_KEPT: usize = 4 * TRACE_FRAMES_MAX;

/// The Snow stack trace from `position` on, one `function (file:line)` per frame. Of a deep stack only both ends are looked up: the frames
/// between, which may be many millions, are counted.
///
/// # Safety
/// The process is stopped at `position`.
pub(crate) unsafe fn trace(image: &Image, position: Position) -> Vec<String> {
    let mut shown = Vec::new();
    let mut walk = image.code_offset(position.pc).map(|_| position);
    while let Some(at) = walk
        && shown.len() < TRACE_FRAMES_MAX
    {
        shown.extend(frame(image, at));
        // SAFETY: by contract.
        walk = unsafe { caller(image, at) };
    }
    let mut outermost = [position; OUTERMOST_KEPT];
    let mut walked = 0;
    while let Some(at) = walk {
        outermost[walked % OUTERMOST_KEPT] = at;
        walked += 1;
        // SAFETY: by contract.
        walk = unsafe { caller(image, at) };
    }
    let kept = walked.min(OUTERMOST_KEPT);
    let in_order = (walked - kept..walked).map(|index| outermost[index % OUTERMOST_KEPT]);
    let last: Vec<String> = in_order.filter_map(|at| frame(image, at)).collect();
    let before_last = last.len().saturating_sub(TRACE_FRAMES_MAX);
    let left_out = walked - kept + before_last;
    if left_out > 0 {
        shown.push(format!("… {left_out} more"));
    }
    shown.extend(last.into_iter().skip(before_last));
    shown
}

/// The caller's position as long as that is compiled code.
///
/// # Safety
/// `position` is one of compiled code.
unsafe fn caller(image: &Image, position: Position) -> Option<Position> {
    if position.fp == 0 {
        return None;
    }
    // SAFETY: by contract.
    let caller = unsafe { stack::caller(position) };
    image.code_offset(caller.pc).map(|_| caller)
}

/// What a trace says of a frame; nothing of a hidden one.
fn frame(image: &Image, position: Position) -> Option<String> {
    let offset = image.code_offset(position.pc)?.checked_sub(1)?;
    let function = image.function(offset).filter(|function| !function.hidden)?;
    Some(match image.location(offset) {
        Some((file, line)) => format!("{} ({file}:{line})", function.name),
        None => function.name.clone(),
    })
}

/// The message that the process received last, unless it has been collected since.
fn last_message(process: &Process) -> Option<String> {
    if process.flags & flag::HAS_MESSAGE == 0 {
        return None;
    }
    let runtime = process.runtime();
    let ty = runtime.image.mailbox_of_code(process.start_code)?;
    let class = runtime.image.program.descriptors.get(ty.0 as usize)?.class();
    // SAFETY: the flag says that the word is a value of the mailbox type, which nothing has moved.
    let value = unsafe { Value::new(process.last_message, class, &runtime.image.layouts) };
    Some(shown::shown(runtime, value, ty))
}

/// Logs the end of a process that crashed; a test keeps it.
pub(crate) fn crash(process: &Process, reason: &ExitReason) {
    let runtime = process.runtime();
    let message = match reason {
        ExitReason::Crash(message) => message.to_string(),
        other => other.to_string(),
    };
    runtime.counters.crashes.fetch_add(1, Ordering::Relaxed);
    if runtime.config.mode == Mode::Program {
        return log_crash(process, &message);
    }
    let pid = process.pid();
    let crash = Crash {
        process: format!("<{pid}>"),
        is_main: runtime.main.load(Ordering::Relaxed) == pid.0,
        message,
        trace: process.extra.iter().flat_map(|extra| extra.trace.clone()).collect(),
    };
    runtime.crashes.record(pid, crash);
}

fn log_crash(process: &Process, message: &str) {
    let runtime = process.runtime();
    let image = &runtime.image;
    let mut text = format!("process <{}>", process.pid());
    if let Some(name) = runtime.registry.name_of(process.pid()) {
        let _infallible = write!(text, " \"{name}\"");
    }
    let entry = image.function(process.start_code).map_or("main", |function| &function.name);
    let _infallible = write!(text, " crashed: {message}\n  started as {entry}");
    for line in process.extra.iter().flat_map(|extra| &extra.trace) {
        let _infallible = write!(text, "\n  at {line}");
    }
    if let Some(message) = last_message(process) {
        let _infallible = write!(text, "\n  last message: {message}");
    }
    let _infallible = write!(text, "\n  mailbox: {} waiting", process.mailbox.len());
    if let Some(relations) = &process.relations
        && relations.link_count() > 0
    {
        let links: Vec<String> =
            relations.links().take(LINKS_SHOWN_MAX).map(|pid| format!("<{pid}>")).collect();
        let _infallible = write!(text, "\n  linked to {}", links.join(" "));
        let others = relations.link_count() - links.len();
        if others > 0 {
            let _infallible = write!(text, " and {others} more");
        }
    }
    let (process, fields) = (format!("<{}>", process.pid()), crate::primitives::inherited(process));
    let fields = fields.map_or_else(Vec::new, |fields| fields.to_vec());
    runtime.log_line(Line { level: Level::Error, process, text, fields, ..Line::default() });
}
