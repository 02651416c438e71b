//! Which crate may import which: the table in `ARCHITECTURE.md` against every `Cargo.toml`.
//!
//! A row is a crate, its name in backticks in the first column, the crates it may import in backticks in the last.
//! Every crate may import `text`, and those of `compiler/` and `tools/` also `diagnostics`. Crates used by tests
//! alone (`dev-dependencies`) are free.

use super::{Subject, Violation};
use crate::repository::SourceFile;
use std::collections::BTreeMap;

/// The file that holds the table.
const TABLE_PATH: &str = "ARCHITECTURE.md";
/// The last heading of the table's first line.
const LAST_HEADING: &str = "may import";

/// A row: where it stands, and what may be imported.
struct Row {
    line: usize,
    imports: Vec<String>,
}

/// What a manifest says: the crate's name, and each crate of Snow it imports with its line.
struct Manifest<'a> {
    path: &'a str,
    name: String,
    imports: Vec<(String, usize)>,
}

pub fn check(subject: &Subject) -> Vec<Violation> {
    // A crate with a workspace of its own, as fuzzing wants it, is no part of this one.
    let apart = |text: &str| text.lines().any(|l| l.trim() == "[workspace]") && text.contains("[package]");
    let manifests: Vec<Manifest> = subject
        .repository
        .with_ending("Cargo.toml")
        .filter(|file| !apart(&file.text))
        .filter_map(read_manifest)
        .collect();
    let Some(table) = subject.repository.source(TABLE_PATH) else {
        let advice = format!("write the table of crates, with `{LAST_HEADING}` as its last column");
        return if manifests.is_empty() {
            Vec::new()
        } else {
            vec![Violation::new(TABLE_PATH, 1, "layer", advice)]
        };
    };
    let rows = read_table(&table.text);
    let mut found: Vec<Violation> =
        manifests.iter().flat_map(|manifest| check_manifest(manifest, &rows)).collect();
    let exists = |name: &str| manifests.iter().any(|manifest| manifest.name == name);
    let orphans = rows.iter().filter(|(name, _)| !exists(name));
    found.extend(orphans.map(|(name, row)| {
        Violation::new(TABLE_PATH, row.line, "layer", format!("there is no crate `{name}`: drop its row"))
    }));
    found
}

fn check_manifest(manifest: &Manifest, rows: &BTreeMap<String, Row>) -> Vec<Violation> {
    let Some(row) = rows.get(&manifest.name) else {
        let advice = format!("give `{}` a row in the table of {TABLE_PATH}", manifest.name);
        return vec![Violation::new(manifest.path, 1, "layer", advice)];
    };
    let front = manifest.path.starts_with("compiler/") || manifest.path.starts_with("tools/");
    let allowed = |name: &str| {
        name == "text" || front && name == "diagnostics" || row.imports.iter().any(|import| import == name)
    };
    let refused = manifest.imports.iter().filter(|(name, _)| !allowed(name));
    refused
        .map(|(name, line)| {
            let advice = format!(
                "`{}` may not import `{name}`: {TABLE_PATH}:{} does not allow it",
                manifest.name, row.line
            );
            Violation::new(manifest.path, *line, "layer", advice)
        })
        .collect()
}

fn read_table(text: &str) -> BTreeMap<String, Row> {
    let lines = text.lines().zip(1..);
    let body = lines.skip_while(|(line, _)| !is_heading(line)).take_while(|(line, _)| line.starts_with('|'));
    body.filter_map(|(line, number)| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        let name = backticked(cells.first()?).next()?.to_string();
        let imports = backticked(cells.last()?).map(str::to_string).collect();
        Some((name, Row { line: number, imports }))
    })
    .collect()
}

fn is_heading(line: &str) -> bool {
    line.starts_with('|') && line.trim_end_matches([' ', '|']).ends_with(LAST_HEADING)
}

fn backticked(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// `None` for a manifest without a package.
fn read_manifest(source: &SourceFile) -> Option<Manifest<'_>> {
    let mut manifest = Manifest { path: &source.path, name: String::new(), imports: Vec::new() };
    let mut section = "";
    for (line, number) in source.text.lines().zip(1..) {
        let line = line.trim();
        if let Some(heading) = line.strip_prefix('[') {
            section = heading.trim_matches(['[', ']']);
            if let Some((_, name)) = section.split_once("dependencies.").filter(|(kind, _)| *kind != "dev-") {
                manifest.import(name, number);
            }
            continue;
        }
        let key = line.split(['.', '=', ' ']).next().unwrap_or_default();
        if section == "package" && key == "name" {
            manifest.name = short(line.split('"').nth(1)?).to_string();
        } else if section.ends_with("dependencies") && is_normal(section) {
            manifest.import(key, number);
        }
    }
    (!manifest.name.is_empty()).then_some(manifest)
}

/// Neither for tests alone nor the workspace's list of what exists.
fn is_normal(section: &str) -> bool {
    !section.ends_with("dev-dependencies") && !section.starts_with("workspace")
}

fn short(package: &str) -> &str {
    package.strip_prefix("snow-").unwrap_or(package)
}

impl Manifest<'_> {
    fn import(&mut self, package: &str, line: usize) {
        if let Some(name) = package.strip_prefix("snow-") {
            self.imports.push((name.to_string(), line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    const TABLE: &str = "# A\n\n| crate | purpose | may import |\n| --- | --- | --- |\n\
        | **compiler/** `core` | x | `abi` |\n| `abi` | `no` import | — |\n";

    fn manifest(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"snow-{name}\"\n\n{rest}")
    }

    #[test]
    fn fires_on_an_import_the_table_does_not_allow() {
        let core =
            manifest("core", "[dependencies]\nsnow-abi.workspace = true\nsnow-heap = { path = \"x\" }\n");
        let abi = manifest("abi", "[dependencies.snow-core]\nworkspace = true\n");
        let files =
            [("ARCHITECTURE.md", TABLE), ("compiler/core/Cargo.toml", &core), ("abi/Cargo.toml", &abi)];
        assert_eq!(places(check, &files), ["abi/Cargo.toml:4", "compiler/core/Cargo.toml:6"]);
    }

    #[test]
    fn fires_on_rows_and_crates_without_each_other() {
        let core = manifest("core", "");
        let other = manifest("other", "");
        let files = [("ARCHITECTURE.md", TABLE), ("c/Cargo.toml", &core), ("o/Cargo.toml", &other)];
        assert_eq!(places(check, &files), ["o/Cargo.toml:1", "ARCHITECTURE.md:6"]);
    }

    #[test]
    fn accepts_what_the_table_allows_and_what_tests_import() {
        let core = manifest(
            "core",
            "[dependencies]\nsnow-abi.workspace = true\nsnow-text.workspace = true\nsnow-diagnostics.workspace = true\n\
             serde = \"1\"\n[dev-dependencies]\nsnow-heap.workspace = true\n[dev-dependencies.snow-x]\npath = \"x\"\n",
        );
        let abi = manifest("abi", "");
        let root = "[workspace.dependencies]\nsnow-heap = { path = \"x\" }\n";
        let files = [
            ("ARCHITECTURE.md", TABLE),
            ("Cargo.toml", root),
            ("compiler/core/Cargo.toml", &core),
            ("a/Cargo.toml", &abi),
        ];
        assert_eq!(places(check, &files), Vec::<String>::new());
    }
}
