//! Order, pieces, back-pressure and limits of a session, without a socket.

use super::*;
use crate::error::CloseReason;
use crate::frame::{Frame, RemoteSignal, SignalKind, Violation, write};
use crate::handshake::{Admitted, Channel, Cookie, ExpectOffer, Hello, dial};
use crate::limits::SHORT_BYTES_MAX;
use crate::name::NodeName;
use crate::nodes::Nodes;
use snow_abi::descriptor::{Descriptor, DescriptorId};
use snow_abi::layout::fixed_layouts;
use snow_heap::{FragmentBuilder, Layouts};
use snow_process::{ExitReason, NodeIndex};
use snow_term::encode::Encoder;
use snow_term::encoded::NodeReferences;
use snow_term::types::Types;
use std::sync::Arc;

fn hello(name: &str) -> Hello {
    Hello {
        version_min: 1,
        version_max: 1,
        flags: 0,
        name: NodeName::new(name).unwrap(),
        creation: 7,
        nonce: [1; 32],
        port: 1,
        message_bytes_max: 1 << 20,
        heartbeat_ms: 1000,
    }
}

fn admitted() -> (Admitted, Admitted) {
    let cut = |bytes: Vec<u8>| bytes[crate::frame::body_start(&bytes)..].to_vec();
    let cookie = || Cookie::new("cookie");
    let channel = Channel([0; 32]);
    let (a, out) = dial(hello("a@h"), cookie(), channel, NodeName::new("b@h").unwrap());
    let (b, out) = ExpectOffer::new(hello("b@h"), cookie(), channel).receive(&cut(out)).unwrap();
    let (a, out) = a.receive(&cut(out)).unwrap();
    let (b, out) = b.receive(&cut(out)).unwrap().admit();
    let (a, out) = a.receive(&cut(out)).unwrap();
    (a, b.receive(&cut(out)).unwrap())
}

struct OwnNode;

impl NodeReferences for OwnNode {
    fn reference(&mut self, node: u16) -> u32 {
        node.into()
    }
}

struct Ends {
    outgoing: Outgoing,
    incoming: Incoming,
    types: Types,
    seen: Vec<String>,
}

const PEER: NodeIndex = NodeIndex(1);

fn ends() -> Ends {
    let (a, b) = admitted();
    let nodes = || Arc::new(Nodes::default());
    let descriptors = vec![Descriptor::Bytes];
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &descriptors));
    Ends {
        outgoing: Outgoing::new(&a, PEER, nodes(), 100_000, 0),
        incoming: Incoming::new(&b, PEER, nodes(), 0),
        types: Types::new(descriptors, vec![], layouts),
        seen: vec![],
    }
}

impl Ends {
    fn send(&mut self, from: u64, len: usize) {
        let id = DescriptorId(0);
        let mut builder = FragmentBuilder::new(self.types.layouts());
        let text = builder.text(&vec![b'x'; len]);
        let fragment = builder.finish(text);
        let mut encoder = Encoder::new();
        let value = fragment.value(self.types.layouts());
        let bounds = (1 << 20, SHORT_BYTES_MAX);
        let value = encoder.encode_for_frame(&self.types, value, id, &mut OwnNode, bounds).unwrap();
        let schema = self.outgoing.schema(id, self.types.schema(id));
        self.outgoing.message(from, from + 100, schema, value);
    }

    fn down(&mut self, from: u64) {
        let what = SignalKind::Down(1, ExitReason::Normal);
        self.outgoing.signal(RemoteSignal { to: from + 100, from, what });
    }

    /// Writes and receives one batch.
    fn step(&mut self) -> bool {
        let mut batch = vec![];
        self.outgoing.take(&mut batch, 0);
        self.incoming
            .receive(&batch, 0, &mut |_, event| {
                self.seen.push(match event {
                    Event::Message(to, _, value) => format!("{} {}", to - 100, value.bytes.len()),
                    Event::Signal(signal) => format!("{} down", signal.from),
                    other => format!("{other:?}"),
                });
                Ok(())
            })
            .unwrap();
        let woken = self.outgoing.written();
        self.seen.extend(woken.iter().map(|w| format!("{w} woken")));
        !batch.is_empty()
    }

    fn run(&mut self) -> Vec<String> {
        while self.step() {}
        std::mem::take(&mut self.seen)
    }
}

#[test]
fn long_messages_let_others_pass_and_keep_their_senders_order() {
    let mut ends = ends();
    ends.send(1, 1);
    ends.send(1, 300_000);
    ends.send(1, 2);
    ends.down(1);
    ends.send(2, 3);
    let seen = ends.run();
    assert_eq!(seen, ["1 2", "2 4", "1 300003", "1 3", "1 down"]);
    ends.send(1, 4);
    ends.down(1);
    assert_eq!(ends.run(), ["1 5", "1 down"]);
}

#[test]
fn a_signal_passes_other_senders_messages_but_not_its_own() {
    let mut ends = ends();
    ends.send(1, 1);
    ends.down(2);
    ends.down(1);
    assert_eq!(ends.run(), ["2 down", "1 2", "1 down"]);
}

