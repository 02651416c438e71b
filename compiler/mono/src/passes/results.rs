//! Functions that always return a new object return its fields instead, and whoever needs the object makes it.
//!
//! A function qualifies when each of its ends returns an object made in it, all of one layout and tag, or tail calls a function
//! that qualifies in the same way. A caller makes the object from the fields; simplification then finds the fields it reads
//! at hand and nobody needs the object. A tail call in another function goes to a *boxing* twin, which makes the object: it stays a jump.

use crate::ir::{
    Block, Call, End, Function, FunctionId, Local, Operand, Operation, Program, Statement, StatementKind,
    Static,
};
use crate::passes::measure;
use crate::signals::{each_block, each_end_block_mut};
use snow_abi::value::Class;
use snow_text::IdVec;
use std::collections::{HashMap, HashSet};

/// Results that fit in registers.
const FIELDS_MAX: usize = 8;

/// What a function returns the fields of.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Shape {
    layout: u32,
    tag: u32,
    classes: Vec<Class>,
}

/// Rewrites every function that qualifies, and its callers.
pub(crate) fn unbox(program: &mut Program) {
    let shapes = shapes(program);
    if shapes.is_empty() {
        return;
    }
    let twins = twins(program, &shapes);
    let ids: Vec<FunctionId> = program.functions.ids().collect();
    for id in ids {
        if twins.values().any(|twin| *twin == id) {
            continue;
        }
        let own = shapes.get(&id);
        let function = &mut program.functions[id];
        let fields = if own.is_some() { fields_of(&function.body) } else { HashMap::new() };
        let Function { body, locals, results, .. } = function;
        if let Some(shape) = own {
            results.clone_from(&shape.classes);
        }
        let mut rewriting =
            Rewriting { shapes: &shapes, twins: &twins, fields, locals, is_unboxed: own.is_some() };
        rewriting.block(body);
    }
}

/// The functions that qualify.
fn shapes(program: &Program) -> HashMap<FunctionId, Shape> {
    let fixed = fixed(program);
    let mut shapes: HashMap<FunctionId, Shape> = HashMap::new();
    for (id, function) in program.functions.iter().filter(|(id, _)| !fixed.contains(id)) {
        if let Some(shape) = returned_shape(function) {
            shapes.insert(id, shape);
        }
    }
    loop {
        let before = shapes.len();
        let keeps = |id: &FunctionId, shape: &Shape| {
            tail_callees(&program.functions[*id])
                .is_some_and(|callees| callees.iter().all(|callee| shapes.get(callee) == Some(shape)))
        };
        let kept: HashSet<FunctionId> =
            shapes.iter().filter(|(id, shape)| keeps(id, shape)).map(|(id, _)| *id).collect();
        shapes.retain(|id, _| kept.contains(id));
        if shapes.len() == before {
            return shapes;
        }
    }
}

/// Functions that somebody calls through a closure, or from outside: their results stay.
fn fixed(program: &Program) -> HashSet<FunctionId> {
    let mut fixed: HashSet<FunctionId> = program.exports.iter().map(|export| export.function).collect();
    fixed.extend(program.mailboxes.iter().map(|mailbox| mailbox.0));
    for value in program.statics.values() {
        if let Static::Closure(code) = value {
            fixed.insert(*code);
        }
    }
    for function in program.functions.values() {
        each_block(&function.body, &mut |block| {
            for statement in &block.statements {
                if let StatementKind::Let(_, Operation::Closure { function, .. })
                | StatementKind::Effect(Operation::Closure { function, .. }) = &statement.kind
                {
                    fixed.insert(*function);
                }
            }
        });
    }
    fixed
}

/// What all returns of a function agree on; it has to have one.
fn returned_shape(function: &Function) -> Option<Shape> {
    let made = made_in(function);
    let (mut found, mut agree) = (None, true);
    each_block(&function.body, &mut |block| {
        if let End::Return(values) = &block.end {
            let shape = match values.as_slice() {
                [Operand::Local(local)] => made.get(local).cloned(),
                _ => None,
            };
            agree &= shape.is_some() && (found.is_none() || found == shape);
            found = found.take().or(shape);
        }
    });
    found.filter(|_| agree)
}

/// The objects that a function makes and whose fields it could return.
fn made_in(function: &Function) -> HashMap<Local, Shape> {
    let mut made = HashMap::new();
    each_block(&function.body, &mut |block| {
        for statement in &block.statements {
            if let StatementKind::Let(local, Operation::Allocate { layout, tag, fields }) = &statement.kind
                && fields.len() <= FIELDS_MAX
            {
                let classes = fields.iter().map(|f| measure::class(f, &function.locals)).collect();
                made.insert(*local, Shape { layout: *layout, tag: *tag, classes });
            }
        }
    });
    made
}

