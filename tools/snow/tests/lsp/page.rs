//! The pages of `tests/editor`: programs with marks, and what an editor is told about them.
//!
//! A page holds sections `## name`, each with a block for every file, ```` ```snow main.snow ````, in which `$1` marks a
//! place, and a block `answers` with a line `question: answer` for each question.

use std::path::Path;

/// A section of a page.
pub struct Section {
    /// Page and heading.
    pub title: String,
    /// Names and texts, without marks.
    pub files: Vec<(String, String)>,
    /// Mark, file, line and column of each, both from 0, the column in UTF-16 units.
    pub marks: Vec<(String, String, u32, u32)>,
    /// Questions and their answers.
    pub answers: Vec<(String, String)>,
}

/// All sections of all pages of a directory.
pub fn sections(directory: &Path) -> Vec<Section> {
    let entries = std::fs::read_dir(directory).expect("the directory is there");
    let mut pages: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    pages.sort();
    pages.iter().flat_map(|page| read(page)).collect()
}

fn read(path: &Path) -> Vec<Section> {
    let text = std::fs::read_to_string(path).expect("a page");
    let page = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
    let mut sections: Vec<Section> = Vec::new();
    let mut block: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (Some(_), Some("")) => {
                let (kind, body) = block.take().expect("a block is open");
                sections.last_mut().expect("a block belongs to a section").take(&kind, &body);
            }
            (Some((_, body)), _) => body.push_str(&format!("{line}\n")),
            (None, Some(kind)) => block = Some((kind.to_string(), String::new())),
            (None, None) => {
                if let Some(name) = line.strip_prefix("## ") {
                    let title = format!("{page}: {name}");
                    sections.push(Section { title, files: vec![], marks: vec![], answers: vec![] });
                }
            }
        }
    }
    sections
}

impl Section {
    fn take(&mut self, kind: &str, body: &str) {
        match kind.split_once(' ') {
            Some(("snow", file)) => {
                let text = self.marked(file, body);
                self.files.push((file.to_string(), text));
            }
            None if kind == "answers" => {
                let lines = body.lines().filter_map(|line| line.split_once(": "));
                self.answers.extend(lines.map(|(q, a)| (q.to_string(), a.to_string())));
                assert_eq!(self.answers.len(), body.lines().count(), "{}: `question: answer`", self.title);
            }
            _ => panic!("{}: a block is `snow FILE` or `answers`, not {kind}", self.title),
        }
    }

    /// Takes the marks out of a text.
    fn marked(&mut self, file: &str, body: &str) -> String {
        let mut text = String::new();
        let mut rest = body;
        while let Some(at) = rest.find('$') {
            let digits: String = rest[at + 1..].chars().take_while(char::is_ascii_digit).collect();
            text.push_str(&rest[..at]);
            rest = &rest[at + 1 + digits.len()..];
            if digits.is_empty() {
                text.push('$');
                continue;
            }
            let line = text.matches('\n').count() as u32;
            let column = text.rsplit('\n').next().unwrap_or_default().encode_utf16().count() as u32;
            self.marks.push((format!("${digits}"), file.to_string(), line, column));
        }
        text + rest
    }
}
