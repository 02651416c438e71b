//! Loops: a recursive join for the next round, a plain one for the way out.

use super::Body;
use crate::ir::{Expr, ExprKind, Var};
use snow_names::hir::{self, LocalId, LoopId};

impl Body<'_, '_> {
    /// `Loop`
    pub fn loop_(
        &mut self,
        e: &hir::Expr,
        id: LoopId,
        variables: &[(LocalId, hir::Expr)],
        body: &hir::Expr,
    ) -> Expr {
        let ty = self.type_of(e);
        let span = e.span;
        let initial: Vec<Expr> = variables.iter().map(|v| self.expr(&v.1)).collect();
        let params: Vec<Var> = variables.iter().map(|v| self.local(v.0)).collect();
        let (again, out) = (self.join(), self.join());
        self.loops.insert(id, (again, out));
        let body = Box::new(self.expr(body));
        let enter = self.diverging(ExprKind::Jump(again, initial), span);
        let round = ExprKind::Join { join: again, params, recursive: true, body, rest: Box::new(enter) };
        let round = Expr { kind: round, ty, span };
        let value = self.var(ty);
        let result = Box::new(self.get(value, span));
        let kind = ExprKind::Join {
            join: out,
            params: vec![value],
            recursive: false,
            body: result,
            rest: Box::new(round),
        };
        Expr { kind, ty, span }
    }

    /// `Recur`
    pub fn recur(&mut self, e: &hir::Expr, id: LoopId, args: &[hir::Expr]) -> Expr {
        let args = self.all(args);
        let again = self.loops[&id].0;
        self.diverging(ExprKind::Jump(again, args), e.span)
    }

    /// `Exit`
    pub fn exit(&mut self, e: &hir::Expr, id: LoopId, value: &hir::Expr) -> Expr {
        let value = self.expr(value);
        let out = self.loops[&id].1;
        self.diverging(ExprKind::Jump(out, vec![value]), e.span)
    }
}
