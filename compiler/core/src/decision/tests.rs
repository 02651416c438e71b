//! Trees against trying rows in order, on a small world of types.

use super::*;
use snow_text::Symbol;

#[derive(Clone, Debug)]
enum Ty {
    Int,
    Text,
    Bool,
    Pair(Box<Ty>, Box<Ty>),
    /// `Nil`, `Cons(item, list)`.
    List(Box<Ty>),
    Tags(Vec<(&'static str, Vec<Ty>)>),
}

struct World;

/// The constructors of a type; none for those that have too many.
fn constructors(ty: &Ty) -> Vec<Con> {
    match ty {
        Ty::Int | Ty::Text => vec![],
        Ty::Bool => vec![Con::Bool(false), Con::Bool(true)],
        Ty::Pair(..) => vec![Con::Tuple],
        Ty::List(_) => vec![Con::Variant(0), Con::Variant(1)],
        Ty::Tags(tags) => tags.iter().map(|t| Con::Tag(Symbol::new(t.0))).collect(),
    }
}

impl Space for World {
    type Ty = Ty;
    fn is_complete(&self, ty: &Ty, keys: &[Con]) -> bool {
        let all = constructors(ty);
        !all.is_empty() && all.iter().all(|c| keys.contains(c))
    }
    fn fields(&mut self, ty: &Ty, con: Con) -> Option<Vec<Ty>> {
        Some(match (ty, con) {
            (Ty::Pair(a, b), _) => vec![(**a).clone(), (**b).clone()],
            (Ty::List(item), Con::Variant(1)) => vec![(**item).clone(), ty.clone()],
            (Ty::Tags(tags), Con::Tag(name)) => {
                tags.iter().find(|t| Symbol::new(t.0) == name).map_or(vec![], |t| t.1.clone())
            }
            _ => vec![],
        })
    }
}

/// A constructor whose fields' types the world knows.
fn made(con: Con, fields: Vec<Pat<Ty>>) -> Pat<Ty> {
    Pat::Constructor(con, fields.into_iter().map(|f| (Ty::Int, f)).collect())
}
fn pair(a: Pat<Ty>, b: Pat<Ty>) -> Pat<Ty> {
    made(Con::Tuple, vec![a, b])
}
fn truth(b: bool) -> Pat<Ty> {
    made(Con::Bool(b), vec![])
}
fn text(s: &str) -> Pat<Ty> {
    Pat::Text(s.into())
}
fn prefix(s: &str, rest: Pat<Ty>) -> Pat<Ty> {
    Pat::Prefix(s.into(), Box::new(rest))
}
fn list_of(ty: Ty) -> Ty {
    Ty::List(Box::new(ty))
}
fn rows(patterns: Vec<Pat<Ty>>) -> Vec<Row<Ty>> {
    patterns.into_iter().map(|p| Row { patterns: vec![p], guarded: false }).collect()
}

#[derive(Clone, Debug)]
enum Value {
    Int(i64),
    Text(String),
    Con(Con, Vec<Value>),
}

fn matches(pat: &Pat<Ty>, value: &Value) -> bool {
    match (pat, value) {
        (Pat::Wild, _) => true,
        (Pat::Bind(_, inner), _) => matches(inner, value),
        (Pat::Constructor(con, fields), Value::Con(other, values)) => {
            con == other && fields.iter().zip(values).all(|(p, v)| matches(&p.1, v))
        }
        (Pat::Int(n), Value::Int(v)) => n == v,
        (Pat::Range(low, high), Value::Int(v)) => low <= v && v <= high,
        (Pat::Text(t), Value::Text(v)) => **t == **v,
        (Pat::Prefix(p, rest), Value::Text(v)) => {
            v.strip_prefix(&**p).is_some_and(|r| matches(rest, &Value::Text(r.to_string())))
        }
        (Pat::Or(any), _) => any.iter().any(|p| matches(p, value)),
        (Pat::And(all), _) => all.iter().all(|p| matches(p, value)),
        (Pat::Custom(n, _), _) => test_holds(*n, value),
        _ => false,
    }
}

fn test_holds(number: u32, value: &Value) -> bool {
    matches!(value, Value::Int(v) if *v == i64::from(number))
}

fn look(decision: &Decision<Ty>, place: PlaceId, root: &Value) -> Value {
    match &decision.place(place).origin {
        PlaceOrigin::Root(_) => root.clone(),
        PlaceOrigin::Field { of, con, index } => match look(decision, *of, root) {
            Value::Con(found, fields) if found == *con => fields[*index].clone(),
            other => panic!("{other:?} is not {con:?}"),
        },
        PlaceOrigin::Rest { of, prefix } => match look(decision, *of, root) {
            Value::Text(t) => Value::Text(t.strip_prefix(&**prefix).expect("prefix is known").to_string()),
            other => panic!("{other:?} is no text"),
        },
        PlaceOrigin::Yield { .. } => panic!("these tests yield nothing"),
    }
}

/// Runs the tree; every test along the path must be new.
fn run(decision: &Decision<Ty>, root: &Value) -> Option<usize> {
    let (mut at, mut asked) = (decision.root, Vec::new());
    loop {
        at = match decision.node(at) {
            Node::Fail => return None,
            Node::Leaf { row, otherwise, .. } => match otherwise {
                Some(next) => *next,
                None => return Some(*row),
            },
            Node::Switch { place, cases, default } => {
                let question = format!("{place:?} switch");
                assert!(!asked.contains(&question), "asked twice: {question}");
                asked.push(question);
                let con = match look(decision, *place, root) {
                    Value::Int(n) => Con::Int(n),
                    Value::Con(con, _) => con,
                    other => panic!("switch on {other:?}"),
                };
                let case = cases.iter().find(|c| c.0 == con).map(|c| c.1);
                case.or(*default).expect("the switch is complete")
            }
            Node::Test { place, test, yes, no } => {
                let question = format!("{place:?} {test:?}");
                assert!(!asked.contains(&question), "asked twice: {question}");
                asked.push(question);
                let value = look(decision, *place, root);
                let holds = match (test, &value) {
                    (Test::Range(low, high), Value::Int(n)) => low <= n && n <= high,
                    (Test::Text(t), Value::Text(v)) => **t == **v,
                    (Test::Prefix(p), Value::Text(v)) => v.starts_with(&**p),
                    (Test::Custom(n), _) => test_holds(*n, &value),
                    other => panic!("{other:?}"),
                };
                if holds { *yes } else { *no }
            }
        }
    }
}

fn agrees(rows: &[Row<Ty>], ty: &Ty, values: &[Value]) {
    let decision = decide(rows, std::slice::from_ref(ty), &mut World);
    for value in values {
        let wanted = rows.iter().position(|r| !r.guarded && matches(&r.patterns[0], value));
        assert_eq!(run(&decision, value), wanted, "{value:?} in {rows:?}");
    }
}

/// A small generator: same numbers every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pattern(&mut self, ty: &Ty, depth: u32) -> Pat<Ty> {
        match self.roll(8) {
            0 | 1 => Pat::Wild,
            2 if depth > 0 => Pat::Or((0..2).map(|_| self.pattern(ty, depth - 1)).collect()),
            3 if depth > 0 => Pat::Bind(depth, Box::new(self.pattern(ty, depth - 1))),
            _ => self.strict(ty, depth),
        }
    }

