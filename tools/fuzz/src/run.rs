//! Runs the cases of a target, one after the other, and tells what was found: the case's number and the case made small.

use crate::chance::Chance;
use crate::panics::{LastPanic, place};
use crate::watch::{Limits, Watch};
use std::ops::Range;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// Findings of one run at most.
const FINDINGS_MAX: usize = 20;

/// Something that reads what it cannot trust.
pub trait Target: Send + Sync {
    /// One input.
    type Case: Clone;

    /// As it is called on the command line.
    const NAME: &'static str;
    /// Cases of every run of the tests.
    const CASES: u64;
    /// What one case may take.
    const LIMITS: Limits;
    /// The stack that it must get by with.
    const STACK_BYTES: usize;

    /// A case by chance.
    fn make(&self, chance: &mut Chance) -> Self::Case;

    /// Panics when something does not hold of the case.
    fn check(&self, case: &Self::Case);

    /// A smaller case of which `is_it` holds still.
    fn shrink(&self, case: &Self::Case, is_it: &dyn Fn(&Self::Case) -> bool) -> Self::Case;

    /// The case, for people and for a file.
    fn text(&self, case: &Self::Case) -> String;
}

/// Which cases are run: a case's number is its seed.
#[derive(Clone, Debug)]
pub enum Span {
    /// These.
    Cases(Range<u64>),
    /// From this on, one at least, until the time is over.
    Time(u64, Duration),
}

/// What has come of a run.
#[derive(Debug)]
pub struct Report {
    /// How many cases were run.
    pub cases: u64,
    /// A text for each finding.
    pub findings: Vec<String>,
}

/// Runs cases of a target.
///
/// # Panics
/// When the system gives no thread.
pub fn run<T: Target>(target: &T, span: Span) -> Report {
    thread::scope(|scope| {
        let builder = thread::Builder::new().name(T::NAME.into()).stack_size(T::STACK_BYTES);
        let runner = builder.spawn_scoped(scope, || run_here(target, span)).expect("a thread");
        runner.join().expect("what panics in a case is caught")
    })
}

/// The cases of every run, or those that `SNOW_CASES` names; panics with what was found.
///
/// # Panics
/// When something was found.
pub fn test<T: Target>(target: &T) {
    let report = run(target, Span::Cases(crate::cases(T::CASES)));
    assert!(report.findings.is_empty(), "{}", report.findings.join("\n"));
}

fn run_here<T: Target>(target: &T, span: Span) -> Report {
    let watch = Watch::new(T::NAME, T::LIMITS);
    let last = LastPanic::install();
    let mut report = Report { cases: 0, findings: vec![] };
    let mut places = Vec::<String>::new();
    let (numbers, end) = match span {
        Span::Cases(range) => (range, None),
        Span::Time(from, time) => (from..u64::MAX, Some(Instant::now() + time)),
    };
    for number in numbers {
        report.cases += 1;
        let case = target.make(&mut Chance::new(number));
        let check = |case: &T::Case| {
            watch.begin(format!("{}, case {number}\n{}", T::NAME, target.text(case)).as_bytes());
            last.of(|| target.check(case)).or_else(|| watch.excess())
        };
        if let Some(panic) = check(&case)
            && !places.iter().any(|known| known == place(&panic))
        {
            places.push(place(&panic).to_owned());
            let small = target
                .shrink(&case, &|other| check(other).is_some_and(|other| place(&other) == place(&panic)));
            let finding = describe(T::NAME, number, &panic, &target.text(&small));
            eprintln!("{finding}");
            report.findings.push(finding);
        }
        if report.findings.len() == FINDINGS_MAX || end.is_some_and(|end| Instant::now() >= end) {
            break;
        }
    }
    watch.end();
    report
}

/// Tells a finding, and keeps the case in a file.
fn describe(name: &str, number: u64, panic: &str, text: &str) -> String {
    let path = kept(name, number);
    let place = match std::fs::write(&path, text) {
        Ok(()) => format!("kept in {}", path.display()),
        Err(problem) => format!("cannot be kept: {problem}"),
    };
    let shown: String = text.chars().take(4_000).collect();
    format!(
        "{name}, case {number}: {panic}\n{shown}\n\
         the case, {place}; again: cargo xtask fuzz {name} --seed {number} --seconds 0"
    )
}

fn kept(name: &str, number: u64) -> PathBuf {
    std::env::temp_dir().join(format!("snow-fuzz-{name}-case-{number}"))
}

/// Takes parts out, long runs first, until none can go without `holds` failing.
pub fn fewer<T: Clone>(mut parts: Vec<T>, holds: &dyn Fn(&[T]) -> bool) -> Vec<T> {
    let mut run = parts.len().div_ceil(2).max(1);
    loop {
        let before = parts.len();
        let mut at = 0;
        while at < parts.len() {
            let mut without = parts.clone();
            without.drain(at..(at + run).min(parts.len()));
            if holds(&without) {
                parts = without;
            } else {
                at += run;
            }
        }
        match (run, parts.len() < before) {
            (1, false) => return parts,
            (1, true) => {}
            _ => run = run.div_ceil(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cannot bear a 7 behind a 3.
    struct Picky;

    impl Target for Picky {
        type Case = Vec<u8>;
        const NAME: &'static str = "picky";
        const CASES: u64 = 1_000;
        const LIMITS: Limits = Limits { seconds: 60, bytes: 1 << 40 };
        const STACK_BYTES: usize = 1 << 20;

        fn make(&self, chance: &mut Chance) -> Vec<u8> {
            (0..20).map(|_| chance.below(10) as u8).collect()
        }

        fn check(&self, case: &Vec<u8>) {
            let mut after = case.iter().skip_while(|n| **n != 3);
            assert!(!after.any(|n| *n == 7), "a 7 behind a 3");
        }

        fn shrink(&self, case: &Vec<u8>, is_it: &dyn Fn(&Vec<u8>) -> bool) -> Vec<u8> {
            fewer(case.clone(), &|parts| is_it(&parts.to_vec()))
        }

        fn text(&self, case: &Vec<u8>) -> String {
            format!("{case:?}")
        }
    }

    #[test]
    fn a_finding_is_told_once_small_and_with_its_seed() {
        let report = run(&Picky, Span::Cases(0..Picky::CASES));
        assert_eq!((report.cases, report.findings.len()), (Picky::CASES, 1));
        let finding = &report.findings[0];
        assert!(finding.contains("a 7 behind a 3") && finding.contains("[3, 7]"), "{finding}");
        let seed = finding.split_once("--seed ").expect("a seed").1;
        let seed: u64 = seed.split(' ').next().expect("a number").parse().expect("a number");
        let again = run(&Picky, Span::Time(seed, Duration::ZERO));
        assert_eq!((again.cases, &again.findings), (1, &report.findings));
        std::fs::remove_file(kept(Picky::NAME, seed)).expect("the case was kept");
    }
}