#[test]
fn long_messages_keep_only_other_long_ones_waiting() {
    let mut ends = ends();
    ends.send(1, 900_000);
    assert_eq!(ends.outgoing.room(1), Room::Full, "its next would wait behind the long one");
    assert_eq!(ends.outgoing.room(2), Room::Free);
    assert_eq!(ends.outgoing.room_for_long(), Room::Full);
    ends.outgoing.wait_for_long(3);
    ends.outgoing.wait_for_long(4);
    ends.outgoing.wait(1);
    assert_eq!(ends.outgoing.waiting_count(), 3);
    ends.send(2, 5);
    assert_eq!(ends.run(), ["2 6", "1 900003", "3 woken", "4 woken", "1 woken"]);
    assert_eq!(ends.outgoing.room_for_long(), Room::Free);
}

#[test]
fn long_senders_are_woken_one_by_one() {
    let mut ends = ends();
    // Three senders with a long message each leave less than half of the bound waiting for several writes.
    for sender in 1..4 {
        ends.send(sender, 700_000);
    }
    for sender in 5..8 {
        ends.outgoing.wait_for_long(sender);
    }
    let seen = ends.run();
    let woken: Vec<&String> = seen.iter().filter(|event| event.ends_with("woken")).collect();
    assert_eq!(woken, ["5 woken", "6 woken", "7 woken"]);
}

#[test]
fn senders_wait_over_the_bound_and_wake_under_half() {
    let mut ends = ends();
    while ends.outgoing.room(1) == Room::Free {
        ends.send(1, 10_000);
    }
    assert!(ends.outgoing.buffered() > 100_000);
    ends.outgoing.wait(9);
    assert_eq!(ends.run().last().unwrap(), "9 woken");
    assert_eq!(ends.outgoing.room(1), Room::Free);
    assert_eq!(ends.outgoing.buffered(), 0);
    ends.outgoing.wait(9);
    assert_eq!(ends.outgoing.close(), [9]);
    assert_eq!(ends.outgoing.room(1), Room::Closed);
}

#[test]
fn silence_is_noticed_and_prevented() {
    let mut ends = ends();
    assert!(!ends.incoming.is_silent(1000) && ends.incoming.is_silent(1001));
    ends.outgoing.tick(249);
    assert!(!ends.outgoing.has_output());
    ends.outgoing.tick(250);
    assert!(ends.outgoing.has_output());
}

fn violation(frames: &[Frame<'_>]) -> Violation {
    let mut bytes = vec![];
    frames.iter().for_each(|frame| write(&mut bytes, frame));
    let mut ends = ends();
    let result = ends.incoming.receive(&bytes, 0, &mut |tables, event| match event {
        Event::Message(_, schema, _) => tables.schema(schema).map(|_| ()),
        Event::MessageNamed(name, ..) => tables.name(name).map(|_| ()),
        _ => Ok(()),
    });
    match result {
        Err(CloseReason::Misbehaved(violation)) => violation,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_hostile_peer_says_ends_the_session() {
    assert_eq!(violation(&[Frame::Piece(1, b"x")]), Violation::BadPiece);
    assert_eq!(violation(&[Frame::Begin(1, 1 << 40, b"x")]), Violation::MessageTooLong);
    assert_eq!(violation(&[Frame::Begin(1, 2, b"xyz")]), Violation::BadPiece);
    assert_eq!(violation(&[Frame::Begin(1, 9, b"x"), Frame::Begin(1, 9, b"x")]), Violation::BadPiece);
    let half = 700_000;
    assert_eq!(
        violation(&[Frame::Begin(1, half, b"x"), Frame::Begin(2, half, b"x")]),
        Violation::TooManyPieces
    );
    assert_eq!(violation(&[Frame::Message(1, 0, b"x")]), Violation::Undefined("schema"));
    assert_eq!(violation(&[Frame::MessageNamed(3, 0, b"x")]), Violation::Undefined("name"));
    assert!(matches!(violation(&[Frame::DefineSchema(b"junk")]), Violation::Malformed(_)));
    assert_eq!(violation(&[Frame::DefineNode("nameless", 1)]), Violation::BadName);
}

#[test]
fn damaged_streams_never_panic() {
    let mut state = 3u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..500 {
        let mut ends = ends();
        for _ in 0..10 {
            let (from, len) = (random() as u64 % 3, random() % 200_000);
            ends.send(from, len);
        }
        let mut all = vec![];
        let mut batch = vec![];
        ends.outgoing.take(&mut batch, 0);
        all.append(&mut batch);
        for _ in 0..3 {
            let at = random() % all.len();
            all[at] = random() as u8;
        }
        drop(ends.incoming.receive(&all, 0, &mut |tables, event| {
            if let Event::Message(_, schema, value) = event
                && let Ok(plan) = tables.plan(schema, &ends.types, DescriptorId(0))
            {
                drop(snow_term::decode::decode(&plan, ends.types.layouts(), value, &*tables, 1 << 22));
            }
            Ok(())
        }));
    }
}
