//! Damage: to tokens, to parts of the tree, to bytes, to the size and depth of things.

use super::Case;
use crate::chance::Chance;
use snow_diagnostics::Problems;
use snow_syntax::SyntaxNode;
use snow_text::SourceId;
use std::ops::Range;

/// Words and signs that are put anywhere.
const WORDS: &[&str] = &[
    "do",
    "end",
    "fn",
    "->",
    "=",
    "::",
    "|",
    "|>",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "%{",
    "#{",
    ",",
    ".",
    "..",
    "..=",
    "<",
    ">",
    "<>",
    "++",
    "+",
    "-",
    "*",
    "/",
    "==",
    "?",
    "_",
    "^x",
    ":tag",
    "{:tag, 1}",
    "self()",
    "receive",
    "after",
    "case",
    "if",
    "else",
    "let",
    "for",
    "in",
    "while",
    "break",
    "continue",
    "return",
    "spawn",
    "send",
    "actor",
    "service",
    "supervisor",
    "struct",
    "type",
    "interface",
    "impl",
    "import",
    "from",
    "as",
    "pub",
    "when",
    "where",
    "deriving",
    "not",
    "and",
    "or",
    "true",
    "1",
    "-1",
    "1.5",
    "9223372036854775807",
    "\"a\"",
    "\"${x}\"",
    "b\"a\"",
    "()",
    "[]",
    "%{}",
    "None",
    "Some(1)",
    "Err(1)",
    "Self",
    "Never",
    "Int",
    "String",
    "List<Int>",
    "T",
    "Fun(Int) -> Int",
    "Pid<Int>",
    "\n",
    ";",
    "# c\n",
    "#=",
    "\"",
    "\"\"\"",
    "x",
    "é",
    "😀",
    "\u{0}",
    "spawn(f, 1)",
    "panic(\"p\")",
    "fn x -> x end",
    "[1, ..r]",
    "p as q",
];

/// Brackets and the like, to nest things in.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", ", 1}"),
    ("Some(", ")"),
    ("fn -> ", " end"),
    ("if true do ", " else 1 end"),
    ("case 1 do\n _ -> ", "\nend"),
    ("do ", "\nend"),
    ("-", ""),
    ("not ", ""),
    ("\"${", "}\""),
    ("%{1 => ", "}"),
    ("f(", ")"),
    ("{:a, ", "}"),
    ("1 :: ", ""),
    ("", "?"),
    ("", ".f"),
    ("", " + 1"),
    ("", " |> f"),
    ("List<", ">"),
    ("return ", ""),
];

/// A case that is some cases damaged.
pub fn mutate(cases: &[Case], chance: &mut Chance) -> Case {
    let mut case = chance.pick(cases).clone();
    let at = if chance.once_in(2) { case.files.len() - 1 } else { chance.below(case.files.len()) };
    for _ in 0..=chance.below(3) {
        let other = &chance.pick(cases).files;
        let foreign = chance.pick(other).text.clone();
        let text = &case.files[at].text;
        case.files[at].text = match chance.below(16) {
            0..4 => tokens(text, &foreign, chance),
            4..7 => rename(text, chance),
            7..14 => nodes(text, &foreign, chance),
            14 => bytes(text, chance),
            _ => enlarge(text, chance),
        };
    }
    case
}

/// Deletes, doubles, swaps, replaces and transplants tokens.
fn tokens(text: &str, foreign: &str, chance: &mut Chance) -> String {
    let mut tokens: Vec<&str> = snow_syntax::lex(text).iter().map(|token| token.text).collect();
    if tokens.is_empty() {
        return (*chance.pick(WORDS)).to_owned();
    }
    let (at, other) = (chance.below(tokens.len()), chance.below(tokens.len()));
    match chance.below(8) {
        0 => drop(tokens.remove(at)),
        1 => tokens.insert(at, tokens[other]),
        2 => tokens.swap(at, other),
        3 => tokens[at] = tokens[other],
        4 => tokens.truncate(at),
        5 => tokens[at] = *chance.pick(WORDS),
        6 => tokens.insert(at, chance.pick::<&str>(WORDS)),
        _ => {
            let foreign = snow_syntax::lex(foreign);
            let from = chance.below(foreign.len());
            let piece: Vec<&str> =
                foreign.iter().skip(from).take(1 + chance.below(12)).map(|token| token.text).collect();
            tokens.splice(at..at, piece);
        }
    }
    tokens.concat()
}

