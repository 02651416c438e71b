//! `receive`: messages and signals are told apart by shape.

use super::patterns::Binder;
use super::{Resolver, Want};
use crate::codes;
use crate::hir::{Expr, ExprKind, LocalId, PatternKind, ReceiveArm, ReceivePattern, SignalKind};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, Name};

impl Resolver<'_> {
    pub fn receive(&mut self, written: &ast::Receive, want: Want) -> Expr {
        let span = written.span();
        let arms = written.arms().iter().map(|arm| self.receive_arm(arm, want)).collect();
        let after = written.after().map(|after| {
            let timeout = self.optional_expr(after.timeout(), after.span());
            let body = self.optional_block(after.body(), want, after.span());
            Box::new((timeout, body))
        });
        self.expr(ExprKind::Receive { arms, after }, span)
    }

    pub fn receive_arm(&mut self, written: &ast::MatchArm, want: Want) -> ReceiveArm {
        let mark = self.body.enter();
        let span = written.pattern().map_or(written.span(), |p| p.span());
        let pattern = match written.pattern() {
            Some(pattern) => self.message_or_signal(&pattern).0,
            None => ReceivePattern::Message(self.pattern_node(PatternKind::Error, span)),
        };
        let guard = written.guard().map(|g| self.value(&g));
        let body = self.optional_block(written.body(), want, span);
        self.body.leave(mark);
        ReceiveArm { pattern, guard, body, span }
    }

    /// A pattern of a receive, its names bound.
    pub fn message_or_signal(&mut self, written: &ast::Pattern) -> (ReceivePattern, Vec<(Name, LocalId)>) {
        let mut binder = Binder::default();
        let pattern = match signal(written) {
            Some((kind, payload)) => {
                let patterns = payload.iter().map(|p| self.pattern(p, &mut binder)).collect();
                ReceivePattern::Signal(kind, patterns)
            }
            None => {
                self.no_hidden_signal(written);
                ReceivePattern::Message(self.pattern(written, &mut binder))
            }
        };
        let names = binder.names.clone();
        self.bind_all(binder);
        (pattern, names)
    }

    /// A signal cannot be an alternative or have a name as a whole.
    fn no_hidden_signal(&mut self, written: &ast::Pattern) {
        let parts = match written {
            ast::Pattern::Or(or) => or.alternatives(),
            ast::Pattern::As(named) => named.inner().into_iter().collect(),
            _ => return,
        };
        for part in parts {
            if signal(&part).is_some() {
                let text = "a signal must be the whole pattern of its arm";
                let problem = Diagnostic::new(codes::PATTERN, part.span(), text);
                self.report(problem.help("give it an arm of its own"));
            }
            self.no_hidden_signal(&part);
        }
    }
}

/// The reserved shapes.
fn signal(written: &ast::Pattern) -> Option<(SignalKind, Vec<ast::Pattern>)> {
    if let ast::Pattern::Paren(paren) = written {
        return signal(&paren.inner()?);
    }
    let ast::Pattern::Tagged(tagged) = written else { return None };
    let payload = tagged.payload();
    let kind = match (tagged.tag()?.text(), payload.len()) {
        ("down", 3) => SignalKind::Down,
        ("exit", 2) => SignalKind::Exit,
        ("nodeup", 1) => SignalKind::NodeUp,
        ("nodedown", 2) => SignalKind::NodeDown,
        ("global_conflict", 2) => SignalKind::GlobalConflict,
        ("group_join", 2) => SignalKind::GroupJoin,
        ("group_leave", 2) => SignalKind::GroupLeave,
        _ => return None,
    };
    Some((kind, payload))
}
