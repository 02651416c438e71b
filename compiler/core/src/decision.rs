//! Rows of patterns as a decision tree.
//!
//! A state is the list of rows that may still match, each with the tests it still asks for. The first row's tests lead: the one that most
//! rows ask for is made, and every row is carried to the outcomes that it can live with, without the tests the outcome answers. So no path
//! makes a test twice. Equal states become one node, which keeps trees of overlapping rows small; beyond [`LIMIT`] nodes rows are tried
//! one after another, which is always linear.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

mod outcome;
mod pattern;
#[cfg(test)]
mod tests;

use outcome::{Effect, Outcome, after};
pub(crate) use pattern::{Con, Pat, Row, Space};

snow_text::ids! {
    /// Something that can be tested or bound: a column or a part of one.
    PlaceId,
    /// A node of a decision.
    NodeId,
}

/// Nodes of one decision before rows are tried one after another.
const LIMIT: usize = 10_000;

/// A place.
#[derive(Clone, Debug)]
pub(crate) struct Place<T> {
    /// Where it is found.
    pub origin: PlaceOrigin,
    /// Its type.
    pub ty: T,
}

/// Where a place is found.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum PlaceOrigin {
    /// A column.
    Root(usize),
    /// A field of an object known to have that constructor.
    Field {
        /// The object.
        of: PlaceId,
        /// Its constructor.
        con: Con,
        /// The field.
        index: usize,
    },
    /// A String without the prefix that it is known to have.
    Rest {
        /// The whole.
        of: PlaceId,
        /// The prefix.
        prefix: Rc<str>,
    },
    /// What a [`Test::Custom`] on the place yields.
    Yield {
        /// The place that is tested.
        of: PlaceId,
        /// The test.
        test: u32,
        /// Which of its values.
        index: usize,
    },
}

impl Node {
    /// The nodes that it leads to.
    pub fn children(&self) -> impl Iterator<Item = NodeId> {
        let (cases, more) = match self {
            Node::Fail => (&[][..], [None, None]),
            Node::Leaf { otherwise, .. } => (&[][..], [*otherwise, None]),
            Node::Switch { cases, default, .. } => (&cases[..], [*default, None]),
            Node::Test { yes, no, .. } => (&[][..], [Some(*yes), Some(*no)]),
        };
        cases.iter().map(|c| c.1).chain(more.into_iter().flatten())
    }
}

impl PlaceOrigin {
    /// The place that it is part of.
    fn parent(&self) -> Option<PlaceId> {
        match self {
            PlaceOrigin::Root(_) => None,
            PlaceOrigin::Field { of, .. } | PlaceOrigin::Rest { of, .. } | PlaceOrigin::Yield { of, .. } => {
                Some(*of)
            }
        }
    }
}

/// A test with two outcomes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Test {
    /// Both bounds inclusive.
    Range(i64, i64),
    /// By `==`.
    Float(f64),
    /// Equality.
    Text(Rc<str>),
    /// Equality.
    Bytes(Rc<[u8]>),
    /// Beginning.
    Prefix(Rc<str>),
    /// The caller's test.
    Custom(u32),
}

/// A node.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// No row matches.
    Fail,
    /// This row matches.
    Leaf {
        /// Index of the row.
        row: usize,
        /// What it binds.
        binds: Vec<(u32, PlaceId)>,
        /// Where to go when its guard refuses; only for guarded rows.
        otherwise: Option<NodeId>,
    },
    /// By constructor or Int.
    Switch {
        /// What is looked at.
        place: PlaceId,
        /// Distinct.
        cases: Vec<(Con, NodeId)>,
        /// Absent when the cases are all there are.
        default: Option<NodeId>,
    },
    /// Yes or no.
    Test {
        /// What is looked at.
        place: PlaceId,
        /// The question.
        test: Test,
        /// When it holds.
        yes: NodeId,
        /// When not.
        no: NodeId,
    },
}

/// A decision: nodes may have several parents.
#[derive(Debug)]
pub(crate) struct Decision<T> {
    /// All nodes; children come before their parents.
    pub nodes: Vec<Node>,
    /// For every node that has several parents, the places that it needs from outside.
    pub inputs: Vec<Vec<PlaceId>>,
    /// Where to begin.
    pub root: NodeId,
    /// All places.
    pub places: Vec<Place<T>>,
}

impl<T> Decision<T> {
    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The place with an origin, if anything asks for it.
    pub fn find(&self, origin: &PlaceOrigin) -> Option<PlaceId> {
        self.places.iter().position(|p| p.origin == *origin).map(|at| PlaceId(at as u32))
    }

