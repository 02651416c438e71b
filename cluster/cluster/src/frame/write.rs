//! Frames to bytes. The length is written last, in front: see [`start`] and [`finish`].

use super::{Frame, Spawn, global, kind, signal};
use snow_process::ExitReason;
use snow_term::wire::{write_bytes, write_unsigned};

/// Room that [`start`] leaves for the length: four bytes of LEB128 hold the longest frame.
const LENGTH_BYTES: usize = 4;

/// Begins a frame; what is appended afterwards is its body.
pub fn start(out: &mut Vec<u8>, kind: u8) -> usize {
    let at = out.len();
    out.extend([0; LENGTH_BYTES]);
    out.push(kind);
    at
}

/// Completes the frame begun at `at`.
pub fn finish(out: &mut Vec<u8>, at: usize) {
    let mut length = out.len() - at - LENGTH_BYTES;
    let mut digits = [0u8; LENGTH_BYTES];
    let mut count = 0;
    loop {
        digits[count] = length as u8 & 0x7f | if length >= 0x80 { 0x80 } else { 0 };
        count += 1;
        length >>= 7;
        if length == 0 {
            break;
        }
    }
    out[at..at + count].copy_from_slice(&digits[..count]);
    let spare = LENGTH_BYTES - count;
    out.copy_within(at + LENGTH_BYTES.., at + count);
    out.truncate(out.len() - spare);
}

/// Where kind and body begin in a frame's bytes.
pub fn body_start(frame: &[u8]) -> usize {
    frame.iter().position(|byte| *byte < 0x80).map_or(frame.len(), |last| last + 1)
}

/// Appends a frame.
pub fn write(out: &mut Vec<u8>, frame: &Frame<'_>) {
    let at = start(out, kind_of(frame));
    match frame {
        Frame::Tick => {}
        Frame::Ping(number) | Frame::Pong(number) => write_unsigned(out, *number),
        Frame::Peers(peers) => {
            write_unsigned(out, peers.len() as u64);
            for (name, address) in peers {
                write_bytes(out, name.as_bytes());
                write_bytes(out, address.as_bytes());
            }
        }
        Frame::DefineSchema(bytes) => out.extend_from_slice(bytes),
        Frame::DefineNode(name, creation) => {
            write_bytes(out, name.as_bytes());
            write_unsigned(out, *creation);
        }
        Frame::DefineName(name) => write_bytes(out, name.as_bytes()),
        Frame::Signal(signal) => signal::write_signal(out, signal),
        Frame::Message(to, schema, value) => {
            write_unsigned(out, *to);
            write_value(out, *schema, value);
        }
        Frame::MessageNamed(name, schema, value) => {
            write_unsigned(out, (*name).into());
            write_value(out, *schema, value);
        }
        Frame::Spawn(spawn) => write_spawn(out, spawn),
        Frame::Spawned(request, result) => write_spawned(out, *request, result),
        Frame::Begin(stream, length, piece) => {
            write_unsigned(out, (*stream).into());
            write_unsigned(out, *length);
            out.extend_from_slice(piece);
        }
        Frame::Piece(stream, piece) => {
            write_unsigned(out, (*stream).into());
            out.extend_from_slice(piece);
        }
        Frame::Goodbye(why) => write_bytes(out, why.as_bytes()),
        Frame::Name(frame) => global::write_name(out, frame),
        Frame::Synced => {}
        Frame::NodeGone(node) => write_unsigned(out, (*node).into()),
        Frame::Group(frame) => global::write_group(out, frame),
        Frame::GroupMessage(group, schema, value) => {
            write_bytes(out, group.as_bytes());
            write_value(out, *schema, value);
        }
    }
    finish(out, at);
}

/// Appends a frame with a piece of a long one, the first when `length`, that of the whole, is given. The piece is long: it is written once, behind
/// its length, by `put`, which appends `bytes` bytes.
pub fn write_piece(
    out: &mut Vec<u8>,
    stream: u32,
    length: Option<u64>,
    bytes: usize,
    put: &mut dyn FnMut(&mut Vec<u8>),
) {
    let mut head = vec![if length.is_some() { kind::BEGIN } else { kind::PIECE }];
    write_unsigned(&mut head, stream.into());
    if let Some(length) = length {
        write_unsigned(&mut head, length);
    }
    write_unsigned(out, (head.len() + bytes) as u64);
    out.extend_from_slice(&head);
    put(out);
}

fn write_value(out: &mut Vec<u8>, schema: u32, value: &[u8]) {
    write_unsigned(out, schema.into());
    out.extend_from_slice(value);
}

fn write_spawned(out: &mut Vec<u8>, request: u64, result: &Result<u64, ExitReason>) {
    write_unsigned(out, request);
    match result {
        Ok(pid) => {
            out.push(1);
            write_unsigned(out, *pid);
        }
        Err(reason) => {
            out.push(0);
            signal::write_reason(out, reason);
        }
    }
}

fn write_spawn(out: &mut Vec<u8>, spawn: &Spawn<'_>) {
    write_unsigned(out, spawn.request);
    write_unsigned(out, spawn.parent);
    write_unsigned(out, spawn.actor.into());
    out.push(u8::from(spawn.link) | u8::from(spawn.monitor.is_some()) << 1);
    if let Some(reference) = spawn.monitor {
        write_unsigned(out, reference);
    }
    write_unsigned(out, spawn.arguments.len() as u64);
    for (schema, value) in &spawn.arguments {
        write_unsigned(out, (*schema).into());
        write_bytes(out, value);
    }
}

fn kind_of(frame: &Frame<'_>) -> u8 {
    match frame {
        Frame::Tick => kind::TICK,
        Frame::Ping(_) => kind::PING,
        Frame::Pong(_) => kind::PONG,
        Frame::Peers(_) => kind::PEERS,
        Frame::DefineSchema(_) => kind::DEFINE_SCHEMA,
        Frame::DefineNode(..) => kind::DEFINE_NODE,
        Frame::DefineName(_) => kind::DEFINE_NAME,
        Frame::Signal(_) => kind::SIGNAL,
        Frame::Message(..) => kind::MESSAGE,
        Frame::MessageNamed(..) => kind::MESSAGE_NAMED,
        Frame::Spawn(_) => kind::SPAWN,
        Frame::Spawned(..) => kind::SPAWNED,
        Frame::Begin(..) => kind::BEGIN,
        Frame::Piece(..) => kind::PIECE,
        Frame::Goodbye(_) => kind::GOODBYE,
        Frame::Name(_) => kind::NAME,
        Frame::Synced => kind::SYNCED,
        Frame::NodeGone(_) => kind::NODE_GONE,
        Frame::Group(_) => kind::GROUP,
        Frame::GroupMessage(..) => kind::GROUP_MESSAGE,
    }
}
