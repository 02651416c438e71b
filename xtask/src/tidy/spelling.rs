//! Prose is in British spelling: comments of Rust and Snow files, and Markdown outside code.

use super::scan::is_word;
use super::{Subject, Violation};

/// American beginnings of words, each with its British form.
const STEMS: &[(&str, &str)] = &[
    ("analyz", "analys"),
    ("behavior", "behaviour"),
    ("canceled", "cancelled"),
    ("canceling", "cancelling"),
    ("center", "centre"),
    ("color", "colour"),
    ("favor", "favour"),
    ("finaliz", "finalis"),
    ("generaliz", "generalis"),
    ("honor", "honour"),
    ("initializ", "initialis"),
    ("labeled", "labelled"),
    ("maximiz", "maximis"),
    ("minimiz", "minimis"),
    ("modeled", "modelled"),
    ("monomorphiz", "monomorphis"),
    ("neighbor", "neighbour"),
    ("normaliz", "normalis"),
    ("optimiz", "optimis"),
    ("organiz", "organis"),
    ("prioritiz", "prioritis"),
    ("recogniz", "recognis"),
    ("signaled", "signalled"),
    ("signaling", "signalling"),
    ("specializ", "specialis"),
    ("summariz", "summaris"),
    ("synchroniz", "synchronis"),
    ("utiliz", "utilis"),
];

pub fn check(subject: &Subject) -> Vec<Violation> {
    let rust = subject.rust.iter().map(|file| (&file.source.path, file.scan.comments.clone()));
    let snow = subject.repository.with_ending(".snow").map(|file| (&file.path, snow_comments(&file.text)));
    let markdown = subject.repository.with_ending(".md").map(|file| (&file.path, markdown_prose(&file.text)));
    rust.chain(snow).chain(markdown).flat_map(|(path, prose)| check_prose(path, &prose)).collect()
}

/// The text from each line's `#` on; a `#` inside a string makes prose of its rest, which does no harm.
fn snow_comments(text: &str) -> String {
    text.lines().map(|line| line.find('#').map_or("", |at| &line[at..])).collect::<Vec<_>>().join("\n")
}

/// The text without fenced code, line by line.
pub fn markdown_prose(text: &str) -> String {
    let mut fenced = false;
    let mut prose = String::with_capacity(text.len());
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        prose.push_str(if fenced || is_fence { "" } else { line });
        prose.push('\n');
    }
    prose
}

fn check_prose(path: &str, prose: &str) -> Vec<Violation> {
    let lines = prose.lines().zip(1..);
    lines
        .flat_map(|(line, number)| words(line).filter_map(move |word| american(path, number, word)))
        .collect()
}

/// The line's words that are not code: outside backticks, and not joined to `_`, `:`, `(`, `.` or `/`.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').step_by(2).flat_map(|prose| {
        prose.split_whitespace().filter_map(|token| {
            let word = token.trim_matches(|c: char| !c.is_alphanumeric());
            word.bytes().all(|b| is_word(b) && b != b'_' || b == b'-').then_some(word)
        })
    })
}

fn american(path: &str, line: usize, word: &str) -> Option<Violation> {
    let lower = word.to_lowercase();
    let (stem, british) = STEMS.iter().find(|(stem, _)| lower.starts_with(stem))?;
    let advice = format!("write `{}` for `{word}`", lower.replacen(stem, british, 1));
    Some(Violation::new(path, line, "spelling", advice))
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn fires_on_american_prose() {
        let files = [
            ("a.rs", "//! A.\n/// The color.\nfn a() {}"),
            ("b.md", "text\n\nOptimized code."),
            ("c.snow", "let a = 1 # initialize"),
        ];
        assert_eq!(places(check, &files), ["a.rs:2", "c.snow:1", "b.md:3"]);
    }

    #[test]
    fn accepts_code_and_british_prose() {
        let files = [
            ("a.rs", "// The colour, `color`, is set_color() or term::color.\nfn color() { \"color\" }"),
            ("b.md", "```\ncolor\n```\noptimised"),
        ];
        assert!(places(check, &files).is_empty());
    }
}
