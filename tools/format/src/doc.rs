//! Documents: text with places where a line may break, and how they are laid out.
//!
//! After P. Wadler, "A prettier printer" (2003), and C. Lindig, "Strictly Pretty" (2000): a group stands on one line when it fits, and
//! has all its own breaks as line breaks otherwise. Layout takes time linear in the size of the document.

/// Longest line, in characters, where there is a choice.
const WIDTH: usize = 100;
/// How far a level is indented.
const INDENT: usize = 2;

/// A document.
#[derive(Clone, Debug)]
pub struct Doc {
    kind: Kind,
    breaks: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    /// May hold line breaks, which stay as they are.
    Text(String),
    /// A space, or a line break.
    Line,
    /// Nothing, or a line break.
    SoftLine,
    /// A line break.
    HardLine,
    /// An empty line, or nothing where there is one.
    BlankLine,
    Concat(Vec<Doc>),
    Indent(Box<Doc>),
    Outdent(Box<Doc>),
    Group(Box<Doc>),
    /// Text for the end of the line.
    Suffix(String),
}

impl Doc {
    fn of(kind: Kind, breaks: bool) -> Doc {
        Doc { kind, breaks }
    }

    /// Text as it is.
    pub fn text(text: impl Into<String>) -> Doc {
        let text = text.into();
        let breaks = text.contains('\n');
        Doc::of(Kind::Text(text), breaks)
    }

    /// Nothing.
    pub fn nothing() -> Doc {
        Doc::of(Kind::Concat(Vec::new()), false)
    }

    /// A space, or a line break when the group around does not fit.
    pub fn line() -> Doc {
        Doc::of(Kind::Line, false)
    }

    /// Nothing, or a line break when the group around does not fit.
    pub fn soft_line() -> Doc {
        Doc::of(Kind::SoftLine, false)
    }

    /// A line break. No group around stands on one line.
    pub fn hard_line() -> Doc {
        Doc::of(Kind::HardLine, true)
    }

    /// A line break and an empty line.
    pub fn blank_line() -> Doc {
        Doc::of(Kind::BlankLine, true)
    }

    /// One behind the other.
    pub fn concat(parts: Vec<Doc>) -> Doc {
        let breaks = parts.iter().any(|part| part.breaks);
        Doc::of(Kind::Concat(parts), breaks)
    }

    /// One level further in, from the next line break on.
    pub fn indent(self) -> Doc {
        let breaks = self.breaks;
        Doc::of(Kind::Indent(Box::new(self)), breaks)
    }

    /// One level further out, from the next line break on.
    pub fn outdent(self) -> Doc {
        let breaks = self.breaks;
        Doc::of(Kind::Outdent(Box::new(self)), breaks)
    }

    /// On one line if it fits.
    pub fn group(self) -> Doc {
        let breaks = self.breaks;
        Doc::of(Kind::Group(Box::new(self)), breaks)
    }

    /// On one line if it fits, but for `broken`.
    pub fn group_unless(mut self, broken: bool) -> Doc {
        self.breaks |= broken;
        self.group()
    }

    /// Text that comes last on its line.
    pub fn suffix(text: String) -> Doc {
        Doc::of(Kind::Suffix(text), false)
    }

    /// Whether it cannot stand on one line.
    pub fn breaks(&self) -> bool {
        self.breaks
    }

    /// Whether it is nothing.
    pub fn is_nothing(&self) -> bool {
        matches!(&self.kind, Kind::Concat(parts) if parts.iter().all(Doc::is_nothing))
    }

    /// The text of the document, ended by a line break unless it is empty.
    pub fn layout(&self) -> String {
        let mut layout = Layout { out: String::new(), column: 0, suffixes: Vec::new() };
        let mut work = vec![Item { indent: 0, flat: false, doc: self }];
        while let Some(item) = work.pop() {
            layout.step(item, &mut work);
        }
        layout.flush(0);
        layout.out.truncate(layout.out.trim_end().len());
        if !layout.out.is_empty() {
            layout.out.push('\n');
        }
        layout.out
    }
}

#[derive(Clone, Copy)]
struct Item<'d> {
    indent: usize,
    flat: bool,
    doc: &'d Doc,
}

struct Layout {
    out: String,
    column: usize,
    suffixes: Vec<String>,
}

