//! Failure is typed and never waved through: no `Result<_, String>`, no `unwrap` outside tests; and no glob imports,
//! which hide where a name comes from.

use super::scan::{line_of, test_ranges};
use super::{RustFile, Subject, Violation};

pub fn check(subject: &Subject) -> Vec<Violation> {
    subject.rust.iter().flat_map(check_file).collect()
}

fn check_file(file: &RustFile) -> Vec<Violation> {
    let (path, code) = (&file.source.path, &file.scan.code);
    let violation =
        |at: usize, rule: &'static str, advice: &str| Violation::new(path, line_of(code, at), rule, advice);
    let texts = code.match_indices("Result<").map(|(at, _)| at).filter(|&at| fails_with_text(&code[at..]));
    let texts = texts.map(|at| violation(at, "error-text", "give the error a type of its own, with Display"));
    let globs = code.match_indices("::*;").map(|(at, _)| at).filter(|&at| imports(&code[..at]));
    let globs = globs.map(|at| violation(at, "glob-import", "import what is used, or the module"));
    let ranges = test_ranges(code);
    let all_tests = path.contains("tests/") || path.ends_with("/tests.rs");
    let in_tests = |at: usize| all_tests || ranges.iter().any(|range| range.contains(&at));
    let unwraps = code.match_indices(".unwrap()").map(|(at, _)| at).filter(|&at| !in_tests(at));
    let unwraps = unwraps.map(|at| violation(at, "unwrap", "hand the failure on, or `expect` the invariant"));
    texts.chain(globs).chain(unwraps).collect()
}

/// Whether the statement that ends here is a glob import; `pub use` shows what a module has, `super` is a test's own.
fn imports(before: &str) -> bool {
    let statement = before.rfind([';', '}']).map_or(before, |at| &before[at + 1..]);
    !before.ends_with("super") && !statement.contains("pub use ")
}

/// Whether the last argument of the `Result<…>` at the start of `code` is `String`.
fn fails_with_text(code: &str) -> bool {
    let mut depth = 0usize;
    let mut last_argument = 0;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'<' | b'(' | b'[' => {
                depth += 1;
                if depth == 1 {
                    last_argument = at + 1;
                }
            }
            b'>' if code[..at].ends_with('-') => {}
            b'>' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return code[last_argument..at].trim().trim_end_matches(',') == "String";
                }
            }
            b',' if depth == 1 && !code[at + 1..].trim_start().starts_with('>') => last_argument = at + 1,
            b';' | b'{' => return false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn fires_on_untyped_and_unhandled_failure() {
        let files = [
            ("a.rs", "fn a() -> Result<u8, String> {\nb().unwrap() }\nuse c::*;"),
            ("b.rs", "fn a() -> Result<Vec<(u8, fn(u8) -> u8)>,\nString,\n> {}"),
        ];
        assert_eq!(places(check, &files), ["a.rs:1", "a.rs:3", "a.rs:2", "b.rs:1"]);
    }

    #[test]
    fn accepts_typed_failure_and_tests() {
        let files = [
            ("a.rs", "fn a() -> Result<String, Problem> { b().expect(\"c\") }"),
            ("b.rs", "#[cfg(test)]\nmod tests { use super::*; fn a() { b().unwrap() } }"),
            ("a/tests/c.rs", "pub use a::*;\nfn a() { b().unwrap() }"),
        ];
        assert_eq!(places(check, &files), Vec::<String>::new());
    }
}
