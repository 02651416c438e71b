//! Schemes and their instances: quantified parts are copied, kept edges are added again.

use crate::interfaces::Constraint;
use crate::polarity::Reified;
use crate::solver::Solver;
use crate::solver::node::{Node, Origin, RowId, Shape, Tag, Variable};
use snow_text::Symbol;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A generalised type.
#[derive(Clone, Debug, Default)]
pub struct Generic {
    /// What is quantified, in the order that uses give types for: variables, and tagged types that are whole open rows.
    pub params: Vec<Node>,
    /// The type; `None` for things without one.
    pub node: Option<Node>,
    /// What its variables must implement.
    pub constraints: Vec<Constraint>,
    /// Types in it that exist at run time.
    pub reified: Vec<Reified>,
}

/// What has been copied so far.
#[derive(Default)]
pub struct Copies {
    nodes: HashMap<Node, Node>,
    rows: HashMap<RowId, RowId>,
    edges: Vec<(RowId, RowId, Option<BTreeSet<Symbol>>, Origin)>,
}

impl Copies {
    /// Begins with given types for some variables.
    pub fn with(pairs: impl IntoIterator<Item = (Node, Node)>) -> Copies {
        Copies { nodes: pairs.into_iter().collect(), ..Copies::default() }
    }
}

impl Solver<'_> {
    /// A copy of a type with `args` for `params`.
    pub fn substitute(&mut self, node: Node, params: &[Node], args: &[Node]) -> Node {
        if params.is_empty() {
            return node;
        }
        let mut copies = Copies::with(params.iter().copied().zip(args.iter().copied()));
        let node = self.copy(node, &mut copies);
        self.add_edges(&mut copies);
        node
    }

    /// Adds the edges among copied rows.
    pub fn add_edges(&mut self, copies: &mut Copies) {
        while let Some((a, b, except, origin)) = copies.edges.pop() {
            let (a, b) = (self.copy_row(a, copies), self.copy_row(b, copies));
            self.subset(a, b, except, origin);
        }
    }

    /// Copies the quantified parts of a type.
    pub fn copy(&mut self, node: Node, copies: &mut Copies) -> Node {
        let node = self.find(node);
        if let Some(copy) = copies.nodes.get(&node) {
            return *copy;
        }
        match self.nodes[node].clone() {
            Shape::Variable(variable) if variable.general => {
                let copy = self.make(Shape::Variable(Variable { general: false, name: None, ..variable }));
                copies.nodes.insert(node, copy);
                copy
            }
            Shape::Constructed(head, args) if !args.is_empty() => {
                let new = self.copy_all(&args, copies);
                if new == args { node } else { self.make(Shape::Constructed(head, new)) }
            }
            Shape::Function(params, mailbox, result) => {
                let new = self.copy_all(&params, copies);
                let (e, r) = (self.copy(mailbox, copies), self.copy(result, copies));
                let same = new == params && e == mailbox && r == result;
                if same { node } else { self.make(Shape::Function(new, e, r)) }
            }
            Shape::Pid(messages) => {
                let new = self.copy(messages, copies);
                if new == messages { node } else { self.make(Shape::Pid(new)) }
            }
            Shape::Tags(row) => {
                let new = self.copy_row(row, copies);
                if new == self.find_row(row) { node } else { self.make(Shape::Tags(new)) }
            }
            _ => node,
        }
    }

    /// Copies several types.
    pub fn copy_all(&mut self, nodes: &[Node], copies: &mut Copies) -> Vec<Node> {
        nodes.iter().map(|n| self.copy(*n, copies)).collect()
    }

    fn copy_row(&mut self, row: RowId, copies: &mut Copies) -> RowId {
        let row = self.find_row(row);
        if self.rows[row].ground {
            return row;
        }
        if let Some(copy) = copies.rows.get(&row) {
            return *copy;
        }
        let old = self.rows[row].clone();
        if !old.general && old.closed.is_none() {
            // Of a component that is still being inferred.
            return row;
        }
        let copy = self.row(old.origin);
        copies.rows.insert(row, copy);
        let mut tags = BTreeMap::new();
        for (name, tag) in old.tags {
            let args = self.copy_all(&tag.args, copies);
            tags.insert(name, Tag { args, origin: tag.origin });
        }
        let new = &mut self.rows[copy];
        (new.tags, new.closed, new.mailbox, new.catch_all) = (tags, old.closed, old.mailbox, old.catch_all);
        if old.general {
            copies.edges.extend(old.supers.into_iter().map(|e| (row, e.to, e.except, e.origin)));
            copies.edges.extend(old.subs.into_iter().map(|e| (e.to, row, e.except, e.origin)));
        }
        copy
    }
}
