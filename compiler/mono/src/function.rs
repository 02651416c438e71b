//! One function: from core's nested expressions to blocks with join points.
//!
//! A [`Cursor`] collects the statements of the block under construction. A control form in the middle of a block — an `if` whose
//! value is needed — splits it: what comes after becomes the body of a join point, and the cursor goes on there.

use crate::ground::Ground;
use crate::ir::{self, Block, End, JoinId, Local, Location, Operand, Operation, Statement, StatementKind};
use crate::specialise::Specialiser;
use snow_abi::value::Class;
use snow_core::ir as core;
use snow_text::{IdVec, Span};
use snow_types::ty::Ty;
use std::collections::HashMap;

/// Where the value of an expression in tail position goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dest {
    /// It is the function's result.
    Return,
    /// To a join point with one parameter.
    Jump(JoinId),
}

/// The expression never yields a value; the block has ended.
pub(crate) struct Diverged;

/// An operand, or nothing because the block has ended.
pub(crate) type Value = Result<Operand, Diverged>;

/// Statements before a split, and what follows the join's definition.
struct Split {
    before: Vec<Statement>,
    join: JoinId,
    param: Local,
    after: Vec<Statement>,
    end: End,
    location: Location,
}

/// The block under construction.
#[derive(Default)]
pub(crate) struct Cursor {
    splits: Vec<Split>,
    statements: Vec<Statement>,
    ended: Option<End>,
    pub location: Location,
}

impl Cursor {
    /// An empty block at a line.
    pub fn at(location: Location) -> Cursor {
        Cursor { location, ..Cursor::default() }
    }

    fn push(&mut self, kind: StatementKind) {
        self.statements.push(Statement { kind, location: self.location });
    }

    /// Ends the block.
    pub fn end(mut self, end: End) -> Block {
        let mut block =
            Block { statements: std::mem::take(&mut self.statements), end, location: self.location };
        while let Some(split) = self.splits.pop() {
            let mut statements = split.before;
            let kind = StatementKind::Join {
                id: split.join,
                params: vec![split.param],
                recursive: false,
                body: Box::new(block),
            };
            statements.push(Statement { kind, location: split.location });
            statements.extend(split.after);
            block = Block { statements, end: split.end, location: split.location };
        }
        block
    }

    /// Ends the block in the middle of an expression.
    pub fn diverge(&mut self, end: End) -> Diverged {
        self.ended = Some(end);
        Diverged
    }

    /// Finishes a block that [`Cursor::diverge`] ended.
    pub fn finish_diverged(mut self) -> Block {
        let end = self.ended.take().unwrap_or(End::Unreachable);
        self.end(end)
    }
}

/// Lowers one core function for one substitution.
pub(crate) struct FunctionLowering<'s, 'a> {
    pub s: &'s mut Specialiser<'a>,
    pub core: &'s core::Function,
    pub args: &'s [Ground],
    pub state: State,
}

/// What changes between a function and the closures inside it.
#[derive(Default)]
pub(crate) struct State {
    pub locals: IdVec<Local, Class>,
    pub join_count: u32,
    pub vars: HashMap<core::Var, Operand>,
    pub joins: HashMap<core::Join, JoinId>,
    /// Variables known to hold a closure of this code.
    pub known: HashMap<core::Var, ir::FunctionId>,
    /// Result type of the closure being lowered; absent in the function itself.
    pub result: Option<Ty>,
    /// Join that a `Retry` jumps to.
    pub receive: Option<JoinId>,
}

impl<'s, 'a> FunctionLowering<'s, 'a> {
    /// The concrete function.
    pub fn run(s: &mut Specialiser<'a>, core: &core::Function, args: &[Ground]) -> ir::Function {
        let mut lowering = FunctionLowering { s, core, args, state: State::default() };
        let params: Vec<Local> = core.params.iter().map(|v| lowering.bind_new(*v)).collect();
        let body = lowering.block(&core.body, Dest::Return);
        let result = lowering.class(core.result);
        let location = lowering.s.location(core.span);
        ir::Function {
            name: core.name.clone(),
            hidden: core.hidden,
            is_lambda: false,
            params,
            results: vec![result],
            locals: lowering.state.locals,
            join_count: lowering.state.join_count,
            body,
            location,
        }
    }

    /// The class of a core type here.
    pub fn class(&mut self, ty: Ty) -> Class {
        self.s.class(ty, self.args)
    }

    /// The ground type of a core type here.
    pub fn ground(&mut self, ty: Ty) -> Ground {
        self.s.ground(ty, self.args)
    }

    /// The ground types of several.
    pub fn grounds(&mut self, types: &[Ty]) -> Vec<Ground> {
        types.iter().map(|t| self.ground(*t)).collect()
    }

    /// A fresh local.
    pub fn local(&mut self, class: Class) -> Local {
        self.state.locals.push(class)
    }

    /// A fresh join point.
    pub fn join(&mut self) -> JoinId {
        self.state.join_count += 1;
        JoinId(self.state.join_count - 1)
    }

    /// A local for a core variable.
    pub fn bind_new(&mut self, var: core::Var) -> Local {
        let class = self.class(self.core.vars[var]);
        let local = self.local(class);
        self.state.vars.insert(var, Operand::Local(local));
        local
    }

    /// Adds `local = operation`.
    pub fn emit(&mut self, cursor: &mut Cursor, class: Class, operation: Operation) -> Operand {
        let local = self.local(class);
        cursor.push(StatementKind::Let(local, operation));
        Operand::Local(local)
    }

    /// Adds an operation whose result nobody needs.
    pub fn effect(&mut self, cursor: &mut Cursor, operation: Operation) {
        cursor.push(StatementKind::Effect(operation));
    }

    /// Adds a call.
    pub fn call(&mut self, cursor: &mut Cursor, results: Vec<Local>, call: ir::Call) {
        cursor.push(StatementKind::Call(results, call));
    }

    /// Adds a join point.
    pub fn define_join(
        &mut self,
        cursor: &mut Cursor,
        id: JoinId,
        params: Vec<Local>,
        recursive: bool,
        body: Block,
    ) {
        cursor.push(StatementKind::Join { id, params, recursive, body: Box::new(body) });
    }

    /// Splits the block: `inner` ends by jumping to the new join with the value, or never does.
    pub fn split(
        &mut self,
        cursor: &mut Cursor,
        class: Class,
        inner: impl FnOnce(&mut Self, Dest) -> Block,
    ) -> Operand {
        let join = self.join();
        let param = self.local(class);
        let block = inner(self, Dest::Jump(join));
        let before = std::mem::take(&mut cursor.statements);
        cursor.splits.push(Split {
            before,
            join,
            param,
            after: block.statements,
            end: block.end,
            location: cursor.location,
        });
        Operand::Local(param)
    }

    /// An expression as a block of its own.
    pub fn block(&mut self, expr: &core::Expr, dest: Dest) -> Block {
        let cursor = Cursor::at(self.s.location(expr.span));
        self.tail(expr, dest, cursor)
    }

    /// Ends a block with a value for its destination.
    pub fn deliver(&mut self, cursor: Cursor, value: Operand, dest: Dest) -> Block {
        match dest {
            Dest::Return => cursor.end(End::Return(vec![value])),
            Dest::Jump(join) => cursor.end(End::Jump(join, vec![value])),
        }
    }

    /// Sets the line of what comes next.
    pub fn at(&mut self, cursor: &mut Cursor, span: Span) {
        cursor.location = self.s.location(span);
    }
}
