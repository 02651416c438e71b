//! Whatever the text is: the tree holds all of it, nothing panics, and it takes no time.
//!
//! Every `.snow` file of the repository is parsed, then seeded random mutations of each. The seed of a
//! failure is in its message; `SNOW_SEED` runs another one.

use snow_diagnostics::Problems;
use snow_syntax::{SyntaxNode, dump_tokens, dump_tree, lex, parse};
use snow_text::SourceId;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn snow_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.map(|entry| entry.expect("the directory can be read").path()) {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden && !path.ends_with("target") {
            snow_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "snow") {
            found.push(path);
        }
    }
}

fn texts() -> Vec<String> {
    let mut files = Vec::new();
    snow_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), &mut files);
    files.sort();
    assert!(files.len() > 5);
    files.iter().map(|path| std::fs::read_to_string(path).expect("sources are UTF-8")).collect()
}

/// Parses, and checks what holds for every text.
fn check(text: &str, origin: &str) -> Problems {
    let tokens = lex(text);
    assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), text, "{origin}");
    let mut problems = Problems::default();
    let tree = parse(SourceId(0), text, &mut problems);
    assert_eq!(tree.syntax().text().to_string(), text, "{origin}");
    for problem in problems.iter() {
        for label in &problem.labels {
            let range = label.span.start as usize..label.span.end as usize;
            assert!(text.get(range).is_some(), "{origin}: {problem:?}");
        }
    }
    problems
}

/// A small generator of the xorshift family; the same numbers for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }
}

/// Deletes, doubles, swaps and transplants tokens.
fn mutate(texts: &[String], index: usize, chance: &mut Chance) -> String {
    let mut tokens: Vec<&str> = lex(&texts[index]).iter().map(|token| token.text).collect();
    for _ in 0..=chance.below(4) {
        if tokens.is_empty() {
            break;
        }
        let (at, other) = (chance.below(tokens.len()), chance.below(tokens.len()));
        match chance.below(5) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[other]),
            2 => tokens.swap(at, other),
            3 => tokens.truncate(at),
            _ => {
                let foreign = lex(&texts[chance.below(texts.len())]);
                let from = chance.below(foreign.len());
                let piece = foreign.iter().skip(from).take(1 + chance.below(8)).map(|token| token.text);
                tokens.splice(at..at, piece.collect::<Vec<&str>>());
            }
        }
    }
    tokens.concat()
}

#[test]
fn every_file_comes_back() {
    for text in texts() {
        check(&text, "a file of the repository");
    }
}

#[test]
fn the_library_and_the_examples_have_no_problems() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for directory in ["std", "examples", "bench", "tests/programs"] {
        snow_files(&root.join(directory), &mut files);
    }
    for path in files {
        let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
        let problems = check(&text, &path.display().to_string());
        assert!(!problems.has_errors(), "{}: {:#?}", path.display(), problems.sorted());
    }
}

