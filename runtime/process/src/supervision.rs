//! What a supervisor does when a child has ended: functions from the case to a verdict.
//!
//! The rules are those of Erlang's `supervisor`: `std/supervisor.snow` carries them out. Children are numbered in the order of their start.

use std::ops::Range;

/// Which children share a fate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strategy {
    /// Each child by itself.
    OneForOne,
    /// All of them.
    OneForAll,
    /// A child and those started after it.
    RestForOne,
}

/// When a child is started again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Restart {
    /// Whenever it ends.
    Permanent,
    /// When it ends otherwise than in order.
    Transient,
    /// Never.
    Temporary,
}

/// A child has ended by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ended {
    /// The supervisor's strategy.
    pub strategy: Strategy,
    /// The child's restart kind.
    pub restart: Restart,
    /// Whether it ended with `:normal` or `:shutdown`.
    pub is_clean: bool,
    /// Its number.
    pub index: usize,
    /// How many children there are.
    pub child_count: usize,
    /// Restarts within the period, without the one in question.
    pub restart_count: u64,
    /// How many there may be.
    pub restarts_max: u64,
}

/// What follows.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use]
pub enum Verdict {
    /// Nothing: the child stays ended.
    Leave,
    /// Those of these children that run are stopped, the last one first; then all of them are started in order, but temporary ones.
    Restart(Range<usize>),
    /// The supervisor stops all children and ends.
    GiveUp,
}

/// Decides the case.
pub fn verdict(ended: &Ended) -> Verdict {
    let is_due = match ended.restart {
        Restart::Permanent => true,
        Restart::Transient => !ended.is_clean,
        Restart::Temporary => false,
    };
    if !is_due {
        return Verdict::Leave;
    }
    if ended.restart_count >= ended.restarts_max {
        return Verdict::GiveUp;
    }
    Verdict::Restart(match ended.strategy {
        Strategy::OneForOne => ended.index..ended.index + 1,
        Strategy::OneForAll => 0..ended.child_count,
        Strategy::RestForOne => ended.index..ended.child_count,
    })
}

#[cfg(test)]
mod tests;
