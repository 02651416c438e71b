//! Groups of functions that refer to each other: inferred together, then generalised.

use super::references;
use crate::checker::{Body, Checker, Facts, Group, Stage, Use};
use crate::explain;
use crate::generalise::{Definition, Generalise};
use crate::instance::{Copies, Generic};
use crate::interfaces::Constraint;
use crate::polarity::{Polarity, Seen};
use crate::solver::Solver;
use crate::solver::node::{Node, Origin, Reason, RowId, Shape};
use snow_diagnostics::{Diagnostic, Severity};
use snow_names::hir::{FunctionId, FunctionKind};
use snow_text::{Id, IdVec};
use std::collections::HashSet;
use std::rc::Rc;

impl<'p> Checker<'p> {
    /// Infers every function, callees first.
    pub(crate) fn infer_all(&mut self) {
        let mentions = references::mentions(self.program);
        self.components = references::components(&mentions);
        let mut component_of: IdVec<FunctionId, u32> = self.program.functions.values().map(|_| 0).collect();
        for (index, component) in self.components.iter().enumerate() {
            component.iter().for_each(|f| component_of[*f] = index as u32);
        }
        self.called_elsewhere = mentions
            .iter()
            .flat_map(|(from, m)| m.called.iter().map(move |to| (from, *to)))
            .filter(|(from, to)| component_of[*from] != component_of[*to])
            .map(|(_, to)| to)
            .collect();
        self.component_of = component_of;
        for (actor, node, span) in std::mem::take(&mut self.late_mailboxes) {
            let found = self.mailbox_of(actor, span);
            let origin = self.origin(span);
            self.solver.unify(node, found, origin);
        }
        for index in 0..self.components.len() {
            self.infer_component(index);
        }
    }

    /// Infers a component, if that has not been done.
    pub(crate) fn infer_component(&mut self, index: usize) {
        let functions = self.components[index].clone();
        if functions.iter().any(|f| self.functions[*f].stage != Stage::Waiting) {
            return;
        }
        let becomes = functions.iter().any(|f| self.is_actor(*f) && self.called_elsewhere.contains(f));
        if becomes {
            // Once more as plain functions: a tail call from another actor continues as this one.
            let (problems, muted) = (self.solver.problems.len(), self.solver.muted);
            self.solver.muted = true;
            self.infer_group(&functions, false);
            self.solver.muted = muted;
            self.solver.problems.truncate(problems);
            for function in &functions {
                self.facts[*function] = Facts::default();
                let info = &mut self.functions[*function];
                info.open = info.generic.take();
                info.stage = Stage::Waiting;
            }
        }
        self.infer_group(&functions, true);
    }

    /// Whether a function's mailbox closes where it is defined.
    pub(crate) fn is_actor(&self, id: FunctionId) -> bool {
        let function = &self.program.functions[id];
        function.kind == FunctionKind::Actor
            || function.kind == FunctionKind::Test
            || self.program.main == Some(id)
    }

    fn infer_group(&mut self, functions: &[FunctionId], actors: bool) {
        let group = Group::new(functions.to_vec(), RowId::from_index(self.solver.rows.len()));
        let outer_group = std::mem::replace(&mut self.group, group);
        let outer_body = self.body.clone();
        let outer_deferred = std::mem::take(&mut self.solver.deferred);
        for function in functions {
            self.declare(*function);
        }
        for function in functions {
            self.infer_body(*function, actors);
        }
        self.settle_group();
        self.generalise_group(functions, actors);
        self.group = outer_group;
        self.body = outer_body;
        self.solver.deferred = outer_deferred;
    }

    fn infer_body(&mut self, id: FunctionId, actors: bool) {
        let function = &self.program.functions[id];
        let Some((_, mailbox, result)) = self.functions[id].node.and_then(|n| self.solver.function(n)) else {
            return;
        };
        self.body = Body { function: Some(id), mailbox, result, loops: Default::default() };
        if actors && self.is_actor(id) {
            let origin = self.origin(function.name_span);
            self.solver.touch(mailbox, false, origin);
        }
        let found = self.expr_for(&function.body, result);
        let origin = self.because(end_of(&function.body), Reason::Result(id));
        self.solver.subsume(found, result, origin);
        if let Some(terminate) = &function.terminate {
            self.expr(terminate);
        }
        self.retry_postponed(false);
    }

