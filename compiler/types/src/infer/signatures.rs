//! What a function's declaration says of its type, before its body is walked.

use crate::checker::{Checker, Stage};
use crate::convert::{Mailboxes, Scope};
use crate::solver::node::{Node, Reason, Shape};
use snow_names::hir::{Function, FunctionId, FunctionKind, ImplId, Type};

impl<'p> Checker<'p> {
    /// Makes the function's type from its declaration; undeclared parts are unknown.
    pub(super) fn declare(&mut self, id: FunctionId) {
        let function = &self.program.functions[id];
        let (declared, implied) = self.rigid_params(&function.type_params);
        let info = &mut self.functions[id];
        (info.stage, info.declared, info.implied) = (Stage::Active, declared, implied);
        self.body.function = Some(id);
        let params: Vec<Node> =
            function.params.iter().map(|p| self.declared_or_fresh(id, p.ty.as_ref())).collect();
        let result = self.declared_or_fresh(id, function.result.as_ref());
        let mailbox = self.solver.fresh();
        let node = self.solver.make(Shape::Function(params.clone(), mailbox, result));
        self.functions[id].node = Some(node);
        let open = |ty: &Option<Type>| ty.as_ref().is_none_or(Self::leaves_open);
        let declared_in_full = !function.params.iter().any(|p| open(&p.ty)) && !open(&function.result);
        self.functions[id].complete = declared_in_full && !function.type_params.is_empty();
        for (param, node) in function.params.iter().zip(&params) {
            self.locals[param.local] = Some(*node);
        }
        match function.kind {
            FunctionKind::Method(owner) => {
                self.declare_method(id, owner, function, &params, (mailbox, result))
            }
            FunctionKind::InterfaceDefault(_) => self.declare_self(id, function, &params),
            _ => {}
        }
    }

    fn declared_or_fresh(&mut self, id: FunctionId, ty: Option<&'p Type>) -> Node {
        match ty {
            Some(ty) => self.annotation(id, ty),
            None => self.solver.fresh(),
        }
    }

    /// A type written in a function.
    pub(crate) fn annotation(&mut self, id: FunctionId, ty: &Type) -> Node {
        let declared = self.functions[id].declared.clone();
        let self_type = self.self_type(id);
        let scope = Scope { params: &declared, self_type, associated: &[], mailboxes: Mailboxes::Inferred };
        self.convert(ty, &scope)
    }

    /// `Self` in a method.
    fn self_type(&mut self, id: FunctionId) -> Option<Node> {
        let declared = self.functions[id].declared.clone();
        match self.program.functions[id].kind {
            FunctionKind::Method(owner) => {
                let params = self.impls[owner].params.clone();
                let on = self.impls[owner].on?;
                Some(self.solver.substitute(on, &params, &declared))
            }
            FunctionKind::InterfaceDefault(_) => declared.first().copied(),
            _ => None,
        }
    }

    fn declare_self(&mut self, id: FunctionId, function: &Function, params: &[Node]) {
        let takes_self = function.params.first().is_some_and(|p| p.name.as_str() == "self");
        if let (Some(self_type), true) = (self.self_type(id), takes_self) {
            let origin = self.origin(function.name_span);
            self.solver.unify(params[0], self_type, origin);
        }
    }

    /// A method of an impl has the type that its interface declares.
    fn declare_method(
        &mut self,
        id: FunctionId,
        owner: ImplId,
        function: &Function,
        params: &[Node],
        (mailbox, result): (Node, Node),
    ) {
        self.declare_self(id, function, params);
        let Some((interface, args)) = self.impls[owner].interface.clone() else { return };
        let definition = &self.program.interfaces[interface];
        let Some(index) = definition.methods.iter().position(|m| m.name == function.name) else { return };
        let declared = self.functions[id].declared.clone();
        let impl_params = self.impls[owner].params.clone();
        let Some(self_type) = self.self_type(id) else { return };
        let mut from = self.interface_params(interface);
        let mut to = vec![self_type];
        to.extend(
            args.iter().map(|a| self.solver.substitute(*a, &impl_params, &declared)).collect::<Vec<_>>(),
        );
        for (name, node) in definition
            .associated
            .iter()
            .zip(self.interfaces[interface].associated.clone())
            .collect::<Vec<_>>()
        {
            let own = self.impls[owner].associated.iter().find(|a| a.0 == *name).map(|a| a.1);
            if let Some(own) = own {
                from.push(node);
                to.push(self.solver.substitute(own, &impl_params, &declared));
            }
        }
        let method = &self.interfaces[interface].methods[index];
        let (own, node) = (method.own.clone(), method.node);
        let rigid_count = definition.methods[index].type_params.len();
        let own_declared = &declared[impl_params.len().min(declared.len())..];
        for (at, param) in own.iter().enumerate() {
            from.push(*param);
            let known = own_declared.get(at).copied().filter(|_| at < rigid_count);
            to.push(known.unwrap_or_else(|| self.solver.fresh()));
        }
        let wanted = self.solver.substitute(node, &from, &to);
        self.fit_method(function, wanted, (params, mailbox, result), definition.methods[index].span);
    }

    /// Own types are those that the interface wants.
    fn fit_method(
        &mut self,
        function: &Function,
        wanted: Node,
        (params, mailbox, result): (&[Node], Node, Node),
        declared: snow_text::Span,
    ) {
        let origin = self.because(function.name_span, Reason::Interface(declared));
        let Some((wanted_params, wanted_mailbox, wanted_result)) = self.solver.function(wanted) else {
            return;
        };
        if wanted_params.len() != params.len() {
            let problem = crate::explain::interfaces::method_arity(
                self.program,
                function,
                wanted_params.len(),
                declared,
            );
            return self.solver.report(problem);
        }
        for (own, wanted) in params.iter().zip(&wanted_params) {
            self.solver.unify(*own, *wanted, origin);
        }
        self.solver.unify(result, wanted_result, origin);
        if !matches!(self.solver.shape(wanted_mailbox), Shape::NoMailbox) {
            self.solver.unify(mailbox, wanted_mailbox, origin);
        }
    }
}
