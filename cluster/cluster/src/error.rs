//! What goes wrong with nodes, in words that say what to do.
//!
//! Kinds for the standard library's `NodeError`, see [`NodeError::kind`]:
//! 0 AlreadyStarted, 1 BadName, 2 PortInUse, 3 Certificate, 4 WrongCookie, 5 NameTaken, 6 Version, 7 Timeout,
//! 8 Unreachable, 9 Unresolved, 10 NotStarted, 11 SelfConnect, 12 Other.

use crate::name::NodeName;
use std::fmt;

/// Why a call of `Node` failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NodeError {
    /// `Node.start` on a node that is started, with its name.
    AlreadyStarted(String),
    /// A malformed node name.
    BadName(String),
    /// The address to listen at is in use.
    PortInUse(String),
    /// A certificate or key that cannot be used.
    Certificate(String),
    /// The peer has another cookie.
    WrongCookie(NodeName),
    /// A node of this name is in the mesh already.
    NameTaken(NodeName),
    /// No protocol version in common: the peer's range and this node's.
    Version(NodeName, (u16, u16), (u16, u16)),
    /// No answer in time; the milliseconds waited.
    Timeout(NodeName, u64),
    /// No connection, with the system's reason.
    Unreachable(NodeName, String),
    /// Nothing knows the address, with the places asked.
    Unresolved(NodeName, String),
    /// This node is not started.
    NotStarted,
    /// A node may not connect to itself.
    SelfConnect(NodeName),
    /// Anything else, in words.
    Other(String),
}

impl NodeError {
    /// The number by which the standard library knows the kind.
    pub fn kind(&self) -> i64 {
        match self {
            NodeError::AlreadyStarted(_) => 0,
            NodeError::BadName(_) => 1,
            NodeError::PortInUse(_) => 2,
            NodeError::Certificate(_) => 3,
            NodeError::WrongCookie(_) => 4,
            NodeError::NameTaken(_) => 5,
            NodeError::Version(..) => 6,
            NodeError::Timeout(..) => 7,
            NodeError::Unreachable(..) => 8,
            NodeError::Unresolved(..) => 9,
            NodeError::NotStarted => 10,
            NodeError::SelfConnect(_) => 11,
            NodeError::Other(_) => 12,
        }
    }
}

impl fmt::Display for NodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NodeError::AlreadyStarted(name) => {
                write!(f, "this node is started already, as {name}; call Node.stop() first to start it anew")
            }
            NodeError::BadName(text) => {
                write!(
                    f,
                    "{text:?} is not a node name; write name@host or name@host:port with a port up to 65535, such as bank@127.0.0.1"
                )
            }
            NodeError::PortInUse(address) => {
                write!(f, "{address} is in use by another program; give another port or none")
            }
            NodeError::Certificate(text) => write!(f, "the certificate cannot be used: {text}"),
            NodeError::WrongCookie(name) => {
                write!(f, "{name} has another cookie; start both nodes with the same one (SNOW_COOKIE)")
            }
            NodeError::NameTaken(name) => {
                write!(f, "the mesh has a node named {name} already; start this one under another name")
            }
            NodeError::Version(name, theirs, ours) => write!(
                f,
                "{name} speaks protocol versions {} to {} and this node {} to {}; update the older one",
                theirs.0, theirs.1, ours.0, ours.1
            ),
            NodeError::Timeout(name, ms) => {
                write!(
                    f,
                    "{name} did not answer within {ms} ms; check that it runs and that no firewall is between"
                )
            }
            NodeError::Unreachable(name, text) => {
                write!(f, "cannot connect to {name}: {text}; check that it runs and at which port")
            }
            NodeError::Unresolved(name, places) => {
                write!(
                    f,
                    "nobody knows the address of {name} (asked: {places}); write its port, name@host:port, or start it"
                )
            }
            NodeError::NotStarted => {
                f.write_str("this node is not started; call Node.start(name, cookie: ...) first")
            }
            NodeError::SelfConnect(name) => write!(f, "{name} is this node itself; give the name of another"),
            NodeError::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for NodeError {}

/// What the system says of a failure, without the number behind it.
pub(crate) fn system_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// Why a connection ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CloseReason {
    /// `Node.disconnect` here.
    Disconnected,
    /// `Node.stop` here.
    Stopped,
    /// The peer said goodbye.
    PeerLeft,
    /// The peer closed it because of something this node did.
    PeerRefused(String),
    /// The socket ended or failed.
    Lost(String),
    /// The peer does not trust this node's certificate.
    Distrusted,
    /// Nothing came for the heartbeat.
    Silent,
    /// The peer broke the protocol.
    Misbehaved(crate::frame::Violation),
    /// The peer's node was started anew, or a second connection took over.
    Replaced,
}

impl CloseReason {
    /// Whether it is a fault, which both sides log, and not somebody's wish.
    pub(crate) fn is_fault(&self) -> bool {
        match self {
            CloseReason::Lost(_) | CloseReason::Silent | CloseReason::Distrusted => true,
            CloseReason::Misbehaved(_) | CloseReason::PeerRefused(_) => true,
            CloseReason::Disconnected | CloseReason::Stopped => false,
            CloseReason::PeerLeft | CloseReason::Replaced => false,
        }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CloseReason::Disconnected => f.write_str("this node disconnected"),
            CloseReason::Stopped => f.write_str("this node stopped"),
            CloseReason::PeerLeft => f.write_str("the peer stopped or disconnected"),
            CloseReason::PeerRefused(text) => write!(f, "the peer closed the connection: {text}"),
            CloseReason::Lost(text) => write!(f, "the connection was lost: {text}"),
            CloseReason::Distrusted => f.write_str("the peer does not trust this node's certificate"),
            CloseReason::Silent => f.write_str("the peer was silent for longer than the heartbeat"),
            CloseReason::Misbehaved(violation) => write!(f, "the peer broke the protocol: {violation}"),
            CloseReason::Replaced => f.write_str("another connection to the peer took its place"),
        }
    }
}