    /// Solves what can be solved, then reports what nothing decides.
    fn settle_group(&mut self) {
        while self.retry_postponed(false) || self.retry_constraints() {}
        while self.retry_postponed(true) || self.retry_constraints() {}
    }

    fn generalise_group(&mut self, functions: &[FunctionId], actors: bool) {
        let definitions: Vec<Definition> = functions
            .iter()
            .filter_map(|f| {
                let function = &self.program.functions[*f];
                let node = self.functions[*f].node?;
                let origin = Origin { span: function.name_span, function: Some(*f), reason: Reason::Plain };
                Some(Definition { function: *f, node, actor: actors && self.is_actor(*f), origin })
            })
            .collect();
        let mut borrowed = Seen::default();
        for node in self.group.borrowed.clone() {
            self.solver.visit(node, Polarity::BOTH, &mut borrowed);
        }
        let reified = self.group.reified.clone();
        let spawned = self.group.spawned.clone();
        let used = self.used_rows(functions);
        let first = self.group.first_row;
        let mut generalise = Generalise::new(&mut self.solver, &definitions, &reified, first, borrowed);
        generalise.close(&spawned);
        generalise.quantify(&|solver: &Solver| used.iter().map(|r| solver.find_row(*r)).collect());
        // Closing rows can decide what waited for it.
        self.retry_constraints();
        self.check_matches();
        for function in functions {
            self.make_scheme(*function);
        }
        self.report_undetermined(functions);
    }

    /// Rows that types of expressions mention.
    fn used_rows(&self, functions: &[FunctionId]) -> HashSet<RowId> {
        let mut seen = Seen::default();
        for function in functions {
            let facts = &self.facts[*function];
            for (_, node) in &facts.exprs {
                self.solver.visit(*node, Polarity::POSITIVE, &mut seen);
            }
        }
        seen.rows.keys().copied().collect()
    }

    fn make_scheme(&mut self, id: FunctionId) {
        let info = &self.functions[id];
        let Some(node) = info.node else { return };
        let mut params: Vec<Node> =
            info.declared.iter().chain(&info.implied).map(|n| self.solver.find(*n)).collect();
        let mut rows = HashSet::new();
        self.collect_general(node, &mut params, &mut rows, &mut HashSet::new());
        let mut constraints: Vec<Constraint> = Vec::new();
        let origin =
            Origin { span: self.program.functions[id].name_span, function: Some(id), reason: Reason::Plain };
        let own = &self.functions[id];
        for declared in own.declared.iter().chain(&own.implied).copied().collect::<Vec<_>>() {
            for bound in self.bounds.get(&declared).cloned().unwrap_or_default() {
                constraints.push(Constraint {
                    interface: bound.interface,
                    on: declared,
                    args: bound.args,
                    associated: bound.associated,
                    origin,
                });
            }
        }
        for constraint in &self.group.constraints {
            if params.contains(&self.solver.find(constraint.on)) {
                for node in constraint.args.iter().chain(&constraint.associated) {
                    let node = self.solver.find(*node);
                    if !params.contains(&node) && self.solver.is_variable(node) {
                        params.push(node);
                    }
                }
                constraints.push(constraint.clone());
            }
        }
        for node in &params {
            if let Shape::Variable(variable) = &mut self.solver.nodes[*node] {
                variable.general = true;
            }
        }
        let mentions = |c: &Self, node: Node| {
            let mut found = Vec::new();
            c.collect_general(node, &mut found, &mut HashSet::new(), &mut HashSet::new());
            found.iter().any(|n| params.contains(n))
        };
        let reified = self.group.reified.iter().filter(|r| mentions(self, r.node)).copied().collect();
        let as_actor = self.is_actor(id);
        let bounds = self.written_bounds(node, &constraints);
        let name = self.program.functions[id].name;
        let signature = self.solver.show_named(name, node, as_actor, &bounds);
        let info = &mut self.functions[id];
        info.signature = signature;
        info.stage = Stage::Done;
        info.generic = Some(Rc::new(Generic { params, node: Some(node), constraints, reified }));
    }

