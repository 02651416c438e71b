//! What the documentation shows is true: the programs and sessions of `README.md` and of the pages below `docs/` are run.
//!
//! - A `snow` block is a program; `snow NAME.snow` blocks that follow one another are the files of one.
//! - With a `text` block behind it, a program prints exactly that and ends well, or as the block says: `text status=70`. An `input` block
//!   between them is what it reads. `text checked` is what `snow check` says of it instead.
//! - A `console` block is a session in the directory of the program above it: a line `$ COMMAND` is run by a shell, and what it prints
//!   follows. `…` there stands for any text, and as a whole line for any lines.
//! - A program with neither is checked, and nothing is found in it.
//!
//! `ONLY=word` runs the pages whose path contains the word.

mod page;
mod session;

use page::{Example, Wanted};
use session::Place;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Pages that are run at once.
const THREADS: usize = 2;

#[test]
fn the_documentation_is_true() {
    let pages = pages();
    assert!(!pages.is_empty(), "no page has this name");
    let next = Mutex::new(pages.iter());
    let problems = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let Some(page) = next.lock().expect("no panic in a test thread").next() else {
                        return;
                    };
                    problems.lock().expect("no panic in a test thread").extend(judge_page(page));
                }
            });
        }
    });
    let mut problems = problems.into_inner().expect("no panic in a test thread");
    problems.sort();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn dots_stand_for_what_changes() {
    assert!(session::is_like("12:00 INFO ready\n", "… INFO ready\n"));
    assert!(session::is_like("a\nb\nc\nd\n", "a\n…\nd\n"));
    assert!(session::is_like("a\nd\n", "a\n…\nd\n"));
    assert!(!session::is_like("a\nb\n", "a\n"));
    assert!(!session::is_like("12 INFO\nready\n", "… ready\n"));
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![Path::new(ROOT).join("README.md")];
    collect(&Path::new(ROOT).join("docs"), &mut pages);
    assert!(pages.len() >= 20, "only {} pages are found", pages.len());
    let only = std::env::var("ONLY").unwrap_or_default();
    pages.retain(|page| page.to_string_lossy().contains(&only));
    pages.sort();
    pages
}

fn collect(directory: &Path, pages: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("a readable directory") {
        let path = entry.expect("a readable directory").path();
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|e| e == "md") {
            pages.push(path);
        }
    }
}

/// What is not true on a page.
fn judge_page(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).expect("a readable page");
    let name = page.strip_prefix(ROOT).expect("a page lies in the repository").display();
    let mut place = Place::new(&[]);
    let mut problems = Vec::new();
    for example in page::examples(&text) {
        if !example.files.is_empty() {
            place = Place::new(&example.files);
        }
        let found = judge(&mut place, &example);
        problems.extend(found.map(|problem| format!("{name}:{}: {problem}", example.line)));
    }
    problems
}

/// What is wrong with an example, if anything is.
fn judge(place: &mut Place, example: &Example) -> Option<String> {
    let (is_true, wanted, ended) = match &example.wanted {
        Wanted::Printed { text, status } => {
            let ended = place.snow("run", &example.input);
            (ended.stdout == *text && ended.status == Some(*status), text.as_str(), ended)
        }
        Wanted::Checked(text) => {
            let ended = place.snow("check", "");
            let status = i32::from(text.contains("error["));
            (ended.stderr.trim_end() == text.trim_end() && ended.status == Some(status), text.as_str(), ended)
        }
        Wanted::Nothing => {
            let ended = place.snow("check", "");
            (ended.stderr.is_empty() && ended.status == Some(0), "nothing found", ended)
        }
        Wanted::Session(commands) => {
            return commands.iter().find_map(|command| place.judge(command));
        }
    };
    let session::Ended { stdout, stderr, status } = &ended;
    (!is_true).then(|| format!("wanted\n{wanted}\ngot status {status:?} and\n{stdout}{stderr}"))
}
