//! Byte offsets to lines and columns.

/// Line and column, both counted from 1; the column counts characters (Unicode scalar values).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Scans `text` once.
    pub fn new(text: &str) -> LineIndex {
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1);
        LineIndex { starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|s| *s <= offset) as u32
    }

    /// The position of a byte offset of `text`, which is the text this index was made from.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let end = (offset as usize).min(text.len());
        let column = text[start..].char_indices().take_while(|(i, _)| start + i < end).count() as u32 + 1;
        Position { line, column }
    }

    /// The byte range of a line (from 1), its line break excluded.
    pub fn range(&self, text: &str, line: u32) -> std::ops::Range<usize> {
        let start = self.starts[line as usize - 1] as usize;
        let end = self.starts.get(line as usize).map_or(text.len(), |s| *s as usize);
        start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    /// How many lines there are.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let text = "aé\nbc\r\n";
        let lines = LineIndex::new(text);
        assert_eq!(lines.position(text, 3), Position { line: 1, column: 3 });
        assert_eq!(lines.position(text, 5), Position { line: 2, column: 2 });
        assert_eq!(&text[lines.range(text, 2)], "bc");
    }
}
