//! Blocks and their statements; the forms of `assert`.

use super::{Resolver, Want};
use crate::clause::Group;
use crate::codes;
use crate::hir::{
    Arm, BinaryOp, Expr, ExprKind, LocalId, Pattern, PatternKind, ReceiveArm, ReceivePattern, Statement,
    Sugar,
};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast;
use snow_text::Span;

impl Resolver<'_> {
    /// A block; its names end with it.
    pub fn block(&mut self, block: &ast::Block, want: Want) -> Expr {
        let mark = self.body.enter();
        let statements = block.statements();
        let span = block.span();
        let result = self.statements(&statements, want, span);
        self.body.leave(mark);
        result
    }

    fn statements(&mut self, written: &[ast::Statement], want: Want, span: Span) -> Expr {
        if let [ast::Statement::Expr(only)] = written
            && !is_assert_form(only.expr())
        {
            return self.wanted_expr(only.expr(), want);
        }
        let mut statements = Vec::new();
        let mut value = None;
        let mut index = 0;
        while index < written.len() {
            let is_last = index + 1 == written.len();
            match &written[index] {
                ast::Statement::Let(it) => statements.extend(self.let_statement(it)),
                ast::Statement::Function(_) => {
                    index += self.local_functions(&written[index..], &mut statements);
                    continue;
                }
                ast::Statement::Expr(it) if is_assert_form(it.expr()) => {
                    let made = self.assert_form(it.expr());
                    statements.extend(made);
                }
                ast::Statement::Expr(it) if is_last => {
                    value = Some(Box::new(self.wanted_expr(it.expr(), want)));
                }
                ast::Statement::Expr(it) => {
                    let expr = self.wanted_expr(it.expr(), Want::Nothing);
                    statements.push(Statement::Expr(expr));
                }
            }
            index += 1;
        }
        self.expr(ExprKind::Block { statements, value }, span)
    }

    /// The clauses of one local function; how many statements they were.
    fn local_functions(&mut self, written: &[ast::Statement], statements: &mut Vec<Statement>) -> usize {
        let mut group: Option<Group> = None;
        let mut count = 0;
        for statement in written {
            let ast::Statement::Function(function) = statement else { break };
            let next = Group::of_function(function);
            match (&mut group, next) {
                (Some(open), Some(next)) if open.continues_with(&next) => open.join(next),
                (Some(_), _) => break,
                (None, next) => group = next,
            }
            count += 1;
        }
        if let Some(group) = group {
            statements.extend(self.local_function(&group));
        }
        count.max(1)
    }

    fn let_statement(&mut self, written: &ast::Let) -> Option<Statement> {
        let span = written.span();
        if let Some(ast::Expr::Closure(closure)) = written.value()
            && written.ty().is_none()
            && written.else_block().is_none()
        {
            return self.let_closure(written, &closure);
        }
        let value = self.optional_expr(written.value(), span);
        let ty = written.ty().map(|t| self.ty(&t));
        let otherwise = written.else_block().map(|b| self.block(&b, Want::Value));
        let pattern = self.binding_pattern(written.pattern(), span);
        Some(Statement::Let { pattern, ty, value, otherwise })
    }

    // ---- assert

    /// `assert cond [, text]`: nothing, or a crash that shows the source and the sides of a comparison.
    pub fn assert(&mut self, written: &ast::Assert) -> Expr {
        let span = written.span();
        let Some(condition) = written.condition() else { return self.error(span) };
        let source = self.source_text(condition.span());
        if written.text().is_none()
            && let Some((op, left, right)) = comparison(&condition)
        {
            return self.assert_comparison((op, &left, &right), &source, span);
        }
        let condition = self.value(&condition);
        let text = match written.text() {
            Some(text) => self.value(&text),
            None => self.text(&format!("assertion failed: {source}"), span),
        };
        let failure = self.std_call("Prelude", "panic", vec![text], span);
        self.check(condition, failure, span)
    }

    fn check(&mut self, condition: Expr, failure: ExprKind, span: Span) -> Expr {
        let then = Box::new(self.unit(span));
        let otherwise = Box::new(self.expr(failure, span));
        let condition = Box::new(condition);
        self.sugared(ExprKind::If { condition, then, otherwise, has_else: true }, span, Sugar::Assert)
    }

    fn assert_comparison(
        &mut self,
        (op, left, right): (BinaryOp, &ast::Expr, &ast::Expr),
        source: &str,
        span: Span,
    ) -> Expr {
        let (left, left_local) = self.kept(left, "%left");
        let (right, right_local) = self.kept(right, "%right");
        let sides = [left_local, right_local].map(|local| Box::new(self.local_use(local, span)));
        let [a, b] = sides;
        let condition = self.expr(ExprKind::Binary { op, left: a, right: b }, span);
        let text = self.text(source, span);
        let mut args = vec![text];
        args.extend([left_local, right_local].map(|local| self.local_use(local, span)));
        let failure = self.std_call("Prelude", "assert_failed", args, span);
        let check = Box::new(self.check(condition, failure, span));
        self.expr(ExprKind::Block { statements: vec![left, right], value: Some(check) }, span)
    }

    /// Evaluates into a local of the compiler's.
    fn kept(&mut self, written: &ast::Expr, name: &str) -> (Statement, LocalId) {
        let value = self.value(written);
        self.kept_value(value, name)
    }

    /// Keeps a value in a local of the compiler's.
    pub fn kept_value(&mut self, value: Expr, name: &str) -> (Statement, LocalId) {
        let local = self.fresh_local(name, value.span);
        let pattern = self.pattern_node(PatternKind::Bind(local), value.span);
        (Statement::Let { pattern, ty: None, value, otherwise: None }, local)
    }

    /// `assert_matches` and `assert_receive` bind the names of their patterns for what follows.
    fn assert_form(&mut self, written: &ast::Expr) -> Vec<Statement> {
        match written {
            ast::Expr::AssertMatches(it) => self.assert_matches(it),
            ast::Expr::AssertReceive(it) if it.is_refute() => {
                let expr = self.refute_receive(it);
                vec![Statement::Expr(expr)]
            }
            ast::Expr::AssertReceive(it) => vec![self.assert_receive(it)],
            _ => Vec::new(),
        }
    }

    fn assert_matches(&mut self, written: &ast::AssertMatches) -> Vec<Statement> {
        let span = written.span();
        let source = written.pattern().map_or(String::new(), |p| self.source_text(p.span()));
        let value = self.optional_expr(written.value(), span);
        let (keep, local) = self.kept_value(value, "%value");
        let text = self.text(&source, span);
        let shown = self.local_use(local, span);
        let failure = self.std_call("Prelude", "match_failed", vec![text, shown], span);
        let otherwise = Some(self.expr(failure, span));
        let pattern = self.binding_pattern(written.pattern(), span);
        let value = self.local_use(local, span);
        vec![keep, Statement::Let { pattern, ty: None, value, otherwise }]
    }

    fn receive_timeout(&mut self, written: &ast::AssertReceive, ms: i64) -> Expr {
        match written.timeout() {
            Some(timeout) => self.value(&timeout),
            None => self.expr(ExprKind::Int(ms), written.span()),
        }
    }

    fn receive_pattern_source(&self, written: &ast::AssertReceive) -> String {
        written.pattern().map_or(String::new(), |p| self.source_text(p.span()))
    }

    /// The names of the pattern come out of the receive as a tuple.
    fn assert_receive(&mut self, written: &ast::AssertReceive) -> Statement {
        let span = written.span();
        let timeout = self.receive_timeout(written, 100);
        let source = self.receive_pattern_source(written);
        let text = self.text(&format!("no message came that matches {source}"), span);
        let failure = self.std_call("Prelude", "panic", vec![text], span);
        let failure = self.expr(failure, span);
        let (pattern, names) = self.receive_pattern(written.pattern(), span);
        let inner = names.iter().map(|(_, local)| self.local_use(*local, span)).collect::<Vec<_>>();
        let body = self.tuple_of(inner, span);
        let arms = vec![ReceiveArm { pattern, guard: None, body, span }];
        let value = self.expr(ExprKind::Receive { arms, after: Some(Box::new((timeout, failure))) }, span);
        let outer = names.into_iter().map(|(name, _)| {
            let local = self.bind_local(name);
            self.pattern_node(PatternKind::Bind(local), name.span)
        });
        let outer = outer.collect::<Vec<_>>();
        let pattern = self.tuple_pattern(outer, span);
        Statement::Let { pattern, ty: None, value, otherwise: None }
    }

    fn tuple_of(&mut self, mut parts: Vec<Expr>, span: Span) -> Expr {
        match parts.len() {
            0 => self.unit(span),
            1 => parts.remove(0),
            _ => self.expr(ExprKind::Tuple(parts), span),
        }
    }

    fn tuple_pattern(&mut self, mut parts: Vec<Pattern>, span: Span) -> Pattern {
        match parts.len() {
            0 => self.pattern_node(PatternKind::Unit, span),
            1 => parts.remove(0),
            _ => self.pattern_node(PatternKind::Tuple(parts), span),
        }
    }

    fn refute_receive(&mut self, written: &ast::AssertReceive) -> Expr {
        let span = written.span();
        let timeout = self.receive_timeout(written, 0);
        let source = self.receive_pattern_source(written);
        let (pattern, _) = self.receive_pattern(written.pattern(), span);
        let text = self.text(&format!("a message came that matches {source}"), span);
        let failure = self.std_call("Prelude", "panic", vec![text], span);
        let body = self.expr(failure, span);
        let arms = vec![ReceiveArm { pattern, guard: None, body, span }];
        let nothing = self.unit(span);
        self.expr(ExprKind::Receive { arms, after: Some(Box::new((timeout, nothing))) }, span)
    }

    fn receive_pattern(
        &mut self,
        written: Option<ast::Pattern>,
        span: Span,
    ) -> (ReceivePattern, Vec<(ast::Name, LocalId)>) {
        match written {
            Some(pattern) => self.message_or_signal(&pattern),
            None => (ReceivePattern::Message(self.pattern_node(PatternKind::Error, span)), Vec::new()),
        }
    }

    /// An assertion form where a value is wanted.
    pub fn misplaced_assert(&mut self, span: Span) -> Expr {
        let text =
            "this form binds names for the statements after it, so it must stand as a statement of a block";
        self.report(Diagnostic::new(codes::FORM, span, text));
        self.error(span)
    }

    /// `if` without an else, for the compiler's own use.
    pub fn when(&mut self, condition: Expr, then: Expr, span: Span) -> Expr {
        let otherwise = Box::new(self.unit(span));
        let (condition, then) = (Box::new(condition), Box::new(then));
        self.expr(ExprKind::If { condition, then, otherwise, has_else: false }, span)
    }

    /// A case of one scrutinee.
    pub fn case_of(&mut self, scrutinee: Expr, arms: Vec<Arm>, span: Span, sugar: Sugar) -> Expr {
        self.sugared(ExprKind::Case { scrutinees: vec![scrutinee], arms }, span, sugar)
    }
}

fn is_assert_form(expr: &ast::Expr) -> bool {
    matches!(expr, ast::Expr::AssertMatches(_) | ast::Expr::AssertReceive(_))
}

/// Both sides of a comparison, unless one is a plain literal of no interest in a crash text.
fn comparison(condition: &ast::Expr) -> Option<(BinaryOp, ast::Expr, ast::Expr)> {
    let ast::Expr::Binary(binary) = condition else { return None };
    let op = match binary.operator()?.0 {
        ast::BinaryOperator::Equal => BinaryOp::Equal,
        ast::BinaryOperator::NotEqual => BinaryOp::NotEqual,
        ast::BinaryOperator::Less => BinaryOp::Less,
        ast::BinaryOperator::LessEqual => BinaryOp::LessEqual,
        ast::BinaryOperator::Greater => BinaryOp::Greater,
        ast::BinaryOperator::GreaterEqual => BinaryOp::GreaterEqual,
        _ => return None,
    };
    Some((op, binary.left()?, binary.right()?))
}