    /// A place.
    pub fn place(&self, id: PlaceId) -> &Place<T> {
        &self.places[id.0 as usize]
    }
}

/// Makes the decision of rows over columns of these types.
pub(crate) fn decide<S: Space>(rows: &[Row<S::Ty>], columns: &[S::Ty], space: &mut S) -> Decision<S::Ty> {
    let mut builder = Builder {
        space,
        nodes: Vec::new(),
        inputs: Vec::new(),
        places: Vec::new(),
        known_places: HashMap::new(),
        known_states: HashMap::new(),
    };
    for (index, ty) in columns.iter().enumerate() {
        builder.place(PlaceOrigin::Root(index), ty.clone());
    }
    let mut states = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let tests = row.patterns.iter().enumerate().map(|(i, p)| (PlaceId(i as u32), p)).collect();
        states.push(builder.state(index, row.guarded, tests, Vec::new()));
    }
    let root = builder.build(states);
    Decision { nodes: builder.nodes, inputs: builder.inputs, root, places: builder.places }
}

/// A row on its way: what it still asks for.
struct State<'p, T> {
    row: usize,
    guarded: bool,
    tests: Vec<(PlaceId, &'p Pat<T>)>,
    binds: Vec<(u32, PlaceId)>,
    /// Stands for all of it.
    print: [u64; 2],
}

impl<T> State<'_, T> {
    /// The constructor or Int that a place must be.
    fn key(&self, place: PlaceId) -> Option<Con> {
        self.tests.iter().filter(|t| t.0 == place).find_map(|t| match t.1 {
            Pat::Constructor(con, _) => Some(*con),
            Pat::Int(n) => Some(Con::Int(*n)),
            _ => None,
        })
    }
}

fn new_key(keys: &mut Vec<Con>, key: Con) -> Vec<usize> {
    keys.push(key);
    Vec::new()
}

/// Two hashes of the same: enough to tell states apart.
fn fingerprint(feed: impl Fn(&mut DefaultHasher)) -> [u64; 2] {
    [0u8, 1].map(|seed| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        feed(&mut hasher);
        hasher.finish()
    })
}

type States<'p, T> = Vec<Rc<State<'p, T>>>;

struct Builder<'s, S: Space> {
    space: &'s mut S,
    nodes: Vec<Node>,
    inputs: Vec<Vec<PlaceId>>,
    places: Vec<Place<S::Ty>>,
    known_places: HashMap<PlaceOrigin, PlaceId>,
    known_states: HashMap<[u64; 2], NodeId>,
}

