//! Random programs: what compiled code computes is what a small evaluator of the concrete IR computes.
//!
//! Every reference is a box `(Int, Ref)` with tag 1 or the immediate 0. Loops count down; functions call only earlier ones.

use std::collections::HashMap;
use std::rc::Rc;

use snow_abi::primitives::Primitive;
use snow_abi::value::Class::{self, Int, Ref};
use snow_mono::ir::{
    Block, Call, Condition, End, Forms, Function, FunctionId, JoinId, Local, Operand, Operation, Program,
    StatementKind,
};

use super::builder::{self, Body, layout_of};

/// xorshift64*
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// What is in scope: integers, boxes, references that may be the immediate 0, joins to jump to.
#[derive(Clone)]
struct Scope {
    ints: Vec<Operand>,
    boxes: Vec<Operand>,
    maybes: Vec<Operand>,
    joins: Vec<(JoinId, Vec<Class>)>,
}

struct Generator<'a> {
    chance: &'a mut Chance,
    callees: Vec<FunctionId>,
}

/// A program whose main gives the evaluator's result, or else crashes.
pub fn program(seed: u64) -> Program {
    let mut chance = Chance::new(seed);
    let mut program = builder::program();
    let mut callees = Vec::new();
    for index in 0..4 {
        let id = builder::declare(&mut program, &format!("f{index}"), &[Int, Ref, Ref], &[Int, Ref]);
        let mut generator = Generator { chance: &mut chance, callees: callees.clone() };
        builder::define(&mut program, id, |b, args| {
            let (ints, boxes, maybes) = (vec![args[0]], vec![args[1]], vec![args[2]]);
            generator.block(b, Scope { ints, boxes, maybes, joins: Vec::new() }, 5)
        });
        callees.push(id);
    }
    let top = *callees.last().unwrap();
    let main = builder::function(&mut program, "main", &[Ref], &[Int], |b, _| {
        let boxed = make_box(b, Operand::Int(17), Operand::Immediate(0));
        let nothing = Operand::Immediate(0);
        let given = b.calls(&[Int, Ref], Call::Direct(top, vec![Operand::Int(5), boxed, nothing]));
        let inner = b.load(Int, given[1], 0);
        let sum = wrapping(b, Primitive::int_wrapping_add, given[0], inner);
        End::Return(vec![sum])
    });
    let result = Evaluator { program: &program, fuel: 2_000_000 }.call(main, vec![Value::Nothing])[0].int();
    let checked = super::examples::checked(&mut program, main, result);
    builder::set_main(&mut program, checked);
    program
}

fn make_box(b: &mut Body, value: Operand, rest: Operand) -> Operand {
    b.object(layout_of(&[Int, Ref]), 1, &[value, rest])
}

fn wrapping(b: &mut Body, primitive: Primitive, x: Operand, y: Operand) -> Operand {
    b.operation(Int, Operation::Primitive { primitive, args: vec![x, y], generic: Int })
}