/// Puts one name of the text in the place of another.
fn rename(text: &str, chance: &mut Chance) -> String {
    let mut tokens: Vec<&str> = snow_syntax::lex(text).iter().map(|token| token.text).collect();
    let is_capital = chance.once_in(3);
    let fits = |text: &str| {
        let first = text.chars().next().unwrap_or(' ');
        if is_capital { first.is_uppercase() } else { first.is_lowercase() || first.is_ascii_digit() }
    };
    let names: Vec<usize> = (0..tokens.len()).filter(|at| fits(tokens[*at])).collect();
    if names.is_empty() {
        return text.to_owned();
    }
    tokens[*chance.pick(&names)] = tokens[*chance.pick(&names)];
    tokens.concat()
}

/// Deletes, doubles, swaps and replaces parts of the tree by others of their kind.
fn nodes(text: &str, foreign: &str, chance: &mut Chance) -> String {
    let tree = snow_syntax::parse(SourceId(0), text, &mut Problems::default()).syntax();
    let all: Vec<SyntaxNode> = tree.descendants().skip(1).collect();
    if all.is_empty() {
        return text.to_owned();
    }
    let node = chance.pick(&all);
    let like = |other: &&SyntaxNode| other.kind() == node.kind();
    match chance.below(6) {
        0 => replaced(text, range(node), ""),
        1 => replaced(text, range(node).end..range(node).end, &format!("\n{}", node.text())),
        2 | 3 => {
            let same: Vec<&SyntaxNode> = all.iter().filter(like).collect();
            replaced(text, range(node), &chance.pick(&same).text().to_string())
        }
        4 => {
            let there = snow_syntax::parse(SourceId(0), foreign, &mut Problems::default()).syntax();
            let there: Vec<SyntaxNode> = there.descendants().collect();
            let same: Vec<&SyntaxNode> = there.iter().filter(like).collect();
            let piece = if same.is_empty() { chance.pick(&there) } else { *chance.pick(&same) };
            replaced(text, range(node), &piece.text().to_string())
        }
        _ => {
            let piece = chance.pick(&all).text().to_string();
            replaced(text, range(node), &piece)
        }
    }
}

fn range(node: &SyntaxNode) -> Range<usize> {
    let range = node.text_range();
    range.start().into()..range.end().into()
}

fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..range.start], &text[range.end..])
}

/// Noise that need not respect tokens; what is no UTF-8 any more is mended, as the driver refuses it.
fn bytes(text: &str, chance: &mut Chance) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=chance.below(3) {
        if bytes.is_empty() {
            break;
        }
        let at = chance.below(bytes.len());
        match chance.below(4) {
            0 => bytes[at] = chance.draw() as u8,
            1 => bytes[at] ^= 1 << chance.below(8),
            2 => bytes.insert(at, chance.draw() as u8 & 0x7f),
            _ => drop(bytes.remove(at)),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Makes something much deeper or longer.
fn enlarge(text: &str, chance: &mut Chance) -> String {
    let tree = snow_syntax::parse(SourceId(0), text, &mut Problems::default()).syntax();
    let all: Vec<SyntaxNode> = tree.descendants().skip(1).collect();
    if all.is_empty() {
        return text.to_owned();
    }
    let node = chance.pick(&all);
    let piece = node.text().to_string();
    let most = 20_000 / piece.len().max(20);
    let many = *chance.pick(&[3, 30, 200, 1_000]);
    if chance.once_in(2) {
        let (open, close) = chance.pick(NESTS);
        return replaced(text, range(node), &format!("{}{piece}{}", open.repeat(many), close.repeat(many)));
    }
    let separator = *chance.pick(&["\n", ", ", " ", ""]);
    replaced(text, range(node), &vec![&*piece; many.min(most)].join(separator))
}
