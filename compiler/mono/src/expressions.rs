//! The forms of core: values and tails.

use crate::function::{Cursor, Dest, Diverged, FunctionLowering, Value};
use crate::ground::Node;
use crate::ir::{self, Block, Condition, End, FloatOp, Forms, IntOp, Operand, Operation};
use snow_abi::entries::Entry;
use snow_abi::value::Class;
use snow_core::ir::{self as core, ExprKind};
use snow_names::hir::TypeDefKind;

impl FunctionLowering<'_, '_> {
    /// Lowers an expression in tail position.
    pub fn tail(&mut self, expr: &core::Expr, dest: Dest, mut cursor: Cursor) -> Block {
        match self.try_tail(expr, dest, &mut cursor) {
            Ok(Tail::Ended(end)) => cursor.end(end),
            Ok(Tail::Value(value)) => self.deliver(cursor, value, dest),
            Err(Diverged) => cursor.finish_diverged(),
        }
    }

    fn try_tail(&mut self, expr: &core::Expr, dest: Dest, cursor: &mut Cursor) -> Result<Tail, Diverged> {
        self.at(cursor, expr.span);
        match &expr.kind {
            ExprKind::Let(var, value, body) => {
                self.let_value(*var, value, cursor)?;
                self.try_tail(body, dest, cursor)
            }
            ExprKind::LetFunctions(functions, body) => {
                self.let_functions(functions, cursor);
                self.try_tail(body, dest, cursor)
            }
            ExprKind::If(condition, then, otherwise) => {
                let condition = self.value(condition, cursor)?;
                let then = Box::new(self.block(then, dest));
                let otherwise = Box::new(self.block(otherwise, dest));
                Ok(Tail::Ended(End::If { condition, then, otherwise }))
            }
            ExprKind::Switch { subject, cases, default } => {
                let default = default.as_deref();
                Ok(Tail::Ended(self.switch(*subject, cases, default, dest, cursor)))
            }
            ExprKind::Join { join, params, recursive, body, rest } => {
                let id = self.join();
                self.state.joins.insert(*join, id);
                let params = params.iter().map(|p| self.bind_new(*p)).collect();
                let body = self.block(body, dest);
                self.define_join(cursor, id, params, *recursive, body);
                self.try_tail(rest, dest, cursor)
            }
            ExprKind::Receive(receive) => self.receive(receive, dest, cursor).map(Tail::Ended),
            ExprKind::Call(callee, args) if dest == Dest::Return => {
                self.tail_call(expr, callee, args, cursor)
            }
            _ => self.value(expr, cursor).map(Tail::Value),
        }
    }

    /// Lowers an expression whose value is needed here.
    pub fn value(&mut self, expr: &core::Expr, cursor: &mut Cursor) -> Value {
        self.at(cursor, expr.span);
        match &expr.kind {
            ExprKind::Unit => Ok(Operand::Int(0)),
            ExprKind::Int(n) => Ok(Operand::Int(*n)),
            ExprKind::Bool(b) => Ok(Operand::Int(*b as i64)),
            ExprKind::Float(x) => Ok(Operand::Float(*x)),
            ExprKind::Text(text) => Ok(Operand::Static(self.s.text(text.as_bytes()))),
            ExprKind::Bytes(bytes) => Ok(Operand::Static(self.s.text(bytes))),
            ExprKind::Atom(name) => Ok(Operand::Immediate(self.s.descriptors.atom(*name))),
            ExprKind::Nullary(_, index) => Ok(Operand::Immediate(*index)),
            ExprKind::Var(var) => {
                Ok(*self.state.vars.get(var).expect("core was verified: variables are bound"))
            }
            ExprKind::Function(function, types) => {
                let args = self.grounds(types);
                let id = self.s.instance(crate::specialise::Instance::Function(*function, args));
                Ok(Operand::Static(self.s.function_value(id)))
            }
            ExprKind::Call(callee, args) => self.call_value(expr, callee, args, cursor),
            ExprKind::Let(var, value, body) => {
                self.let_value(*var, value, cursor)?;
                self.value(body, cursor)
            }
            ExprKind::LetFunctions(functions, body) => {
                self.let_functions(functions, cursor);
                self.value(body, cursor)
            }
            ExprKind::Lambda(lambda) => Ok(self.closure(lambda, cursor)),
            ExprKind::If(..) | ExprKind::Switch { .. } | ExprKind::Join { .. } | ExprKind::Receive(_) => {
                let class = self.class(expr.ty);
                Ok(self.split(cursor, class, |this, dest| this.block(expr, dest)))
            }
            ExprKind::Jump(join, args) => {
                let args = self.values(args, cursor)?;
                let id = self.state.joins[join];
                Err(cursor.diverge(End::Jump(id, args)))
            }
            ExprKind::Return(value) => {
                let value = self.value(value, cursor)?;
                Err(cursor.diverge(End::Return(vec![value])))
            }
            ExprKind::Fail(failure, args) => {
                let args = self.values(args, cursor)?;
                let word = |i: usize| args.get(i).copied().unwrap_or(Operand::Int(0));
                Err(cursor.diverge(End::Fail(*failure, word(0), word(1))))
            }
            _ => self.plain_value(expr, cursor),
        }
    }

