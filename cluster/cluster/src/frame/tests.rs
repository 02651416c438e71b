//! Frames come back as they were; nothing that a peer sends panics.

use super::*;

/// What is said about names and groups.
fn shared_samples() -> Vec<Frame<'static>> {
    let name = |says| Frame::Name(NameFrame { name: "clock", number: 1 << 60, says });
    let group = |says| Frame::Group(GroupFrame { group: "workers", says });
    vec![
        name(NameSays::Record(2, 9, 300)),
        name(NameSays::Gone),
        name(NameSays::Claim),
        name(NameSays::Grant(None)),
        name(NameSays::Grant(Some((1, 77)))),
        name(NameSays::Refuse((1 << 48) - 1)),
        name(NameSays::Inquire),
        name(NameSays::Yield),
        name(NameSays::Release),
        name(NameSays::AskRegister(4)),
        name(NameSays::AskUnregister),
        name(NameSays::Done),
        name(NameSays::Taken(0, 5)),
        name(NameSays::Ended),
        name(NameSays::Late),
        Frame::Synced,
        Frame::NodeGone(3),
        group(GroupSays::Join(1, vec![])),
        group(GroupSays::Join(1, vec![5, (1 << 48) - 1])),
        group(GroupSays::Leave(5)),
        group(GroupSays::AskJoin(5)),
        group(GroupSays::AskLeave(5)),
        Frame::GroupMessage("workers", 1, b"value"),
    ]
}

fn samples() -> Vec<Frame<'static>> {
    [shared_samples(), other_samples()].concat()
}

fn other_samples() -> Vec<Frame<'static>> {
    let crash = ExitReason::Crash("oh".into());
    let signal = |what| Frame::Signal(RemoteSignal { to: 5, from: (1 << 48) - 1, what });
    let spawn = Spawn {
        request: 9,
        parent: 7,
        actor: 1,
        link: true,
        monitor: Some(3),
        arguments: vec![(0, b"abc".as_slice()), (2, b"")],
    };
    vec![
        Frame::Tick,
        Frame::Ping(u64::MAX),
        Frame::Pong(0),
        Frame::Peers(vec![("a@h", "127.0.0.1:1"), ("b@h", "")]),
        Frame::DefineSchema(b"\x01\x00"),
        Frame::DefineNode("a@h", 77),
        Frame::DefineName("audit"),
        signal(SignalKind::Link),
        signal(SignalKind::Unlink),
        signal(SignalKind::UnlinkAnswer),
        signal(SignalKind::LinkExit(ExitReason::NoConnection)),
        signal(SignalKind::Exit(ExitReason::Kill)),
        signal(SignalKind::Monitor(300)),
        signal(SignalKind::Demonitor(300)),
        signal(SignalKind::Down(300, crash)),
        Frame::Message(5, 1, b"value"),
        Frame::MessageNamed(5, 1, b"value"),
        Frame::Spawn(spawn),
        Frame::Spawned(9, Ok(12)),
        Frame::Spawned(9, Err(ExitReason::Undefined("worker".into()))),
        Frame::Begin(1, 1 << 30, b"first"),
        Frame::Piece(1, b"second"),
        Frame::Goodbye("too long"),
    ]
}

#[test]
fn every_frame_comes_back_however_the_bytes_are_cut() {
    let mut bytes = vec![];
    samples().iter().for_each(|frame| write(&mut bytes, frame));
    for size in [1, 2, 7, 64, bytes.len()] {
        let mut reader = FrameReader::default();
        let mut expected = samples().into_iter();
        for chunk in bytes.chunks(size) {
            reader.push(chunk);
            while let Some(body) = reader.next(1024).unwrap() {
                assert_eq!(Some(read(body).unwrap()), expected.next());
            }
        }
        assert!(expected.next().is_none() && reader.is_empty());
    }
}

#[test]
fn cut_and_damaged_frames_never_panic() {
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for frame in samples() {
        let mut bytes = vec![];
        write(&mut bytes, &frame);
        for _ in 0..2_000 {
            let mut damaged = bytes.clone();
            let at = random() % damaged.len();
            damaged[at] = random() as u8;
            damaged.truncate(1 + random() % bytes.len());
            let mut reader = FrameReader::default();
            reader.push(&damaged);
            while let Ok(Some(body)) = reader.next(1024) {
                drop(read(body).map(|_| ()));
            }
        }
    }
}

#[test]
fn a_long_frame_is_refused_by_its_length_alone() {
    let mut reader = FrameReader::default();
    reader.push(&[0xff, 0xff, 0x7f]);
    assert_eq!(reader.next(1024), Err(Violation::FrameTooLong));
}
