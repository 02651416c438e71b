//! The operands of operations, calls and ends: read and replaced in one place.

use crate::ir::{Call, End, Operand, Operation};

/// Visits the operands of an operation.
pub(crate) fn of_operation(operation: &Operation, visit: &mut dyn FnMut(&Operand)) {
    match operation {
        Operation::Copy(a)
        | Operation::IntNegate(a)
        | Operation::FloatNegate(a)
        | Operation::Not(a)
        | Operation::TagOf(a)
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
