//! Many nodes, one thread, one seed: the cluster's state machines over a simulated network and virtual time.
//!
//! The nodes are real ([`snow_cluster::node::Node`], [`snow_cluster::remote::Remote`], sessions, mesh); sockets, clocks and
//! processes are stand-ins. A seed decides everything: delays, faults, and what the processes do. While it runs and at its end
//! the checkers hold the run against the promises; what they find is printed with the seed, which replays it.
//!
//! ```text
//! World: events by time -> connections -> Remote -> Host's queue -> processes -> Remote -> connections -> events
//! ```
#![forbid(unsafe_code)]

mod checkers;
mod dialling;
mod faults;
mod host;
mod network;
mod processes;
mod schedule;
mod shared;
mod site;
mod world;

pub use faults::Faults;
pub use world::Summary;

use world::World;

/// What a run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Decides everything.
    pub seed: u64,
    /// Number of nodes.
    pub nodes: usize,
    /// Processes on each.
    pub processes: usize,
    /// Milliseconds during which processes act and faults happen.
    pub busy_ms: u64,
    /// What goes wrong.
    pub faults: Faults,
}

/// Runs a plan to its end and checks it.
///
/// # Panics
/// When a promise is broken; the text names the seed.
pub fn run(plan: Plan) -> Summary {
    let mut world = World::new(plan);
    world.run_busy();
    world.quieten();
    checkers::at_end(&world);
    let summary = world.summary();
    checkers::take_apart(&mut world);
    summary
}
