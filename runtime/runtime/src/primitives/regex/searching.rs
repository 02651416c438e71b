//! Compiled patterns, kept for the node, and what they find in a text. Knows no process.

use crate::sync::{Mutex, lock};
use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of a pattern at most.
pub const PATTERN_BYTES_MAX: usize = 64 << 10;
/// Bytes of a compiled pattern at most.
const COMPILED_BYTES_MAX: usize = 10 << 20;
/// How deep groups may be nested.
const NESTING_MAX: u32 = 250;
/// Patterns kept compiled; when there are more, all are forgotten and compiled again when they are needed.
const KEPT_MAX: usize = 512;

/// Bits of the options, as std gives them.
const IGNORE_CASE: i64 = 1;
const MULTI_LINE: i64 = 2;
const DOT_ALL: i64 = 4;
const EXTENDED: i64 = 8;

/// What is wrong with a pattern.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// At a code point, and what.
    Syntax(usize, String),
    /// More than so many bytes, or levels.
    TooBig(usize),
}

/// A pattern and its options.
type Key = (Box<str>, i64);

/// Patterns that have been compiled.
#[derive(Default)]
pub struct Regexes {
    kept: Mutex<HashMap<Key, Arc<Regex>>>,
}

impl Regexes {
    /// The compiled pattern, if it is kept.
    pub fn kept(&self, pattern: &str, options: i64) -> Option<Arc<Regex>> {
        lock(&self.kept).get(&(pattern.into(), options)).cloned()
    }

    /// The compiled pattern.
    pub fn compiled(&self, pattern: &str, options: i64) -> Result<Arc<Regex>, Problem> {
        if let Some(kept) = self.kept(pattern, options) {
            return Ok(kept);
        }
        let made = Arc::new(compile(pattern, options)?);
        let mut kept = lock(&self.kept);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert((pattern.into(), options), Arc::clone(&made));
        Ok(made)
    }
}

fn compile(pattern: &str, options: i64) -> Result<Regex, Problem> {
    if pattern.len() > PATTERN_BYTES_MAX {
        return Err(Problem::TooBig(PATTERN_BYTES_MAX));
    }
    let has = |bit: i64| options & bit != 0;
    let parsed = ParserBuilder::new()
        .nest_limit(NESTING_MAX)
        .case_insensitive(has(IGNORE_CASE))
        .multi_line(has(MULTI_LINE))
        .dot_matches_new_line(has(DOT_ALL))
        .ignore_whitespace(has(EXTENDED))
        .build()
        .parse(pattern);
    parsed.map_err(|error| syntax_problem(pattern, &error))?;
    RegexBuilder::new(pattern)
        .nest_limit(NESTING_MAX)
        .size_limit(COMPILED_BYTES_MAX)
        .case_insensitive(has(IGNORE_CASE))
        .multi_line(has(MULTI_LINE))
        .dot_matches_new_line(has(DOT_ALL))
        .ignore_whitespace(has(EXTENDED))
        .build()
        .map_err(|_| Problem::TooBig(COMPILED_BYTES_MAX))
}

fn syntax_problem(pattern: &str, error: &regex_syntax::Error) -> Problem {
    use regex_syntax::ast::ErrorKind;
    let (offset, text) = match error {
        regex_syntax::Error::Parse(error) => {
            if let ErrorKind::NestLimitExceeded(limit) = error.kind() {
                return Problem::TooBig(*limit as usize);
            }
            (error.span().start.offset, error.kind().to_string())
        }
        regex_syntax::Error::Translate(error) => (error.span().start.offset, error.kind().to_string()),
        other => (0, other.to_string()),
    };
    let before = pattern.get(..offset).unwrap_or(pattern);
    Problem::Syntax(before.chars().count(), text)
}

/// One match: what lies between it and the one before, its first and last position, and its groups, the whole one first.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    pub before: std::ops::Range<usize>,
    pub start: usize,
    pub stop: usize,
    pub groups: Vec<Option<std::ops::Range<usize>>>,
}

/// Some of the matches in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Scan {
    pub found: Vec<Found>,
    /// Where the last match ended: byte and code point.
    pub end: (usize, usize),
    /// Whether there may be more.
    pub more: bool,
}

