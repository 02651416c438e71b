//! What is implemented without an impl: built-in types, and structure (`Eq`, `Ord`, `Hash`, `Debug`).

use super::Constraint;
use super::require::Outcome;
use crate::checker::Checker;
use crate::explain;
use crate::solver::node::{Head, Node, Shape};
use snow_names::hir::{InterfaceId, TypeDefId};
use snow_text::{Span, Symbol};
use std::collections::HashMap;

/// What deriving an interface for a declared type asks.
#[derive(Clone, Debug)]
pub enum Derivable {
    /// These interfaces of these parameters.
    If(Vec<(InterfaceId, u32)>),
    /// It cannot be: this part has it not.
    No(Node),
}

impl Checker<'_> {
    /// Interfaces that follow from structure.
    pub(crate) fn is_structural(&self, interface: InterfaceId) -> bool {
        self.known().is_some_and(|k| [k.eq, k.ord, k.hash, k.debug].contains(&interface))
    }

    /// Whether a type can be asked to derive it.
    pub(crate) fn is_derivable(&self, interface: InterfaceId) -> bool {
        self.is_structural(interface)
            || self.known().is_some_and(|k| [k.display, k.default, k.json].contains(&interface))
    }

    /// Whether a type is a list.
    pub(crate) fn is_list(&self, node: Node) -> bool {
        let list = self.known().map(|k| k.list);
        matches!(self.solver.head(node), Some((Head::Named(id), _)) if Some(id) == list)
    }

    fn is_arithmetic(&self, interface: InterfaceId) -> bool {
        self.known().is_some_and(|k| [k.add, k.sub, k.mul, k.div, k.rem, k.neg].contains(&interface))
    }

    /// Display of anything falls back to Debug.
    pub(crate) fn is_display(&self, interface: InterfaceId) -> bool {
        self.known().is_some_and(|k| k.display == interface)
    }

    /// A requirement that no impl meets.
    pub(crate) fn structural(&mut self, constraint: &Constraint) -> Outcome {
        let interface = constraint.interface;
        if self.is_arithmetic(interface) {
            return self.arithmetic(constraint);
        }
        let listed = self.is_listed(interface, constraint.on);
        let is_general = self.is_structural(interface) || self.is_display(interface);
        if !is_general && !listed && !self.is_of_form(interface, constraint.on) {
            return Outcome::Failed(None);
        }
        if let Some(outcome) = self.named_by_tags(constraint) {
            return outcome;
        }
        let on = self.solver.find(constraint.on);
        match self.solver.nodes[on].clone() {
            Shape::Constructed(Head::Named(id), args) => self.derive_named(constraint, id, &args, listed),
            Shape::Constructed(_, args) => Outcome::Needs(self.same_for(constraint, args)),
            Shape::Pid(_) => Outcome::Needs(Vec::new()),
            // Everything has Debug, and Display falls back to it.
            Shape::Rigid(_) if self.is_display(interface) || self.is_debug(interface) => {
                Outcome::Needs(Vec::new())
            }
            Shape::Function(..) if self.is_display(interface) || self.is_debug(interface) => {
                Outcome::Needs(Vec::new())
            }
            Shape::Tags(row) => {
                let row = self.solver.find_row(row);
                let data = &self.solver.rows[row];
                if data.closed.is_none() {
                    return Outcome::Wait;
                }
                let args = data.tags.values().flat_map(|t| t.args.clone()).collect();
                Outcome::Needs(self.same_for(constraint, args))
            }
            Shape::Function(..) => Outcome::Failed(Some(on)),
            _ => Outcome::Failed(None),
        }
    }

    /// Interfaces that follow from structure for some forms of types only: `Json` for tuples and tags, names for tags.
    fn is_of_form(&self, interface: InterfaceId, on: Node) -> bool {
        let Some(known) = self.known() else { return false };
        match &self.solver.nodes[self.solver.find(on)] {
            Shape::Constructed(Head::Tuple, _) => interface == known.json,
            Shape::Tags(_) => [known.json, known.tagged, known.named].contains(&interface),
            _ => false,
        }
    }

    /// Whether a type has an interface because it asks for it, or because of its form.
    pub(crate) fn is_derived(&self, interface: InterfaceId, on: Node) -> bool {
        self.is_listed(interface, on) || self.is_of_form(interface, on)
    }

    /// What the name of a tag asks: nothing of payloads; the way back wants that there are none.
    fn named_by_tags(&self, constraint: &Constraint) -> Option<Outcome> {
        let known = self.known().filter(|k| [k.tagged, k.named].contains(&constraint.interface))?;
        let row = self.solver.row_of(constraint.on)?;
        let data = &self.solver.rows[row];
        if data.closed.is_none() {
            return Some(Outcome::Wait);
        }
        let has_payload = data.tags.values().any(|tag| !tag.args.is_empty());
        let fails = has_payload && constraint.interface == known.named;
        Some(if fails { Outcome::Failed(None) } else { Outcome::Needs(Vec::new()) })
    }

    fn is_debug(&self, interface: InterfaceId) -> bool {
        self.known().is_some_and(|k| k.debug == interface)
    }

    fn arithmetic(&self, constraint: &Constraint) -> Outcome {
        use snow_names::hir::Builtin::{Float, Int};
        let number =
            self.solver.is_builtin(constraint.on, Int) || self.solver.is_builtin(constraint.on, Float);
        if number { Outcome::Needs(Vec::new()) } else { Outcome::Failed(None) }
    }

    fn same_for(&self, constraint: &Constraint, parts: Vec<Node>) -> Vec<Constraint> {
        parts.into_iter().map(|on| Constraint { on, ..constraint.clone() }).collect()
    }

    /// Whether the type's `deriving(…)` names the interface.
    fn is_listed(&self, interface: InterfaceId, on: Node) -> bool {
        let Some((Head::Named(id), _)) = self.solver.head(on) else { return false };
        let name = self.program.interfaces[interface].name;
        self.program.types[id].deriving.as_ref().is_some_and(|list| list.iter().any(|(n, _)| *n == name))
    }

    fn derive_named(
        &mut self,
        constraint: &Constraint,
        id: TypeDefId,
        args: &[Node],
        listed: bool,
    ) -> Outcome {
        if self.program.types[id].deriving.is_some() && !listed && !self.is_display(constraint.interface) {
            return Outcome::Failed(None);
        }
        match self.derivable(constraint.interface, id) {
            Derivable::No(part) => Outcome::Failed(Some(part)),
            Derivable::If(needs) => Outcome::Needs(
                needs
                    .iter()
                    .map(|(interface, index)| Constraint {
                        interface: *interface,
                        on: args[*index as usize],
                        ..constraint.clone()
                    })
                    .collect(),
            ),
        }
    }

    /// Reports what a `deriving(…)` list asks for and cannot have.
    pub(crate) fn check_deriving(&mut self) {
        for id in self.program.types.ids() {
            let Some(list) = &self.program.types[id].deriving else { continue };
            for (name, span) in list {
                self.check_derived(id, list, *name, *span);
            }
        }
    }

    fn check_derived(&mut self, id: TypeDefId, list: &[(Symbol, Span)], name: Symbol, span: Span) {
        let Some(known) = self.known() else { return };
        let has = |interface: InterfaceId, name: Symbol| self.program.interfaces[interface].name == name;
        let derivable =
            [known.eq, known.ord, known.hash, known.display, known.debug, known.default, known.json];
        let Some(interface) = derivable.into_iter().find(|i| has(*i, name)) else {
            let exists = self.program.interfaces.values().any(|i| i.name == name);
            if exists && name.as_str() != "Row" {
                self.solver.report(explain::interfaces::not_derivable(name, span));
            }
            return;
        };
        let eq = self.program.interfaces[known.eq].name;
        let on = self.solver.constructed(Head::Named(id), self.types[id].params.clone());
        if interface == known.ord && !list.iter().any(|(n, _)| *n == eq) && !self.has_impl(known.eq, on) {
            self.solver.report(explain::interfaces::derive_needs_eq(span));
        }
        if let Derivable::No(part) = self.derivable(interface, id) {
            let code = if interface == known.json { "E0038" } else { "E0028" };
            let problem = explain::interfaces::part_lacks(self, code, (id, name), part, span);
            self.solver.report(problem);
        }
    }

    /// What deriving asks; the least solution for recursive types.
    pub(crate) fn derivable(&mut self, interface: InterfaceId, id: TypeDefId) -> Derivable {
        if let Some(known) = self.derivable.get(&(interface, id)) {
            return known.clone();
        }
        self.derivable.insert((interface, id), Derivable::If(Vec::new()));
        let fields = self.fields(id);
        let mut needs = Vec::new();
        let mut result = None;
        for part in fields.iter().flatten() {
            if let Err(bad) = self.part(interface, id, *part, &mut needs, 0) {
                result = Some(Derivable::No(bad));
                break;
            }
        }
        needs.sort();
        needs.dedup();
        let result = result.unwrap_or(Derivable::If(needs));
        self.derivable.insert((interface, id), result.clone());
        result
    }

    fn part(
        &mut self,
        interface: InterfaceId,
        id: TypeDefId,
        part: Node,
        needs: &mut Vec<(InterfaceId, u32)>,
        depth: u32,
    ) -> Result<(), Node> {
        if depth > 40 {
            return Ok(());
        }
        let part = self.solver.find(part);
        if let Some(index) = self.types[id].params.iter().position(|p| *p == part) {
            needs.push((interface, index as u32));
            return Ok(());
        }
        if self.is_closed_row(part) && depth > 8 {
            return Ok(());
        }
        let constraint = Constraint {
            interface,
            on: part,
            args: Vec::new(),
            associated: Vec::new(),
            origin: self.table_origin(self.program.types[id].name_span),
        };
        match self.step(&constraint, &mut HashMap::new()) {
            Outcome::Needs(inner) => {
                inner.into_iter().try_for_each(|c| self.part(c.interface, id, c.on, needs, depth + 1))
            }
            Outcome::Wait => Ok(()),
            Outcome::Failed(bad) => Err(bad.unwrap_or(part)),
        }
    }

    fn is_closed_row(&self, node: Node) -> bool {
        self.solver.row_of(node).is_some_and(|r| self.solver.rows[r].closed.is_some())
    }
}
