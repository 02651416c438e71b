//! Runs Snow processes: threads, stacks, time, mailboxes, and the functions that compiled code calls.
//!
//! [`Runtime::start`] loads a program and starts its `main`; [`Runtime::wait`] waits for its end. A process is a control block in
//! a table ([`process`]), a small stack of compiled frames ([`stack`]), a heap of its own, and an inbox that many may push into
//! ([`inbox`]). Compiled code reaches Rust through [`trampolines`] and the table in [`entries`].

mod call;
mod clock;
mod crashes;
mod ending;
mod entries;
mod fits;
pub mod global;
mod inbox;
mod load;
mod log;
mod mail;
mod mailbox;
mod memory;
mod pool;
mod primitives;
mod process;
mod reasons;
mod registry;
mod report;
mod roots;
pub mod router;
mod runtime;
mod scheduler;
mod shutdown;
pub mod signals;
mod spawn;
mod stack;
mod stock;
mod sync;
mod table;
mod temporaries;
mod timers;
mod trampolines;

pub use crashes::Crash;
pub use load::LoadError;
pub use report::{Level, LogSink, stderr_sink};
pub use runtime::{Config, Mode, Runtime, STATUS_MAIN_CRASHED, Stress};
