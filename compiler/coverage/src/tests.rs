//! Matches over a few small types.

use super::*;

#[derive(Clone)]
enum Ty {
    Bool,
    Int,
    Option(Box<Ty>),
    List(Box<Ty>),
    Pair(Box<Ty>, Box<Ty>),
}

struct Types;

impl Space for Types {
    type Ty = Ty;
    fn shape(&self, ty: &Ty) -> Shape<Ty> {
        match ty {
            Ty::Bool => Shape::Closed(vec![(Con::Bool(false), vec![]), (Con::Bool(true), vec![])]),
            Ty::Int => Shape::Open,
            Ty::Option(t) => {
                Shape::Closed(vec![(Con::Variant(0), vec![]), (Con::Variant(1), vec![(**t).clone()])])
            }
            Ty::List(t) => Shape::Closed(vec![
                (Con::Variant(0), vec![]),
                (Con::Variant(1), vec![(**t).clone(), ty.clone()]),
            ]),
            Ty::Pair(a, b) => Shape::Closed(vec![(Con::Tuple, vec![(**a).clone(), (**b).clone()])]),
        }
    }
    fn parts(&self, _: &Ty, _: &Con, arity: usize) -> Vec<Ty> {
        vec![Ty::Int; arity]
    }
}

fn v(index: u32, parts: Vec<Pat>) -> Pat {
    Pat::Con(Con::Variant(index), parts)
}

fn n(value: i64) -> Pat {
    Pat::Con(Con::Literal(value.to_string()), vec![])
}

fn b(value: bool) -> Pat {
    Pat::Con(Con::Bool(value), vec![])
}

fn report(ty: Ty, pats: Vec<(Pat, bool)>) -> Report {
    let rows: Vec<Row> = pats.into_iter().map(|(p, guarded)| Row { pats: vec![p], guarded }).collect();
    check(&Types, &[ty], &rows)
}

fn plain(ty: Ty, pats: Vec<Pat>) -> Report {
    report(ty, pats.into_iter().map(|p| (p, false)).collect())
}

#[test]
fn numbers_need_a_catch_all() {
    assert_eq!(plain(Ty::Int, vec![n(1), n(2)]).missing, vec![vec![Pat::Wild]]);
    assert_eq!(plain(Ty::Int, vec![n(1), Pat::Wild]), Report::default());
    assert_eq!(plain(Ty::Int, vec![n(1), n(1), Pat::Wild]).unreachable, vec![1]);
}

#[test]
fn a_missing_option_is_named() {
    let ty = || Ty::Option(Box::new(Ty::Bool));
    assert_eq!(plain(ty(), vec![v(1, vec![Pat::Wild])]).missing, vec![vec![v(0, vec![])]]);
    assert_eq!(
        plain(ty(), vec![v(0, vec![]), v(1, vec![b(true)])]).missing,
        vec![vec![v(1, vec![b(false)])]]
    );
}

#[test]
fn lists_go_on() {
    let ty = Ty::List(Box::new(Ty::Int));
    let one = v(1, vec![Pat::Wild, v(0, vec![])]);
    let two = v(1, vec![Pat::Wild, v(1, vec![Pat::Wild, Pat::Wild])]);
    assert_eq!(plain(ty.clone(), vec![v(0, vec![]), one.clone(), two.clone()]), Report::default());
    assert_eq!(plain(ty, vec![v(0, vec![]), two]).missing, vec![vec![one]]);
}

#[test]
fn guards_do_not_count_but_may_be_useless() {
    assert_eq!(report(Ty::Bool, vec![(Pat::Wild, true)]).missing.len(), 1);
    assert_eq!(report(Ty::Bool, vec![(Pat::Wild, false), (b(true), true)]).unreachable, vec![1]);
}

#[test]
fn alternatives_are_useless_only_together() {
    let or = Pat::Or(vec![b(true), b(false)]);
    assert_eq!(plain(Ty::Bool, vec![b(true), or.clone()]), Report::default());
    assert_eq!(plain(Ty::Bool, vec![or.clone(), or]).unreachable, vec![1]);
}

#[test]
fn pairs_cross() {
    let ty = Ty::Pair(Box::new(Ty::Bool), Box::new(Ty::Bool));
    let pair = |x, y| Pat::Con(Con::Tuple, vec![x, y]);
    let rows = vec![pair(b(true), Pat::Wild), pair(Pat::Wild, b(true))];
    assert_eq!(plain(ty, rows).missing, vec![vec![pair(b(false), b(false))]]);
}

#[test]
fn patterns_with_other_parts_than_their_type_are_survived() {
    let pair = Ty::Pair(Box::new(Ty::Int), Box::new(Ty::Bool));
    let option = Ty::Option(Box::new(Ty::Bool));
    let part = || Pat::Con(Con::Tuple, vec![Pat::Wild]);
    let parts = |first: Pat| Pat::Con(Con::Tuple, vec![first, Pat::Wild, Pat::Wild]);
    for row in [part(), parts(Pat::Wild), parts(n(1)), parts(b(true))] {
        assert!(!plain(pair.clone(), vec![row]).missing.is_empty());
    }
    assert!(!plain(option, vec![v(0, vec![b(true)]), v(1, vec![])]).missing.is_empty());
    assert_eq!(plain(Ty::Int, vec![part(), parts(n(1))]).missing, vec![vec![Pat::Wild]]);
}
