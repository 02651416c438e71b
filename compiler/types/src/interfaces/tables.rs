//! The tables of declared types, interfaces and impls, built before anything is inferred.

use super::matching::Fit;
use super::{Bound, Constraint, ImplInfo, InterfaceInfo, MethodInfo};
use crate::checker::{Checker, TypeInfo};
use crate::convert::{Mailboxes, Scope};
use crate::explain;
use crate::solver::node::{Node, Origin, Reason, Shape, Variable};
use snow_names::hir::{
    ImplId, InterfaceId, InterfaceMethod, InterfaceRef, Type, TypeDefId, TypeDefKind, TypeKind, TypeParam,
};
use snow_text::{Span, Symbol};
use std::rc::Rc;

impl Checker<'_> {
    /// A quantified variable with a name.
    pub(crate) fn general(&mut self, name: Symbol) -> Node {
        self.solver.make(Shape::Variable(Variable { general: true, name: Some(name), ..Variable::default() }))
    }

    fn generals(&mut self, params: &[TypeParam]) -> Vec<Node> {
        params.iter().map(|p| self.general(p.name)).collect()
    }

    /// Builds all tables.
    pub(crate) fn build_tables(&mut self) {
        for id in self.program.types.ids() {
            let params = self.generals(&self.program.types[id].params);
            self.types.push(TypeInfo { params, fields: None });
        }
        for id in self.program.interfaces.ids() {
            let info = self.begin_interface(id);
            self.interfaces.push(info);
            self.impls_of.push(Vec::new());
        }
        for id in self.program.interfaces.ids() {
            self.finish_interface(id);
        }
        for id in self.program.impls.ids() {
            let info = self.build_impl(id);
            self.impls.push(info);
        }
        for id in self.program.impls.ids() {
            self.register_impl(id);
        }
    }

    fn begin_interface(&mut self, id: InterfaceId) -> InterfaceInfo {
        let definition = &self.program.interfaces[id];
        InterfaceInfo {
            on: Some(self.general(Symbol::new("Self"))),
            params: self.generals(&definition.params),
            associated: definition
                .associated
                .iter()
                .map(|name| self.general(Symbol::new(&format!("Self.{name}"))))
                .collect(),
            ..InterfaceInfo::default()
        }
    }

    fn finish_interface(&mut self, id: InterfaceId) {
        let definition = &self.program.interfaces[id];
        let outer = self.interface_params(id);
        let associated = self.associated_names(id);
        let scope =
            Scope { params: &outer, self_type: None, associated: &associated, mailboxes: Mailboxes::Stored };
        let supers = definition.supers.iter().map(|s| (s.interface, self.convert_args(s, &scope))).collect();
        let methods = definition.methods.iter().map(|m| self.build_method(&outer, &associated, m)).collect();
        let info = &mut self.interfaces[id];
        (info.supers, info.methods) = (supers, methods);
        for (index, method) in definition.methods.iter().enumerate() {
            self.methods.entry(method.name).or_default().push((id, index as u32));
        }
    }

    /// `Self` and the interface's parameters.
    pub(crate) fn interface_params(&self, id: InterfaceId) -> Vec<Node> {
        let info = &self.interfaces[id];
        info.on.into_iter().chain(info.params.iter().copied()).collect()
    }

    fn associated_names(&self, id: InterfaceId) -> Vec<(Symbol, Node)> {
        let names = self.program.interfaces[id].associated.iter().copied();
        names.zip(self.interfaces[id].associated.iter().copied()).collect()
    }

    fn convert_args(&mut self, reference: &InterfaceRef, scope: &Scope) -> Vec<Node> {
        reference.args.iter().map(|t| self.convert(t, scope)).collect()
    }

    fn build_method(
        &mut self,
        outer: &[Node],
        associated: &[(Symbol, Node)],
        method: &InterfaceMethod,
    ) -> MethodInfo {
        let mut own = self.generals(&method.type_params);
        let params: Vec<Node> = outer.iter().chain(&own).copied().collect();
        let takes_functions = method.params.iter().any(|p| matches!(p.kind, TypeKind::Function(..)));
        let mailbox =
            if takes_functions { self.general(Symbol::new("m")) } else { self.solver.make(Shape::NoMailbox) };
        let scope =
            Scope { params: &params, self_type: None, associated, mailboxes: Mailboxes::Shared(mailbox) };
        let args: Vec<Node> = method.params.iter().map(|t| self.convert(t, &scope)).collect();
        let result = self.convert(&method.result, &scope);
        let bounds = self.bounds_of(&method.type_params, &own.clone(), &scope);
        if takes_functions {
            own.push(mailbox);
        }
        MethodInfo { own, bounds, node: self.solver.make(Shape::Function(args, mailbox, result)) }
    }

    /// Declared bounds with the associated types that they bring, as quantified variables.
    fn bounds_of(&mut self, params: &[TypeParam], nodes: &[Node], scope: &Scope) -> Vec<(Node, Bound)> {
        let mut bounds = Vec::new();
        for (param, node) in params.iter().zip(nodes) {
            for reference in &param.bounds {
                let args = self.convert_args(reference, scope);
                let names = self.program.interfaces[reference.interface].associated.clone();
                let associated =
                    names.iter().map(|n| self.general(Symbol::new(&format!("{}.{n}", param.name)))).collect();
                bounds.push((*node, Bound { interface: reference.interface, args, associated }));
            }
            for (name, reference) in &param.associated {
                let args = self.convert_args(reference, scope);
                let brings =
                    |b: &&(Node, Bound)| b.0 == *node && self.associated_index(&b.1, *name).is_some();
                let Some((_, of)) = bounds.iter().find(brings) else {
                    let problem =
                        explain::interfaces::no_associated(&self.solver, *node, *name, reference.span);
                    self.solver.report(problem);
                    continue;
                };
                let on = of.associated[self.associated_index(of, *name).expect("found by it")];
                let names = self.program.interfaces[reference.interface].associated.clone();
                let associated = names
                    .iter()
                    .map(|n| self.general(Symbol::new(&format!("{}.{name}.{n}", param.name))))
                    .collect();
                bounds.push((on, Bound { interface: reference.interface, args, associated }));
            }
        }
        bounds
    }

    /// The place of an associated type among those that a bound brings.
    fn associated_index(&self, bound: &Bound, name: Symbol) -> Option<usize> {
        self.program.interfaces[bound.interface].associated.iter().position(|n| *n == name)
    }

    fn build_impl(&mut self, id: ImplId) -> ImplInfo {
        let definition = &self.program.impls[id];
        let params = self.generals(&definition.type_params);
        let scope = Scope { params: &params, self_type: None, associated: &[], mailboxes: Mailboxes::Stored };
        let bounds = self.bounds_of(&definition.type_params, &params, &scope);
        for (node, bound) in &bounds {
            self.bounds.entry(*node).or_default().push(bound.clone());
        }
        let on = self.convert(&definition.for_type, &scope);
        let scope = Scope { self_type: Some(on), ..scope };
        let interface = definition.interface.as_ref().map(|r| (r.interface, self.convert_args(r, &scope)));
        let associated = definition.associated.iter().map(|(n, t)| (*n, self.convert(t, &scope))).collect();
        ImplInfo { params, bounds, on: Some(on), interface, associated }
    }

    fn register_impl(&mut self, id: ImplId) {
        match &self.impls[id].interface {
            Some((interface, _)) => {
                let interface = *interface;
                self.check_impl(id, interface);
                self.impls_of[interface].push(id);
            }
            None => {
                for (name, function) in &self.program.impls[id].methods {
                    self.inherent.entry(*name).or_default().push((id, *function));
                }
            }
        }
    }

    /// An impl is the only one for its types, and leaves out only what has a default.
    fn check_impl(&mut self, id: ImplId, interface: InterfaceId) {
        let (Some(on), Some((_, args))) = (self.impls[id].on, self.impls[id].interface.clone()) else {
            return;
        };
        let others = self.impls_of[interface].clone();
        let twice = others.into_iter().find(|other| self.fit_impl(*other, on, &args) != Fit::No);
        if let Some(other) = twice {
            let problem = explain::interfaces::implemented_twice(self, interface, id, other);
            self.solver.report(problem);
        }
        let (program, definition) = (self.program, &self.program.impls[id]);
        let has = |name: Symbol| definition.methods.iter().any(|m| m.0 == name);
        let methods = program.interfaces[interface].methods.iter();
        let missing: Vec<Symbol> =
            methods.filter(|m| m.default.is_none() && !has(m.name)).map(|m| m.name).collect();
        if !missing.is_empty() {
            self.solver.report(explain::interfaces::methods_missing(program, interface, id, &missing));
        }
    }

    /// Fields of a declared type, per variant, with its own parameters.
    pub(crate) fn fields(&mut self, id: TypeDefId) -> Rc<Vec<Vec<Node>>> {
        if let Some(fields) = &self.types[id].fields {
            return fields.clone();
        }
        let params = self.types[id].params.clone();
        let scope = Scope { params: &params, self_type: None, associated: &[], mailboxes: Mailboxes::Stored };
        let fields = match &self.program.types[id].kind {
            TypeDefKind::Struct(fields) => vec![fields.iter().map(|f| self.convert(&f.ty, &scope)).collect()],
            TypeDefKind::Sum(variants) => variants
                .iter()
                .map(|v| v.fields.iter().map(|f| self.convert(&f.ty, &scope)).collect())
                .collect(),
            TypeDefKind::Alias(_) => Vec::new(),
        };
        let fields = Rc::new(fields);
        self.types[id].fields = Some(fields.clone());
        fields
    }

    /// Makes declared type parameters of a function rigid, with what they implement; gives them and the associated types they bring.
    pub(crate) fn rigid_params(&mut self, params: &[TypeParam]) -> (Vec<Node>, Vec<Node>) {
        let nodes: Vec<Node> = params.iter().map(|p| self.solver.make(Shape::Rigid(p.name))).collect();
        let mut implied = Vec::new();
        for (param, node) in params.iter().zip(&nodes) {
            for reference in &param.bounds {
                let scope =
                    Scope { params: &nodes, self_type: None, associated: &[], mailboxes: Mailboxes::Stored };
                let args = self.convert_args(reference, &scope);
                let bound = self.rigid_bound(reference.interface, args, param.name, &mut implied);
                self.add_bound(*node, bound);
            }
            for (name, reference) in &param.associated {
                let known = self.bounds.get(node).cloned().unwrap_or_default();
                let on = known.iter().find_map(|b| Some(b.associated[self.associated_index(b, *name)?]));
                let Some(on) = on else {
                    let problem =
                        explain::interfaces::no_associated(&self.solver, *node, *name, reference.span);
                    self.solver.report(problem);
                    continue;
                };
                let scope =
                    Scope { params: &nodes, self_type: None, associated: &[], mailboxes: Mailboxes::Stored };
                let args = self.convert_args(reference, &scope);
                let whole = Symbol::new(&format!("{}.{name}", param.name));
                let bound = self.rigid_bound(reference.interface, args, whole, &mut implied);
                self.add_bound(on, bound);
            }
        }
        (nodes, implied)
    }

    fn rigid_bound(
        &mut self,
        interface: InterfaceId,
        args: Vec<Node>,
        name: Symbol,
        implied: &mut Vec<Node>,
    ) -> Bound {
        let names = self.program.interfaces[interface].associated.clone();
        let associated: Vec<Node> = names
            .iter()
            .map(|n| self.solver.make(Shape::Rigid(Symbol::new(&format!("{name}.{n}")))))
            .collect();
        implied.extend(&associated);
        Bound { interface, args, associated }
    }

    /// Notes what a rigid type implements, super-interfaces included.
    pub(crate) fn add_bound(&mut self, node: Node, bound: Bound) {
        let known = self.bounds.entry(node).or_default();
        if known.iter().any(|b| {
            b.interface == bound.interface && b.args.len() == bound.args.len() && b.args == bound.args
        }) {
            return;
        }
        known.push(bound.clone());
        let outer = self.interface_params(bound.interface);
        let args: Vec<Node> = std::iter::once(node).chain(bound.args.iter().copied()).collect();
        for (interface, theirs) in self.interfaces[bound.interface].supers.clone() {
            let theirs = theirs.iter().map(|a| self.solver.substitute(*a, &outer, &args)).collect();
            let associated: Vec<Node> = self.program.interfaces[interface]
                .associated
                .iter()
                .map(|n| Symbol::new(&format!("Self.{n}")))
                .map(|n| self.solver.make(Shape::Rigid(n)))
                .collect();
            self.add_bound(node, Bound { interface, args: theirs, associated });
        }
    }

    /// The instance of an interface method at a type: its function type, the interface's arguments, its own type arguments.
    pub(crate) fn method_instance(
        &mut self,
        interface: InterfaceId,
        method: u32,
        on: Node,
        origin: Origin,
    ) -> MethodUse {
        let info = &self.interfaces[interface];
        let (params, associated) = (info.params.clone(), info.associated.clone());
        let own = info.methods[method as usize].own.clone();
        let (node, bounds) =
            (info.methods[method as usize].node, info.methods[method as usize].bounds.clone());
        let args = self.solver.fresh_many(params.len());
        let theirs = self.solver.fresh_many(associated.len());
        let method_args = self.solver.fresh_many(own.len());
        let mut from: Vec<Node> = info_on(self, interface);
        from.extend(params.iter().chain(&associated).chain(&own));
        let to: Vec<Node> =
            std::iter::once(on).chain(args.iter().chain(&theirs).chain(&method_args).copied()).collect();
        let node = self.solver.substitute(node, &from, &to);
        self.require(Constraint { interface, on, args: args.clone(), associated: theirs, origin });
        for (bound_on, bound) in bounds {
            let on = self.solver.substitute(bound_on, &from, &to);
            let args = bound.args.iter().map(|a| self.solver.substitute(*a, &from, &to)).collect();
            let associated = self.solver.fresh_many(bound.associated.len());
            self.require(Constraint { interface: bound.interface, on, args, associated, origin });
        }
        MethodUse { node, args, method_args }
    }

    /// An origin for tables, outside any body.
    pub(crate) fn table_origin(&self, span: Span) -> Origin {
        Origin { span, function: None, reason: Reason::Plain }
    }

    /// Whether a written type is missing or leaves parts to inference.
    pub(crate) fn leaves_open(ty: &Type) -> bool {
        match &ty.kind {
            TypeKind::Infer => true,
            TypeKind::Builtin(_, args) | TypeKind::Named(_, args) | TypeKind::Tuple(args) => {
                args.iter().any(Self::leaves_open)
            }
            TypeKind::Function(params, result) => {
                params.iter().any(Self::leaves_open) || Self::leaves_open(result)
            }
            TypeKind::Pid(inner) | TypeKind::Associated(inner, _) => Self::leaves_open(inner),
            TypeKind::Tags { tags, open } => *open || tags.iter().any(|t| t.1.iter().any(Self::leaves_open)),
            _ => false,
        }
    }
}

fn info_on(checker: &Checker, interface: InterfaceId) -> Vec<Node> {
    checker.interfaces[interface].on.into_iter().collect()
}

/// An interface method at a type.
pub(crate) struct MethodUse {
    /// Its function type.
    pub node: Node,
    /// The interface's arguments.
    pub args: Vec<Node>,
    /// Its own type arguments.
    pub method_args: Vec<Node>,
}
