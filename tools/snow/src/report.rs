//! What the command says about problems, the user's and its own.

use snow_driver::Outcome;
use std::io::{IsTerminal, Write};

/// How problems are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Format {
    /// The format that the command line asks for.
    pub fn of(matches: &clap::ArgMatches) -> Format {
        match matches.get_one::<String>("error-format").map(String::as_str) {
            Some("json") => Format::Json,
            _ => Format::Text,
        }
    }
}

/// Writes all problems to standard error.
pub fn problems<T>(outcome: &Outcome<T>, format: Format) {
    let mut out = std::io::stderr().lock();
    let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut counts = (0, 0);
    for diagnostic in outcome.problems.sorted() {
        let text = match format {
            Format::Text => snow_diagnostics::render::render_terminal(&outcome.sources, diagnostic, colour),
            Format::Json => snow_diagnostics::render::render_json(&outcome.sources, diagnostic),
        };
        match diagnostic.severity {
            snow_diagnostics::Severity::Error => counts.0 += 1,
            _ => counts.1 += 1,
        }
        if out.write_all(text.as_bytes()).is_err()
            || (format == Format::Text && out.write_all(b"\n").is_err())
        {
            return;
        }
    }
    if format == Format::Text && counts.0 > 0 {
        let plural = |n: u32, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let warnings =
            if counts.1 > 0 { format!(", {}", plural(counts.1, "warning")) } else { String::new() };
        if writeln!(out, "{}{warnings}", plural(counts.0, "error")).is_err() {
            // Nobody reads standard error; the exit status still tells.
        }
    }
}

/// A bug of ours ends in one sentence that asks for a report, and status 70.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        let text = info.payload_as_str().unwrap_or("no message");
        eprintln!(
            "snow: this is a bug in Snow, not in your program; please report it with the program that shows it"
        );
        eprintln!("  {text} ({place})");
        std::process::exit(70);
    }));
}
