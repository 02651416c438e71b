//! Which references a collection must see at each point where one may happen.
//!
//! Backward over the structured IR. The sets at join points are iterated until they are stable, because a loop's body needs what
//! the next turn needs; a last pass notes the sets. At a call the set is what is live after it; at an allocation it is what is live
//! before it, because its fields are written after the collection.

use std::collections::HashMap;

use snow_abi::value::Class;
use snow_mono::ir::{Block, End, Function, Local, Operand, Statement, StatementKind};
use snow_text::Id;

use crate::allocation;
use crate::collection;
use crate::local_set::LocalSet;

/// The live references of one function at its statements that may collect.
#[derive(Debug, Default)]
pub struct Liveness {
    points: Vec<Vec<Local>>,
    index: HashMap<usize, usize>,
}

impl Liveness {
    /// Analyses a function.
    pub fn of(function: &Function) -> Liveness {
        let joins = vec![LocalSet::default(); function.join_count as usize];
        let mut analysis =
            Analysis { function, joins, changed: true, noting: false, live: Liveness::default() };
        while std::mem::take(&mut analysis.changed) {
            analysis.block(&function.body);
        }
        analysis.noting = true;
        analysis.block(&function.body);
        analysis.live
    }

    /// The live references at a statement; empty where nothing collects.
    pub fn at(&self, statement: &Statement) -> &[Local] {
        self.index.get(&key(statement)).map_or(&[], |&point| &self.points[point])
    }

    /// All sets, in an order that depends on nothing but the function.
    pub fn points(&self) -> &[Vec<Local>] {
        &self.points
    }
}

/// A statement is known by its place in memory: the IR does not move while it is borrowed.
fn key(statement: &Statement) -> usize {
    std::ptr::from_ref(statement).addr()
}

struct Analysis<'a> {
    function: &'a Function,
    joins: Vec<LocalSet>,
    changed: bool,
    noting: bool,
    live: Liveness,
}

impl Analysis<'_> {
    fn block(&mut self, block: &Block) -> LocalSet {
        for statement in &block.statements {
            if let StatementKind::Join { id, params, body, .. } = &statement.kind {
                let mut live = self.block(body);
                params.iter().for_each(|&param| live.remove(param));
                self.changed |= self.joins[id.index()].unite(&live);
            }
        }
        let mut live = self.end(&block.end);
        let heads = allocation::run_heads(&block.statements);
        for (statement, head) in block.statements.iter().zip(heads).rev() {
            self.statement(statement, head.is_some(), &mut live);
        }
        live
    }

    fn statement(&mut self, statement: &Statement, is_head: bool, live: &mut LocalSet) {
        let (results, operation) = match &statement.kind {
            StatementKind::Let(local, operation) => (std::slice::from_ref(local), operation),
            StatementKind::Effect(operation) => (&[][..], operation),
            StatementKind::Call(results, call) => {
                results.iter().for_each(|&result| live.remove(result));
                self.note(statement, live);
                self.use_all(&collection::call_operands(call), live);
                return;
            }
            StatementKind::Join { .. } => return,
        };
        results.iter().for_each(|&result| live.remove(result));
        let inline = collection::allocates_inline(operation);
        if !inline && collection::may_collect(operation) {
            self.note(statement, live);
        }
        self.use_all(&collection::operands(operation), live);
        if inline && is_head {
            self.note(statement, live);
        }
    }

    fn end(&mut self, end: &End) -> LocalSet {
        let mut live = LocalSet::default();
        match end {
            End::Jump(join, _) => live = self.joins[join.index()].clone(),
            End::If { then, otherwise, .. } => {
                live = self.block(then);
                live.unite(&self.block(otherwise));
            }
            End::Switch { cases, default, .. } => {
                for block in cases.iter().map(|(_, block)| block).chain(default.as_deref()) {
                    live.unite(&self.block(block));
                }
            }
            End::Return(_) | End::TailCall(_) | End::Fail(..) | End::Unreachable => {}
        }
        self.use_all(&collection::end_operands(end), &mut live);
        live
    }

    fn use_all(&self, operands: &[Operand], live: &mut LocalSet) {
        for operand in operands {
            if let Operand::Local(local) = operand
                && self.function.locals[*local] == Class::Ref
            {
                live.insert(*local);
            }
        }
    }

    fn note(&mut self, statement: &Statement, live: &LocalSet) {
        if self.noting {
            self.live.index.insert(key(statement), self.live.points.len());
            self.live.points.push(live.iter().collect());
        }
    }
}
