//! Modules are named for what they hold: no `mod.rs`, no drawer for odds and ends.

use super::scan::{is_word, line_of, word_positions};
use super::{RustFile, Subject, Violation};

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["common", "helper", "helpers", "manager", "misc", "util", "utils"];

pub fn check(subject: &Subject) -> Vec<Violation> {
    let files = subject.rust.iter();
    files.flat_map(|file| check_path(&file.source.path).into_iter().chain(check_modules(file))).collect()
}

fn check_path(path: &str) -> Option<Violation> {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    if stem == "mod" || stem.ends_with("/mod") {
        return Some(Violation::new(path, 1, "mod-rs", "name the file for its module, beside its directory"));
    }
    let empty = stem.split('/').find(|part| EMPTY_NAMES.contains(part))?;
    Some(Violation::new(path, 1, "empty-name", advice(empty)))
}

/// Modules that have no file of their own.
fn check_modules(file: &RustFile) -> Vec<Violation> {
    let code = &file.scan.code;
    word_positions(code, "mod")
        .filter_map(|at| {
            let rest = code[at + "mod".len()..].trim_start();
            let end = rest.bytes().position(|b| !is_word(b)).unwrap_or(rest.len());
            let is_inline = rest[end..].trim_start().starts_with('{');
            let name = &rest[..end];
            let line = line_of(code, at);
            (is_inline && EMPTY_NAMES.contains(&name))
                .then(|| Violation::new(&file.source.path, line, "empty-name", advice(name)))
        })
        .collect()
}

fn advice(name: &str) -> String {
    format!("`{name}` says nothing: name the module for the one thing it holds")
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn fires_on_mod_rs_and_empty_names() {
        let files = [("a/mod.rs", ""), ("a/utils.rs", ""), ("common/a.rs", ""), ("b.rs", "\nmod misc { }")];
        assert_eq!(places(check, &files), ["a/mod.rs:1", "a/utils.rs:1", "b.rs:2", "common/a.rs:1"]);
    }

    #[test]
    fn accepts_names_that_only_contain_them() {
        let files = [("commonly.rs", "mod a { }"), ("model.rs", "// mod utils {"), ("x/modes.rs", "")];
        assert!(places(check, &files).is_empty());
    }
}
