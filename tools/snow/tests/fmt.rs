//! `snow fmt` on files, directories and standard input.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
const UNTIDY: &str = "fn main()=  1\n";
const TIDY: &str = "fn main() = 1\n";

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a temporary directory");
    write(place.path(), "untidy.snow", UNTIDY);
    write(place.path(), "below/tidy.snow", TIDY);
    write(place.path(), "below/also.snow", UNTIDY);
    write(place.path(), "below/notes.txt", UNTIDY);
    place
}

fn write(place: &Path, name: &str, text: &str) {
    let path = place.join(name);
    std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is writable");
    std::fs::write(path, text).expect("it is writable");
}

fn read(place: &Path, name: &str) -> String {
    std::fs::read_to_string(place.join(name)).expect("a readable file")
}

fn fmt(place: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let ended = Command::new(SNOW).arg("fmt").args(words).current_dir(place).output().expect("snow starts");
    texts(&ended)
}

fn texts(ended: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ended.status.code(), text(&ended.stdout), text(&ended.stderr))
}

#[test]
fn directories_are_formatted_and_changes_named() {
    let place = place();
    let (status, named, said) = fmt(place.path(), &[]);
    assert_eq!((status, named.as_str(), said.as_str()), (Some(0), "./below/also.snow\n./untidy.snow\n", ""));
    assert_eq!(read(place.path(), "below/also.snow"), TIDY);
    assert_eq!(read(place.path(), "below/notes.txt"), UNTIDY);
    assert_eq!(fmt(place.path(), &[]), (Some(0), String::new(), String::new()));
}

#[test]
fn a_check_changes_nothing_and_fails() {
    let place = place();
    let (status, named, said) = fmt(place.path(), &["--check", "below", "untidy.snow"]);
    assert_eq!((status, named.as_str()), (Some(1), "below/also.snow\nuntidy.snow\n"));
    assert_eq!(said, "snow: 2 files are not formatted; run `snow fmt` to do it\n");
    assert_eq!(read(place.path(), "untidy.snow"), UNTIDY);
    assert_eq!(fmt(place.path(), &["--check", "below/tidy.snow"]).0, Some(0));
}

#[test]
fn files_with_errors_stay_and_others_are_formatted() {
    let place = place();
    write(place.path(), "broken.snow", "fn main( = 1\n");
    let (status, _, said) = fmt(place.path(), &["."]);
    assert_eq!(status, Some(1));
    assert!(said.starts_with("error[E00"), "{said}");
    assert_eq!(read(place.path(), "broken.snow"), "fn main( = 1\n");
    assert_eq!(read(place.path(), "untidy.snow"), TIDY);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let given = |text: &str, words: &[&str]| {
        let mut command = Command::new(SNOW);
        command.arg("fmt").args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("snow starts");
        child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("it reads");
        texts(&child.wait_with_output().expect("it ends"))
    };
    assert_eq!(given(UNTIDY, &["-"]), (Some(0), TIDY.to_string(), String::new()));
    assert_eq!(given(UNTIDY, &["-", "--check"]).0, Some(1));
    assert_eq!(given(TIDY, &["-", "--check"]).0, Some(0));
    let (status, shown, said) = given("fn (", &["-"]);
    assert_eq!((status, shown.as_str()), (Some(1), ""));
    assert!(said.contains("standard input:1:"), "{said}");
}

#[test]
fn what_is_not_there_is_wrong_use() {
    let place = place();
    let (status, _, said) = fmt(place.path(), &["nothing"]);
    assert_eq!(status, Some(2));
    assert_eq!(said, "snow: there is no file or directory nothing; check the path\n");
}

#[test]
fn the_library_examples_and_benchmarks_are_formatted() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let (status, named, said) = fmt(root, &["--check", "std", "examples", "bench"]);
    assert_eq!(status, Some(0), "{named}{said}");
}
