//! Unsafe code has few addresses; every other crate forbids it.

use super::scan::{line_of, word_positions};
use super::{RustFile, Subject, Violation};

/// Beginnings of the paths under which `unsafe` may be written.
const ADDRESSES: &[&str] = &[
    "foundation/abi/src/value",
    "runtime/heap/src/",
    "runtime/runtime/src/",
    "compiler/native/src/image",
    "std/native/",
];
/// What the root of every other crate says.
const PROMISE: &str = "#![forbid(unsafe_code)]";

pub fn check(subject: &Subject) -> Vec<Violation> {
    subject.rust.iter().flat_map(|file| unsafe_words(file).into_iter().chain(missing_promise(file))).collect()
}

fn unsafe_words(file: &RustFile) -> Vec<Violation> {
    let path = &file.source.path;
    if ADDRESSES.iter().any(|address| path.starts_with(address)) {
        return Vec::new();
    }
    let code = &file.scan.code;
    let advice = "unsafe code lives in abi's `value`, heap, runtime, native's `image` and std/native only";
    word_positions(code, "unsafe")
        .map(|at| Violation::new(path, line_of(code, at), "unsafe", advice))
        .collect()
}

/// A crate that holds no address of unsafe code has to say so.
fn missing_promise(file: &RustFile) -> Option<Violation> {
    let path = &file.source.path;
    let directory = path.strip_suffix("src/lib.rs").or_else(|| path.strip_suffix("src/main.rs"))?;
    let holds_address =
        ADDRESSES.iter().any(|address| address.starts_with(directory) || directory.starts_with(address));
    let advice = format!("add `{PROMISE}`");
    (!holds_address && !file.scan.code.contains(PROMISE))
        .then(|| Violation::new(path, 1, "unsafe-promise", advice))
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn fires_on_unsafe_outside_its_addresses() {
        let files = [
            ("compiler/core/src/a.rs", "\nfn a() { unsafe { b() } }"),
            ("foundation/abi/src/a.rs", "unsafe fn a() {}"),
        ];
        assert_eq!(places(check, &files), ["compiler/core/src/a.rs:2", "foundation/abi/src/a.rs:1"]);
    }

    #[test]
    fn fires_on_a_crate_without_the_promise() {
        assert_eq!(places(check, &[("compiler/core/src/lib.rs", "//! A.")]), ["compiler/core/src/lib.rs:1"]);
    }

    #[test]
    fn accepts_unsafe_at_its_addresses_and_promises() {
        let files = [
            ("runtime/heap/src/lib.rs", "unsafe fn a() {}"),
            ("compiler/native/src/image.rs", "unsafe fn a() {}"),
            ("compiler/native/src/lib.rs", "//! A."),
            ("compiler/core/src/lib.rs", "#![forbid(unsafe_code)] // unsafe"),
        ];
        assert!(places(check, &files).is_empty());
    }
}
