//! Forms that need a type that is not known yet.

use crate::checker::{Body, Checker, MemberFact};
use crate::explain;
use crate::interfaces::Constraint;
use crate::solver::node::{Head, Node, Origin, Shape};
use snow_diagnostics::Diagnostic;
use snow_names::hir::{Builtin, ExprId, TypeDefKind};
use snow_text::{Span, Symbol};

/// An argument of a method call.
#[derive(Clone, Copy)]
pub struct Given {
    /// `scale:`
    pub name: Option<(Symbol, Span)>,
    /// Its type.
    pub node: Node,
    /// Where.
    pub span: Span,
    /// Its value, when it is a number that is written there.
    pub number: Option<i64>,
}

/// What waits.
#[derive(Clone)]
pub enum Postponed {
    /// `recv.m(a)`
    Method {
        id: ExprId,
        receiver: Node,
        name: Symbol,
        name_span: Span,
        args: Vec<Given>,
        result: Node,
        span: Span,
        body: Body,
    },
    /// `recv.name`
    Field { id: ExprId, receiver: Node, name: Symbol, name_span: Span, result: Node, body: Body },
    /// `x[i]`
    Index { id: ExprId, receiver: Node, index: Node, index_span: Span, result: Node, span: Span, body: Body },
    /// `%{p | x: 2}`
    Update { base: Node, fields: Vec<(Symbol, Span, Node)>, span: Span, body: Body },
    /// `e?`
    Try { id: ExprId, operand: Node, result: Node, function_result: Node, span: Span, body: Body },
}

