//! The second step: the acceptor's challenge, answered by the dialler's proof.

use super::admitted::{Admitted, ExpectAdmitted, ExpectConfirm};
use super::hello::Hello;
use super::proof::{Channel, Cookie, Role, Transcript};
use super::{HandshakeError, Refusal, body, frame, kind};
use crate::name::NodeName;

/// The dialler that has sent its offer.
pub struct ExpectChallenge {
    pub(super) me: Hello,
    pub(super) cookie: Cookie,
    pub(super) channel: Channel,
    pub(super) target: NodeName,
    pub(super) offer: Vec<u8>,
}

impl ExpectChallenge {
    /// Takes the challenge: the next state and the proof to send.
    ///
    /// # Errors
    /// When it is malformed, another node answers, the versions do not meet, or the acceptor refuses.
    pub fn receive(self, bytes: &[u8]) -> Result<(ExpectAdmitted, Vec<u8>), HandshakeError> {
        let challenge = body(bytes, kind::CHALLENGE, "a challenge")?;
        let peer = Hello::read(challenge)?;
        if peer.name != self.target {
            return Err(HandshakeError::OtherName(peer.name));
        }
        let version = self
            .me
            .common_version(&peer)
            .ok_or(HandshakeError::Version(peer.version_min, peer.version_max))?;
        let transcript =
            Transcript { channel: self.channel, offer: self.offer, challenge: challenge.to_vec() };
        let out = frame(kind::PROOF, &transcript.prove(&self.cookie, Role::Dialler));
        Ok((ExpectAdmitted { me: self.me, peer, cookie: self.cookie, transcript, version }, out))
    }
}

/// The acceptor that has sent its challenge.
pub struct ExpectProof {
    pub(super) me: Hello,
    pub(super) peer: Hello,
    pub(super) cookie: Cookie,
    pub(super) transcript: Transcript,
    pub(super) version: u16,
}

impl ExpectProof {
    /// Who the dialler says it is, unproven: for the log only.
    pub fn claimed(&self) -> &NodeName {
        &self.peer.name
    }

    /// Takes the dialler's proof.
    ///
    /// # Errors
    /// When it is wrong.
    pub fn receive(self, bytes: &[u8]) -> Result<Proven, HandshakeError> {
        let proof = body(bytes, kind::PROOF, "a proof")?;
        match self.transcript.verify(&self.cookie, Role::Dialler, proof) {
            true => Ok(Proven { inner: self }),
            false => Err(HandshakeError::WrongCookie),
        }
    }
}

/// A dialler that knows the cookie; the mesh decides whether it is taken.
pub struct Proven {
    inner: ExpectProof,
}

impl Proven {
    /// Who the dialler is.
    pub fn peer(&self) -> &Hello {
        &self.inner.peer
    }

    /// Takes it: the next state and the acceptor's own proof to send.
    pub fn admit(self) -> (ExpectConfirm, Vec<u8>) {
        let ExpectProof { me, peer, cookie, transcript, version } = self.inner;
        let out = frame(kind::ADMITTED, &transcript.prove(&cookie, Role::Acceptor));
        (ExpectConfirm { admitted: Admitted { peer, me, version, dialled: false } }, out)
    }

    /// Does not take it: what to send.
    pub fn refuse(self, refusal: Refusal) -> Vec<u8> {
        refusal.frame()
    }
}
