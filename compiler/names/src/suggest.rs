//! "Did you mean": the known name that is nearest to an unknown one.

/// The nearest of the candidates, if one is near enough to be a slip of the keyboard: the shorter a name, the fewer of its letters
/// may differ.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length < 2 {
        return None;
    }
    let limit = (length / 3).max(1);
    let measured = candidates.into_iter().filter(|c| *c != name && c.len() >= 2);
    let is_near = |d: usize, c: &str| d <= limit && (2 * d < c.chars().count() || is_swapped(name, c));
    let near = measured.map(|c| (distance(name, c), c)).filter(|(d, c)| is_near(*d, c));
    near.min().map(|(_, candidate)| candidate)
}

/// Whether two names differ in the order of two letters only.
fn is_swapped(name: &str, other: &str) -> bool {
    name.chars().count() == 2 && name.chars().rev().eq(other.chars())
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
        assert_eq!(nearest("nmae", ["age", "name"]), Some("name"));
        assert_eq!(nearest("ad", ["stop", "add"]), Some("add"));
        assert_eq!(nearest("ab", ["ac", "ad"]), None);
        assert_eq!(nearest("fi", ["if"]), Some("if"));
        assert_eq!(nearest("c", ["a", "cd"]), None);
        assert_eq!(nearest("nil", ["all", "any"]), None);
        assert_eq!(nearest("something", ["nothing at all"]), None);
    }
}
