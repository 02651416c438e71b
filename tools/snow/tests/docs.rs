//! What the documentation shows is true: every `snow` block of `README.md` and of the pages below `docs/` is a program.
//! One with a `text` block behind it prints exactly that and ends well, or with the status that the block names: `text status=70`.
//! One without is checked, and nothing is found in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Programs that run at once.
const THREADS: usize = 2;

/// A fenced block: the line of its fence, the words behind that, and its text.
struct Block {
    line: usize,
    words: Vec<String>,
    text: String,
}

/// A program of a page, with what it should print.
struct Example {
    place: String,
    program: String,
    printed: Option<(String, i32)>,
}

#[test]
fn examples_of_the_documentation_are_true() {
    let mut pages = vec![Path::new(ROOT).join("README.md")];
    collect(&Path::new(ROOT).join("docs"), &mut pages);
    pages.sort();
    let examples: Vec<Example> = pages.iter().flat_map(|page| examples_of(page)).collect();
    assert!(
        examples.iter().filter(|example| example.printed.is_some()).count() >= 5,
        "examples are not found"
    );
    let next = Mutex::new(examples.iter());
    let problems = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let Some(example) = next.lock().expect("no panic in a test thread").next() else {
                        return;
                    };
                    if let Some(problem) = judge(example) {
                        problems.lock().expect("no panic in a test thread").push(problem);
                    }
                }
            });
        }
    });
    let mut problems = problems.into_inner().expect("no panic in a test thread");
    problems.sort();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
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

fn examples_of(page: &Path) -> Vec<Example> {
    let text = std::fs::read_to_string(page).expect("a readable page");
    let name = page.strip_prefix(ROOT).expect("a page lies in the repository").display().to_string();
    let blocks = blocks(&text);
    let is = |block: &Block, word: &str| block.words.first().is_some_and(|first| first == word);
    let mut examples = Vec::new();
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| is(block, "snow")) {
        let printed = blocks.get(index + 1).filter(|next| is(next, "text")).map(|next| {
            let status = next.words.iter().find_map(|word| word.strip_prefix("status="));
            (next.text.clone(), status.map_or(0, |n| n.parse().expect("a status is a number")))
        });
        let place = format!("{name}:{}", block.line);
        examples.push(Example { place, program: block.text.clone(), printed });
    }
    examples
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(words) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let words = words.split_whitespace().map(str::to_owned).collect();
        let text = body.iter().map(|line| format!("{line}\n")).collect();
        blocks.push(Block { line: index + 1, words, text });
    }
    blocks
}

/// What is wrong with an example, if anything is.
fn judge(example: &Example) -> Option<String> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("main.snow"), &example.program).expect("the directory is writable");
    let verb = if example.printed.is_some() { "run" } else { "check" };
    let ended = Command::new(SNOW)
        .args([verb, "main.snow"])
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .output()
        .expect("snow starts");
    let (stdout, stderr) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    let status = ended.status.code();
    let is_true = match &example.printed {
        Some((text, wanted)) => *text == stdout && status == Some(*wanted),
        None => stderr.is_empty() && status == Some(0),
    };
    let wanted = example.printed.as_ref().map_or("nothing found", |(text, _)| text.as_str());
    let place = &example.place;
    (!is_true).then(|| format!("{place}: wanted\n{wanted}\ngot status {status:?} and\n{stdout}{stderr}"))
}
