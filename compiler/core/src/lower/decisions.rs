//! Decisions as core: dispatch by switches, other tests by conditions, nodes that several paths reach as joins.
//!
//! Parts are read where something first asks for them on a path, so a part that only one arm looks at is read in that arm only.

use super::Body;
use super::matching::Fallback;
use super::patterns::CustomTest;
use crate::decision::{Con, Decision, Node, NodeId, PlaceId, PlaceOrigin, Test};
use crate::ir::{Expr, ExprKind, Join, Key, Shape, Var};
use snow_abi::failure::Failure;
use snow_names::hir::{self, LocalId};
use snow_text::Span;
use snow_types::ty::{Ty, TyNode};
use std::collections::HashMap;

/// A match under way.
pub(crate) struct Match<'h> {
    /// What is decided.
    pub decision: Decision<Ty>,
    /// Tests by their numbers.
    pub tests: Vec<CustomTest<'h>>,
    /// The arm of each row.
    pub arm_of: Vec<usize>,
    /// The guard of each arm.
    pub guards: Vec<Option<&'h hir::Expr>>,
    /// The join of each arm and the names that are its parameters.
    pub joins: Vec<(Join, Vec<LocalId>)>,
    /// Where values go that nothing matches.
    pub fallback: Fallback,
    /// The whole match.
    pub span: Span,
}

/// The places that are in variables, at some point of the decision.
#[derive(Clone, Default)]
pub(crate) struct Outlook {
    known: HashMap<PlaceId, Var>,
}

impl Outlook {
    /// The scrutinees are.
    pub fn new(vars: &[Var]) -> Outlook {
        Outlook { known: vars.iter().enumerate().map(|(i, v)| (PlaceId(i as u32), *v)).collect() }
    }
}

/// Variables to bind in front of an expression, in order.
type Bindings = Vec<(Var, Expr)>;

/// Nodes that several paths reach: their joins, and the places that are their parameters.
type Shared = HashMap<NodeId, (Join, Vec<PlaceId>)>;

impl Body<'_, '_> {
    /// The whole decision.
    pub fn decision(&mut self, m: &Match, roots: Outlook) -> Expr {
        let shared = self.shared_nodes(&m.decision);
        let mut result = self.node(m, &shared, m.decision.root, roots.clone());
        // Children come first and are reached from their parents: their joins are the outer ones.
        let mut order: Vec<NodeId> = shared.keys().copied().collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        for id in order {
            let (join, places) = &shared[&id];
            let mut outlook = roots.clone();
            let mut params = Vec::new();
            for place in places {
                let var = self.var(m.decision.place(*place).ty);
                outlook.known.insert(*place, var);
                params.push(var);
            }
            let body = Box::new(self.expand(m, &shared, id, outlook));
            let kind = ExprKind::Join { join: *join, params, recursive: false, body, rest: Box::new(result) };
            result = self.diverging(kind, m.span);
        }
        result
    }

    /// Leaves without guards are jumps already.
    fn shared_nodes(&mut self, decision: &Decision<Ty>) -> Shared {
        let mut parents = vec![0; decision.nodes.len()];
        for node in &decision.nodes {
            node.children().for_each(|child| parents[child.0 as usize] += 1);
        }
        let mut shared = Shared::new();
        for (index, node) in decision.nodes.iter().enumerate() {
            let small = matches!(node, Node::Fail | Node::Leaf { otherwise: None, .. });
            if parents[index] > 1 && !small {
                let inputs = decision.inputs[index].iter().copied();
                let parts = inputs.filter(|p| !matches!(decision.place(*p).origin, PlaceOrigin::Root(_)));
                shared.insert(NodeId(index as u32), (self.join(), parts.collect()));
            }
        }
        shared
    }

    fn node(&mut self, m: &Match, shared: &Shared, id: NodeId, mut outlook: Outlook) -> Expr {
        let Some((join, places)) = shared.get(&id) else { return self.expand(m, shared, id, outlook) };
        let mut bindings = Bindings::new();
        let args = places
            .iter()
            .map(|place| {
                let var = self.find_place(m, *place, &mut outlook, &mut bindings);
                self.get(var, m.span)
            })
            .collect();
        let jump = self.diverging(ExprKind::Jump(*join, args), m.span);
        self.bind_all(bindings, jump)
    }

    fn expand(&mut self, m: &Match, shared: &Shared, id: NodeId, mut outlook: Outlook) -> Expr {
        let mut bindings = Bindings::new();
        let result = match m.decision.node(id) {
            Node::Fail => self.no_match(m),
            Node::Leaf { row, binds, otherwise } => {
                let mut found = HashMap::new();
                for (name, place) in binds {
                    let var = self.find_place(m, *place, &mut outlook, &mut bindings);
                    found.insert(LocalId(*name), var);
                }
                let otherwise = otherwise.map(|next| (next, outlook));
                self.leaf(m, shared, (m.arm_of[*row], found), otherwise)
            }
            Node::Switch { place, cases, default } => {
                let subject = self.find_place(m, *place, &mut outlook, &mut bindings);
                let cases = cases
                    .iter()
                    .map(|(con, next)| (key(*con), self.node(m, shared, *next, outlook.clone())))
                    .collect();
                let default = default.map(|next| Box::new(self.node(m, shared, next, outlook)));
                self.diverging(ExprKind::Switch { subject, cases, default }, m.span)
            }
            Node::Test { place, test, yes, no } => {
                let subject = self.find_place(m, *place, &mut outlook, &mut bindings);
                if let Test::Custom(number) = test
                    && let CustomTest::Key(key) = m.tests[*number as usize]
                {
                    self.key_test(m, shared, (subject, *place, *number, key), [*yes, *no], outlook)
                } else {
                    let holds = self.holds(m, subject, test);
                    let yes = Box::new(self.node(m, shared, *yes, outlook.clone()));
                    let no = Box::new(self.node(m, shared, *no, outlook));
                    self.diverging(ExprKind::If(Box::new(holds), yes, no), m.span)
                }
            }
        };
        self.bind_all(bindings, result)
    }