impl Checker<'_> {
    /// Does what can be done now, or waits.
    pub(crate) fn attempt(&mut self, form: Postponed) {
        if !self.resolve(&form, false) {
            self.group.postponed.push(form);
        }
    }

    /// Looks at all waiting forms again; whether any was resolved. `last`: reports the first that cannot be.
    pub(crate) fn retry_postponed(&mut self, last: bool) -> bool {
        let waiting = std::mem::take(&mut self.group.postponed);
        let count = waiting.len();
        let mut report = last;
        for form in waiting {
            if !self.resolve(&form, report) {
                self.group.postponed.push(form);
            } else {
                report = false;
            }
        }
        self.group.postponed.len() != count
    }

    /// Whether the form is done with.
    fn resolve(&mut self, form: &Postponed, report: bool) -> bool {
        let (subject, span) = match form {
            Postponed::Method { receiver, name_span, .. } | Postponed::Field { receiver, name_span, .. } => {
                (*receiver, *name_span)
            }
            Postponed::Index { receiver, span, .. } => (*receiver, *span),
            Postponed::Update { base, span, .. } => (*base, *span),
            Postponed::Try { operand, span, .. } => (*operand, *span),
        };
        if self.solver.is_variable(subject) {
            if let Postponed::Try { function_result, .. } = form
                && report
                && self.try_by_result(subject, *function_result)
            {
                return self.resolve(form, false);
            }
            if report {
                let problem = explain::members::unknown_receiver(span);
                self.solver.report(problem);
                let error = self.solver.make(Shape::Error);
                let origin = self.origin(span);
                self.solver.unify(subject, error, origin);
                self.give_error(form);
            }
            return report;
        }
        if matches!(self.solver.shape(subject), Shape::Error) {
            self.give_error(form);
            return true;
        }
        let outer = std::mem::replace(&mut self.body, body_of(form).clone());
        self.resolve_known(form);
        self.body = outer;
        true
    }

    /// `?` on an unknown operand: what the function gives tells which.
    fn try_by_result(&mut self, operand: Node, function_result: Node) -> bool {
        let Some(known) = self.known() else { return false };
        let head = match self.solver.head(function_result) {
            Some((Head::Named(id), _)) if id == known.option || id == known.result => id,
            _ => return false,
        };
        let args = self.solver.fresh_many(self.program.types[head].params.len());
        let node = self.solver.constructed(Head::Named(head), args);
        let origin = self.table_origin(self.program.types[head].name_span);
        self.solver.unify(operand, node, origin);
        true
    }

    fn give_error(&mut self, form: &Postponed) {
        let result = match form {
            Postponed::Method { result, .. }
            | Postponed::Field { result, .. }
            | Postponed::Index { result, .. }
            | Postponed::Try { result, .. } => *result,
            Postponed::Update { .. } => return,
        };
        if self.solver.is_variable(result) {
            let error = self.solver.make(Shape::Error);
            let origin = self.origin(Span::new(snow_text::SourceId(0), 0, 0));
            self.solver.unify(result, error, origin);
        }
    }

    fn resolve_known(&mut self, form: &Postponed) {
        match form {
            Postponed::Method { id, receiver, name, name_span, args, result, span, .. } => {
                self.resolve_method(*id, *receiver, (*name, *name_span), args, (*result, *span));
            }
            Postponed::Field { id, receiver, name, name_span, result, .. } => {
                self.resolve_field(*id, *receiver, (*name, *name_span), *result);
            }
            Postponed::Index { id, receiver, index, index_span, result, span, .. } => {
                self.resolve_index(*id, *receiver, (*index, *index_span), *result, *span);
            }
            Postponed::Update { base, fields, span, .. } => self.resolve_update(*base, fields, *span),
            Postponed::Try { id, operand, result, function_result, span, .. } => {
                self.resolve_try(*id, *operand, *result, *function_result, *span);
            }
        }
    }

    fn resolve_update(&mut self, base: Node, fields: &[(Symbol, Span, Node)], span: Span) {
        let found = self.solver.head(base).map(|(h, a)| (h, a.to_vec()));
        let Some((Head::Named(id), args)) = found else {
            let problem = explain::members::no_struct(&self.solver, base, span);
            return self.solver.report(problem);
        };
        let TypeDefKind::Struct(declared) = &self.program.types[id].kind else {
            let problem = explain::members::no_struct(&self.solver, base, span);
            return self.solver.report(problem);
        };
        let types = self.fields_with(id, &args);
        for (name, at, node) in fields {
            match declared.iter().position(|f| f.name == Some(*name)) {
                Some(index) => {
                    self.mention_field(*at, base, index as u32);
                    let origin = self.because(*at, crate::solver::node::Reason::Field(declared[index].span));
                    self.solver.subsume(*node, types[0][index], origin);
                }
                None if self.is_wanted(*name) => {
                    let fields = self.fields_of(base);
                    self.offers.extend(fields);
                }
                None => {
                    let problem = explain::members::no_field(self.program, id, *name, *at);
                    self.solver.report(problem);
                }
            }
        }
    }

    fn resolve_try(&mut self, id: ExprId, operand: Node, result: Node, function_result: Node, span: Span) {
        let Some(known) = self.known() else { return };
        let found = self.solver.head(operand).map(|(h, a)| (h, a.to_vec()));
        let origin = self.origin(span);
        match found {
            Some((Head::Named(def), args)) if def == known.option => {
                let inner = self.solver.fresh();
                let wanted = self.std_type(known.option, vec![inner]);
                if !self.gives(function_result, known.option) {
                    let problem =
                        explain::members::try_outside(&self.solver, function_result, "Option", span);
                    return self.no_value(result, problem, origin);
                }
                self.solver.unify(result, args[0], origin);
                self.solver.unify(function_result, wanted, origin);
                self.note_id(id, MemberFact::TryOption);
            }
            Some((Head::Named(def), args)) if def == known.result => {
                if !self.gives(function_result, known.result) {
                    let problem =
                        explain::members::try_outside(&self.solver, function_result, "Result", span);
                    return self.no_value(result, problem, origin);
                }
                self.solver.unify(result, args[0], origin);
                let (value, to) = (self.solver.fresh(), self.solver.fresh());
                let wanted = self.std_type(known.result, vec![value, to]);
                self.solver.unify(function_result, wanted, origin);
                let convert = self.convert_error(args[1], to, span);
                self.note_id(id, MemberFact::TryResult { from: args[1], to, convert });
            }
            _ => {
                let problem = explain::members::try_on(&self.solver, operand, span);
                self.no_value(result, problem, origin);
            }
        }
    }

    /// A form without a meaning: reported, and its value fits everywhere.
    fn no_value(&mut self, result: Node, problem: Diagnostic, origin: Origin) {
        self.solver.report(problem);
        let error = self.solver.make(Shape::Error);
        self.solver.unify(result, error, origin);
    }

    /// Whether a type is, or can become, this one.
    fn gives(&self, node: Node, def: snow_names::hir::TypeDefId) -> bool {
        match self.solver.shape(node) {
            Shape::Variable(_) | Shape::Error => true,
            Shape::Constructed(Head::Named(id), _) => *id == def,
            _ => false,
        }
    }

    /// An operand's error as the function's: the same type, or by `From`, or its text.
    fn convert_error(&mut self, from: Node, to: Node, span: Span) -> bool {
        let origin = self.origin(span);
        let Some(known) = self.known() else { return false };
        let heads = (self.solver.head(from).map(|h| h.0), self.solver.head(to).map(|h| h.0));
        match heads {
            (Some(a), Some(b)) if a != b => {
                if !self.solver.is_builtin(to, Builtin::String) {
                    self.require(Constraint {
                        interface: known.from,
                        on: to,
                        args: vec![from],
                        associated: Vec::new(),
                        origin,
                    });
                }
                true
            }
            (None, Some(_))
                if self.solver.is_builtin(to, Builtin::String) && !self.solver.is_variable(from) =>
            {
                true
            }
            _ => {
                self.solver.subsume(from, to, origin);
                false
            }
        }
    }

    /// Notes what a member means, by the id of its expression.
    pub(crate) fn note_id(&mut self, id: ExprId, fact: MemberFact) {
        if let Some(facts) = self.facts() {
            facts.members.push((id, fact));
        }
    }
}

fn body_of(form: &Postponed) -> &Body {
    match form {
        Postponed::Method { body, .. }
        | Postponed::Field { body, .. }
        | Postponed::Index { body, .. }
        | Postponed::Update { body, .. }
        | Postponed::Try { body, .. } => body,
    }
}
