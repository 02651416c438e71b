//! Leaves out the functions and static objects that nothing reaches any more, so that nobody generates code for them.

use crate::ir::{
    Block, Call, End, Function, FunctionId, Operand, Operation, Program, StatementKind, Static, StaticId,
    StaticWord,
};
use crate::operands;
use crate::signals::{each_block, each_end_block_mut, each_operand};
use snow_text::{Id, IdVec};
use std::collections::HashSet;

/// Keeps what `main`, the tests and the exported actors reach; ids change, the order stays.
pub(crate) fn prune(program: &mut Program) {
    let mut reached = Reached::default();
    program.main.iter().for_each(|id| reached.found_static(*id));
    program.tests.iter().for_each(|test| reached.found_static(test.closure));
    program.exports.iter().for_each(|export| reached.found_function(export.function));
    reached.follow(program);
    let functions = numbers(program.functions.ids(), &reached.functions);
    let statics = numbers(program.statics.ids(), &reached.statics);
    let function = |id: FunctionId| functions[id].expect("it was reached");
    let object = |id: StaticId| statics[id].expect("it was reached");
    retain(&mut program.functions, &functions);
    retain(&mut program.statics, &statics);
    for kept in program.functions.values_mut() {
        renumber(&mut kept.body, &function);
        operands::replace(&mut kept.body, &mut |operand| {
            if let Operand::Static(id) = operand {
                *id = object(*id);
            }
        });
    }
    program.statics.values_mut().for_each(|value| renumber_static(value, &function, &object));
    program.main = program.main.map(object);
    program.tests.iter_mut().for_each(|test| test.closure = object(test.closure));
    program.exports.iter_mut().for_each(|export| export.function = function(export.function));
    program.mailboxes.retain_mut(|(start, _)| functions[*start].map(|new| *start = new).is_some());
}

/// What was reached, and what of it was not looked into yet.
#[derive(Default)]
struct Reached {
    functions: HashSet<FunctionId>,
    statics: HashSet<StaticId>,
    waiting_functions: Vec<FunctionId>,
    waiting_statics: Vec<StaticId>,
}

impl Reached {
    fn found_function(&mut self, id: FunctionId) {
        if self.functions.insert(id) {
            self.waiting_functions.push(id);
        }
    }

    fn found_static(&mut self, id: StaticId) {
        if self.statics.insert(id) {
            self.waiting_statics.push(id);
        }
    }

    fn follow(&mut self, program: &Program) {
        loop {
            if let Some(id) = self.waiting_functions.pop() {
                self.function(&program.functions[id]);
            } else if let Some(id) = self.waiting_statics.pop() {
                match &program.statics[id] {
                    Static::Text(_) => {}
                    Static::Closure(code) => self.found_function(*code),
                    Static::Object { words, .. } => {
                        for word in words {
                            if let StaticWord::Static(inner) = word {
                                self.found_static(*inner);
                            }
                        }
                    }
                }
            } else {
                return;
            }
        }
    }

    fn function(&mut self, function: &Function) {
        each_block(&function.body, &mut |block| {
            for statement in &block.statements {
                match &statement.kind {
                    StatementKind::Call(_, Call::Direct(id, _)) => self.found_function(*id),
                    StatementKind::Let(_, Operation::Closure { function, .. })
                    | StatementKind::Effect(Operation::Closure { function, .. }) => {
                        self.found_function(*function);
                    }
                    _ => {}
                }
            }
            if let End::TailCall(Call::Direct(id, _)) = &block.end {
                self.found_function(*id);
            }
        });
        each_operand(&function.body, &mut |operand| {
            if let Operand::Static(id) = operand {
                self.found_static(*id);
            }
        });
    }
}

/// New ids for those that stay.
fn numbers<I: Id + std::hash::Hash + Eq>(
    ids: impl Iterator<Item = I>,
    kept: &HashSet<I>,
) -> IdVec<I, Option<I>> {
    let mut next = 0;
    ids.map(|id| {
        kept.contains(&id).then(|| {
            next += 1;
            I::from_index(next - 1)
        })
    })
    .collect()
}

fn retain<I: Id, T>(items: &mut IdVec<I, T>, numbers: &IdVec<I, Option<I>>) {
    let all = std::mem::take(items);
    let kept = all.into_values().zip(numbers.values()).filter(|(_, number)| number.is_some());
    *items = kept.map(|(item, _)| item).collect();
}

fn renumber(block: &mut Block, function: &impl Fn(FunctionId) -> FunctionId) {
    for statement in &mut block.statements {
        match &mut statement.kind {
            StatementKind::Call(_, Call::Direct(id, _)) => *id = function(*id),
            StatementKind::Let(_, Operation::Closure { function: code, .. })
            | StatementKind::Effect(Operation::Closure { function: code, .. }) => *code = function(*code),
            StatementKind::Join { body, .. } => renumber(body, function),
            _ => {}
        }
    }
    if let End::TailCall(Call::Direct(id, _)) = &mut block.end {
        *id = function(*id);
    }
    each_end_block_mut(&mut block.end, &mut |inner| renumber(inner, function));
}

fn renumber_static(
    value: &mut Static,
    function: &impl Fn(FunctionId) -> FunctionId,
    object: &impl Fn(StaticId) -> StaticId,
) {
    match value {
        Static::Text(_) => {}
        Static::Closure(code) => *code = function(*code),
        Static::Object { words, .. } => {
            for word in words {
                if let StaticWord::Static(inner) = word {
                    *inner = object(*inner);
                }
            }
        }
    }
}