    /// What a signature says of its variables.
    fn written_bounds(&self, node: Node, constraints: &[Constraint]) -> Vec<(Node, String)> {
        let (mut variables, mut bounds) = (Vec::new(), Vec::<(Node, Vec<String>)>::new());
        self.collect_general(node, &mut variables, &mut HashSet::new(), &mut HashSet::new());
        for constraint in constraints {
            let on = self.solver.find(constraint.on);
            let name = self.program.interfaces[constraint.interface].name.to_string();
            if !variables.contains(&on) {
                continue;
            }
            match bounds.iter_mut().find(|b| b.0 == on) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name),
                None => bounds.push((on, vec![name])),
            }
        }
        bounds.sort_by_key(|b| variables.iter().position(|v| *v == b.0));
        for (_, names) in &mut bounds {
            names.sort();
        }
        bounds.into_iter().map(|(on, names)| (on, names.join(" + "))).collect()
    }

    /// Quantified parts of a type in order of appearance; rows that stay open stand for themselves.
    fn collect_general(
        &self,
        node: Node,
        params: &mut Vec<Node>,
        rows: &mut HashSet<RowId>,
        seen: &mut HashSet<Node>,
    ) {
        let node = self.solver.find(node);
        if !seen.insert(node) {
            return;
        }
        match self.solver.shape(node).clone() {
            Shape::Variable(variable) if variable.general && !params.contains(&node) => params.push(node),
            Shape::Constructed(_, args) => {
                args.iter().for_each(|a| self.collect_general(*a, params, rows, seen));
            }
            Shape::Function(args, mailbox, result) => {
                args.iter().for_each(|a| self.collect_general(*a, params, rows, seen));
                self.collect_general(mailbox, params, rows, seen);
                self.collect_general(result, params, rows, seen);
            }
            Shape::Pid(messages) => self.collect_general(messages, params, rows, seen),
            Shape::Tags(row) => {
                let row = self.solver.find_row(row);
                if !rows.insert(row) {
                    return;
                }
                let data = &self.solver.rows[row];
                if data.general && data.closed.is_none() {
                    params.push(node);
                }
                for arg in data.tags.values().flat_map(|t| t.args.clone()) {
                    self.collect_general(arg, params, rows, seen);
                }
            }
            _ => {}
        }
    }

    fn report_undetermined(&mut self, functions: &[FunctionId]) {
        let mut schemes = HashSet::new();
        for function in functions {
            if let Some(generic) = &self.functions[*function].generic {
                schemes.extend(generic.params.iter().copied());
            }
        }
        for reified in self.group.reified.clone() {
            if let Some(function) = self.solver.function_inside(reified.node).filter(|_| reified.travels) {
                let problem = explain::mailboxes::function_sent(&self.solver, function, reified.span);
                self.solver.report(problem);
                continue;
            }
            let mut seen = Seen::default();
            self.solver.visit(reified.node, reified.polarity, &mut seen);
            let open = seen.variables.keys().any(|v| !schemes.contains(v) && self.solver.is_variable(*v));
            // What has been refused may have been what determines it.
            let refused = |p: &Diagnostic| {
                p.severity == Severity::Error && {
                    let span = p.span();
                    span.source == reified.span.source
                        && reified.span.start <= span.start
                        && span.end <= reified.span.end
                }
            };
            if open && reified.must_be_known && !self.solver.problems.iter().any(refused) {
                let problem = explain::mailboxes::undetermined(&self.solver, reified.node, reified.span);
                self.solver.report(problem);
            }
        }
    }

    /// A use of a function: its type here, and the types for its parameters. `called`: not as a value.
    pub(crate) fn use_function(&mut self, id: FunctionId, called: bool, origin: Origin) -> (Node, Use) {
        let component = self.component_of[id] as usize;
        if self.functions[id].stage == Stage::Waiting {
            self.infer_component(component);
        }
        let info = &self.functions[id];
        if info.stage == Stage::Active {
            let Some(node) = info.node else { return (self.solver.make(Shape::Error), Use::Types(vec![])) };
            if !self.group.functions.contains(&id) {
                self.group.borrowed.push(node);
            }
            if self.functions[id].complete {
                return self.declared_instance(id, node, origin);
            }
            return (node, Use::Same(id, Vec::new()));
        }
        let generic = match (called, &info.open) {
            (true, Some(open)) => open.clone(),
            _ => match &info.generic {
                Some(generic) => generic.clone(),
                None => return (self.solver.make(Shape::Error), Use::Types(vec![])),
            },
        };
        let main = info.generic.clone();
        let (node, params) = self.instantiate(&generic, origin);
        let same_scheme = main.is_some_and(|m| Rc::ptr_eq(&m, &generic));
        let types = if same_scheme { Use::Types(params) } else { self.become_types(id, node, origin) };
        (node, types)
    }

    /// A function whose type is declared in full is generic for its own component, too.
    fn declared_instance(&mut self, id: FunctionId, node: Node, origin: Origin) -> (Node, Use) {
        let info = &self.functions[id];
        let from: Vec<Node> = info.declared.iter().chain(&info.implied).copied().collect();
        let to = self.solver.fresh_many(from.len());
        let pairs: Vec<(Node, Node)> = from.into_iter().zip(to).collect();
        let mut copies = Copies::with(pairs.iter().copied());
        let copy = self.solver.copy(node, &mut copies);
        for (declared, _) in &pairs {
            for bound in self.bounds.get(declared).cloned().unwrap_or_default() {
                let constraint = Constraint {
                    interface: bound.interface,
                    on: self.solver.copy(*declared, &mut copies),
                    args: self.solver.copy_all(&bound.args, &mut copies),
                    associated: self.solver.copy_all(&bound.associated, &mut copies),
                    origin,
                };
                self.require(constraint);
            }
        }
        self.solver.add_edges(&mut copies);
        (copy, Use::Same(id, pairs))
    }

    /// An actor called as a function: its own scheme's parameters, as far as the shared part of the types tells.
    fn become_types(&mut self, id: FunctionId, node: Node, origin: Origin) -> Use {
        let Some(generic) = self.functions[id].generic.clone() else { return Use::Types(vec![]) };
        let (own, params) = self.instantiate(&generic, origin);
        if let (Some((a, _, r)), Some((b, _, s))) = (self.solver.function(node), self.solver.function(own)) {
            for (x, y) in a.iter().zip(&b) {
                self.solver.subsume(*x, *y, origin);
            }
            self.solver.unify(r, s, origin);
        }
        Use::Types(params)
    }

    /// A fresh copy of a scheme; what it asks for is required here.
    pub(crate) fn instantiate(&mut self, generic: &Generic, origin: Origin) -> (Node, Vec<Node>) {
        let rigid: Vec<Node> = generic
            .params
            .iter()
            .copied()
            .filter(|p| matches!(self.solver.shape(*p), Shape::Rigid(_)))
            .collect();
        let fresh = self.solver.fresh_many(rigid.len());
        let mut copies = Copies::with(rigid.into_iter().zip(fresh));
        let node = match generic.node {
            Some(node) => self.solver.copy(node, &mut copies),
            None => self.solver.make(Shape::Error),
        };
        let params = self.solver.copy_all(&generic.params, &mut copies);
        let mut constraints = Vec::new();
        for c in &generic.constraints {
            constraints.push(Constraint {
                interface: c.interface,
                on: self.solver.copy(c.on, &mut copies),
                args: self.solver.copy_all(&c.args, &mut copies),
                associated: self.solver.copy_all(&c.associated, &mut copies),
                origin,
            });
        }
        let mut reified = generic.reified.clone();
        for r in &mut reified {
            r.node = self.solver.copy(r.node, &mut copies);
            r.span = origin.span;
            r.function = origin.function;
        }
        self.solver.add_edges(&mut copies);
        self.group.reified.extend(reified);
        constraints.into_iter().for_each(|c| self.require(c));
        (node, params)
    }
}

/// The expression that gives a body its value: where a mismatch is shown.
pub(super) fn end_of(expr: &snow_names::hir::Expr) -> snow_text::Span {
    match &expr.kind {
        snow_names::hir::ExprKind::Block { value: Some(value), .. } => end_of(value),
        _ => expr.span,
    }
}
