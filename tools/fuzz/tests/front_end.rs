//! Damaged programs: nothing panics, hangs or eats memory, and what type-checks becomes machine code.
//!
//! `SNOW_CASES=from..to` runs other cases than those of every run; a finding names its case and shows it made small.

use snow_fuzz::chance::Chance;
use snow_fuzz::source::check::{Checker, Reached};
use snow_fuzz::source::shrink::{LastPanic, place, shrink};
use snow_fuzz::source::{Case, corpus, mutate};
use snow_fuzz::watch::{Limits, Watch};

/// Cases of every run.
const CASES: u64 = 1_500;
/// What a case may take, its own shrinking included; the largest has some 20,000 bytes.
const LIMITS: Limits = Limits { seconds: 60, bytes: 3 << 30 };
/// Findings of one run at most.
const FINDINGS_MAX: usize = 20;
/// As much stack as the driver gives the compiler.
const STACK_BYTES: usize = 512 << 20;

#[test]
fn damaged_programs_are_survived() {
    on_a_large_stack(|| run(snow_fuzz::cases(CASES)));
}

fn run(range: std::ops::Range<u64>) {
    let (checker, corpus) = (Checker::default(), corpus::cases());
    let watch = Watch::new("front-end", LIMITS);
    eprintln!("the case that is being checked lies in {}", watch.path().display());
    let last = LastPanic::install();
    let (mut findings, mut compiled) = (Vec::<(String, String)>::new(), 0);
    for number in range.clone() {
        let case = mutate::mutate(&corpus, &mut Chance::new(number));
        watch.begin(case.text().as_bytes());
        let mut reached = Reached::Errors;
        let Some(panic) = last.of(|| reached = checker.check(&case)) else {
            compiled += u64::from(reached == Reached::Code);
            continue;
        };
        if findings.iter().any(|(known, _)| place(known) == place(&panic)) {
            continue;
        }
        let is_it = |case: &Case| {
            watch.begin(case.text().as_bytes());
            last.of(|| _ = checker.check(case)).is_some_and(|other| place(&other) == place(&panic))
        };
        let small = shrink(&case, &is_it).text();
        eprintln!("case {number}: {panic}\n{small}\n");
        findings.push((panic, small));
        if findings.len() == FINDINGS_MAX {
            break;
        }
    }
    watch.end();
    drop(std::panic::take_hook());
    eprintln!("{compiled} of {} cases became machine code", range.end - range.start);
    let places: Vec<&str> = findings.iter().map(|(panic, _)| place(panic)).collect();
    assert!(findings.is_empty(), "{} findings: {places:#?}", findings.len());
    assert!(compiled > 0 || range.end - range.start < 100, "no damaged program was still a program");
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
    ("if true do 1 else ", "1", " end"),
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
    ("1 | ", "_", ""),
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
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(body).unwrap().join().unwrap();
}

/// Every program in which something is nested so deep.
fn nests(depth: usize) -> Vec<String> {
    let expression = NESTS.iter().map(|nest| format!("fn main() do\n  {}\nend\n", nested(*nest, depth)));
    let pattern = PATTERN_NESTS
        .iter()
        .map(|nest| format!("fn main() do\n  case 1 do\n    {} -> 1\n  end\nend\n", nested(*nest, depth)));
    let ty =
        TYPE_NESTS.iter().map(|nest| format!("fn f(x :: {}) = x\nfn main() = ()\n", nested(*nest, depth)));
    expression.chain(pattern).chain(ty).collect()
}

#[test]
fn nesting_without_measure_is_an_error() {
    on_a_large_stack(|| {
        let (checker, watch) = (Checker::default(), Watch::new("deep", LIMITS));
        for text in nests(100_000) {
            watch.begin(text.as_bytes());
            let codes = checker.codes(&Case::of(&*text));
            assert!(codes.contains(&"E0059"), "{}: {codes:?}", &text[..60]);
        }
        watch.end();
    });
}

#[test]
fn nesting_up_to_the_bound_goes_through_every_stage() {
    on_a_large_stack(|| {
        let (checker, watch) = (Checker::default(), Watch::new("nested", LIMITS));
        for text in nests(60).into_iter().chain(nests(200)) {
            watch.begin(text.as_bytes());
            let _either = checker.check(&Case::of(text));
        }
        watch.end();
    });
}

#[test]
fn long_programs_take_time_in_proportion() {
    let count = 3_000;
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
