//! Programs and what they resolve to: `tests/names/*.snow` beside `*.out`. `BLESS=1` rewrites the expectations.
//!
//! A line `#! module Name` in a program begins a further module.

use snow_diagnostics::Problems;
use snow_names::ParsedModule;
use snow_text::Sources;
use std::fmt::Write;
use std::path::{Path, PathBuf};

mod modules;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/names")
}

fn resolved(text: &str) -> String {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let mut modules: Vec<ParsedModule> = modules::library(&mut sources, &mut problems);
    for (name, part) in parts(text) {
        let path = PathBuf::from(if name.is_empty() { "main".to_string() } else { name.to_string() });
        modules.push(modules::module(&mut sources, name, &path, part, &mut problems));
    }
    let program = snow_names::resolve(&modules, &mut problems);
    let mut out = String::new();
    for problem in problems.sorted() {
        let file = sources.get(problem.span().source);
        let at = file.lines.position(&file.text, problem.span().start);
        let place = format!("{}:{}:{}", file.path, at.line, at.column);
        writeln!(out, "{} {place} {}", problem.code.0, problem.message).expect("a String takes all");
        for help in &problem.helps {
            writeln!(out, "    {help}").expect("a String takes all");
        }
    }
    if !problems.has_errors() {
        out.push_str(&snow_names::print(&program));
    }
    format!("{}\n", out.trim_end())
}

/// The modules of a text: name and source.
fn parts(text: &str) -> Vec<(&str, &str)> {
    let mut parts = Vec::new();
    for (index, part) in text.split("#! module ").enumerate() {
        let cut = if index == 0 { Some(("", part)) } else { part.split_once('\n') };
        parts.extend(cut);
    }
    parts
}

#[test]
fn programs_resolve_as_written_down() {
    let mut wrong = Vec::new();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(directory()).expect("tests/names").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "snow")) {
        let found = resolved(&std::fs::read_to_string(path).expect("a text file"));
        let expected_path = path.with_extension("out");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected_path, &found).expect("writable");
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
