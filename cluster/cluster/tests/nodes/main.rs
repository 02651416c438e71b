//! Whole nodes in one process, over real sockets and TLS; only their programs are stand-ins.

mod home;
mod hostile;
mod intruder;
mod names;
mod proxy;

use home::{Home, Seen, cookie, options};
use proxy::Proxy;
use snow_process::{ExitReason, MonitorRef, Pid, Signal};
use std::sync::Arc;

const WATCHER: u32 = 7;

fn pair() -> (Arc<Home>, Arc<Home>) {
    let (a, b) = (Home::started("a"), Home::started("b"));
    a.connect(&b.address()).unwrap();
    b.wait_for_peers(&["a"]);
    (a, b)
}

#[test]
fn messages_come_in_order_through_back_pressure() {
    let (a, b) = pair();
    let (sender, receiver) = (a.process(1), b.process(2));
    let to = a.pid_of(&b, receiver);
    let count = 100_000;
    for number in 0..count {
        a.send(sender, to, number);
    }
    let received = b.wait_for(receiver, count as usize);
    assert!(received.iter().enumerate().all(|(i, seen)| *seen == Seen::Int(i as i64)));
    assert!(a.resumed() > 0, "send_buffer was small enough to fill");
}

#[test]
fn each_way_not_to_connect_is_told_apart() {
    let (a, b) = (Home::started("a"), Home::started("b"));
    let kind = |text: &str| a.connect(text).unwrap_err().kind;
    let other_cookie = Home::new();
    other_cookie.start(&snow_runtime::router::NodeOptions {
        cookie: "a different cookie, also long".to_owned(),
        ..options("c")
    });
    assert_eq!(kind("nonsense"), 1);
    assert_eq!(kind(&other_cookie.address()), 4);
    other_cookie.wait_for_log("has another cookie and was refused");
    assert!(!other_cookie.logged(cookie()) && !a.logged(cookie()));
    assert_eq!(kind("nobody@127.0.0.1"), 9);
    assert_eq!(kind(&a.address()), 11);
    assert_eq!(kind(&format!("x@127.0.0.1:{}", b.port())), 12);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(kind(&format!("x@127.0.0.1:{free}")), 8);
    assert_eq!(a.try_start(&options("a")).unwrap_err().kind, 0);
    assert_eq!(Home::new().connect(&b.address()).unwrap_err().kind, 10);
    let taken =
        snow_runtime::router::NodeOptions { name: format!("z@127.0.0.1:{}", b.port()), ..options("z") };
    assert_eq!(Home::new().try_start(&taken).unwrap_err().kind, 2);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let impatient = Home::new();
    impatient.start(&snow_runtime::router::NodeOptions { connect_timeout_ms: 100, ..options("i") });
    let port = silent.local_addr().unwrap().port();
    assert_eq!(impatient.connect(&format!("x@127.0.0.1:{port}")).unwrap_err().kind, 7);
}

#[test]
fn a_name_is_taken_once() {
    let (a, b) = pair();
    let double = Home::started("b");
    assert_eq!(double.connect(&a.address()).unwrap_err().kind, 5);
    assert_eq!(a.peers(), [b.name()]);
    // On one machine the directory knows before anyone is asked.
    let same = Home::beside(&a);
    assert_eq!(same.try_start(&options("a")).unwrap_err().kind, 5);
}

#[test]
fn two_who_dial_each_other_have_one_connection() {
    for _ in 0..10 {
        let (a, b) = (Home::started("a"), Home::started("b"));
        for (home, other) in [(&a, &b), (&b, &a)] {
            let watcher = home.process(WATCHER);
            home.watch(watcher, &other.name());
        }
        let (address_a, address_b) = (a.address(), b.address());
        std::thread::scope(|scope| {
            scope.spawn(|| a.connect(&address_b).unwrap());
            scope.spawn(|| b.connect(&address_a).unwrap());
        });
        a.wait_for_peers(&["b"]);
        b.wait_for_peers(&["a"]);
        let (one, two) = (a.process(1), b.process(2));
        a.send(one, a.pid_of(&b, two), 5);
        b.send(two, b.pid_of(&a, one), 6);
        assert_eq!((a.wait_for(one, 1), b.wait_for(two, 1)), (vec![Seen::Int(6)], vec![Seen::Int(5)]));
        assert_eq!(a.seen(a.process(WATCHER)), [Seen::Up(b.name())]);
        assert_eq!(b.seen(b.process(WATCHER)), [Seen::Up(a.name())]);
    }
}

