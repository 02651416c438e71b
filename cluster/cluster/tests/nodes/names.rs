//! Names and groups over real connections, among honest nodes and with peers that are not.

use crate::home::{Home, Seen, cookie, options};
use crate::intruder::{Intruder, hello};
use crate::pair;
use snow_cluster::frame::{Frame, GroupFrame, GroupSays, NameFrame, NameSays};
use snow_cluster::handshake::flag;
use snow_process::Pid;
use snow_runtime::global::Answer;
use snow_runtime::router::NodeOptions;
use std::sync::Arc;
use std::thread;

fn name(name: &str, number: u64, says: NameSays) -> Frame<'_> {
    Frame::Name(NameFrame { name, number, says })
}

fn group(group: &str, says: GroupSays) -> Frame<'_> {
    Frame::Group(GroupFrame { group, says })
}

/// A third node that is connected with both.
fn third(a: &Arc<Home>, b: &Arc<Home>) -> Arc<Home> {
    let c = Home::started("c");
    c.connect(&a.address()).unwrap();
    c.connect(&b.address()).unwrap();
    for (home, peers) in [(a, ["b", "c"]), (b, ["a", "c"]), (&c, ["a", "b"])] {
        home.wait_for_peers(&peers);
    }
    c
}

#[test]
fn a_name_is_known_everywhere_and_ends_with_its_process() {
    let (a, b) = pair();
    let holder = b.process(5);
    assert_eq!(b.register_global("clock", holder), Answer::Done);
    a.wait_for_names(&["clock"]);
    let known = a.pid_of(&b, holder);
    assert_eq!(a.whereis_global("clock"), Some(known));
    assert_eq!(a.register_global("clock", a.process(1)), Answer::Taken(known));
    b.end(holder);
    a.wait_for_names(&[]);
    assert_eq!(a.register_global("clock", a.process(1)), Answer::Done);
    b.wait_for_names(&["clock"]);
}

#[test]
fn a_process_of_another_node_is_registered_by_its_node() {
    let (a, b) = pair();
    let (asker, other) = (a.process(1), b.process(5));
    let pid = a.pid_of(&b, other);
    assert_eq!(a.register_other("clock", asker, pid), Answer::Done);
    b.wait_for_names(&["clock"]);
    assert_eq!(b.whereis_global("clock"), Some(Pid(other)));
    assert_eq!(a.register_other("clock", asker, pid), Answer::Taken(pid));
    assert_eq!(a.register_other("gone", asker, a.pid_of(&b, 999)), Answer::Ended);
    b.stop();
    a.wait_for_names(&[]);
    assert_eq!(a.register_other("clock", asker, pid), Answer::Lost);
}

