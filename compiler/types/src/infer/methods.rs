//! Which function a method call means.

use super::postponed::Given;
use crate::checker::{Checker, MemberFact};
use crate::explain;
use crate::interfaces::Found;
use crate::solver::node::{Head, Node, Reason, Shape};
use crate::typed::ArgumentSource;
use snow_names::hir::{Builtin, Expr, ExprId, FunctionId, ModuleId, Target};
use snow_text::{Span, Symbol};

impl<'p> Checker<'p> {
    /// The module where a type lives.
    pub(crate) fn home(&self, node: Node) -> Option<ModuleId> {
        let by_name = |name: &str| {
            let name = Symbol::new(name);
            self.program.modules.iter().find(|(_, m)| m.is_std && m.name == name).map(|m| m.0)
        };
        match self.solver.shape(node) {
            Shape::Constructed(Head::Named(id), _) => Some(self.program.types[*id].module),
            Shape::Constructed(Head::Builtin(builtin), _) => self
                .program
                .modules
                .iter()
                .find(|(_, m)| m.home_of == Some(*builtin))
                .map(|m| m.0)
                .or_else(|| by_name(builtin_module(*builtin))),
            Shape::Constructed(Head::Tuple, _) => by_name("Tuple"),
            Shape::Pid(_) => by_name("Pid"),
            _ => None,
        }
    }

    /// A function of the module that defines the receiver's type.
    pub(super) fn module_function(&self, receiver: Node, name: Symbol) -> Option<FunctionId> {
        let home = self.home(receiver)?;
        let (_, id) = self.program.modules[home].functions.iter().find(|f| f.0 == name)?;
        let function = &self.program.functions[*id];
        let here = self.body.function.map(|f| self.program.functions[f].module);
        (function.public || here == Some(home)).then_some(*id)
    }

    /// All that a method name on a type can mean, best first.
    fn find_method(&mut self, receiver: Node, name: Symbol) -> Vec<Found> {
        let inherent: Vec<Found> = self
            .inherent
            .get(&name)
            .into_iter()
            .flatten()
            .filter(|(owner, _)| self.fit_impl(*owner, receiver, &[]) != crate::interfaces::Fit::No)
            .map(|(_, function)| Found::Function(*function))
            .collect();
        if !inherent.is_empty() {
            return inherent;
        }
        if let Some(function) = self.module_function(receiver, name) {
            return vec![Found::Function(function)];
        }
        let candidates = self.methods.get(&name).cloned().unwrap_or_default();
        candidates
            .into_iter()
            .filter(|(interface, _)| self.implements(*interface, receiver))
            .map(|(interface, method)| Found::Interface(interface, method))
            .collect()
    }

    /// Whether a type has an interface, by impl, bound or structure.
    pub(crate) fn implements(&self, interface: snow_names::hir::InterfaceId, node: Node) -> bool {
        let root = self.solver.find(node);
        if let Some(bounds) = self.bounds.get(&root) {
            return bounds.iter().any(|b| b.interface == interface)
                || self.is_display(interface)
                || self.is_structural(interface) && self.has_impl(interface, node);
        }
        if matches!(self.solver.shape(node), Shape::Rigid(_)) {
            return self.is_display(interface);
        }
        self.has_impl(interface, node)
            || self.is_structural(interface)
            || self.is_display(interface)
            || self.is_derived(interface, node)
    }

    /// Whether a field may be meant by `recv.name(…)`: it can be seen here and is no plain value.
    fn may_be_called(&self, receiver: Node, field: Node) -> bool {
        let value =
            matches!(self.solver.shape(field), Shape::Constructed(..) | Shape::Tags(_) | Shape::Pid(_));
        !value && !self.is_hidden(receiver)
    }

