//! Every `tests/syntax/**/NAME.snow` with its tree in `NAME.tree` and its problems in `NAME.problems`.
//! `BLESS=1` rewrites them.

use snow_diagnostics::{Diagnostic, Problems};
use snow_syntax::{dump_tree, parse};
use snow_text::{LineIndex, SourceId, Span};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn snow_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.map(|entry| entry.expect("the directory can be read").path()) {
        if path.is_dir() {
            snow_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "snow") {
            found.push(path);
        }
    }
    found.sort();
}

fn place(text: &str, span: Span) -> String {
    let lines = LineIndex::new(text);
    let (start, end) = (lines.position(text, span.start), lines.position(text, span.end));
    let shown = text[span.start as usize..span.end as usize].escape_debug();
    format!("{}:{}-{}:{} `{shown}`", start.line, start.column, end.line, end.column)
}

fn describe(text: &str, problems: &Problems) -> String {
    let mut out = String::new();
    for problem in problems.sorted() {
        writeln!(out, "{} {} {}", problem.code.0, place(text, problem.span()), problem.message).unwrap();
        for label in problem.labels.iter().filter(|label| !label.text.is_empty()) {
            writeln!(out, "  at {} {}", place(text, label.span), label.text).unwrap();
        }
        problem.helps.iter().for_each(|help| writeln!(out, "  help {help}").unwrap());
        for fix in &problem.fixes {
            writeln!(out, "  fix {}", fix.title).unwrap();
            for (span, replacement) in &fix.edits {
                writeln!(out, "    {} -> {replacement:?}", place(text, *span)).unwrap();
            }
        }
    }
    out
}

fn compare(path: &Path, actual: &str, wrong: &mut Vec<String>) {
    if std::env::var_os("BLESS").is_some() {
        if actual.is_empty() {
            let _absent_already = std::fs::remove_file(path);
        } else {
            std::fs::write(path, actual).expect("expectations can be written");
        }
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected != actual {
        wrong.push(format!("{}\n--- expected\n{expected}--- actual\n{actual}", path.display()));
    }
}

#[test]
fn trees_and_problems_are_as_written_down() {
    let mut files = Vec::new();
    snow_files(&root().join("tests/syntax"), &mut files);
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("test files are UTF-8");
        let mut problems = Problems::default();
        let tree = parse(SourceId(0), &text, &mut problems);
        assert_eq!(tree.syntax().text().to_string(), text, "{}", path.display());
        let described = describe(&text, &problems);
        let is_error_test = path.components().any(|part| part.as_os_str() == "errors");
        if is_error_test {
            assert!(!described.is_empty(), "{} has no problem", path.display());
        } else {
            assert!(described.is_empty(), "{} has problems:\n{described}", path.display());
            compare(&path.with_extension("tree"), &dump_tree(&tree), &mut wrong);
        }
        compare(&path.with_extension("problems"), &described, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Applying any one fix mends its problem: the same one is not there again, and no others come up but
/// such as were held back behind it.
#[test]
fn fixes_mend() {
    let mut files = Vec::new();
    snow_files(&root().join("tests/syntax/errors"), &mut files);
    let count = |text: &str| {
        let mut problems = Problems::default();
        parse(SourceId(0), text, &mut problems);
        problems
    };
    for path in files {
        let text = std::fs::read_to_string(&path).expect("test files are UTF-8");
        let problems = count(&text);
        for (problem, fix) in problems.iter().flat_map(|p| p.fixes.iter().map(move |fix| (p, fix))) {
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
            let mut mended = text.clone();
            for (span, replacement) in edits {
                mended.replace_range(span.start as usize..span.end as usize, &replacement);
            }
            let left = count(&mended);
            let same = |other: &&Diagnostic| other.code == problem.code && other.span() == problem.span();
            let mended = left.iter().count() <= problems.iter().count() && left.iter().find(same).is_none();
            assert!(mended, "{} {}: {:#?}", path.display(), problem.message, left.sorted());
        }
    }
}
