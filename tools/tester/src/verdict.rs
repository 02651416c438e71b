//! The side of the process that runs one test: what went wrong, as text on a file.

use snow_entry::{Crash, TestEnd};
use std::fmt::Write;
use std::io;
use std::path::Path;

/// Writes down why the test failed; `true` when it passed, and nothing is written.
///
/// # Errors
/// When the file cannot be written.
pub fn write_verdict(end: &TestEnd, file: &Path) -> io::Result<bool> {
    let text = verdict(end);
    if !text.is_empty() {
        std::fs::write(file, &text)?;
    }
    Ok(text.is_empty())
}

/// Empty for a test that passed.
fn verdict(end: &TestEnd) -> String {
    let mut text = String::new();
    if !end.is_over && end.crashes.is_empty() {
        let _infallible = writeln!(text, "the test ended the whole program with status {}", end.status);
    }
    // The crash of the test itself says most; crashes of others may be its cause or its effect.
    let (own, others): (Vec<&Crash>, Vec<&Crash>) = end.crashes.iter().partition(|crash| crash.is_main);
    for crash in own {
        let _infallible = writeln!(text, "{}", crash.message);
        write_trace(crash, &mut text);
    }
    for crash in others {
        let _infallible = writeln!(text, "process {} crashed: {}", crash.process, crash.message);
        write_trace(crash, &mut text);
    }
    text
}

/// The stack below the library's assertions: it begins where the test or what it calls is at fault.
fn write_trace(crash: &Crash, text: &mut String) {
    let own = crash.trace.iter().skip_while(|frame| is_library(frame));
    for frame in own.filter(|frame| !frame.is_empty()) {
        let _infallible = writeln!(text, "at {frame}");
    }
}

fn is_library(frame: &str) -> bool {
    frame.contains("(std/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crash(is_main: bool, message: &str) -> Crash {
        let trace = vec!["Prelude.panic (std/prelude.snow:3)".into(), "f (shop.snow:7)".into()];
        Crash { process: "<0.5.1>".into(), is_main, message: message.into(), trace }
    }

    #[test]
    fn the_tests_own_crash_comes_first_and_without_library_frames() {
        let crashes = vec![crash(false, "other"), crash(true, "own")];
        let text = verdict(&TestEnd { is_over: true, status: 70, crashes });
        assert_eq!(text, "own\nat f (shop.snow:7)\nprocess <0.5.1> crashed: other\nat f (shop.snow:7)\n");
    }

    #[test]
    fn an_early_end_of_the_program_is_a_failure() {
        let end = |is_over| TestEnd { is_over, status: 0, crashes: vec![] };
        assert_eq!(verdict(&end(true)), "");
        assert_eq!(verdict(&end(false)), "the test ended the whole program with status 0\n");
    }
}