impl Layout {
    fn step<'d>(&mut self, item: Item<'d>, work: &mut Vec<Item<'d>>) {
        let Item { indent, flat, doc } = item;
        match &doc.kind {
            Kind::Text(text) => self.text(text),
            Kind::Suffix(text) => self.suffixes.push(text.clone()),
            Kind::Line if flat => self.text(" "),
            Kind::SoftLine if flat => {}
            Kind::Line | Kind::SoftLine | Kind::HardLine => self.break_line(indent),
            Kind::BlankLine => {
                self.break_line(0);
                self.break_line(indent);
            }
            Kind::Concat(parts) => work.extend(parts.iter().rev().map(|doc| Item { doc, ..item })),
            Kind::Indent(inner) => work.push(Item { indent: indent + INDENT, flat, doc: inner }),
            Kind::Outdent(inner) => {
                work.push(Item { indent: indent.saturating_sub(INDENT), flat, doc: inner })
            }
            Kind::Group(inner) => {
                let content = Item { indent, flat: true, doc: inner };
                let flat = flat || !doc.breaks && self.fits(content, work);
                work.push(Item { flat, ..content });
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
        match text.rfind('\n') {
            Some(at) => self.column = text[at + 1..].chars().count(),
            None => self.column += text.chars().count(),
        }
    }

    /// Writes what comes last on the line: one comment that reaches to its end at most, further ones stand below it.
    fn flush(&mut self, indent: usize) {
        let suffixes = std::mem::take(&mut self.suffixes);
        let (blocks, lines): (Vec<String>, Vec<String>) =
            suffixes.into_iter().partition(|s| s.starts_with("#="));
        for (index, text) in blocks.iter().chain(&lines).enumerate() {
            if index > blocks.len() {
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(' ', indent));
            } else {
                self.out.push(' ');
            }
            self.out.push_str(text);
        }
    }

    fn break_line(&mut self, indent: usize) {
        self.flush(indent);
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// Whether something, and what follows it up to the next place where a line may break, stays within the width.
    fn fits(&self, content: Item, rest: &[Item]) -> bool {
        let mut left = match WIDTH.checked_sub(self.column) {
            Some(left) => left,
            None => return false,
        };
        let mut work = vec![content];
        let mut rest = rest.iter().rev();
        loop {
            let Some(item) = work.pop().or_else(|| rest.next().copied()) else { return true };
            let width = match &item.doc.kind {
                Kind::Text(text) => match text.find('\n') {
                    Some(at) => return text[..at].chars().count() <= left,
                    None => text.chars().count(),
                },
                Kind::Line if item.flat => 1,
                Kind::Line | Kind::HardLine | Kind::BlankLine => return true,
                Kind::SoftLine if !item.flat => return true,
                Kind::SoftLine | Kind::Suffix(_) => 0,
                Kind::Concat(parts) => {
                    work.extend(parts.iter().rev().map(|doc| Item { doc, ..item }));
                    0
                }
                Kind::Indent(inner) | Kind::Outdent(inner) | Kind::Group(inner) => {
                    work.push(Item { doc: inner, ..item });
                    0
                }
            };
            left = match left.checked_sub(width) {
                Some(left) => left,
                None => return false,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(arguments: &[&str]) -> Doc {
        let mut parts = vec![Doc::soft_line()];
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                parts.extend([Doc::text(","), Doc::line()]);
            }
            parts.push(Doc::text(*argument));
        }
        let inner = Doc::concat(parts).indent();
        Doc::concat(vec![Doc::text("f("), inner, Doc::soft_line(), Doc::text(")")]).group()
    }

    #[test]
    fn a_group_stands_on_one_line_or_on_many() {
        assert_eq!(call(&["a", "b"]).layout(), "f(a, b)\n");
        let long = "x".repeat(60);
        assert_eq!(call(&[&long, &long]).layout(), format!("f(\n  {long},\n  {long}\n)\n"));
    }

    #[test]
    fn what_follows_a_group_has_to_fit_too() {
        let long = "x".repeat(50);
        let doc = Doc::concat(vec![call(&[&long]), Doc::text("y".repeat(48))]);
        assert!(doc.layout().starts_with("f(\n"));
        let doc = Doc::concat(vec![call(&[&long]), Doc::line(), Doc::text("y".repeat(48))]);
        assert!(doc.layout().starts_with("f(x"));
    }

    #[test]
    fn suffixes_come_last_on_their_line() {
        let comment =
            Doc::concat(["# why", "# and", "#= how =#"].map(|text| Doc::suffix(text.into())).to_vec());
        let doc =
            Doc::concat(vec![Doc::text("a"), comment, Doc::text(" + b"), Doc::hard_line(), Doc::text("c")]);
        assert_eq!(doc.layout(), "a + b #= how =# # why\n# and\nc\n");
    }
}