/// The functions that a function tail calls; `None` when it tail calls a closure.
fn tail_callees(function: &Function) -> Option<Vec<FunctionId>> {
    let (mut callees, mut known) = (Vec::new(), true);
    each_block(&function.body, &mut |block| match &block.end {
        End::TailCall(Call::Direct(id, _)) => callees.push(*id),
        End::TailCall(_) => known = false,
        _ => {}
    });
    known.then_some(callees)
}

/// For each function that qualifies and that another tail calls, one that makes the object.
fn twins(program: &mut Program, shapes: &HashMap<FunctionId, Shape>) -> HashMap<FunctionId, FunctionId> {
    let mut wanted: Vec<FunctionId> = Vec::new();
    let others = program.functions.iter().filter(|(id, _)| !shapes.contains_key(id));
    for (_, function) in others {
        each_block(&function.body, &mut |block| {
            if let End::TailCall(Call::Direct(callee, _)) = &block.end
                && shapes.contains_key(callee)
                && !wanted.contains(callee)
            {
                wanted.push(*callee);
            }
        });
    }
    let mut twins = HashMap::new();
    for id in wanted {
        let twin = twin(&program.functions[id], id, &shapes[&id]);
        twins.insert(id, program.functions.push(twin));
    }
    twins
}

fn twin(function: &Function, id: FunctionId, shape: &Shape) -> Function {
    let mut locals = IdVec::default();
    let params: Vec<Local> = function.params.iter().map(|p| locals.push(function.locals[*p])).collect();
    let fields: Vec<Local> = shape.classes.iter().map(|class| locals.push(*class)).collect();
    let object = locals.push(Class::Ref);
    let location = function.location;
    let args = params.iter().map(|p| Operand::Local(*p)).collect();
    let call = StatementKind::Call(fields.clone(), Call::Direct(id, args));
    let make = StatementKind::Let(object, shape.object(&fields));
    let statements = [call, make].map(|kind| Statement { kind, location }).into();
    Function {
        params,
        results: vec![Class::Ref],
        locals,
        join_count: 0,
        body: Block { statements, end: End::Return(vec![Operand::Local(object)]), location },
        name: function.name.clone(),
        ..*function
    }
}

impl Shape {
    fn object(&self, fields: &[Local]) -> Operation {
        let fields = fields.iter().map(|f| Operand::Local(*f)).collect();
        Operation::Allocate { layout: self.layout, tag: self.tag, fields }
    }
}

/// The fields of the objects that a body makes.
fn fields_of(body: &Block) -> HashMap<Local, Vec<Operand>> {
    let mut fields_of = HashMap::new();
    each_block(body, &mut |block| {
        for statement in &block.statements {
            if let StatementKind::Let(local, Operation::Allocate { fields, .. }) = &statement.kind {
                fields_of.insert(*local, fields.clone());
            }
        }
    });
    fields_of
}

/// One function being rewritten.
struct Rewriting<'a> {
    shapes: &'a HashMap<FunctionId, Shape>,
    twins: &'a HashMap<FunctionId, FunctionId>,
    fields: HashMap<Local, Vec<Operand>>,
    locals: &'a mut IdVec<Local, Class>,
    is_unboxed: bool,
}

impl Rewriting<'_> {
    fn block(&mut self, block: &mut Block) {
        for statement in std::mem::take(&mut block.statements) {
            self.statement(statement, &mut block.statements);
        }
        match &mut block.end {
            End::Return(values) if self.is_unboxed => {
                let [Operand::Local(object)] = values.as_slice() else {
                    unreachable!("its returns give objects that it made")
                };
                *values = self.fields[object].clone();
            }
            End::TailCall(Call::Direct(callee, _)) if !self.is_unboxed => {
                *callee = self.twins.get(callee).copied().unwrap_or(*callee);
            }
            _ => {}
        }
        each_end_block_mut(&mut block.end, &mut |inner| self.block(inner));
    }

    fn statement(&mut self, mut statement: Statement, out: &mut Vec<Statement>) {
        let location = statement.location;
        match &mut statement.kind {
            StatementKind::Join { body, .. } => self.block(body),
            StatementKind::Call(results, Call::Direct(callee, _)) => {
                if let (Some(shape), [object]) = (self.shapes.get(callee), results.as_slice()) {
                    let object = *object;
                    let fields: Vec<Local> = shape.classes.iter().map(|c| self.locals.push(*c)).collect();
                    results.clone_from(&fields);
                    out.push(statement);
                    let kind = StatementKind::Let(object, shape.object(&fields));
                    out.push(Statement { kind, location });
                    return;
                }
            }
            _ => {}
        }
        out.push(statement);
    }
}
