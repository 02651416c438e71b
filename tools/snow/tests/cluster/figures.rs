//! `Node.stats` on two nodes: what was sent, what arrived, and what could not be delivered.

use crate::launched::Launched;
use std::path::Path;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/programs/stats.snow");

#[test]
fn both_sides_count_what_passes_and_what_does_not() {
    let ended = Launched::start(2, Path::new(PROGRAM), &[]).finish();
    assert!(ended.status.success(), "{}", ended.lines.join("\n"));
    // Two messages for a name that nobody has.
    ended.says("n0 | node 1: 2 dead letters, %{no_name => 2}");
    // Ten items, the two, and the question; ten acknowledgements and the answer.
    ended.says("n0 | n1@127.0.0.1: 13 messages out, 11 in, %{}");
    ended.says("n0 | bytes: true, round trip: true");
    // The last message may count as waiting until its writer has said that it is gone.
    ended.says("n0 | waiting: little true, 0 senders");
}
