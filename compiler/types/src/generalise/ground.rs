//! Ground rows: those that reach nothing quantified are shared by all instances.

use super::Generalise;
use crate::polarity::Seen;
use crate::solver::node::RowId;
use std::collections::{HashMap, HashSet};

impl Generalise<'_, '_> {
    pub(super) fn find_ground(&mut self) {
        let mut rows: Vec<RowId> = self.seen.rows.keys().copied().map(|r| self.solver.find_row(r)).collect();
        rows.sort();
        rows.dedup();
        let mut users: HashMap<RowId, Vec<RowId>> = HashMap::new();
        let mut bad: Vec<RowId> = Vec::new();
        for &row in &rows {
            let mut inner = Seen::default();
            let data = &self.solver.rows[row];
            for arg in data.tags.values().flat_map(|t| &t.args) {
                self.solver.direct(*arg, &mut inner);
            }
            if data.general || data.closed.is_none() || !inner.variables.is_empty() {
                bad.push(row);
            }
            for used in inner.rows.keys() {
                users.entry(*used).or_default().push(row);
            }
        }
        let mut not: HashSet<RowId> = HashSet::new();
        while let Some(row) = bad.pop() {
            if not.insert(row)
                && let Some(above) = users.get(&row)
            {
                bad.extend(above);
            }
        }
        for row in rows.into_iter().filter(|r| !not.contains(r)) {
            self.solver.rows[row].ground = true;
        }
    }
}
