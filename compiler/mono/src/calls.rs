//! Calls: known functions, closures, primitives, intrinsics, interface methods.

use crate::expressions::Tail;
use crate::function::{Cursor, Diverged, FunctionLowering, Value};
use crate::ground::{Ground, Node};
use crate::interfaces::{Builtin, Method};
use crate::ir::{self, Call, End, Operand, Operation};
use crate::specialise::Instance;
use snow_abi::entries::Entry;
use snow_abi::intrinsics::INTRINSICS;
use snow_abi::primitives::{Operand as Slot, Primitive};
use snow_abi::value::Class;
use snow_core::ir::{self as core, Callee, ExprKind};
use snow_names::hir::{self, SpawnKind};

/// A callee with everything but its arguments settled.
enum Target {
    Direct(ir::FunctionId),
    Closure(Operand),
    /// The closure and its code.
    Known(ir::FunctionId, Operand),
    Primitive(Primitive, Class),
    Intrinsic(usize, Ground),
    Builtin(Builtin),
}

impl FunctionLowering<'_, '_> {
    /// A call in tail position of the function.
    pub fn tail_call(
        &mut self,
        expr: &core::Expr,
        callee: &Callee,
        args: &[core::Expr],
        cursor: &mut Cursor,
    ) -> Result<Tail, Diverged> {
        let target = self.target(callee, cursor)?;
        let same_class = self.class(expr.ty) == self.class(self.result_type());
        let call = match target {
            Target::Direct(id) if same_class => Call::Direct(id, self.values(args, cursor)?),
            Target::Known(id, closure) if same_class => {
                let args = self.values(args, cursor)?;
                Call::Direct(id, [vec![closure], args].concat())
            }
            Target::Closure(closure) if same_class => Call::Closure(closure, self.values(args, cursor)?),
            target => return self.finish_call(expr, target, args, cursor).map(Tail::Value),
        };
        self.at(cursor, expr.span);
        Ok(Tail::Ended(End::TailCall(call)))
    }

    fn result_type(&self) -> snow_types::ty::Ty {
        self.state.result.unwrap_or(self.core.result)
    }

    /// A call whose value is needed.
    pub fn call_value(
        &mut self,
        expr: &core::Expr,
        callee: &Callee,
        args: &[core::Expr],
        cursor: &mut Cursor,
    ) -> Value {
        let target = self.target(callee, cursor)?;
        self.finish_call(expr, target, args, cursor)
    }

    fn target(&mut self, callee: &Callee, cursor: &mut Cursor) -> Result<Target, Diverged> {
        Ok(match callee {
            Callee::Function(function, types) => {
                let args = self.grounds(types);
                Target::Direct(self.s.instance(Instance::Function(*function, args)))
            }
            Callee::Value(value) => self.value_target(value, cursor)?,
            Callee::Primitive(primitive, types) => {
                let generic = match types.first() {
                    Some(ty) => self.class(*ty),
                    None => Class::Int,
                };
                Target::Primitive(*primitive, generic)
            }
            Callee::Intrinsic(index, types) => {
                let reified = match types.first() {
                    Some(ty) => self.ground(*ty),
                    None => self.s.grounds.unit(),
                };
                Target::Intrinsic(*index as usize, reified)
            }
            Callee::Interface { interface, method, self_ty, args, method_args } => {
                let self_ty = self.ground(*self_ty);
                let args = self.grounds(args);
                let method_args = self.grounds(method_args);
                match self.s.method((*interface, *method), self_ty, &args, &method_args) {
                    Method::Function(instance) => Target::Direct(self.s.instance(instance)),
                    Method::Builtin(builtin) => Target::Builtin(builtin),
                }
            }
        })
    }

    fn value_target(&mut self, value: &core::Expr, cursor: &mut Cursor) -> Result<Target, Diverged> {
        match &value.kind {
            ExprKind::Var(var) => {
                let closure = self.state.vars[var];
                Ok(match self.state.known.get(var) {
                    Some(code) => Target::Known(*code, closure),
                    None => Target::Closure(closure),
                })
            }
            ExprKind::Function(function, types) => {
                let args = self.grounds(types);
                Ok(Target::Direct(self.s.instance(Instance::Function(*function, args))))
            }
            ExprKind::Lambda(lambda) => {
                let (closure, code) = self.known_closure(lambda, cursor);
                Ok(Target::Known(code, closure))
            }
            _ => Ok(Target::Closure(self.value(value, cursor)?)),
        }
    }

    fn finish_call(
        &mut self,
        expr: &core::Expr,
        target: Target,
        args: &[core::Expr],
        cursor: &mut Cursor,
    ) -> Value {
        let operands = self.values(args, cursor)?;
        self.at(cursor, expr.span);
        let ground = self.ground(expr.ty);
        let class = self.s.grounds.class(ground);
        let never = *self.s.grounds.get(ground) == Node::Never;
        let call = match target {
            Target::Direct(id) => Call::Direct(id, operands),
            Target::Known(id, closure) => Call::Direct(id, [vec![closure], operands].concat()),
            Target::Closure(closure) => Call::Closure(closure, operands),
            Target::Primitive(primitive, generic) => {
                self.s.lay_out_tuples(ground);
                let operation = Operation::Primitive { primitive, args: operands, generic };
                return self.operation(cursor, class, operation, primitive.row().result);
            }
            Target::Intrinsic(index, reified) => {
                return self.intrinsic(index, reified, operands, class, cursor);
            }
            Target::Builtin(Builtin::Nothing) => return Err(cursor.diverge(End::Unreachable)),
            Target::Builtin(builtin) => return Ok(self.builtin(builtin, &operands, cursor)),
        };
        let result = self.local(class);
        self.call(cursor, vec![result], call);
        if never {
            return Err(cursor.diverge(End::Unreachable));
        }
        Ok(Operand::Local(result))
    }

