//! Which operations may collect the heap, and what they use.

use snow_abi::entries::Entry;
use snow_abi::primitives::{self, Primitive};
use snow_abi::value::Class;
use snow_mono::ir::{Call, End, Operand, Operation};

/// Whether the heap may be collected while an operation runs.
pub fn may_collect(operation: &Operation) -> bool {
    match operation {
        Operation::Allocate { .. } | Operation::Closure { .. } => true,
        Operation::Primitive { primitive, .. } => primitive_may_collect(*primitive),
        Operation::Entry(entry, _) => entry_may_collect(*entry),
        _ => false,
    }
}

/// Whether an operation takes heap words in line.
pub fn allocates_inline(operation: &Operation) -> bool {
    matches!(operation, Operation::Allocate { .. } | Operation::Closure { .. })
}

/// By the treaty only rows that give a reference or wait collect.
fn primitive_may_collect(primitive: Primitive) -> bool {
    let row = primitive.row();
    let inline = primitive == Primitive::array_get;
    let gives = matches!(row.result, primitives::Operand::Word(Class::Ref) | primitives::Operand::Generic);
    !inline && (row.waits || gives)
}

/// Whether a runtime entry may collect: by the treaty these and no others.
pub fn entry_may_collect(entry: Entry) -> bool {
    matches!(
        entry,
        Entry::Allocate
            | Entry::Spawn
            | Entry::ReceiveNext
            | Entry::SpawnRemote
            | Entry::WhereIs
            | Entry::GlobalWhereIs
            | Entry::GroupMembers
            | Entry::TermEncode
            | Entry::TermDecode
    )
}

/// The operands of an operation.
pub fn operands(operation: &Operation) -> Vec<Operand> {
    match operation {
        Operation::Copy(a)
        | Operation::IntNegate(a)
        | Operation::FloatNegate(a)
        | Operation::Not(a)
        | Operation::TagOf(a, _) => vec![*a],
        Operation::Int(_, a, b)
        | Operation::Float(_, a, b)
        | Operation::IntCompare(_, a, b)
        | Operation::FloatCompare(_, a, b)
        | Operation::FloatOrder(a, b)
        | Operation::SameWord(a, b) => vec![*a, *b],
        Operation::Load { object, .. } => vec![*object],
        Operation::Allocate { fields, .. } => fields.clone(),
        Operation::Closure { captures, .. } => captures.clone(),
        Operation::SetCapture { closure, value, .. } => vec![*closure, *value],
        Operation::Primitive { args, .. } | Operation::Entry(_, args) => args.clone(),
    }
}

/// The operands of a call, the closure included.
pub fn call_operands(call: &Call) -> Vec<Operand> {
    match call {
        Call::Direct(_, args) | Call::Entry(_, args) => args.clone(),
        Call::Closure(closure, args) => std::iter::once(closure).chain(args).copied().collect(),
    }
}

/// The operands that an end itself uses, its blocks apart.
pub fn end_operands(end: &End) -> Vec<Operand> {
    match end {
        End::Return(values) | End::Jump(_, values) => values.clone(),
        End::TailCall(call) => call_operands(call),
        End::If { condition, .. } => vec![*condition],
        End::Switch { on, .. } => vec![*on],
        End::Fail(_, a, b) => vec![*a, *b],
        End::Unreachable => Vec::new(),
    }
}
