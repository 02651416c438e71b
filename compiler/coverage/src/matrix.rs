//! The matrix: usefulness of rows, and witnesses of what is missing.

use crate::pattern::{Con, Pat, Shape, Space};

/// Witnesses that a report gives at most.
const WITNESSES_MAX: usize = 3;
/// Steps after which an answer is no longer sought: then nothing is reported.
const STEPS_MAX: usize = 1_000_000;

/// One row of a match.
#[derive(Clone, Debug)]
pub struct Row {
    /// One pattern for each scrutinee.
    pub pats: Vec<Pat>,
    /// Whether a guard may refuse what the patterns match.
    pub guarded: bool,
}

/// What is wrong with a match.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Values that no row matches, up to three, a pattern for each scrutinee.
    pub missing: Vec<Vec<Pat>>,
    /// Rows that match nothing the rows before them leave.
    pub unreachable: Vec<usize>,
}

/// Checks a match on scrutinees of these types.
pub fn check<S: Space>(space: &S, types: &[S::Ty], rows: &[Row]) -> Report {
    let mut search = Search { space, steps: 0 };
    let mut above: Vec<Vec<Pat>> = Vec::new();
    let mut unreachable = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if !search.is_useful(&above, &row.pats, types) {
            unreachable.push(index);
        }
        if !row.guarded {
            above.push(row.pats.clone());
        }
    }
    let missing = search.missing(&above, types, WITNESSES_MAX);
    if search.steps >= STEPS_MAX {
        return Report::default();
    }
    Report { missing, unreachable }
}

struct Search<'s, S> {
    space: &'s S,
    steps: usize,
}

impl<S: Space> Search<'_, S> {
    /// Whether the effort is over its bound.
    fn spent(&mut self) -> bool {
        self.steps += 1;
        self.steps >= STEPS_MAX
    }

    /// Whether `row` matches something that no row of `above` does.
    fn is_useful(&mut self, above: &[Vec<Pat>], row: &[Pat], types: &[S::Ty]) -> bool {
        if self.spent() {
            return true;
        }
        let Some((first, rest)) = row.split_first() else { return above.is_empty() };
        match first {
            Pat::Or(alternatives) => {
                let mut seen = above.to_vec();
                alternatives.iter().any(|alternative| {
                    let row = joined(alternative, rest);
                    let useful = self.is_useful(&seen, &row, types);
                    seen.push(row);
                    useful
                })
            }
            Pat::Con(con, parts) => {
                let types = self.with_parts(types, con, parts.len());
                let above = specialised(above, con, parts.len());
                self.is_useful(&above, &[parts, rest].concat(), &types)
            }
            Pat::Wild => self.is_wild_useful(above, rest, types),
        }
    }

    fn is_wild_useful(&mut self, above: &[Vec<Pat>], rest: &[Pat], types: &[S::Ty]) -> bool {
        if let Shape::Closed(all) = self.space.shape(&types[0])
            && covers(above, &all)
        {
            return all.iter().any(|(con, parts)| {
                let row = [vec![Pat::Wild; parts.len()].as_slice(), rest].concat();
                let types = [parts.as_slice(), &types[1..]].concat();
                let above = specialised(above, con, parts.len());
                self.is_useful(&above, &row, &types)
            });
        }
        self.is_useful(&defaults(above), rest, &types[1..])
    }

    /// Values that no row matches.
    fn missing(&mut self, rows: &[Vec<Pat>], types: &[S::Ty], wanted: usize) -> Vec<Vec<Pat>> {
        if self.spent() || wanted == 0 {
            return vec![];
        }
        let Some((first, others)) = types.split_first() else {
            return if rows.is_empty() { vec![vec![]] } else { vec![] };
        };
        match self.space.shape(first) {
            Shape::Closed(all) if !heads(rows).is_empty() || all.is_empty() => {
                self.missing_of(&all, rows, others, wanted)
            }
            _ => self.missing_of_open(rows, first, others, wanted),
        }
    }

    fn missing_of(
        &mut self,
        all: &[(Con, Vec<S::Ty>)],
        rows: &[Vec<Pat>],
        others: &[S::Ty],
        wanted: usize,
    ) -> Vec<Vec<Pat>> {
        let mut found = Vec::new();
        for (con, parts) in all {
            let types = [parts.as_slice(), others].concat();
            let left = wanted - found.len();
            let inner = self.missing(&specialised(rows, con, parts.len()), &types, left);
            found.extend(inner.into_iter().map(|witness| rebuilt(con, parts.len(), witness)));
            if found.len() >= wanted {
                break;
            }
        }
        found
    }

    fn missing_of_open(
        &mut self,
        rows: &[Vec<Pat>],
        first: &S::Ty,
        others: &[S::Ty],
        wanted: usize,
    ) -> Vec<Vec<Pat>> {
        let mut found: Vec<Vec<Pat>> = self
            .missing(&defaults(rows), others, wanted)
            .into_iter()
            .map(|witness| joined(&Pat::Wild, &witness))
            .collect();
        for (con, arity) in heads(rows) {
            if found.len() >= wanted {
                break;
            }
            let parts = fitted(self.space.parts(first, &con, arity), first, arity);
            let types = [parts.as_slice(), others].concat();
            let left = wanted - found.len();
            let inner = self.missing(&specialised(rows, &con, arity), &types, left);
            found.extend(inner.into_iter().map(|witness| rebuilt(&con, arity, witness)));
        }
        found
    }

    fn with_parts(&self, types: &[S::Ty], con: &Con, arity: usize) -> Vec<S::Ty> {
        let parts = match self.space.shape(&types[0]) {
            Shape::Closed(all) => all.into_iter().find(|c| c.0 == *con).map(|c| c.1),
            Shape::Open => None,
        };
        let parts = parts.unwrap_or_else(|| self.space.parts(&types[0], con, arity));
        [fitted(parts, &types[0], arity).as_slice(), &types[1..]].concat()
    }
}

