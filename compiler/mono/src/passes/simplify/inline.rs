//! Calls: of known closures made direct, of small functions replaced by their bodies.

use super::blocks::continued;
use super::{Frame, Simplifier};
use crate::ir::{
    Block, Call, End, Function, FunctionId, JoinId, Local, Location, Operand, Statement, StatementKind,
};
use crate::passes::measure;
use snow_abi::value::Class;
use std::collections::HashMap;
use std::rc::Rc;

impl<'p> Simplifier<'p> {
    /// A call on new operands.
    pub(super) fn call(&self, old: &Call, frame: &Frame<'p>) -> Call {
        match old {
            Call::Direct(id, args) => Call::Direct(*id, self.all(args, frame)),
            Call::Closure(closure, args) => {
                Call::Closure(self.operand(closure, frame), self.all(args, frame))
            }
            Call::Entry(entry, args) => Call::Entry(*entry, self.all(args, frame)),
        }
    }

    /// A call of a closure whose code is known is a direct call.
    pub(super) fn direct(&self, call: Call) -> Call {
        match &call {
            Call::Closure(closure, args) => match self.code_of(closure) {
                Some(code) => Call::Direct(code, [&[*closure], args.as_slice()].concat()),
                None => call,
            },
            _ => call,
        }
    }

    /// A tail call: inlined, kept, or a call whose results go where an inlined body's returns go.
    pub(super) fn tail_call(
        &mut self,
        call: &'p Call,
        frame: &mut Frame<'p>,
        mut done: Vec<Statement>,
        location: Location,
    ) -> Block {
        let call = self.direct(self.call(call, frame));
        if let Some((id, args)) = self.inlined(&call, frame) {
            let inner = self.frame_of((id, location), args, frame.result, frame);
            return continued(done, self.inlined_body(id, inner));
        }
        let Some(join) = frame.result else {
            return Block { statements: done, end: End::TailCall(call), location };
        };
        let classes: Vec<Class> = match &call {
            Call::Direct(id, _) => self.program.functions[*id].results.clone(),
            Call::Closure(..) | Call::Entry(..) => self.join_classes[&join].clone(),
        };
        self.forget_loads();
        let results: Vec<Local> = classes.iter().map(|c| self.locals.push(*c)).collect();
        let values = results.iter().map(|r| Operand::Local(*r)).collect();
        done.push(Statement { kind: StatementKind::Call(results, call), location });
        Block { statements: done, end: End::Jump(join, values), location }
    }

    /// Puts a callee's body in place of a call; the rest of the block becomes the join that its returns jump to.
    pub(super) fn inline(
        &mut self,
        (id, location): (FunctionId, Location),
        args: Vec<Operand>,
        results: &'p [Local],
        (after, old): (&'p [Statement], &'p Block),
        frame: &mut Frame<'p>,
        mut done: Vec<Statement>,
    ) -> Block {
        let callee = &self.program.functions[id];
        if let Some(values) = straight_line(callee) {
            let mut inner = self.frame_of((id, location), args, None, frame);
            for statement in &callee.body.statements {
                let location = self.line(statement.location, &inner);
                match &statement.kind {
                    StatementKind::Let(local, operation) => {
                        self.let_operation(*local, operation, location, &mut inner, &mut done);
                    }
                    StatementKind::Effect(operation) => {
                        self.effect(operation, location, &inner, &mut done);
                    }
                    StatementKind::Join { .. } | StatementKind::Call(..) => {
                        unreachable!("it is a straight line")
                    }
                }
            }
            for (result, value) in results.iter().zip(values) {
                let value = self.operand(value, &inner);
                frame.operands.insert(*result, value);
            }
            return continued(done, self.rest(after, old, frame));
        }
        let join = self.fresh_join();
        self.join_classes.insert(join, results.iter().map(|r| frame.classes[*r]).collect());
        let params: Vec<Local> = results.iter().map(|r| self.define(*r, frame)).collect();
        let rest = self.apart(|this| {
            this.forget_loads();
            this.rest(after, old, frame)
        });
        let kind = StatementKind::Join { id: join, params, recursive: false, body: Box::new(rest) };
        done.push(Statement { kind, location: old.location });
        let inner = self.frame_of((id, location), args, Some(join), frame);
        continued(done, self.inlined_body(id, inner))
    }

    fn inlined_body(&mut self, id: FunctionId, mut frame: Frame<'p>) -> Block {
        self.block(&self.program.functions[id].body, &mut frame)
    }

    fn frame_of(
        &mut self,
        (id, location): (FunctionId, Location),
        args: Vec<Operand>,
        result: Option<JoinId>,
        around: &Frame<'p>,
    ) -> Frame<'p> {
        let function = &self.program.functions[id];
        if !function.hidden {
            self.shown_as.get_or_insert(id);
        }
        let in_std = self.policy.is_std_file(function.location.file);
        Frame {
            operands: function.params.iter().copied().zip(args).collect(),
            joins: HashMap::new(),
            uses: Rc::new(measure::join_uses(&function.body)),
            classes: &function.locals,
            result,
            depth: around.depth + 1,
            unrolled: around.unrolled + usize::from(id == self.id),
            place: if in_std { around.place.or(Some(location)) } else { around.place },
        }
    }
}

/// The returned operands of a body that is operations and a return.
fn straight_line(function: &Function) -> Option<&[Operand]> {
    let plain = |s: &Statement| matches!(s.kind, StatementKind::Let(..) | StatementKind::Effect(_));
    match &function.body.end {
        End::Return(values) if function.body.statements.iter().all(plain) => Some(values),
        _ => None,
    }
}
