//! Files end at 800 lines and functions at 60; a file marked `// tidy: table` may be longer.

use super::scan::{closing, is_word, line_of, word_positions};
use super::{RustFile, Subject, Violation};

/// Lines of a file that is no table.
const FILE_LINES_MAX: usize = 800;
/// Lines of a function, first to last.
const FUNCTION_LINES_MAX: usize = 60;
/// Lines at the top of a file in which the mark of a table is looked for.
const MARK_LINES: usize = 3;

pub fn check(subject: &Subject) -> Vec<Violation> {
    subject.rust.iter().flat_map(|file| check_file(file).into_iter().chain(check_functions(file))).collect()
}

fn check_file(file: &RustFile) -> Option<Violation> {
    let text = &file.source.text;
    let lines = text.lines().count();
    let is_table = text.lines().take(MARK_LINES).any(|line| line.starts_with("// tidy: table"));
    (lines > FILE_LINES_MAX && !is_table).then(|| {
        let advice = format!("{lines} lines, at most {FILE_LINES_MAX}: give a part of it a file of its own");
        Violation::new(&file.source.path, 1, "file-length", advice)
    })
}

fn check_functions(file: &RustFile) -> Vec<Violation> {
    let code = &file.scan.code;
    let too_long = functions(code).filter(|function| function.lines > FUNCTION_LINES_MAX);
    too_long
        .map(|Function { name, line, lines }| {
            let advice = format!("`{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}: name its parts");
            Violation::new(&file.source.path, line, "function-length", advice)
        })
        .collect()
}

struct Function<'a> {
    name: &'a str,
    line: usize,
    lines: usize,
}

/// Every function of the file that has a name and a body.
fn functions(code: &str) -> impl Iterator<Item = Function<'_>> {
    word_positions(code, "fn").filter_map(|at| {
        let after = at + "fn".len();
        let start = after + code[after..].find(|c: char| !c.is_whitespace())?;
        let end = start + code[start..].find(|c: char| !(c.is_ascii() && is_word(c as u8)))?;
        if start == end {
            return None;
        }
        let open = body_start(code, end)?;
        let last = line_of(code, closing(code, open)?);
        let line = line_of(code, at);
        Some(Function { name: &code[start..end], line, lines: last - line + 1 })
    })
}

/// The brace that opens the body after a function's name; `None` for a mere declaration.
fn body_start(code: &str, name_end: usize) -> Option<usize> {
    let mut at = name_end;
    loop {
        at += code[at..].find(['{', ';', '(', '['])?;
        match code.as_bytes()[at] {
            b'{' => return Some(at),
            b';' => return None,
            _ => at = closing(code, at)? + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    fn function(lines: usize) -> String {
        format!("fn long(a: [u8; 2])\nwhere\n{}{{ \"}}\"; }}\n", "\n".repeat(lines - 3))
    }

    #[test]
    fn fires_on_a_long_file() {
        assert_eq!(places(check, &[("a.rs", &"\n".repeat(801))]), ["a.rs:1"]);
    }

    #[test]
    fn accepts_a_file_at_the_limit_and_a_long_table() {
        let table = format!("// tidy: table\n{}", "\n".repeat(900));
        assert!(places(check, &[("a.rs", &"\n".repeat(800)), ("b.rs", &table)]).is_empty());
    }

    #[test]
    fn fires_on_a_long_function() {
        let text = format!("//! A.\n\n{}", function(61));
        assert_eq!(places(check, &[("a.rs", &text)]), ["a.rs:3"]);
    }

    #[test]
    fn accepts_a_function_at_the_limit() {
        assert!(places(check, &[("a.rs", &function(60))]).is_empty());
    }

    #[test]
    fn accepts_function_types_and_declarations() {
        let text = format!("type F = fn(u8);\ntrait T {{ fn a();{} }}", "\n".repeat(70));
        assert!(places(check, &[("a.rs", &text)]).is_empty());
    }
}