    fn operation(&mut self, cursor: &mut Cursor, class: Class, operation: Operation, result: Slot) -> Value {
        match result {
            Slot::Unit => {
                self.effect(cursor, operation);
                Ok(Operand::Int(0))
            }
            Slot::Never => {
                self.effect(cursor, operation);
                Err(cursor.diverge(End::Unreachable))
            }
            _ => Ok(self.emit(cursor, class, operation)),
        }
    }

    fn intrinsic(
        &mut self,
        index: usize,
        reified: Ground,
        mut args: Vec<Operand>,
        class: Class,
        cursor: &mut Cursor,
    ) -> Value {
        let row = &INTRINSICS[index];
        if let Some(at) = row.descriptor_at {
            let descriptor = self.s.descriptor(reified);
            args.insert(at, Operand::Int(descriptor as i64));
        }
        self.operation(cursor, class, Operation::Entry(row.entry, args), row.result)
    }

    /// `spawn`
    pub fn spawn(
        &mut self,
        expr: &core::Expr,
        kind: SpawnKind,
        start: &core::Expr,
        mailbox: snow_types::ty::Ty,
        cursor: &mut Cursor,
    ) -> Value {
        let closure = self.start_closure(start, mailbox, cursor)?;
        self.at(cursor, expr.span);
        // The mask of received signals is filled in when all functions are known.
        let args = vec![closure, Operand::Int(0), Operand::Int(spawn_option(kind))];
        if kind != SpawnKind::Monitor {
            return Ok(self.emit(cursor, Class::Int, Operation::Entry(Entry::Spawn, args)));
        }
        let (pid, reference) = (self.local(Class::Int), self.local(Class::Int));
        self.call(cursor, vec![pid, reference], Call::Entry(Entry::Spawn, args));
        let layout = self.s.layouts.of(&[Class::Int, Class::Int]);
        let fields = vec![Operand::Local(pid), Operand::Local(reference)];
        Ok(self.emit(cursor, Class::Ref, Operation::Allocate { layout, tag: 0, fields }))
    }

    fn start_closure(
        &mut self,
        start: &core::Expr,
        mailbox: snow_types::ty::Ty,
        cursor: &mut Cursor,
    ) -> Value {
        let (closure, code) = match &start.kind {
            ExprKind::Lambda(lambda) => {
                let (closure, code) = self.known_closure(lambda, cursor);
                (closure, Some(code))
            }
            ExprKind::Var(var) => (self.state.vars[var], self.state.known.get(var).copied()),
            _ => (self.value(start, cursor)?, None),
        };
        if let Some(code) = code {
            let mailbox = self.ground(mailbox);
            let descriptor = self.s.descriptor(mailbox);
            self.s.mailboxes.push((code, descriptor));
        }
        Ok(closure)
    }

    /// `Node.spawn`
    pub fn spawn_remote(
        &mut self,
        kind: SpawnKind,
        node: &core::Expr,
        actor: hir::FunctionId,
        args: &[core::Expr],
        cursor: &mut Cursor,
    ) -> Value {
        let node = self.value(node, cursor)?;
        let captures = self.values(args, cursor)?;
        let index = *self.s.exports.get(&actor).expect("the checker refuses actors that are not exported");
        let (function, layout) = (self.s.export_list[index].function, self.s.export_list[index].layout);
        let closure = match captures.is_empty() {
            true => Operand::Static(self.s.static_closure(function)),
            false => self.emit(cursor, Class::Ref, Operation::Closure { function, layout, captures }),
        };
        let args = vec![node, Operand::Int(index as i64), closure, Operand::Int(spawn_option(kind))];
        Ok(self.emit(cursor, Class::Int, Operation::Entry(Entry::SpawnRemote, args)))
    }

    /// `send(pid, message)`
    pub fn send(&mut self, to: &core::Expr, message: &core::Expr, cursor: &mut Cursor) -> Value {
        let (pid, word) = (self.value(to, cursor)?, self.value(message, cursor)?);
        let descriptor = self.message_descriptor(message);
        self.effect(cursor, Operation::Entry(Entry::Send, vec![pid, word, descriptor]));
        Ok(Operand::Int(0))
    }

    /// `send({name, node}, message)`
    pub fn send_named(&mut self, [name, node, message]: [&core::Expr; 3], cursor: &mut Cursor) -> Value {
        let (name, node) = (self.value(name, cursor)?, self.value(node, cursor)?);
        let word = self.value(message, cursor)?;
        let descriptor = self.message_descriptor(message);
        self.effect(cursor, Operation::Entry(Entry::SendNamed, vec![name, node, word, descriptor]));
        Ok(Operand::Int(0))
    }

    fn message_descriptor(&mut self, message: &core::Expr) -> Operand {
        let ground = self.ground(message.ty);
        Operand::Int(self.s.descriptor(ground) as i64)
    }
}

fn spawn_option(kind: SpawnKind) -> i64 {
    match kind {
        SpawnKind::Plain => 0,
        SpawnKind::Link => snow_abi::entries::SPAWN_LINK,
        SpawnKind::Monitor => snow_abi::entries::SPAWN_MONITOR,
    }
}