/// As many types as a pattern has parts: where it has others than its type, which is an error of its own, nothing is known of them.
fn fitted<T: Clone>(parts: Vec<T>, whole: &T, arity: usize) -> Vec<T> {
    if parts.len() == arity { parts } else { vec![whole.clone(); arity] }
}

fn joined(first: &Pat, rest: &[Pat]) -> Vec<Pat> {
    std::iter::once(first).chain(rest).cloned().collect()
}

/// A witness of the parts becomes one of the whole.
fn rebuilt(con: &Con, arity: usize, mut witness: Vec<Pat>) -> Vec<Pat> {
    let rest = witness.split_off(arity);
    joined(&Pat::Con(con.clone(), witness), &rest)
}

/// Constructors at the head of rows, with their numbers of parts.
fn heads(rows: &[Vec<Pat>]) -> Vec<(Con, usize)> {
    fn collect(pat: &Pat, out: &mut Vec<(Con, usize)>) {
        match pat {
            Pat::Wild => {}
            Pat::Con(con, parts) => {
                if !out.iter().any(|o| o.0 == *con) {
                    out.push((con.clone(), parts.len()));
                }
            }
            Pat::Or(alternatives) => alternatives.iter().for_each(|a| collect(a, out)),
        }
    }
    let mut out = Vec::new();
    rows.iter().for_each(|row| collect(&row[0], &mut out));
    out
}

fn covers<T>(rows: &[Vec<Pat>], all: &[(Con, Vec<T>)]) -> bool {
    let heads = heads(rows);
    all.iter().all(|(con, _)| heads.iter().any(|h| h.0 == *con))
}

/// The rows that match values of a constructor, with its parts in front.
fn specialised(rows: &[Vec<Pat>], con: &Con, arity: usize) -> Vec<Vec<Pat>> {
    let mut out = Vec::new();
    for row in rows {
        specialise(&row[0], &row[1..], con, arity, &mut out);
    }
    out
}

fn specialise(first: &Pat, rest: &[Pat], con: &Con, arity: usize, out: &mut Vec<Vec<Pat>>) {
    match first {
        Pat::Wild => out.push([vec![Pat::Wild; arity].as_slice(), rest].concat()),
        Pat::Con(own, parts) if own == con && parts.len() == arity => {
            out.push([parts.as_slice(), rest].concat())
        }
        Pat::Con(..) => {}
        Pat::Or(alternatives) => alternatives.iter().for_each(|a| specialise(a, rest, con, arity, out)),
    }
}

/// The rows that match whatever the first value is, without it.
fn defaults(rows: &[Vec<Pat>]) -> Vec<Vec<Pat>> {
    fn is_wild(pat: &Pat) -> bool {
        match pat {
            Pat::Wild => true,
            Pat::Con(..) => false,
            Pat::Or(alternatives) => alternatives.iter().any(is_wild),
        }
    }
    rows.iter().filter(|row| is_wild(&row[0])).map(|row| row[1..].to_vec()).collect()
}
