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

use snow_text::Symbol;

/// The candidate nearest to `name`, when it is near enough to be a slip of the keyboard.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = match length {
        0 | 1 => return None,
        2 => 1,
        _ => 2.max(length / 4),
    };
    candidates
        .into_iter()
        .map(|c| (distance(c, name), c))
        .filter(|(d, c)| *d > 0 && *d <= limit && *d < c.chars().count())
        .min()
        .map(|(_, c)| c)
}

/// ` Did you mean …?` or nothing.
pub fn did_you_mean<'a>(name: Symbol, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name.as_str(), candidates).map(|near| format!("did you mean `{near}`?"))
}

/// Number of edits from one text to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut previous = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (previous + usize::from(x != *y)).min(above + 1).min(row[j] + 1);
            previous = above;
        }
    }
    row[b.len()]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near() {
        assert_eq!(nearest("desposit", ["deposit", "stop"]), Some("deposit"));
        assert_eq!(nearest("c", ["a", "b"]), None);
        assert_eq!(nearest("length", ["trim", "length"]), None);
    }
}
