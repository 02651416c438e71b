//! Tree → tidy text.
//!
//! [`format`] gives a file the one layout that Snow code has: two spaces a level, lines of at most 100 characters where there is a choice.
//! What the author decides stays: blank lines (one at most), comments, and whether a block, pipe or list stands on one line or on many.
//! The result is the same program with the same comments, and formatting it again changes nothing: both are checked on every file.
#![forbid(unsafe_code)]

mod doc;
mod printer;
mod rules;
mod same;
mod trivia;

use printer::Printer;
use snow_diagnostics::Problems;
use snow_syntax::Tree;
use snow_text::SourceId;
use std::fmt;

/// How often a layout is tried to settle.
const ROUNDS_MAX: usize = 6;

/// Why a file has no formatted text.
#[derive(Debug)]
pub enum FormatError {
    /// Its text has errors, which stand among the problems.
    Syntax(Problems),
    /// Our fault: the result would not be the same program, or would change when formatted again.
    Lost(&'static str),
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::Syntax(_) => f.write_str("the file has errors"),
            FormatError::Lost(what) => write!(f, "formatting would change {what}"),
        }
    }
}

impl std::error::Error for FormatError {}

/// The text of a file in its tidy form. Deep trees need a deep stack.
///
/// # Errors
/// When the text has errors; then it stays as it is.
pub fn format(source: SourceId, text: &str) -> Result<String, FormatError> {
    let text = text.replace("\r\n", "\n");
    let before = parse(source, &text)?;
    let mut now = print(&before);
    for _ in 0..ROUNDS_MAX {
        let tree = parse(source, &now).map_err(|_| FormatError::Lost("the program"))?;
        let next = print(&tree);
        if next == now {
            return compare(&before, &tree).map(|()| now);
        }
        now = next;
    }
    Err(FormatError::Lost("its own result"))
}

fn parse(source: SourceId, text: &str) -> Result<Tree, FormatError> {
    let mut problems = Problems::default();
    let tree = snow_syntax::parse(source, text, &mut problems);
    if problems.has_errors() { Err(FormatError::Syntax(problems)) } else { Ok(tree) }
}

fn print(tree: &Tree) -> String {
    Printer::default().file(&tree.syntax()).layout()
}

fn compare(before: &Tree, after: &Tree) -> Result<(), FormatError> {
    let (before, after) = (before.syntax(), after.syntax());
    if same::meaning(&before) != same::meaning(&after) {
        return Err(FormatError::Lost("the program"));
    }
    if same::comments(&before) != same::comments(&after) {
        return Err(FormatError::Lost("its comments"));
    }
    Ok(())
}
