//! Every Rust file opens with `//!`: what it is, what goes in and out, what it guards.

use super::{Subject, Violation};

/// Lines that may stand before the module's comment.
const MARKS: &[&str] = &["// tidy: table", "#!"];

pub fn check(subject: &Subject) -> Vec<Violation> {
    let opens_well = |text: &str| {
        let first = text.lines().find(|line| !MARKS.iter().any(|mark| line.starts_with(mark)));
        first.is_some_and(|line| line.starts_with("//!"))
    };
    let silent = subject.rust.iter().filter(|file| !opens_well(&file.source.text));
    silent
        .map(|file| Violation::new(&file.source.path, 1, "opening", "say in a `//!` line what this file is"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn fires_without_a_module_comment() {
        let files = [("a.rs", "use std::fmt;\n//! late"), ("b.rs", ""), ("c.rs", "// plain")];
        assert_eq!(places(check, &files), ["a.rs:1", "b.rs:1", "c.rs:1"]);
    }

    #[test]
    fn accepts_a_module_comment_and_marks_before_it() {
        let files = [("a.rs", "//! A.\n"), ("b.rs", "// tidy: table\n//! B.\n"), ("c.md", "text")];
        assert!(places(check, &files).is_empty());
    }
}
