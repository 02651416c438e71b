//! What both sides say of themselves, in offer and challenge alike.

use crate::frame::Violation;
use crate::limits::NAME_BYTES_MAX;
use crate::name::NodeName;
use snow_term::wire::{Cursor, write_bytes, write_unsigned};

/// Oldest protocol version that this node speaks.
pub const VERSION_MIN: u16 = 1;
/// Newest protocol version that this node speaks.
pub const VERSION_MAX: u16 = 1;

/// Flags of a hello; the upper 16 bits are such that a side which does not know them must refuse.
pub mod flag {
    /// Takes no part in the mesh.
    pub const HIDDEN: u32 = 1;
    /// Refuses remote spawns.
    pub const NO_SPAWN: u32 = 2;
    /// Flags that must be known.
    pub const REQUIRED: u32 = 0xffff_0000;
}

/// One side's description of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hello {
    /// Oldest version spoken.
    pub version_min: u16,
    /// Newest version spoken.
    pub version_max: u16,
    /// See [`flag`].
    pub flags: u32,
    /// The node.
    pub name: NodeName,
    /// Drawn at its start; grows from start to start.
    pub creation: u64,
    /// Never used twice.
    pub nonce: [u8; 32],
    /// Where it listens.
    pub port: u16,
    /// Longest message that it takes.
    pub message_bytes_max: u64,
    /// Its heartbeat in milliseconds.
    pub heartbeat_ms: u64,
}

impl Hello {
    /// Its bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut out = vec![];
        write_unsigned(&mut out, self.version_min.into());
        write_unsigned(&mut out, self.version_max.into());
        write_unsigned(&mut out, self.flags.into());
        write_bytes(&mut out, self.name.as_str().as_bytes());
        write_unsigned(&mut out, self.creation);
        out.extend_from_slice(&self.nonce);
        write_unsigned(&mut out, self.port.into());
        write_unsigned(&mut out, self.message_bytes_max);
        write_unsigned(&mut out, self.heartbeat_ms);
        out
    }

    /// Reads what [`Hello::write`] made. Bytes behind it are a newer version's and ignored.
    ///
    /// # Errors
    /// When it is malformed or has an unknown required flag.
    pub fn read(bytes: &[u8]) -> Result<Hello, Violation> {
        let mut c = Cursor::new(bytes);
        let hello = Hello {
            version_min: small(&mut c)?,
            version_max: small(&mut c)?,
            flags: c.index()?,
            name: NodeName::new(c.name(NAME_BYTES_MAX)?).map_err(|_| Violation::BadName)?,
            creation: c.unsigned()?,
            nonce: c.take(32)?.try_into().expect("32 bytes were taken"),
            port: small(&mut c)?,
            message_bytes_max: c.unsigned()?,
            heartbeat_ms: c.unsigned()?,
        };
        if hello.flags & flag::REQUIRED != 0 {
            return Err(Violation::Unexpected("a known required flag"));
        }
        Ok(hello)
    }

    /// The newest version that both sides speak.
    pub fn common_version(&self, other: &Hello) -> Option<u16> {
        let newest = self.version_max.min(other.version_max);
        (newest >= self.version_min.max(other.version_min)).then_some(newest)
    }
}

/// A number of 16 bits.
pub(super) fn small(cursor: &mut Cursor<'_>) -> Result<u16, Violation> {
    u16::try_from(cursor.unsigned()?)
        .map_err(|_| Violation::Malformed(snow_term::error::DecodeError::BadInteger))
}