    fn strict(&mut self, ty: &Ty, depth: u32) -> Pat<Ty> {
        match ty {
            Ty::Int => match self.roll(3) {
                0 => Pat::Int(self.roll(5) as i64),
                1 => Pat::Custom(self.roll(5) as u32, vec![]),
                _ => {
                    let low = self.roll(5) as i64;
                    Pat::Range(low, low + self.roll(3) as i64)
                }
            },
            Ty::Text => {
                let words = ["", "a", "ab", "abc", "b"];
                let word = words[self.roll(5) as usize];
                match self.roll(2) {
                    0 => text(word),
                    _ => prefix(word, self.pattern(ty, depth.saturating_sub(2))),
                }
            }
            Ty::Bool => truth(self.roll(2) == 0),
            _ => {
                let all = constructors(ty);
                let con = all[self.roll(all.len() as u64) as usize];
                let fields = World.fields(ty, con).unwrap_or_default();
                made(con, fields.iter().map(|f| self.pattern(f, depth.saturating_sub(1))).collect())
            }
        }
    }

    fn value(&mut self, ty: &Ty, depth: u32) -> Value {
        match ty {
            Ty::Int => Value::Int(self.roll(8) as i64),
            Ty::Text => Value::Text(["", "a", "ab", "abc", "abcd", "b", "c"][self.roll(7) as usize].into()),
            _ => {
                let all = constructors(ty);
                let con = if depth == 0 { all[0] } else { all[self.roll(all.len() as u64) as usize] };
                let fields = World.fields(ty, con).unwrap_or_default();
                Value::Con(con, fields.iter().map(|f| self.value(f, depth.saturating_sub(1))).collect())
            }
        }
    }
}

