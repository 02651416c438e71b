//! Operations with their operands replaced, and what can be known of them at once.

use super::{Frame, Simplifier};
use crate::ir::{Condition, FunctionId, IntOp, Local, Operand, Operation, Static, StaticWord};
use snow_abi::value::Class;

/// How many of the latest reads are looked through.
const LOADS_MAX: usize = 64;

impl<'p> Simplifier<'p> {
    /// The operation on new operands.
    pub(super) fn translate(&self, old: &Operation, frame: &Frame<'p>) -> Operation {
        let o = |operand: &Operand| self.operand(operand, frame);
        match old {
            Operation::Copy(a) => Operation::Copy(o(a)),
            Operation::Int(op, a, b) => Operation::Int(*op, o(a), o(b)),
            Operation::IntNegate(a) => Operation::IntNegate(o(a)),
            Operation::Float(op, a, b) => Operation::Float(*op, o(a), o(b)),
            Operation::FloatNegate(a) => Operation::FloatNegate(o(a)),
            Operation::Not(a) => Operation::Not(o(a)),
            Operation::IntCompare(c, a, b) => Operation::IntCompare(*c, o(a), o(b)),
            Operation::FloatCompare(c, a, b) => Operation::FloatCompare(*c, o(a), o(b)),
            Operation::FloatOrder(a, b) => Operation::FloatOrder(o(a), o(b)),
            Operation::SameWord(a, b) => Operation::SameWord(o(a), o(b)),
            Operation::Load { object, index } => Operation::Load { object: o(object), index: *index },
            Operation::TagOf(a, forms) => Operation::TagOf(o(a), *forms),
            Operation::Allocate { layout, tag, fields } => {
                Operation::Allocate { layout: *layout, tag: *tag, fields: self.all(fields, frame) }
            }
            Operation::Closure { function, layout, captures } => Operation::Closure {
                function: *function,
                layout: *layout,
                captures: self.all(captures, frame),
            },
            Operation::SetCapture { closure, index, value } => {
                Operation::SetCapture { closure: o(closure), index: *index, value: o(value) }
            }
            Operation::Primitive { primitive, args, generic } => {
                Operation::Primitive { primitive: *primitive, args: self.all(args, frame), generic: *generic }
            }
            Operation::Entry(entry, args) => Operation::Entry(*entry, self.all(args, frame)),
        }
    }

    /// The operand that the operation is known to give.
    pub(super) fn known(&self, operation: &Operation, class: Class) -> Option<Operand> {
        match operation {
            Operation::Copy(a) => (self.class(a) == class).then_some(*a),
            Operation::Not(Operand::Int(b)) => Some(Operand::Int(1 - b)),
            Operation::Int(op, Operand::Int(a), Operand::Int(b)) => int(*op, *a, *b).map(Operand::Int),
            Operation::IntCompare(c, Operand::Int(a), Operand::Int(b)) => {
                Some(Operand::Int(compare(*c, *a, *b) as i64))
            }
            Operation::TagOf(a, _) => self.tag_of(a).map(Operand::Int),
            Operation::Load { object, index } => self.load(object, *index).filter(|o| self.class(o) == class),
            _ => None,
        }
    }

    fn class(&self, operand: &Operand) -> Class {
        match operand {
            Operand::Local(local) => self.locals[*local],
            Operand::Int(_) => Class::Int,
            Operand::Float(_) => Class::Float,
            Operand::Immediate(_) | Operand::Static(_) => Class::Ref,
        }
    }

    fn tag_of(&self, operand: &Operand) -> Option<i64> {
        match operand {
            Operand::Immediate(n) => Some(*n as i64),
            Operand::Static(id) => match &self.program.statics[*id] {
                Static::Object { tag, .. } => Some(*tag as i64),
                _ => None,
            },
            Operand::Local(local) => match self.facts.get(local) {
                Some(Operation::Allocate { tag, .. }) => Some(*tag as i64),
                _ => self.tags.get(local).copied(),
            },
            _ => None,
        }
    }

    fn load(&self, object: &Operand, index: u32) -> Option<Operand> {
        match object {
            Operand::Local(local) => match self.facts.get(local) {
                None => self.loaded(*local, index),
                Some(Operation::Allocate { fields, .. }) => fields.get(index as usize).copied(),
                Some(Operation::Closure { captures, .. }) => {
                    captures.get((index as usize).checked_sub(1)?).copied()
                }
                Some(_) => None,
            },
            Operand::Static(id) => match &self.program.statics[*id] {
                Static::Object { words, .. } => match words.get(index as usize)? {
                    StaticWord::Static(id) => Some(Operand::Static(*id)),
                    StaticWord::Raw(_) => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// What was read from the same place since the last call: objects do not change.
    fn loaded(&self, object: Local, index: u32) -> Option<Operand> {
        let recent = &self.loads[self.loads_floor..];
        let found = recent.iter().rev().take(LOADS_MAX).find(|load| load.0 == object && load.1 == index);
        found.map(|load| load.2)
    }

    /// A call lies between: keeping words in view across it would cost as much as reading them again.
    pub(super) fn forget_loads(&mut self) {
        self.loads_floor = self.loads.len();
    }

    /// The code of a closure operand.
    pub(super) fn code_of(&self, closure: &Operand) -> Option<FunctionId> {
        match closure {
            Operand::Local(local) => match self.facts.get(local)? {
                Operation::Closure { function, .. } => Some(*function),
                _ => None,
            },
            Operand::Static(id) => match &self.program.statics[*id] {
                Static::Closure(code) => Some(*code),
                _ => None,
            },
            _ => None,
        }
    }

    /// Keeps what is known of a closure true when a captured word is overwritten.
    pub(super) fn note_effect(&mut self, operation: &Operation) {
        if let Operation::SetCapture { closure: Operand::Local(closure), index, value } = operation
            && let Some(Operation::Closure { captures, .. }) = self.facts.get_mut(closure)
        {
            captures[*index as usize - 1] = *value;
        }
    }
}

fn int(op: IntOp, a: i64, b: i64) -> Option<i64> {
    match op {
        IntOp::Add => a.checked_add(b),
        IntOp::Sub => a.checked_sub(b),
        IntOp::Mul => a.checked_mul(b),
        IntOp::Div => a.checked_div(b),
        IntOp::Rem => a.checked_rem(b),
    }
}

fn compare(condition: Condition, a: i64, b: i64) -> bool {
    match condition {
        Condition::Equal => a == b,
        Condition::NotEqual => a != b,
        Condition::Less => a < b,
        Condition::LessEqual => a <= b,
        Condition::Greater => a > b,
        Condition::GreaterEqual => a >= b,
    }
}
