//! The rules that no compiler checks: sizes, layers, words, links, files nobody uses.
//!
//! Each rule is a function from the [`Repository`] to [`Violation`]s, in a module of its own, with tests that it
//! fires and that it does not. To add one, write the module and name it in [`RULES`].

mod errors;
mod layers;
mod links;
mod names;
mod openings;
mod reach;
mod scan;
mod sizes;
mod spelling;
mod unsafety;
mod words;

use crate::outcome::Outcome;
use crate::repository::{Repository, SourceFile};
use scan::Scan;
use std::fmt;
use std::path::Path;

/// One thing to mend.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The file, relative to the repository.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The rule's short name.
    pub rule: &'static str,
    /// What to do about it.
    pub advice: String,
}

impl Violation {
    fn new(path: &str, line: usize, rule: &'static str, advice: impl Into<String>) -> Violation {
        Violation { path: path.to_string(), line, rule, advice: advice.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}: {}", self.path, self.line, self.rule, self.advice)
    }
}

/// A Rust file with its layers told apart.
pub struct RustFile<'a> {
    source: &'a SourceFile,
    scan: Scan,
}

/// What every rule is given.
pub struct Subject<'a> {
    repository: &'a Repository,
    rust: Vec<RustFile<'a>>,
}

impl<'a> Subject<'a> {
    fn new(repository: &'a Repository) -> Subject<'a> {
        let read = |source: &'a SourceFile| RustFile { source, scan: scan::scan(&source.text) };
        Subject { repository, rust: repository.with_ending(".rs").map(read).collect() }
    }
}

type Rule = fn(&Subject) -> Vec<Violation>;

/// Every rule, in no particular order.
const RULES: &[Rule] = &[
    openings::check,
    sizes::check,
    names::check,
    words::check,
    spelling::check,
    unsafety::check,
    errors::check,
    layers::check,
    reach::check,
    links::check,
];

/// Reads the repository, prints what is wrong with it and how many things those are.
pub fn run(root: &Path) -> Outcome {
    let repository = match Repository::read(root) {
        Ok(repository) => repository,
        Err(problem) => {
            eprintln!("cannot read {}: {problem}", root.display());
            return Outcome::Bad;
        }
    };
    let violations = violations(&repository);
    for violation in &violations {
        println!("{violation}");
    }
    match violations.len() {
        0 => println!("tidy: {} files in order", repository.sources.len()),
        count => println!("tidy: {count} to mend"),
    }
    Outcome::when(violations.is_empty())
}

fn violations(repository: &Repository) -> Vec<Violation> {
    let subject = Subject::new(repository);
    let mut violations: Vec<Violation> = RULES.iter().flat_map(|rule| rule(&subject)).collect();
    violations.sort();
    violations
}

/// Runs one rule over files that exist only in a test; gives `path:line` of each violation.
#[cfg(test)]
fn places(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::of(files);
    rule(&Subject::new(&repository)).iter().map(|v| format!("{}:{}", v.path, v.line)).collect()
}
