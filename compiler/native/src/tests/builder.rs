//! Concrete programs by hand.

use snow_abi::atoms;
use snow_abi::layout;
use snow_abi::value::Class;
use snow_mono::ir::{
    Block, Call, Condition, End, Forms, Function, FunctionId, IntOp, JoinId, Local, Location, Operand,
    Operation, Program, Statement, StatementKind, Static, StaticId,
};
use snow_text::IdVec;

/// Reference word first, integers after it, and the like: a layout by the classes of a body.
pub fn layout_of(classes: &[Class]) -> u32 {
    let refs = classes.iter().enumerate().map(|(i, &class)| u32::from(class == Class::Ref) << i).sum();
    layout::small(u32::try_from(classes.len()).unwrap(), refs)
}

/// A program with the fixed tables.
pub fn program() -> Program {
    Program {
        layouts: layout::fixed_layouts(),
        atoms: atoms::FIXED.iter().map(|name| (*name).to_owned()).collect(),
        files: vec!["main.snow".to_owned()],
        ..Program::default()
    }
}

/// A function without a body yet.
pub fn declare(program: &mut Program, name: &str, params: &[Class], results: &[Class]) -> FunctionId {
    let mut locals = IdVec::default();
    let params = params.iter().map(|&class| locals.push(class)).collect();
    program.functions.push(Function {
        name: name.to_owned(),
        hidden: false,
        is_lambda: false,
        params,
        results: results.to_vec(),
        locals,
        join_count: 0,
        body: Block { statements: Vec::new(), end: End::Unreachable, location: Location::default() },
        location: Location { file: 0, line: 1 },
    })
}

/// Gives a function its body; the builder's closure says how it ends.
pub fn define(program: &mut Program, id: FunctionId, body: impl FnOnce(&mut Body, &[Operand]) -> End) {
    let function = &program.functions[id];
    let arguments: Vec<Operand> = function.params.iter().map(|&param| Operand::Local(param)).collect();
    let mut builder = Body { locals: function.locals.clone(), joins: 0, open: Vec::new(), line: 1 };
    let block = builder.block(|b| body(b, &arguments));
    let function = &mut program.functions[id];
    (function.locals, function.join_count, function.body) = (builder.locals, builder.joins, block);
}

/// Declares and defines at once.
pub fn function(
    program: &mut Program,
    name: &str,
    params: &[Class],
    results: &[Class],
    body: impl FnOnce(&mut Body, &[Operand]) -> End,
) -> FunctionId {
    let id = declare(program, name, params, results);
    define(program, id, body);
    id
}

/// Makes the function (it takes the closure) the program's main.
pub fn set_main(program: &mut Program, id: FunctionId) -> StaticId {
    let closure = program.statics.push(Static::Closure(id));
    program.main = Some(closure);
    closure
}

/// A function body under construction.
pub struct Body {
    locals: IdVec<Local, Class>,
    joins: u32,
    open: Vec<Vec<Statement>>,
    line: u32,
}

impl Body {
    fn location(&mut self) -> Location {
        self.line += 1;
        Location { file: 0, line: self.line }
    }

    fn push(&mut self, kind: StatementKind) {
        let location = self.location();
        self.open.last_mut().unwrap().push(Statement { kind, location });
    }

    pub fn block(&mut self, body: impl FnOnce(&mut Body) -> End) -> Block {
        self.open.push(Vec::new());
        let end = body(self);
        let statements = self.open.pop().unwrap();
        Block { statements, end, location: self.location() }
    }

    pub fn local(&mut self, class: Class) -> Local {
        self.locals.push(class)
    }

    pub fn operation(&mut self, class: Class, operation: Operation) -> Operand {
        let local = self.local(class);
        self.push(StatementKind::Let(local, operation));
        Operand::Local(local)
    }

    pub fn effect(&mut self, operation: Operation) {
        self.push(StatementKind::Effect(operation));
    }

    pub fn int(&mut self, op: IntOp, a: Operand, b: Operand) -> Operand {
        self.operation(Class::Int, Operation::Int(op, a, b))
    }

    pub fn compare(&mut self, condition: Condition, a: Operand, b: Operand) -> Operand {
        self.operation(Class::Int, Operation::IntCompare(condition, a, b))
    }

    pub fn calls(&mut self, classes: &[Class], call: Call) -> Vec<Operand> {
        let results: Vec<Local> = classes.iter().map(|&class| self.local(class)).collect();
        self.push(StatementKind::Call(results.clone(), call));
        results.into_iter().map(Operand::Local).collect()
    }

    pub fn call(&mut self, class: Class, function: FunctionId, arguments: &[Operand]) -> Operand {
        self.calls(&[class], Call::Direct(function, arguments.to_vec()))[0]
    }

    pub fn load(&mut self, class: Class, object: Operand, index: u32) -> Operand {
        self.operation(class, Operation::Load { object, index })
    }

    pub fn object(&mut self, layout: u32, tag: u32, fields: &[Operand]) -> Operand {
        self.operation(Class::Ref, Operation::Allocate { layout, tag, fields: fields.to_vec() })
    }

    pub fn cons(&mut self, head: Operand, tail: Operand) -> Operand {
        self.object(layout_of(&[Class::Int, Class::Ref]), 1, &[head, tail])
    }

    pub fn join(
        &mut self,
        classes: &[Class],
        recursive: bool,
        body: impl FnOnce(&mut Body, JoinId, &[Operand]) -> End,
    ) -> JoinId {
        let id = JoinId(self.joins);
        self.joins += 1;
        let params: Vec<Local> = classes.iter().map(|&class| self.local(class)).collect();
        let operands: Vec<Operand> = params.iter().map(|&param| Operand::Local(param)).collect();
        let body = Box::new(self.block(|b| body(b, id, &operands)));
        self.push(StatementKind::Join { id, params, recursive, body });
        id
    }

    pub fn branch(
        &mut self,
        condition: Operand,
        then: impl FnOnce(&mut Body) -> End,
        otherwise: impl FnOnce(&mut Body) -> End,
    ) -> End {
        let then = Box::new(self.block(then));
        let otherwise = Box::new(self.block(otherwise));
        End::If { condition, then, otherwise }
    }

    /// Branches on a list: empty, or its head and tail.
    pub fn on_list(
        &mut self,
        list: Operand,
        nil: impl FnOnce(&mut Body) -> End,
        cons: impl FnOnce(&mut Body, Operand, Operand) -> End,
    ) -> End {
        let on = self.operation(Class::Int, Operation::TagOf(list, Forms::Any));
        let nil = self.block(nil);
        let cons = self.block(|b| {
            let head = b.load(Class::Int, list, 0);
            let tail = b.load(Class::Ref, list, 1);
            cons(b, head, tail)
        });
        End::Switch { on, cases: vec![(0, nil), (1, cons)], default: None }
    }
}
