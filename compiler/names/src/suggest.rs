//! "Did you mean": the known name that is nearest to an unknown one.

/// The nearest of the candidates, if one is near enough. Names under three letters are near only to those that begin
/// alike or have their letters in another order; one letter alone is near to nothing.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length < 2 {
        return None;
    }
    let limit = (length / 3).max(1);
    let alike = |c: &str| length > 2 || is_short_like(name, c);
    let measured = candidates.into_iter().filter(|c| *c != name && c.len() >= 2 && alike(c));
    let near = measured.map(|c| (distance(name, c), c)).filter(|(d, _)| *d <= limit);
    near.min().map(|(_, candidate)| candidate)
}

/// Whether a name of two letters may have been meant as `other`.
fn is_short_like(name: &str, other: &str) -> bool {
    let swapped = name.chars().rev().eq(other.chars());
    swapped || name.chars().next() == other.chars().next() && other.chars().count() <= 3
}

/// Letters to change, add, drop or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        assert_eq!(nearest("lenght", ["length", "last"]), Some("length"));
        assert_eq!(nearest("prinln", ["print", "println"]), Some("println"));
        assert_eq!(nearest("ab", ["abc"]), Some("abc"));
        assert_eq!(nearest("ac", ["bc", "ab"]), Some("ab"));
        assert_eq!(nearest("fi", ["if"]), Some("if"));
        assert_eq!(nearest("a", ["ab"]), None);
        assert_eq!(nearest("something", ["nothing at all"]), None);
    }
}
