//! Relative links in Markdown lead to a file or directory of the repository.

use super::spelling::markdown_prose;
use super::{Subject, Violation};
use std::collections::BTreeSet;

/// Beginnings of targets that lead elsewhere.
const ELSEWHERE: &[&str] = &["http://", "https://", "mailto:", "#"];

pub fn check(subject: &Subject) -> Vec<Violation> {
    let paths = &subject.repository.paths;
    let mut found = Vec::new();
    for file in subject.repository.with_ending(".md") {
        for (line, number) in markdown_prose(&file.text).lines().zip(1..) {
            let broken = targets(line).filter(|target| !leads_somewhere(&file.path, target, paths));
            found.extend(broken.map(|target| {
                let advice = format!("`{target}` does not exist: correct the link");
                Violation::new(&file.path, number, "link", advice)
            }));
        }
    }
    found
}

/// What stands in `](…)`, without title and fragment; code spans hold no links.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').step_by(2).flat_map(after_brackets).chain(linked_code(line))
}

/// Targets whose link text ends in a code span: there the bracket follows a backtick at once.
fn linked_code(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("`](")
        .filter_map(|(at, found)| target(&line[at + found.len()..]))
        .filter(|_| line.split('`').step_by(2).all(|prose| !prose.starts_with("](")))
}

fn after_brackets(prose: &str) -> impl Iterator<Item = &str> {
    prose.match_indices("](").filter_map(|(at, found)| target(&prose[at + found.len()..]))
}

fn target(rest: &str) -> Option<&str> {
    let inside = &rest[..rest.find(')')?];
    inside.split_whitespace().next()
}

fn leads_somewhere(from: &str, target: &str, paths: &BTreeSet<String>) -> bool {
    if ELSEWHERE.iter().any(|start| target.starts_with(start)) {
        return true;
    }
    let path = target.split('#').next().unwrap_or(target).trim_end_matches('/');
    resolve(from, path).is_some_and(|resolved| resolved.is_empty() || paths.contains(&resolved))
}

/// The path seen from the repository; `None` when it leaves it.
fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    #[test]
    fn fires_on_broken_links() {
        let files = [("docs/a.md", "see [b](b.md)\n[`c`](../c.md#top)\n[out](../../d.md)"), ("b.md", "")];
        assert_eq!(places(check, &files), ["docs/a.md:1", "docs/a.md:2", "docs/a.md:3"]);
    }

    #[test]
    fn accepts_links_that_lead_somewhere() {
        let text =
            "[b](../b.md#x) [`docs`](../docs/) [w](https://example.org) [t](#t) `[x](y)`\n```\n[x](y)\n```";
        assert!(places(check, &[("docs/a.md", text), ("b.md", "")]).is_empty());
    }
}
