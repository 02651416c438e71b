//! Every directory of `tests/suites` is a program with tests: `snow test` must print `stdout` there, where the times that tests took
//! are left out, and end with the status in `exit` (0 unless given). The tests that `examples` have pass.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
const SUITES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/suites");
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

#[test]
fn suites_print_what_they_should() {
    let entries = std::fs::read_dir(SUITES).expect("tests/suites exists");
    let mut suites: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable directory").path()).collect();
    suites.sort();
    assert!(!suites.is_empty());
    for suite in suites {
        let text = |file: &str| std::fs::read_to_string(suite.join(file)).unwrap_or_default();
        let ended = snow_test(&suite, &[]);
        assert_eq!(without_times(&ended), text("stdout"), "{}", String::from_utf8_lossy(&ended.stderr));
        assert_eq!(
            ended.status.code(),
            Some(text("exit").trim().parse().unwrap_or(0)),
            "{}",
            suite.display()
        );
    }
}

#[test]
fn the_tests_of_examples_pass() {
    let mut passed = 0;
    for entry in std::fs::read_dir(EXAMPLES).expect("examples exists") {
        let example = entry.expect("a readable directory").path();
        let ended = snow_test(&example, &[]);
        let text = without_times(&ended);
        assert!(ended.status.success(), "{}:\n{text}", example.display());
        passed += text.lines().filter(|line| line.starts_with("pass")).count();
    }
    assert!(passed >= 15, "only {passed} tests are found");
}

#[test]
fn words_and_tags_choose_tests() {
    let chosen = |words: &[&str]| without_times(&snow_test(&Path::new(SUITES).join("passing"), words));
    assert_eq!(chosen(&["fresh"]), "pass   Shop: directories are fresh\n1 passed, 0 failed\n");
    assert!(chosen(&["--tag", "names"]).ends_with("\n2 passed, 0 failed\n"));
    assert!(chosen(&["Shop", "--without", "names"]).ends_with("\n6 passed, 0 failed\n"));
}

#[test]
fn a_word_that_chooses_nothing_is_no_success() {
    let ended = snow_test(&Path::new(SUITES).join("passing"), &["nonesuch"]);
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "0 passed, 0 failed\n");
    assert_eq!(
        String::from_utf8_lossy(&ended.stderr),
        "snow: none of the 11 tests is chosen; leave the words out to run all\n"
    );
    assert_eq!(ended.status.code(), Some(1));
}

#[test]
fn a_file_can_be_named_and_needs_no_tests() {
    let place = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(place.path().join("one.snow"), "test \"holds\" do\n  assert true\nend\n")
        .expect("it is writable");
    std::fs::write(place.path().join("none.snow"), "fn main() = ()\n").expect("it is writable");
    let one = snow_test(place.path(), &["one.snow", "holds"]);
    assert_eq!(without_times(&one), "pass   holds\n1 passed, 0 failed\n");
    let none = snow_test(place.path(), &["none.snow"]);
    assert_eq!(String::from_utf8_lossy(&none.stdout), "0 passed, 0 failed\n");
    assert!(String::from_utf8_lossy(&none.stderr).starts_with("snow: there are no tests here;"));
    assert!(none.status.success());
}

#[test]
fn what_does_not_compile_is_not_run() {
    let place = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(place.path().join("wrong.snow"), "test \"t\" do\n  assert nothing\nend\n")
        .expect("it is writable");
    let ended = snow_test(place.path(), &["wrong.snow"]);
    assert_eq!((ended.stdout.len(), ended.status.code()), (0, Some(1)));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("error[E0004]"));
}

fn snow_test(place: &Path, words: &[&str]) -> Output {
    Command::new(SNOW).arg("test").args(words).current_dir(place).output().expect("snow starts")
}

fn without_times(ended: &Output) -> String {
    let text = String::from_utf8_lossy(&ended.stdout);
    let cut = |line: &str| match line.rsplit_once(" (") {
        Some((rest, time)) if line.starts_with("pass") && time.ends_with(" ms)") => rest.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(|line| cut(line) + "\n").collect()
}
