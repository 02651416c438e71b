//! `snow explain CODE`: the page of a problem.

use clap::ArgMatches;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Shows the page of a code, or without one the titles of all.
pub fn explain(matches: &ArgMatches) -> ExitCode {
    let text = match matches.get_one::<String>("code") {
        Some(code) => {
            let code = code.to_uppercase();
            match PAGES.iter().find(|(known, _)| *known == code) {
                Some((_, page)) => drawn(page, std::io::stdout().is_terminal()),
                None => {
                    eprintln!(
                        "snow: no problem has the code {code}; `snow explain` lists all, from E0001 on"
                    );
                    return ExitCode::from(crate::USAGE);
                }
            }
        }
        None => PAGES.iter().map(|(_, page)| title(page).to_string() + "\n").collect(),
    };
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn title(page: &str) -> &str {
    page.lines().next().unwrap_or_default().trim_start_matches("# ")
}

/// A page without the marks of its format: examples are indented.
fn drawn(page: &str, coloured: bool) -> String {
    let mut out = String::new();
    let mut inside = false;
    for (index, line) in page.lines().enumerate() {
        let _infallible = match line.strip_prefix("```") {
            Some(words) => {
                inside = !inside;
                match words.split_whitespace().find(|word| word.ends_with(".snow")) {
                    Some(file) => writeln!(out, "    # {file}"),
                    None => Ok(()),
                }
            }
            None if index == 0 && coloured => writeln!(out, "\x1b[1m{}\x1b[0m", title(page)),
            None if index == 0 => writeln!(out, "{}", title(page)),
            None if inside && !line.is_empty() => writeln!(out, "    {line}"),
            None => writeln!(out, "{line}"),
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_indented_and_their_files_named() {
        let page = "# E0001: a title\n\nWords.\n\n```snow shop.snow\nfn f() = 1\n\nfn g() = 2\n```\n\n```text\nerror[E0001]: no\n```\n";
        let wanted = "E0001: a title\n\nWords.\n\n    # shop.snow\n    fn f() = 1\n\n    fn g() = 2\n\n    error[E0001]: no\n";
        assert_eq!(drawn(page, false), wanted);
    }

    #[test]
    fn pages_are_sorted_and_there() {
        assert!(PAGES.is_sorted());
        assert!(PAGES.iter().all(|(code, page)| page.starts_with(&format!("# {code}: "))));
    }
}
