//! Why an acceptor does not take a dialler.

use super::hello::small;
use super::{frame, kind};
use crate::frame::Violation;
use snow_term::wire::{Cursor, write_unsigned};
use std::fmt;

/// A refusal and what it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The dialler's proof is wrong.
    WrongCookie,
    /// No version in common: the acceptor's range.
    Version(u16, u16),
    /// Another node of this name is in the mesh.
    NameTaken,
    /// The dialler is the acceptor.
    SelfConnect,
    /// The two are connected already.
    Connected,
    /// The acceptor's own connection to the dialler is under way and goes first.
    Crossing,
    /// Too many handshakes at once.
    Busy,
    /// The acceptor is stopping.
    Stopping,
    /// The dialler's certificate is not made out to the host in its name.
    WrongCertificate,
}

impl Refusal {
    /// The whole frame.
    pub fn frame(self) -> Vec<u8> {
        let mut body = vec![match self {
            Refusal::WrongCookie => 0,
            Refusal::Version(..) => 1,
            Refusal::NameTaken => 2,
            Refusal::SelfConnect => 3,
            Refusal::Connected => 4,
            Refusal::Crossing => 5,
            Refusal::Busy => 6,
            Refusal::Stopping => 7,
            Refusal::WrongCertificate => 8,
        }];
        if let Refusal::Version(min, max) = self {
            write_unsigned(&mut body, min.into());
            write_unsigned(&mut body, max.into());
        }
        frame(kind::REFUSAL, &body)
    }

    /// Reads the body of a refusal.
    ///
    /// # Errors
    /// When it is malformed.
    pub fn read(body: &[u8]) -> Result<Refusal, Violation> {
        let mut cursor = Cursor::new(body);
        let refusal = match cursor.byte()? {
            0 => Refusal::WrongCookie,
            1 => Refusal::Version(small(&mut cursor)?, small(&mut cursor)?),
            2 => Refusal::NameTaken,
            3 => Refusal::SelfConnect,
            4 => Refusal::Connected,
            5 => Refusal::Crossing,
            6 => Refusal::Busy,
            7 => Refusal::Stopping,
            8 => Refusal::WrongCertificate,
            _ => return Err(Violation::Unexpected("a known refusal")),
        };
        cursor.finish()?;
        Ok(refusal)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::WrongCookie => f.write_str("the cookie is another"),
            Refusal::Version(min, max) => write!(f, "only protocol versions {min} to {max} are spoken here"),
            Refusal::NameTaken => f.write_str("another node has this name"),
            Refusal::SelfConnect => f.write_str("this is the node itself"),
            Refusal::Connected => f.write_str("the nodes are connected already"),
            Refusal::Crossing => f.write_str("a connection in the other direction is under way"),
            Refusal::Busy => f.write_str("too many connections at once"),
            Refusal::Stopping => f.write_str("the node is stopping"),
            Refusal::WrongCertificate => f.write_str("the certificate is made out to another host"),
        }
    }
}