#[test]
fn of_three_nodes_at_one_moment_one_has_the_name() {
    let (a, b) = pair();
    let c = third(&a, &b);
    for round in 0..50 {
        let name = format!("round {round}");
        let answers: Vec<Answer> = thread::scope(|scope| {
            let (homes, name) = ([&a, &b, &c], &name);
            let begun = homes.map(|home| scope.spawn(move || home.register_global(name, home.process(9))));
            begun.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let had = answers.iter().filter(|answer| **answer == Answer::Done).count();
        assert_eq!(had, 1, "{answers:?}");
        assert!(answers.iter().all(|answer| matches!(answer, Answer::Done | Answer::Taken(_))));
    }
}

#[test]
fn who_joins_knows_all_names_before_it_hears_of_a_node() {
    let (a, b) = pair();
    for number in 0..500 {
        assert_eq!(a.register_global(&format!("of a {number:03}"), a.process(1)), Answer::Done);
    }
    assert_eq!(b.register_global("of b", b.process(1)), Answer::Done);
    a.wait_until_name("of b");
    let c = Home::started("c");
    c.connect(&a.address()).unwrap();
    // No wait: the connection counts only when the table has come, with the names of those too with whom there is none yet.
    assert_eq!(c.global_names().len(), 501);
    assert!(c.whereis_global("of b").is_some());
}

#[test]
fn names_of_parts_that_meet_stay_with_the_older() {
    let (a, b) = (Home::started("a"), Home::started("b"));
    // Both nodes count their moments from one.
    assert_eq!(b.register_global("first", b.process(2)), Answer::Done);
    assert_eq!(b.register_global("clock", b.process(3)), Answer::Done);
    assert_eq!(a.register_global("clock", a.process(4)), Answer::Done);
    a.connect(&b.address()).unwrap();
    b.wait_for_peers(&["a"]);
    let winner = b.pid_of(&a, 4);
    assert_eq!(b.whereis_global("clock"), Some(winner));
    let seen = b.wait_for(3, 1);
    assert!(matches!(&seen[0], Seen::Other(text) if text.contains("GlobalConflict")), "{seen:?}");
    assert_eq!((a.whereis_global("clock"), a.seen(4)), (Some(Pid(4)), vec![]));
    assert_eq!(a.global_names(), ["clock", "first"]);
}

#[test]
fn groups_span_nodes_and_a_message_goes_to_each_once() {
    let (a, b) = pair();
    let c = third(&a, &b);
    let watcher = a.process(7);
    a.monitor_group(watcher, "workers");
    for (home, count) in [(&a, 2), (&b, 300), (&c, 1)] {
        (100..100 + count).for_each(|slot| home.join("workers", home.process(slot)));
    }
    // Of another type: it is not among those who take numbers.
    b.join("workers", b.process_of_text(999));
    [&a, &b, &c].into_iter().for_each(|home| home.wait_for_members("workers", 303));
    let before: Vec<u64> = [&b, &c].map(|home| a.messages_to(home)).into();
    let local = a.broadcast(a.process(1), "workers", 42);
    assert_eq!(local, [Pid(100), Pid(101)]);
    (100..400).for_each(|slot| assert_eq!(b.wait_for(slot, 1), [Seen::Int(42)]));
    assert_eq!(c.wait_for(100, 1), [Seen::Int(42)]);
    let after: Vec<u64> = [&b, &c].map(|home| a.messages_to(home)).into();
    assert_eq!(after, before.iter().map(|count| count + 1).collect::<Vec<_>>(), "one copy for each node");
    assert_eq!(b.seen(999), []);
    let joins = a.wait_for(watcher, 304);
    assert!(joins.iter().all(|seen| matches!(seen, Seen::Other(text) if text.contains("GroupJoin"))));
    b.stop();
    a.wait_for_members("workers", 3);
    let leaves = a.wait_for(watcher, 304 + 301).split_off(304);
    assert!(leaves.iter().all(|seen| matches!(seen, Seen::Other(text) if text.contains("GroupLeave"))));
}

#[test]
fn long_messages_to_a_group_come_in_order_with_others() {
    let (a, b) = pair();
    let member = b.process(5);
    b.join("workers", member);
    a.wait_for_members("workers", 1);
    let (sender, to) = (a.process(1), a.pid_of(&b, member));
    for number in 0..3_000 {
        match number % 2 {
            0 => a.send(sender, to, number),
            _ => drop(a.broadcast(sender, "workers", number)),
        }
    }
    let received = b.wait_for(member, 3_000);
    assert!(received.iter().enumerate().all(|(i, seen)| *seen == Seen::Int(i as i64)));
}

#[test]
fn a_hidden_node_shares_nothing() {
    let a = Home::started("a");
    let hidden = Home::new();
    hidden.start(&NodeOptions { hidden: true, ..options("h") });
    assert_eq!(a.register_global("clock", a.process(1)), Answer::Done);
    hidden.connect(&a.address()).unwrap();
    a.wait_for_peers(&["h"]);
    assert_eq!(hidden.global_names(), Vec::<String>::new());
    assert_eq!(hidden.register_global("clock", hidden.process(1)), Answer::Done);
    assert_eq!(a.global_names(), ["clock"]);
}

#[test]
fn who_never_answers_holds_nobody_up_for_ever() {
    let a = Home::started("a");
    let mut mute = Intruder::admitted(a.port(), "x", "a", cookie());
    a.wait_for_peers(&["x"]);
    let (first, second) = (a.process(1), a.process(2));
    a.begin_to_register("clock", first);
    a.begin_to_register("clock", second);
    assert!(a.give_up(first), "it was still waiting");
    assert!(!a.give_up(first), "and is no longer");
    // The peer goes: whoever still waits has its answer.
    mute.frame(&Frame::Goodbye(""));
    a.wait_for_peers(&[]);
    assert_eq!(a.wait_for_answer(second), Answer::Done);
    assert_eq!(a.whereis_global("clock"), Some(Pid(second)));
}

#[test]
fn a_peer_that_never_tells_its_names_is_none() {
    let a = Home::started("a");
    let mut silent = Intruder::unsynced(a.port(), "x", "a", cookie());
    let b = Home::started("b");
    b.connect(&a.address()).unwrap();
    a.wait_for_peers(&["b"]);
    // Anything else before its names ends the connection.
    silent.frame(&name("clock", 1, NameSays::Claim));
    assert!(silent.is_shown_out());
    a.wait_for_log("something came where the table of names belongs");
    assert_eq!(a.peers(), ["b@127.0.0.1"]);
}

/// What a peer may not say about names and groups; the schema with number 0 is that of Int.
fn misdeeds() -> Vec<(&'static str, Vec<Frame<'static>>)> {
    let record = |number, node, bits| name("clock", number, NameSays::Record(node, bits, 0));
    let pids = vec![1 << 48];
    let claims = (0..70_000).map(|number| name("clock", 5 + number, NameSays::Claim)).collect();
    vec![
        ("a process that is not its own", vec![record(5, 1, 9)]),
        ("was never introduced", vec![record(5, 9, 9)]),
        ("was never introduced", vec![name("clock", 5, NameSays::Record(0, 9, 77))]),
        ("a pid is over 48 bits", vec![record(5, 0, 1 << 48)]),
        ("a pid is over 48 bits", vec![group("g", GroupSays::Join(0, pids))]),
        ("a moment that no clock shows", vec![record(u64::MAX, 0, 9)]),
        ("a moment that no clock shows", vec![name("clock", 1 << 63, NameSays::Claim)]),
        ("a second table of names", vec![Frame::Synced]),
        ("too many names", vec![name("clock", 5, NameSays::Claim), name("clock", 5, NameSays::Claim)]),
        ("too many names", claims),
        ("was never introduced", vec![Frame::NodeGone(40)]),
        ("was never introduced", vec![group("g", GroupSays::Join(7, vec![1]))]),
    ]
}

#[test]
fn a_peer_that_lies_about_names_is_disconnected() {
    let long = "n".repeat(4_097);
    let mut all = misdeeds();
    all.push(("malformed", vec![Frame::Name(NameFrame { name: &long, number: 5, says: NameSays::Claim })]));
    all.push(("malformed", vec![Frame::GroupMessage(&long, 0, b"\x02")]));
    for (reason, frames) in all {
        let a = Home::started("a");
        let watcher = a.process(7);
        a.watch(watcher, "x@127.0.0.1");
        let mut intruder = Intruder::admitted(a.port(), "x", "a", cookie());
        a.wait_for(watcher, 1);
        intruder.frame(&Frame::DefineSchema(&crate::hostile::schema(0)));
        let mut bytes = vec![];
        frames.iter().for_each(|frame| snow_cluster::frame::write(&mut bytes, frame));
        intruder.say(&bytes);
        let seen = a.wait_for(watcher, 2);
        assert!(matches!(&seen[1], Seen::Down(_, why) if why.contains(reason)), "{reason}: {seen:?}");
        assert!(intruder.is_shown_out(), "{reason}");
        assert_eq!((a.global_names(), a.members("g")), (vec![], vec![]), "{reason}");
        assert_eq!(a.register_global("clock", a.process(1)), Answer::Done, "{reason}");
    }
}

#[test]
fn what_a_peer_says_out_of_turn_changes_nothing() {
    let a = Home::started("a");
    let own = a.process(5);
    assert_eq!(a.register_global("till", own), Answer::Done);
    a.join("workers", own);
    let mut peer = Intruder::admitted(a.port(), "x", "a", cookie());
    a.wait_for_peers(&["x"]);
    peer.frame(&Frame::DefineSchema(&crate::hostile::schema(0)));
    peer.frame(&Frame::DefineSchema(&crate::hostile::schema(1)));
    for says in [
        NameSays::Gone,
        NameSays::Grant(Some((1, own))),
        NameSays::Refuse(own),
        NameSays::Inquire,
        NameSays::Yield,
        NameSays::Release,
        NameSays::Done,
        NameSays::Taken(1, own),
    ] {
        peer.frame(&name("till", 1, says));
    }
    // A process of this node leaves no group because a peer says that one of its own does.
    peer.frame(&group("workers", GroupSays::Leave(own)));
    // Values that are none of the type, or of another type.
    peer.frame(&Frame::GroupMessage("workers", 0, b"\xff"));
    peer.frame(&Frame::GroupMessage("workers", 1, b"\x02hi"));
    peer.frame(&Frame::GroupMessage("nobody", 0, b"\x02"));
    peer.frame(&Frame::GroupMessage("workers", 0, b"\x0a"));
    assert_eq!(a.wait_for(own, 1), [Seen::Int(5)]);
    assert_eq!(a.whereis_global("till"), Some(Pid(own)));
    assert_eq!(a.members("workers"), [Pid(own)]);
    assert_eq!(a.peers(), ["x@127.0.0.1"]);
}

#[test]
fn a_hidden_peer_may_not_speak_of_names() {
    let a = Home::started("a");
    let hidden = snow_cluster::handshake::Hello { flags: flag::HIDDEN, ..hello("x") };
    let mut peer = Intruder::admitted_as(a.port(), hidden, "a", cookie());
    a.wait_for_peers(&["x"]);
    peer.frame(&name("clock", 1, NameSays::Claim));
    assert!(peer.is_shown_out());
    a.wait_for_log("something came where a node of the mesh belongs");
}
