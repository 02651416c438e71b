//! `while` and `for` become loops with variables.
//!
//! A `for` over an Int range written in place counts, without a Range or Iter; any other goes through `Iterable`.
//! The values of the bodies are collected in reverse when they are wanted.

use super::scope::{LoopFrame, Step};
use super::{Resolver, Want};
use crate::codes;
use crate::hir::{
    Argument, Arm, BinaryOp, Builtin, Expr, ExprKind, LocalId, LoopId, Pattern, PatternKind, Statement,
    Sugar, Type, TypeKind, VariantRef,
};
use snow_abi::primitives::Primitive;
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, BinaryOperator};
use snow_text::Span;

/// What all loops of one `for` share.
struct Nest<'a> {
    generators: &'a [ast::Generator],
    body: Option<ast::Block>,
    span: Span,
}

impl Resolver<'_> {
    pub fn while_loop(&mut self, written: &ast::While) -> Expr {
        let span = written.span();
        let id = self.new_loop();
        let condition = Box::new(self.optional_expr(written.condition(), span));
        self.body.loops.push(LoopFrame { inner: id, outer: id, step: Step::Again, collected: None });
        let body = self.optional_block(written.body(), Want::Nothing, span);
        self.body.loops.pop();
        let again = self.expr(ExprKind::Recur(id, Vec::new()), span);
        let value = Some(Box::new(again));
        let then = self.expr(ExprKind::Block { statements: vec![Statement::Expr(body)], value }, span);
        let unit = Box::new(self.unit(span));
        let otherwise = Box::new(self.expr(ExprKind::Exit(id, unit), span));
        let kind = ExprKind::If { condition, then: Box::new(then), otherwise, has_else: true };
        let body = Box::new(self.expr(kind, span));
        self.sugared(ExprKind::Loop { id, variables: Vec::new(), body }, span, Sugar::While)
    }

    pub fn for_loop(&mut self, written: &ast::For, want: Want) -> Expr {
        let generators = written.generators();
        let span = written.span();
        if generators.is_empty() {
            return self.error(span);
        }
        let nest = Nest { generators: &generators, body: written.body(), span };
        let collects = want == Want::Value;
        let mut made = self.generator(&nest, None, None, collects);
        made.sugar = Sugar::For;
        made
    }

    /// The loop of the first generator and, within it, those of the others. `collected` are the values so far.
    fn generator(
        &mut self,
        nest: &Nest,
        outer: Option<LoopId>,
        collected: Option<LocalId>,
        collects: bool,
    ) -> Expr {
        let iterable = nest.generators[0].iterable();
        match iterable.as_ref().and_then(written_range) {
            Some((start, end, inclusive)) => {
                let values = [self.optional_expr(start, nest.span), self.optional_expr(end, nest.span)];
                self.counting(nest, values, inclusive, (outer, collected, collects))
            }
            None => {
                let value = self.optional_expr(iterable, nest.span);
                self.iterating(nest, value, (outer, collected, collects))
            }
        }
    }

    fn typed_int(&mut self, value: Expr, name: &str) -> (Statement, LocalId) {
        let span = value.span;
        let (statement, local) = self.kept_value(value, name);
        let Statement::Let { pattern, value, otherwise, .. } = statement else {
            unreachable!("a kept value is a let")
        };
        let ty = Some(Type { kind: TypeKind::Builtin(Builtin::Int, Vec::new()), span });
        (Statement::Let { pattern, ty, value, otherwise }, local)
    }

    fn counting(
        &mut self,
        nest: &Nest,
        [start, end]: [Expr; 2],
        inclusive: bool,
        (outer, collected, collects): (Option<LoopId>, Option<LocalId>, bool),
    ) -> Expr {
        let span = nest.span;
        let (keep_start, first) = self.typed_int(start, "%start");
        let (keep_end, last) = self.typed_int(end, "%end");
        let counter = self.fresh_local("%counter", span);
        let step = if inclusive { Step::CountThrough(counter, last) } else { Step::Count(counter) };
        let frame = self.frame(outer, step, collects, span);
        let mark = self.body.enter();
        let body = self.with_pattern(nest, counter, frame);
        self.body.leave(mark);
        let op = if inclusive { BinaryOp::LessEqual } else { BinaryOp::Less };
        let left = Box::new(self.local_use(counter, span));
        let right = Box::new(self.local_use(last, span));
        let condition = Box::new(self.expr(ExprKind::Binary { op, left, right }, span));
        let otherwise = Box::new(self.finish_loop(frame, collected.is_none(), span));
        let kind = ExprKind::If { condition, then: Box::new(body), otherwise, has_else: true };
        let body = self.expr(kind, span);
        let first = self.local_use(first, span);
        let made = self.looped(frame, (counter, first), collected, body, span);
        self.after(vec![keep_start, keep_end], made)
    }

    fn iterating(
        &mut self,
        nest: &Nest,
        iterable: Expr,
        (outer, collected, collects): (Option<LoopId>, Option<LocalId>, bool),
    ) -> Expr {
        let span = nest.span;
        let at = iterable.span;
        let iter = self.iter_of(iterable, at);
        let items = self.fresh_local("%iter", span);
        let item = self.fresh_local("%item", at);
        let rest = self.fresh_local("%rest", span);
        let frame = self.frame(outer, Step::Rest(rest), collects, span);
        let mark = self.body.enter();
        let body = self.with_pattern(nest, item, frame);
        self.body.leave(mark);
        let current = self.local_use(items, span);
        let next = self.std_call("Iter", "next", vec![current], span);
        let next = self.expr(next, span);
        let finish = self.finish_loop(frame, collected.is_none(), span);
        let arms = self.next_arms([item, rest], body, finish, span);
        let body = self.case_of(next, arms, span, Sugar::For);
        self.looped(frame, (items, iter), collected, body, span)
    }

    /// `Iterable.iter(e)`
    fn iter_of(&mut self, iterable: Expr, span: Span) -> Expr {
        let Some(interface) = self.definitions.std_interface("Iterable") else { return self.error(span) };
        let callee = Box::new(self.expr(ExprKind::InterfaceMember { interface, method: 0 }, span));
        let args = vec![Argument { name: None, value: iterable }];
        self.expr(ExprKind::Call { callee, args }, span)
    }

    /// `None -> finish`, `Some((item, rest)) -> body`
    fn next_arms(&mut self, [item, rest]: [LocalId; 2], body: Expr, finish: Expr, span: Span) -> Vec<Arm> {
        let option = self.definitions.std_type("Option");
        let variant = |index| option.map(|ty| VariantRef { ty, index });
        let none = variant(0).map_or(PatternKind::Error, |v| PatternKind::Variant(v, Vec::new()));
        let none = self.pattern_node(none, span);
        let parts = [item, rest].map(|local| self.pattern_node(PatternKind::Bind(local), span));
        let pair = self.pattern_node(PatternKind::Tuple(parts.into()), span);
        let some = variant(1).map_or(PatternKind::Error, |v| PatternKind::Variant(v, vec![pair]));
        let some = self.pattern_node(some, span);
        let arm = |pattern: Pattern, body| Arm { patterns: vec![pattern], guard: None, body, span };
        vec![arm(none, finish), arm(some, body)]
    }

    fn frame(&mut self, outer: Option<LoopId>, step: Step, collects: bool, span: Span) -> LoopFrame {
        let inner = self.new_loop();
        let collected = collects.then(|| self.fresh_local("%collected", span));
        LoopFrame { inner, outer: outer.unwrap_or(inner), step, collected }
    }

    /// The loop with its variables: the position, and the values so far.
    fn looped(
        &mut self,
        frame: LoopFrame,
        position: (LocalId, Expr),
        collected: Option<LocalId>,
        body: Expr,
        span: Span,
    ) -> Expr {
        let mut variables = vec![position];
        if let Some(local) = frame.collected {
            let initial = match collected {
                Some(outer) => self.local_use(outer, span),
                None => self.expr(ExprKind::List { items: Vec::new(), rest: None }, span),
            };
            variables.push((local, initial));
        }
        let (id, body) = (frame.inner, Box::new(body));
        self.sugared(ExprKind::Loop { id, variables, body }, span, Sugar::For)
    }

    /// Binds the pattern to an element, tests the condition, and runs the rest of the nest.
    fn with_pattern(&mut self, nest: &Nest, item: LocalId, frame: LoopFrame) -> Expr {
        let span = nest.span;
        let generator = &nest.generators[0];
        let at = generator.pattern().map_or(span, |p| p.span());
        let value = self.local_use(item, at);
        let pattern = self.binding_pattern(generator.pattern(), at);
        let statements = vec![Statement::Let { pattern, ty: None, value, otherwise: None }];
        let condition = generator.condition().map(|c| self.value(&c));
        let round = self.round(nest, frame);
        let value = match condition {
            Some(condition) => {
                let skip = Box::new(self.step(frame, frame.collected, span));
                let (condition, then) = (Box::new(condition), Box::new(round));
                self.expr(ExprKind::If { condition, then, otherwise: skip, has_else: true }, span)
            }
            None => round,
        };
        self.expr(ExprKind::Block { statements, value: Some(Box::new(value)) }, span)
    }

    /// One round: the body, or the loop of the next generator, and on.
    fn round(&mut self, nest: &Nest, frame: LoopFrame) -> Expr {
        let span = nest.span;
        self.body.loops.push(frame);
        let made = if nest.generators.len() > 1 {
            let inner = Nest { generators: &nest.generators[1..], body: nest.body.clone(), span };
            self.generator(&inner, Some(frame.outer), frame.collected, frame.collected.is_some())
        } else {
            let want = if frame.collected.is_some() { Want::Value } else { Want::Nothing };
            self.optional_block(nest.body.clone(), want, span)
        };
        self.body.loops.pop();
        let Some(collected) = frame.collected else {
            let next = Some(Box::new(self.step(frame, None, span)));
            return self.expr(ExprKind::Block { statements: vec![Statement::Expr(made)], value: next }, span);
        };
        let grown = if nest.generators.len() > 1 {
            made
        } else {
            let so_far = Box::new(self.local_use(collected, span));
            self.expr(ExprKind::Cons(Box::new(made), so_far), span)
        };
        let (keep, local) = self.kept_value(grown, "%grown");
        let next = self.step(frame, Some(local), span);
        self.after(vec![keep], next)
    }

    /// Goes round again, with these values so far.
    fn step(&mut self, frame: LoopFrame, collected: Option<LocalId>, span: Span) -> Expr {
        let mut args = Vec::new();
        match frame.step {
            Step::Again => {}
            Step::Count(counter) | Step::CountThrough(counter, _) => args.push(self.counted(counter, span)),
            Step::Rest(rest) => args.push(self.local_use(rest, span)),
        }
        if let Some(local) = collected {
            args.push(self.local_use(local, span));
        }
        let again = self.expr(ExprKind::Recur(frame.inner, args), span);
        let Step::CountThrough(counter, last) = frame.step else { return again };
        // The last Int has no successor, so the end is met before counting on.
        let left = Box::new(self.local_use(counter, span));
        let right = Box::new(self.local_use(last, span));
        let condition = Box::new(self.expr(ExprKind::Binary { op: BinaryOp::Equal, left, right }, span));
        let done = LoopFrame { collected, ..frame };
        let then = Box::new(self.finish_loop(done, frame.inner == frame.outer, span));
        self.expr(ExprKind::If { condition, then, otherwise: Box::new(again), has_else: true }, span)
    }

    /// One more, without a check: the bound is larger.
    fn counted(&mut self, counter: LocalId, span: Span) -> Expr {
        let callee = Box::new(self.expr(ExprKind::Primitive(Primitive::int_wrapping_add), span));
        let one = self.expr(ExprKind::Int(1), span);
        let values = [self.local_use(counter, span), one];
        let args = values.into_iter().map(|value| Argument { name: None, value }).collect();
        self.expr(ExprKind::Call { callee, args }, span)
    }

    /// Leaves a loop that has come to its end. Only the first generator's puts the values in order.
    fn finish_loop(&mut self, frame: LoopFrame, is_first: bool, span: Span) -> Expr {
        let value = match frame.collected {
            Some(local) if is_first => self.in_order(local, span),
            Some(local) => self.local_use(local, span),
            None => self.unit(span),
        };
        self.expr(ExprKind::Exit(frame.inner, Box::new(value)), span)
    }

    fn in_order(&mut self, collected: LocalId, span: Span) -> Expr {
        let list = self.local_use(collected, span);
        let kind = self.std_call("List", "reverse", vec![list], span);
        self.expr(kind, span)
    }

    // ---- break, continue

    pub fn break_loop(&mut self, span: Span) -> Expr {
        let Some(frame) = self.body.loops.last().copied() else {
            return self.outside(codes::BREAK_OUTSIDE, "break", span);
        };
        let value = match frame.collected {
            Some(local) => self.in_order(local, span),
            None => self.unit(span),
        };
        self.expr(ExprKind::Exit(frame.outer, Box::new(value)), span)
    }

    pub fn continue_loop(&mut self, span: Span) -> Expr {
        match self.body.loops.last().copied() {
            Some(frame) => self.step(frame, frame.collected, span),
            None => self.outside(codes::CONTINUE_OUTSIDE, "continue", span),
        }
    }

    fn outside(&mut self, code: &'static str, word: &str, span: Span) -> Expr {
        let text = format!("`{word}` stands outside of a loop");
        let help = "loops end at closures: a closure in a loop cannot leave it";
        self.report(Diagnostic::new(code, span, text).help(help));
        self.error(span)
    }
}

/// `a..b` written in place.
fn written_range(iterable: &ast::Expr) -> Option<(Option<ast::Expr>, Option<ast::Expr>, bool)> {
    match iterable {
        ast::Expr::Paren(paren) => written_range(&paren.inner()?),
        ast::Expr::Binary(binary) => match binary.operator()?.0 {
            BinaryOperator::Range => Some((binary.left(), binary.right(), false)),
            BinaryOperator::RangeInclusive => Some((binary.left(), binary.right(), true)),
            _ => None,
        },
        _ => None,
    }
}
