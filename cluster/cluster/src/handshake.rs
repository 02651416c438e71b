//! Authentication: from a fresh TLS channel to an [`Admitted`] peer, a type per expected moment.
//!
//! ```text
//! dialler                                acceptor
//!   Offer(hello) ------------------------> ExpectOffer
//!   ExpectChallenge <----------- Challenge(hello)
//!   Proof -------------------------------> ExpectProof -> Proven: the mesh decides
//!   ExpectAdmitted <------------ Admitted(proof)
//!   Confirm -----------------------------> ExpectConfirm
//! ```
//!
//! A proof is an HMAC-SHA256 under the cookie over the prover's role, the exporter material of the TLS channel, and both hellos as
//! sent: names, creations, nonces, versions, flags. A relay between two channels, a recording and a reflection all fail.
//! Instead of any answer the acceptor may send a [`Refusal`].

mod admitted;
mod challenge;
mod hello;
mod offer;
mod proof;
mod refusal;

pub use admitted::{Admitted, ExpectAdmitted, ExpectConfirm};
pub use challenge::{ExpectChallenge, ExpectProof, Proven};
pub use hello::{Hello, VERSION_MAX, VERSION_MIN, flag};
pub use offer::{ExpectOffer, dial};
pub use proof::{Channel, Cookie};
pub use refusal::Refusal;

use crate::frame::Violation;
use crate::name::NodeName;
use std::fmt;

/// Why a handshake ended without a peer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HandshakeError {
    /// The other side broke the protocol.
    Violation(Violation),
    /// The acceptor refused, and said why.
    Refused(Refusal),
    /// The other side's proof is wrong: it has another cookie, or someone is in between.
    WrongCookie,
    /// No version in common: the other side's range.
    Version(u16, u16),
    /// Another node answers at that address.
    OtherName(NodeName),
}

impl fmt::Display for HandshakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HandshakeError::Violation(violation) => violation.fmt(f),
            HandshakeError::Refused(refusal) => write!(f, "refused: {refusal}"),
            HandshakeError::WrongCookie => f.write_str("its cookie is another"),
            HandshakeError::Version(min, max) => write!(f, "it speaks protocol versions {min} to {max}"),
            HandshakeError::OtherName(name) => write!(f, "the node at that address is {name}"),
        }
    }
}

impl std::error::Error for HandshakeError {}

impl From<Violation> for HandshakeError {
    fn from(violation: Violation) -> HandshakeError {
        HandshakeError::Violation(violation)
    }
}

impl From<snow_term::error::DecodeError> for HandshakeError {
    fn from(error: snow_term::error::DecodeError) -> HandshakeError {
        HandshakeError::Violation(error.into())
    }
}

/// The kinds' bytes; those of sessions begin at 16.
pub(crate) mod kind {
    pub const OFFER: u8 = 1;
    pub const CHALLENGE: u8 = 2;
    pub const PROOF: u8 = 3;
    pub const ADMITTED: u8 = 4;
    pub const CONFIRM: u8 = 5;
    pub const REFUSAL: u8 = 6;
}

/// A frame with this kind and body.
fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![];
    let at = crate::frame::start(&mut out, kind);
    out.extend_from_slice(body);
    crate::frame::finish(&mut out, at);
    out
}

/// The body of a frame that must be of `kind`; a refusal in its place is an error of its own.
fn body<'a>(bytes: &'a [u8], kind: u8, expected: &'static str) -> Result<&'a [u8], HandshakeError> {
    match bytes.split_first() {
        Some((k, body)) if *k == kind => Ok(body),
        Some((&kind::REFUSAL, body)) => Err(HandshakeError::Refused(Refusal::read(body)?)),
        _ => Err(Violation::Unexpected(expected).into()),
    }
}

#[cfg(test)]
mod tests;
