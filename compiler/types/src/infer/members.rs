//! Fields and indexing.

use super::Postponed;
use super::postponed::Given;
use crate::checker::{Checker, MemberFact};
use crate::explain;
use crate::solver::node::{Head, Node, Reason};
use snow_names::hir::{Argument, Builtin, Expr, ExprId, ExprKind, TypeDefId, TypeDefKind};
use snow_text::{Span, Symbol};

impl<'p> Checker<'p> {
    /// `recv.name`
    pub(super) fn field(&mut self, e: &'p Expr, receiver: &'p Expr, name: Symbol, name_span: Span) -> Node {
        let receiver = self.expr(receiver);
        let result = self.solver.fresh();
        let body = self.body.clone();
        self.attempt(Postponed::Field { id: e.id, receiver, name, name_span, result, body });
        result
    }

    /// The struct field of a name: its index, where it is declared, its type.
    pub(super) fn find_field(&mut self, receiver: Node, name: Symbol) -> Option<(u32, Span, Node)> {
        let (id, args) = self.named(receiver)?;
        let TypeDefKind::Struct(fields) = &self.program.types[id].kind else { return None };
        let index = fields.iter().position(|f| f.name == Some(name))?;
        let types = self.fields_with(id, &args);
        Some((index as u32, fields[index].span, types[0][index]))
    }

    /// A declared type and its arguments.
    pub(crate) fn named(&self, node: Node) -> Option<(TypeDefId, Vec<Node>)> {
        match self.solver.head(node) {
            Some((Head::Named(id), args)) => Some((id, args.to_vec())),
            _ => None,
        }
    }

    pub(super) fn resolve_field(
        &mut self,
        id: ExprId,
        receiver: Node,
        (name, name_span): (Symbol, Span),
        result: Node,
    ) {
        match self.find_field(receiver, name) {
            Some((index, declared, ty)) => {
                self.check_opaque(receiver, name, name_span);
                let origin = self.because(name_span, Reason::Field(declared));
                self.solver.unify(result, ty, origin);
                self.mention_field(name_span, receiver, index);
                self.note_id(id, MemberFact::Field(index));
            }
            None if self.is_wanted(name) => self.offer_members(receiver, false),
            None => {
                let problem = match self.named(receiver) {
                    Some((def, _)) => explain::members::no_field(self.program, def, name, name_span),
                    None => explain::members::no_member(&self.solver, receiver, name, name_span),
                };
                self.solver.report(problem);
            }
        }
    }

    /// Fields of an opaque type are its own module's.
    pub(super) fn check_opaque(&mut self, receiver: Node, name: Symbol, span: Span) {
        if let Some((id, _)) = self.named(receiver)
            && self.is_hidden(receiver)
        {
            self.solver.report(explain::members::opaque(self.program, id, name, span));
        }
    }

    /// Whether the fields of a type are hidden here.
    pub(crate) fn is_hidden(&self, receiver: Node) -> bool {
        let Some((id, _)) = self.named(receiver) else { return false };
        let definition = &self.program.types[id];
        let here = self.body.function.map(|f| self.program.functions[f].module);
        definition.opaque && here != Some(definition.module)
    }

    /// `x[i]`
    pub(super) fn index(&mut self, e: &'p Expr, receiver: &'p Expr, index: &'p Expr) -> Node {
        let receiver = self.expr(receiver);
        let index_node = self.expr(index);
        let result = self.solver.fresh();
        let body = self.body.clone();
        self.attempt(Postponed::Index {
            id: e.id,
            receiver,
            index: index_node,
            index_span: index.span,
            result,
            span: e.span,
            body,
        });
        result
    }

    /// Indexing is the `get` of the type's module.
    pub(super) fn resolve_index(
        &mut self,
        id: ExprId,
        receiver: Node,
        (index, index_span): (Node, Span),
        result: Node,
        span: Span,
    ) {
        let module = match self.solver.head(receiver) {
            Some((Head::Builtin(Builtin::String), _)) => Some("String"),
            Some((Head::Builtin(Builtin::Bytes), _)) => Some("Bytes"),
            Some((Head::Named(def), _)) => {
                let known = self.known();
                known.and_then(|k| match def {
                    d if d == k.list => Some("List"),
                    d if d == k.map => Some("Map"),
                    d if d == k.array => Some("Array"),
                    _ => None,
                })
            }
            _ => None,
        };
        let get = module
            .and_then(|m| self.std_module(m))
            .and_then(|m| m.functions.iter().find(|f| f.0.as_str() == "get"))
            .map(|f| f.1);
        let Some(get) = get else {
            let problem = explain::members::no_index(&self.solver, receiver, span);
            return self.solver.report(problem);
        };
        let origin = self.origin(span);
        let (node, types) = self.use_function(get, true, origin);
        if let Some((params, _, gives)) = self.solver.function(node)
            && params.len() == 2
        {
            self.solver.subsume(receiver, params[0], origin);
            let at = self.because(index_span, Reason::Argument(get, 1));
            self.solver.subsume(index, params[1], at);
            self.solver.unify(result, gives, origin);
        }
        self.note_id(id, MemberFact::Function(get, types));
    }

    /// `recv.m(a)`
    pub(super) fn method_call(
        &mut self,
        e: &'p Expr,
        receiver: &'p Expr,
        (name, name_span): (Symbol, Span),
        args: &'p [Argument],
    ) -> Node {
        let receiver_node = self.expr(receiver);
        let params = self.expected_params(receiver_node, name);
        let given: Vec<Given> = args
            .iter()
            .enumerate()
            .map(|(index, a)| {
                let wanted =
                    params.as_ref().filter(|_| a.name.is_none()).and_then(|p| p.get(index + 1)).copied();
                let node = self.expr_kind_noted(&a.value, wanted);
                let number = if let ExprKind::Int(number) = a.value.kind { Some(number) } else { None };
                Given { name: a.name, node, span: super::components::end_of(&a.value), number }
            })
            .collect();
        let result = self.solver.fresh();
        let body = self.body.clone();
        self.attempt(Postponed::Method {
            id: e.id,
            receiver: receiver_node,
            name,
            name_span,
            args: given,
            result,
            span: e.span,
            body,
        });
        result
    }

    /// Parameters of the function that a method call on a known type means, for its closures.
    fn expected_params(&mut self, receiver: Node, name: Symbol) -> Option<Vec<Node>> {
        let function = self.module_function(receiver, name)?;
        let origin = self.origin(self.program.functions[function].name_span);
        let muted = std::mem::replace(&mut self.solver.muted, true);
        let (node, _) = self.use_function(function, true, origin);
        let params = self.solver.function(node).map(|f| f.0);
        if let Some(params) = &params
            && let Some(first) = params.first()
            && self.functions[function].stage == crate::checker::Stage::Done
        {
            self.solver.subsume(receiver, *first, origin);
        }
        self.solver.muted = muted;
        params
    }
}
