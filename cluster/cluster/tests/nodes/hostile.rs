//! Hostile peers against a whole node. None gets in, harms it or makes it forget its manners: each is logged once, with its address and
//! without the cookie, and honest peers come and go as ever.

use crate::home::{Home, Seen, cookie, options};
use crate::intruder::{Intruder, Middle, hello, is_closed, plain};
use snow_abi::descriptor::{Descriptor, DescriptorId};
use snow_abi::layout::fixed_layouts;
use snow_cluster::frame::{Frame, RemoteSignal, SignalKind, Spawn};
use snow_cluster::handshake::{Cookie, dial};
use snow_cluster::limits::HANDSHAKE_FRAME_BYTES_MAX;
use snow_cluster::name::NodeName;
use snow_heap::Layouts;
use snow_process::ExitReason;
use snow_runtime::router::NodeOptions;
use snow_term::types::Types;
use std::collections::VecDeque;
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const GUESS: &str = "a cookie that was only guessed";
/// In a hello of TLS 1.2: no extension names another version.
const TLS_1_2: &[u8] = &[
    0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 0, 0, 2, 0xc0, 0x2f, 1, 0,
];

/// The node is well: an honest peer joins, and is heard.
fn is_well(home: &Arc<Home>, name: &str) {
    let peer = Home::started(name);
    peer.connect(&home.address()).unwrap();
    let to = peer.pid_of(home, home.process(50));
    let before = home.seen(50).len();
    peer.send(peer.process(1), to, 77);
    assert_eq!(home.wait_for(50, before + 1)[before], Seen::Int(77));
    peer.stop();
    home.wait_for_peers(&[]);
    assert!(!home.logged(cookie()) && !home.logged(GUESS), "no cookie is ever logged");
}

#[test]
fn who_does_not_speak_tls_1_3_is_shown_out() {
    for (bytes, name) in [(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".as_slice(), "b"), (TLS_1_2, "c")] {
        let a = Home::started("a");
        let mut socket = plain(a.port());
        let address = socket.local_addr().unwrap().to_string();
        socket.write_all(bytes).unwrap();
        assert!(is_closed(&mut socket));
        a.wait_for_log(&format!("{address} does not speak TLS 1.3"));
        assert_eq!(a.count_logged("127.0.0.1"), 1);
        is_well(&a, name);
    }
}

#[test]
fn who_says_anything_else_before_authentication_is_shown_out() {
    let mut long = vec![];
    snow_term::wire::write_unsigned(&mut long, HANDSHAKE_FRAME_BYTES_MAX as u64 + 1);
    let framed = |frame: &Frame<'_>| {
        let mut out = vec![];
        snow_cluster::frame::write(&mut out, frame);
        out
    };
    let words = [
        framed(&Frame::Message(1, 0, b"\x02")),
        framed(&Frame::Goodbye("")),
        framed(&Frame::Tick),
        long,
        vec![0xff; 32],
        vec![0],
        vec![2, 1, 0xff],
    ];
    for bytes in words {
        let a = Home::started("a");
        let mut intruder = Intruder::new(a.port());
        let address = intruder.address();
        intruder.say(&bytes);
        assert!(intruder.is_shown_out(), "{bytes:?}");
        a.wait_for_log(&format!("{address} was refused"));
        assert_eq!(a.count_logged(&address), 1, "{bytes:?}");
        assert_eq!(a.peers(), Vec::<String>::new());
    }
    let a = Home::started("a");
    // Cut off in the middle of a frame: nothing is wrong with it but that it is gone.
    let mut intruder = Intruder::new(a.port());
    intruder.say(&[100, 1, 2, 3]);
    intruder.hang_up();
    is_well(&a, "b");
}

