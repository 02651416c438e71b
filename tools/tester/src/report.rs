//! What the user sees of each test.

use crate::difference::marked;
use snow_abi::program::{Program, Test};
use std::fmt::Write;
use std::time::Duration;

/// Longest output of a failed test that is shown, in bytes: its end.
const OUTPUT_BYTES_MAX: usize = 16 << 10;

/// How it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Without colours.
    Plain,
    /// With colours of a terminal.
    Coloured,
}

/// How a test ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// As it should.
    Passed,
    /// Not, and why.
    Failed(String),
}

/// One test that has ended.
pub struct Ended {
    pub verdict: Verdict,
    pub took: Duration,
    /// What it has written to its standard streams.
    pub output: String,
}

impl Style {
    fn paint(self, colour: u8, text: &str) -> String {
        match self {
            Style::Plain => text.to_string(),
            Style::Coloured => format!("\x1b[{colour}m{text}\x1b[0m"),
        }
    }

    fn green(self, text: &str) -> String {
        self.paint(32, text)
    }

    fn red(self, text: &str) -> String {
        self.paint(31, text)
    }

    fn dim(self, text: &str) -> String {
        self.paint(2, text)
    }
}

/// The lines of one test.
pub fn lines(program: &Program, test: &Test, ended: &Ended, style: Style) -> String {
    let name = match test.module.as_str() {
        "" => test.title.clone(),
        module => format!("{module}: {}", test.title),
    };
    let took = style.dim(&format!("({} ms)", ended.took.as_millis()));
    let Verdict::Failed(why) = &ended.verdict else {
        return format!("{}   {name} {took}\n", style.green("pass"));
    };
    let file = program.files.get(test.file as usize).map_or("", String::as_str);
    let place = style.dim(&format!("{file}:{}", test.line));
    let mut text = format!("{}   {name} {place}\n", style.red("FAIL"));
    indented(&marked(why), &mut text, |line| match line.trim_start().starts_with('^') {
        true => style.red(line),
        false => line.to_string(),
    });
    if !ended.output.is_empty() {
        let _infallible = writeln!(text, "       {}", style.dim("its output:"));
        indented(end_of(&ended.output), &mut text, |line| format!("  {line}"));
    }
    text
}

/// The last line of all.
pub fn summary(passed: usize, failed: usize, style: Style) -> String {
    let text = format!("{passed} passed, {failed} failed");
    match failed {
        0 => style.green(&text),
        _ => style.red(&text),
    }
}

fn indented(text: &str, out: &mut String, draw: impl Fn(&str) -> String) {
    for line in text.lines() {
        let _infallible = writeln!(out, "       {}", draw(line));
    }
}

/// The end of a long output, from the beginning of a line on.
fn end_of(output: &str) -> &str {
    let mut start = output.len().saturating_sub(OUTPUT_BYTES_MAX);
    while start > 0 && !output[..start].is_char_boundary(start) {
        start += 1;
    }
    let cut = &output[start..];
    match (start, cut.find('\n')) {
        (1.., Some(line)) => &cut[line + 1..],
        _ => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(module: &str, verdict: Verdict, output: &str) -> String {
        let program = Program { files: vec!["main.snow".into(), "shop.snow".into()], ..Program::default() };
        let test = Test {
            title: "adds".into(),
            module: module.into(),
            file: 1,
            line: 12,
            timeout_ms: 1,
            tags: vec![],
            main: 0,
            signals: 0,
            mailbox: 0,
        };
        let ended = Ended { verdict, took: Duration::from_millis(3), output: output.into() };
        lines(&program, &test, &ended, Style::Plain)
    }

    #[test]
    fn a_test_that_passed_has_one_line_and_hides_its_output() {
        assert_eq!(shown("Shop", Verdict::Passed, "much\n"), "pass   Shop: adds (3 ms)\n");
    }

    #[test]
    fn a_failure_shows_place_reason_and_output() {
        let text = shown("", Verdict::Failed("not equal\nat f (shop.snow:13)\n".into()), "a\nb\n");
        let wanted = "FAIL   adds shop.snow:12\n       not equal\n       at f (shop.snow:13)\n       \
                      its output:\n         a\n         b\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn long_output_keeps_whole_lines_of_its_end() {
        let long = "é234567\n".repeat(OUTPUT_BYTES_MAX);
        let end = end_of(&long);
        assert!(end.len() <= OUTPUT_BYTES_MAX && end.starts_with("é234567\n") && end.ends_with('\n'));
    }
}