    /// The forms that are one operation.
    fn plain_value(&mut self, expr: &core::Expr, cursor: &mut Cursor) -> Value {
        match &expr.kind {
            ExprKind::Construct(shape, args) => self.construct(shape, args, cursor),
            ExprKind::Project { value, index, .. } => {
                let object = self.value(value, cursor)?;
                let class = self.class(expr.ty);
                Ok(self.emit(cursor, class, Operation::Load { object, index: *index }))
            }
            ExprKind::Arithmetic(op, left, right) => self.arithmetic(*op, left, right, cursor),
            ExprKind::Negate(value) => {
                let float = self.class(value.ty) == Class::Float;
                let value = self.value(value, cursor)?;
                Ok(match float {
                    true => self.emit(cursor, Class::Float, Operation::FloatNegate(value)),
                    false => self.emit(cursor, Class::Int, Operation::IntNegate(value)),
                })
            }
            ExprKind::Compare(op, left, right) => {
                let float = self.class(left.ty) == Class::Float;
                let (a, b) = (self.value(left, cursor)?, self.value(right, cursor)?);
                let condition = condition(*op);
                let compare = if float { Operation::FloatCompare } else { Operation::IntCompare };
                Ok(self.emit(cursor, Class::Int, compare(condition, a, b)))
            }
            ExprKind::Not(value) => {
                let value = self.value(value, cursor)?;
                Ok(self.emit(cursor, Class::Int, Operation::Not(value)))
            }
            ExprKind::Spawn { kind, start, mailbox } => self.spawn(expr, *kind, start, *mailbox, cursor),
            ExprKind::SpawnRemote { kind, node, actor, args } => {
                self.spawn_remote(*kind, node, *actor, args, cursor)
            }
            ExprKind::Send(to, message) => self.send(to, message, cursor),
            ExprKind::SendNamed(name, node, message) => self.send_named([name, node, message], cursor),
            ExprKind::SelfPid => Ok(self.emit(cursor, Class::Int, Operation::Entry(Entry::SelfPid, vec![]))),
            ExprKind::Accept => {
                self.effect(cursor, Operation::Entry(Entry::ReceiveAccept, vec![]));
                Ok(Operand::Int(0))
            }
            ExprKind::Retry => {
                let join = self.state.receive.expect("core was verified: a retry is inside a receive");
                Err(cursor.diverge(End::Jump(join, vec![])))
            }
            ExprKind::Entry(entry, args) => {
                let args = self.values(args, cursor)?;
                let class = self.class(expr.ty);
                Ok(self.emit(cursor, class, Operation::Entry(*entry, args)))
            }
            other => unreachable!("a control form reached plain_value: {other:?}"),
        }
    }

    /// Several expressions, left to right.
    pub fn values(&mut self, exprs: &[core::Expr], cursor: &mut Cursor) -> Result<Vec<Operand>, Diverged> {
        exprs.iter().map(|e| self.value(e, cursor)).collect()
    }

    fn let_value(&mut self, var: core::Var, value: &core::Expr, cursor: &mut Cursor) -> Result<(), Diverged> {
        if let ExprKind::Lambda(lambda) = &value.kind {
            let (operand, code) = self.known_closure(lambda, cursor);
            self.state.known.insert(var, code);
            self.state.vars.insert(var, operand);
            return Ok(());
        }
        let operand = self.value(value, cursor)?;
        if let ExprKind::Var(other) = &value.kind
            && let Some(code) = self.state.known.get(other).copied()
        {
            self.state.known.insert(var, code);
        }
        self.state.vars.insert(var, operand);
        Ok(())
    }

