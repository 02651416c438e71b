//! A finding made small: as long as it stays the same finding, lines and then tokens are taken out.

use super::Case;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

/// Where a panic was last seen.
#[derive(Clone, Default)]
pub struct LastPanic(Arc<Mutex<String>>);

impl LastPanic {
    /// Keeps the place of each panic from now on, instead of printing it.
    pub fn install() -> LastPanic {
        let last = LastPanic::default();
        let kept = last.clone();
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let text = info.payload_as_str().unwrap_or_default();
            *kept.0.lock().expect("nobody panics with it") = format!("{place}: {text}");
        }));
        last
    }

    /// What a check panics with; `None` when it does not.
    pub fn of(&self, check: impl FnOnce()) -> Option<String> {
        catch_unwind(AssertUnwindSafe(check)).err()?;
        Some(self.0.lock().expect("nobody panics with it").clone())
    }
}

/// The place of a panic, without its words.
pub fn place(panic: &str) -> &str {
    panic.split(": ").next().unwrap_or(panic)
}

/// A small case of which `is_it` holds still.
pub fn shrink(case: &Case, is_it: &dyn Fn(&Case) -> bool) -> Case {
    let mut small = case.clone();
    for at in (0..small.files.len()).rev() {
        let mut without = small.clone();
        without.files.remove(at);
        if is_it(&without) {
            small = without;
        }
    }
    for at in 0..small.files.len() {
        for split in [lines as fn(&str) -> Vec<String>, tokens] {
            let parts = split(&small.files[at].text);
            let holds = |parts: &[String]| {
                let mut other = small.clone();
                other.files[at].text = parts.concat();
                is_it(&other)
            };
            let parts = fewer(parts, &holds);
            small.files[at].text = parts.concat();
        }
    }
    small
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn tokens(text: &str) -> Vec<String> {
    snow_syntax::lex(text).iter().map(|token| token.text.to_owned()).collect()
}

/// Takes out runs, long ones first, until no part can go.
fn fewer(mut parts: Vec<String>, holds: &dyn Fn(&[String]) -> bool) -> Vec<String> {
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

    #[test]
    fn only_what_matters_stays() {
        let case = Case::of("let a = 1\nlet b = f(2, x)\nlet c = 3\n");
        let small = shrink(&case, &|case| {
            let text = case.files.first().map_or("", |file| &*file.text);
            text.contains("f(") && text.contains('x')
        });
        assert_eq!(small.files[0].text, "f(x");
    }
}
