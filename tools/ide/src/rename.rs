//! Renaming: every place of a name at once, and a proof that nothing else has changed.

use crate::analysis::{Library, Program};
use crate::{Analysis, Occurrence};
use snow_names::hir::Target;
use snow_syntax::SyntaxKind;
use snow_text::{SourceId, Span};
use std::fmt;

/// A replacement of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// Why a name cannot be changed. Its Display says what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RenameError {
    /// There is no name.
    Nothing,
    /// It is the library's.
    Library(String),
    /// A module has the name of its file.
    Module,
    /// Other names are made from this one: a service's functions from its messages.
    Derived(String),
    /// What was asked for is no name.
    NoName(String),
    /// It begins with a small letter and must not, or the other way round.
    Case(String),
    /// Something here would mean another thing.
    Conflict(String),
}

impl fmt::Display for RenameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RenameError::Nothing => f.write_str("there is no name here to change"),
            RenameError::Library(name) => {
                write!(f, "`{name}` belongs to the standard library and cannot be renamed")
            }
            RenameError::Module => f.write_str("a module has the name of its file: rename the file"),
            RenameError::Derived(name) => {
                write!(f, "other names are made from `{name}`, so that it has to be changed by hand")
            }
            RenameError::NoName(text) => {
                write!(f, "`{text}` is not a name: write letters, digits and _, and no reserved word")
            }
            RenameError::Case(text) => write!(
                f,
                "`{text}` does not begin as this name must: values with a small letter, types, variants and modules with a capital"
            ),
            RenameError::Conflict(text) => {
                write!(f, "`{text}` means something else where this name is used: choose another name")
            }
        }
    }
}

impl std::error::Error for RenameError {}

impl Analysis {
    /// The name at an offset, if it can be changed.
    ///
    /// # Errors
    /// When there is none, or it cannot.
    pub fn renamable(&self, source: SourceId, offset: u32) -> Result<Span, RenameError> {
        Ok(self.chosen(source, offset)?.span)
    }

    /// The edits that give the thing whose name touches an offset another name.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn rename(&self, source: SourceId, offset: u32, to: &str) -> Result<Vec<Edit>, RenameError> {
        let chosen = *self.chosen(source, offset)?;
        let name = self.sources.text(chosen.span);
        check_name(name, to)?;
        Ok(self.occurrences_of(chosen.target).map(|o| self.edit(o, to)).collect())
    }

    /// The name that is meant: a field rather than the local that a pattern such as `Point { x }` binds beside.
    fn chosen(&self, source: SourceId, offset: u32) -> Result<&Occurrence, RenameError> {
        let all: Vec<&Occurrence> = self.at(source, offset).collect();
        let field = all.iter().find(|o| matches!(o.target, Target::Field(_)));
        let chosen = field.or(all.first()).copied().ok_or(RenameError::Nothing)?;
        let name = self.sources.text(chosen.span).to_string();
        let place = self.definition(chosen.target).ok_or(RenameError::Nothing)?;
        match chosen.target {
            _ if self.is_library(place.source) => return Err(RenameError::Library(name)),
            Target::Module(_) if place.start == place.end => return Err(RenameError::Module),
            _ => {}
        }
        let same = |o: &Occurrence| self.sources.text(o.span) == name;
        let all_same = self.occurrences_of(chosen.target).all(same) && self.sources.text(place) == name;
        if all_same { Ok(chosen) } else { Err(RenameError::Derived(name)) }
    }

    /// `Point { x }` becomes `Point { x: y }` or `Point { y: x }`.
    fn edit(&self, occurrence: &Occurrence, to: &str) -> Edit {
        let span = occurrence.span;
        let is_field = matches!(occurrence.target, Target::Field(_));
        let both = |o: &&Occurrence| o.span == span && matches!(o.target, Target::Field(_)) != is_field;
        let is_short = self.at(span.source, span.start).any(|o| both(&o)) && self.stands_alone(span);
        let old = self.sources.text(span);
        let text = match (is_short, is_field) {
            (false, _) => to.to_string(),
            (true, true) => format!("{to}: {old}"),
            (true, false) => format!("{old}: {to}"),
        };
        Edit { span, text }
    }

    fn stands_alone(&self, span: Span) -> bool {
        let wanted = |kind| matches!(kind, SyntaxKind::FieldValue | SyntaxKind::FieldPattern);
        self.node_around(span, wanted).is_some()
    }

    /// Whether the program with the edits has the thing at as many places as before, and no new errors.
    ///
    /// # Errors
    /// When the new name means something else somewhere.
    pub fn check_renamed(
        &self,
        library: &mut Library,
        renamed: Program,
        edits: &[Edit],
        to: &str,
    ) -> Result<(), RenameError> {
        let after = Analysis::new(library, renamed);
        let errors = |analysis: &Analysis| {
            analysis.problems.iter().filter(|p| p.severity == snow_diagnostics::Severity::Error).count()
        };
        let first = edits.first().ok_or(RenameError::Nothing)?;
        let place = first.span.start + first.text.find(to).unwrap_or_default() as u32;
        let conflict = || RenameError::Conflict(to.to_string());
        let same = after
            .at(first.span.source, place)
            .any(|found| after.occurrences_of(found.target).count() == edits.len());
        if same && errors(&after) <= errors(self) { Ok(()) } else { Err(conflict()) }
    }
}

fn check_name(old: &str, new: &str) -> Result<(), RenameError> {
    let begins = new.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let is_name = begins && new.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_name || SyntaxKind::keyword(new).is_some() || new == "_" {
        return Err(RenameError::NoName(new.to_string()));
    }
    if old.starts_with(char::is_uppercase) != new.starts_with(char::is_uppercase) {
        return Err(RenameError::Case(new.to_string()));
    }
    Ok(())
}