#[test]
fn who_joins_one_meets_all() {
    let (a, b) = pair();
    let c = Home::new();
    c.start(&snow_runtime::router::NodeOptions { join: vec![a.address()], ..options("c") });
    c.wait_for_peers(&["a", "b"]);
    b.wait_for_peers(&["a", "c"]);
    let hidden = Home::new();
    hidden.start(&snow_runtime::router::NodeOptions { hidden: true, ..options("h") });
    hidden.connect(&a.address()).unwrap();
    let late = Home::started("d");
    late.connect(&b.address()).unwrap();
    late.wait_for_peers(&["a", "b", "c"]);
    assert_eq!(hidden.peers(), [a.name()]);
}

#[test]
fn a_joined_peer_is_found_again() {
    let (a, port) = (Home::started("a"), Home::free_port());
    let b = Home::new();
    let with_port = |join| snow_runtime::router::NodeOptions {
        name: format!("b@127.0.0.1:{port}"),
        join,
        ..options("b")
    };
    let watcher = a.process(WATCHER);
    a.watch(watcher, "b@127.0.0.1");
    b.start(&with_port(vec![a.address()]));
    a.wait_for(watcher, 1);
    a.disconnect("b@127.0.0.1");
    let seen = a.wait_for(watcher, 3);
    assert_eq!((&seen[0], &seen[2]), (&Seen::Up(b.name()), &Seen::Up(b.name())));
    assert!(matches!(&seen[1], Seen::Down(_, reason) if reason.contains("this node disconnected")));
    // Started anew it is another node of the same name.
    let before = a.pid_of(&b, 1);
    b.stop();
    b.start(&with_port(vec![a.address()]));
    assert_eq!(a.wait_for(watcher, 5)[4], Seen::Up(b.name()));
    assert_ne!(a.pid_of(&b, 1).node(), before.node());
    let from = a.process(1);
    a.signal(before, Signal::Monitor { from: Pid(from), reference: MonitorRef(3) });
    assert_eq!(a.wait_for(from, 1), [Seen::Ended(3, ExitReason::NoProcess)]);
}

#[test]
fn a_stop_is_told_at_once_and_a_loss_once() {
    let (a, b) = (Home::started("a"), Home::started("b"));
    let proxy = Proxy::new(b.port());
    let watchers = [a.process(WATCHER), b.process(WATCHER)];
    a.watch(watchers[0], &b.name());
    b.watch(watchers[1], &a.name());
    a.connect(&format!("b@127.0.0.1:{}", proxy.port())).unwrap();
    b.wait_for(watchers[1], 1);
    proxy.cut();
    for (home, watcher) in [(&a, watchers[0]), (&b, watchers[1])] {
        let seen = home.wait_for(watcher, 2);
        assert!(matches!(&seen[1], Seen::Down(_, reason) if reason.contains("lost")), "{seen:?}");
        assert_eq!(home.lost(), 1);
    }
    a.connect(&b.address()).unwrap();
    b.wait_for(watchers[1], 3);
    b.stop();
    let seen = a.wait_for(watchers[0], 4);
    assert!(matches!(&seen[3], Seen::Down(_, reason) if reason.contains("the peer stopped")), "{seen:?}");
    assert_eq!((a.lost(), b.lost(), a.peers()), (2, 2, vec![]));
    assert!(b.is_closed() && !a.is_closed());
}

#[test]
fn silence_is_death() {
    let (a, b) = (Home::new(), Home::started("b"));
    a.start(&snow_runtime::router::NodeOptions { heartbeat_ms: 200, ..options("a") });
    let watcher = a.process(WATCHER);
    a.watch(watcher, &b.name());
    let proxy = Proxy::new(b.port());
    a.connect(&format!("b@127.0.0.1:{}", proxy.port())).unwrap();
    a.ping("b@127.0.0.1").unwrap();
    proxy.freeze();
    let seen = a.wait_for(watcher, 2);
    assert!(matches!(&seen[1], Seen::Down(_, reason) if reason.contains("silent")), "{seen:?}");
}

