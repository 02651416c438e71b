//! What every executable links: the runtime with the cluster plugged in.
//!
//! [`attached`] finds a program behind the running executable, [`write_executable`] puts one there, [`run`] runs one, [`run_test`] a test of one.
#![forbid(unsafe_code)]

mod attach;
mod options;
mod run;

pub use attach::{AttachError, attached, write_executable};
pub use options::{LogLevel, OptionError, Options};
pub use run::{Termination, TestEnd, run, run_test};
pub use snow_runtime::Crash;
