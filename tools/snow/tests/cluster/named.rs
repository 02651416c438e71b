//! Messages to processes by their names: here, on another node, and on none.

use crate::launched::Launched;
use std::path::Path;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/programs/named.snow");

#[test]
fn pids_in_messages_to_names_take_what_they_took() {
    let ended = Launched::start(2, Path::new(PROGRAM), &[]).finish();
    assert!(ended.status.success(), "{}", ended.lines.join("\n"));
    for number in 1..=4 {
        ended.says(&format!("n0 | done {number}"));
    }
    ended.says("n0 | n0@127.0.0.1: %{bad_node => 1}");
    ended.says("n0 | nobody@127.0.0.1: %{not_connected => 1}");
}
