//! Lists the pages of `tests/diagnostics`, which `snow explain` shows and the executable carries inside.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let pages = root.join("../../tests/diagnostics");
    println!("cargo::rerun-if-changed={}", pages.display());
    let mut out =
        String::from("/// Code and page of every problem.\npub static PAGES: &[(&str, &str)] = &[\n");
    let entries = std::fs::read_dir(&pages).expect("the pages are part of the repository");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files {
        let code = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if is_code(&code) && file.extension().is_some_and(|e| e == "md") {
            println!("cargo::rerun-if-changed={}", file.display());
            writeln!(out, "    ({code:?}, include_str!({:?})),", file.display().to_string())
                .expect("writing to a string");
        }
    }
    out.push_str("];\n");
    let target = Path::new(&std::env::var("OUT_DIR").expect("cargo sets it")).join("pages.rs");
    std::fs::write(target, out).expect("the output directory is writable");
}

fn is_code(name: &str) -> bool {
    name.len() == 5 && name.starts_with(['E', 'W']) && name[1..].bytes().all(|b| b.is_ascii_digit())
}
