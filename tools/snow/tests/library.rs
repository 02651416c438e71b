//! Every example in the standard library's doc comments is a test, and every public function has one.
//!
//! An example is a block between ```` ``` ```` lines in a `##` comment. It runs in a process of its own. A comment at the end of a line says
//! what is to come out: the Debug form of the line's value, unless that is `()`, and before it whatever the line prints; further lines of output
//! stand below it as lines that are comments. Lines that are indented or begin with `let` are taken as they are.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
const LIBRARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../std");
/// Begins the line behind an example's output.
const MARK: char = '\u{1}';
/// Heading of a section whose functions are not for users: the library or what the compiler writes calls them.
const NOT_FOR_USERS: &str = "# ---- For the ";
const FOR_DERIVING: &str = "# ---- For deriving";
/// The functions of these need another node, or a supervisor, whose declaration has no place in an example: the guide has them.
const WITHOUT_EXAMPLE: [&str; 2] = ["node.snow", "supervisor.snow"];
/// These are for `test` blocks alone, since they need what `snow test` prepares.
const FOR_TESTS: [&str; 3] = ["pub fn assert_crash<", "pub fn expect_crash<", "pub fn temp_dir("];

/// An example, and where it is.
struct Example {
    line: usize,
    code: Vec<String>,
    wanted: Vec<String>,
}

#[test]
fn examples_show_what_comes_out() {
    let mut problems = String::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a file of the library can be read");
        let examples = examples(&text);
        if !examples.is_empty() {
            problems += &check(&path, &examples);
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn public_functions_have_examples() {
    let mut missing = String::new();
    for path in files() {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        if WITHOUT_EXAMPLE.contains(&name.as_str()) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file of the library can be read");
        for (line, function) in without_example(&text) {
            writeln!(missing, "std/{name}:{line}: {function}").expect("writes to memory");
        }
    }
    assert!(missing.is_empty(), "public functions without an example:\n{missing}");
}

fn files() -> Vec<PathBuf> {
    let only = std::env::var("ONLY").unwrap_or_default();
    let entries = std::fs::read_dir(LIBRARY).expect("std exists");
    let paths = entries.map(|entry| entry.expect("a readable directory").path());
    let mut found: Vec<PathBuf> = paths
        .filter(|path| {
            path.extension().is_some_and(|e| e == "snow") && path.to_string_lossy().contains(&only)
        })
        .collect();
    found.sort();
    found
}

/// The lines of doc comments without their marks, with their numbers; `None` between two comments.
fn doc_lines(text: &str) -> impl Iterator<Item = (usize, Option<&str>)> {
    text.lines().zip(1..).map(|(line, number)| {
        let doc = line.strip_prefix("##").map(|rest| rest.trim_start_matches('!'));
        (number, doc.map(|rest| rest.strip_prefix(' ').unwrap_or(rest)))
    })
}

fn examples(text: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut open: Option<Example> = None;
    for (line, doc) in doc_lines(text) {
        match (doc, &mut open) {
            (Some("```"), None) => open = Some(Example { line, code: Vec::new(), wanted: Vec::new() }),
            (Some("```"), Some(_)) => found.extend(open.take()),
            (Some(doc), Some(example)) => add_line(example, doc),
            (None, Some(example)) => panic!("the example of line {} has no end", example.line),
            (_, None) => {}
        }
    }
    found
}

fn add_line(example: &mut Example, line: &str) {
    if let Some(output) = line.strip_prefix("# ") {
        example.wanted.push(output.to_owned());
        return;
    }
    let Some((code, output)) = comment(line) else {
        return example.code.push(line.to_owned());
    };
    example.wanted.push(output.to_owned());
    let taken_as_it_is = code.starts_with([' ']) || code.starts_with("let ") || code == "end";
    example.code.push(if taken_as_it_is { code.to_owned() } else { format!("shown({code})") });
}

/// A line's code and the comment behind it.
fn comment(line: &str) -> Option<(&str, &str)> {
    let outside_quotes = |at: &usize| line[..*at].replace("\\\"", "").matches('"').count().is_multiple_of(2);
    let at = line.match_indices(" # ").map(|found| found.0).find(outside_quotes)?;
    Some((line[..at].trim_end(), &line[at + 3..]))
}

/// Public functions and constants whose comment has no example.
fn without_example(text: &str) -> Vec<(usize, &str)> {
    let mut missing = Vec::new();
    let (mut has_example, mut is_for_users) = (false, true);
    for (line, number) in text.lines().zip(1..) {
        if line.starts_with("# ----") {
            is_for_users = !line.starts_with(NOT_FOR_USERS) && !line.starts_with(FOR_DERIVING);
        }
        if line.starts_with("##") {
            has_example |= line == "## ```";
            continue;
        }
        let is_public = line.starts_with("pub fn ") || line.starts_with("pub let ");
        let is_for_tests = FOR_TESTS.iter().any(|start| line.starts_with(start));
        if is_public && is_for_users && !is_for_tests && !has_example {
            missing.push((number, line));
        }
        has_example = false;
    }
    missing
}

/// One program with all examples of a file.
fn program(examples: &[Example]) -> String {
    let mut program = String::from(
        "fn shown<T>(value :: T) -> Unit do\n  let text = inspect(value)\n  if text != \"()\" do println(text) end\nend\n",
    );
    let mut main = String::from("fn main() do\n");
    for (index, example) in examples.iter().enumerate() {
        let code: String = example.code.iter().map(|line| format!("  {line}\n")).collect();
        write!(program, "fn example_{index}() do\n{code}  ()\nend\n").expect("writes to memory");
        write!(main, "  let (_, end_{index}) = spawn_monitor(example_{index})\n  receive do\n")
            .expect("writes to memory");
        writeln!(
            main,
            "    {{:down, ^end_{index}, _, reason}} -> println(\"\\n\\u{{1}}${{reason}}\")\n  end"
        )
        .expect("writes to memory");
    }
    program + &main + "end\n"
}

/// Runs the examples of a file; what differs, in words.
fn check(path: &Path, examples: &[Example]) -> String {
    let name = path.file_name().expect("a file has a name").to_string_lossy();
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("main.snow");
    std::fs::write(&file, program(examples)).expect("a temporary file");
    let output =
        Command::new(SNOW).arg("run").arg(&file).current_dir(place.path()).stdin(Stdio::null()).output();
    let output = output.expect("snow starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let parts: Vec<&str> = stdout.split(MARK).collect();
    if parts.len() != examples.len() + 1 {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return format!("std/{name}: the examples do not run to their end\n{stderr}\n{stdout}\n");
    }
    let mut problems = String::new();
    for (index, example) in examples.iter().enumerate() {
        let found =
            if index == 0 { parts[0] } else { parts[index].split_once('\n').map_or("", |rest| rest.1) };
        let (found, wanted) = (found.trim_end(), example.wanted.join("\n"));
        let reason = parts[index + 1].lines().next().unwrap_or_default();
        if found != wanted || reason != ":normal" {
            writeln!(
                problems,
                "std/{name}:{}: it ends with {reason}\n  - {wanted}\n  + {found}",
                example.line
            )
            .expect("writes to memory");
        }
    }
    problems
}
