//! A small assembler of concrete programs.

use snow_abi::descriptor::{Descriptor, DescriptorId, Tag};
use snow_abi::entries::Entry;
use snow_abi::failure::Failure;
use snow_abi::primitives::Primitive;
use snow_abi::value::Class;
use snow_abi::{atoms, layout};
use snow_mono::ir::{
    Block, Call, Condition, End, Function, FunctionId, IntOp, JoinId, Local, Location, Operand, Operation,
    Program, Statement, StatementKind, Static,
};
use snow_text::IdVec;

/// Descriptors of every program here: Int, a list of Ints, tags with a pid.
pub const INT: i64 = 0;
pub const LIST: i64 = 1;
pub const UNIT: i64 = 2;

/// A program with fixed tables.
pub fn program() -> Program {
    let tag =
        |atom, payload: &[u32]| Tag { atom, payload: payload.iter().map(|p| DescriptorId(*p)).collect() };
    Program {
        layouts: layout::fixed_layouts(),
        atoms: atoms::FIXED.iter().map(|name| (*name).to_owned()).collect(),
        files: vec!["main.snow".to_owned()],
        descriptors: vec![
            Descriptor::Int,
            Descriptor::Tags(vec![tag(atoms::CUSTOM, &[0]), tag(atoms::NORMAL, &[])]),
            Descriptor::Unit,
        ],
        ..Program::default()
    }
}

pub fn declare(program: &mut Program, name: &str, params: &[Class]) -> FunctionId {
    let mut locals = IdVec::default();
    let params = params.iter().map(|class| locals.push(*class)).collect();
    program.functions.push(Function {
        name: name.to_owned(),
        hidden: false,
        is_lambda: false,
        params,
        results: vec![Class::Int],
        locals,
        join_count: 0,
        body: Block { statements: Vec::new(), end: End::Unreachable, location: Location::default() },
        location: Location { file: 0, line: 1 },
    })
}

pub fn define(program: &mut Program, id: FunctionId, body: impl FnOnce(&mut Body, &[Operand]) -> End) {
    let function = &program.functions[id];
    let arguments: Vec<Operand> = function.params.iter().map(|param| Operand::Local(*param)).collect();
    let mut builder = Body { locals: function.locals.clone(), joins: 0, open: Vec::new(), line: 1 };
    let block = builder.block(|b| body(b, &arguments));
    let function = &mut program.functions[id];
    (function.locals, function.join_count, function.body) = (builder.locals, builder.joins, block);
}

pub fn function(
    program: &mut Program,
    name: &str,
    params: &[Class],
    body: impl FnOnce(&mut Body, &[Operand]) -> End,
) -> FunctionId {
    let id = declare(program, name, params);
    define(program, id, body);
    id
}

/// Defines `main`, which has no captures, and all mailbox types as that of Ints.
pub fn main(program: &mut Program, signals: i64, body: impl FnOnce(&mut Body) -> End) {
    let id = function(program, "main", &[Class::Ref], |b, _| body(b));
    program.main = Some(program.statics.push(Static::Closure(id)));
    program.main_signals = signals as u32;
}

pub fn i(value: i64) -> Operand {
    Operand::Int(value)
}

pub fn done() -> End {
    End::Return(vec![i(0)])
}

pub struct Body {
    locals: IdVec<Local, Class>,
    joins: u32,
    open: Vec<Vec<Statement>>,
    line: u32,
}

impl Body {
    fn push(&mut self, kind: StatementKind) {
        self.line += 1;
        let location = Location { file: 0, line: self.line };
        self.open.last_mut().unwrap().push(Statement { kind, location });
    }

    pub fn block(&mut self, body: impl FnOnce(&mut Body) -> End) -> Block {
        self.open.push(Vec::new());
        let end = body(self);
        let statements = self.open.pop().unwrap();
        Block { statements, end, location: Location { file: 0, line: self.line } }
    }

    pub fn operation(&mut self, class: Class, operation: Operation) -> Operand {
        let local = self.locals.push(class);
        self.push(StatementKind::Let(local, operation));
        Operand::Local(local)
    }

    pub fn int(&mut self, op: IntOp, a: Operand, b: Operand) -> Operand {
        self.operation(Class::Int, Operation::Int(op, a, b))
    }

    pub fn equal(&mut self, a: Operand, b: Operand) -> Operand {
        self.operation(Class::Int, Operation::IntCompare(Condition::Equal, a, b))
    }

    pub fn calls(&mut self, classes: &[Class], call: Call) -> Vec<Operand> {
        let results: Vec<Local> = classes.iter().map(|class| self.locals.push(*class)).collect();
        self.push(StatementKind::Call(results.clone(), call));
        results.into_iter().map(Operand::Local).collect()
    }

