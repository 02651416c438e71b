//! Blocks rebuilt: statements, joins, ends.

use super::policy::FUNCTION_SIZE_MAX;
use super::{Frame, JoinBinding, Simplifier};
use crate::ir::{Block, End, JoinId, Local, Location, Operand, Operation, Statement, StatementKind};
use crate::passes::measure;

impl<'p> Simplifier<'p> {
    /// Rebuilds a block.
    pub(super) fn block(&mut self, old: &'p Block, frame: &mut Frame<'p>) -> Block {
        self.rest(&old.statements, old, frame)
    }

    /// Rebuilds the statements that are left of a block, and its end.
    pub(super) fn rest(
        &mut self,
        statements: &'p [Statement],
        old: &'p Block,
        frame: &mut Frame<'p>,
    ) -> Block {
        let mut done: Vec<Statement> = Vec::new();
        for (position, statement) in statements.iter().enumerate() {
            self.size += 1;
            let location = self.line(statement.location, frame);
            match &statement.kind {
                StatementKind::Let(local, operation) => {
                    self.let_operation(*local, operation, location, frame, &mut done);
                }
                StatementKind::Effect(operation) => self.effect(operation, location, frame, &mut done),
                StatementKind::Join { .. } => self.join(statement, frame, &mut done),
                StatementKind::Call(results, call) => {
                    let call = self.direct(self.call(call, frame));
                    if let Some((id, args)) = self.inlined(&call, frame) {
                        let after = &statements[position + 1..];
                        return self.inline((id, location), args, results, (after, old), frame, done);
                    }
                    self.forget_loads();
                    let results = results.iter().map(|r| self.define(*r, frame)).collect();
                    done.push(Statement { kind: StatementKind::Call(results, call), location });
                }
            }
        }
        self.finish(old, frame, done)
    }

    pub(super) fn let_operation(
        &mut self,
        local: Local,
        operation: &Operation,
        location: Location,
        frame: &mut Frame<'p>,
        done: &mut Vec<Statement>,
    ) {
        let operation = self.translate(operation, frame);
        if let Some(operand) = self.known(&operation, frame.classes[local]) {
            frame.operands.insert(local, operand);
            return;
        }
        let new = self.define(local, frame);
        if matches!(operation, Operation::Allocate { .. } | Operation::Closure { .. } | Operation::TagOf(..))
        {
            self.facts.insert(new, operation.clone());
        }
        if let Operation::Load { object: Operand::Local(object), index } = operation {
            self.loads.push((object, index, Operand::Local(new)));
        }
        done.push(Statement { kind: StatementKind::Let(new, operation), location });
    }

    pub(super) fn effect(
        &mut self,
        operation: &Operation,
        location: Location,
        frame: &Frame<'p>,
        done: &mut Vec<Statement>,
    ) {
        let operation = self.translate(operation, frame);
        self.note_effect(&operation);
        done.push(Statement { kind: StatementKind::Effect(operation), location });
    }

    fn join(&mut self, statement: &'p Statement, frame: &mut Frame<'p>, done: &mut Vec<Statement>) {
        let StatementKind::Join { id, params, recursive, body } = &statement.kind else {
            unreachable!("called for joins only");
        };
        let uses = frame.uses.get(id).copied().unwrap_or(0);
        if uses == 0 {
            return;
        }
        let small = measure::is_copied(params, body) && self.size < FUNCTION_SIZE_MAX;
        if !recursive && (uses == 1 || small) {
            frame.joins.insert(*id, JoinBinding::Copied(params, body));
            return;
        }
        let new = self.fresh_join();
        if *recursive {
            frame.joins.insert(*id, JoinBinding::Kept(new));
        }
        let tags = std::mem::take(&mut self.tags);
        let params = params.iter().map(|p| self.define(*p, frame)).collect();
        let body = self.apart(|this| {
            this.forget_loads();
            this.block(body, frame)
        });
        self.tags = tags;
        frame.joins.insert(*id, JoinBinding::Kept(new));
        let kind = StatementKind::Join { id: new, params, recursive: *recursive, body: Box::new(body) };
        done.push(Statement { kind, location: self.line(statement.location, frame) });
    }

