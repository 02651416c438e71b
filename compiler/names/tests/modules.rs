//! Reading modules for the tests.

use snow_diagnostics::Problems;
use snow_names::ParsedModule;
use snow_text::Sources;
use std::path::Path;

/// A module of some text.
pub fn module(
    sources: &mut Sources,
    name: &str,
    path: &Path,
    text: &str,
    problems: &mut Problems,
) -> ParsedModule {
    let source = sources.add(path.display().to_string(), text);
    let tree = snow_syntax::parse(source, text, problems);
    ParsedModule {
        name: name.to_string(),
        source,
        path: path.display().to_string(),
        tree,
        is_std: path.starts_with("std"),
    }
}

/// The standard library.
pub fn library(sources: &mut Sources, problems: &mut Problems) -> Vec<ParsedModule> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../std");
    let entries = std::fs::read_dir(directory).expect("std is there");
    let mut paths: Vec<_> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let snow = paths.iter().filter(|p| p.extension().is_some_and(|e| e == "snow"));
    snow.map(|path| {
        let text = std::fs::read_to_string(path).expect("a text file");
        let stem = path.file_stem().and_then(|s| s.to_str()).expect("a plain name");
        let name: String = stem.split('_').map(capitalised).collect();
        module(sources, &name, &Path::new("std").join(stem), &text, problems)
    })
    .collect()
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}