    pub fn call(&mut self, function: FunctionId, arguments: &[Operand]) -> Operand {
        self.calls(&[Class::Int], Call::Direct(function, arguments.to_vec()))[0]
    }

    pub fn entry(&mut self, class: Class, entry: Entry, arguments: &[Operand]) -> Operand {
        self.operation(class, Operation::Entry(entry, arguments.to_vec()))
    }

    pub fn effect(&mut self, entry: Entry, arguments: &[Operand]) {
        self.push(StatementKind::Effect(Operation::Entry(entry, arguments.to_vec())));
    }

    pub fn primitive(&mut self, class: Class, primitive: Primitive, args: &[Operand]) -> Operand {
        self.operation(class, Operation::Primitive { primitive, args: args.to_vec(), generic: Class::Int })
    }

    pub fn run_primitive(&mut self, primitive: Primitive, args: &[Operand]) {
        let operation = Operation::Primitive { primitive, args: args.to_vec(), generic: Class::Int };
        self.push(StatementKind::Effect(operation));
    }

    pub fn object(&mut self, classes: &[Class], tag: u32, fields: &[Operand]) -> Operand {
        self.operation(
            Class::Ref,
            Operation::Allocate { layout: layout_of(classes), tag, fields: fields.to_vec() },
        )
    }

    pub fn load(&mut self, class: Class, object: Operand, index: u32) -> Operand {
        self.operation(class, Operation::Load { object, index })
    }

    /// A closure over Ints.
    pub fn closure(&mut self, function: FunctionId, captures: &[Operand]) -> Operand {
        let layout = layout::small(captures.len() as u32 + 1, 0);
        self.operation(Class::Ref, Operation::Closure { function, layout, captures: captures.to_vec() })
    }

    /// Spawns a closure over Ints; gives the pid.
    pub fn spawn(&mut self, function: FunctionId, captures: &[Operand]) -> Operand {
        let closure = self.closure(function, captures);
        self.entry(Class::Int, Entry::Spawn, &[closure, i(127), i(0)])
    }

    pub fn send_int(&mut self, to: Operand, message: Operand) {
        self.effect(Entry::Send, &[to, message, i(INT)]);
    }

    pub fn self_pid(&mut self) -> Operand {
        self.entry(Class::Int, Entry::SelfPid, &[])
    }

    /// Receives the next message, whatever it is.
    pub fn receive(&mut self, class: Class) -> Operand {
        self.effect(Entry::ReceiveStart, &[i(-1)]);
        let got = self.calls(&[Class::Int, class], Call::Entry(Entry::ReceiveNext, vec![i(0)]));
        self.effect(Entry::ReceiveAccept, &[]);
        got[1]
    }

    /// The next step of a receive: kind and words of message and signal.
    pub fn receive_next(&mut self, class: Class, signals: i64) -> [Operand; 3] {
        let got =
            self.calls(&[Class::Int, class, Class::Ref], Call::Entry(Entry::ReceiveNext, vec![i(signals)]));
        [got[0], got[1], got[2]]
    }

    pub fn join(
        &mut self,
        classes: &[Class],
        recursive: bool,
        body: impl FnOnce(&mut Body, JoinId, &[Operand]) -> End,
    ) -> JoinId {
        let id = JoinId(self.joins);
        self.joins += 1;
        let params: Vec<Local> = classes.iter().map(|class| self.locals.push(*class)).collect();
        let operands: Vec<Operand> = params.iter().map(|param| Operand::Local(*param)).collect();
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
        let (then, otherwise) = (Box::new(self.block(then)), Box::new(self.block(otherwise)));
        End::If { condition, then, otherwise }
    }

    /// Goes on when two Ints are equal, else crashes with both.
    pub fn expect(&mut self, a: Operand, b: Operand, then: impl FnOnce(&mut Body) -> End) -> End {
        let equal = self.equal(a, b);
        self.branch(equal, then, |_| End::Fail(Failure::AddOverflow, a, b))
    }

    /// Runs `body` with 0, 1 … `count`-1, then goes on with `after`.
    pub fn repeat(
        &mut self,
        count: i64,
        body: impl FnOnce(&mut Body, Operand),
        after: impl FnOnce(&mut Body) -> End,
    ) -> End {
        let head = self.join(&[Class::Int], true, |b, head, n| {
            let n = n[0];
            let over = b.equal(n, i(count));
            b.branch(over, after, |b| {
                body(b, n);
                let n = b.int(IntOp::Add, n, i(1));
                End::Jump(head, vec![n])
            })
        });
        End::Jump(head, vec![i(0)])
    }
}

pub fn layout_of(classes: &[Class]) -> u32 {
    let refs = classes.iter().enumerate().map(|(i, class)| u32::from(*class == Class::Ref) << i).sum();
    layout::small(classes.len() as u32, refs)
}
