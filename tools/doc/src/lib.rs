//! Pages about the modules of a program: what is public in them, with inferred types and the rendered `##` lines.
//!
//! [`pages`] makes files that need no server and nothing from elsewhere: a page for each module, one with all of them, a
//! style sheet for light and dark, and a search that runs in the reader's browser over a list of all names.
#![forbid(unsafe_code)]

mod code;
mod links;
mod page;
mod prose;
mod search;

use links::Links;
use snow_ide::ModulePage;

/// A file to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Its name; all files lie in one directory.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The documentation of some modules under a common title.
pub fn pages(title: &str, modules: &[ModulePage]) -> Vec<File> {
    let links = Links::new(modules);
    let mut files = vec![
        File { name: "index.html".to_string(), text: page::overview(title, modules, &links) },
        File { name: "style.css".to_string(), text: include_str!("../assets/style.css").to_string() },
        File { name: "search.js".to_string(), text: search::script(modules) },
    ];
    for module in modules {
        let text = page::module(title, module, modules, &links);
        files.push(File { name: links::file(&module.name), text });
    }
    files
}