#[test]
fn a_wrong_cookie_or_a_proof_of_another_channel_does_not_let_in() {
    let a = Home::started("a");
    let mut guesser = Intruder::new(a.port());
    let address = guesser.address();
    guesser.prove("x", "a", GUESS);
    assert!(guesser.is_shown_out());
    a.wait_for_log(&format!("{address}, which calls itself x@127.0.0.1, has another cookie"));
    assert_eq!(a.count_logged(&address), 1);
    // Whoever is in the middle has two channels, and neither end's proof holds on the other.
    let (b, middle) = (Home::started("b"), Middle::before(a.port()));
    let failure = b.connect(&format!("a@127.0.0.1:{}", middle.port())).unwrap_err();
    assert_eq!(failure.kind, 4, "{failure:?}");
    assert_eq!((a.peers(), b.peers()), (vec![], vec![]));
    let said = middle.frames();
    assert_eq!(said.len(), 2, "an offer and a proof went through");
    // The recorded offer and proof, played on a new channel; and a node's own words, said to itself.
    let mut replay = Intruder::new(a.port());
    replay.say_body(&said[0]);
    assert!(replay.hear().is_some(), "an offer is answered with a challenge");
    replay.say_body(&said[1]);
    assert!(replay.is_shown_out());
    let mut reflection = Intruder::new(a.port());
    let target = NodeName::new("a@127.0.0.1").unwrap();
    let (_, offer) = dial(hello("y"), Cookie::new(GUESS), reflection.channel(), target);
    reflection.say(&offer);
    let challenge = reflection.hear().unwrap();
    reflection.say_body(&challenge);
    assert!(reflection.is_shown_out());
    let mut silent = Intruder::new(a.port());
    silent.say(&offer);
    let mut empty = vec![];
    snow_term::wire::write_bytes(&mut empty, &[3]);
    silent.say(&empty);
    assert!(silent.is_shown_out());
    assert_eq!(a.peers(), Vec::<String>::new());
    is_well(&a, "c");
}

/// What an authenticated peer says that ends its connection.
fn misdeeds() -> Vec<(&'static str, Vec<u8>)> {
    let framed = |frames: &[Frame<'_>]| {
        let mut out = vec![];
        frames.iter().for_each(|frame| snow_cluster::frame::write(&mut out, frame));
        out
    };
    let mut long = vec![];
    snow_term::wire::write_unsigned(&mut long, u64::from(u32::MAX));
    let signal =
        |to, from| Frame::Signal(RemoteSignal { to, from, what: SignalKind::Exit(ExitReason::Kill) });
    let spawn = Spawn { request: 1, parent: 1, actor: 9, link: false, monitor: None, arguments: vec![] };
    let nested = {
        let inner = framed(&[Frame::Begin(2, 8, b"abcd")]);
        let inner = &inner[1..];
        framed(&[Frame::Begin(1, inner.len() as u64, inner)])
    };
    vec![
        ("a frame is too long", long),
        ("frame kind 3 does not exist", vec![1, 3]),
        ("is malformed", vec![0]),
        ("is malformed", vec![0xff; 64]),
        ("is malformed", vec![2, 23, 200]),
        ("was never introduced", framed(&[Frame::Message(1, 3, b"\x02")])),
        ("was never introduced", framed(&[Frame::MessageNamed(7, 0, b"\x02")])),
        ("was never introduced", framed(&[Frame::Spawn(spawn)])),
        ("malformed", framed(&[Frame::DefineSchema(&[9; 300])])),
        ("a name is malformed", framed(&[Frame::DefineNode("no node", 1)])),
        ("a pid is over 48 bits", framed(&[signal(1 << 48, 1)])),
        ("a pid is over 48 bits", framed(&[signal(1, u64::MAX)])),
        ("does not belong to any", framed(&[Frame::Piece(1, b"x")])),
        ("does not belong to any", framed(&[Frame::Begin(1, 1, b"xy")])),
        ("does not belong to any", nested),
        ("over this node's max_message", framed(&[Frame::Begin(1, 1 << 40, b"x")])),
        ("in pieces at once", framed(&[Frame::Begin(1, 1 << 20, b"x"), Frame::Begin(2, 1 << 20, b"x")])),
    ]
}

#[test]
fn a_peer_that_breaks_the_protocol_is_disconnected() {
    for (reason, bytes) in misdeeds() {
        let a = Home::started("a");
        let watcher = a.process(7);
        a.watch(watcher, "x@127.0.0.1");
        let mut intruder = Intruder::admitted(a.port(), "x", "a", cookie());
        let address = intruder.address();
        a.wait_for(watcher, 1);
        intruder.say(&bytes);
        let seen = a.wait_for(watcher, 2);
        assert!(matches!(&seen[1], Seen::Down(_, why) if why.contains(reason)), "{reason}: {seen:?}");
        assert!(intruder.is_shown_out(), "{reason}");
        a.wait_for_log(&format!("{address}, the node x@127.0.0.1, is disconnected"));
        assert_eq!(a.count_logged(&address), 1, "{reason}");
        assert_eq!(a.peers(), Vec::<String>::new());
    }
    let a = Home::started("a");
    for _ in 0..3 {
        let mut intruder = Intruder::admitted(a.port(), "x", "a", cookie());
        intruder.say(&[200, 1, 24]);
        intruder.hang_up();
        a.wait_for_peers(&[]);
    }
    is_well(&a, "b");
}

