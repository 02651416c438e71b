//! The words of every problem this stage finds, a file per family.

pub mod arguments;
pub mod coverage;
pub mod definitions;
pub mod interfaces;
pub mod mailboxes;
pub mod members;
pub mod messages;
pub mod mismatch;
pub mod tuples;

pub use snow_names::nearest;
use snow_text::Symbol;

/// ` Did you mean …?` or nothing.
pub fn did_you_mean<'a>(name: Symbol, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name.as_str(), candidates).map(|near| format!("did you mean `{near}`?"))
}

/// `1 argument`, `2 arguments`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// `but 1 is given`, `but 2 are given`.
pub fn but_given(count: usize) -> String {
    match count {
        0 => "but none are given".to_string(),
        1 => "but 1 is given".to_string(),
        n => format!("but {n} are given"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
