//! Finding and reading the files of a program.

use snow_text::{SourceId, Sources};
use std::fmt;
use std::path::{Path, PathBuf};

/// Largest source file, in bytes.
pub const FILE_BYTES_MAX: u64 = 64 << 20;

/// Why a program could not be read. Its Display says what to do.
#[derive(Debug)]
pub enum ProjectError {
    /// There is nothing at the path.
    Missing(PathBuf),
    /// A directory without `main.snow`.
    NoMain(PathBuf),
    /// A file whose name does not end in `.snow`.
    NotSnow(PathBuf),
    /// The text is not UTF-8, from this byte on.
    NotUtf8(PathBuf, usize),
    /// Over [`FILE_BYTES_MAX`].
    TooLarge(PathBuf),
    /// A directory or file whose name cannot be part of a module's name.
    BadName(PathBuf),
    /// Anything else the system says.
    Unreadable(PathBuf, std::io::Error),
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProjectError::Missing(p) => {
                write!(f, "there is no file or directory {}; check the path", p.display())
            }
            ProjectError::NoMain(p) => write!(
                f,
                "the directory {} has no main.snow; add one with a function main, or name the file to run",
                p.display()
            ),
            ProjectError::NotSnow(p) => {
                write!(f, "{} is not a Snow source file; its name must end in .snow", p.display())
            }
            ProjectError::NotUtf8(p, at) => {
                write!(
                    f,
                    "{} is not UTF-8 text (byte {at} is not part of any character); save it as UTF-8",
                    p.display()
                )
            }
            ProjectError::TooLarge(p) => {
                write!(f, "{} is larger than 64 MiB; split it into modules", p.display())
            }
            ProjectError::BadName(p) => write!(
                f,
                "{} cannot be a module: names are lower-case letters, digits and _, as in tcp_server.snow; rename it",
                p.display()
            ),
            ProjectError::Unreadable(p, e) => write!(f, "cannot read {}: {e}", p.display()),
        }
    }
}

impl std::error::Error for ProjectError {}

/// A file that is a module.
pub struct ModuleFile {
    /// `Net.TcpServer`; empty for the root.
    pub name: String,
    /// Its text.
    pub source: SourceId,
    /// Whether it belongs to std.
    pub is_std: bool,
}

/// The text of a file that an editor has not saved yet.
pub type Unsaved<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// Reads a program, a file or a directory, into `sources`; the standard library comes first.
///
/// # Errors
/// When a file cannot be read, or is no Snow source.
pub fn load(path: &Path, sources: &mut Sources) -> Result<Vec<ModuleFile>, ProjectError> {
    let mut modules = load_library(sources);
    modules.extend(load_program(path, &|_| None, sources)?);
    Ok(modules)
}

/// Reads a program without the library. `unsaved` gives the text of a file that an editor has changed but not saved.
///
/// # Errors
/// When a file cannot be read, or is no Snow source.
pub fn load_program(
    path: &Path,
    unsaved: Unsaved,
    sources: &mut Sources,
) -> Result<Vec<ModuleFile>, ProjectError> {
    let mut modules = Vec::new();
    if !path.exists() {
        return Err(ProjectError::Missing(path.to_path_buf()));
    }
    if path.is_dir() {
        if !path.join("main.snow").is_file() {
            return Err(ProjectError::NoMain(path.to_path_buf()));
        }
        load_directory((path, path), unsaved, sources, &mut modules)?;
    } else {
        if path.extension().is_none_or(|e| e != "snow") {
            return Err(ProjectError::NotSnow(path.to_path_buf()));
        }
        let source = read_or(unsaved, path, sources)?;
        modules.push(ModuleFile { name: String::new(), source, is_std: false });
    }
    Ok(modules)
}

/// The standard library alone.
pub fn load_library(sources: &mut Sources) -> Vec<ModuleFile> {
    let module = |(path, text): &(&str, &str)| ModuleFile {
        name: module_name(Path::new(path)).expect("the library's files are well named"),
        source: sources.add(format!("std/{path}"), *text),
        is_std: true,
    };
    crate::library::FILES.iter().map(module).collect()
}

