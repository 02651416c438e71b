//! Parameters of a loop that never change are no parameters: the body uses what was there before the loop.
//!
//! A loop is entered by one jump from the block that defines it, so its definition can stand last in that block and its
//! body see all locals of the block.

use crate::ir::{Block, End, Function, JoinId, Local, Operand, Program, Statement, StatementKind};
use crate::operands;
use crate::passes::measure;
use crate::signals::{each_block, each_end_block_mut};
use snow_abi::value::Class;
use snow_text::IdVec;
use std::collections::HashMap;

/// Frees every loop of its constant parameters.
pub(crate) fn drop_invariants(program: &mut Program) {
    for function in program.functions.values_mut() {
        let Function { body, locals, .. } = function;
        visit(body, locals);
    }
}

fn visit(block: &mut Block, locals: &IdVec<Local, Class>) {
    for statement in &mut block.statements {
        if let StatementKind::Join { body, .. } = &mut statement.kind {
            visit(body, locals);
        }
    }
    each_end_block_mut(&mut block.end, &mut |inner| visit(inner, locals));
    if let Some(position) = loop_entered_here(block) {
        let moved = block.statements.remove(position);
        block.statements.push(moved);
        let Block { statements, end, .. } = block;
        let last = statements.last_mut().expect("the loop was just put there");
        narrow(last, end, locals);
    }
}

/// The loop that the block ends by entering, when nobody else enters it.
fn loop_entered_here(block: &Block) -> Option<usize> {
    let End::Jump(target, _) = &block.end else { return None };
    let position = block
        .statements
        .iter()
        .position(|s| matches!(&s.kind, StatementKind::Join { id, recursive: true, .. } if id == target))?;
    let elsewhere = block.statements[position + 1..].iter().any(|s| match &s.kind {
        StatementKind::Join { body, .. } => jumps_to(body, *target),
        _ => false,
    });
    (!elsewhere).then_some(position)
}

fn jumps_to(block: &Block, target: JoinId) -> bool {
    let mut found = false;
    each_block(block, &mut |b| found |= matches!(&b.end, End::Jump(join, _) if *join == target));
    found
}

/// Replaces each parameter that every jump from the body passes on unchanged by what the loop is entered with.
fn narrow(statement: &mut Statement, end: &mut End, locals: &IdVec<Local, Class>) {
    let StatementKind::Join { id, params, body, .. } = &mut statement.kind else { return };
    let End::Jump(_, initial) = end else { return };
    let mut constant: Vec<bool> =
        params.iter().zip(initial.iter()).map(|(p, i)| measure::class(i, locals) == locals[*p]).collect();
    each_block(body, &mut |block| {
        if let End::Jump(join, args) = &block.end
            && join == id
        {
            for (index, arg) in args.iter().enumerate() {
                constant[index] &= *arg == Operand::Local(params[index]) || *arg == initial[index];
            }
        }
    });
    if !constant.contains(&true) {
        return;
    }
    let values: HashMap<Local, Operand> = params
        .iter()
        .zip(initial.iter())
        .zip(&constant)
        .filter(|(_, constant)| **constant)
        .map(|((param, value), _)| (*param, *value))
        .collect();
    keep_others(initial, &constant);
    keep_others(params, &constant);
    shorten_jumps(body, *id, &constant);
    operands::replace(body, &mut |operand| {
        if let Operand::Local(local) = operand
            && let Some(value) = values.get(local)
        {
            *operand = *value;
        }
    });
}

fn keep_others<T>(items: &mut Vec<T>, constant: &[bool]) {
    let mut flags = constant.iter();
    items.retain(|_| !flags.next().expect("as many flags as items"));
}

fn shorten_jumps(block: &mut Block, target: JoinId, constant: &[bool]) {
    for statement in &mut block.statements {
        if let StatementKind::Join { body, .. } = &mut statement.kind {
            shorten_jumps(body, target, constant);
        }
    }
    if let End::Jump(join, args) = &mut block.end
        && *join == target
    {
        keep_others(args, constant);
    }
    each_end_block_mut(&mut block.end, &mut |inner| shorten_jumps(inner, target, constant));
}
