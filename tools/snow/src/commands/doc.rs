//! `snow doc`: pages about the modules of a program, or of the standard library.

use clap::ArgMatches;
use snow_diagnostics::Problems;
use snow_driver::{on_deep_stack, pipeline, project};
use snow_ide::{Analysis, Library, ModulePage, Program};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes the pages; says where.
pub fn doc(matches: &ArgMatches) -> ExitCode {
    let of_library = matches.get_flag("std");
    let path = super::path(matches);
    let found = on_deep_stack(|| modules((!of_library).then_some(&*path)));
    let modules = match found {
        Ok(modules) => modules,
        Err(problem) => {
            eprintln!("snow: {problem}");
            return ExitCode::from(crate::USAGE);
        }
    };
    if modules.is_empty() {
        eprintln!(
            "snow: nothing in {} is public; write `pub` in front of what others may use",
            path.display()
        );
        return ExitCode::FAILURE;
    }
    let title = if of_library { "Snow standard library".to_string() } else { title(&path) };
    let directory = matches.get_one::<String>("output").map_or_else(|| PathBuf::from("doc"), PathBuf::from);
    match write(&directory, &snow_doc::pages(&title, &modules)) {
        Ok(()) => {
            println!("{}", directory.join("index.html").display());
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("snow: cannot write to {}: {problem}", directory.display());
            ExitCode::FAILURE
        }
    }
}

/// What is public in a program, or in the library. A program with errors has pages too: what is wrong has no type there.
fn modules(path: Option<&Path>) -> Result<Vec<ModulePage>, project::ProjectError> {
    let mut library = Library::default();
    let files = project::load_library(&mut library.sources);
    library.modules = pipeline::parse(files, &library.sources, &mut Problems::default());
    let mut program = Program { sources: library.sources.clone(), ..Program::default() };
    if let Some(path) = path {
        let files = project::load_program(path, &|_| None, &mut program.sources)?;
        program.modules = pipeline::parse(files, &program.sources, &mut program.problems);
    }
    Ok(Analysis::new(&mut library, program).reference(path.is_none()))
}

/// The name of a file or directory.
fn title(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    whole.file_stem().map_or_else(|| "Snow".to_string(), |stem| stem.to_string_lossy().into_owned())
}

fn write(directory: &Path, files: &[snow_doc::File]) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    files.iter().try_for_each(|file| std::fs::write(directory.join(&file.name), &file.text))
}
