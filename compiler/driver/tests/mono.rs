//! Every file of `tests/mono` is a program whose optimised concrete IR is looked at. Behind its title it says what functions must
//! be like: `##! has NAME: TEXT`, `##! lacks NAME: TEXT` and `##! once NAME: TEXT` of the lines that contain the text, `##! absent NAME`
//! of a function that must be gone.

use std::path::{Path, PathBuf};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/mono");

#[test]
fn optimised_functions_are_what_their_files_say() {
    let cases = cases();
    assert!(!cases.is_empty(), "no programs in {CASES}");
    let problems: Vec<String> = cases.iter().flat_map(|path| problems_of(path)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn cases() -> Vec<PathBuf> {
    let files = std::fs::read_dir(CASES).expect("the directory of cases");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("readable").path()).collect();
    files.sort();
    files
}

fn problems_of(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("a case is text");
    let outcome = snow_driver::dump(snow_driver::dump::Stage::Mono, path, None).expect("its file is there");
    let dump = outcome.result.expect("a case has no errors");
    let claims: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("##! ")).skip(1).collect();
    assert!(!claims.is_empty(), "{}: nothing is claimed", path.display());
    let unmet = claims.into_iter().filter(|claim| !holds(claim, &dump));
    unmet.map(|claim| format!("{}: {claim}, in\n{dump}", path.display())).collect()
}

fn holds(claim: &str, dump: &str) -> bool {
    let (kind, rest) = claim.split_once(' ').expect("a claim has a subject");
    let (name, text) = rest.split_once(": ").unwrap_or((rest, ""));
    let head = format!(" {name}(");
    let is_meant =
        |p: &&str| p.lines().next().is_some_and(|line| line.starts_with('f') && line.contains(&head));
    let function = dump.split("\n\n").find(is_meant);
    let count = function.map(|function| function.lines().filter(|line| line.contains(text)).count());
    match kind {
        "has" => count.is_some_and(|count| count > 0),
        "lacks" => count == Some(0),
        "once" => count == Some(1),
        "absent" => count.is_none(),
        _ => panic!("{claim}: unknown claim"),
    }
}
