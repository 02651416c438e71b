//! Words that must not stay: unfinished work, switched-off tests, sleeping tests, paths of one machine.

use super::scan::{line_of, test_ranges, word_positions};
use super::{RustFile, Subject, Violation};
use crate::repository::SourceFile;

/// Marks of unfinished work, in code and in comments.
const MARKS: &[&str] = &["TODO", "FIXME", "XXX"];
/// Macros and attributes that must not stay in the code, each with what to do.
const CODE: &[(&str, &str)] = &[
    ("todo!(", "write what is missing"),
    ("unimplemented!(", "write what is missing"),
    ("dbg!(", "remove it"),
    ("#[ignore", "mend the test or remove it"),
];
/// Directories of a machine, not of the project.
const MACHINE_PATHS: &[&str] = &["/work/", "/tmp/"];
/// This file has to spell out what it looks for.
const OWN_PATH: &str = "xtask/src/tidy/words.rs";

pub fn check(subject: &Subject) -> Vec<Violation> {
    let in_rust = subject.rust.iter().flat_map(check_rust);
    let snow = subject.repository.with_ending(".snow").flat_map(check_snow);
    let texts = subject.repository.sources.iter().filter(|source| source.path != OWN_PATH);
    in_rust.chain(snow).chain(texts.flat_map(check_machine_paths)).collect()
}

fn check_rust(file: &RustFile) -> Vec<Violation> {
    let path = &file.source.path;
    let mut found = Vec::new();
    for layer in [&file.scan.code, &file.scan.comments] {
        found.extend(marks(path, layer));
    }
    let code = &file.scan.code;
    for (word, advice) in CODE {
        let places = code.match_indices(word).map(|(at, _)| line_of(code, at));
        found.extend(places.map(|line| Violation::new(path, line, "word", format!("`{word}`: {advice}"))));
    }
    found.extend(sleeps(file));
    found
}

fn check_snow(file: &SourceFile) -> Vec<Violation> {
    marks(&file.path, &file.text).collect()
}

fn marks<'a>(path: &'a str, text: &'a str) -> impl Iterator<Item = Violation> + 'a {
    MARKS.iter().flat_map(move |mark| {
        let places = word_positions(text, mark).map(|at| line_of(text, at));
        places.map(move |line| {
            Violation::new(path, line, "word", format!("`{mark}`: do it now, or leave it out"))
        })
    })
}

fn sleeps(file: &RustFile) -> Vec<Violation> {
    let (path, code) = (&file.source.path, &file.scan.code);
    let all_tests = path.contains("tests/") || path.ends_with("/tests.rs");
    let ranges = test_ranges(code);
    let in_tests = |at: &usize| all_tests || ranges.iter().any(|range| range.contains(at));
    let places = code.match_indices("thread::sleep").map(|(at, _)| at).filter(in_tests);
    places
        .map(|at| Violation::new(path, line_of(code, at), "sleep", "wait for the event, not for a time"))
        .collect()
}

fn check_machine_paths(file: &SourceFile) -> Vec<Violation> {
    let text = &file.text;
    let hits = MACHINE_PATHS.iter().flat_map(|path| text.match_indices(path));
    let starts_a_path = |at: usize| at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric();
    hits.filter(|(at, _)| starts_a_path(*at))
        .map(|(at, found)| {
            let advice = format!("`{found}` exists on one machine only: use a path of the repository");
            Violation::new(&file.path, line_of(text, at), "machine-path", advice)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn fires_on_unfinished_work() {
        let files = [
            ("a.rs", "// TODO later\nfn a() { todo!() }\nfn b() { unimplemented!() }\nfn c() { dbg!(1) }"),
            ("b.snow", "# FIXME"),
            ("c.rs", "#[test]\n#[ignore = \"slow\"]\nfn d() {}"),
        ];
        let expected = ["a.rs:1", "a.rs:2", "a.rs:3", "a.rs:4", "c.rs:2", "b.snow:1"];
        assert_eq!(places(check, &files), expected);
    }

    #[test]
    fn accepts_the_words_as_text() {
        let files = [("a.rs", "let a = \"TODO todo!( dbg!( #[ignore\"; fn todo() {} // mastodon")];
        assert!(places(check, &files).is_empty());
    }

    #[test]
    fn fires_on_sleeping_tests() {
        let files = [
            ("a/src/lib.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\nfn b() { thread::sleep(x) }\n}"),
            ("a/tests/b.rs", "fn b() { std::thread::sleep(x) }"),
        ];
        assert_eq!(places(check, &files), ["a/src/lib.rs:4", "a/tests/b.rs:1"]);
    }

    #[test]
    fn accepts_a_sleeping_thread_outside_tests() {
        assert!(places(check, &[("a/src/lib.rs", "fn a() { thread::sleep(x) }")]).is_empty());
    }

    #[test]
    fn fires_on_paths_of_a_machine() {
        let files = [("a.md", "see\n/work/main"), ("b.rs", "\"/tmp/x\"")];
        assert_eq!(places(check, &files), ["a.md:2", "b.rs:1"]);
    }

    #[test]
    fn accepts_relative_paths() {
        assert!(places(check, &[("a.md", "net/work/a and /var/x")]).is_empty());
    }
}
