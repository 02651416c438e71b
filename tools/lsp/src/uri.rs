//! Paths as the URIs of the protocol, and back.

use lsp_types::Uri;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

const SCHEME: &str = "file://";

/// The URI of a file; `None` for a path that cannot be one.
pub fn of_path(path: &Path) -> Option<Uri> {
    let mut text = SCHEME.to_string();
    for byte in path.to_str()?.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a string takes all text");
        }
    }
    Uri::from_str(&text).ok()
}

/// The path of a file's URI. Any other document, such as one that was never saved, has its URI for a path.
pub fn to_path(uri: &Uri) -> PathBuf {
    let text = uri.as_str();
    let path = text.strip_prefix(SCHEME).and_then(|rest| rest.find('/').map(|slash| &rest[slash..]));
    path.and_then(decoded).map_or_else(|| PathBuf::from(text), PathBuf::from)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        for path in ["/home/ann/main.snow", "/with space/ü%.snow", "/a+b/c#d.snow"] {
            let uri = of_path(Path::new(path)).expect("a URI");
            assert_eq!(to_path(&uri), Path::new(path), "{}", uri.as_str());
        }
    }

    #[test]
    fn other_documents_keep_their_uri() {
        let uri = Uri::from_str("untitled:Untitled-1").expect("a URI");
        assert_eq!(to_path(&uri), Path::new("untitled:Untitled-1"));
        let broken = Uri::from_str("file:///a%zz").ok();
        assert!(broken.is_none_or(|uri| to_path(&uri) == Path::new("file:///a%zz")));
    }
}
