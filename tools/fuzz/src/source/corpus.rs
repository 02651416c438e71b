//! What mutations begin with: every program of the repository, and every file of the library as a module of a program's own.

use super::{Case, File};
use std::path::{Path, PathBuf};

/// Programs of one file or directory each.
const PLACES: [&str; 4] = ["tests/programs", "examples", "bench/snow", "tests/syntax"];
/// The program beside a file of the library.
const SMALL: &str = "fn main() do\n  println([1, 2].map(fn x -> x + 1 end))\nend\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All of them, in an order that does not change.
///
/// # Panics
/// When the repository cannot be read.
pub fn cases() -> Vec<Case> {
    let mut cases = library_cases();
    for place in PLACES {
        for path in sorted(&root().join(place)) {
            let files = files(&path);
            if !files.is_empty() {
                cases.push(Case { files });
            }
        }
    }
    cases
}

/// The library's files, each with a program. They are the program's own: the real ones cannot be other than they are.
fn library_cases() -> Vec<Case> {
    let mut sources = snow_text::Sources::default();
    let modules = snow_driver::project::load_library(&mut sources);
    let case = |m: snow_driver::project::ModuleFile| {
        let mut files = Case::of(SMALL).files;
        files.push(File { module: format!("Own{}", m.name), text: sources.get(m.source).text.clone() });
        Case { files }
    };
    modules.into_iter().map(case).collect()
}

/// The program at a path: one file, or a directory's.
fn files(path: &Path) -> Vec<File> {
    let mut sources = snow_text::Sources::default();
    let Ok(modules) = snow_driver::project::load(path, &mut sources) else { return Vec::new() };
    let own = modules.into_iter().filter(|m| !m.is_std);
    own.map(|m| File { text: sources.get(m.source).text.clone(), module: m.name }).collect()
}

fn sorted(place: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(place).expect("the repository can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}
