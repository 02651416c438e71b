//! Frames: what goes over an authenticated connection, and how its bytes are cut.
//!
//! ```text
//! frame   length (LEB128, of what follows) · kind (1 byte) · body
//! ```
//!
//! A frame's numbers belong to its connection: schemas, nodes and names are introduced once by a `Define…` frame, in
//! sequence, and numbered from then on. Pids of the two ends are 48 bits; which end is clear from the frame. A value enters
//! only as [`snow_term::encoded::Encoded`] or [`snow_term::encoded::EncodedPieces`].

mod global;
mod read;
mod reader;
mod signal;
mod write;

pub use global::{GroupFrame, GroupSays, NameFrame, NameSays};
pub use read::read;
pub use reader::FrameReader;
pub use signal::{read_reason, write_reason};
pub use write::{body_start, finish, start, write, write_piece};

use snow_process::ExitReason;
use snow_term::error::DecodeError;
use std::fmt;

/// Everything that a peer may say after authentication.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Frame<'a> {
    /// A sign of life.
    Tick,
    /// Wants a `Pong` with the same number.
    Ping(u64),
    /// Answer to a `Ping`.
    Pong(u64),
    /// The peers of a node that is no hidden one: names and addresses.
    Peers(Vec<(&'a str, &'a str)>),
    /// The schema with the next number.
    DefineSchema(&'a [u8]),
    /// The node with the next number: name and creation.
    DefineNode(&'a str, u64),
    /// The registered or actor's name with the next number.
    DefineName(&'a str),
    /// A signal from a process of the sender's node to one of the receiver's.
    Signal(RemoteSignal),
    /// A value for a process: its 48 bits, the schema, the value.
    Message(u64, u32, &'a [u8]),
    /// A value for a registered name: name, schema, value.
    MessageNamed(u32, u32, &'a [u8]),
    /// A wish to spawn.
    Spawn(Spawn<'a>),
    /// What became of a spawn: request and the new process's 48 bits, or why there is none.
    Spawned(u64, Result<u64, ExitReason>),
    /// The beginning of a frame in pieces: stream, length of the whole, first piece.
    Begin(u32, u64, &'a [u8]),
    /// Another piece.
    Piece(u32, &'a [u8]),
    /// The sender closes the connection: why, empty for an ordinary end.
    Goodbye(&'a str),
    /// Something about a name that the mesh knows.
    Name(NameFrame<'a>),
    /// All names and groups of the sender have been told.
    Synced,
    /// The sender has lost a node, whose names it had told.
    NodeGone(u32),
    /// Something about a group of processes.
    Group(GroupFrame<'a>),
    /// A value for all members of a group on the receiver's node: group, schema, value.
    GroupMessage(&'a str, u32, &'a [u8]),
}

/// A signal between two nodes; `from` is of the sender's node, `to` of the receiver's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RemoteSignal {
    /// 48 bits on the receiver's node.
    pub to: u64,
    /// 48 bits on the sender's node.
    pub from: u64,
    /// What happens.
    pub what: SignalKind,
}

/// What a signal says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SignalKind {
    /// See `process::Signal::Link`.
    Link,
    /// See `process::Signal::Unlink`.
    Unlink,
    /// See `process::Signal::UnlinkAnswer`.
    UnlinkAnswer,
    /// See `process::Signal::LinkExit`.
    LinkExit(ExitReason),
    /// See `process::Signal::Exit`.
    Exit(ExitReason),
    /// See `process::Signal::Monitor`.
    Monitor(u64),
    /// See `process::Signal::Demonitor`.
    Demonitor(u64),
    /// See `process::Signal::Down`.
    Down(u64, ExitReason),
}

/// A wish to spawn a `pub actor`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spawn<'a> {
    /// Number of the wish, the sender's.
    pub request: u64,
    /// The wishing process.
    pub parent: u64,
    /// Number of the actor's name.
    pub actor: u32,
    /// Whether the two are linked.
    pub link: bool,
    /// The parent's monitor.
    pub monitor: Option<u64>,
    /// Schema and value of each argument.
    pub arguments: Vec<(u32, &'a [u8])>,
}

/// How a peer can be wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Violation {
    /// A frame over the limit that holds at that moment.
    FrameTooLong,
    /// A frame of a kind that does not exist.
    UnknownKind(u8),
    /// A frame whose body is malformed.
    Malformed(DecodeError),
    /// A name that is too long or no node name.
    BadName,
    /// A number that was never defined.
    Undefined(&'static str),
    /// More definitions than a connection may have.
    TooManyDefinitions,
    /// A piece of a frame that was not begun, a stream begun twice, or a piece beyond the length.
    BadPiece,
    /// A message over this node's bound.
    MessageTooLong,
    /// More in pieces at once than this node takes.
    TooManyPieces,
    /// More links and monitors than a peer may hold here.
    TooManyEntries,
    /// A pid over 48 bits.
    BadPid,
    /// A frame that does not belong there.
    Unexpected(&'static str),
    /// More names, claims or members than a peer may have.
    TooManyNames,
    /// A name for a process of some third node.
    NotItsOwn,
    /// A moment that no clock shows.
    BadStamp,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::FrameTooLong => f.write_str("a frame is too long"),
            Violation::UnknownKind(kind) => write!(f, "frame kind {kind} does not exist"),
            Violation::Malformed(error) => write!(f, "a frame is malformed: {error}"),
            Violation::BadName => f.write_str("a name is malformed"),
            Violation::Undefined(what) => write!(f, "a {what} was never introduced"),
            Violation::TooManyDefinitions => f.write_str("too many schemas, nodes or names were introduced"),
            Violation::BadPiece => f.write_str("a piece of a message does not belong to any"),
            Violation::MessageTooLong => f.write_str("a message is over this node's max_message"),
            Violation::TooManyPieces => f.write_str("too much is in pieces at once"),
            Violation::TooManyEntries => f.write_str("it holds too many links and monitors on this node"),
            Violation::BadPid => f.write_str("a pid is over 48 bits"),
            Violation::Unexpected(expected) => write!(f, "something came where {expected} belongs"),
            Violation::TooManyNames => f.write_str("it has too many names, claims or members of groups"),
            Violation::NotItsOwn => f.write_str("it names a process that is not its own"),
            Violation::BadStamp => f.write_str("a name has a moment that no clock shows"),
        }
    }
}

impl std::error::Error for Violation {}

impl From<DecodeError> for Violation {
    fn from(error: DecodeError) -> Violation {
        Violation::Malformed(error)
    }
}

/// The kinds' bytes.
pub(crate) mod kind {
    pub const TICK: u8 = 16;
    pub const PING: u8 = 17;
    pub const PONG: u8 = 18;
    pub const PEERS: u8 = 19;
    pub const DEFINE_SCHEMA: u8 = 20;
    pub const DEFINE_NODE: u8 = 21;
    pub const DEFINE_NAME: u8 = 22;
    pub const SIGNAL: u8 = 23;
    pub const MESSAGE: u8 = 24;
    pub const MESSAGE_NAMED: u8 = 25;
    pub const SPAWN: u8 = 26;
    pub const SPAWNED: u8 = 27;
    pub const BEGIN: u8 = 28;
    pub const PIECE: u8 = 29;
    pub const GOODBYE: u8 = 30;
    pub const NAME: u8 = 31;
    pub const SYNCED: u8 = 32;
    pub const NODE_GONE: u8 = 33;
    pub const GROUP: u8 = 34;
    pub const GROUP_MESSAGE: u8 = 35;
}

#[cfg(test)]
mod tests;
