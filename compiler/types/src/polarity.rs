//! Where rows and variables occur: as outputs, as inputs, or as mailboxes of function types.

use crate::solver::Solver;
use crate::solver::node::{Node, RowId, Shape};
use std::collections::{HashMap, HashSet};

/// Outputs, inputs, or both.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Polarity(u8);

impl Polarity {
    /// Nowhere.
    pub const NONE: Polarity = Polarity(0);
    /// Where values come out.
    pub const POSITIVE: Polarity = Polarity(1);
    /// Where values go in.
    pub const NEGATIVE: Polarity = Polarity(2);
    /// Both.
    pub const BOTH: Polarity = Polarity(3);

    /// Outputs for inputs and the reverse.
    pub fn flipped(self) -> Polarity {
        Polarity((self.0 & 1) << 1 | (self.0 & 2) >> 1)
    }

    fn union(self, other: Polarity) -> Polarity {
        Polarity(self.0 | other.0)
    }

    fn without(self, other: Polarity) -> Polarity {
        Polarity(self.0 & !other.0)
    }
}

/// A type that exists when the program runs: mailboxes of processes, pids asked of the registry.
#[derive(Clone, Copy, Debug)]
pub struct Reified {
    /// The type.
    pub node: Node,
    /// Whether it is as large as it can be (`NEGATIVE`) or as small.
    pub polarity: Polarity,
    /// Whether it is an error when nothing determines it.
    pub must_be_known: bool,
    /// Whether values of it go to other nodes, so that no function may be in them.
    pub travels: bool,
    /// Where.
    pub span: snow_text::Span,
    /// The definition it is in.
    pub function: Option<snow_names::hir::FunctionId>,
}

/// What a walk over types has met.
#[derive(Default)]
pub struct Seen {
    /// Rows.
    pub rows: HashMap<RowId, Polarity>,
    /// Variables.
    pub variables: HashMap<Node, Polarity>,
    /// Rows that are mailboxes of function types.
    pub effects: HashSet<RowId>,
    /// Variables that are.
    pub effect_variables: HashSet<Node>,
}

impl Solver<'_> {
    /// Walks a type that occurs with `polarity`.
    pub fn visit(&self, node: Node, polarity: Polarity, seen: &mut Seen) {
        let node = self.find(node);
        match &self.nodes[node] {
            Shape::Variable(_) | Shape::Rigid(_) => {
                let entry = seen.variables.entry(node).or_default();
                *entry = entry.union(polarity);
            }
            Shape::Constructed(head, args) => {
                for (index, arg) in args.iter().enumerate() {
                    let variance = self.variance_of(*head, index);
                    let positive = if variance.positive { polarity } else { Polarity::NONE };
                    let negative = if variance.negative { polarity.flipped() } else { Polarity::NONE };
                    self.visit(*arg, positive.union(negative), seen);
                }
            }
            Shape::Function(params, mailbox, result) => {
                for param in params {
                    self.visit(*param, polarity.flipped(), seen);
                }
                self.visit(*result, polarity, seen);
                self.visit_effect(*mailbox, seen);
            }
            Shape::Pid(messages) => self.visit(*messages, polarity.flipped(), seen),
            Shape::Tags(row) => self.visit_row(self.find_row(*row), polarity, seen),
            _ => {}
        }
    }

    fn visit_effect(&self, mailbox: Node, seen: &mut Seen) {
        match self.shape(mailbox) {
            Shape::Tags(row) => {
                seen.effects.insert(self.find_row(*row));
            }
            Shape::Variable(_) => {
                seen.effect_variables.insert(self.find(mailbox));
            }
            _ => {}
        }
        self.visit(mailbox, Polarity::BOTH, seen);
    }

    fn visit_row(&self, row: RowId, polarity: Polarity, seen: &mut Seen) {
        if self.rows[row].ground {
            return;
        }
        let entry = seen.rows.entry(row).or_default();
        let new = polarity.without(*entry);
        if new == Polarity::NONE {
            return;
        }
        *entry = entry.union(polarity);
        for arg in self.rows[row].tags.values().flat_map(|t| &t.args) {
            self.visit(*arg, new, seen);
        }
    }

    /// A function that values of a type, or messages to a pid, hold as far as it is written out: what a process receives that is only
    /// named in them is none of it.
    pub fn function_inside(&self, node: Node) -> Option<Node> {
        let node = match self.shape(node) {
            Shape::Pid(messages) => *messages,
            _ => node,
        };
        self.function_below(node, &mut HashSet::new())
    }

    fn function_below(&self, node: Node, rows: &mut HashSet<RowId>) -> Option<Node> {
        match self.shape(node) {
            Shape::Function(..) => Some(node),
            Shape::Constructed(_, args) => args.iter().find_map(|arg| self.function_below(*arg, rows)),
            Shape::Tags(row) => {
                let row = self.find_row(*row);
                let mut payloads = self.rows[row].tags.values().flat_map(|tag| &tag.args);
                if rows.insert(row) { payloads.find_map(|arg| self.function_below(*arg, rows)) } else { None }
            }
            _ => None,
        }
    }

    /// Variables and rows right in a type, not those inside its rows.
    pub fn direct(&self, node: Node, seen: &mut Seen) {
        match self.shape(node) {
            Shape::Variable(_) | Shape::Rigid(_) => {
                seen.variables.insert(self.find(node), Polarity::POSITIVE);
            }
            Shape::Constructed(_, args) => args.iter().for_each(|a| self.direct(*a, seen)),
            Shape::Function(params, mailbox, result) => {
                params.iter().chain([mailbox, result]).for_each(|p| self.direct(*p, seen));
            }
            Shape::Pid(messages) => self.direct(*messages, seen),
            Shape::Tags(row) => {
                let row = self.find_row(*row);
                if !self.rows[row].ground {
                    seen.rows.insert(row, Polarity::POSITIVE);
                }
            }
            _ => {}
        }
    }
}
