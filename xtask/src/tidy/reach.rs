//! Every Rust file is part of some crate: a root that Cargo knows, or reached from one by `mod`.

use super::scan::{is_word, word_positions};
use super::{RustFile, Subject, Violation};
use std::collections::{BTreeMap, BTreeSet};

pub fn check(subject: &Subject) -> Vec<Violation> {
    let files: BTreeMap<&str, &RustFile> =
        subject.rust.iter().map(|file| (file.source.path.as_str(), file)).collect();
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<(String, String)> = roots(subject, &files);
    while let Some((path, home)) = waiting.pop() {
        let Some(file) = files.get(path.as_str()) else { continue };
        if reached.insert(path) {
            waiting.extend(children(file, &home));
        }
    }
    let dead = files.keys().filter(|path| !reached.contains(**path));
    dead.map(|path| Violation::new(path, 1, "dead-file", "no `mod` leads here: use the file or delete it"))
        .collect()
}

/// Files that Cargo compiles, each with the directory of its modules.
fn roots(subject: &Subject, files: &BTreeMap<&str, &RustFile>) -> Vec<(String, String)> {
    let mut roots = Vec::new();
    for manifest in subject.repository.with_ending("Cargo.toml") {
        let home = manifest.path.strip_suffix("Cargo.toml").expect("the ending was asked for");
        roots.extend(files.keys().filter(|path| is_usual_root(path, home)).map(|path| path.to_string()));
        let named = manifest.text.lines().filter_map(|line| line.trim().strip_prefix("path = \""));
        let named = named.filter_map(|rest| rest.strip_suffix('"')).filter(|path| path.ends_with(".rs"));
        roots.extend(named.map(|path| join(home, path)));
    }
    roots.into_iter().map(|path| (path.clone(), directory(&path).to_string())).collect()
}

fn is_usual_root(path: &str, home: &str) -> bool {
    let Some(inside) = path.strip_prefix(home) else { return false };
    let in_directory = |directory: &str| {
        inside.strip_prefix(directory).is_some_and(|rest| !rest.contains('/') || rest.ends_with("/main.rs"))
    };
    matches!(inside, "src/lib.rs" | "src/main.rs" | "build.rs")
        || ["src/bin/", "tests/", "benches/", "examples/"].into_iter().any(in_directory)
}

/// The files that this one declares, each with the directory of its own modules.
fn children(file: &RustFile, home: &str) -> Vec<(String, String)> {
    let path = &file.source.path;
    let mut found = Vec::new();
    for name in declared(&file.scan.code) {
        let child = format!("{home}{name}.rs");
        found.push((child, format!("{home}{name}/")));
    }
    for quoted in quoted_after(&file.source.text, "#[path = \"") {
        let child = join(directory(path), quoted);
        let home = directory(&child).to_string();
        found.push((child, home));
    }
    for quoted in quoted_after(&file.source.text, "include!(\"") {
        found.push((join(directory(path), quoted), home.to_string()));
    }
    found
}

/// Names of `mod name;`; inside `mod outer { … }` the path leads through `outer`.
fn declared(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for at in word_positions(code, "mod") {
        let rest = code[at + "mod".len()..].trim_start();
        let end = rest.bytes().position(|b| !is_word(b)).unwrap_or(rest.len());
        if end > 0 && rest[end..].trim_start().starts_with(';') {
            let outer = enclosing(code, at);
            names.push(outer.iter().chain([&&rest[..end]]).copied().collect::<Vec<_>>().join("/"));
        }
    }
    names
}

/// The modules written inline around a position, outermost first.
fn enclosing(code: &str, position: usize) -> Vec<&str> {
    let mut modules = Vec::new();
    for at in word_positions(code, "mod").take_while(|&at| at < position) {
        let start = at + "mod".len();
        let rest = code[start..].trim_start();
        let end = rest.bytes().position(|b| !is_word(b)).unwrap_or(rest.len());
        if !rest[end..].trim_start().starts_with('{') {
            continue;
        }
        let Some(open) = code[start..].find('{').map(|found| start + found) else { continue };
        if super::scan::closing(code, open).is_some_and(|close| close > position) {
            modules.push(&rest[..end]);
        }
    }
    modules
}

fn quoted_after<'a>(text: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(opening).filter_map(move |(at, _)| text[at + opening.len()..].split('"').next())
}

/// The directory of a path, with its `/`.
fn directory(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn fires_on_files_no_module_names() {
        let files = [
            ("a/Cargo.toml", ""),
            ("a/src/lib.rs", "mod b; // mod c;"),
            ("a/src/b.rs", "mod d;"),
            ("a/src/c.rs", ""),
            ("a/src/d.rs", ""),
        ];
        assert_eq!(places(check, &files), ["a/src/c.rs:1", "a/src/d.rs:1"]);
    }

    #[test]
    fn accepts_every_way_to_be_part_of_a_crate() {
        let files = [
            ("a/Cargo.toml", "[[test]]\npath = \"../tests/all.rs\"\n"),
            ("a/src/lib.rs", "mod b;\n#[cfg(test)]\nmod tests;\nmod e { mod f; }"),
            ("a/src/b.rs", "pub mod c;"),
            ("a/src/b/c.rs", "#[path = \"odd.rs\"]\nmod even;"),
            ("a/src/b/odd.rs", ""),
            ("a/src/e/f.rs", ""),
            ("a/src/tests.rs", ""),
            ("a/src/bin/d.rs", ""),
            ("a/tests/one.rs", ""),
            ("a/build.rs", ""),
            ("tests/all.rs", ""),
        ];
        assert_eq!(places(check, &files), Vec::<String>::new());
    }
}