impl<'p, S: Space> Builder<'_, S>
where
    S::Ty: 'p,
{
    fn place(&mut self, origin: PlaceOrigin, ty: S::Ty) -> PlaceId {
        if let Some(id) = self.known_places.get(&origin) {
            return *id;
        }
        let id = PlaceId(self.places.len() as u32);
        self.places.push(Place { origin: origin.clone(), ty });
        self.known_places.insert(origin, id);
        id
    }

    fn fields(&mut self, of: PlaceId, con: Con, parts: &[(S::Ty, Pat<S::Ty>)]) -> Vec<PlaceId> {
        let origin = |index| PlaceOrigin::Field { of, con, index };
        let known: Vec<PlaceId> =
            (0..parts.len()).map_while(|i| self.known_places.get(&origin(i)).copied()).collect();
        if known.len() == parts.len() {
            return known;
        }
        let ty = self.places[of.0 as usize].ty.clone();
        let mut types = self.space.fields(&ty, con).unwrap_or_default();
        types.extend(parts.iter().skip(types.len()).map(|p| p.0.clone()));
        types.truncate(parts.len());
        types.into_iter().enumerate().map(|(index, ty)| self.place(origin(index), ty)).collect()
    }

    fn yields(&mut self, of: PlaceId, test: u32, values: &[(S::Ty, Pat<S::Ty>)]) -> Vec<PlaceId> {
        let places = values.iter().enumerate();
        places.map(|(index, v)| self.place(PlaceOrigin::Yield { of, test, index }, v.0.clone())).collect()
    }

    fn rest(&mut self, of: PlaceId, prefix: &Rc<str>) -> PlaceId {
        let ty = self.places[of.0 as usize].ty.clone();
        self.place(PlaceOrigin::Rest { of, prefix: prefix.clone() }, ty)
    }

    /// A state with everything resolved that needs no test.
    fn state(
        &mut self,
        row: usize,
        guarded: bool,
        tests: Vec<(PlaceId, &'p Pat<S::Ty>)>,
        mut binds: Vec<(u32, PlaceId)>,
    ) -> Rc<State<'p, S::Ty>> {
        let mut settled = Vec::new();
        let mut open: Vec<(PlaceId, &'p Pat<S::Ty>)> = tests.into_iter().rev().collect();
        while let Some((place, pat)) = open.pop() {
            match pat {
                Pat::Wild => {}
                Pat::Bind(name, inner) => {
                    binds.push((*name, place));
                    open.push((place, inner));
                }
                Pat::And(all) => open.extend(all.iter().rev().map(|p| (place, p))),
                Pat::Or(any) if any.len() == 1 => open.push((place, &any[0])),
                Pat::Constructor(Con::Tuple, parts) => {
                    let places = self.fields(place, Con::Tuple, parts);
                    open.extend(places.into_iter().zip(parts.iter().map(|p| &p.1)).rev());
                }
                _ => settled.push((place, pat)),
            }
        }
        // Patterns count by address.
        let print = fingerprint(|hasher| {
            (row, &binds).hash(hasher);
            settled.iter().for_each(|(place, pat)| (place, std::ptr::from_ref(*pat)).hash(hasher));
        });
        Rc::new(State { row, guarded, tests: settled, binds, print })
    }

    fn build(&mut self, mut states: States<'p, S::Ty>) -> NodeId {
        if let Some(last) = states.iter().position(|s| s.tests.is_empty() && !s.guarded) {
            states.truncate(last + 1);
        }
        let key = fingerprint(|hasher| states.iter().for_each(|s| s.print.hash(hasher)));
        if let Some(known) = self.known_states.get(&key).copied() {
            self.inputs[known.0 as usize] = needs(&states);
            return known;
        }
        let node = self.expand(states);
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node);
        self.inputs.push(Vec::new());
        self.known_states.insert(key, id);
        id
    }

    fn expand(&mut self, mut states: States<'p, S::Ty>) -> Node {
        loop {
            let Some(first) = states.first().cloned() else { return Node::Fail };
            let Some((place, pat)) = self.choose(&states) else {
                let otherwise = first.guarded.then(|| self.build(states.split_off(1)));
                return Node::Leaf { row: first.row, binds: first.binds.clone(), otherwise };
            };
            match pat {
                Pat::Or(_) => {
                    let rest = states.split_off(1);
                    states = self.spread(&first, &[place]);
                    states.extend(rest);
                }
                Pat::Constructor(..) | Pat::Int(_) => return self.switch(place, states),
                _ => return self.test(place, pat, states),
            }
        }
    }

    /// The first row's test that most rows ask for.
    fn choose(&self, states: &States<'p, S::Ty>) -> Option<(PlaceId, &'p Pat<S::Ty>)> {
        let tests = &states.first()?.tests;
        if tests.len() < 2 || self.nodes.len() > LIMIT {
            return tests.first().copied();
        }
        let asked = |place| states.iter().filter(|s| s.tests.iter().any(|t| t.0 == place)).count();
        // The last maximum of the reversed order is the first one.
        tests.iter().rev().max_by_key(|(place, _)| asked(*place)).copied()
    }

    /// One state per alternative of the or-patterns at these places.
    fn spread(&mut self, state: &Rc<State<'p, S::Ty>>, places: &[PlaceId]) -> States<'p, S::Ty> {
        let is_or =
            |(place, pat): &(PlaceId, &Pat<S::Ty>)| places.contains(place) && matches!(pat, Pat::Or(_));
        let found = state.tests.iter().position(is_or).map(|at| (at, state.tests[at]));
        let Some((at, (place, Pat::Or(any)))) = found else { return vec![state.clone()] };
        let mut spread = Vec::new();
        for alternative in any {
            let mut tests = state.tests.clone();
            tests[at] = (place, alternative);
            let one = self.state(state.row, state.guarded, tests, state.binds.clone());
            spread.extend(self.spread(&one, places));
        }
        spread
    }

    /// All states, without or-patterns that may ask something of a place: those at it and at what it is part of.
    fn spread_all(&mut self, states: States<'p, S::Ty>, place: PlaceId) -> States<'p, S::Ty> {
        if self.nodes.len() > LIMIT {
            return states;
        }
        let mut places = vec![place];
        while let Some(of) = self.places[places[places.len() - 1].0 as usize].origin.parent() {
            places.push(of);
        }
        let hides = |s: &Rc<State<'p, S::Ty>>| s.tests.iter().any(|t| matches!(t.1, Pat::Or(_)));
        if !states.iter().any(hides) {
            return states;
        }
        states.iter().flat_map(|s| self.spread(s, &places)).collect()
    }

    fn switch(&mut self, place: PlaceId, states: States<'p, S::Ty>) -> Node {
        let states = self.spread_all(states, place);
        let considered = if self.nodes.len() > LIMIT { 1 } else { states.len() };
        let mut keys: Vec<Con> = Vec::new();
        let mut holders: HashMap<Con, Vec<usize>> = HashMap::new();
        let mut others: Vec<usize> = Vec::new();
        for (index, state) in states.iter().enumerate() {
            match state.key(place).filter(|_| index < considered) {
                None => others.push(index),
                Some(key) => holders.entry(key).or_insert_with(|| new_key(&mut keys, key)).push(index),
            }
        }
        let complete = self.space.is_complete(&self.places[place.0 as usize].ty, &keys);
        let mut cases = Vec::new();
        for key in keys {
            let mut fitting = [&holders[&key][..], &others].concat();
            fitting.sort_unstable();
            let fitting = fitting.into_iter().map(|index| states[index].clone()).collect();
            let left = self.carry(&fitting, place, Outcome::Key(key));
            cases.push((key, self.build(left)));
        }
        let default = (!complete).then(|| {
            let left = others.iter().map(|index| states[*index].clone()).collect();
            self.build(left)
        });
        Node::Switch { place, cases, default }
    }

    fn test(&mut self, place: PlaceId, pat: &Pat<S::Ty>, states: States<'p, S::Ty>) -> Node {
        let states = self.spread_all(states, place);
        let test = match pat {
            Pat::Range(low, high) => Test::Range(*low, *high),
            Pat::Float(x) => Test::Float(*x),
            Pat::Text(text) => Test::Text(text.clone()),
            Pat::Bytes(bytes) => Test::Bytes(bytes.clone()),
            Pat::Prefix(prefix, _) => Test::Prefix(prefix.clone()),
            Pat::Custom(test, _) => Test::Custom(*test),
            Pat::Wild | Pat::Bind(..) | Pat::Constructor(..) | Pat::Int(_) | Pat::And(_) | Pat::Or(_) => {
                unreachable!("settled states have no such test")
            }
        };
        let left = self.carry(&states, place, Outcome::Yes(&test));
        let yes = self.build(left);
        let left = self.carry(&states, place, Outcome::No(&test));
        let no = self.build(left);
        Node::Test { place, test, yes, no }
    }

    /// The states that live on under an outcome, without what it answers.
    fn carry(&mut self, states: &States<'p, S::Ty>, place: PlaceId, outcome: Outcome) -> States<'p, S::Ty> {
        let blunt = self.nodes.len() > LIMIT;
        let mut left = Vec::new();
        for (index, state) in states.iter().enumerate() {
            if blunt && index > 0 {
                left.push(state.clone());
                continue;
            }
            left.extend(self.carry_one(state, place, &outcome));
        }
        left
    }

    fn carry_one(
        &mut self,
        state: &Rc<State<'p, S::Ty>>,
        place: PlaceId,
        outcome: &Outcome,
    ) -> Option<Rc<State<'p, S::Ty>>> {
        let effect = |(at, pat): &(PlaceId, &'p Pat<S::Ty>)| match *at == place {
            true => after(outcome, *pat),
            false => Effect::Open,
        };
        let mut changed = false;
        for test in &state.tests {
            match effect(test) {
                Effect::Refuted => return None,
                Effect::Proved => changed = true,
                Effect::Open => {}
            }
        }
        if !changed {
            return Some(state.clone());
        }
        let mut tests = Vec::new();
        for test in &state.tests {
            match effect(test) {
                Effect::Proved => tests.extend(self.parts(place, test.1)),
                _ => tests.push(*test),
            }
        }
        Some(self.state(state.row, state.guarded, tests, state.binds.clone()))
    }

    /// What a proved pattern asks of the parts.
    fn parts(&mut self, place: PlaceId, pat: &'p Pat<S::Ty>) -> Vec<(PlaceId, &'p Pat<S::Ty>)> {
        match pat {
            Pat::Constructor(con, parts) => {
                self.fields(place, *con, parts).into_iter().zip(parts.iter().map(|p| &p.1)).collect()
            }
            Pat::Prefix(prefix, rest) => vec![(self.rest(place, prefix), rest)],
            Pat::Custom(test, values) => {
                let places = self.yields(place, *test, values);
                places.into_iter().zip(values.iter().map(|v| &v.1)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The places that states mention.
fn needs<T>(states: &States<T>) -> Vec<PlaceId> {
    let tests = states.iter().flat_map(|s| s.tests.iter().map(|t| t.0));
    let binds = states.iter().flat_map(|s| s.binds.iter().map(|b| b.1));
    let mut all: Vec<PlaceId> = tests.chain(binds).collect();
    all.sort_unstable();
    all.dedup();
    all
}
