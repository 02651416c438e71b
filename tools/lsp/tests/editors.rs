//! The files for editors in `editors/`: every reserved word of the lexer has its colour in each of them, and JSON is JSON.

use snow_syntax::SyntaxKind;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn editors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../editors")
}

fn read(file: &str) -> String {
    std::fs::read_to_string(editors().join(file)).unwrap_or_else(|problem| panic!("{file}: {problem}"))
}

/// The reserved words that are not among these.
fn missing(words: &BTreeSet<String>) -> Vec<&'static str> {
    SyntaxKind::keywords().filter(|keyword| !words.contains(*keyword)).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_string).collect()
}

/// What stands in double quotes.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('"').skip(1).step_by(2).map(str::to_string).collect()
}

fn json(file: &str) -> serde_json::Value {
    serde_json::from_str(&read(file)).unwrap_or_else(|problem| panic!("{file}: {problem}"))
}

#[test]
fn textmate_colours_every_reserved_word() {
    let grammar = json("vscode/syntaxes/snow.tmLanguage.json");
    let patterns = grammar["repository"]["keywords"]["patterns"].as_array().expect("a list");
    let matches = patterns.iter().filter_map(|pattern| pattern["match"].as_str());
    let all: String = matches.map(|text| text.replace("\\b", " ")).collect();
    assert_eq!(missing(&words(&all)), Vec::<&str>::new());
}

#[test]
fn vim_colours_every_reserved_word() {
    let syntax = read("neovim/syntax/snow.vim");
    let lines: Vec<&str> = syntax.lines().filter(|line| line.starts_with("syn keyword")).collect();
    assert_eq!(missing(&words(&lines.join("\n"))), Vec::<&str>::new());
}

#[test]
fn tree_sitter_knows_the_reserved_words_and_no_others() {
    let grammar = read("tree-sitter-snow/grammar.js");
    let list = grammar.split("const KEYWORDS = [").nth(1).and_then(|rest| rest.split(']').next());
    let mut listed = quoted(list.expect("the grammar has a list"));
    // They are a node of their own.
    listed.extend(["true".to_string(), "false".to_string()]);
    let keywords: BTreeSet<String> = SyntaxKind::keywords().map(str::to_string).collect();
    assert_eq!(listed, keywords);
    let mut coloured = quoted(&read("tree-sitter-snow/queries/highlights.scm"));
    coloured.extend(["true".to_string(), "false".to_string()]);
    assert_eq!(missing(&coloured), Vec::<&str>::new(), "in the queries");
    assert_eq!(
        missing(&quoted(&read("tree-sitter-snow/src/parser.c"))),
        Vec::<&str>::new(),
        "generate it again"
    );
}

#[test]
fn every_json_file_is_json() {
    let files = [
        "vscode/package.json",
        "vscode/language-configuration.json",
        "vscode/syntaxes/codeblock.json",
        "vscode/syntaxes/snow.tmLanguage.json",
        "tree-sitter-snow/package.json",
        "tree-sitter-snow/tree-sitter.json",
        "tree-sitter-snow/src/grammar.json",
        "tree-sitter-snow/src/node-types.json",
    ];
    files.iter().for_each(|file| assert!(!json(file).is_null(), "{file}"));
    // The extension names files that are there.
    let package = json("vscode/package.json");
    let contributes = &package["contributes"];
    let language = contributes["languages"][0]["configuration"].as_str();
    let grammars =
        contributes["grammars"].as_array().into_iter().flatten().map(|grammar| grammar["path"].as_str());
    for file in grammars.chain([language, package["main"].as_str()]) {
        let file = file.expect("a path");
        assert!(editors().join("vscode").join(file).is_file(), "{file}");
    }
}
