//! The last step: both sides have proved that they know the cookie.

use super::hello::Hello;
use super::proof::{Cookie, Role, Transcript};
use super::{HandshakeError, body, frame, kind};

/// A peer that has proved itself: what a session is made from, and only a handshake makes one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Admitted {
    pub(super) peer: Hello,
    pub(super) me: Hello,
    pub(super) version: u16,
    pub(super) dialled: bool,
}

impl Admitted {
    /// The peer.
    pub fn peer(&self) -> &Hello {
        &self.peer
    }

    /// This node as the peer knows it.
    pub fn me(&self) -> &Hello {
        &self.me
    }

    /// The protocol version agreed on.
    pub fn version(&self) -> u16 {
        self.version
    }

    /// Whether this node dialled.
    pub fn dialled(&self) -> bool {
        self.dialled
    }
}

/// The dialler that has sent its proof.
pub struct ExpectAdmitted {
    pub(super) me: Hello,
    pub(super) peer: Hello,
    pub(super) cookie: Cookie,
    pub(super) transcript: Transcript,
    pub(super) version: u16,
}

impl ExpectAdmitted {
    /// Who answers, unproven.
    pub fn peer(&self) -> &Hello {
        &self.peer
    }

    /// Takes the acceptor's proof: the peer, and the confirmation to send in front of everything else.
    ///
    /// # Errors
    /// When the proof is wrong or the acceptor refuses.
    pub fn receive(self, bytes: &[u8]) -> Result<(Admitted, Vec<u8>), HandshakeError> {
        let proof = body(bytes, kind::ADMITTED, "an admission")?;
        if !self.transcript.verify(&self.cookie, Role::Acceptor, proof) {
            return Err(HandshakeError::WrongCookie);
        }
        let admitted = Admitted { peer: self.peer, me: self.me, version: self.version, dialled: true };
        Ok((admitted, frame(kind::CONFIRM, &[])))
    }
}

/// The acceptor that has sent its proof.
pub struct ExpectConfirm {
    pub(super) admitted: Admitted,
}

impl ExpectConfirm {
    /// Takes the confirmation.
    ///
    /// # Errors
    /// When something else comes.
    pub fn receive(self, bytes: &[u8]) -> Result<Admitted, HandshakeError> {
        match body(bytes, kind::CONFIRM, "a confirmation")? {
            [] => Ok(self.admitted),
            _ => Err(crate::frame::Violation::Unexpected("an empty confirmation").into()),
        }
    }
}
