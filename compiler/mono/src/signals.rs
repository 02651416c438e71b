//! Which signals a process receives: the union over everything its start function can reach.
//!
//! Closures made on the way count as reachable. A function that calls a closure it was given may reach any closure of the
//! program. The result is the mask of every `Spawn`, export, test and of `main`.

use crate::ir::{
    Block, Call, End, FunctionId, Local, Operand, Operation, Program, Statement, StatementKind, Static,
    StaticId,
};
use snow_abi::entries::{Entry, SIGNALS};
use snow_text::IdVec;
use std::collections::{HashMap, HashSet};

/// What one function does, as far as signals go.
#[derive(Default)]
struct Facts {
    mask: i64,
    reaches: HashSet<FunctionId>,
    calls_unknown: bool,
}

/// Fills in all masks.
pub(crate) fn fill_masks(program: &mut Program) {
    let statics = program.statics.clone();
    let facts: IdVec<FunctionId, Facts> =
        program.functions.values().map(|f| facts(&f.body, &statics)).collect();
    let masks = reachable_masks(&facts);
    for function in program.functions.values_mut() {
        patch(&mut function.body, &masks, &statics, &mut HashMap::new());
    }
    for export in &mut program.exports {
        export.signals = masks[export.function] as u32;
    }
    let mailboxes = &program.mailboxes;
    let start = |closure: StaticId| match statics[closure] {
        Static::Closure(code) => {
            (masks[code] as u32, mailboxes.iter().find(|m| m.0 == code).map_or(0, |m| m.1))
        }
        _ => (0, 0),
    };
    if let Some(main) = program.main {
        (program.main_signals, program.main_mailbox) = start(main);
    }
    for test in &mut program.tests {
        (test.signals, test.mailbox) = start(test.closure);
    }
}

fn facts(body: &Block, statics: &IdVec<StaticId, Static>) -> Facts {
    let mut facts = Facts::default();
    each_block(body, &mut |block| {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Let(_, Operation::Closure { function, .. })
                | StatementKind::Effect(Operation::Closure { function, .. }) => {
                    facts.reaches.insert(*function);
                }
                StatementKind::Call(_, call) => note_call(call, &mut facts),
                _ => {}
            }
        }
        if let End::TailCall(call) = &block.end {
            note_call(call, &mut facts);
        }
    });
    each_operand(body, &mut |operand| {
        if let Operand::Static(id) = operand
            && let Static::Closure(code) = &statics[*id]
        {
            facts.reaches.insert(*code);
        }
    });
    facts
}

fn note_call(call: &Call, facts: &mut Facts) {
    match call {
        Call::Direct(id, _) => {
            facts.reaches.insert(*id);
        }
        Call::Closure(..) => facts.calls_unknown = true,
        Call::Entry(Entry::ReceiveNext, args) => {
            if let Some(Operand::Int(mask)) = args.first() {
                facts.mask |= mask & SIGNALS;
            }
        }
        Call::Entry(..) => {}
    }
}

/// Masks by fixpoint: few functions receive signals, so few rounds are needed.
fn reachable_masks(facts: &IdVec<FunctionId, Facts>) -> IdVec<FunctionId, i64> {
    let mut masks: IdVec<FunctionId, i64> = facts.values().map(|f| f.mask).collect();
    let any: i64 = facts.values().fold(0, |all, f| all | f.mask);
    for (id, fact) in facts.iter() {
        if fact.calls_unknown {
            masks[id] |= any;
        }
    }
    let mut callers: IdVec<FunctionId, Vec<FunctionId>> = facts.values().map(|_| Vec::new()).collect();
    for (id, fact) in facts.iter() {
        fact.reaches.iter().for_each(|callee| callers[*callee].push(id));
    }
    let mut work: Vec<FunctionId> = masks.ids().filter(|id| masks[*id] != 0).collect();
    while let Some(id) = work.pop() {
        for caller in callers[id].clone() {
            if masks[caller] | masks[id] != masks[caller] {
                masks[caller] |= masks[id];
                work.push(caller);
            }
        }
    }
    masks
}

fn patch(
    block: &mut Block,
    masks: &IdVec<FunctionId, i64>,
    statics: &IdVec<StaticId, Static>,
    closures: &mut HashMap<Local, FunctionId>,
) {
    for Statement { kind, .. } in &mut block.statements {
        match kind {
            StatementKind::Let(local, Operation::Closure { function, .. }) => {
                closures.insert(*local, *function);
            }
            StatementKind::Join { body, .. } => patch(body, masks, statics, closures),
            StatementKind::Let(_, Operation::Entry(Entry::Spawn, args))
            | StatementKind::Effect(Operation::Entry(Entry::Spawn, args))
            | StatementKind::Call(_, Call::Entry(Entry::Spawn, args)) => {
                let code = match &args[0] {
                    Operand::Local(local) => closures.get(local).copied(),
                    Operand::Static(id) => match &statics[*id] {
                        Static::Closure(code) => Some(*code),
                        _ => None,
                    },
                    _ => None,
                };
                args[1] = Operand::Int(code.map_or(i64::from(i32::MAX), |code| masks[code]));
            }
            _ => {}
        }
    }
    each_end_block_mut(&mut block.end, &mut |inner| patch(inner, masks, statics, closures));
}

/// Visits a block and every block inside it.
pub(crate) fn each_block<'b>(block: &'b Block, visit: &mut dyn FnMut(&'b Block)) {
    visit(block);
    for statement in &block.statements {
        if let StatementKind::Join { body, .. } = &statement.kind {
            each_block(body, visit);
        }
    }
    each_end_block(&block.end, &mut |inner| each_block(inner, visit));
}

/// Visits the blocks that an end holds.
pub(crate) fn each_end_block<'b>(end: &'b End, visit: &mut dyn FnMut(&'b Block)) {
    match end {
        End::If { then, otherwise, .. } => {
            visit(then);
            visit(otherwise);
        }
        End::Switch { cases, default, .. } => {
            cases.iter().for_each(|(_, b)| visit(b));
            default.iter().for_each(|b| visit(b));
        }
        _ => {}
    }
}

/// Visits the blocks that an end holds, to change them.
pub(crate) fn each_end_block_mut(end: &mut End, visit: &mut dyn FnMut(&mut Block)) {
    match end {
        End::If { then, otherwise, .. } => {
            visit(then);
            visit(otherwise);
        }
        End::Switch { cases, default, .. } => {
            cases.iter_mut().for_each(|(_, b)| visit(b));
            default.iter_mut().for_each(|b| visit(b));
        }
        _ => {}
    }
}

/// Visits every operand of a block and those inside it.
pub(crate) fn each_operand(block: &Block, visit: &mut dyn FnMut(&Operand)) {
    each_block(block, &mut |block| {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Let(_, op) | StatementKind::Effect(op) => {
                    crate::operands::of_operation(op, visit)
                }
                StatementKind::Call(_, call) => crate::operands::of_call(call, visit),
                StatementKind::Join { .. } => {}
            }
        }
        crate::operands::of_end(&block.end, visit);
    });
}