impl Generator<'_> {
    fn int(&mut self, scope: &Scope) -> Operand {
        if self.chance.below(5) == 0 {
            Operand::Int(self.chance.below(100) as i64 - 50)
        } else {
            self.chance.pick(&scope.ints)
        }
    }

    fn any_ref(&mut self, scope: &Scope) -> Operand {
        match self.chance.below(5) {
            0 => Operand::Immediate(0),
            1 | 2 => self.chance.pick(&scope.maybes),
            _ => self.chance.pick(&scope.boxes),
        }
    }

    /// What a type that has boxes and the immediate 0 may say.
    fn forms(&mut self) -> Forms {
        let one = |variants| Forms::OneObject { tag: 1, variants };
        self.chance.pick(&[Forms::Any, one(2), one(3)])
    }

    fn block(&mut self, b: &mut Body, mut scope: Scope, depth: usize) -> End {
        for _ in 0..1 + self.chance.below(6) {
            self.statement(b, &mut scope);
        }
        if depth == 0 {
            return self.leave(&scope);
        }
        match self.chance.below(7) {
            0 => self.leave(&scope),
            1 | 2 => self.count_down(b, &scope, depth),
            3 | 4 => self.meet(b, scope, depth),
            5 => {
                let on = b.operation(Int, Operation::TagOf(self.any_ref(&scope), self.forms()));
                let nothing = b.block(|b| self.block(b, scope.clone(), depth - 1));
                let boxed = b.block(|b| self.block(b, scope.clone(), depth - 1));
                End::Switch { on, cases: vec![(0, nothing), (1, boxed)], default: None }
            }
            _ => self.fork(b, &scope, depth),
        }
    }

    fn fork(&mut self, b: &mut Body, scope: &Scope, depth: usize) -> End {
        let (x, y) = (self.int(scope), self.int(scope));
        let condition = b.compare(Condition::Less, x, y);
        let then = Box::new(b.block(|b| self.block(b, scope.clone(), depth - 1)));
        let otherwise = Box::new(b.block(|b| self.block(b, scope.clone(), depth - 1)));
        End::If { condition, then, otherwise }
    }

    /// A join point that the blocks behind it may jump to.
    fn meet(&mut self, b: &mut Body, mut scope: Scope, depth: usize) -> End {
        let classes = vec![Int, Ref, Ref];
        let outer = scope.clone();
        let id = b.join(&classes, false, |b, _, params| {
            let mut inner = outer;
            inner.ints.push(params[0]);
            inner.boxes.push(params[1]);
            inner.maybes.push(params[2]);
            self.block(b, inner, depth - 1)
        });
        scope.joins.push((id, classes));
        self.fork(b, &scope, depth)
    }

    /// A loop of a few turns with a box that changes in each.
    fn count_down(&mut self, b: &mut Body, scope: &Scope, depth: usize) -> End {
        let turns = 1 + self.chance.below(4) as i64;
        let id = b.join(&[Int, Int, Ref, Ref], true, |b, id, params| {
            let mut inner = scope.clone();
            inner.ints.push(params[1]);
            inner.boxes.push(params[2]);
            inner.maybes.push(params[3]);
            let over = b.compare(Condition::LessEqual, params[0], Operand::Int(0));
            let then = Box::new(b.block(|b| self.block(b, inner.clone(), depth - 1)));
            let otherwise = Box::new(b.block(|b| {
                for _ in 0..1 + self.chance.below(4) {
                    self.statement(b, &mut inner);
                }
                let less = wrapping(b, Primitive::int_wrapping_sub, params[0], Operand::Int(1));
                let boxed = self.chance.pick(&inner.boxes);
                End::Jump(id, vec![less, self.int(&inner), boxed, self.any_ref(&inner)])
            }));
            End::If { condition: over, then, otherwise }
        });
        let boxed = self.chance.pick(&scope.boxes);
        End::Jump(id, vec![Operand::Int(turns), self.int(scope), boxed, self.any_ref(scope)])
    }

    fn leave(&mut self, scope: &Scope) -> End {
        let (int, boxed, maybe) = (self.int(scope), self.chance.pick(&scope.boxes), self.any_ref(scope));
        if !scope.joins.is_empty() && self.chance.below(3) > 0 {
            let index = self.chance.below(scope.joins.len());
            return End::Jump(scope.joins[index].0, vec![int, boxed, maybe]);
        }
        if !self.callees.is_empty() && self.chance.below(3) == 0 {
            return End::TailCall(Call::Direct(self.chance.pick(&self.callees), vec![int, boxed, maybe]));
        }
        End::Return(vec![int, boxed])
    }

    fn statement(&mut self, b: &mut Body, scope: &mut Scope) {
        match self.chance.below(8) {
            0 | 1 => {
                let primitive = self.chance.pick(&[
                    Primitive::int_wrapping_add,
                    Primitive::int_xor,
                    Primitive::int_wrapping_mul,
                ]);
                let (x, y) = (self.int(scope), self.int(scope));
                scope.ints.push(wrapping(b, primitive, x, y));
            }
            2 => scope.ints.push(b.load(Int, self.chance.pick(&scope.boxes), 0)),
            3 => scope.maybes.push(b.load(Ref, self.chance.pick(&scope.boxes), 1)),
            4 if !self.callees.is_empty() => {
                let callee = self.chance.pick(&self.callees);
                let arguments = vec![self.int(scope), self.chance.pick(&scope.boxes), self.any_ref(scope)];
                let given = b.calls(&[Int, Ref], Call::Direct(callee, arguments));
                scope.ints.push(given[0]);
                scope.boxes.push(given[1]);
            }
            _ => {
                let (value, rest) = (self.int(scope), self.any_ref(scope));
                scope.boxes.push(make_box(b, value, rest));
            }
        }
    }
}

