//! The cookie and what it proves.

use ring::hmac;
use std::fmt;
use zeroize::Zeroizing;

/// The shared secret. Never printed; its memory is cleared when it is dropped.
#[derive(Clone)]
pub struct Cookie(Zeroizing<Vec<u8>>);

/// Shorter cookies draw a warning.
const COOKIE_BYTES_SAFE: usize = 16;

impl Cookie {
    /// A cookie from the program's text.
    pub fn new(text: &str) -> Cookie {
        Cookie(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// Whether it is too short to resist guessing.
    pub fn is_short(&self) -> bool {
        self.0.len() < COOKIE_BYTES_SAFE
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cookie(hidden)")
    }
}

/// Keying material of one TLS channel (RFC 5705), the same on both of its ends and nowhere else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Channel(pub [u8; 32]);

/// Who proves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Dialler,
    Acceptor,
}

/// What both sides have said and over which channel.
#[derive(Clone)]
pub(super) struct Transcript {
    pub channel: Channel,
    pub offer: Vec<u8>,
    pub challenge: Vec<u8>,
}

impl Transcript {
    pub(super) fn prove(&self, cookie: &Cookie, role: Role) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &cookie.0);
        hmac::sign(&key, &self.message(role)).as_ref().to_vec()
    }

    /// Compares in constant time.
    pub(super) fn verify(&self, cookie: &Cookie, role: Role, proof: &[u8]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &cookie.0);
        hmac::verify(&key, &self.message(role), proof).is_ok()
    }

    fn message(&self, role: Role) -> Vec<u8> {
        let mut message = b"snow node proof 1".to_vec();
        message.push(match role {
            Role::Dialler => 1,
            Role::Acceptor => 2,
        });
        for part in [self.channel.0.as_slice(), &self.offer, &self.challenge] {
            message.extend_from_slice(&(part.len() as u64).to_le_bytes());
            message.extend_from_slice(part);
        }
        message
    }
}