    pub(super) fn resolve_method(
        &mut self,
        id: ExprId,
        receiver: Node,
        (name, name_span): (Symbol, Span),
        args: &[Given],
        (result, span): (Node, Span),
    ) {
        if let Some(of_tuple) = self.tuple_form(receiver, name) {
            return self.of_tuple(id, receiver, of_tuple, args, (result, span));
        }
        let field = self.find_field(receiver, name).map(|(index, _, ty)| (index, ty));
        if let Some((index, ty)) = field
            && self.may_be_called(receiver, ty)
        {
            self.mention_field(name_span, receiver, index);
            self.note_id(id, MemberFact::FieldCall(index));
            return self.call_given(ty, None, args, (result, span));
        }
        let found = self.find_method(receiver, name);
        match (found.as_slice(), field) {
            ([], Some((_, ty))) => {
                self.check_opaque(receiver, name, name_span);
                self.call_given(ty, None, args, (result, span));
            }
            ([], None) if self.is_wanted(name) => self.offer_members(receiver, false),
            ([], None) => self.no_method(receiver, (name, name_span), (result, span)),
            ([Found::Function(function)], _) => {
                let origin = self.origin(name_span);
                let (node, types) = self.use_function(*function, true, origin);
                self.mention(name_span, Target::Function(*function));
                self.note_id(id, MemberFact::Function(*function, types));
                self.call_method(id, node, *function, receiver, args, (result, span));
            }
            ([Found::Interface(interface, method)], _) => {
                let origin = self.origin(name_span);
                let used = self.method_instance(*interface, *method, receiver, origin);
                self.mention(name_span, Target::InterfaceMethod(*interface, *method));
                let fact = MemberFact::Interface {
                    interface: *interface,
                    method: *method,
                    on: receiver,
                    args: used.args,
                    method_args: used.method_args,
                };
                self.note_id(id, fact);
                let own = Given { name: None, node: receiver, span: name_span, number: None };
                let all: Vec<Given> = std::iter::once(own).chain(args.iter().copied()).collect();
                self.call_given(used.node, None, &all, (result, span));
            }
            (many, _) => {
                let problem = explain::members::ambiguous(self, many, name, name_span);
                self.solver.report(problem);
            }
        }
    }

    fn no_method(&mut self, receiver: Node, (name, at): (Symbol, Span), (result, span): (Node, Span)) {
        let problem = explain::members::no_method(self, receiver, name, at);
        self.solver.report(problem);
        let error = self.solver.make(Shape::Error);
        let origin = self.origin(span);
        self.solver.unify(result, error, origin);
    }

    /// A call of a known function with the receiver first; named arguments and defaults find their places.
    fn call_method(
        &mut self,
        id: ExprId,
        node: Node,
        function: FunctionId,
        receiver: Node,
        args: &[Given],
        (result, span): (Node, Span),
    ) {
        let own = Given { name: None, node: receiver, span, number: None };
        let all: Vec<Given> = std::iter::once(own).chain(args.iter().copied()).collect();
        let definition = &self.program.functions[function];
        let plain = args.iter().all(|a| a.name.is_none()) && all.len() == definition.params.len();
        if plain {
            return self.call_given(node, Some(function), &all, (result, span));
        }
        let Some((order, placed)) = self.place_arguments(function, &all, span) else { return };
        if let Some(facts) = self.facts() {
            facts.orders.push((id, order));
        }
        let Some((params, mailbox, gives)) = self.solver.function(node) else { return };
        for (index, (argument, param)) in placed.iter().zip(&params).enumerate() {
            if let Some(argument) = argument {
                let origin = self.because(argument.span, Reason::Argument(function, index as u32));
                self.solver.subsume(argument.node, *param, origin);
            }
        }
        let origin = self.origin(span);
        self.solver.effect(mailbox, self.body.mailbox, origin);
        self.solver.unify(result, gives, origin);
    }

