//! Generalisation of one component: rows close by polarity, what is left open is quantified.
//!
//! Mailboxes close at the union of their receive arms, inputs at what their users allow, outputs at what is produced. Then demands
//! are checked. The order of the steps matters; each is a function below, called by [`Generalise::close`] and [`Generalise::quantify`].

mod bounds;
mod ground;

use crate::polarity::{Polarity, Reified, Seen};
use crate::solver::Solver;
use crate::solver::node::{Closed, Node, Origin, Row, RowId, Shape, Variable};
use snow_names::hir::FunctionId;
use snow_text::{Id, Symbol};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A definition of the component.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Which.
    pub function: FunctionId,
    /// Its type.
    pub node: Node,
    /// Whether its mailbox closes here: actors and `main`.
    pub actor: bool,
    /// Where.
    pub origin: Origin,
}

/// One generalisation at work.
pub struct Generalise<'s, 'p> {
    pub(crate) solver: &'s mut Solver<'p>,
    /// The component.
    pub definitions: &'s [Definition],
    /// Types that exist at run time.
    pub reified: &'s [Reified],
    /// Variables of definitions around that are still being inferred.
    pub borrowed: Seen,
    fresh: Vec<RowId>,
    meets: HashMap<Vec<RowId>, RowId>,
    seen: Seen,
    /// Rows that a caller can still add to.
    outer_rows: HashSet<RowId>,
    /// Rows that stay open.
    pub open: HashSet<RowId>,
    /// Rows that open ones flow into.
    above: HashSet<RowId>,
}

impl<'s, 'p> Generalise<'s, 'p> {
    /// Begins: `first` is the first row made for this component.
    pub fn new(
        solver: &'s mut Solver<'p>,
        definitions: &'s [Definition],
        reified: &'s [Reified],
        first: RowId,
        borrowed: Seen,
    ) -> Generalise<'s, 'p> {
        let fresh = (first.index()..solver.rows.len())
            .map(RowId::from_index)
            .filter(|r| {
                solver.rows[*r].link.is_none() && !solver.rows[*r].done && !borrowed.rows.contains_key(r)
            })
            .collect();
        Generalise {
            solver,
            definitions,
            reified,
            borrowed,
            fresh,
            meets: HashMap::new(),
            seen: Seen::default(),
            outer_rows: HashSet::new(),
            open: HashSet::new(),
            above: HashSet::new(),
        }
    }

    /// Closes every row that can be closed, and reports unmet demands.
    pub fn close(&mut self, spawned: &[(Node, Origin)]) {
        self.unify_unknown_pids();
        self.close_mailboxes(spawned);
        self.link_inputs();
        self.decide_open();
    }

    /// Quantifies what is left.
    pub fn quantify(&mut self, used: &dyn Fn(&Solver) -> HashSet<RowId>) {
        self.absorb_internal(used);
        self.keep_edges();
        self.quantify_variables();
        self.find_ground();
        for row in &self.fresh {
            self.solver.rows[*row].done = true;
        }
    }

    fn is_fresh(&self, row: RowId) -> bool {
        self.fresh.binary_search(&row).is_ok()
    }

    /// Pids whose messages are unknown on both sides have one type.
    fn unify_unknown_pids(&mut self) {
        for (a, b, origin) in std::mem::take(&mut self.solver.deferred) {
            if self.solver.is_variable(a) && self.solver.is_variable(b) {
                self.solver.unify(a, b, origin);
            }
        }
    }

    /// Walks all types of the component.
    fn visit_definitions(&self) -> Seen {
        let mut seen = Seen::default();
        for definition in self.definitions {
            match self.solver.shape(definition.node) {
                Shape::Function(params, mailbox, _) if definition.actor => {
                    for node in params.iter().chain([mailbox]) {
                        self.solver.visit(*node, Polarity::NEGATIVE, &mut seen);
                    }
                }
                _ => self.solver.visit(definition.node, Polarity::POSITIVE, &mut seen),
            }
        }
        for reified in self.reified {
            self.solver.visit(reified.node, reified.polarity, &mut seen);
        }
        seen.rows.retain(|row, _| !self.borrowed.rows.contains_key(row));
        seen.variables.retain(|node, _| !self.borrowed.variables.contains_key(node));
        seen
    }

    /// What parameters, and the own mailboxes of functions, reach: a caller can still add to it.
    fn visit_outside(&mut self) -> Seen {
        let mut outer = Seen::default();
        for definition in self.definitions {
            let Some((params, mailbox, _)) = self.solver.function(definition.node) else { continue };
            for param in params {
                self.solver.visit(param, Polarity::NEGATIVE, &mut outer);
            }
            if !definition.actor {
                let alone = self.solver.make(Shape::Function(Vec::new(), mailbox, mailbox));
                self.solver.visit(alone, Polarity::POSITIVE, &mut outer);
            }
        }
        outer.rows.extend(self.borrowed.rows.iter().map(|(r, p)| (*r, *p)));
        outer.variables.extend(self.borrowed.variables.iter().map(|(n, p)| (*n, *p)));
        outer.effects.extend(self.borrowed.effects.iter().copied());
        outer
    }

