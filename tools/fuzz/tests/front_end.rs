//! Damaged programs: nothing panics, hangs or eats memory, and what type-checks becomes machine code.
//!
//! `SNOW_CASES=from..to` runs other cases than those of every run; a finding names its case and shows it made small.

use snow_diagnostics::Problems;
use snow_fuzz::run::{Target, test};
use snow_fuzz::source::Case;
use snow_fuzz::source::check::{Checker, Reached};
use snow_fuzz::source::target::FrontEnd;
use snow_fuzz::watch::{Limits, Watch};
use snow_text::SourceId;

/// What a case may take; the largest has some 100,000 bytes.
const LIMITS: Limits = FrontEnd::LIMITS;

#[test]
fn damaged_programs_are_survived() {
    test(&FrontEnd::default());
}

/// What can be nested: what opens a level, what is innermost, what closes a level; and where the whole is put.
const NESTS: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("{1, ", "2", "}"),
    ("{:a, ", "1", "}"),
    ("%{1 => ", "2", "}"),
    ("#{", "1", "}"),
    ("Some(", "1", ")"),
    ("f(", "1", ")"),
    ("f(x: ", "1", ")"),
    ("x[", "1", "]"),
    ("P { a: ", "1", " }"),
    ("-", "1", ""),
    ("not ", "true", ""),
    ("1 + ", "1", ""),
    ("1 :: ", "[]", ""),
    ("true and ", "true", ""),
    ("", "1", "?"),
    ("", "1", ".m()"),
    ("", "1", " |> f"),
    ("", "1", "(1)"),
    ("if true do ", "1", " else 2 end"),
    ("if ", "true", " do true else true end"),
    ("if true do 1 else (", "1", ") end"),
    ("case 1 do\n_ -> ", "1", "\nend"),
    ("case ", "1", " do\n_ -> 1\nend"),
    ("fn x -> ", "1", " end"),
    ("do ", "1", "\nend"),
    ("do let x = ", "1", "; x\nend"),
    ("for x in ", "[1]", " do x end"),
    ("while false do ", "1", "\nend"),
    ("receive do\n_ -> ", "1", "\nend"),
    ("return ", "1", ""),
    ("\"${", "1", "}\""),
    ("fn g() do\n", "1", "\nend\n"),
    ("assert ", "true", ""),
    ("spawn(", "f", ")"),
];

/// The same of patterns and types.
const PATTERN_NESTS: &[(&str, &str, &str)] = &[
    ("(", "_", ")"),
    ("[", "_", "]"),
    ("[1, ..", "_", "]"),
    ("{1, ", "_", "}"),
    ("{:a, ", "_", "}"),
    ("Some(", "_", ")"),
    ("_ :: ", "_", ""),
    ("\"a\" <> ", "_", ""),
    ("", "_", " as x"),
    ("%{1 => ", "_", "}"),
];
const TYPE_NESTS: &[(&str, &str, &str)] = &[
    ("List<", "Int", ">"),
    ("(", "Int", ", Int)"),
    ("Fun(", "Int", ") -> Int"),
    ("Fun(Int) -> ", "Int", ""),
    ("[:a(", "Int", ")]"),
    ("", "Int", "?"),
    ("", "Int", "!Int"),
    ("Pid<", "Int", ">"),
];

fn nested((open, middle, close): (&str, &str, &str), depth: usize) -> String {
    format!("{}{middle}{}", open.repeat(depth), close.repeat(depth))
}

fn on_a_large_stack(body: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(FrontEnd::STACK_BYTES).spawn(body).unwrap().join().unwrap();
}

/// Every function in which something is nested so deep, `main` apart.
fn nests(depth: usize) -> Vec<String> {
    let texts = |nests: &[(&str, &str, &str)]| nests.iter().map(|nest| nested(*nest, depth)).collect();
    let (expressions, patterns, types): (Vec<String>, Vec<String>, Vec<String>) =
        (texts(NESTS), texts(PATTERN_NESTS), texts(TYPE_NESTS));
    let pattern = |text: &String| format!("do\n  case 1 do\n    {text} -> 1\n  end\nend\n");
    let expressions = expressions.iter().map(|text| format!("fn nest() do\n  {text}\nend\n"));
    let patterns = patterns.iter().map(|text| format!("fn nest() {}", pattern(text)));
    let types = types.iter().map(|text| format!("fn nest(x :: {text}) = x\n"));
    expressions.chain(patterns).chain(types).collect()
}

