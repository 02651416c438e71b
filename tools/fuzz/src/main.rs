//! Long runs by hand: `cargo xtask fuzz [TARGET] [--seconds N] [--seed S]`.
#![forbid(unsafe_code)]

use snow_fuzz::run::{Report, Span, Target, run};
use snow_fuzz::source::target::FrontEnd;
use snow_fuzz::wire::{frames::Frames, handshake::Handshake};
use snow_fuzz::wire::{schema::Schemas, session::Sessions, value::Values};
use std::process::ExitCode;
use std::time::Duration;

/// What a target runs for when nothing else is said.
const SECONDS: u64 = 60;

type Run = fn(Span) -> Report;

/// Every target by its name.
const TARGETS: [(&str, Run); 6] = [
    (Frames::NAME, |span| run(&Frames, span)),
    (Handshake::NAME, |span| run(&Handshake, span)),
    (Sessions::NAME, |span| run(&Sessions, span)),
    (Schemas::NAME, |span| run(&Schemas, span)),
    (Values::NAME, |span| run(&Values, span)),
    (FrontEnd::NAME, |span| run(&FrontEnd::default(), span)),
];

/// What is asked for.
struct Wish {
    target: Option<String>,
    seconds: u64,
    seed: u64,
}

fn main() -> ExitCode {
    let Some(wish) = wish(std::env::args().skip(1)) else {
        let names = TARGETS.map(|(name, _)| name).join(", ");
        eprintln!(
            "usage: cargo xtask fuzz [TARGET] [--seconds N] [--seed S]\n\ntargets, all of them unless one is named: {names}"
        );
        return ExitCode::from(2);
    };
    let mut is_good = true;
    for (name, run) in TARGETS.iter().filter(|(name, _)| wish.target.as_deref().is_none_or(|t| t == *name)) {
        let report = run(Span::Time(wish.seed, Duration::from_secs(wish.seconds)));
        let last = wish.seed + report.cases - 1;
        println!("{name}: cases {} to {last}, {} findings", wish.seed, report.findings.len());
        is_good &= report.findings.is_empty();
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn wish(mut words: impl Iterator<Item = String>) -> Option<Wish> {
    let mut wish = Wish { target: None, seconds: SECONDS, seed: 0 };
    while let Some(word) = words.next() {
        match &*word {
            "--seconds" => wish.seconds = words.next()?.parse().ok()?,
            "--seed" => wish.seed = words.next()?.parse().ok()?,
            name if TARGETS.iter().any(|(known, _)| *known == name) => wish.target = Some(word),
            _ => return None,
        }
    }
    Some(wish)
}
