//! Bounds of rows: meets of upper bounds, internal rows, and the edges that schemes keep.

use super::Generalise;
use crate::solver::Solver;
use crate::solver::node::{Closed, Edge, Node, Origin, RowId, Tag};
use snow_text::Symbol;
use std::collections::{BTreeMap, BTreeSet, HashSet};

type Kept = (RowId, RowId, Option<BTreeSet<Symbol>>, Origin);

impl Generalise<'_, '_> {
    /// A closed upper bound widened by the tags that an earlier arm took.
    pub(super) fn widen(
        &mut self,
        up: RowId,
        except: &BTreeSet<Symbol>,
        ups: &[(RowId, BTreeSet<Symbol>)],
    ) -> RowId {
        let missing: Vec<Symbol> =
            except.iter().copied().filter(|t| !self.solver.rows[up].tags.contains_key(t)).collect();
        if missing.is_empty() {
            return up;
        }
        let mut tags = self.solver.rows[up].tags.clone();
        for name in missing {
            if let Some(tag) = ups.iter().find_map(|(v, _)| self.solver.rows[*v].tags.get(&name)) {
                tags.insert(name, tag.clone());
            }
        }
        let row = self.solver.row(self.solver.rows[up].origin);
        self.solver.rows[row].tags = tags;
        self.solver.rows[row].closed = Some(Closed::Known);
        row
    }

    /// The tags that all of `ups` have. Memoised: recursive types meet themselves again.
    pub(super) fn meet(&mut self, ups: &[RowId], at: RowId) -> RowId {
        let mut key = ups.to_vec();
        key.sort();
        key.dedup();
        if key.len() == 1 {
            return key[0];
        }
        if let Some(row) = self.meets.get(&key) {
            return *row;
        }
        let row = self.solver.row(self.solver.rows[at].origin);
        self.meets.insert(key, row);
        let first = self.solver.rows[ups[0]].tags.clone();
        let mut tags = BTreeMap::new();
        for (name, tag) in first {
            if ups.iter().any(|u| !self.solver.rows[*u].tags.contains_key(&name)) {
                continue;
            }
            let args: Vec<Node> = self.solver.fresh_many(tag.args.len());
            for up in ups {
                let theirs = self.solver.rows[*up].tags[&name].args.clone();
                for (a, b) in args.iter().zip(theirs) {
                    self.solver.subsume(*a, b, tag.origin);
                }
            }
            tags.insert(name, Tag { args, origin: tag.origin });
        }
        self.solver.rows[row].tags = tags;
        self.solver.rows[row].closed = Some(Closed::Known);
        row
    }

    /// Rows above open ones that no type of a definition mentions, but some expression does: the same as their only source, or quantified.
    pub(super) fn absorb_internal(&mut self, used: &dyn Fn(&Solver) -> HashSet<RowId>) {
        let internal: Vec<RowId> = self.fresh.iter().copied().filter(|r| self.is_internal(*r)).collect();
        if internal.is_empty() {
            return;
        }
        let used = used(self.solver);
        for row in internal {
            if self.solver.rows[row].link.is_some() || !used.contains(&row) {
                continue;
            }
            match self.only_source(row) {
                Some(source) => self.become_source(row, source),
                None => {
                    self.open.insert(row);
                }
            }
        }
    }

    fn is_internal(&self, row: RowId) -> bool {
        let data = &self.solver.rows[row];
        data.link.is_none() && data.closed.is_none() && !self.open.contains(&row) && self.above.contains(&row)
    }

    /// The one open row that flows into `row`, when nothing else does.
    fn only_source(&self, row: RowId) -> Option<RowId> {
        let mut sources = HashSet::new();
        let (mut seen, mut todo) = (HashSet::from([row]), vec![row]);
        while let Some(at) = todo.pop() {
            for edge in &self.solver.rows[at].subs {
                let from = self.solver.find_row(edge.to);
                if edge.except.is_some() {
                    return None;
                }
                if self.open.contains(&from) {
                    sources.insert(from);
                } else if seen.insert(from) {
                    todo.push(from);
                }
            }
        }
        let source = (sources.len() == 1).then(|| sources.into_iter().next()).flatten()?;
        let mine = &self.solver.rows[row];
        let same = !mine.mailbox && mine.tags.keys().all(|t| self.solver.rows[source].tags.contains_key(t));
        same.then_some(source)
    }

    fn become_source(&mut self, row: RowId, source: RowId) {
        let (supers, _) = self.solver.edges_of(row);
        self.link_row(row, source);
        for edge in supers {
            self.solver.subset(source, edge.to, edge.except, edge.origin);
        }
    }

    /// Keeps the edges among what stays open; the rest of the graph is forgotten.
    pub(super) fn keep_edges(&mut self) {
        let mut open: Vec<RowId> = self.open.iter().copied().collect();
        open.sort();
        let mut kept: Vec<Kept> = Vec::new();
        for row in &open {
            self.kept_above(*row, &mut kept);
            self.kept_below(*row, &mut kept);
        }
        for row in &self.fresh {
            self.solver.rows[*row].supers = Vec::new();
            self.solver.rows[*row].subs = Vec::new();
        }
        for (a, b, except, origin) in kept {
            for row in [a, b] {
                if !self.open.contains(&row) && self.solver.rows[row].closed.is_none() && self.is_fresh(row) {
                    self.solver.rows[row].general = true;
                }
            }
            self.solver.rows[a].supers.push(Edge { to: b, except: except.clone(), origin });
            self.solver.rows[b].subs.push(Edge { to: a, except, origin });
        }
    }

    fn kept_above(&self, row: RowId, kept: &mut Vec<Kept>) {
        let solver = &*self.solver;
        let stays = |u: RowId| {
            self.open.contains(&u) || solver.rows[u].closed.is_some() || !solver.rows[u].tags.is_empty()
        };
        for (up, except) in self.walk(row, &stays) {
            let edge = solver.rows[row].supers.iter().find(|e| solver.find_row(e.to) == up);
            let origin = edge.map_or(solver.rows[row].origin, |e| e.origin);
            kept.push((row, up, (!except.is_empty()).then_some(except), origin));
        }
    }

    fn kept_below(&self, row: RowId, kept: &mut Vec<Kept>) {
        for edge in &self.solver.rows[row].subs {
            let from = self.solver.find_row(edge.to);
            if !self.open.contains(&from) && !self.solver.rows[from].tags.is_empty() {
                kept.push((from, row, edge.except.clone(), edge.origin));
            }
        }
    }
}
