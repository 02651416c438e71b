//! One frame from its bytes, everything checked.

use super::{Frame, Spawn, Violation, global, kind, signal};
use crate::limits::{NAME_BYTES_MAX, PEERS_MAX, PROCESS_NAME_BYTES_MAX, REASON_BYTES_MAX};
use snow_term::error::DecodeError;
use snow_term::wire::Cursor;

/// Largest 48-bit number.
const PID_MAX: u64 = (1 << 48) - 1;

/// Reads a frame from its kind and body, without the length in front.
///
/// # Errors
/// When the bytes are not exactly one frame.
pub fn read(bytes: &[u8]) -> Result<Frame<'_>, Violation> {
    let mut cursor = Cursor::new(bytes);
    let c = &mut cursor;
    let frame = match c.byte()? {
        kind::TICK => Frame::Tick,
        kind::PING => Frame::Ping(c.unsigned()?),
        kind::PONG => Frame::Pong(c.unsigned()?),
        kind::PEERS => Frame::Peers(peers(c)?),
        kind::DEFINE_SCHEMA => Frame::DefineSchema(c.rest()),
        kind::DEFINE_NODE => Frame::DefineNode(c.name(NAME_BYTES_MAX)?, c.unsigned()?),
        kind::DEFINE_NAME => Frame::DefineName(c.name(PROCESS_NAME_BYTES_MAX)?),
        kind::SIGNAL => Frame::Signal(signal::read_signal(c)?),
        kind::MESSAGE => Frame::Message(pid(c)?, c.index()?, c.rest()),
        kind::MESSAGE_NAMED => Frame::MessageNamed(c.index()?, c.index()?, c.rest()),
        kind::SPAWN => Frame::Spawn(spawn(c)?),
        kind::SPAWNED => Frame::Spawned(c.unsigned()?, {
            match c.byte()? {
                0 => Err(signal::read_reason(c)?),
                1 => Ok(pid(c)?),
                _ => return Err(DecodeError::BadByte.into()),
            }
        }),
        kind::BEGIN => Frame::Begin(c.index()?, c.unsigned()?, c.rest()),
        kind::PIECE => Frame::Piece(c.index()?, c.rest()),
        kind::GOODBYE => Frame::Goodbye(c.name(REASON_BYTES_MAX)?),
        kind::NAME => Frame::Name(global::read_name(c)?),
        kind::SYNCED => Frame::Synced,
        kind::NODE_GONE => Frame::NodeGone(c.index()?),
        kind::GROUP => Frame::Group(global::read_group(c)?),
        kind::GROUP_MESSAGE => Frame::GroupMessage(c.name(PROCESS_NAME_BYTES_MAX)?, c.index()?, c.rest()),
        other => return Err(Violation::UnknownKind(other)),
    };
    cursor.finish()?;
    Ok(frame)
}

pub(super) fn pid(cursor: &mut Cursor<'_>) -> Result<u64, Violation> {
    let pid = cursor.unsigned()?;
    if pid > PID_MAX { Err(Violation::BadPid) } else { Ok(pid) }
}

fn peers<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<(&'a str, &'a str)>, Violation> {
    let count = cursor.count()?;
    if count > PEERS_MAX {
        return Err(Violation::TooManyDefinitions);
    }
    (0..count).map(|_| Ok((cursor.name(NAME_BYTES_MAX)?, cursor.name(NAME_BYTES_MAX)?))).collect()
}

fn spawn<'a>(cursor: &mut Cursor<'a>) -> Result<Spawn<'a>, Violation> {
    let request = cursor.unsigned()?;
    let parent = pid(cursor)?;
    let actor = cursor.index()?;
    let flags = cursor.byte()?;
    if flags > 3 {
        return Err(DecodeError::BadByte.into());
    }
    let monitor = if flags & 2 != 0 { Some(cursor.unsigned()?) } else { None };
    let count = cursor.count()?;
    let argument = |_| Ok::<_, DecodeError>((cursor.index()?, cursor.bytes()?));
    let arguments = (0..count).map(argument).collect::<Result<_, _>>()?;
    Ok(Spawn { request, parent, actor, link: flags & 1 != 0, monitor, arguments })
}
