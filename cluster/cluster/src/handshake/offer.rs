//! The first step: the dialler's offer, and the acceptor that awaits it.

use super::challenge::{ExpectChallenge, ExpectProof};
use super::hello::{Hello, VERSION_MAX, VERSION_MIN};
use super::proof::{Channel, Cookie, Transcript};
use super::{HandshakeError, Refusal, body, frame, kind};
use crate::name::NodeName;

/// Begins as dialler towards `target`: the state and the offer to send.
pub fn dial(me: Hello, cookie: Cookie, channel: Channel, target: NodeName) -> (ExpectChallenge, Vec<u8>) {
    let offer = me.write();
    let out = frame(kind::OFFER, &offer);
    (ExpectChallenge { me, cookie, channel, target, offer }, out)
}

/// The acceptor before it knows anything.
pub struct ExpectOffer {
    me: Hello,
    cookie: Cookie,
    channel: Channel,
}

impl ExpectOffer {
    /// Begins as acceptor.
    pub fn new(me: Hello, cookie: Cookie, channel: Channel) -> ExpectOffer {
        ExpectOffer { me, cookie, channel }
    }

    /// Takes the offer: the next state and the challenge to send.
    ///
    /// # Errors
    /// When it is malformed or the versions do not meet; [`HandshakeError::refusal`] is what to send then.
    pub fn receive(self, bytes: &[u8]) -> Result<(ExpectProof, Vec<u8>), HandshakeError> {
        let offer = body(bytes, kind::OFFER, "an offer")?;
        let peer = Hello::read(offer)?;
        let version = self
            .me
            .common_version(&peer)
            .ok_or(HandshakeError::Version(peer.version_min, peer.version_max))?;
        let challenge = self.me.write();
        let out = frame(kind::CHALLENGE, &challenge);
        let transcript = Transcript { channel: self.channel, offer: offer.to_vec(), challenge };
        Ok((ExpectProof { me: self.me, peer, cookie: self.cookie, transcript, version }, out))
    }
}

impl HandshakeError {
    /// What an acceptor tells the dialler, when that helps it.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            HandshakeError::Version(..) => Some(Refusal::Version(VERSION_MIN, VERSION_MAX)),
            HandshakeError::WrongCookie => Some(Refusal::WrongCookie),
            _ => None,
        }
    }
}