    /// Ends the block.
    fn finish(&mut self, old: &'p Block, frame: &mut Frame<'p>, done: Vec<Statement>) -> Block {
        self.size += 1;
        let location = self.line(old.location, frame);
        let end = match &old.end {
            End::Return(values) => {
                let values = self.all(values, frame);
                match frame.result {
                    Some(join) => End::Jump(join, values),
                    None => End::Return(values),
                }
            }
            End::Jump(join, args) => return self.jump(*join, args, frame, done, location),
            End::TailCall(call) => return self.tail_call(call, frame, done, location),
            End::If { condition, then, otherwise } => match self.operand(condition, frame) {
                Operand::Int(known) => {
                    let chosen = if known != 0 { then } else { otherwise };
                    return continued(done, self.block(chosen, frame));
                }
                condition => {
                    let then = Box::new(self.apart(|this| this.block(then, frame)));
                    let otherwise = Box::new(self.apart(|this| this.block(otherwise, frame)));
                    End::If { condition, then, otherwise }
                }
            },
            End::Switch { on, cases, default } => {
                let on = self.operand(on, frame);
                if let Some(chosen) = chosen_case(on, cases, default.as_deref()) {
                    return continued(done, self.block(chosen, frame));
                }
                self.switch(on, cases, default.as_deref(), frame)
            }
            End::Fail(failure, a, b) => End::Fail(*failure, self.operand(a, frame), self.operand(b, frame)),
            End::Unreachable => End::Unreachable,
        };
        Block { statements: done, end, location }
    }

    fn jump(
        &mut self,
        join: JoinId,
        args: &[Operand],
        frame: &mut Frame<'p>,
        done: Vec<Statement>,
        location: Location,
    ) -> Block {
        let args = self.all(args, frame);
        match frame.joins.get(&join).expect("verified: joins are defined before jumps").clone() {
            JoinBinding::Kept(join) => Block { statements: done, end: End::Jump(join, args), location },
            JoinBinding::Copied(params, body) => {
                for (param, arg) in params.iter().zip(args) {
                    frame.operands.insert(*param, arg);
                }
                continued(done, self.block(body, frame))
            }
        }
    }

    fn switch(
        &mut self,
        on: Operand,
        cases: &'p [(i64, Block)],
        default: Option<&'p Block>,
        frame: &mut Frame<'p>,
    ) -> End {
        let subject = match on {
            Operand::Local(local) => match self.facts.get(&local) {
                Some(Operation::TagOf(Operand::Local(object), _)) => Some(*object),
                _ => None,
            },
            _ => None,
        };
        let mut new = Vec::new();
        for (key, block) in cases {
            let outer = subject.map(|s| (s, self.tags.insert(s, *key)));
            new.push((*key, self.apart(|this| this.block(block, frame))));
            match outer {
                Some((s, Some(tag))) => drop(self.tags.insert(s, tag)),
                Some((s, None)) => drop(self.tags.remove(&s)),
                None => {}
            }
        }
        let default = default.map(|b| Box::new(self.apart(|this| this.block(b, frame))));
        End::Switch { on, cases: new, default }
    }
}

/// The block goes on in another one.
pub(super) fn continued(mut done: Vec<Statement>, next: Block) -> Block {
    done.extend(next.statements);
    Block { statements: done, end: next.end, location: next.location }
}

/// The case of a known value.
fn chosen_case<'p>(on: Operand, cases: &'p [(i64, Block)], default: Option<&'p Block>) -> Option<&'p Block> {
    match on {
        Operand::Int(known) => cases.iter().find(|c| c.0 == known).map(|c| &c.1).or(default),
        _ => None,
    }
}
