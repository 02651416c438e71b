//! Rows: subset edges, the flow of tags along them, merging and closing.
//!
//! Value rows grow: `ρ ⊆ ρ'` copies the tags of ρ into ρ'. Mailbox rows get tags from receive arms only; what flows into them is a
//! demand, checked when they close, and payload by payload as soon as both sides have the tag.

use super::node::{Closed, Edge, Node, Origin, Reason, Row, RowId, Shape, Tag};
use super::{Solver, Work};
use crate::explain;
use snow_text::Symbol;
use std::collections::BTreeSet;

/// Whether an edge leaves this tag out.
fn excepts(edge: &Option<BTreeSet<Symbol>>, name: Symbol) -> bool {
    edge.as_ref().is_some_and(|except| except.contains(&name))
}

impl Solver<'_> {
    /// Everything in `a`, but for `except`, may be in `b`.
    pub fn subset(&mut self, a: RowId, b: RowId, except: Option<BTreeSet<Symbol>>, origin: Origin) {
        self.edge(a, b, except, origin);
        self.solve();
    }

    /// Puts a tag into a row.
    pub fn add_tag(&mut self, row: RowId, name: Symbol, args: Vec<Node>, origin: Origin) {
        let row = self.find_row(row);
        match self.rows[row].tags.get(&name).cloned() {
            Some(old) if old.args.len() != args.len() => {
                return self.payload_count(row, name, &old, &Tag { args, origin });
            }
            Some(old) => {
                for (x, y) in old.args.into_iter().zip(args) {
                    self.work.push(Work::Unify(x, y, origin));
                }
            }
            None => self.insert(row, name, Tag { args, origin }),
        }
        self.solve();
    }

    pub(super) fn edge(&mut self, a: RowId, b: RowId, except: Option<BTreeSet<Symbol>>, origin: Origin) {
        let (a, b) = (self.find_row(a), self.find_row(b));
        if a == b || (except.is_none() && !self.edges.insert((a, b))) {
            return;
        }
        for (name, tag) in self.rows[a].tags.clone() {
            if !excepts(&except, name) {
                self.work.push(Work::Flow(name, tag, b, origin));
            }
        }
        self.rows[b].subs.push(Edge { to: a, except: except.clone(), origin });
        self.rows[a].supers.push(Edge { to: b, except, origin });
    }

    pub(super) fn flow(&mut self, name: Symbol, tag: Tag, to: RowId, origin: Origin) {
        let to = self.find_row(to);
        if let Some(have) = self.rows[to].tags.get(&name).cloned() {
            if have.args.len() != tag.args.len() {
                return self.payload_count(to, name, &have, &tag);
            }
            for (p, q) in tag.args.iter().zip(&have.args) {
                // What a payload leads to comes from where it was built; where it was handed over is for messages.
                let reason = Reason::Payload(name, to, origin.span);
                self.work.push(Work::Subsume(*p, *q, tag.origin.because(reason)));
            }
        } else if self.rows[to].closed.is_some() {
            self.unhandled(name, &tag, to, origin);
        } else if !self.rows[to].mailbox {
            self.insert(to, name, tag);
        }
    }

    fn insert(&mut self, row: RowId, name: Symbol, tag: Tag) {
        if self.rows[row].closed.is_some() {
            return self.unhandled(name, &tag, row, tag.origin);
        }
        let (supers, subs) = self.edges_of(row);
        self.rows[row].tags.insert(name, tag.clone());
        for edge in supers.into_iter().filter(|e| !excepts(&e.except, name)) {
            self.work.push(Work::Flow(name, tag.clone(), edge.to, edge.origin));
        }
        if !self.rows[row].mailbox {
            return;
        }
        // What was demanded before the receive was seen.
        for edge in subs.into_iter().filter(|e| !excepts(&e.except, name)) {
            let from = self.find_row(edge.to);
            if let Some(demand) = self.rows[from].tags.get(&name).cloned() {
                self.work.push(Work::Flow(name, demand, row, edge.origin));
            }
        }
    }

    /// A row turns out to be a mailbox: what was asked of it so far is asked, not handled.
    pub(super) fn become_mailbox(&mut self, row: RowId, catch_all: bool, at: Origin) {
        let row = self.find_row(row);
        self.rows[row].catch_all |= catch_all;
        if self.rows[row].mailbox {
            return;
        }
        self.rows[row].mailbox = true;
        if self.rows[row].closed.is_none() && !self.rows[row].tags.is_empty() {
            let tags = std::mem::take(&mut self.rows[row].tags);
            let demand = self.row(at);
            self.rows[demand].tags = tags;
            self.edge(demand, row, None, at);
        }
    }

    pub(super) fn merge(&mut self, a: RowId, b: RowId, origin: Origin) {
        let (mut a, mut b) = (self.find_row(a), self.find_row(b));
        if a == b {
            return;
        }
        if self.rows[b].closed.is_some() {
            std::mem::swap(&mut a, &mut b);
        }
        if self.rows[b].closed.is_some() {
            return self.compare_closed(a, b, origin);
        }
        let at = self.rows[b].origin;
        let old = std::mem::replace(&mut self.rows[b], Row::linked(a, at));
        let was = self.rows[a].mailbox;
        if old.mailbox {
            self.become_mailbox(a, old.catch_all, origin);
        }
        for e in old.supers {
            self.edge(a, e.to, e.except, e.origin);
        }
        for e in old.subs {
            self.edge(e.to, a, e.except, e.origin);
        }
        // Last, and so solved first: what the rows disagree about is a better story than what flows in.
        if was && !old.mailbox && !old.tags.is_empty() {
            let demand = self.row(origin);
            self.rows[demand].tags = old.tags;
            self.edge(demand, a, None, origin);
        } else {
            for (name, tag) in old.tags {
                self.merge_tag(a, name, tag, origin);
            }
        }
    }

    fn merge_tag(&mut self, row: RowId, name: Symbol, tag: Tag, origin: Origin) {
        let Some(have) = self.rows[row].tags.get(&name).cloned() else {
            return self.insert(row, name, tag);
        };
        if have.args.len() != tag.args.len() {
            return self.payload_count(row, name, &have, &tag);
        }
        let origin =
            if self.rows[row].mailbox { origin.because(Reason::Received(name, row)) } else { origin };
        for (p, q) in have.args.into_iter().zip(tag.args) {
            self.work.push(Work::Unify(p, q, origin));
        }
    }

    /// Two closed rows must be one type, and neither may change.
    fn compare_closed(&mut self, a: RowId, b: RowId, origin: Origin) {
        let (x, y) = (self.rows[a].tags.clone(), self.rows[b].tags.clone());
        for (name, tag) in x.iter().filter(|(n, _)| !y.contains_key(n)) {
            self.unhandled(*name, tag, b, origin);
        }
        for (name, tag) in y.iter().filter(|(n, _)| !x.contains_key(n)) {
            self.unhandled(*name, tag, a, origin);
        }
        if x.keys().ne(y.keys()) || !self.same.insert((a.min(b), a.max(b))) {
            return;
        }
        for (name, tag) in x {
            for (p, q) in tag.args.into_iter().zip(y[&name].args.clone()) {
                self.work.push(Work::Unify(p, q, origin));
            }
        }
    }

    /// No more tags; demands that are not met are reported.
    pub fn close(&mut self, row: RowId, why: Closed) {
        let row = self.find_row(row);
        if self.rows[row].closed.is_some() {
            return;
        }
        self.rows[row].closed = Some(why);
        for edge in self.rows[row].subs.clone() {
            let from = self.find_row(edge.to);
            if from == row {
                continue;
            }
            for (name, tag) in self.rows[from].tags.clone() {
                if !self.rows[row].tags.contains_key(&name) && !excepts(&edge.except, name) {
                    self.unhandled(name, &tag, row, edge.origin);
                }
            }
        }
        self.solve();
    }

    /// A closed row that may be shared by all instances: everything in it is known.
    pub fn settle(&mut self, node: Node) {
        let mut rows = Vec::new();
        if self.is_settled(node, &mut rows) {
            for row in rows {
                self.rows[row].ground = true;
            }
        }
    }

    fn is_settled(&self, node: Node, rows: &mut Vec<RowId>) -> bool {
        match self.shape(node) {
            Shape::Variable(_) | Shape::Rigid(_) => false,
            Shape::Constructed(_, args) => args.iter().all(|a| self.is_settled(*a, rows)),
            Shape::Function(params, mailbox, result) => {
                params.iter().chain([mailbox, result]).all(|p| self.is_settled(*p, rows))
            }
            Shape::Pid(messages) => self.is_settled(*messages, rows),
            Shape::Tags(row) => {
                let row = self.find_row(*row);
                if self.rows[row].ground || rows.contains(&row) {
                    return true;
                }
                rows.push(row);
                let args: Vec<Node> = self.rows[row].tags.values().flat_map(|t| t.args.clone()).collect();
                self.rows[row].closed.is_some() && args.into_iter().all(|a| self.is_settled(a, rows))
            }
            _ => true,
        }
    }

    fn payload_count(&mut self, row: RowId, name: Symbol, have: &Tag, found: &Tag) {
        if self.first_report(row, name, found.origin.span) {
            let problem = explain::messages::payload_count(self, name, row, have, found);
            self.report(problem);
        }
    }

    fn unhandled(&mut self, name: Symbol, tag: &Tag, row: RowId, origin: Origin) {
        if self.first_report(row, name, tag.origin.span) {
            let problem = explain::messages::unhandled(self, name, tag, row, origin);
            self.report(problem);
        }
    }
}
