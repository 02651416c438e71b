//! Hundreds of runs, each decided by its seed. A failure names the seed; `SNOW_SEED=n` runs that one alone,
//! `SNOW_SEEDS=n` as many as wanted.

use snow_simulator::{Faults, Plan, Summary, run};

fn seeds(default: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match (number("SNOW_SEED"), number("SNOW_SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, Some(count)) => 0..count,
        (None, None) => 0..default,
    }
}

fn run_all(default: u64, nodes: usize, faults: Faults) -> Summary {
    let mut all = Summary::default();
    for seed in seeds(default) {
        let summary = run(Plan { seed, nodes, processes: 4, busy_ms: 3_500, faults });
        all.sent += summary.sent;
        all.received += summary.received;
        all.downs += summary.downs;
        all.links += summary.links;
        all.names += summary.names;
        all.conflicts += summary.conflicts;
    }
    all
}

#[test]
fn a_calm_network_loses_nothing() {
    let all = run_all(24, 4, Faults::NONE);
    assert_eq!(all.sent, all.received);
    assert!(all.sent > 0);
}

#[test]
fn processes_end_and_everyone_hears_of_it() {
    let all = run_all(50, 3, Faults { ends: true, ..Faults::NONE });
    assert!(all.downs > 0);
}

#[test]
fn connections_are_cut() {
    run_all(60, 3, Faults { ends: true, cuts: true, ..Faults::NONE });
}

#[test]
fn networks_part_and_heal() {
    run_all(50, 4, Faults { partitions: true, ends: true, ..Faults::NONE });
}

#[test]
fn everything_goes_wrong() {
    let all = run_all(120, 4, Faults::ALL);
    assert!(all.received > 0 && all.downs > 0);
}

#[test]
fn names_are_had_once_by_those_who_are_connected() {
    let all = run_all(30, 5, Faults { cuts: false, ..Faults::ALL });
    assert!(all.names > 0 && all.conflicts > 0, "{all:?}");
}

#[test]
fn a_seed_decides_everything() {
    let plan = Plan { seed: 7, nodes: 4, processes: 4, busy_ms: 4_000, faults: Faults::ALL };
    assert_eq!(run(plan), run(plan));
}
