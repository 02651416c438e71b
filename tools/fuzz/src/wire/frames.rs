//! Any bytes are frames or an error, however they are cut; a frame that was read is written to the same bytes.

use super::{Input, wire_target};
use crate::bytes::{cut, damage};
use crate::chance::Chance;
use snow_cluster::frame::{
    Frame, FrameReader, GroupFrame, GroupSays, NameFrame, NameSays, RemoteSignal, SignalKind, Spawn,
    body_start, read, write,
};
use snow_process::ExitReason;

/// The reader of frames and what reads one frame.
pub struct Frames;

wire_target!(Frames, "frames", 3_000, drop: true);

/// Longest frame that the reader is told to take.
const FRAME_BYTES_MAX: usize = 4_096;

fn make(chance: &mut Chance) -> Input {
    let (mut bytes, foreign) = (stream(chance), stream(chance));
    for _ in 0..chance.below(4) {
        damage(&mut bytes, &foreign, chance);
    }
    Input { context: 0, parts: cut(&bytes, chance) }
}

fn check(input: &Input) {
    let piecewise = frames(&input.parts);
    let whole = frames(&[input.parts.concat()]);
    assert_eq!(piecewise, whole, "it does not matter how the bytes are cut");
}

/// The bodies of the frames, and whether an error ended them.
fn frames(parts: &[Vec<u8>]) -> (Vec<Vec<u8>>, bool) {
    let mut reader = FrameReader::default();
    let mut bodies = vec![];
    for part in parts {
        reader.push(part);
        loop {
            match reader.next(FRAME_BYTES_MAX) {
                Ok(Some(body)) => {
                    look_at(body);
                    bodies.push(body.to_vec());
                }
                Ok(None) => break,
                Err(problem) => {
                    assert!(!problem.to_string().is_empty());
                    return (bodies, true);
                }
            }
        }
    }
    (bodies, false)
}

fn look_at(body: &[u8]) {
    match read(body) {
        Ok(frame) => {
            let mut again = vec![];
            write(&mut again, &frame);
            assert_eq!(&again[body_start(&again)..], body, "{frame:?}");
        }
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
}

/// What an honest peer may send.
pub(super) fn stream(chance: &mut Chance) -> Vec<u8> {
    let mut out = vec![];
    for _ in 0..=chance.below(6) {
        frame(&mut out, chance);
    }
    out
}

fn number(chance: &mut Chance) -> u64 {
    chance.draw() >> chance.below(64)
}

fn index(chance: &mut Chance) -> u32 {
    chance.draw() as u32 >> chance.below(32)
}

fn pid(chance: &mut Chance) -> u64 {
    (chance.draw() >> 16) >> chance.below(48)
}

fn noise(chance: &mut Chance) -> Vec<u8> {
    (0..chance.below(40)).map(|_| chance.draw() as u8).collect()
}

fn text(chance: &mut Chance) -> String {
    (*chance.pick(&["", "a@h", "Shop.Till", "ä€😀", "0123456789".repeat(30).as_str()])).to_owned()
}

fn reason(chance: &mut Chance) -> ExitReason {
    match chance.below(10) {
        0 => ExitReason::Normal,
        1 => ExitReason::Shutdown,
        2 => ExitReason::Kill,
        3 => ExitReason::Killed,
        4 => ExitReason::NoProcess,
        5 => ExitReason::NoConnection,
        6 => ExitReason::Crash(text(chance).into()),
        7 => ExitReason::Undefined(text(chance).into()),
        8 => ExitReason::Mismatch(text(chance).into()),
        _ => ExitReason::Custom(text(chance).into()),
    }
}

fn signal(chance: &mut Chance) -> RemoteSignal {
    let what = match chance.below(8) {
        0 => SignalKind::Link,
        1 => SignalKind::Unlink,
        2 => SignalKind::UnlinkAnswer,
        3 => SignalKind::LinkExit(reason(chance)),
        4 => SignalKind::Exit(reason(chance)),
        5 => SignalKind::Monitor(number(chance)),
        6 => SignalKind::Demonitor(number(chance)),
        _ => SignalKind::Down(number(chance), reason(chance)),
    };
    RemoteSignal { to: pid(chance), from: pid(chance), what }
}

fn name_says(chance: &mut Chance) -> NameSays {
    match chance.below(14) {
        0 => NameSays::Record(index(chance), pid(chance), index(chance)),
        1 => NameSays::Gone,
        2 => NameSays::Claim,
        3 => NameSays::Grant(chance.once_in(2).then(|| (index(chance), pid(chance)))),
        4 => NameSays::Refuse(pid(chance)),
        5 => NameSays::Inquire,
        6 => NameSays::Yield,
        7 => NameSays::Release,
        8 => NameSays::AskRegister(pid(chance)),
        9 => NameSays::AskUnregister,
        10 => NameSays::Done,
        11 => NameSays::Taken(index(chance), pid(chance)),
        12 => NameSays::Ended,
        _ => NameSays::Late,
    }
}

fn group_says(chance: &mut Chance) -> GroupSays {
    match chance.below(4) {
        0 => GroupSays::Join(index(chance), (0..chance.below(5)).map(|_| pid(chance)).collect()),
        1 => GroupSays::Leave(pid(chance)),
        2 => GroupSays::AskJoin(pid(chance)),
        _ => GroupSays::AskLeave(pid(chance)),
    }
}

fn frame(out: &mut Vec<u8>, chance: &mut Chance) {
    let (some, other, bytes) = (text(chance), text(chance), noise(chance));
    let frame = match chance.below(20) {
        15 => Frame::Name(NameFrame { name: &some, number: number(chance), says: name_says(chance) }),
        16 => Frame::Synced,
        17 => Frame::NodeGone(index(chance)),
        18 => Frame::Group(GroupFrame { group: &some, says: group_says(chance) }),
        19 => Frame::GroupMessage(&some, index(chance), &bytes),
        0 => Frame::Tick,
        1 => Frame::Ping(number(chance)),
        2 => Frame::Pong(number(chance)),
        3 => Frame::Peers(vec![(&some, &other); chance.below(4)]),
        4 => Frame::DefineSchema(&bytes),
        5 => Frame::DefineNode("a@h", number(chance)),
        6 => Frame::DefineName(&some),
        7 => Frame::Signal(signal(chance)),
        8 => Frame::Message(pid(chance), index(chance), &bytes),
        9 => Frame::MessageNamed(index(chance), index(chance), &bytes),
        10 => Frame::Spawn(Spawn {
            request: number(chance),
            parent: pid(chance),
            actor: index(chance),
            link: chance.once_in(2),
            monitor: chance.once_in(2).then(|| number(chance)),
            arguments: vec![(index(chance), &bytes); chance.below(4)],
        }),
        11 if chance.once_in(2) => Frame::Spawned(number(chance), Ok(pid(chance))),
        11 => Frame::Spawned(number(chance), Err(reason(chance))),
        12 => Frame::Begin(index(chance), number(chance), &bytes),
        13 => Frame::Piece(index(chance), &bytes),
        _ => Frame::Goodbye(&some),
    };
    write(out, &frame);
}
