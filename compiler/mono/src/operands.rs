//! The operands of operations, calls and ends: read and replaced in one place.

use crate::ir::{Block, Call, End, Operand, Operation, StatementKind};
use crate::signals::each_end_block_mut;

/// Visits the operands of an operation.
pub(crate) fn of_operation(operation: &Operation, visit: &mut dyn FnMut(&Operand)) {
    match operation {
        Operation::Copy(a)
        | Operation::IntNegate(a)
        | Operation::FloatNegate(a)
        | Operation::Not(a)
        | Operation::TagOf(a, _)
        | Operation::Load { object: a, .. } => visit(a),
        Operation::Int(_, a, b)
        | Operation::Float(_, a, b)
        | Operation::IntCompare(_, a, b)
        | Operation::FloatCompare(_, a, b)
        | Operation::FloatOrder(a, b)
        | Operation::SameWord(a, b)
        | Operation::SetCapture { closure: a, value: b, .. } => {
            visit(a);
            visit(b);
        }
        Operation::Allocate { fields: args, .. }
        | Operation::Closure { captures: args, .. }
        | Operation::Primitive { args, .. }
        | Operation::Entry(_, args) => args.iter().for_each(visit),
    }
}

/// Visits the operands of a call.
pub(crate) fn of_call(call: &Call, visit: &mut dyn FnMut(&Operand)) {
    match call {
        Call::Direct(_, args) | Call::Entry(_, args) => args.iter().for_each(visit),
        Call::Closure(closure, args) => {
            visit(closure);
            args.iter().for_each(visit);
        }
    }
}

/// Visits the operands of an end, those of blocks inside it excluded.
pub(crate) fn of_end(end: &End, visit: &mut dyn FnMut(&Operand)) {
    match end {
        End::Return(args) | End::Jump(_, args) => args.iter().for_each(visit),
        End::TailCall(call) => of_call(call, visit),
        End::If { condition, .. } => visit(condition),
        End::Switch { on, .. } => visit(on),
        End::Fail(_, a, b) => {
            visit(a);
            visit(b);
        }
        End::Unreachable => {}
    }
}

/// Like [`of_end`], stopping at the first problem.
pub(crate) fn of_end_checked<E>(
    end: &End,
    check: &mut dyn FnMut(&Operand) -> Result<(), E>,
) -> Result<(), E> {
    let mut result = Ok(());
    of_end(end, &mut |operand| {
        if result.is_ok() {
            result = check(operand);
        }
    });
    result
}

/// Replaces operands everywhere in a block and those inside it.
pub(crate) fn replace(block: &mut Block, replace: &mut dyn FnMut(&mut Operand)) {
    for statement in &mut block.statements {
        match &mut statement.kind {
            StatementKind::Let(_, operation) | StatementKind::Effect(operation) => {
                in_operation(operation, replace)
            }
            StatementKind::Call(_, call) => in_call(call, replace),
            StatementKind::Join { body, .. } => self::replace(body, replace),
        }
    }
    in_end(&mut block.end, replace);
}

fn in_operation(operation: &mut Operation, replace: &mut dyn FnMut(&mut Operand)) {
    match operation {
        Operation::Copy(a)
        | Operation::IntNegate(a)
        | Operation::FloatNegate(a)
        | Operation::Not(a)
        | Operation::TagOf(a, _)
        | Operation::Load { object: a, .. } => replace(a),
        Operation::Int(_, a, b)
        | Operation::Float(_, a, b)
        | Operation::IntCompare(_, a, b)
        | Operation::FloatCompare(_, a, b)
        | Operation::FloatOrder(a, b)
        | Operation::SameWord(a, b)
        | Operation::SetCapture { closure: a, value: b, .. } => {
            replace(a);
            replace(b);
        }
        Operation::Allocate { fields: args, .. }
        | Operation::Closure { captures: args, .. }
        | Operation::Primitive { args, .. }
        | Operation::Entry(_, args) => args.iter_mut().for_each(replace),
    }
}

fn in_call(call: &mut Call, replace: &mut dyn FnMut(&mut Operand)) {
    match call {
        Call::Direct(_, args) | Call::Entry(_, args) => args.iter_mut().for_each(replace),
        Call::Closure(closure, args) => {
            replace(closure);
            args.iter_mut().for_each(replace);
        }
    }
}

fn in_end(end: &mut End, replace: &mut dyn FnMut(&mut Operand)) {
    match end {
        End::Return(args) | End::Jump(_, args) => args.iter_mut().for_each(&mut *replace),
        End::TailCall(call) => in_call(call, replace),
        End::If { condition, .. } => replace(condition),
        End::Switch { on, .. } => replace(on),
        End::Fail(_, a, b) => {
            replace(a);
            replace(b);
        }
        End::Unreachable => {}
    }
    each_end_block_mut(end, &mut |inner| self::replace(inner, replace));
}
