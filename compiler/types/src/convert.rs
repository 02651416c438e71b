//! Types as written become types of the solver.

use crate::checker::Checker;
use crate::explain;
use crate::interfaces::Constraint;
use crate::solver::node::{Closed, Head, Node, Origin, Reason, Shape};
use snow_names::hir::{Builtin, FunctionId, Type, TypeDefId, TypeDefKind, TypeKind};
use snow_text::{Span, Symbol};

/// What function types written there do with their mailbox.
#[derive(Clone, Copy)]
pub enum Mailboxes {
    /// In data: they touch none.
    Stored,
    /// In signatures and annotations: inferred.
    Inferred,
    /// In an interface method: one mailbox for all, the method's own.
    Shared(Node),
}

/// What names in a type stand for.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// Type parameters by position.
    pub params: &'a [Node],
    /// `Self`.
    pub self_type: Option<Node>,
    /// Associated types of `Self`, by name: in an interface.
    pub associated: &'a [(Symbol, Node)],
    /// Function types.
    pub mailboxes: Mailboxes,
}

const NESTING_MAX: u32 = 200;

impl Checker<'_> {
    /// A type as written.
    pub fn convert(&mut self, ty: &Type, scope: &Scope) -> Node {
        self.depth += 1;
        let node =
            if self.depth > NESTING_MAX { self.endless(ty.span) } else { self.convert_kind(ty, scope) };
        self.depth -= 1;
        node
    }

    fn convert_kind(&mut self, ty: &Type, scope: &Scope) -> Node {
        match &ty.kind {
            TypeKind::Error => self.solver.make(Shape::Error),
            TypeKind::Infer => self.solver.fresh(),
            TypeKind::Unit => self.solver.unit(),
            TypeKind::Never => self.solver.constructed(Head::Never, Vec::new()),
            TypeKind::Builtin(builtin, args) => self.convert_builtin(*builtin, args, scope),
            TypeKind::Named(id, args) => self.convert_named(*id, args, ty.span, scope),
            TypeKind::Param(index) => match scope.params.get(*index as usize) {
                Some(node) => *node,
                None => self.solver.make(Shape::Error),
            },
            TypeKind::SelfType => match scope.self_type {
                Some(node) => node,
                None => self.solver.make(Shape::Error),
            },
            TypeKind::Associated(base, name) => self.convert_associated(base, *name, ty.span, scope),
            TypeKind::Tuple(parts) => {
                let parts = self.convert_all(parts, scope);
                self.solver.constructed(Head::Tuple, parts)
            }
            TypeKind::Function(params, result) => self.convert_function(params, result, scope),
            TypeKind::Pid(messages) => {
                let messages = self.convert(messages, scope);
                self.solver.make(Shape::Pid(messages))
            }
            TypeKind::Mailbox(actor) => self.mailbox_of(*actor, ty.span),
            TypeKind::Result(function) => self.result_of(*function, ty.span),
            TypeKind::Tags { tags, open } => self.convert_tags(tags, *open, ty.span, scope),
        }
    }

    fn convert_all(&mut self, types: &[Type], scope: &Scope) -> Vec<Node> {
        types.iter().map(|t| self.convert(t, scope)).collect()
    }

    fn convert_builtin(&mut self, builtin: Builtin, args: &[Type], scope: &Scope) -> Node {
        let mut args = self.convert_all(args, scope);
        if builtin == Builtin::Array && args.is_empty() {
            args.push(self.solver.fresh());
        }
        self.solver.constructed(Head::Builtin(builtin), args)
    }

    fn convert_function(&mut self, params: &[Type], result: &Type, scope: &Scope) -> Node {
        let params = self.convert_all(params, scope);
        let result = self.convert(result, scope);
        let mailbox = match scope.mailboxes {
            Mailboxes::Stored => self.solver.make(Shape::NoMailbox),
            Mailboxes::Inferred => self.solver.fresh(),
            Mailboxes::Shared(node) => node,
        };
        self.solver.make(Shape::Function(params, mailbox, result))
    }

    fn convert_named(&mut self, id: TypeDefId, args: &[Type], span: Span, scope: &Scope) -> Node {
        let wanted = self.program.types[id].params.len();
        let mut nodes = self.convert_all(args, scope);
        if !args.is_empty() && args.len() != wanted {
            let problem = explain::definitions::type_arguments(self.program, id, args.len(), span);
            self.solver.report(problem);
        }
        nodes.truncate(wanted);
        while nodes.len() < wanted {
            nodes.push(self.solver.fresh());
        }
        match &self.program.types[id].kind {
            TypeDefKind::Alias(body) => self.expand(id, nodes, body, span),
            _ => self.solver.constructed(Head::Named(id), nodes),
        }
    }

    /// An alias: its meaning. Recursion has to pass through a tag.
    fn expand(&mut self, id: TypeDefId, args: Vec<Node>, body: &Type, span: Span) -> Node {
        if let Some(node) = self.expanded.get(&id) {
            return *node;
        }
        let same = |c: &Self, theirs: &[Node]| {
            theirs.iter().zip(&args).all(|(a, b)| c.solver.find(*a) == c.solver.find(*b))
        };
        if let Some((_, _, node)) =
            self.expanding.iter().find(|(other, theirs, _)| *other == id && same(self, theirs))
        {
            return *node;
        }
        let hole = self.solver.fresh();
        self.expanding.push((id, args.clone(), hole));
        let scope = Scope { params: &args, self_type: None, associated: &[], mailboxes: Mailboxes::Stored };
        let node = self.convert(body, &scope);
        self.expanding.pop();
        let root = self.solver.find(node);
        if root == hole || self.solver.occurs(hole, root) {
            let problem = explain::definitions::endless_alias(self.program, id, span);
            self.solver.report(problem);
            return self.solver.make(Shape::Error);
        }
        self.solver.nodes[hole] = Shape::Link(node);
        if args.is_empty() && self.expanding.is_empty() {
            self.solver.settle(node);
            self.expanded.insert(id, node);
        }
        node
    }

    fn endless(&mut self, span: Span) -> Node {
        let problem = explain::definitions::endless_type(span);
        self.solver.report(problem);
        self.solver.make(Shape::Error)
    }

    fn convert_tags(
        &mut self,
        tags: &[(Symbol, Vec<Type>, Span)],
        open: bool,
        span: Span,
        scope: &Scope,
    ) -> Node {
        let origin = self.because(span, Reason::Annotation(span));
        let row = self.solver.row(origin);
        let node = self.solver.make(Shape::Tags(row));
        for (name, args, place) in tags {
            let args = self.convert_all(args, scope);
            self.solver.add_tag(row, *name, args, origin.at(*place));
        }
        if !open {
            self.solver.close(row, Closed::Annotation(span));
            self.solver.settle(node);
        }
        node
    }

    /// What a function gives.
    fn result_of(&mut self, function: FunctionId, span: Span) -> Node {
        let origin = self.origin(span);
        // Only a type is asked for: nothing of this use is there when the program runs.
        let reified = self.group.reified.len();
        let (node, _) = self.use_function(function, true, origin);
        self.group.reified.truncate(reified);
        match self.solver.shape(node) {
            Shape::Function(_, _, result) => *result,
            _ => self.solver.make(Shape::Error),
        }
    }

    /// An actor's name for the type of its messages. Declarations of types come before all inference: theirs are filled in later.
    pub(crate) fn mailbox_of(&mut self, actor: FunctionId, span: Span) -> Node {
        if self.components.is_empty() {
            let node = self.solver.fresh();
            self.late_mailboxes.push((actor, node, span));
            return node;
        }
        let origin = self.origin(span);
        let reified = self.group.reified.len();
        let (node, _) = self.use_function(actor, false, origin);
        self.group.reified.truncate(reified);
        match self.solver.shape(node) {
            Shape::Function(_, mailbox, _) => *mailbox,
            _ => self.solver.make(Shape::Error),
        }
    }

    fn convert_associated(&mut self, base: &Type, name: Symbol, span: Span, scope: &Scope) -> Node {
        if matches!(base.kind, TypeKind::Param(0))
            && let Some((_, node)) = scope.associated.iter().find(|(n, _)| *n == name)
        {
            return *node;
        }
        let node = self.convert(base, scope);
        let root = self.solver.find(node);
        if let Some(bounds) = self.bounds.get(&root) {
            for bound in bounds {
                let index =
                    self.program.interfaces[bound.interface].associated.iter().position(|n| *n == name);
                if let Some(index) = index {
                    return bound.associated[index];
                }
            }
        }
        self.project(node, name, span)
    }

    /// The associated type of a known type.
    fn project(&mut self, node: Node, name: Symbol, span: Span) -> Node {
        let found = self
            .program
            .interfaces
            .iter()
            .find(|(id, interface)| interface.associated.contains(&name) && self.has_impl(*id, node));
        let Some((interface, definition)) = found else {
            let problem = explain::interfaces::no_associated(&self.solver, node, name, span);
            self.solver.report(problem);
            return self.solver.make(Shape::Error);
        };
        let associated = self.solver.fresh_many(definition.associated.len());
        let args = self.solver.fresh_many(definition.params.len());
        let index = definition.associated.iter().position(|n| *n == name).expect("found by name");
        let result = associated[index];
        let origin = Origin { span, function: self.body.function, reason: Reason::Plain };
        self.require(Constraint { interface, on: node, args, associated, origin });
        result
    }
}
