//! The pages of `tests/diagnostics` are tests: a program in a `snow` block draws what the `text` block below it says, line by line
//! and in this order; one in a `snow mended` block draws nothing. `snow main.snow`, `snow shop.snow` name the files of a program.
//! `usage.md` holds wrong uses of the command: what is typed, the exit status and the beginning of the answer.

use std::path::{Path, PathBuf};
use std::process::Command;

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/diagnostics");

/// A fenced block: the words behind the fence, and the text.
struct Block {
    words: Vec<String>,
    text: String,
}

#[test]
fn pages_say_what_the_compiler_says() {
    let mut pages: Vec<PathBuf> = std::fs::read_dir(PAGES)
        .expect("tests/diagnostics exists")
        .map(|entry| entry.expect("a readable directory").path())
        .filter(|path| path.extension().is_some_and(|e| e == "md") && is_code(&stem(path)))
        .collect();
    pages.sort();
    assert!(pages.len() >= 25, "only {} pages in {PAGES}", pages.len());
    let problems: Vec<String> = pages.iter().flat_map(|page| check_page(page)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn wrong_uses_of_the_command_are_answered() {
    let place = tempfile::tempdir().expect("a temporary directory");
    write(place.path(), "latin.snow", b"fn main() do\n  println(\"\xe9\")\nend\n");
    write(place.path(), "notes.txt", b"no program\n");
    write(place.path(), "empty/other.snow", b"fn f() = 1\n");
    write(place.path(), "fine.snow", b"fn main() do\n  println(1)\nend\n");
    let text = std::fs::read_to_string(Path::new(PAGES).join("usage.md")).expect("usage.md is there");
    let rows: Vec<Vec<&str>> = text.lines().filter(|line| line.starts_with("| `")).map(cells).collect();
    assert!(!rows.is_empty(), "usage.md has no rows");
    let mut problems = Vec::new();
    for row in rows {
        let [typed, status, answer] = row[..] else { panic!("three cells: {row:?}") };
        let words = typed.trim_matches('`').split_whitespace().skip(1);
        let ended = Command::new(SNOW).args(words).current_dir(place.path()).output().expect("snow starts");
        let said = String::from_utf8_lossy(&ended.stderr);
        let first = said.lines().next().unwrap_or_default();
        let found = ended.status.code().map_or("none".to_owned(), |code| code.to_string());
        if found != status || !first.starts_with(answer.trim_matches('`')) {
            problems.push(format!("{typed}: wanted {status}, {answer}; got {found}, `{first}`"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_code(name: &str) -> bool {
    name.len() == 5 && name.starts_with(['E', 'W']) && name[1..].bytes().all(|b| b.is_ascii_digit())
}

fn check_page(page: &Path) -> Vec<String> {
    let code = stem(page);
    let text = std::fs::read_to_string(page).expect("a readable page");
    let mut problems = Vec::new();
    if !text.starts_with(&format!("# {code}: ")) {
        problems.push(format!("{code}: the page begins with `# {code}: ` and a title"));
    }
    let blocks = blocks(&text);
    let mut seen = false;
    let mut files: Vec<&Block> = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        if block.words.first().is_some_and(|word| word == "snow") {
            files.push(block);
            let mended = block.words.iter().any(|word| word == "mended");
            let last = blocks.get(index + 1).is_none_or(|next| {
                next.words.first() != block.words.first()
                    || next.words.iter().any(|word| word == "mended") != mended
                    || file_name(next) == "main.snow"
            });
            if mended && last {
                problems.extend(check_program(&code, &files, ""));
                files.clear();
            }
        } else if block.words.first().is_some_and(|word| word == "text") && !files.is_empty() {
            seen |= block.text.contains(&format!("[{code}]"));
            problems.extend(check_program(&code, &files, &block.text));
            files.clear();
        }
    }
    if !seen {
        problems.push(format!("{code}: no `text` block mentions [{code}]"));
    }
    problems
}

fn file_name(block: &Block) -> &str {
    block.words.iter().find(|word| word.ends_with(".snow")).map_or("main.snow", String::as_str)
}

/// Checks a program; the expected lines come in this order, and no other errors.
fn check_program(code: &str, files: &[&Block], expected: &str) -> Option<String> {
    let place = tempfile::tempdir().expect("a temporary directory");
    for file in files {
        write(place.path(), file_name(file), file.text.as_bytes());
    }
    let ended =
        Command::new(SNOW).arg("check").arg(".").current_dir(place.path()).output().expect("snow starts");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    let heads = |text: &str| -> Vec<String> {
        let head = |line: &&str| line.starts_with("error[") || line.starts_with("warning[");
        text.lines().filter(head).map(str::to_owned).collect()
    };
    let status = i32::from(expected.contains("error["));
    let mut rest = said.lines().map(str::trim);
    let in_order = expected.lines().map(str::trim).all(|wanted| rest.any(|line| line == wanted));
    if in_order && heads(&said) == heads(expected) && ended.status.code() == Some(status) {
        return None;
    }
    let found = ended.status.code();
    Some(format!("{code}: wanted status {status} and\n{expected}\ngot {found:?} and\n{said}"))
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(words) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let words = words.split_whitespace().map(str::to_owned).collect();
        blocks.push(Block { words, text: body.join("\n") + "\n" });
    }
    blocks
}

fn write(place: &Path, name: &str, bytes: &[u8]) {
    let path = place.join(name);
    std::fs::create_dir_all(path.parent().expect("it has a directory")).expect("the directory is writable");
    std::fs::write(path, bytes).expect("the directory is writable");
}