#[derive(Clone)]
enum Value {
    Int(i64),
    Nothing,
    Boxed(Rc<(i64, Value)>),
}

impl Value {
    fn int(&self) -> i64 {
        let Value::Int(value) = self else { panic!("an Int") };
        *value
    }
}

struct Evaluator<'a> {
    program: &'a Program,
    fuel: usize,
}

type Frame<'f> = (HashMap<Local, Value>, HashMap<JoinId, (&'f [Local], &'f Block)>);

impl<'a> Evaluator<'a> {
    fn call(&mut self, id: FunctionId, arguments: Vec<Value>) -> Vec<Value> {
        let function: &'a Function = &self.program.functions[id];
        let mut frame: Frame = (function.params.iter().copied().zip(arguments).collect(), HashMap::new());
        let mut block = &function.body;
        loop {
            self.fuel = self.fuel.checked_sub(1).expect("a program that ends soon");
            self.statements(block, &mut frame);
            block = match &block.end {
                End::Return(values) => return values.iter().map(|value| read(&frame, value)).collect(),
                End::TailCall(Call::Direct(id, arguments)) => {
                    return self.call(*id, arguments.iter().map(|argument| read(&frame, argument)).collect());
                }
                End::If { condition, then, otherwise } => match read(&frame, condition).int() {
                    0 => otherwise,
                    _ => then,
                },
                End::Switch { on, cases, .. } => {
                    let on = read(&frame, on).int();
                    &cases.iter().find(|(value, _)| *value == on).unwrap().1
                }
                End::Jump(id, arguments) => {
                    let values: Vec<Value> =
                        arguments.iter().map(|argument| read(&frame, argument)).collect();
                    let (params, body) = frame.1[id];
                    frame.0.extend(params.iter().copied().zip(values));
                    body
                }
                other => panic!("{other:?} is not generated"),
            };
        }
    }

    fn statements(&mut self, block: &'a Block, frame: &mut Frame<'a>) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Let(local, operation) => {
                    let value = evaluate(frame, operation);
                    frame.0.insert(*local, value);
                }
                StatementKind::Call(results, Call::Direct(id, arguments)) => {
                    let arguments = arguments.iter().map(|argument| read(frame, argument)).collect();
                    let given = self.call(*id, arguments);
                    frame.0.extend(results.iter().copied().zip(given));
                }
                StatementKind::Join { id, params, body, .. } => {
                    frame.1.insert(*id, (params, body));
                }
                other => panic!("{other:?} is not generated"),
            }
        }
    }
}

fn read(frame: &Frame, operand: &Operand) -> Value {
    match operand {
        Operand::Local(local) => frame.0[local].clone(),
        Operand::Int(value) => Value::Int(*value),
        _ => Value::Nothing,
    }
}

fn evaluate(frame: &Frame, operation: &Operation) -> Value {
    match operation {
        Operation::Primitive { primitive, args, .. } => {
            let (x, y) = (read(frame, &args[0]).int(), read(frame, &args[1]).int());
            Value::Int(match primitive {
                Primitive::int_wrapping_add => x.wrapping_add(y),
                Primitive::int_wrapping_sub => x.wrapping_sub(y),
                Primitive::int_wrapping_mul => x.wrapping_mul(y),
                _ => x ^ y,
            })
        }
        Operation::IntCompare(condition, x, y) => {
            let (x, y) = (read(frame, x).int(), read(frame, y).int());
            Value::Int(i64::from(if *condition == Condition::Less { x < y } else { x <= y }))
        }
        Operation::TagOf(x, _) => Value::Int(i64::from(matches!(read(frame, x), Value::Boxed(_)))),
        Operation::Load { object, index } => match read(frame, object) {
            Value::Boxed(body) if *index == 0 => Value::Int(body.0),
            Value::Boxed(body) => body.1.clone(),
            _ => panic!("a box"),
        },
        Operation::Allocate { fields, .. } => {
            Value::Boxed(Rc::new((read(frame, &fields[0]).int(), read(frame, &fields[1]))))
        }
        other => panic!("{other:?} is not generated"),
    }
}