    // ---- mailboxes

    fn close_mailboxes(&mut self, spawned: &[(Node, Origin)]) {
        let mut outer = self.visit_outside();
        for definition in self.definitions.iter().filter(|d| d.actor) {
            self.close_actor(*definition, &outer);
        }
        let all = self.visit_definitions();
        outer.effects.extend(all.effects.iter().copied());
        for (mailbox, origin) in spawned {
            self.close_spawned(*mailbox, *origin, &outer, &all);
        }
        // Processes started by functions called here.
        for index in 0..self.fresh.len() {
            let row = self.fresh[index];
            let data = &self.solver.rows[row];
            if data.link.is_none() && data.mailbox && data.closed.is_none() {
                let origin = data.origin;
                self.shut(row, Closed::Process(origin), &outer);
            }
        }
        self.outer_rows = outer.rows.keys().copied().collect();
    }

    fn close_actor(&mut self, definition: Definition, outer: &Seen) {
        let Some((_, mailbox, _)) = self.solver.function(definition.node) else { return };
        if let Shape::Variable(variable) = *self.solver.shape(mailbox)
            && !variable.catch_all
            && !outer.variables.contains_key(&self.solver.find(mailbox))
        {
            self.give_empty_row(mailbox, definition.origin);
        }
        if let Some(row) = self.solver.row_of(mailbox) {
            self.shut(row, Closed::Actor(definition.function), outer);
        }
    }

    fn give_empty_row(&mut self, mailbox: Node, origin: Origin) -> RowId {
        let row = self.solver.row(origin);
        self.solver.rows[row].mailbox = true;
        let node = self.solver.make(Shape::Tags(row));
        self.solver.unify(mailbox, node, origin);
        row
    }

    fn close_spawned(&mut self, mailbox: Node, origin: Origin, outer: &Seen, all: &Seen) {
        let root = self.solver.find(mailbox);
        match *self.solver.shape(mailbox) {
            Shape::Tags(row) => {
                let row = self.solver.find_row(row);
                self.shut(row, Closed::Process(origin), outer);
            }
            Shape::Variable(variable)
                if !variable.catch_all
                    && !outer.variables.contains_key(&root)
                    && !all.effect_variables.contains(&root) =>
            {
                let row = self.give_empty_row(mailbox, origin);
                self.solver.close(row, Closed::Process(origin));
            }
            _ => {}
        }
    }

    fn shut(&mut self, row: RowId, why: Closed, outer: &Seen) {
        let (closed, catch_all) = (self.solver.rows[row].closed.is_some(), self.solver.rows[row].catch_all);
        if closed || outer.effects.contains(&row) || (catch_all && outer.rows.contains_key(&row)) {
            return;
        }
        if catch_all && !self.handle_what_users_handle(row) {
            return;
        }
        self.solver.close(row, why);
    }

    /// A variable arm handles what the code handles to which its message goes. Whether the row closes.
    fn handle_what_users_handle(&mut self, row: RowId) -> bool {
        let solver = &*self.solver;
        let ups = self.walk(row, &|u| solver.rows[u].closed.is_some());
        let ups: Vec<RowId> = ups.into_iter().map(|u| u.0).collect();
        if ups.is_empty() {
            // It handles anything: the actor is generic in its mailbox.
            return !self.solver.rows[row].tags.is_empty();
        }
        let up = if ups.len() == 1 { ups[0] } else { self.meet(&ups, row) };
        for (name, tag) in self.solver.rows[up].tags.clone() {
            if !self.solver.rows[row].tags.contains_key(&name) {
                self.solver.add_tag(row, name, tag.args, tag.origin);
            }
        }
        true
    }

    // ---- inputs

    /// Inputs are as large as their users allow: an open input becomes the meet of its upper bounds.
    fn link_inputs(&mut self) {
        loop {
            self.seen = self.visit_definitions();
            let mut again = false;
            for row in self.rows_of(Polarity::NEGATIVE) {
                again |= self.link_input(row, true);
            }
            if !again && self.definitions.iter().any(|d| d.actor) {
                // Between two bounds, in an actor's messages but not in its parameters: the larger one.
                for row in self.rows_of(Polarity::BOTH) {
                    if !self.outer_rows.contains(&row) {
                        again |= self.link_input(row, false);
                    }
                }
            }
            if !again {
                break;
            }
        }
    }

    fn rows_of(&self, polarity: Polarity) -> Vec<RowId> {
        let mut rows: Vec<RowId> =
            self.seen.rows.iter().filter(|(_, p)| **p == polarity).map(|(r, _)| *r).collect();
        rows.sort();
        rows
    }

