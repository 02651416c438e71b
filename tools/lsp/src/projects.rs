//! Which program a document belongs to, and what is known of that program.
//!
//! A document belongs to the nearest directory around it that has a `snow.toml` or a `main.snow`; without one it is a program
//! by itself, and so is one that the directory's program cannot be read with.

use crate::documents::Documents;
use snow_driver::{pipeline, project};
use snow_ide::{Analysis, Completion, Library, Program};
use snow_text::SourceId;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Files that make a directory a program.
const MARKS: [&str; 2] = ["snow.toml", "main.snow"];

/// A program.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Root {
    /// All files below a directory.
    Directory(PathBuf),
    /// One file.
    File(PathBuf),
    /// The standard library, for documents that show its files.
    Library,
}

/// All programs.
pub struct Projects {
    library: Library,
    known: HashMap<Root, Analysis>,
    /// The programs of documents that were asked for.
    roots: HashMap<PathBuf, Root>,
    /// The directories that the editor has open; programs do not reach out of them.
    pub folders: Vec<PathBuf>,
    /// Where the library's files lie for the editor to show them.
    shelf: PathBuf,
}

impl Projects {
    /// None yet.
    pub fn new(folders: Vec<PathBuf>) -> Projects {
        let mut library = Library::default();
        let files = project::load_library(&mut library.sources);
        library.modules = pipeline::parse(files, &library.sources, &mut Default::default());
        Projects { library, known: HashMap::new(), roots: HashMap::new(), folders, shelf: shelf() }
    }

    /// The program of a document.
    pub fn root(&mut self, path: &Path) -> Root {
        if let Some(root) = self.roots.get(path) {
            return root.clone();
        }
        let root = self.find_root(path);
        self.roots.insert(path.to_path_buf(), root.clone());
        root
    }

    fn find_root(&self, path: &Path) -> Root {
        if path.starts_with(&self.shelf) {
            return Root::Library;
        }
        let limit = self.folders.iter().find(|folder| path.starts_with(folder));
        for directory in path.ancestors().skip(1) {
            // A document without a directory, as one that was never saved.
            if directory.as_os_str().is_empty() {
                break;
            }
            let is_program = MARKS.iter().any(|mark| directory.join(mark).is_file());
            if is_program && directory.join("main.snow").is_file() && self.reads(directory, path) {
                return Root::Directory(directory.to_path_buf());
            }
            if is_program || limit.is_some_and(|folder| folder == directory) {
                break;
            }
        }
        Root::File(path.to_path_buf())
    }

    /// Whether a directory's program can be read and has this file.
    fn reads(&self, directory: &Path, path: &Path) -> bool {
        let mut sources = Default::default();
        let found = project::load_program(directory, &|_| Some(String::new()), &mut sources);
        found.is_ok() && sources.iter().any(|(_, source)| Path::new(&source.path) == path)
    }

    /// Forgets what is known of a program.
    pub fn changed(&mut self, root: &Root) {
        self.known.remove(root);
    }

    /// Forgets all programs.
    pub fn all_changed(&mut self) {
        self.known.clear();
        self.roots.clear();
    }

    /// What is known of a program now.
    pub fn analysis(&mut self, root: &Root, documents: &Documents) -> &Analysis {
        if !self.known.contains_key(root) {
            let program = self.load(root, &unsaved(documents));
            let analysis = Analysis::new(&mut self.library, program);
            self.known.insert(root.clone(), analysis);
        }
        &self.known[root]
    }

    /// What is known of a program that has been looked at.
    pub fn get(&self, root: &Root) -> Option<&Analysis> {
        self.known.get(root)
    }

    /// What could be written at an offset of a file; `program` gives the program with another text of it.
    pub fn complete(
        &mut self,
        source: SourceId,
        at: (&str, u32),
        program: &dyn Fn(&Library, String) -> Program,
    ) -> (Range<u32>, Vec<Completion>) {
        snow_ide::complete(&mut self.library, source, at, program)
    }

    /// What is known of a program, together with the library for further questions.
    pub fn with_library(&mut self, root: &Root, documents: &Documents) -> (&Analysis, &mut Library) {
        self.analysis(root, documents);
        (&self.known[root], &mut self.library)
    }

    /// The files of a program, with the texts that `unsaved` has.
    pub fn load(&self, root: &Root, unsaved: project::Unsaved) -> Program {
        load(&self.library, root, unsaved)
    }

    /// The file of a document in its program.
    pub fn source(&self, analysis: &Analysis, path: &Path) -> Option<SourceId> {
        match path.strip_prefix(&self.shelf) {
            Ok(own) => analysis.source(&format!("std/{}", own.display())),
            Err(_) => analysis.source(path.to_str()?),
        }
    }

    /// The file on disk of a source; a file of the library is put on the shelf for it.
    pub fn path(&self, analysis: &Analysis, source: SourceId) -> Option<PathBuf> {
        let file = analysis.sources.get(source);
        if !analysis.is_library(source) {
            return Some(PathBuf::from(&file.path));
        }
        let path = self.shelf.join(file.path.strip_prefix("std/")?);
        if std::fs::read_to_string(&path).ok().as_ref() != Some(&file.text) {
            std::fs::create_dir_all(path.parent()?).ok()?;
            std::fs::write(&path, &file.text).ok()?;
        }
        Some(path)
    }
}

/// The files of a program, with the texts that `unsaved` has.
pub fn load(library: &Library, root: &Root, unsaved: project::Unsaved) -> Program {
    let mut sources = library.sources.clone();
    let files = match root {
        Root::Library => Vec::new(),
        Root::File(path) => match unsaved(path) {
            // It need not be on disk at all.
            Some(text) => {
                let source = sources.add(path.display().to_string(), text);
                vec![project::ModuleFile { name: String::new(), source, is_std: false }]
            }
            None => project::load_program(path, unsaved, &mut sources).unwrap_or_default(),
        },
        Root::Directory(path) => project::load_program(path, unsaved, &mut sources).unwrap_or_default(),
    };
    let mut problems = Default::default();
    let modules = pipeline::parse(files, &sources, &mut problems);
    Program { sources, modules, problems }
}

/// The texts of open documents.
pub fn unsaved(documents: &Documents) -> impl Fn(&Path) -> Option<String> + '_ {
    |path| documents.get(path).map(|document| document.text.clone())
}

/// Where a user's programs keep what they can make again.
fn shelf() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = cache.or_else(home).unwrap_or_else(std::env::temp_dir);
    cache.join("snow").join(concat!("std-", env!("CARGO_PKG_VERSION")))
}
