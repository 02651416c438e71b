//! What a process is to others, and what signals do to it.
//!
//! Pure: no threads, no clock, no memory tricks. [`Signal`] is the closed list of what one process can do to another; [`Relations`]
//! holds a process's links and monitors and turns each signal into an [`Effect`] and further signals. The same rules serve local, remote and
//! simulated processes.
#![forbid(unsafe_code)]

mod exit;
mod pid;
mod relations;
mod signal;
pub mod supervision;

pub use exit::ExitReason;
pub use pid::{MonitorRef, NodeIndex, Pid};
pub use relations::{Effect, Outbox, Relations, answer_for_dead};
pub use signal::{Notice, Signal};

#[cfg(test)]
mod tests;
