//! The data of one problem, and the list of all.

use snow_text::{SourceId, Span};
use std::collections::HashSet;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Style advice; shown by editors.
    Hint,
    /// Worth a look; the program runs.
    Warning,
    /// The program is not valid.
    Error,
}

/// A stable code such as `E0001` or `W0003`; `snow explain CODE` tells more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Code(pub &'static str);

/// A span with words beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// What is pointed at.
    pub span: Span,
    /// What is said of it; may be empty for the primary label.
    pub text: String,
}

/// An edit that mends the problem by machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What the edit does, as an imperative: "replace `def` by `fn`".
    pub title: String,
    /// Replacements, not overlapping.
    pub edits: Vec<(Span, String)>,
}

/// One problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Its stable code.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence in the user's words.
    pub message: String,
    /// Where; the first is the primary one.
    pub labels: Vec<Label>,
    /// What to do, a sentence each.
    pub helps: Vec<String>,
    /// Edits that mend it.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error at a place. The severity follows from the code's letter: `E` or `W`.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        let severity = if code.starts_with('W') { Severity::Warning } else { Severity::Error };
        Diagnostic {
            code: Code(code),
            severity,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            helps: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Puts words on the primary span.
    pub fn at(mut self, text: impl Into<String>) -> Diagnostic {
        self.labels[0].text = text.into();
        self
    }

    /// Points at a further place.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.helps.push(text.into());
        self
    }

    /// Offers an edit.
    pub fn fix(mut self, title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Diagnostic {
        self.fixes.push(Fix { title: title.into(), edits: vec![(span, replacement.into())] });
        self
    }

    /// The primary span.
    pub fn span(&self) -> Span {
        self.labels[0].span
    }
}

/// All problems found so far.
#[derive(Default, Debug)]
pub struct Problems {
    list: Vec<Diagnostic>,
}

impl Problems {
    /// Adds one. The same code at the same place is kept once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let known = |d: &Diagnostic| d.code == diagnostic.code && d.span() == diagnostic.span();
        if !self.list.iter().any(known) {
            self.list.push(diagnostic);
        }
    }

    /// The files with errors.
    pub fn broken_sources(&self) -> HashSet<SourceId> {
        let errors = self.iter().filter(|problem| problem.severity == Severity::Error);
        errors.map(|problem| problem.span().source).collect()
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// All, ordered by place.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.list.iter().collect();
        all.sort_by_key(|d| (d.span(), std::cmp::Reverse(d.severity)));
        all
    }

    /// All, in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Moves the problems of `other` here.
    pub fn append(&mut self, other: Problems) {
        other.list.into_iter().for_each(|d| self.push(d));
    }
}