/// The schema of a type in a program of an Int and a String.
pub fn schema(ty: u32) -> Vec<u8> {
    let descriptors = vec![Descriptor::Int, Descriptor::String];
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &descriptors));
    Types::new(descriptors, vec![], layouts).schema(DescriptorId(ty)).bytes().to_vec()
}

#[test]
fn what_a_peer_may_say_wrongly_is_dropped_and_the_peer_stays() {
    let a = Home::started("a");
    let (taker, registered) = (a.process(5), a.process(6));
    a.register("till", registered);
    let mut peer = Intruder::admitted(a.port(), "x", "a", cookie());
    peer.frame(&Frame::DefineSchema(&schema(0)));
    peer.frame(&Frame::DefineSchema(&schema(1)));
    peer.frame(&Frame::DefineName("till"));
    peer.frame(&Frame::DefineName("no_such_actor"));
    // Not of the mailbox's type; of it and cut short; of it with more behind; for nobody.
    peer.frame(&Frame::Message(taker, 1, b"\x02hi"));
    peer.frame(&Frame::Message(taker, 0, b"\xff"));
    peer.frame(&Frame::Message(taker, 0, b"\x02\x02"));
    peer.frame(&Frame::Message(taker, 0, b""));
    peer.frame(&Frame::Message(999, 0, b"\x02"));
    peer.frame(&Frame::MessageNamed(0, 1, b"\x02hi"));
    // A process of this node's own as the sender of an exit, an answer that nobody asked for, a monitor that does not exist.
    let forged = |to, from, what| Frame::Signal(RemoteSignal { to, from, what });
    peer.frame(&forged(taker, taker, SignalKind::Down(12, ExitReason::Normal)));
    peer.frame(&Frame::Spawned(404, Ok(taker)));
    peer.frame(&Frame::Pong(9));
    let spawn =
        |actor| Spawn { request: 1, parent: 1, actor, link: true, monitor: Some(1), arguments: vec![] };
    peer.frame(&Frame::Spawn(spawn(1)));
    peer.frame(&Frame::Message(taker, 0, b"\x0a"));
    let seen = a.wait_for(taker, 2);
    assert_eq!(seen, [Seen::Ended(12, ExitReason::Normal), Seen::Int(5)]);
    assert_eq!((a.seen(registered), a.started_with()), (vec![], vec![]));
    assert_eq!(a.peers(), ["x@127.0.0.1"]);
    let rejected = [("rejected_mismatch", 5), ("rejected_no_process", 1)];
    assert_eq!(a.rejected(), rejected.map(|(name, count)| (name.to_owned(), count)));
    assert_eq!(a.count_logged("x@127.0.0.1"), 2, "once for each cause");
    peer.frame(&Frame::Goodbye(""));
    a.wait_for_peers(&[]);
    is_well(&a, "b");
}

#[test]
fn who_says_nothing_is_dropped_in_time() {
    let a = Home::started("a");
    let (mut mute, mut shy) = (plain(a.port()), Intruder::new(a.port()));
    let addresses = [mute.local_addr().unwrap().to_string(), shy.address()];
    assert!(is_closed(&mut mute) && shy.is_shown_out());
    a.wait_for_log("did not prove in 5 s that it knows the cookie");
    let logged: usize = addresses.iter().map(|address| a.count_logged(address)).sum();
    assert_eq!(logged, 1, "once for this machine");
    is_well(&a, "b");
}

#[test]
fn half_open_connections_keep_nobody_out() {
    let a = Home::started("a");
    let (port, goes_on) = (a.port(), Arc::new(AtomicBool::new(true)));
    let still = goes_on.clone();
    let crowd = thread::spawn(move || {
        let (mut held, mut count) = (VecDeque::<TcpStream>::new(), 0);
        while still.load(Ordering::SeqCst) || count < 3_000 {
            held.extend(TcpStream::connect(("127.0.0.1", port)));
            if held.len() > 500 {
                held.pop_front();
            }
            count += 1;
        }
        count
    });
    a.wait_for_log("begin more connections than they finish");
    for name in ["b", "c", "d"] {
        let honest = Home::new();
        honest.start(&NodeOptions { connect_timeout_ms: 2_000, ..options(name) });
        honest.connect(&a.address()).unwrap();
        a.wait_for_peers(&[name]);
        assert_eq!(honest.peers(), [a.name()], "{:?}", a.log());
        honest.stop();
        a.wait_for_peers(&[]);
    }
    goes_on.store(false, Ordering::SeqCst);
    assert!(crowd.join().unwrap() >= 3_000);
    assert!(a.count_logged("127.0.0.1") <= 6, "the crowd does not fill the log");
}
