//! `snow explain`: pages, the list of all, and codes that do not exist. What the pages say is tested with the diagnostics.

use std::process::{Command, Output};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");

fn explain(words: &[&str]) -> Output {
    Command::new(SNOW).arg("explain").args(words).output().expect("snow starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_page_shows_wrong_and_mended() {
    let shown = explain(&["e0012"]);
    assert!(shown.status.success());
    let page = text(&shown.stdout);
    assert!(page.starts_with("E0012: ") && page.contains("\n    error[E0012]: ") && page.contains("Mended:"));
    assert!(!page.contains("```"));
}

#[test]
fn without_a_code_all_are_listed() {
    let listed = text(&explain(&[]).stdout);
    assert!(listed.lines().count() > 30);
    assert!(listed.lines().any(|line| line.starts_with("E0012: ")));
    assert!(listed.lines().any(|line| line.starts_with("W0001: ")));
}

#[test]
fn an_unknown_code_is_wrong_use() {
    let shown = explain(&["E9999"]);
    assert_eq!(shown.status.code(), Some(2));
    assert_eq!(
        text(&shown.stderr),
        "snow: no problem has the code E9999; `snow explain` lists all, from E0001 on\n"
    );
}