    /// Where each parameter's argument comes from; reports what does not fit.
    fn place_arguments(
        &mut self,
        function: FunctionId,
        all: &[Given],
        span: Span,
    ) -> Option<(Vec<ArgumentSource>, Vec<Option<Given>>)> {
        let definition = &self.program.functions[function];
        let positional = all.iter().take_while(|a| a.name.is_none()).count();
        if positional > definition.params.len() {
            let (given, wanted) = (all.len() - 1, definition.params.len() - 1);
            let problem = explain::arguments::count(&self.solver, Some(function), given, wanted, span);
            self.solver.report(problem);
            return None;
        }
        for (name, at) in all.iter().filter_map(|a| a.name) {
            let place = definition.params.iter().position(|p| p.name == name);
            if let Some(index) = place {
                self.mention(at, Target::Parameter(function, index as u32));
            } else {
                let problem = explain::arguments::unknown_name(&self.solver, function, name, at);
                self.solver.report(problem);
                return None;
            }
        }
        let (mut order, mut placed) = (Vec::new(), Vec::new());
        for (index, param) in definition.params.iter().enumerate() {
            let named = all.iter().position(|a| a.name.is_some_and(|n| n.0 == param.name));
            let given = if index < positional { Some(index) } else { named };
            match (given, param.default) {
                (Some(at), _) => {
                    order.push(ArgumentSource::Given(at as u32));
                    placed.push(Some(all[at]));
                }
                (None, Some(default)) => {
                    let origin = self.origin(span);
                    self.use_function(default, true, origin);
                    order.push(ArgumentSource::Default(default));
                    placed.push(None);
                }
                (None, None) => {
                    let problem = explain::arguments::missing(&self.solver, function, index, span);
                    self.solver.report(problem);
                    return None;
                }
            }
        }
        Some((order, placed))
    }

    /// Applies a function to arguments whose types are known.
    fn call_given(
        &mut self,
        callee: Node,
        function: Option<FunctionId>,
        args: &[Given],
        (result, span): (Node, Span),
    ) {
        let origin = self.origin(span);
        let Some((params, mailbox, gives)) = self.solver.function(callee) else {
            let problem = explain::arguments::not_callable(&self.solver, callee, span);
            return self.solver.report(problem);
        };
        if params.len() != args.len() {
            let problem = explain::arguments::count(&self.solver, function, args.len(), params.len(), span);
            return self.solver.report(problem);
        }
        for (index, (argument, param)) in args.iter().zip(&params).enumerate() {
            let reason = match (function, index) {
                (Some(f), 0) => Reason::Receiver(f),
                (Some(f), _) => Reason::Argument(f, index as u32),
                (None, _) => Reason::Plain,
            };
            let origin = self.because(argument.span, reason);
            self.solver.subsume(argument.node, *param, origin);
        }
        self.solver.effect(mailbox, self.body.mailbox, origin);
        self.solver.unify(result, gives, origin);
    }

    /// `Type.name`: a static method, or a method as a function.
    pub(super) fn static_member(&mut self, e: &Expr, on: Node, name: Symbol, span: Span) -> Node {
        let found = self.find_method(on, name);
        let origin = self.origin(span);
        match found.as_slice() {
            [Found::Function(function)] => {
                let (node, types) = self.use_function(*function, true, origin);
                self.mention(span, Target::Function(*function));
                self.note_member(e, MemberFact::Function(*function, types));
                node
            }
            [Found::Interface(interface, method), ..] => {
                let used = self.method_instance(*interface, *method, on, origin);
                self.mention(span, Target::InterfaceMethod(*interface, *method));
                let fact = MemberFact::Interface {
                    interface: *interface,
                    method: *method,
                    on,
                    args: used.args,
                    method_args: used.method_args,
                };
                self.note_member(e, fact);
                used.node
            }
            [] if self.is_wanted(name) => {
                self.offer_members(on, true);
                self.solver.make(Shape::Error)
            }
            _ => {
                let problem = explain::members::no_method(self, on, name, span);
                self.solver.report(problem);
                self.solver.make(Shape::Error)
            }
        }
    }
}

fn builtin_module(builtin: Builtin) -> &'static str {
    match builtin {
        Builtin::Int => "Int",
        Builtin::Float => "Float",
        Builtin::Bool => "Bool",
        Builtin::String => "String",
        Builtin::Bytes => "Bytes",
        Builtin::ProcessId => "ProcessId",
        Builtin::MonitorRef => "MonitorRef",
        Builtin::Array => "Array",
    }
}
