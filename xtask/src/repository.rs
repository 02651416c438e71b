//! The files of the repository, read once; every rule looks at this and never at the disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Directories that hold no source, at any depth.
const SKIPPED: &[&str] = &[".git", ".targets", "node_modules"];

/// A text file, by its path relative to the repository with `/` between the parts.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative path.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// All files by path, and the texts of those that rules read.
#[derive(Debug, Default)]
pub struct Repository {
    /// Every file and directory.
    pub paths: BTreeSet<String>,
    /// Rust, Snow, Markdown and TOML files, sorted by path.
    pub sources: Vec<SourceFile>,
}

impl Repository {
    /// The directory above this crate.
    pub fn root() -> PathBuf {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let here = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        here.parent().expect("xtask lies in the repository").to_path_buf()
    }

    /// Reads everything under `root` but build products.
    pub fn read(root: &Path) -> std::io::Result<Repository> {
        let mut repository = Repository::default();
        repository.read_directory(root, "")?;
        repository.sources.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(repository)
    }

    fn read_directory(&mut self, directory: &Path, prefix: &str) -> std::io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                let build_product = prefix.is_empty() && name.starts_with("target");
                if !build_product && !SKIPPED.contains(&name.as_str()) {
                    self.read_directory(&entry.path(), &format!("{path}/"))?;
                    self.paths.insert(path);
                }
            } else {
                self.read_file(&entry.path(), &path)?;
                self.paths.insert(path);
            }
        }
        Ok(())
    }

    fn read_file(&mut self, file: &Path, path: &str) -> std::io::Result<()> {
        if [".rs", ".snow", ".md", ".toml"].iter().any(|end| path.ends_with(end)) {
            let text = String::from_utf8_lossy(&fs::read(file)?).into_owned();
            self.sources.push(SourceFile { path: path.to_string(), text });
        }
        Ok(())
    }

    /// The file of that path, if it is one that rules read.
    pub fn source(&self, path: &str) -> Option<&SourceFile> {
        self.sources.iter().find(|source| source.path == path)
    }

    /// Files whose path ends so.
    pub fn with_ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.sources.iter().filter(move |source| source.path.ends_with(ending))
    }

    /// A repository that exists only in a test.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Repository {
        let mut repository = Repository::default();
        for (path, text) in files {
            for (at, _) in path.match_indices('/') {
                repository.paths.insert(path[..at].to_string());
            }
            repository.paths.insert(path.to_string());
            repository.sources.push(SourceFile { path: path.to_string(), text: text.to_string() });
        }
        repository.sources.sort_by(|a, b| a.path.cmp(&b.path));
        repository
    }
}
