//! Scheduler threads: each runs processes from its own queue, steals when that is empty, and sleeps when there is nothing.

pub(crate) mod idle;
pub(crate) mod monitor;
pub(crate) mod worker;
