//! Names and groups over nodes that are operating-system processes.

use crate::launched::{Ended, Launched};
use rustix::process::Signal;
use std::path::{Path, PathBuf};

fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/programs").join(name)
}

fn check(ended: &Ended, lines: &[&str]) {
    assert!(ended.status.success(), "{}", ended.lines.join("\n"));
    let said: Vec<&str> = ended.lines.iter().filter_map(|line| line.strip_prefix("n0 | ")).collect();
    for line in lines {
        assert!(said.contains(line), "nobody says {line:?}:\n{}", ended.lines.join("\n"));
    }
}

#[test]
fn names_and_groups_span_nodes_and_end_with_them() {
    let mut cluster = Launched::start(3, &program("names.snow"), &[]);
    cluster.wait_for("n0 | kill n1", 1);
    cluster.signal_node("n1", Signal::KILL);
    let ended = cluster.finish();
    let expected = [
        // The two others, twenty rounds: each name is had by one.
        "rounds done, names 22",
        "far 1",
        "far again 0",
        "far freed 1",
        "remote 1",
        // Each of three nodes has 300 members; all get the message once, for one copy to each other node.
        "joined 600",
        "counted 900",
        "copies 2",
        "members 900",
        "of the killed 1",
        // All that the killed node had is gone when it is known to be down.
        "left 300",
        "whereis false main false",
        "free 1",
        "members 600",
    ];
    check(&ended, &expected);
    assert!(!ended.lines.iter().any(|line| line.contains(" have it")), "{}", ended.lines.join("\n"));
}

#[test]
fn who_joins_sees_all_names_before_the_node_is_up() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let ended = Launched::start(3, &program("joiner.snow"), &[place.path()]).finish();
    assert!(ended.status.success(), "{}", ended.lines.join("\n"));
    ended.says("n2 | at nodeup [of n0, of n1]");
}
