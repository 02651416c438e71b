//! Removes what nobody uses: pure operations, joins without jumps, functions that nothing reaches any more are left to the linker.

use crate::ir::{Block, Function, JoinId, Local, Operand, Operation, Program, Statement, StatementKind};
use crate::passes::measure::join_uses;
use crate::signals::{each_end_block_mut, each_operand};
use std::collections::{HashMap, HashSet};

/// Cleans every function.
pub(crate) fn remove(program: &mut Program) {
    for function in program.functions.values_mut() {
        while clean(function) {}
    }
}

/// One round; whether anything was removed.
fn clean(function: &mut Function) -> bool {
    let mut used: HashSet<Local> = HashSet::new();
    each_operand(&function.body, &mut |operand| {
        if let Operand::Local(local) = operand {
            used.insert(*local);
        }
    });
    let joins = join_uses(&function.body);
    sweep(&mut function.body, &used, &joins)
}

fn sweep(block: &mut Block, used: &HashSet<Local>, joins: &HashMap<JoinId, usize>) -> bool {
    let before = block.statements.len();
    block.statements.retain(|statement| is_needed(statement, used, joins));
    let mut changed = block.statements.len() != before;
    for statement in &mut block.statements {
        if let StatementKind::Join { body, .. } = &mut statement.kind {
            changed |= sweep(body, used, joins);
        }
    }
    each_end_block_mut(&mut block.end, &mut |inner| changed |= sweep(inner, used, joins));
    changed
}

fn is_needed(statement: &Statement, used: &HashSet<Local>, joins: &HashMap<JoinId, usize>) -> bool {
    match &statement.kind {
        StatementKind::Let(local, operation) => used.contains(local) || !is_pure(operation),
        StatementKind::Effect(operation) => !is_pure(operation),
        StatementKind::Call(..) => true,
        StatementKind::Join { id, .. } => joins.contains_key(id),
    }
}

/// Whether leaving it out changes nothing but time and memory.
fn is_pure(operation: &Operation) -> bool {
    match operation {
        Operation::Copy(_)
        | Operation::Float(..)
        | Operation::FloatNegate(_)
        | Operation::Not(_)
        | Operation::IntCompare(..)
        | Operation::FloatCompare(..)
        | Operation::FloatOrder(..)
        | Operation::SameWord(..)
        | Operation::Load { .. }
        | Operation::TagOf(..)
        | Operation::Allocate { .. }
        | Operation::Closure { .. } => true,
        Operation::Int(..)
        | Operation::IntNegate(_)
        | Operation::SetCapture { .. }
        | Operation::Primitive { .. }
        | Operation::Entry(..) => false,
    }
}