#[test]
fn mutations_are_survived() {
    let texts = texts();
    let seed = std::env::var("SNOW_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_101);
    let start = Instant::now();
    for round in 0..40_u64 {
        for index in 0..texts.len() {
            let mut chance = Chance(seed + round * 7919 + index as u64 * 104_729 + 1);
            let text = mutate(&texts, index, &mut chance);
            check(&text, &format!("seed {seed} round {round} text {index}"));
        }
        if start.elapsed() > Duration::from_secs(20) {
            break;
        }
    }
}

#[test]
fn any_characters_are_survived() {
    let alphabet: Vec<char> = "\"\"\"${}()[]%#=\\ \n:;.,|->ab1_é😀'`@~&!?^*/<>+\t\r\0".chars().collect();
    let mut chance = Chance(77);
    for round in 0..3000 {
        let length = chance.below(60);
        let text: String = (0..length).map(|_| alphabet[chance.below(alphabet.len())]).collect();
        check(&text, &format!("round {round}: {text:?}"));
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = 5_000;
    let nests = [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("{1, ", "2", "}"),
        ("f(", "", ")"),
        ("-", "1", ""),
        ("not ", "true", ""),
        ("if a do ", "", " end"),
        ("fn -> ", "1", " end"),
        ("case x do\n y -> ", "1", " end"),
        ("\"${", "1", "}\""),
        ("do ", "1", " end"),
        ("1 :: ", "[]", ""),
        ("fn f() do ", "1", " end"),
        ("{:a, ", "b", "}"),
        ("x :: Fun(", "", ") -> Int"),
        ("%{1 => ", "2", "}"),
        ("return ", "1", ""),
        ("for x in ", "y", " do end"),
        ("while ", "y", " do end"),
        ("receive do after ", "1", " -> 1 end"),
    ];
    for (open, middle, close) in nests {
        let nested = format!("{}{middle}{}", open.repeat(deep), close.repeat(deep));
        for text in [format!("fn main() do\n  {nested}\nend\nfn g() = 1\n"), format!("fn f({nested}) = 1\n")]
        {
            let start = Instant::now();
            let problems = check(&text, open);
            assert!(problems.has_errors(), "{open}");
            assert!(problems.iter().count() <= 4, "{open}: {:#?}", problems.sorted());
            assert!(start.elapsed() < Duration::from_secs(5), "{open}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn chains_are_bounded_and_every_walk_is_safe() {
    let count = 50_000;
    let chains = ["+ a ", "|> f ", ".b", "(1)", "[1]", "?", "<> \"x\" ", "== b ", "\n|> f()", "and b "];
    for link in chains {
        let text = format!("fn main() do\n  a {}\nend\n", link.repeat(count));
        let mut problems = Problems::default();
        let tree = parse(SourceId(0), &text, &mut problems);
        assert_eq!(problems.iter().map(|p| p.code.0).collect::<Vec<_>>(), ["E0059"], "{link}");
        assert!(depth(&tree.syntax()) <= 2100, "{link}");
        assert!(!dump_tree(&tree).is_empty());
    }
    let type_chain = format!("fn f(x :: Int{}) = 1", "?".repeat(count));
    assert!(check(&type_chain, "?").has_errors());
    let branches = "else if a do 1 ".repeat(count);
    assert!(!check(&format!("fn f() = if a do 1 {branches} end"), "else if").has_errors());
}

fn depth(node: &SyntaxNode) -> usize {
    1 + node.children().map(|child| depth(&child)).max().unwrap_or(0)
}

#[test]
fn long_texts_take_linear_time() {
    let body = "  let x = foo(1, [2, 3], %{\"a\" => {:b, c}}) |> bar(fn y -> y + 1 end)\n".repeat(20_000);
    let list = "1, ".repeat(200_000);
    let arms = "    {:a, 1, [x, y]} -> f(x)\n".repeat(30_000);
    let broken = "  let = ) foo( ] end end\n".repeat(20_000);
    let unclosed = "(".repeat(200);
    for text in [
        format!("fn f() do\n{body}end\n"),
        format!("let x = [{list}]\n"),
        format!("fn f(a) do\n  case a do\n{arms}  end\nend\n"),
        broken,
        format!("fn f() do {unclosed}\n{body}\nend"),
        "\"".repeat(100_001),
        "#=".repeat(100_000),
        "fn f(".repeat(50_000),
        "(a :: (".repeat(50_000),
    ] {
        let start = Instant::now();
        check(&text, &text[..30]);
        assert!(start.elapsed() < Duration::from_secs(10), "{}: {:?}", &text[..30], start.elapsed());
    }
}

#[test]
fn tokens_can_be_shown() {
    assert_eq!(
        dump_tokens("a + 1"),
        "0 Ident \"a\"\n1 Whitespace \" \"\n2 Plus \"+\"\n3 Whitespace \" \"\n4 IntNumber \"1\"\n"
    );
}
