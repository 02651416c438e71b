//! Programs that nobody wrote print what a plain walk over their expressions says, also when collections and new stacks come
//! wherever they may.
//!
//! A seed decides each unit of the program; `SNOW_CASES=from..to` runs other ones. A program that prints something else is kept,
//! and the message says where.

use snow_fuzz::program::evaluate::evaluate;
use snow_fuzz::program::generate::unit;
use snow_fuzz::program::text::program;
use std::process::{Command, Stdio};
use std::thread;

const SNOW: &str = env!("CARGO_BIN_EXE_snow");
/// Seeds of every run; some units take too long and are left out.
const SEEDS: u64 = 60;
/// Units of one program.
const UNITS: usize = 20;
/// The walk goes as deep as its expressions.
const STACK_BYTES: usize = 512 << 20;

/// A program and what it prints.
struct Written {
    seeds: Vec<u64>,
    text: String,
    expected: String,
}

#[test]
fn random_programs_print_what_they_should() {
    let walk = || written(&snow_fuzz::cases(SEEDS).collect::<Vec<u64>>());
    let walk = thread::Builder::new().stack_size(STACK_BYTES).spawn(walk).unwrap();
    let wrong: Vec<String> = walk.join().unwrap().iter().flat_map(judge).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn written(seeds: &[u64]) -> Vec<Written> {
    let known: Vec<_> =
        seeds.iter().filter_map(|seed| Some((unit(*seed), evaluate(&unit(*seed))?))).collect();
    let write = |part: &[(snow_fuzz::program::Unit, snow_fuzz::program::evaluate::Printed)]| {
        let units: Vec<_> = part.iter().map(|(unit, _)| unit.clone()).collect();
        let printed = |printed: &snow_fuzz::program::evaluate::Printed| {
            let lines: String = printed.lines.iter().map(|line| format!("{line}\n")).collect();
            lines + if printed.is_crash { "crash\n" } else { "" }
        };
        Written {
            seeds: units.iter().map(|unit| unit.number).collect(),
            text: program(&units),
            expected: part.iter().map(|(_, lines)| printed(lines)).collect(),
        }
    };
    known.chunks(UNITS).map(write).collect()
}

/// What is wrong with a program's output, plain and under stress.
fn judge(written: &Written) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("random.snow");
    std::fs::write(&path, &written.text).unwrap();
    let mut wrong = vec![];
    for stress in ["", "gc,stack"] {
        let output = Command::new(SNOW)
            .arg("run")
            .arg(&path)
            .env("SNOW_STRESS", stress)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let got = String::from_utf8_lossy(&output.stdout);
        if got != written.expected || !output.status.success() {
            let seeds = (written.seeds.first(), written.seeds.last());
            let (first, last) = (seeds.0.unwrap(), seeds.1.unwrap());
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().rev().take(5).collect::<Vec<_>>().join("\n");
            wrong.push(format!(
                "SNOW_STRESS={stress} SNOW_CASES={first}..{}: {}\n{said}",
                last + 1,
                difference(&got, &written.expected)
            ));
        }
    }
    if !wrong.is_empty() {
        wrong.push(format!("the program lies in {}", directory.keep().join("random.snow").display()));
    }
    wrong
}

fn difference(got: &str, expected: &str) -> String {
    let (got, expected): (Vec<&str>, Vec<&str>) = (got.lines().collect(), expected.lines().collect());
    let at = got.iter().zip(&expected).take_while(|(got, expected)| got == expected).count();
    let line = |lines: &[&str]| lines.get(at).map_or("nothing".to_owned(), |line| format!("`{line}`"));
    format!("line {} is {} instead of {}", at + 1, line(&got), line(&expected))
}