    fn no_match(&mut self, m: &Match) -> Expr {
        let kind = match m.fallback {
            Fallback::Unreachable => ExprKind::Fail(Failure::NoMatch, vec![]),
            Fallback::Retry => ExprKind::Retry,
            Fallback::Jump(join) => ExprKind::Jump(join, vec![]),
        };
        self.diverging(kind, m.span)
    }

    /// An arm's patterns match: its guard decides, then its body.
    fn leaf(
        &mut self,
        m: &Match,
        shared: &Shared,
        (arm, found): (usize, HashMap<LocalId, Var>),
        otherwise: Option<(NodeId, Outlook)>,
    ) -> Expr {
        let (join, names) = &m.joins[arm];
        let args = names.iter().map(|name| self.get(found[name], m.span)).collect();
        let mut jump = self.diverging(ExprKind::Jump(*join, args), m.span);
        if matches!(m.fallback, Fallback::Retry) {
            let unit = self.l.unit();
            let accepted = self.var(unit);
            jump = self.bind(accepted, Expr { kind: ExprKind::Accept, ty: unit, span: m.span }, jump);
        }
        let (Some(guard), Some((next, outlook))) = (m.guards[arm], otherwise) else { return jump };
        self.locals.extend(found);
        let guard = Box::new(self.expr(guard));
        let otherwise = Box::new(self.node(m, shared, next, outlook));
        self.diverging(ExprKind::If(guard, Box::new(jump), otherwise), m.span)
    }

    /// The key is looked up once; its value is a place of its own.
    fn key_test(
        &mut self,
        m: &Match,
        shared: &Shared,
        (map, place, test, key): (Var, PlaceId, u32, &hir::Expr),
        [yes, no]: [NodeId; 2],
        outlook: Outlook,
    ) -> Expr {
        let origin = PlaceOrigin::Yield { of: place, test, index: 0 };
        let value = m.decision.find(&origin).expect("the look-up of a key yields its value");
        let ty = m.decision.place(value).ty;
        let (found, look) = self.map_find(map, key, ty, m.span);
        let none = self.node(m, shared, no, outlook.clone());
        let mut outlook = outlook;
        let var = self.var(ty);
        outlook.known.insert(value, var);
        let some = self.node(m, shared, yes, outlook);
        let part = self.project(found, Shape::Variant(self.l.known.option, 1), 0, ty, m.span);
        let some = self.bind(var, part, some);
        let cases = vec![(Key::Variant(0), none), (Key::Variant(1), some)];
        let switch = self.diverging(ExprKind::Switch { subject: found, cases, default: None }, m.span);
        self.bind(found, look, switch)
    }

    fn holds(&mut self, m: &Match, subject: Var, test: &Test) -> Expr {
        match test {
            Test::Custom(number) => match m.tests[*number as usize] {
                CustomTest::Pin(value) => self.pinned(subject, value, m.span),
                CustomTest::Key(_) => unreachable!("keys are looked up"),
            },
            _ => self.test(subject, test, m.span),
        }
    }

    /// The variable of a place; it and what it is part of are read into new variables where they are in none.
    fn find_place(
        &mut self,
        m: &Match,
        place: PlaceId,
        outlook: &mut Outlook,
        bindings: &mut Bindings,
    ) -> Var {
        if let Some(var) = outlook.known.get(&place) {
            return *var;
        }
        let ty = m.decision.place(place).ty;
        let value = match &m.decision.place(place).origin {
            PlaceOrigin::Field { of, con, index } => {
                let object = self.find_place(m, *of, outlook, bindings);
                let shape = self.shape_of(object, *con);
                self.project(object, shape, *index as u32, ty, m.span)
            }
            PlaceOrigin::Rest { of, prefix } => {
                let text = self.find_place(m, *of, outlook, bindings);
                self.after_prefix(text, prefix, m.span)
            }
            PlaceOrigin::Root(_) | PlaceOrigin::Yield { .. } => {
                unreachable!("scrutinees and values of keys are in variables")
            }
        };
        let var = self.var(ty);
        outlook.known.insert(place, var);
        bindings.push((var, value));
        var
    }

    fn shape_of(&self, object: Var, con: Con) -> Shape {
        match (con, self.l.typed.store.get(self.vars[object])) {
            (Con::Tag(name), _) => Shape::Tag(name),
            (Con::Variant(index), TyNode::Named(def, _)) => Shape::Variant(*def, index),
            (Con::Tuple, TyNode::Named(def, _)) => Shape::Struct(*def),
            (Con::Tuple, _) => Shape::Tuple,
            (con, ty) => unreachable!("{ty:?} has no fields under {con:?}"),
        }
    }

    fn bind_all(&self, bindings: Bindings, body: Expr) -> Expr {
        bindings.into_iter().rev().fold(body, |body, (var, value)| self.bind(var, value, body))
    }
}

fn key(con: Con) -> Key {
    match con {
        Con::Variant(index) => Key::Variant(index),
        Con::Tag(name) => Key::Tag(name),
        Con::Bool(b) => Key::Int(b as i64),
        Con::Int(n) => Key::Int(n),
        Con::Tuple => unreachable!("the only constructor is not switched on"),
    }
}