#[test]
fn actors_start_elsewhere_or_a_dead_pid_says_why() {
    let (a, b) = pair();
    let parent = a.process(1);
    let child = a.spawn(parent, &b.name(), home::COUNTER, true).unwrap();
    assert_eq!(b.started_with(), [41]);
    a.send(parent, child, 9);
    assert_eq!(b.wait_for(child.local_bits(), 1), [Seen::Int(9)]);
    let reason = |export, node: &str| {
        a.spawn(parent, node, export, true).unwrap();
        match a.take(parent).as_slice() {
            [Seen::Ended(_, reason)] => reason.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(reason(home::COUNTER, "nobody@127.0.0.1"), ExitReason::NoConnection);
    assert_eq!(reason(home::ONLY_HERE, &b.name()), ExitReason::Undefined("only_a".into()));
    let ExitReason::Mismatch(text) = reason(home::DIFFERS, &b.name()) else { panic!() };
    assert!(text.contains("argument 1 of differs") && text.contains("String"), "{text}");
}

#[test]
fn what_does_not_fit_is_counted_and_logged_with_both_types() {
    let (a, b) = pair();
    let (sender, receiver) = (a.process(1), b.process_of_text(2));
    a.send(sender, a.pid_of(&b, receiver), 5);
    a.send(sender, a.pid_of(&b, 99), 5);
    a.send_named(sender, &b.name(), "nobody", 5);
    let real = b.process(3);
    b.register("counter", real);
    a.send_named(sender, &b.name(), "counter", 5);
    assert_eq!(b.wait_for(real, 1), [Seen::Int(5)]);
    assert!(b.logged("Int was written and String is expected"));
    assert!(b.logged("sent to nobody") && b.logged("which has ended"));
    assert_eq!(b.seen(receiver), []);
    let counts: Vec<_> = b.rejected();
    assert_eq!(
        counts,
        [("rejected_mismatch", 1), ("rejected_no_name", 1), ("rejected_no_process", 1)]
            .map(|(name, count)| (name.to_owned(), count))
    );
}

#[test]
fn a_monitor_is_worth_one_attempt_to_connect() {
    let (a, b) = pair();
    let to = a.pid_of(&b, b.process(2));
    a.disconnect(&b.name());
    b.wait_for_peers(&[]);
    a.wait_for_peers(&[]);
    let from = a.process(1);
    a.signal(to, Signal::Monitor { from: Pid(from), reference: MonitorRef(1) });
    assert_eq!(b.wait_for(2, 1), [Seen::Watched(1)]);
    b.stop();
    a.wait_for_peers(&[]);
    a.signal(to, Signal::Monitor { from: Pid(from), reference: MonitorRef(2) });
    assert_eq!(a.wait_for(from, 1), [Seen::Ended(2, ExitReason::NoConnection)]);
}

#[test]
fn a_peer_holds_so_many_links_and_monitors_and_no_more() {
    let (a, b) = pair();
    b.bound_entries(3);
    let (watcher, from, to) = (a.process(WATCHER), a.process(1), a.pid_of(&b, b.process(2)));
    a.watch(watcher, &b.name());
    let monitor = |number| a.signal(to, Signal::Monitor { from: Pid(from), reference: MonitorRef(number) });
    for number in 1..=3 {
        monitor(number);
    }
    a.signal(to, Signal::Demonitor { from: Pid(from), reference: MonitorRef(2) });
    monitor(4);
    assert_eq!(b.wait_for(2, 5)[4], Seen::Watched(4));
    monitor(5);
    let seen = a.wait_for(watcher, 1);
    let reason = "the peer closed the connection: it holds too many links and monitors on this node";
    assert_eq!(seen, [Seen::Down(b.name(), reason.to_owned())]);
    b.wait_for_log("it holds too many links and monitors on this node");
}

#[test]
fn a_program_says_where_nodes_are() {
    let b = Home::started("b");
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let with = |addresses: Vec<(&str, String)>, hosts: Vec<String>| {
        let addresses = addresses.into_iter().map(|(name, place)| (name.to_owned(), place)).collect();
        let home = Home::new();
        home.try_start(&snow_runtime::router::NodeOptions { addresses, hosts, ..options("a") }).map(|()| home)
    };
    let known = with(vec![("b@127.0.0.1", b.address().replace("b@", ""))], vec![]).unwrap();
    known.connect("b@127.0.0.1").unwrap();
    known.stop();
    // Asked one after the other, until the node of that name answers.
    let hosts = vec![format!("localhost:{elsewhere}"), format!("localhost:{}", b.port())];
    let searched = with(vec![], hosts).unwrap();
    searched.connect("b@127.0.0.1").unwrap();
    searched.stop();
    let nowhere = with(vec![], vec!["no-such-host.invalid:4000".to_owned()]).unwrap();
    let error = nowhere.connect("b@127.0.0.1").unwrap_err();
    assert_eq!(error.kind, 9);
    assert!(error.text.contains(", the resolvers)"), "{}", error.text);
    for (name, place, kind) in
        [("b@127.0.0.1", "nowhere", 12), ("b@127.0.0.1", "host:0", 12), ("b", "h:1", 1)]
    {
        assert_eq!(with(vec![(name, place.to_owned())], vec![]).err().unwrap().kind, kind, "{name} {place}");
    }
}
