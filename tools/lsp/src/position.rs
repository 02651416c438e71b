//! Byte offsets as the protocol's positions, which count lines from 0 and columns in UTF-16 units, and back.

use lsp_types::{Position, Range};
use snow_text::{LineIndex, Source, Sources, Span};

/// The position of a byte offset.
pub fn of_offset(text: &str, lines: &LineIndex, offset: u32) -> Position {
    let line = lines.line(offset);
    let range = lines.range(text, line);
    let end = (offset as usize).clamp(range.start, text.len());
    let before = text.get(range.start..end).unwrap_or_default();
    Position { line: line - 1, character: before.encode_utf16().count() as u32 }
}

/// The byte offset of a position. One behind the end of a line is that end, one behind the last line the end of the text.
pub fn to_offset(text: &str, lines: &LineIndex, position: Position) -> u32 {
    if position.line >= lines.line_count() {
        return text.len() as u32;
    }
    let range = lines.range(text, position.line + 1);
    let mut units = 0;
    for (index, character) in text[range.clone()].char_indices() {
        // A position inside a character is the place before it.
        units += character.len_utf16() as u32;
        if units > position.character {
            return (range.start + index) as u32;
        }
    }
    range.end as u32
}

/// The offset of a position in a file.
pub fn in_source(source: &Source, position: Position) -> u32 {
    to_offset(&source.text, &source.lines, position)
}

/// The range of a span.
pub fn range(sources: &Sources, span: Span) -> Range {
    let source = sources.get(span.source);
    let of = |offset| of_offset(&source.text, &source.lines, offset);
    Range { start: of(span.start), end: of(span.end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_utf16_units_and_come_back() {
        // One unit and two bytes, then two units and four bytes.
        let text = "é=1\r\n😀x\nlast";
        let lines = LineIndex::new(text);
        let at = |line, character| Position { line, character };
        for (offset, position) in
            [(0, at(0, 0)), (2, at(0, 1)), (6, at(1, 0)), (10, at(1, 2)), (12, at(2, 0))]
        {
            assert_eq!(of_offset(text, &lines, offset), position, "{offset}");
            assert_eq!(to_offset(text, &lines, position), offset, "{position:?}");
        }
    }

    #[test]
    fn places_that_are_not_there_become_near_ones() {
        let text = "ab\r\n😀\n";
        let lines = LineIndex::new(text);
        let offset = |line, character| to_offset(text, &lines, Position { line, character });
        assert_eq!([offset(0, 99), offset(1, 1), offset(2, 5), offset(9, 0)], [2, 4, 9, 9]);
    }
}
