//! `tests/format/NAME.snow` becomes `NAME.tidy`.

use snow_format::format;
use snow_text::SourceId;
use std::path::Path;

const LAYOUTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/format");

#[test]
fn files_get_their_tidy_form() {
    let mut count = 0;
    for entry in std::fs::read_dir(LAYOUTS).expect("tests/format exists").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "snow") {
            assert_eq!(tidy(&path), text_of(&path.with_extension("tidy")), "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 0);
}

#[test]
fn line_ends_of_other_systems_go() {
    let tidy = format(SourceId(0), "let A = 1\r\nlet B = \"x\r\ny\"\r\n").expect("no errors");
    assert_eq!(tidy, "let A = 1\nlet B = \"x\ny\"\n");
}

#[test]
fn an_empty_file_stays_empty() {
    assert_eq!(format(SourceId(0), "").expect("no errors"), "");
    assert_eq!(format(SourceId(0), "\n\n").expect("no errors"), "");
    assert_eq!(format(SourceId(0), "\n# only this\n\n").expect("no errors"), "# only this\n");
}

fn tidy(path: &Path) -> String {
    format(SourceId(0), &text_of(path)).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a readable file")
}
