//! Expressions: one arm for each form; the larger ones are next door.

use super::calls::Source;
use super::{Resolver, Want};
use crate::codes;
use crate::hir::{Arm, BinaryOp, Expr, ExprKind, FunctionKind, Sugar, Target};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, BinaryOperator, Name, PrefixOperator};
use snow_text::Span;

impl Resolver<'_> {
    /// An expression whose value is used.
    pub fn value(&mut self, written: &ast::Expr) -> Expr {
        self.wanted_expr(written, Want::Value)
    }

    /// An expression that broken source may lack.
    pub fn optional_expr(&mut self, written: Option<ast::Expr>, span: Span) -> Expr {
        match written {
            Some(expr) => self.value(&expr),
            None => self.error(span),
        }
    }

    pub fn all_values(&mut self, written: &[ast::Expr]) -> Vec<Expr> {
        written.iter().map(|e| self.value(e)).collect()
    }

    /// An expression.
    pub fn wanted_expr(&mut self, written: &ast::Expr, want: Want) -> Expr {
        let span = written.span();
        match written {
            ast::Expr::Paren(it) => match it.inner() {
                Some(inner) => self.wanted_expr(&inner, want),
                None => self.error(span),
            },
            ast::Expr::If(it) => self.if_expr(it, want),
            ast::Expr::Case(it) => self.case(it, want),
            ast::Expr::Receive(it) => self.receive(it, want),
            ast::Expr::Do(it) => match it.block() {
                Some(block) => self.block(&block, want),
                None => self.unit(span),
            },
            ast::Expr::While(it) => self.while_loop(it),
            ast::Expr::For(it) => self.for_loop(it, want),
            ast::Expr::Call(it) => self.call(it),
            ast::Expr::Field(it) => self.field(it),
            ast::Expr::Binary(it) => self.binary(it),
            ast::Expr::Closure(it) => self.closure(it),
            ast::Expr::Assert(it) => self.assert(it),
            ast::Expr::AssertMatches(_) | ast::Expr::AssertReceive(_) => self.misplaced_assert(span),
            ast::Expr::Break(_) => self.break_loop(span),
            ast::Expr::Continue(_) => self.continue_loop(span),
            ast::Expr::String(it) => self.string(it),
            ast::Expr::Map(it) => self.map(it),
            ast::Expr::Set(it) => self.set(it),
            ast::Expr::Update(it) => self.update(it),
            ast::Expr::Struct(it) => self.struct_literal(it),
            ast::Expr::Name(it) => self.name(it.name(), span),
            ast::Expr::Path(it) => self.path(it.path(), span),
            _ => {
                let kind = self.small(written, span);
                self.expr(kind, span)
            }
        }
    }

    /// The forms that are one node.
    fn small(&mut self, written: &ast::Expr, span: Span) -> ExprKind {
        match written {
            ast::Expr::Int(it) => it.value().map_or(ExprKind::Error, ExprKind::Int),
            ast::Expr::Float(it) => ExprKind::Float(it.value()),
            ast::Expr::Bool(it) => ExprKind::Bool(it.value()),
            ast::Expr::Bytes(it) => ExprKind::Bytes(it.value().into()),
            ast::Expr::Unit(_) => ExprKind::Unit,
            ast::Expr::Tag(it) => self.tag(it.tag(), &[]),
            ast::Expr::Tagged(it) => self.tag(it.tag(), &it.payload()),
            ast::Expr::Tuple(it) => ExprKind::Tuple(self.all_values(&it.parts())),
            ast::Expr::List(it) => {
                let items = self.all_values(&it.items());
                let rest = it.rest().map(|r| Box::new(self.value(&r)));
                ExprKind::List { items, rest }
            }
            ast::Expr::Index(it) => {
                let receiver = Box::new(self.optional_expr(it.base(), span));
                ExprKind::Index { receiver, index: Box::new(self.optional_expr(it.index(), span)) }
            }
            ast::Expr::Try(it) => ExprKind::Try(Box::new(self.optional_expr(it.inner(), span))),
            ast::Expr::Prefix(it) => self.prefix(it, span),
            ast::Expr::Return(it) => {
                let value = match it.value() {
                    Some(value) => self.value(&value),
                    None => self.unit(span),
                };
                ExprKind::Return(Box::new(value))
            }
            _ => ExprKind::Error,
        }
    }

    fn tag(&mut self, name: Option<Name>, payload: &[ast::Expr]) -> ExprKind {
        let args = self.all_values(payload);
        name.map_or(ExprKind::Error, |name| ExprKind::Tag { name: name.symbol, args })
    }

    fn prefix(&mut self, written: &ast::Prefix, span: Span) -> ExprKind {
        if let Some(value) = written.negated_int() {
            return value.map_or(ExprKind::Error, ExprKind::Int);
        }
        let operand = self.optional_expr(written.operand(), span);
        match written.operator() {
            PrefixOperator::Not => ExprKind::Not(Box::new(operand)),
            PrefixOperator::Negate => match operand.kind {
                ExprKind::Float(value) => ExprKind::Float(-value),
                _ => ExprKind::Negate(Box::new(operand)),
            },
        }
    }

    fn binary(&mut self, written: &ast::Binary) -> Expr {
        let span = written.span();
        let Some((operator, _)) = written.operator() else { return self.error(span) };
        let op = match operator {
            BinaryOperator::Pipe => return self.pipe(written),
            BinaryOperator::And | BinaryOperator::Or => return self.logic(written, operator),
            BinaryOperator::Cons => {
                let head = Box::new(self.optional_expr(written.left(), span));
                let tail = Box::new(self.optional_expr(written.right(), span));
                return self.expr(ExprKind::Cons(head, tail), span);
            }
            BinaryOperator::Range | BinaryOperator::RangeInclusive => {
                let args =
                    vec![self.optional_expr(written.left(), span), self.optional_expr(written.right(), span)];
                let name = if operator == BinaryOperator::Range { "new" } else { "closed" };
                let kind = self.std_call("Range", name, args, span);
                return self.expr(kind, span);
            }
            BinaryOperator::Multiply => BinaryOp::Mul,
            BinaryOperator::Divide => BinaryOp::Div,
            BinaryOperator::Remainder => BinaryOp::Rem,
            BinaryOperator::Add => BinaryOp::Add,
            BinaryOperator::Subtract => BinaryOp::Sub,
            BinaryOperator::Join => BinaryOp::Append,
            BinaryOperator::Concat => BinaryOp::Concat,
            BinaryOperator::Less => BinaryOp::Less,
            BinaryOperator::LessEqual => BinaryOp::LessEqual,
            BinaryOperator::Greater => BinaryOp::Greater,
            BinaryOperator::GreaterEqual => BinaryOp::GreaterEqual,
            BinaryOperator::Equal => BinaryOp::Equal,
            BinaryOperator::NotEqual => BinaryOp::NotEqual,
        };
        let left = Box::new(self.optional_expr(written.left(), span));
        let right = Box::new(self.optional_expr(written.right(), span));
        if is_comparison(operator) && written.left().is_some_and(|left| is_compared(&left)) {
            // `a < b < c`: the parser has said what is wrong with it.
            return self.error(span);
        }
        self.expr(ExprKind::Binary { op, left, right }, span)
    }

    /// `a and b` is `if a do b else false end`.
    fn logic(&mut self, written: &ast::Binary, operator: BinaryOperator) -> Expr {
        let span = written.span();
        let condition = Box::new(self.optional_expr(written.left(), span));
        let right = Box::new(self.optional_expr(written.right(), span));
        let is_and = operator == BinaryOperator::And;
        let constant = Box::new(self.expr(ExprKind::Bool(!is_and), span));
        let (then, otherwise) = if is_and { (right, constant) } else { (constant, right) };
        self.sugared(ExprKind::If { condition, then, otherwise, has_else: true }, span, Sugar::Logic)
    }

    // ---- Branches

    fn if_expr(&mut self, written: &ast::If, want: Want) -> Expr {
        let span = written.span();
        let branches = written.branches();
        let mut made = Vec::new();
        for (condition, block) in branches {
            let condition = self.optional_expr(condition, span);
            let then = self.optional_block(block, want, span);
            made.push((condition, then));
        }
        let else_block = written.else_block();
        let mut has_else = else_block.is_some();
        let mut otherwise = match else_block {
            Some(block) => self.block(&block, want),
            None => self.unit(span),
        };
        for (condition, then) in made.into_iter().rev() {
            let part = condition.span.to(span);
            let (condition, then) = (Box::new(condition), Box::new(then));
            let kind = ExprKind::If { condition, then, otherwise: Box::new(otherwise), has_else };
            otherwise = self.expr(kind, part);
            has_else = true;
        }
        otherwise.span = span;
        otherwise
    }

    pub fn optional_block(&mut self, block: Option<ast::Block>, want: Want, span: Span) -> Expr {
        match block {
            Some(block) => self.block(&block, want),
            None => self.unit(span),
        }
    }

    fn case(&mut self, written: &ast::Case, want: Want) -> Expr {
        let span = written.span();
        let subject = self.optional_expr(written.subject(), span);
        let arms = written.arms().iter().map(|arm| self.arm(arm, want)).collect();
        self.case_of(subject, arms, span, Sugar::None)
    }

    fn arm(&mut self, written: &ast::MatchArm, want: Want) -> Arm {
        let mark = self.body.enter();
        let span = written.pattern().map_or(written.span(), |p| p.span());
        let patterns = vec![self.binding_pattern(written.pattern(), span)];
        let guard = written.guard().map(|g| self.value(&g));
        let body = self.optional_block(written.body(), want, span);
        self.body.leave(mark);
        Arm { patterns, guard, body, span }
    }

    // ---- Names

    /// A name that begins with a small letter, as a value.
    fn name(&mut self, name: Option<Name>, span: Span) -> Expr {
        let Some(name) = name else { return self.error(span) };
        if let Some(kind) = self.local(name) {
            return self.expr(kind, span);
        }
        if let Some(value) = self.own_value(name.symbol) {
            self.mention_function(name, value.id);
            return self.function_value(value.id, span);
        }
        if super::forms::is_form(name.text()) {
            return self.form_as_value(name);
        }
        if let Some((interface, method)) = self.static_member(name.symbol) {
            self.mention(name.span, Target::InterfaceMethod(interface, method));
            return self.expr(ExprKind::InterfaceMember { interface, method }, span);
        }
        if let Some(value) = self.prelude_value(name.symbol) {
            self.mention_function(name, value.id);
            return self.function_value(value.id, span);
        }
        let candidates = self.value_candidates();
        self.unknown(name, "value", &candidates);
        self.error(span)
    }

    fn form_as_value(&mut self, name: Name) -> Expr {
        let text =
            format!("`{}` is a form of the language, not a function, and cannot be passed on", name.text());
        let help = "write a closure around it: `fn x -> … end`";
        self.report(Diagnostic::new(codes::FORM, name.span, text).help(help));
        self.error(name.span)
    }

    /// A function as a value; a constant's value.
    pub fn function_value(&mut self, id: crate::hir::FunctionId, span: Span) -> Expr {
        let kind = match self.kind_of(id) {
            FunctionKind::Constant => self.call_of(id, Vec::new(), span),
            _ => ExprKind::Function(id),
        };
        self.expr(kind, span)
    }

    /// Capitalised names: a variant or a constant.
    fn path(&mut self, path: Option<ast::Path>, span: Span) -> Expr {
        let segments = path.map_or_else(Vec::new, |p| p.segments());
        if let Some(constant) = self.constant_path(&segments) {
            return self.function_value(constant, span);
        }
        if self.names_module_or_type(&segments) {
            return self.not_a_value(&segments, span);
        }
        let Some(variant) = self.variant_path(&segments) else { return self.error(span) };
        let kind = match self.definitions.variant(variant).fields.len() {
            0 => ExprKind::Construct { variant, args: Vec::new() },
            _ => ExprKind::Variant(variant),
        };
        self.expr(kind, span)
    }

    /// Whether a path means a module or a type and nothing that has a value.
    fn names_module_or_type(&mut self, path: &[Name]) -> bool {
        let [name] = path else { return false };
        self.variants(name.symbol).is_empty()
            && (self.type_name(name.symbol).is_some()
                || self.module_prefix(path).is_some()
                || self.generics.names.contains(&name.symbol))
    }

    fn not_a_value(&mut self, path: &[Name], span: Span) -> Expr {
        let name = path[0];
        let text = format!("`{}` is a module or type, not a value", name.text());
        let help = match self.type_name(name.symbol) {
            Some(_) => format!("make a value of it: `{0} {{ … }}` or a function of {0}", name.text()),
            None => format!("name something of it: `{}.name`", name.text()),
        };
        self.wrong_kind(span, text, &help);
        self.error(span)
    }

    /// A constant by its capitalised name, `LIMIT` or `Config.LIMIT`.
    pub fn constant_path(&mut self, path: &[Name]) -> Option<crate::hir::FunctionId> {
        if let [name] = path {
            let id = self.own_value(name.symbol)?.id;
            self.mention_function(*name, id);
            return Some(id);
        }
        let (last, front) = path.split_last()?;
        let (module, length) = self.module_prefix(front)?;
        let value = *self.definitions.tables[module].values.get(&last.symbol)?;
        if length != front.len() {
            return None;
        }
        if !value.public && !self.is_home(module) {
            self.unknown_in_module(module, *last, true);
        }
        self.mention_module(front, module);
        self.mention_function(*last, value.id);
        Some(value.id)
    }

    // ---- Pipes

    /// `x |> f(a)` is `f(x, a)`.
    fn pipe(&mut self, written: &ast::Binary) -> Expr {
        let span = written.span();
        let left = self.optional_expr(written.left(), span);
        let Some(right) = written.right() else { return self.error(span) };
        let mut made = self.pipe_into(left, &right, span);
        if made.sugar == Sugar::None {
            made.sugar = Sugar::Pipe;
        }
        made
    }

    fn pipe_into(&mut self, left: Expr, right: &ast::Expr, span: Span) -> Expr {
        match right {
            ast::Expr::Call(call) => {
                let Some(callee) = call.callee() else { return self.error(span) };
                let mut args: Vec<Source> = call.args().into_iter().map(Source::Written).collect();
                let hole = args.iter().position(Source::is_placeholder);
                match hole {
                    Some(index) => args[index] = Source::Made(left),
                    None => args.insert(0, Source::Made(left)),
                }
                self.call_with(&callee, args, span)
            }
            // The result of the whole pipe is tried.
            ast::Expr::Try(it) => match it.inner() {
                Some(inner) => {
                    let piped = Box::new(self.pipe_into(left, &inner, span));
                    self.expr(ExprKind::Try(piped), span)
                }
                None => self.error(span),
            },
            ast::Expr::Paren(it) if it.inner().is_some_and(|e| matches!(e, ast::Expr::Name(_))) => {
                match it.inner() {
                    Some(inner) => self.pipe_into(left, &inner, span),
                    None => self.error(span),
                }
            }
            ast::Expr::Binary(it) => self.pipe_into_value(it, span),
            other => self.call_with(other, vec![Source::Made(left)], span),
        }
    }

    /// `x |> f() > 1`: the operator was meant to work on what the pipe gives.
    fn pipe_into_value(&mut self, right: &ast::Binary, span: Span) -> Expr {
        let operator = right.operator().map_or(span, |(_, at)| at);
        let shown = self.source_text(operator);
        self.optional_expr(right.right(), span);
        let text =
            format!("`|>` hands its value to a function, but `{shown}` gives none: `{shown}` binds tighter");
        let help = format!("put the pipe in parentheses: `(x |> f()) {shown} …`");
        self.report(Diagnostic::new(codes::WRONG_KIND, operator, text).help(help));
        self.error(span)
    }
}

fn is_comparison(operator: BinaryOperator) -> bool {
    use BinaryOperator as O;
    matches!(operator, O::Less | O::LessEqual | O::Greater | O::GreaterEqual)
}

fn is_compared(expr: &ast::Expr) -> bool {
    matches!(expr, ast::Expr::Binary(it) if it.operator().is_some_and(|(o, _)| is_comparison(o)))
}