    fn switch(
        &mut self,
        subject: core::Var,
        cases: &[(core::Key, core::Expr)],
        default: Option<&core::Expr>,
        dest: Dest,
        cursor: &mut Cursor,
    ) -> End {
        let word = self.state.vars[&subject];
        let by_tag = matches!(cases.first(), Some((core::Key::Variant(_) | core::Key::Tag(_), _)));
        let on = match by_tag {
            true => {
                let forms = self.forms(subject);
                self.emit(cursor, Class::Int, Operation::TagOf(word, forms))
            }
            false => word,
        };
        let cases = cases
            .iter()
            .map(|(key, body)| {
                let key = match key {
                    core::Key::Int(n) => *n,
                    core::Key::Variant(index) => *index as i64,
                    core::Key::Tag(name) => self.s.descriptors.atom(*name) as i64,
                };
                (key, self.block(body, dest))
            })
            .collect();
        let default = default.map(|d| Box::new(self.block(d, dest)));
        End::Switch { on, cases, default }
    }

    /// What the type of a variable says about the form of its words.
    fn forms(&mut self, var: core::Var) -> Forms {
        let ground = self.ground(self.core.vars[var]);
        let Node::Named(def, _) = self.s.grounds.get(ground) else { return Forms::Any };
        let TypeDefKind::Sum(variants) = &self.s.input.hir.types[*def].kind else { return Forms::Any };
        let mut with_fields = (0..).zip(variants).filter(|(_, v)| !v.fields.is_empty());
        match (with_fields.next(), with_fields.next()) {
            (None, _) => Forms::Immediate,
            (Some((tag, _)), None) => Forms::OneObject { tag, variants: variants.len() as u32 },
            _ => Forms::Any,
        }
    }

    fn construct(&mut self, shape: &core::Shape, args: &[core::Expr], cursor: &mut Cursor) -> Value {
        let classes: Vec<Class> = args.iter().map(|a| self.class(a.ty)).collect();
        let fields = self.values(args, cursor)?;
        let layout = self.s.layouts.of(&classes);
        let tag = match shape {
            core::Shape::Tuple | core::Shape::Struct(_) => 0,
            core::Shape::Variant(_, index) => *index,
            core::Shape::Tag(name) => self.s.descriptors.atom(*name),
        };
        if fields.is_empty() {
            return Ok(Operand::Immediate(tag));
        }
        if let Some(words) = crate::constants::static_words(&fields) {
            return Ok(Operand::Static(self.s.statics.push(ir::Static::Object { layout, tag, words })));
        }
        Ok(self.emit(cursor, Class::Ref, Operation::Allocate { layout, tag, fields }))
    }

    fn arithmetic(
        &mut self,
        op: core::Arithmetic,
        left: &core::Expr,
        right: &core::Expr,
        cursor: &mut Cursor,
    ) -> Value {
        let float = self.class(left.ty) == Class::Float;
        let (a, b) = (self.value(left, cursor)?, self.value(right, cursor)?);
        Ok(match float {
            true => self.emit(cursor, Class::Float, Operation::Float(float_op(op), a, b)),
            false => self.emit(cursor, Class::Int, Operation::Int(int_op(op), a, b)),
        })
    }
}

/// How an expression in tail position came out.
pub(crate) enum Tail {
    /// The block ends so.
    Ended(End),
    /// A value for the destination.
    Value(Operand),
}

/// Core's comparison as a condition.
pub(crate) fn condition(op: core::Comparison) -> Condition {
    match op {
        core::Comparison::Equal => Condition::Equal,
        core::Comparison::NotEqual => Condition::NotEqual,
        core::Comparison::Less => Condition::Less,
        core::Comparison::LessEqual => Condition::LessEqual,
        core::Comparison::Greater => Condition::Greater,
        core::Comparison::GreaterEqual => Condition::GreaterEqual,
    }
}

/// Core's arithmetic on Ints.
pub(crate) fn int_op(op: core::Arithmetic) -> IntOp {
    match op {
        core::Arithmetic::Add => IntOp::Add,
        core::Arithmetic::Sub => IntOp::Sub,
        core::Arithmetic::Mul => IntOp::Mul,
        core::Arithmetic::Div => IntOp::Div,
        core::Arithmetic::Rem => IntOp::Rem,
    }
}

/// Core's arithmetic on Floats.
pub(crate) fn float_op(op: core::Arithmetic) -> FloatOp {
    match op {
        core::Arithmetic::Add => FloatOp::Add,
        core::Arithmetic::Sub => FloatOp::Sub,
        core::Arithmetic::Mul => FloatOp::Mul,
        core::Arithmetic::Div => FloatOp::Div,
        core::Arithmetic::Rem => FloatOp::Rem,
    }
}
