//! The files of one program.

use crate::{LineIndex, Span};

/// Identifies a file within its [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SourceId(pub u32);

/// One file: the path to show, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path as shown in messages and stack traces.
    pub path: String,
    /// The whole text, UTF-8.
    pub text: String,
    /// Where its lines begin.
    pub lines: LineIndex,
}

/// All files of a program, the standard library's included.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file.
    ///
    /// # Panics
    /// For a text of 4 GiB or more; the driver refuses such files before.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        assert!(u32::try_from(text.len()).is_ok(), "source texts are under 4 GiB");
        let lines = LineIndex::new(&text);
        self.files.push(Source { path: path.into(), text, lines });
        SourceId(self.files.len() as u32 - 1)
    }

    /// The file of an id that this value gave out.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The text a span covers.
    pub fn text(&self, span: Span) -> &str {
        &self.get(span.source).text[span.start as usize..span.end as usize]
    }

    /// All files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.files.iter().enumerate().map(|(i, s)| (SourceId(i as u32), s))
    }
}
