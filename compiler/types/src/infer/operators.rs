//! Operators.

use crate::checker::{Checker, MemberFact};
use crate::interfaces::Constraint;
use crate::solver::node::{Node, Reason};
use snow_names::hir::{BinaryOp, Builtin, Expr, InterfaceId};

impl<'p> Checker<'p> {
    /// `a + b` and the like.
    pub(super) fn binary(&mut self, e: &'p Expr, op: BinaryOp, left: &'p Expr, right: &'p Expr) -> Node {
        match op {
            BinaryOp::Append => return self.append(e, left, right),
            BinaryOp::Concat => return self.concat(e, left, right),
            _ => {}
        }
        let both = self.solver.fresh();
        let a = self.expr(left);
        let origin = self.origin(left.span);
        self.solver.subsume(a, both, origin);
        let b = self.expr(right);
        let origin = self.because(right.span, Reason::Operand(op, left.span));
        let before = self.solver.problems.len();
        self.solver.subsume(b, both, origin);
        // Sides that do not fit each other: what they lack is no news.
        let fits = self.solver.problems.len() == before;
        let Some(known) = self.known() else { return both };
        let (interface, gives_bool) = match op {
            BinaryOp::Add => (known.add, false),
            BinaryOp::Sub => (known.sub, false),
            BinaryOp::Mul => (known.mul, false),
            BinaryOp::Div => (known.div, false),
            BinaryOp::Rem => (known.rem, false),
            BinaryOp::Equal | BinaryOp::NotEqual => (known.eq, true),
            _ => (known.ord, true),
        };
        if fits {
            self.require_operator(e, interface, both);
        }
        if gives_bool { self.solver.builtin(Builtin::Bool) } else { both }
    }

    fn require_operator(&mut self, e: &Expr, interface: InterfaceId, on: Node) {
        let origin = self.origin(e.span);
        self.require(Constraint { interface, on, args: Vec::new(), associated: Vec::new(), origin });
        let fact =
            MemberFact::Interface { interface, method: 0, on, args: Vec::new(), method_args: Vec::new() };
        self.note_member(e, MemberFact::Operator(on, Box::new(fact)));
    }

    /// `<>`: Bytes when one side is known to be, else String.
    fn append(&mut self, e: &Expr, left: &'p Expr, right: &'p Expr) -> Node {
        let (a, b) = (self.expr(left), self.expr(right));
        let bytes = [a, b].iter().any(|n| self.solver.is_builtin(*n, Builtin::Bytes));
        let wanted = self.solver.builtin(if bytes { Builtin::Bytes } else { Builtin::String });
        let origin = self.because(left.span, Reason::Operand(BinaryOp::Append, left.span));
        let before = self.solver.problems.len();
        self.solver.subsume(a, wanted, origin);
        if self.solver.problems.len() > before {
            return wanted;
        }
        let origin = self.because(right.span, Reason::Operand(BinaryOp::Append, left.span));
        self.solver.subsume(b, wanted, origin);
        self.note_member(e, MemberFact::Builtin);
        wanted
    }

    /// `++`
    fn concat(&mut self, e: &Expr, left: &'p Expr, right: &'p Expr) -> Node {
        let item = self.solver.fresh();
        let list = self.list_of(item);
        let before = self.solver.problems.len();
        self.hand_over(left, list, Reason::Operand(BinaryOp::Concat, left.span));
        if self.solver.problems.len() > before {
            self.expr(right);
            return list;
        }
        self.hand_over(right, list, Reason::Operand(BinaryOp::Concat, left.span));
        self.note_member(e, MemberFact::Builtin);
        list
    }

    /// `-x`
    pub(super) fn negate(&mut self, e: &'p Expr, value: &'p Expr) -> Node {
        let node = self.expr(value);
        if let Some(known) = self.known() {
            self.require_operator(e, known.neg, node);
        }
        node
    }

    /// Display of a value, Debug where it has none.
    pub(super) fn require_display(&mut self, e: &Expr, node: Node) {
        if let Some(known) = self.known() {
            self.require_operator(e, known.display, node);
        }
    }
}