#[test]
fn nesting_without_measure_is_an_error() {
    on_a_large_stack(|| {
        for text in nests(20_000) {
            let mut problems = Problems::default();
            let tree = snow_syntax::parse(SourceId(0), &text, &mut problems);
            assert_eq!(tree.syntax().text().to_string(), text);
            assert!(problems.iter().any(|p| p.code.0 == "E0059"), "{}", &text[..60]);
        }
    });
}

#[test]
fn deep_trees_go_through_the_front_end() {
    on_a_large_stack(|| {
        let (checker, watch) = (Checker::default(), Watch::new("deep", LIMITS));
        // All in one program, as wide as the tree may be deep; then far beyond it.
        for depth in [60, 1_000] {
            let texts = nests(depth).into_iter().zip(0..);
            let texts = texts.map(|(text, n)| text.replacen("nest", &format!("nest{n}"), 1));
            let text = texts.collect::<String>() + "fn main() = ()\n";
            watch.begin(text.as_bytes());
            assert_eq!(checker.check(&Case::of(text)), Reached::Errors);
        }
        watch.end();
    });
}

#[test]
fn deep_programs_become_machine_code() {
    let deep = |(open, middle, close): (&str, &str, &str)| nested((open, middle, close), 60);
    let values = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("(1, ", "2", ")"),
        ("Some(", "1", ")"),
        ("not ", "true", ""),
        ("1 + ", "1", ""),
        ("1 :: ", "[]", ""),
        ("true and ", "true", ""),
        ("if true do ", "1", " else 2 end"),
        ("case 1 do\n_ -> ", "1", "\nend"),
        ("\"${", "1", "}\""),
    ];
    let lines: String = values.iter().map(|nest| format!("  println({})\n", deep(*nest))).collect();
    let text = format!("fn main() do\n{lines}end\n");
    on_a_large_stack(move || assert_eq!(Checker::default().check(&Case::of(text)), Reached::Code));
}

#[test]
fn long_programs_take_time_in_proportion() {
    let count = 1_000;
    let many = |piece: &str, separator: &str| vec![piece; count].join(separator);
    let numbered = |piece: &dyn Fn(usize) -> String| (0..count).map(piece).collect::<String>();
    let texts = [
        format!("fn main() do\n  let x = [{}]\n  println(x)\nend\n", many("1", ", ")),
        format!("fn main() do\n{}\nend\n", many("  println(1)", "\n")),
        format!("fn main() = println(\"{}\")\n", many("${1}a", "")),
        format!("fn main() = println({})\n", "\"a\" <> ".repeat(500) + "\"b\""),
        format!(
            "fn main() do\n  case 5 do\n{}    _ -> 0\n  end\nend\n",
            numbered(&|i| format!("    {i} -> {i}\n"))
        ),
        format!(
            "fn f(x) do\n  case x do\n{}    _ -> 0\n  end\nend\nfn main() = println(f(\"a\"))\n",
            numbered(&|i| format!("    \"t{i}\" -> {i}\n"))
        ),
        format!("{}fn main() = println(f0(1))\n", numbered(&|i| format!("fn f{i}(x) = x + {i}\n"))),
        format!(
            "{}fn f{count}(x) = x\nfn main() = println(f0(1))\n",
            numbered(&|i| format!("fn f{i}(x) = f{}(x)\n", i + 1))
        ),
        format!("fn main() = println(if false do 0 {}else 1 end)\n", many("else if false do 2", " ") + " "),
        format!(
            "fn main() = println(case 5 do\n{}0 -> 1\n_ -> 2\nend)\n",
            numbered(&|i| format!("{} | ", i + 1))
        ),
        format!("type T do\n{}end\nfn main() = println(V1)\n", numbered(&|i| format!("  V{i}\n"))),
        format!("fn main() do\n{}  println(x0)\nend\n", numbered(&|i| format!("  let x{i} = {i}\n"))),
        format!("# {}\nfn main() = println(1)\n", "long ".repeat(100_000)),
    ];
    on_a_large_stack(move || {
        let (checker, watch) = (Checker::default(), Watch::new("long", LIMITS));
        for text in texts {
            watch.begin(text.as_bytes());
            assert_eq!(checker.check(&Case::of(&*text)), Reached::Code, "{}", &text[..60]);
        }
        watch.end();
    });
}
