//! How the parameters of declared types vary, by fixpoint over their fields.

use crate::checker::Checker;
use crate::solver::node::{Head, Node, Shape, Variance};
use snow_names::hir::TypeDefId;
use std::collections::HashSet;

impl Checker<'_> {
    /// Infers the variance of all declared types.
    pub(crate) fn infer_variance(&mut self) {
        let ids: Vec<TypeDefId> = self.program.types.ids().collect();
        for id in &ids {
            self.fields(*id);
        }
        loop {
            let mut changed = false;
            for id in &ids {
                let fields = self.fields(*id);
                for field in fields.iter().flatten() {
                    changed |= self.occurrences(*id, *field, true, &mut HashSet::new());
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Notes where parameters of `id` occur in a type; `positive`: whether the type itself comes out.
    fn occurrences(
        &mut self,
        id: TypeDefId,
        node: Node,
        positive: bool,
        seen: &mut HashSet<(Node, bool)>,
    ) -> bool {
        let node = self.solver.find(node);
        if !seen.insert((node, positive)) {
            return false;
        }
        if let Some(index) = self.types[id].params.iter().position(|p| *p == node) {
            let variance = &mut self.solver.variance[id][index];
            let before = *variance;
            if positive {
                variance.positive = true;
            } else {
                variance.negative = true;
            }
            return *variance != before;
        }
        match self.solver.shape(node).clone() {
            Shape::Constructed(head, args) => self.in_arguments(id, head, &args, positive, seen),
            Shape::Function(params, _, result) => {
                let mut changed = self.occurrences(id, result, positive, seen);
                for param in params {
                    changed |= self.occurrences(id, param, !positive, seen);
                }
                changed
            }
            Shape::Pid(messages) => self.occurrences(id, messages, !positive, seen),
            Shape::Tags(row) => {
                let row = self.solver.find_row(row);
                let args: Vec<Node> =
                    self.solver.rows[row].tags.values().flat_map(|t| t.args.clone()).collect();
                args.into_iter().fold(false, |c, a| self.occurrences(id, a, positive, seen) | c)
            }
            _ => false,
        }
    }

    fn in_arguments(
        &mut self,
        id: TypeDefId,
        head: Head,
        args: &[Node],
        positive: bool,
        seen: &mut HashSet<(Node, bool)>,
    ) -> bool {
        let mut changed = false;
        for (index, arg) in args.iter().enumerate() {
            let Variance { positive: out, negative: input } = self.solver.variance_of(head, index);
            if out {
                changed |= self.occurrences(id, *arg, positive, seen);
            }
            if input {
                changed |= self.occurrences(id, *arg, !positive, seen);
            }
        }
        changed
    }
}