    fn link_input(&mut self, row: RowId, to_open: bool) -> bool {
        let data = &self.solver.rows[row];
        if data.link.is_some() || data.closed.is_some() || data.mailbox || data.done {
            return false;
        }
        let solver = &*self.solver;
        let live = |u: RowId| {
            let data = &solver.rows[u];
            data.closed.is_some() || !data.tags.is_empty() || self.seen.rows.contains_key(&u)
        };
        let ups = self.walk(row, &live);
        let mut closed = Vec::new();
        for (up, except) in &ups {
            if self.solver.rows[*up].closed.is_some() {
                closed.push(self.widen(*up, except, &ups));
            }
        }
        let up = match (ups.len(), closed.len()) {
            (1, 0) if to_open && ups[0].1.is_empty() => ups[0].0,
            (_, 1) => closed[0],
            (_, 0) => return false,
            _ => self.meet(&closed, row),
        };
        self.link_row(row, up);
        true
    }

    /// `row` becomes `up`.
    fn link_row(&mut self, row: RowId, up: RowId) {
        let origin = self.solver.rows[row].origin;
        let old = std::mem::replace(&mut self.solver.rows[row], Row::linked(up, origin));
        for edge in old.subs {
            if self.solver.find_row(edge.to) != up {
                self.solver.subset(edge.to, up, edge.except, edge.origin);
            }
        }
        // Users that only look see all that there can be.
        for edge in old.supers {
            let to = self.solver.find_row(edge.to);
            if to != up && self.solver.rows[to].closed.is_none() && !self.solver.rows[to].tags.is_empty() {
                self.solver.subset(up, to, edge.except, edge.origin);
            }
        }
    }

    // ---- what stays open

    fn decide_open(&mut self) {
        self.seen = self.visit_definitions();
        let solver = &*self.solver;
        let stays = |row: &RowId, polarity: &Polarity| {
            let data = &solver.rows[*row];
            data.closed.is_none() && !data.done && (data.mailbox || *polarity != Polarity::POSITIVE)
        };
        let mut open: HashSet<RowId> =
            self.seen.rows.iter().filter(|(r, p)| stays(r, p)).map(|(r, _)| *r).collect();
        let mut above = open.clone();
        let mut todo: Vec<RowId> = open.iter().copied().collect();
        while let Some(row) = todo.pop() {
            for edge in &self.solver.rows[row].supers {
                let up = self.solver.find_row(edge.to);
                if above.insert(up) {
                    todo.push(up);
                }
            }
        }
        for row in self.seen.rows.keys() {
            let data = &self.solver.rows[*row];
            if data.closed.is_none() && !data.done && above.contains(row) {
                open.insert(*row);
            }
        }
        for row in &self.fresh {
            let data = &mut self.solver.rows[*row];
            if data.link.is_none() && data.closed.is_none() && !open.contains(row) && !above.contains(row) {
                data.closed = Some(Closed::Known);
            }
        }
        self.open = open;
        self.above = above;
    }

    fn quantify_variables(&mut self) {
        let keys: Vec<Node> = self.seen.variables.keys().copied().collect();
        let mut bounds = Seen::default();
        for row in self.open.clone() {
            self.solver.rows[row].general = true;
            let (supers, subs) = self.solver.edges_of(row);
            for edge in supers.iter().chain(&subs) {
                let other = self.solver.find_row(edge.to);
                for arg in self.solver.rows[other].tags.values().flat_map(|t| t.args.clone()) {
                    self.solver.visit(arg, Polarity::POSITIVE, &mut bounds);
                }
            }
            for arg in self.solver.rows[row].tags.values().flat_map(|t| t.args.clone()) {
                self.solver.visit(arg, Polarity::POSITIVE, &mut bounds);
            }
        }
        for node in keys.into_iter().chain(bounds.variables.keys().copied()) {
            if self.borrowed.variables.contains_key(&node) {
                continue;
            }
            match &mut self.solver.nodes[node] {
                Shape::Variable(variable) => variable.general = true,
                Shape::Rigid(name) => {
                    let name = Some(*name);
                    self.solver.nodes[node] =
                        Shape::Variable(Variable { general: true, name, ..Variable::default() });
                }
                _ => {}
            }
        }
        self.seen.rows.extend(bounds.rows);
    }

    /// The nearest rows above `row` that stay (by `keep`), with the tags that need not fit them; walks through the others.
    fn walk(&self, row: RowId, keep: &dyn Fn(RowId) -> bool) -> Vec<(RowId, BTreeSet<Symbol>)> {
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        let mut todo = vec![(row, BTreeSet::new())];
        while let Some((at, except)) = todo.pop() {
            for edge in &self.solver.rows[at].supers {
                let up = self.solver.find_row(edge.to);
                if up == row || !seen.insert(up) {
                    continue;
                }
                let mut except: BTreeSet<Symbol> = except.clone();
                except.extend(edge.except.iter().flatten().copied());
                if keep(up) {
                    found.push((up, except));
                } else {
                    todo.push((up, except));
                }
            }
        }
        found.sort();
        found
    }
}
