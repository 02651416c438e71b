//! `Tuple.nth` and `Tuple.size`, which the type of the tuple decides.

use super::postponed::Given;
use crate::checker::{Checker, MemberFact};
use crate::explain;
use crate::solver::node::{Head, Node, Shape};
use snow_names::hir::{Builtin, ExprId, OF_TUPLE};
use snow_text::{Span, Symbol};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TupleForm {
    Nth,
    Size,
}

impl Checker<'_> {
    /// Whether a method call is one of the two: as `Tuple.nth(t, 0)`, or on what is known to be a tuple.
    pub(super) fn tuple_form(&self, receiver: Node, name: Symbol) -> Option<TupleForm> {
        let named = name.as_str().strip_prefix(OF_TUPLE);
        let is_tuple = matches!(self.solver.shape(receiver), Shape::Constructed(Head::Tuple, _));
        match named.or_else(|| is_tuple.then(|| name.as_str()))? {
            "nth" => Some(TupleForm::Nth),
            "size" => Some(TupleForm::Size),
            _ => None,
        }
    }

    pub(super) fn of_tuple(
        &mut self,
        id: ExprId,
        receiver: Node,
        form: TupleForm,
        args: &[Given],
        (result, span): (Node, Span),
    ) {
        let found = match self.tuple_part(receiver, form, args, span) {
            Ok((node, fact)) => {
                self.note_id(id, fact);
                node
            }
            Err(problem) => {
                self.solver.report(problem);
                self.solver.make(Shape::Error)
            }
        };
        let origin = self.origin(span);
        self.solver.unify(result, found, origin);
    }

    /// The type of what is asked for, and what it means.
    fn tuple_part(
        &mut self,
        receiver: Node,
        form: TupleForm,
        args: &[Given],
        span: Span,
    ) -> Result<(Node, MemberFact), snow_diagnostics::Diagnostic> {
        let parts = match self.solver.head(receiver) {
            Some((Head::Tuple, parts)) => parts.to_vec(),
            _ => return Err(explain::tuples::no_tuple(&self.solver, receiver, span)),
        };
        match (form, args) {
            (TupleForm::Size, []) => {
                Ok((self.solver.builtin(Builtin::Int), MemberFact::Size(parts.len() as u32)))
            }
            (TupleForm::Nth, [Given { name: None, number: Some(number), span, .. }]) => {
                let index = usize::try_from(*number).ok().filter(|index| *index < parts.len());
                let index = index.ok_or_else(|| explain::tuples::no_part(*number, parts.len(), *span))?;
                Ok((parts[index], MemberFact::Field(index as u32)))
            }
            (TupleForm::Nth, [Given { span, .. }]) => Err(explain::tuples::not_literal(*span)),
            (form, _) => Err(explain::tuples::count(form == TupleForm::Nth, span)),
        }
    }
}