#[test]
fn trees_agree_with_rows_in_order() {
    let mut dice = Dice(7);
    let pairs = Ty::Pair(Box::new(Ty::Text), Box::new(list_of(Ty::Int)));
    let tags = Ty::Tags(vec![("a", vec![Ty::Bool, Ty::Int]), ("b", vec![]), ("c", vec![pairs.clone()])]);
    for ty in [pairs, tags, list_of(Ty::Bool), Ty::Int, Ty::Text] {
        for _ in 0..300 {
            let count = 1 + dice.roll(6);
            let mut rows = rows((0..count).map(|_| dice.pattern(&ty, 3)).collect());
            rows.iter_mut().for_each(|r| r.guarded = dice.roll(5) == 0);
            let values: Vec<Value> = (0..40).map(|_| dice.value(&ty, 4)).collect();
            agrees(&rows, &ty, &values);
        }
    }
}

#[test]
fn overlapping_rows_stay_small() {
    let width = 12;
    let ty = (1..width).fold(Ty::Bool, |ty, _| Ty::Pair(Box::new(Ty::Bool), Box::new(ty)));
    let row = |one: usize| {
        let field = |i: usize| if i == one { truth(true) } else { Pat::Wild };
        (1..width).fold(field(0), |pat, i| pair(field(i), pat))
    };
    let rows = rows((0..width).map(row).chain([Pat::Wild]).collect());
    let decision = decide(&rows, &[ty], &mut World);
    assert!(decision.nodes.len() < 100, "{}", decision.nodes.len());
}

#[test]
fn a_hard_match_ends_soon() {
    // Every pair of columns must be equal: no order of tests shares much.
    let width = 40;
    let ty = (1..width).fold(Ty::Bool, |ty, _| Ty::Pair(Box::new(Ty::Bool), Box::new(ty)));
    let mut dice = Dice(3);
    let patterns = (0..60)
        .map(|_| {
            let mut field = || if dice.roll(4) == 0 { truth(dice.roll(2) == 0) } else { Pat::Wild };
            let last = field();
            (1..width).fold(last, |pat, _| pair(field(), pat))
        })
        .collect();
    let rows = rows(patterns);
    let values: Vec<Value> = (0..200).map(|_| dice.value(&ty, 1000)).collect();
    let decision = decide(&rows, std::slice::from_ref(&ty), &mut World);
    for value in values {
        let wanted = rows.iter().position(|r| matches(&r.patterns[0], &value));
        assert_eq!(run_blunt(&decision, &value), wanted);
    }
}

/// Runs a tree that may ask again because it was too large to be clever.
fn run_blunt(decision: &Decision<Ty>, root: &Value) -> Option<usize> {
    let mut at = decision.root;
    loop {
        at = match decision.node(at) {
            Node::Fail => return None,
            Node::Leaf { row, .. } => return Some(*row),
            Node::Switch { place, cases, default } => {
                let Value::Con(con, _) = look(decision, *place, root) else { panic!("Bools only") };
                cases.iter().find(|c| c.0 == con).map(|c| c.1).or(*default).expect("complete")
            }
            Node::Test { .. } => panic!("Bools only"),
        }
    }
}
