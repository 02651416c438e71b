//! Bytes as text and back.

use std::fmt::Write as _;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};

/// Two lower-case digits a byte.
pub fn to_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Reads either case.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

/// Padded, or the unpadded alphabet for URLs.
pub fn to_base64(bytes: &[u8], url: bool) -> String {
    if url { BASE64URL_NOPAD.encode(bytes) } else { BASE64.encode(bytes) }
}

/// Strict: the very text that [`to_base64`] gives.
pub fn from_base64(text: &str, url: bool) -> Option<Vec<u8>> {
    let encoding = if url { BASE64URL_NOPAD } else { BASE64 };
    encoding.decode(text.as_bytes()).ok()
}

/// As a literal of the language: `b"\x00ab"`.
pub fn debug(bytes: &[u8]) -> String {
    let mut literal = String::with_capacity(bytes.len() + 3);
    literal.push_str("b\"");
    for &byte in bytes {
        match byte {
            b'\n' => literal.push_str("\\n"),
            b'\t' => literal.push_str("\\t"),
            b'\r' => literal.push_str("\\r"),
            b'\\' => literal.push_str("\\\\"),
            b'"' => literal.push_str("\\\""),
            b' '..=b'~' => literal.push(char::from(byte)),
            _ => write!(literal, "\\x{byte:02x}").expect("a String takes everything"),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex() {
        assert_eq!(to_hex(&[0, 255, 16]), "00ff10");
        assert_eq!((from_hex("00FF10"), from_hex("0"), from_hex("zz")), (Some(vec![0, 255, 16]), None, None));
    }

    #[test]
    fn base64() {
        assert_eq!((to_base64(b"a?>", false), to_base64(&[255, 254], true)), ("YT8+".into(), "__4".into()));
        assert_eq!((from_base64("YQ==", false), from_base64("YQ", false)), (Some(b"a".to_vec()), None));
        assert_eq!((from_base64("YQ", true), from_base64("YR==", false)), (Some(b"a".to_vec()), None));
    }

    #[test]
    fn literals() {
        assert_eq!(debug(b"\x00ab\"\\\n\xff"), r#"b"\x00ab\"\\\n\xff""#);
    }
}
