//! Programs and the core that they become: `tests/core/*.snow` beside `*.core`. `BLESS=1` rewrites the expectations.

use snow_diagnostics::Problems;
use snow_names::ParsedModule;
use snow_text::Sources;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a directory whose names end so, in order.
fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("the directory is there");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == ending));
    paths.sort();
    paths
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a text file")
}

/// `net_work` is the module `NetWork`.
fn module_name(path: &Path) -> String {
    let stem = path.file_stem().and_then(|s| s.to_str()).expect("a plain name");
    let capitalised = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    };
    stem.split('_').map(capitalised).collect()
}

fn lowered(text: &str) -> String {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let mut modules: Vec<ParsedModule> = Vec::new();
    let mut module = |name: String, text: &str, is_std: bool| {
        let source = sources.add(name.clone(), text);
        let tree = snow_syntax::parse(source, text, &mut problems);
        modules.push(ParsedModule { name, source, path: sources.get(source).path.clone(), tree, is_std });
    };
    for path in files(&root().join("std"), "snow") {
        module(module_name(&path), &read(&path), true);
    }
    module(String::new(), text, false);
    let hir = snow_names::resolve(&modules, &mut problems);
    let mut typed = snow_types::check(&hir, &mut problems);
    let found: Vec<String> = problems.sorted().iter().map(|p| p.message.clone()).collect();
    assert!(!problems.has_errors(), "{}", found.join("\n"));
    let core = snow_core::lower(&hir, &mut typed);
    snow_core::verify(&core, &hir, &typed);
    format!("{}\n", snow_core::print(&core, &hir, &typed).trim_end())
}

#[test]
fn programs_become_what_is_written_down() {
    let mut wrong = Vec::new();
    for path in files(&root().join("tests/core"), "snow") {
        let found = lowered(&read(&path));
        let expected = path.with_extension("core");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected, &found).expect("writable");
        }
        if found != std::fs::read_to_string(&expected).unwrap_or_default() {
            wrong.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
