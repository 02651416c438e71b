//! Nodes as operating-system processes: `snow run --nodes 3 examples/wordcount` loses a node, stops and is interrupted, and nodes
//! refuse what cannot be.

mod certificates;
mod figures;
mod launched;
mod named;
mod names;
mod refusals;
mod text;

use launched::{Ended, Launched};
use rustix::process::Signal;
use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use text::Text;

const WORDCOUNT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/wordcount");
/// Words of the smallest text: enough for each node to have many chunks.
const WORDS: u64 = 60_000;
/// How often a text is made twice as long, because a node was signalled too late, before the test gives up.
const DOUBLINGS_MAX: u32 = 8;
/// What node 0 says when node 1 has counted a chunk.
const NODE_1_COUNTS: &str = "n1@127.0.0.1 has counted chunk";

fn wordcount(text: &Path) -> Launched {
    Launched::start(3, Path::new(WORDCOUNT), &[text])
}

fn text_in(place: &tempfile::TempDir, words: u64) -> (PathBuf, Text) {
    let path = place.path().join("words.txt");
    let text = Text::write(&path, words);
    (path, text)
}

#[test]
fn three_nodes_count_together() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (path, text) = text_in(&place, WORDS);
    let ended = wordcount(&path).finish();
    assert!(ended.status.success(), "{}", ended.lines.join("\n"));
    let chunks = check_counts(&ended, &text);
    assert!(chunks.iter().all(|(_, chunks)| *chunks >= 1), "every node has a part: {chunks:?}");
}

#[test]
fn counts_are_exact_when_a_node_is_killed_in_the_middle() {
    let ended = lose_node_1(Signal::KILL);
    ended.says("snow: node n1 was ended by signal 9");
}

#[test]
fn counts_are_exact_when_a_node_stops_answering() {
    lose_node_1(Signal::STOP);
}

/// Sends a signal to node 1 once it has counted two chunks, with a text so long that it has others at that moment.
fn lose_node_1(signal: Signal) -> Ended {
    let place = tempfile::tempdir().expect("a temporary directory");
    for doubling in 0..=DOUBLINGS_MAX {
        let (path, text) = text_in(&place, WORDS << doubling);
        let mut cluster = wordcount(&path);
        cluster.wait_for(NODE_1_COUNTS, 2);
        cluster.signal_node("n1", signal);
        let ended = cluster.finish();
        assert!(ended.status.success(), "{}", ended.lines.join("\n"));
        let chunks = check_counts(&ended, &text);
        if chunks_taken_back(&ended) > 0 {
            assert!(chunks.iter().any(|(node, chunks)| node == "n1@127.0.0.1" && *chunks >= 2), "{chunks:?}");
            return ended;
        }
    }
    panic!("node 1 always had counted everything before the signal reached it");
}

/// How many chunks of node 1 went to others, when it was lost.
fn chunks_taken_back(ended: &Ended) -> u64 {
    let lost =
        |line: &String| Some(line.strip_prefix("n0 | lost n1@127.0.0.1 (:noconnection), ")?.to_owned());
    let lost = ended.lines.iter().find_map(lost);
    let count = lost.as_deref().and_then(|line| line.split_once(" of its chunks go to the others"));
    count.map_or(0, |(count, _)| count.parse().expect("a number"))
}

/// Compares everything that is counted with the text; gives the chunks of each node.
fn check_counts(ended: &Ended, text: &Text) -> Vec<(String, u64)> {
    let (totals, commonest) = text.report();
    ended.says(&format!("n0 | {totals}"));
    let ranked = ended.lines.iter().skip_while(|line| !line.contains(&totals)).skip(1);
    let ranked: Vec<&str> = ranked.take(10).filter_map(|line| line.strip_prefix("n0 | ")).collect();
    assert_eq!(ranked, commonest);
    let chunks: Vec<(String, u64)> = ended.lines.iter().filter_map(|line| chunks_of(line)).collect();
    let counted: Vec<u64> = ended.lines.iter().filter_map(|line| chunk_number(line)).collect();
    let different: BTreeSet<u64> = counted.iter().copied().collect();
    assert!(different.iter().copied().eq(1..=counted.len() as u64), "each chunk counts once: {counted:?}");
    assert_eq!(chunks.iter().map(|(_, chunks)| chunks).sum::<u64>(), counted.len() as u64);
    assert_eq!(chunks.len(), 3);
    chunks
}

/// `n0 | n1@127.0.0.1 has counted 7 chunks`
fn chunks_of(line: &str) -> Option<(String, u64)> {
    let (node, rest) = line.strip_prefix("n0 | ")?.split_once(" has counted ")?;
    Some((node.to_owned(), rest.strip_suffix(" chunks")?.parse().ok()?))
}

/// `… n1@127.0.0.1 has counted chunk 7`
fn chunk_number(line: &str) -> Option<u64> {
    line.rsplit_once(" has counted chunk ")?.1.parse().ok()
}

#[test]
fn all_ends_when_the_leader_is_killed() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (path, _) = text_in(&place, WORDS * 8);
    let mut cluster = wordcount(&path);
    cluster.wait_for(NODE_1_COUNTS, 1);
    cluster.signal_node("n0", Signal::KILL);
    let ended = cluster.finish_clean();
    assert_eq!(ended.status.code(), Some(128 + 9), "{}", ended.lines.join("\n"));
    ended.says("snow: node n0 was ended by signal 9");
}

#[test]
fn an_interrupt_ends_all() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (path, _) = text_in(&place, WORDS * 8);
    let mut cluster = wordcount(&path);
    cluster.wait_for(NODE_1_COUNTS, 1);
    cluster.signal_all(Signal::INT);
    let ended = cluster.finish_clean();
    assert_eq!(ended.status.code(), Some(128 + 2), "{}", ended.lines.join("\n"));
    assert!(!ended.lines.iter().any(|line| line.contains(" words, ")), "it was ended before its result");
}

#[test]
fn a_request_to_end_ends_suspended_nodes_too() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (path, _) = text_in(&place, WORDS * 8);
    let mut cluster = wordcount(&path);
    cluster.wait_for(NODE_1_COUNTS, 1);
    cluster.signal_node("n2", Signal::STOP);
    cluster.signal_launcher(Signal::TERM);
    let ended = cluster.finish_clean();
    assert_eq!(ended.status.code(), Some(128 + 15), "{}", ended.lines.join("\n"));
}

#[test]
fn no_node_outlives_a_killed_launcher() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (path, _) = text_in(&place, WORDS * 8);
    let mut cluster = wordcount(&path);
    cluster.wait_for(NODE_1_COUNTS, 1);
    cluster.signal_launcher(Signal::KILL);
    assert_eq!(cluster.finish().status.signal(), Some(9));
}