fn load_directory(
    (root, directory): (&Path, &Path),
    unsaved: Unsaved,
    sources: &mut Sources,
    modules: &mut Vec<ModuleFile>,
) -> Result<(), ProjectError> {
    for path in visible(directory)? {
        if path.is_dir() {
            load_directory((root, &path), unsaved, sources, modules)?;
        } else if path.extension().is_some_and(|e| e == "snow") {
            let relative = path.strip_prefix(root).expect("found below the root");
            let name = module_name(relative).ok_or_else(|| ProjectError::BadName(path.clone()))?;
            let source = read_or(unsaved, &path, sources)?;
            let name = if name == "Main" { String::new() } else { name };
            modules.push(ModuleFile { name, source, is_std: false });
        }
    }
    Ok(())
}

/// All Snow files at a path: itself, or those in a directory and below, hidden ones left out.
///
/// # Errors
/// When there is nothing at the path, it is no Snow source, or a directory cannot be read.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, ProjectError> {
    if path.is_dir() {
        let mut found = Vec::new();
        collect(path, &mut found)?;
        return Ok(found);
    }
    if !path.exists() {
        return Err(ProjectError::Missing(path.to_path_buf()));
    }
    if path.extension().is_none_or(|e| e != "snow") {
        return Err(ProjectError::NotSnow(path.to_path_buf()));
    }
    Ok(vec![path.to_path_buf()])
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), ProjectError> {
    for path in visible(directory)? {
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "snow") {
            found.push(path);
        }
    }
    Ok(())
}

/// What is in a directory, sorted, without hidden entries.
fn visible(directory: &Path) -> Result<Vec<PathBuf>, ProjectError> {
    let unreadable = |e| ProjectError::Unreadable(directory.to_path_buf(), e);
    let entries = std::fs::read_dir(directory).map_err(unreadable)?;
    let mut paths: Vec<PathBuf> =
        entries.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>().map_err(unreadable)?;
    paths.retain(|path| path.file_name().is_none_or(|n| !n.as_encoded_bytes().starts_with(b".")));
    paths.sort();
    Ok(paths)
}

fn read_or(unsaved: Unsaved, path: &Path, sources: &mut Sources) -> Result<SourceId, ProjectError> {
    match unsaved(path) {
        Some(text) => Ok(sources.add(shown(path), text)),
        None => read(path, sources),
    }
}

/// How messages name a file.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// Reads a file into `sources`.
///
/// # Errors
/// When it cannot be read, is too large, or is no UTF-8 text.
pub fn read(path: &Path, sources: &mut Sources) -> Result<SourceId, ProjectError> {
    let unreadable = |e| ProjectError::Unreadable(path.to_path_buf(), e);
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(ProjectError::TooLarge(path.to_path_buf()));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(sources.add(shown(path), text)),
        Err(e) => Err(ProjectError::NotUtf8(path.to_path_buf(), e.utf8_error().valid_up_to())),
    }
}

/// `net/tcp_server.snow` is `Net.TcpServer`.
fn module_name(path: &Path) -> Option<String> {
    let parts: Option<Vec<String>> =
        path.with_extension("").iter().map(|p| pascal_case(p.to_str()?)).collect();
    Some(parts?.join("."))
}

fn pascal_case(name: &str) -> Option<String> {
    let well_formed = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    };
    well_formed.then(|| name.split('_').map(word).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_module_names() {
        let name = |p: &str| module_name(Path::new(p));
        assert_eq!(name("net/tcp_server.snow").as_deref(), Some("Net.TcpServer"));
        assert_eq!(name("list.snow").as_deref(), Some("List"));
        assert_eq!(name("Bad-Name.snow"), None);
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut sources = Sources::default();
        let mut text = |path: &Path| load(path, &mut sources).err().expect("an error").to_string();
        assert!(text(&directory.path().join("nope.snow")).contains("there is no file"));
        assert!(text(directory.path()).contains("has no main.snow"));
        let latin = directory.path().join("latin.snow");
        std::fs::write(&latin, b"fn main() do\n  println(\"\xe9\")\nend\n").expect("a file");
        assert!(text(&latin).contains("byte 24"));
        let other = directory.path().join("notes.txt");
        std::fs::write(&other, "").expect("a file");
        assert!(text(&other).contains("must end in .snow"));
    }
}
