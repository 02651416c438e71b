//! Every Snow file of the repository, and what chance makes of it, keeps its meaning and its comments, and formatting twice is formatting
//! once: the formatter checks that itself and says when it does not hold.

use snow_format::{FormatError, format};
use snow_text::SourceId;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const STACK_BYTES: usize = 256 << 20;
/// Changed copies of each file.
const COPIES: u64 = 2;

#[test]
fn every_file_has_a_tidy_form() {
    let formatted =
        on_deep_stack(|| files().iter().filter(|file| check(file, &text_of(file)).is_some()).count());
    assert!(formatted > 150, "only {formatted} files without errors");
}

#[test]
fn changed_files_have_one_too() {
    let formatted = on_deep_stack(|| {
        let mut formatted = 0;
        for file in files() {
            let text = text_of(&file);
            for seed in 0..COPIES {
                let copy = changed(&text, seed);
                formatted += usize::from(check(&file, &copy).is_some());
            }
        }
        formatted
    });
    assert!(formatted > 100, "only {formatted} of the changed files were without errors");
}

/// The tidy text, `None` for a text with errors.
fn check(file: &Path, text: &str) -> Option<String> {
    match format(SourceId(0), text) {
        Ok(tidy) => Some(tidy),
        Err(FormatError::Syntax(_)) => None,
        Err(problem) => panic!("{}: {problem}\n{text}\n====", file.display()),
    }
}

fn text_of(file: &Path) -> String {
    std::fs::read_to_string(file).expect("a readable file")
}

fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for directory in ["std", "examples", "bench", "tests"] {
        collect(&Path::new(ROOT).join(directory), &mut found);
    }
    found.sort();
    found
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("it is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "snow") {
            found.push(path);
        }
    }
}

/// A copy with some changes: white space, comments, and tokens added, taken away and doubled.
fn changed(text: &str, seed: u64) -> String {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ text.len() as u64 | 1);
    let tokens = snow_syntax::lex(text);
    let mut out = String::new();
    let every = 1 + tokens.len() as u64 / 12;
    for token in &tokens {
        let outside = out.matches('"').count().is_multiple_of(2);
        match chance.below(every * 36) {
            0 if outside => out += " # a comment\n",
            1 if outside => out += "\n# on its own\n",
            2 if outside => out += " #= inside =# ",
            3 if outside => out += "\n\n\n",
            4 if outside && token.kind == snow_syntax::SyntaxKind::Newline => continue,
            5 if outside && token.kind == snow_syntax::SyntaxKind::Comma => {
                out += ",\n";
                continue;
            }
            6 if outside => out += "\n",
            7 => continue,
            8 => out += token.text,
            _ => {}
        }
        out += token.text;
    }
    out
}

/// xorshift64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        thread.expect("a thread").join().unwrap_or_else(|problem| std::panic::resume_unwind(problem))
    })
}
