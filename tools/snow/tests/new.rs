//! `snow new` makes a program that runs, passes its tests and is formatted.

use std::path::Path;
use std::process::{Command, Output};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");

fn snow(place: &Path, words: &[&str]) -> Output {
    Command::new(SNOW).args(words).current_dir(place).output().expect("snow starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_new_program_runs_tests_and_is_formatted() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let made = snow(place.path(), &["new", "hello"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(text(&made.stdout).starts_with("made hello; now try\n"));
    let program = place.path().join("hello");
    let ran = snow(&program, &["run", ".", "Ada", "Grace"]);
    assert_eq!(text(&ran.stdout), "Hello, Ada and Grace!\n", "{}", text(&ran.stderr));
    assert_eq!(text(&ran.stderr), "");
    let tested = snow(&program, &["test"]);
    assert!(text(&tested.stdout).ends_with("\n2 passed, 0 failed\n"), "{}", text(&tested.stdout));
    assert!(snow(&program, &["fmt", "--check"]).status.success());
}

#[test]
fn what_is_there_is_left_alone() {
    let place = tempfile::tempdir().expect("a temporary directory");
    std::fs::create_dir(place.path().join("hello")).expect("it is writable");
    let made = snow(place.path(), &["new", "hello"]);
    assert_eq!(made.status.code(), Some(1));
    assert_eq!(text(&made.stderr), "snow: hello is there already; choose another name\n");
    assert_eq!(std::fs::read_dir(place.path().join("hello")).expect("it is there").count(), 0);
}

#[test]
fn names_and_places_that_cannot_be_are_answered() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let said = |name: &str| {
        let made = snow(place.path(), &["new", name]);
        (made.status.code(), text(&made.stderr))
    };
    let (status, answer) = said("My-Shop");
    assert_eq!(status, Some(2));
    assert!(answer.ends_with("take my_shop\n"), "{answer}");
    let (status, answer) = said("nowhere/shop");
    assert_eq!(status, Some(1));
    assert_eq!(answer, "snow: cannot make nowhere/shop: its directory does not exist; make it first\n");
}
