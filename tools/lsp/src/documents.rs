//! The documents that the editor has open, with every change applied.

use crate::position;
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use snow_text::LineIndex;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One document as the editor shows it.
pub struct Document {
    /// Its text.
    pub text: String,
    /// The editor's number for this state of it.
    pub version: i32,
    /// What the editor calls it.
    pub uri: Uri,
}

/// All open documents by their paths.
#[derive(Default)]
pub struct Documents {
    open: BTreeMap<PathBuf, Document>,
}

impl Documents {
    /// Takes a document that was opened.
    pub fn open(&mut self, path: PathBuf, document: Document) {
        self.open.insert(path, document);
    }

    /// Forgets a document.
    pub fn close(&mut self, path: &Path) {
        self.open.remove(path);
    }

    /// Applies changes, in order.
    pub fn change(&mut self, path: &Path, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        let Some(document) = self.open.get_mut(path) else { return };
        document.version = version;
        for change in changes {
            apply(&mut document.text, change);
        }
    }

    /// An open document.
    pub fn get(&self, path: &Path) -> Option<&Document> {
        self.open.get(path)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&PathBuf, &Document)> {
        self.open.iter()
    }
}

fn apply(text: &mut String, change: TextDocumentContentChangeEvent) {
    let Some(range) = change.range else {
        *text = change.text;
        return;
    };
    let lines = LineIndex::new(text);
    let start = position::to_offset(text, &lines, range.start) as usize;
    let end = position::to_offset(text, &lines, range.end) as usize;
    text.replace_range(start..end.max(start), &change.text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::{Position, Range};

    fn change(range: Option<[u32; 4]>, text: &str) -> TextDocumentContentChangeEvent {
        let range = range.map(|[line, character, end_line, end]| Range {
            start: Position { line, character },
            end: Position { line: end_line, character: end },
        });
        TextDocumentContentChangeEvent { range, range_length: None, text: text.to_string() }
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let mut text = "let a = \"😀\"\nlet b = a\n".to_string();
        // Behind the emoji, which is two units; then across the line break; then a range behind the end.
        apply(&mut text, change(Some([0, 11, 0, 11]), "!"));
        assert_eq!(text, "let a = \"😀!\"\nlet b = a\n");
        apply(&mut text, change(Some([0, 13, 1, 0]), "; "));
        assert_eq!(text, "let a = \"😀!\"; let b = a\n");
        apply(&mut text, change(Some([7, 0, 9, 3]), "end"));
        assert_eq!(text, "let a = \"😀!\"; let b = a\nend");
        apply(&mut text, change(None, "new"));
        assert_eq!(text, "new");
    }
}
