//! What the outcome of a test says about another pattern at the same place.

use super::{Con, Pat, Test};

/// What is known after a test.
pub(super) enum Outcome<'a> {
    /// The value has this constructor or is this Int.
    Key(Con),
    /// The test holds.
    Yes(&'a Test),
    /// It does not.
    No(&'a Test),
}

/// What that means for a pattern.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Effect {
    /// It cannot match.
    Refuted,
    /// It matches, as far as its own test goes.
    Proved,
    /// Still to be tested.
    Open,
}

fn either(proved: bool, refuted: bool) -> Effect {
    match (proved, refuted) {
        (true, _) => Effect::Proved,
        (_, true) => Effect::Refuted,
        _ => Effect::Open,
    }
}

/// What an outcome means for a pattern.
pub(super) fn after<T>(outcome: &Outcome, pat: &Pat<T>) -> Effect {
    match outcome {
        Outcome::Key(key) => match (pat, key) {
            (Pat::Constructor(con, _), _) => either(con == key, con != key),
            (Pat::Int(n), Con::Int(k)) => either(n == k, n != k),
            (Pat::Range(low, high), Con::Int(k)) => {
                let inside = low <= k && k <= high;
                either(inside, !inside)
            }
            _ => Effect::Open,
        },
        Outcome::Yes(test) => after_yes(test, pat),
        Outcome::No(test) => after_no(test, pat),
    }
}

fn after_yes<T>(test: &Test, pat: &Pat<T>) -> Effect {
    match (test, pat) {
        (Test::Range(a, b), Pat::Range(low, high)) => either(low <= a && b <= high, high < a || b < low),
        (Test::Range(a, b), Pat::Int(n)) => either(n == a && n == b, n < a || b < n),
        (Test::Float(x), Pat::Float(y)) => either(x == y, x != y),
        (Test::Text(a), Pat::Text(b)) => either(a == b, a != b),
        (Test::Text(a), Pat::Prefix(prefix, _)) => {
            let starts = a.starts_with(&**prefix);
            either(starts, !starts)
        }
        (Test::Prefix(p), Pat::Text(text)) => either(false, !text.starts_with(&**p)),
        (Test::Prefix(p), Pat::Prefix(q, _)) => either(p.starts_with(&**q), !q.starts_with(&**p)),
        (Test::Bytes(a), Pat::Bytes(b)) => either(a == b, a != b),
        (Test::Custom(a), Pat::Custom(b, _)) => either(a == b, false),
        _ => Effect::Open,
    }
}

fn after_no<T>(test: &Test, pat: &Pat<T>) -> Effect {
    let refuted = match (test, pat) {
        (Test::Range(a, b), Pat::Range(low, high)) => a <= low && high <= b,
        (Test::Range(a, b), Pat::Int(n)) => a <= n && n <= b,
        (Test::Float(x), Pat::Float(y)) => x == y,
        (Test::Text(a), Pat::Text(b)) => a == b,
        (Test::Prefix(p), Pat::Text(text)) => text.starts_with(&**p),
        (Test::Prefix(p), Pat::Prefix(q, _)) => q.starts_with(&**p),
        (Test::Bytes(a), Pat::Bytes(b)) => a == b,
        (Test::Custom(a), Pat::Custom(b, _)) => a == b,
        _ => false,
    };
    either(false, refuted)
}