/// The matches behind a place, which is a byte and its code point and where the last match ended; at most `limit`.
pub fn scan(regex: &Regex, text: &str, from: Option<(usize, usize)>, limit: usize) -> Scan {
    let mut scan = Scan { found: Vec::new(), end: from.unwrap_or((0, 0)), more: false };
    let mut last_end = from.map(|place| place.0);
    let mut search_at = scan.end.0;
    while let Some(captures) = regex.captures_at(text, search_at) {
        let whole = captures.get(0).expect("the whole match is group 0");
        if whole.is_empty() && last_end == Some(whole.end()) {
            // An empty match right behind another one is none.
            match text[whole.end()..].chars().next() {
                Some(next) => search_at = whole.end() + next.len_utf8(),
                None => break,
            }
            continue;
        }
        if scan.found.len() == limit {
            scan.more = true;
            break;
        }
        let start = scan.end.1 + text[scan.end.0..whole.start()].chars().count();
        let stop = start + whole.as_str().chars().count();
        let groups = captures.iter().map(|group| group.map(|g| g.range())).collect();
        scan.found.push(Found { before: scan.end.0..whole.start(), start, stop, groups });
        scan.end = (whole.end(), stop);
        last_end = Some(whole.end());
        search_at = whole.end();
    }
    scan
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(pattern: &str, options: i64) -> Regex {
        compile(pattern, options).expect("a right pattern")
    }

    #[test]
    fn matches_are_counted_in_code_points() {
        let all = scan(&compiled("[a-z]+", 0), "éé ab ü cd", None, 10);
        let places: Vec<(usize, usize)> = all.found.iter().map(|found| (found.start, found.stop)).collect();
        assert_eq!((places, all.end, all.more), (vec![(3, 5), (8, 10)], (13, 10), false));
    }

    #[test]
    fn empty_matches_do_not_repeat() {
        let starts = |pattern: &str, text: &str| {
            let all = scan(&compiled(pattern, 0), text, None, 10);
            all.found.iter().map(|found| (found.start, found.stop)).collect::<Vec<_>>()
        };
        assert_eq!(starts("x*", "axb"), [(0, 0), (1, 2), (3, 3)]);
        assert_eq!(starts("", "éa"), [(0, 0), (1, 1), (2, 2)]);
    }

    #[test]
    fn a_scan_goes_on_where_it_stopped() {
        let regex = compiled("b*", 0);
        let whole = scan(&regex, "abba", None, 10);
        let first = scan(&regex, "abba", None, 2);
        assert!(first.more);
        let second = scan(&regex, "abba", Some(first.end), 10);
        let joined: Vec<usize> = first.found.iter().chain(&second.found).map(|found| found.start).collect();
        assert_eq!(joined, whole.found.iter().map(|found| found.start).collect::<Vec<_>>());
    }

    #[test]
    fn wrong_patterns_say_where() {
        let at = |pattern: &str| match compile(pattern, 0) {
            Err(Problem::Syntax(at, _)) => Some(at),
            _ => None,
        };
        assert_eq!(at("é(a"), Some(1));
        assert_eq!(at("a(?=b)"), Some(1));
        assert_eq!(at(r"(a)\1"), Some(3));
        assert_eq!(compile(&"a".repeat(PATTERN_BYTES_MAX + 1), 0).err(), Some(Problem::TooBig(65536)));
        let nested = "(".repeat(300) + &")".repeat(300);
        assert_eq!(compile(&nested, 0).err(), Some(Problem::TooBig(250)));
        assert_eq!(compile("(a{1000}){1000}", 0).err(), Some(Problem::TooBig(COMPILED_BYTES_MAX)));
    }

    #[test]
    fn options_change_what_matches() {
        assert!(compiled("ÄB", IGNORE_CASE).is_match("äb"));
        assert!(compiled("^b$", MULTI_LINE).is_match("a\nb"));
        assert!(compiled("a.b", DOT_ALL).is_match("a\nb"));
        assert!(compiled("a b # comment", EXTENDED).is_match("ab"));
        assert!(!compiled("a.b", 0).is_match("a\nb"));
    }
}
