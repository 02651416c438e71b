//! Programs with the types they have, or with what is refused in them: the pages of `tests/types`.
//!
//! A page holds sections `## name`, each with a `snow` block and what is expected of it: a `types` block holds lines that
//! `snow dump types` prints, a `refused` block every error as [`shown`] writes it. `BLESS=1` rewrites the `refused` blocks.

use snow_diagnostics::{Diagnostic, Problems, Severity};
use snow_names::ParsedModule;
use snow_text::{LineIndex, Sources, Span};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a directory whose names end so, in order.
fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("the directory is there");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == ending));
    paths.sort();
    paths
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a text file")
}

/// `net_work` is the module `NetWork`.
fn module_name(path: &Path) -> String {
    let stem = path.file_stem().and_then(|s| s.to_str()).expect("a plain name");
    let capitalised = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    };
    stem.split('_').map(capitalised).collect()
}

/// The library, parsed once.
#[derive(Default)]
struct Library {
    sources: Sources,
    modules: Vec<ParsedModule>,
}

impl Library {
    fn read() -> Library {
        let mut library = Library::default();
        for path in files(&root().join("std"), "snow") {
            library.add(module_name(&path), &read(&path), true, &mut Problems::default());
        }
        library
    }

    fn add(&mut self, name: String, text: &str, is_std: bool, problems: &mut Problems) {
        let source = self.sources.add(name.clone(), text);
        let tree = snow_syntax::parse(source, text, problems);
        let path = self.sources.get(source).path.clone();
        self.modules.push(ParsedModule { name, source, path, tree, is_std });
    }

    /// The types of a program's functions, and its errors.
    fn check(&mut self, text: &str) -> (Vec<String>, Vec<String>) {
        let mut problems = Problems::default();
        self.add(String::new(), text, false, &mut problems);
        let program = snow_names::resolve(&self.modules, &mut problems);
        let typed = snow_types::check(&program, &mut problems);
        self.modules.pop();
        let types = snow_types::print(&program, &typed).lines().map(str::to_owned).collect();
        let problems = problems.sorted().into_iter();
        let errors = problems.filter(|p| p.severity == Severity::Error);
        (types, errors.flat_map(|p| shown(&self.sources, p)).collect())
    }
}

/// `CODE PLACE: message`, then a line `  PLACE: words` for each label and `  help: words` for each help.
fn shown(sources: &Sources, problem: &Diagnostic) -> Vec<String> {
    let (first, others) = problem.labels.split_first().expect("a problem is somewhere");
    let mut lines = vec![format!("{} {}: {}", problem.code.0, place(sources, first.span), problem.message)];
    lines.extend(others.iter().map(|l| format!("  {}: {}", place(sources, l.span), l.text)));
    lines.extend(problem.helps.iter().map(|help| format!("  help: {help}")));
    lines
}

/// Line, column and the text there, as far as its first line goes.
fn place(sources: &Sources, span: Span) -> String {
    let source = sources.get(span.source);
    let at = LineIndex::new(&source.text).position(&source.text, span.start);
    let text = sources.text(span);
    let first = text.lines().next().unwrap_or_default();
    let more = if text.lines().nth(1).is_some() { " …" } else { "" };
    format!("{}:{} `{first}`{more}", at.line, at.column)
}

/// What a page expects of one program.
#[derive(Default)]
struct Case {
    name: String,
    program: String,
    types: Vec<String>,
    refused: Vec<String>,
    /// Lines of the page that the `refused` block takes.
    refused_at: Option<(usize, usize)>,
}

fn cases(page: &str) -> Vec<Case> {
    let (mut cases, mut block): (Vec<Case>, Option<(String, usize)>) = (Vec::new(), None);
    for (number, line) in page.lines().enumerate() {
        if let (None, Some(name)) = (&block, line.strip_prefix("## ")) {
            cases.push(Case { name: name.to_owned(), ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        match (&block, line.strip_prefix("```")) {
            (None, Some(word)) => block = Some((word.to_owned(), number + 1)),
            (Some((word, from)), Some(_)) => {
                if word == "refused" {
                    case.refused_at = Some((*from, number));
                }
                block = None;
            }
            (Some((word, _)), None) => match word.as_str() {
                "snow" => case.program.extend([line, "\n"]),
                "types" => case.types.push(line.to_owned()),
                "refused" => case.refused.push(line.to_owned()),
                _ => panic!("a block of `{word}`"),
            },
            (None, None) => {}
        }
    }
    cases
}

/// What is wrong with a case, and the errors that the program has.
fn check_case(case: &Case, library: &mut Library) -> (String, Vec<String>) {
    let (types, errors) = library.check(&case.program);
    let mut wrong = String::new();
    for line in case.types.iter().filter(|line| !types.contains(line)) {
        let name = line.split(' ').next().unwrap_or_default();
        let found = types.iter().find(|t| t.split(' ').next() == Some(name));
        let _ =
            writeln!(wrong, "wanted {line}\n   got {}", found.map_or("nothing of that name", String::as_str));
    }
    if errors != case.refused {
        let _ = writeln!(wrong, "wanted\n{}\ngot\n{}", case.refused.join("\n"), errors.join("\n"));
    }
    if case.types.is_empty() && case.refused_at.is_none() {
        let _ = writeln!(wrong, "nothing is expected of it");
    }
    (wrong, errors)
}

/// Checks the cases of a page whose names hold `filter`: what is wrong, and how many they were.
fn check_page(path: &Path, filter: &str) -> (String, usize) {
    let (mut wrong, mut count, mut library) = (String::new(), 0, Library::read());
    let bless = std::env::var_os("BLESS").is_some();
    let page = read(path);
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    for case in cases(&page).iter().rev().filter(|c| c.name.contains(filter)) {
        count += 1;
        let (problem, errors) = check_case(case, &mut library);
        match case.refused_at.filter(|_| bless) {
            Some((from, to)) => drop(lines.splice(from..to, errors)),
            None if problem.is_empty() => {}
            None => _ = writeln!(wrong, "\n{}, {}:\n{problem}", path.display(), case.name),
        }
    }
    if bless {
        std::fs::write(path, lines.join("\n") + "\n").expect("writable");
    }
    (wrong, count)
}

#[test]
fn programs_have_the_types_written_down() {
    let filter = std::env::var("CASE").unwrap_or_default();
    let pages = files(&root().join("tests/types"), "md");
    let checked: Vec<(String, usize)> = std::thread::scope(|scope| {
        let started: Vec<_> = pages.iter().map(|page| scope.spawn(|| check_page(page, &filter))).collect();
        started.into_iter().map(|page| page.join().expect("a page is checked")).collect()
    });
    let wrong: String = checked.iter().map(|page| page.0.as_str()).collect();
    let count: usize = checked.iter().map(|page| page.1).sum();
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 100 || !filter.is_empty(), "only {count} cases");
}
