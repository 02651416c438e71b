//! Programs: those of the repository ([`corpus`]), damaged ([`mutate`]), and what must hold of the compiler whatever it
//! reads ([`check`]). [`shrink`] makes a finding small.

pub mod check;
pub mod corpus;
pub mod mutate;
pub mod shrink;
pub mod target;

/// One file of a case.
#[derive(Clone, Debug)]
pub struct File {
    /// As the driver names modules; empty for the root.
    pub module: String,
    /// Its text.
    pub text: String,
}

/// A program to compile, the library apart.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its files.
    pub files: Vec<File>,
}

impl Case {
    /// A program of one file.
    pub fn of(text: impl Into<String>) -> Case {
        Case { files: vec![File { module: String::new(), text: text.into() }] }
    }

    /// All as one text to be read by people.
    pub fn text(&self) -> String {
        let show = |file: &File| format!("#### {}\n{}", file.module, file.text);
        self.files.iter().map(show).collect()
    }
}
