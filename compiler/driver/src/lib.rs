//! The compiler on one page; alone in touching files.
//!
//! [`project`] reads a program's files, [`pipeline`] takes them through the stages, [`dump`] shows any stage.
#![forbid(unsafe_code)]

pub mod dump;
mod library;
pub mod pipeline;
pub mod project;

use snow_abi::program::Program;
use snow_diagnostics::{Diagnostic, Problems};
use snow_text::{SourceId, Sources, Span};
use std::path::Path;

pub use project::ProjectError;

/// Stack of the compiler's thread, in bytes: its passes recurse over trees whose depth the parser bounds.
const COMPILER_STACK_BYTES: usize = 512 << 20;

/// What became of a program.
pub struct Outcome<T> {
    /// Its files, for drawing problems.
    pub sources: Sources,
    /// What was found.
    pub problems: Problems,
    /// The result, absent when there are errors.
    pub result: Option<T>,
}

/// Reads and checks a program.
///
/// # Errors
/// When its files cannot be read.
pub fn check(path: &Path) -> Result<Outcome<()>, ProjectError> {
    with(path, |modules, sources, problems| pipeline::check(modules, sources, problems).map(|_| ()))
}

/// Reads and compiles a program.
///
/// # Errors
/// When its files cannot be read.
pub fn compile(path: &Path) -> Result<Outcome<Program>, ProjectError> {
    with(path, |modules, sources, problems| {
        let root = modules.iter().rfind(|module| !module.is_std && module.name.is_empty()).map(|m| m.source);
        let checked = pipeline::check(modules, sources, problems)?;
        if checked.hir.main.is_none() {
            problems.push(no_main(root?));
            return None;
        }
        Some(pipeline::compile(checked, sources))
    })
}

/// Reads a program and compiles its tests; it needs no `main` then.
///
/// # Errors
/// When its files cannot be read.
pub fn compile_tests(path: &Path) -> Result<Outcome<Program>, ProjectError> {
    with(path, |modules, sources, problems| {
        let checked = pipeline::check(modules, sources, problems)?;
        Some(pipeline::compile_tests(checked, sources))
    })
}

/// Reads a program and shows a stage of it.
///
/// # Errors
/// When its files cannot be read.
pub fn dump(stage: dump::Stage, path: &Path, only: Option<&str>) -> Result<Outcome<String>, ProjectError> {
    with(path, |modules, sources, problems| dump::dump(stage, modules, sources, problems, only))
}

/// A module is fine without `main`, a program is not.
fn no_main(root: SourceId) -> Diagnostic {
    let text = "there is no `main` here, with which a program begins";
    let problem = Diagnostic::new(snow_names::codes::MAIN, Span::new(root, 0, 0), text);
    problem.help("add `fn main() do … end`")
}

/// Loads the files, then works on a thread with a large stack.
fn with<T: Send>(
    path: &Path,
    work: impl FnOnce(Vec<project::ModuleFile>, &Sources, &mut Problems) -> Option<T> + Send,
) -> Result<Outcome<T>, ProjectError> {
    let mut sources = Sources::default();
    let modules = project::load(path, &mut sources)?;
    let mut problems = Problems::default();
    let result = on_deep_stack(|| work(modules, &sources, &mut problems));
    Ok(Outcome { sources, problems, result })
}

/// Works on a thread whose stack is deep enough for recursion over any tree.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("compiler".into()).stack_size(COMPILER_STACK_BYTES);
        let handle = thread.spawn_scoped(scope, work).expect("the system gives the compiler a thread");
        match handle.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
