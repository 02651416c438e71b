//! Calls, function values, constructors.

use crate::checker::{Checker, MemberFact, Use};
use crate::explain;
use crate::polarity::{Polarity, Reified};
use crate::solver::node::{Head, Node, Origin, Reason, Shape};
use snow_abi::entries::Entry;
use snow_abi::intrinsics::INTRINSICS;
use snow_names::hir::{Argument, Expr, ExprKind, FunctionId, FunctionKind, TypeDefId, VariantRef};
use snow_text::{Span, Symbol};

impl<'p> Checker<'p> {
    /// A use of something generic, with the types for its parameters.
    fn note_use(&mut self, e: &Expr, types: Use) {
        if let Some(facts) = self.facts() {
            facts.uses.push((e.id, types));
        }
    }

    /// A function that is not called here.
    pub(super) fn function_value(&mut self, e: &'p Expr) -> Node {
        self.callee(e, false)
    }

    /// The type of what is called.
    fn callee(&mut self, e: &'p Expr, called: bool) -> Node {
        let origin = self.origin(e.span);
        match &e.kind {
            ExprKind::Function(id) => {
                let (node, types) = self.use_function(*id, called, origin);
                self.note_use(e, types);
                node
            }
            ExprKind::Variant(variant) => {
                let (params, fields, whole) = self.variant_instance(*variant);
                self.note_use(e, Use::Types(params));
                let mailbox = self.solver.make(Shape::NoMailbox);
                self.solver.make(Shape::Function(fields, mailbox, whole))
            }
            ExprKind::Primitive(primitive) => {
                let (node, types) = self.row_instance(primitive.row().scheme);
                self.note_use(e, Use::Types(types));
                node
            }
            ExprKind::Intrinsic(index) => self.intrinsic(e, *index, origin),
            ExprKind::TypeMember { ty, name, name_span } => {
                let on = self.written(ty);
                self.static_member(e, on, *name, *name_span)
            }
            ExprKind::InterfaceMember { interface, method } => {
                let on = self.solver.fresh();
                let used = self.method_instance(*interface, *method, on, origin);
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
            _ => self.expr(e),
        }
    }

    fn intrinsic(&mut self, e: &Expr, index: u32, origin: Origin) -> Node {
        let row = &INTRINSICS[index as usize];
        let (node, types) = self.row_instance(row.scheme);
        if let (Some(reified), Some(_)) = (types.first().copied(), row.descriptor_at) {
            let asks = matches!(
                row.entry,
                Entry::WhereIs | Entry::Register | Entry::GlobalWhereIs | Entry::GroupMembers
            );
            let node = if asks { self.solver.make(Shape::Pid(reified)) } else { reified };
            // A message is what it is, so that it finds all who take it; whatever is asked for is as much as its user can do with.
            let is_message = matches!(row.entry, Entry::GroupBroadcast | Entry::TermEncode);
            self.group.reified.push(Reified {
                node,
                polarity: if is_message { Polarity::POSITIVE } else { Polarity::NEGATIVE },
                must_be_known: true,
                travels: matches!(
                    row.entry,
                    Entry::GlobalWhereIs | Entry::GroupMembers | Entry::GroupBroadcast
                ),
                span: origin.span,
                function: origin.function,
            });
        }
        self.note_use(e, Use::Types(types));
        node
    }

    /// `f(a, b)`
    pub(super) fn call(&mut self, e: &'p Expr, callee: &'p Expr, args: &'p [Argument]) -> Node {
        let function = match &callee.kind {
            ExprKind::Function(id) => Some(self.addressee(*id, args)),
            _ => None,
        };
        let node = match (&callee.kind, function) {
            (ExprKind::Function(written), Some(meant)) if *written != meant => {
                let origin = self.origin(callee.span);
                let (node, types) = self.use_function(meant, true, origin);
                self.note_member(callee, MemberFact::Function(meant, types));
                node
            }
            _ => self.callee(callee, true),
        };
        if !matches!(
            callee.kind,
            ExprKind::Call { .. } | ExprKind::Local(_) | ExprKind::Lambda(_) | ExprKind::Field { .. }
        ) {
            self.note(callee, node);
        }
        if let Some(named) = args.iter().find_map(|a| a.name) {
            self.solver.report(explain::arguments::names_of_value(named.1));
        }
        let values: Vec<&'p Expr> = args.iter().map(|a| &a.value).collect();
        self.apply(node, &values, function, Some(self.body.mailbox), e.span)
    }

    /// A service's function that is given a name and a node instead of a pid is the one for these.
    fn addressee(&mut self, function: FunctionId, args: &[Argument]) -> FunctionId {
        match (self.program.by_name.get(&function), args.first()) {
            (Some(by_name), Some(to)) if self.is_pair(&to.value) => *by_name,
            _ => function,
        }
    }

    /// Whether a pair stands here, as far as can be told before anything is inferred: a literal, a local, a constant.
    fn is_pair(&mut self, e: &Expr) -> bool {
        let node = match &e.kind {
            ExprKind::Tuple(items) => return items.len() == 2,
            ExprKind::Local(local) => self.locals[*local],
            ExprKind::Call { callee, .. } => match callee.kind {
                ExprKind::Function(id) if self.program.functions[id].kind == FunctionKind::Constant => {
                    let origin = self.origin(e.span);
                    let (node, _) = self.use_function(id, true, origin);
                    self.solver.function(node).map(|(_, _, result)| result)
                }
                _ => None,
            },
            _ => None,
        };
        node.is_some_and(|node| matches!(self.solver.head(node), Some((Head::Tuple, _))))
    }

    /// Applies a function to arguments; `around` is the mailbox of the code that calls.
    pub(super) fn apply(
        &mut self,
        callee: Node,
        args: &[&'p Expr],
        function: Option<FunctionId>,
        around: Option<Node>,
        span: Span,
    ) -> Node {
        let origin = self.origin(span);
        if self.solver.is_variable(callee) {
            let params = self.solver.fresh_many(args.len());
            let (mailbox, result) = (self.solver.fresh(), self.solver.fresh());
            let shape = self.solver.make(Shape::Function(params, mailbox, result));
            self.solver.unify(callee, shape, origin);
        }
        let Some((params, mailbox, result)) = self.solver.function(callee) else {
            for arg in args {
                self.expr(arg);
            }
            if !matches!(self.solver.shape(callee), Shape::Error) {
                let problem = explain::arguments::not_callable(&self.solver, callee, span);
                self.solver.report(problem);
            }
            return self.solver.make(Shape::Error);
        };
        if params.len() != args.len() {
            let problem = explain::arguments::count(&self.solver, function, args.len(), params.len(), span);
            self.solver.report(problem);
            for arg in args {
                self.expr(arg);
            }
            return result;
        }
        // Closures come last: the other arguments tell the types of their parameters.
        let is_closure = |e: &Expr| matches!(e.kind, ExprKind::Lambda(_));
        for late in [false, true] {
            for (index, arg) in args.iter().enumerate().filter(|(_, a)| is_closure(a) == late) {
                let reason = function.map_or(Reason::Plain, |f| Reason::Argument(f, index as u32));
                self.hand_over(arg, params[index], reason);
            }
        }
        if let Some(around) = around {
            self.solver.effect(mailbox, around, origin);
        }
        result
    }

    /// A variant's type parameters, its fields' types, and the whole, for one use.
    pub(crate) fn variant_instance(&mut self, variant: VariantRef) -> (Vec<Node>, Vec<Node>, Node) {
        let (params, fields) = self.fields_instance(variant.ty);
        let whole = self.solver.constructed(Head::Named(variant.ty), params.clone());
        (params, fields[variant.index as usize].clone(), whole)
    }

    /// A declared type's parameters and its fields' types per variant, for one use.
    pub(crate) fn fields_instance(&mut self, id: TypeDefId) -> (Vec<Node>, Vec<Vec<Node>>) {
        let from = self.types[id].params.clone();
        let to = self.solver.fresh_many(from.len());
        let fields = self.fields_with(id, &to);
        (to, fields)
    }

    /// A declared type's fields for given arguments.
    pub(crate) fn fields_with(&mut self, id: TypeDefId, args: &[Node]) -> Vec<Vec<Node>> {
        let from = self.types[id].params.clone();
        let fields = self.fields(id);
        fields.iter().map(|v| v.iter().map(|f| self.solver.substitute(*f, &from, args)).collect()).collect()
    }

    /// A variant with all its arguments.
    pub(super) fn construct(&mut self, e: &'p Expr, variant: VariantRef, args: &'p [Expr]) -> Node {
        let (params, fields, whole) = self.variant_instance(variant);
        let spans = self.field_spans(variant.ty, variant.index);
        for (index, (arg, field)) in args.iter().zip(fields).enumerate() {
            let reason = spans.get(index).map_or(Reason::Plain, |s| Reason::Field(*s));
            self.hand_over(arg, field, reason);
        }
        self.note_use(e, Use::Types(params));
        whole
    }

    fn field_spans(&self, id: TypeDefId, variant: u32) -> Vec<Span> {
        match &self.program.types[id].kind {
            snow_names::hir::TypeDefKind::Struct(fields) => fields.iter().map(|f| f.span).collect(),
            snow_names::hir::TypeDefKind::Sum(variants) => {
                variants[variant as usize].fields.iter().map(|f| f.span).collect()
            }
            snow_names::hir::TypeDefKind::Alias(_) => Vec::new(),
        }
    }

    /// `Point { x: 1 }`
    pub(super) fn structure(&mut self, e: &'p Expr, id: TypeDefId, fields: &'p [(u32, Expr)]) -> Node {
        let (params, types) = self.fields_instance(id);
        let spans = self.field_spans(id, 0);
        for (index, value) in fields {
            let Some(ty) = types.first().and_then(|t| t.get(*index as usize)).copied() else { continue };
            self.hand_over(value, ty, Reason::Field(spans[*index as usize]));
        }
        self.note_use(e, Use::Types(params.clone()));
        self.solver.constructed(Head::Named(id), params)
    }

    /// `%{p | x: 2}`
    pub(super) fn update(&mut self, base: &'p Expr, fields: &'p [(Symbol, Span, Expr)]) -> Node {
        let whole = self.expr(base);
        let mut written = Vec::new();
        for (name, span, value) in fields {
            let node = self.solver.fresh();
            let found = self.expr(value);
            let origin = self.origin(value.span);
            self.solver.subsume(found, node, origin);
            written.push((*name, *span, node));
        }
        let wait = super::Postponed::Update {
            base: whole,
            fields: written,
            span: base.span,
            body: self.body.clone(),
        };
        self.attempt(wait);
        whole
    }
}
