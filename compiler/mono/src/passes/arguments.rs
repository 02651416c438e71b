//! Copies of functions for the closures that they are given.
//!
//! A call of `map(list, f)` where the code of `f` is known becomes a call of a copy of `map` that takes what `f` captured in
//! place of `f`. In the copy `f` is made anew at the head, so that simplification calls its code directly or inlines it,
//! recursion reaches the copy itself, and the closure is never allocated when nothing else needs it.

use crate::ir::{
    Block, Call, End, Function, FunctionId, Local, Operand, Operation, Program, Statement, StatementKind,
    Static, StaticId,
};
use crate::passes::measure;
use crate::signals::{each_block, each_end_block_mut};
use snow_abi::value::Class;
use snow_text::IdVec;
use std::collections::{HashMap, HashSet};

/// Largest function that is copied, in statements and ends.
const COPIED_SIZE_MAX: usize = 250;
/// Copies of one function as it was written.
const COPIES_MAX: usize = 24;
/// How deep closures that captured closures are looked into.
const DEPTH_MAX: usize = 3;

/// A closure of known code.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Known {
    /// It captured nothing.
    Static(StaticId),
    /// Its code, its layout, the classes of its captures and what is known of them.
    Made(FunctionId, u32, Vec<(Class, Option<Known>)>),
}

/// Replaces calls that give known closures to functions that call them.
pub(crate) fn specialise(program: &mut Program) {
    let mut pass = Pass {
        calling: calling_parameters(program),
        copies: HashMap::new(),
        origins: program.functions.ids().collect(),
        counts: HashMap::new(),
    };
    let mut next = 0;
    while next < program.functions.len() {
        let id = program.functions.ids().nth(next).expect("below the length");
        pass.function(program, id);
        next += 1;
    }
}

struct Pass {
    /// Parameters that a function calls, or passes on to one that does.
    calling: IdVec<FunctionId, Vec<bool>>,
    copies: HashMap<(FunctionId, Vec<Option<Known>>), FunctionId>,
    /// What each function is a copy of.
    origins: IdVec<FunctionId, FunctionId>,
    /// Copies made of each.
    counts: HashMap<FunctionId, usize>,
}

/// Which closure each local holds: its code, its layout and its captures with their classes.
type Closures = HashMap<Local, (FunctionId, u32, Vec<(Class, Operand)>)>;

impl Pass {
    fn function(&mut self, program: &mut Program, id: FunctionId) {
        let closures = closures_of(&program.functions[id]);
        let mut body = std::mem::replace(&mut program.functions[id].body, empty());
        self.block(program, &mut body, &closures);
        program.functions[id].body = body;
    }

    fn block(&mut self, program: &mut Program, block: &mut Block, closures: &Closures) {
        for statement in &mut block.statements {
            match &mut statement.kind {
                StatementKind::Call(_, call) => self.call(program, call, closures),
                StatementKind::Join { body, .. } => self.block(program, body, closures),
                _ => {}
            }
        }
        if let End::TailCall(call) = &mut block.end {
            self.call(program, call, closures);
        }
        each_end_block_mut(&mut block.end, &mut |inner| self.block(program, inner, closures));
    }

    fn call(&mut self, program: &mut Program, call: &mut Call, closures: &Closures) {
        let Call::Direct(callee, args) = call else { return };
        let known: Vec<Option<Known>> = args
            .iter()
            .zip(&self.calling[*callee])
            .map(|(arg, calls)| if *calls { known(arg, closures, &program.statics, 0) } else { None })
            .collect();
        if known.iter().all(Option::is_none) {
            return;
        }
        if let Some(copy) = self.copy(program, *callee, &known) {
            let mut given = Vec::new();
            for (arg, known) in args.iter().zip(&known) {
                match known {
                    None => given.push(*arg),
                    Some(known) => flatten(arg, known, closures, &mut given),
                }
            }
            *call = Call::Direct(copy, given);
        }
    }

    /// The copy of a function for these closures, made when there is none yet.
    fn copy(&mut self, program: &mut Program, id: FunctionId, known: &[Option<Known>]) -> Option<FunctionId> {
        let key = (id, known.to_vec());
        if let Some(copy) = self.copies.get(&key) {
            return Some(*copy);
        }
        let origin = self.origins[id];
        let count = self.counts.entry(origin).or_insert(0);
        let body = &program.functions[id].body;
        // A function in whose body the pass stands has none at the moment: it is not copied for itself
        let is_absent = body.statements.is_empty() && matches!(body.end, End::Unreachable);
        if is_absent || *count >= COPIES_MAX || measure::size(body) > COPIED_SIZE_MAX {
            return None;
        }
        *count += 1;
        let function = with_known(program, id, known);
        let calling = calls_of(&function, &self.calling);
        let copy = program.functions.push(function);
        self.calling.push(calling);
        self.origins.push(origin);
        self.copies.insert(key, copy);
        Some(copy)
    }
}

fn empty() -> Block {
    Block { statements: Vec::new(), end: End::Unreachable, location: Default::default() }
}

/// The closures that are made in a body and never written to.
fn closures_of(function: &Function) -> Closures {
    let mut closures = Closures::new();
    let mut written = HashSet::new();
    each_block(&function.body, &mut |block| {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Let(local, Operation::Closure { function: code, layout, captures }) => {
                    let class = |c: &Operand| (measure::class(c, &function.locals), *c);
                    closures.insert(*local, (*code, *layout, captures.iter().map(class).collect()));
                }
                StatementKind::Effect(Operation::SetCapture { closure: Operand::Local(local), .. }) => {
                    written.insert(*local);
                }
                _ => {}
            }
        }
    });
    closures.retain(|local, _| !written.contains(local));
    closures
}

fn known(
    operand: &Operand,
    closures: &Closures,
    statics: &IdVec<StaticId, Static>,
    depth: usize,
) -> Option<Known> {
    match operand {
        Operand::Static(id) => matches!(statics[*id], Static::Closure(_)).then_some(Known::Static(*id)),
        Operand::Local(local) if depth < DEPTH_MAX => {
            let (code, layout, captures) = closures.get(local)?;
            let captures =
                captures.iter().map(|(class, c)| (*class, known(c, closures, statics, depth + 1))).collect();
            Some(Known::Made(*code, *layout, captures))
        }
        _ => None,
    }
}

/// What a known closure captured, as arguments.
fn flatten(operand: &Operand, known: &Known, closures: &Closures, out: &mut Vec<Operand>) {
    let (Known::Made(_, _, inner), Operand::Local(local)) = (known, operand) else { return };
    let (_, _, captures) = &closures[local];
    for ((_, capture), (_, known)) in captures.iter().zip(inner) {
        match known {
            None => out.push(*capture),
            Some(known) => flatten(capture, known, closures, out),
        }
    }
}

/// The function with known closures made at its head.
fn with_known(program: &Program, id: FunctionId, known: &[Option<Known>]) -> Function {
    let mut function = program.functions[id].clone();
    let mut maker = Maker { statements: Vec::new(), params: Vec::new() };
    for (param, known) in std::mem::take(&mut function.params).into_iter().zip(known) {
        match known {
            None => maker.params.push(param),
            Some(known) => maker.make(known, param, &mut function),
        }
    }
    function.params = maker.params;
    maker.statements.append(&mut function.body.statements);
    function.body.statements = maker.statements;
    function
}

/// Gathers the new parameters of a copy and the statements at its head.
struct Maker {
    statements: Vec<Statement>,
    params: Vec<Local>,
}

impl Maker {
    /// Defines `local` as the closure; what it captured are new parameters.
    fn make(&mut self, known: &Known, local: Local, function: &mut Function) {
        let operation = match known {
            Known::Static(id) => Operation::Copy(Operand::Static(*id)),
            Known::Made(code, layout, inner) => {
                let captures = inner.iter().map(|(class, inner)| {
                    let capture = function.locals.push(*class);
                    match inner {
                        None => self.params.push(capture),
                        Some(inner) => self.make(inner, capture, function),
                    }
                    Operand::Local(capture)
                });
                let captures = captures.collect();
                Operation::Closure { function: *code, layout: *layout, captures }
            }
        };
        let kind = StatementKind::Let(local, operation);
        self.statements.push(Statement { kind, location: function.location });
    }
}

/// For each function, which parameters it calls, captures, or passes on to a function that does.
fn calling_parameters(program: &Program) -> IdVec<FunctionId, Vec<bool>> {
    let mut calling: IdVec<FunctionId, Vec<bool>> =
        program.functions.values().map(|f| vec![false; f.params.len()]).collect();
    loop {
        let mut changed = false;
        for (id, function) in program.functions.iter() {
            let found = calls_of(function, &calling);
            changed |= found != calling[id];
            calling[id] = found;
        }
        if !changed {
            return calling;
        }
    }
}

fn calls_of(function: &Function, calling: &IdVec<FunctionId, Vec<bool>>) -> Vec<bool> {
    let mut used = HashSet::new();
    let mut of_call = |call: &Call| match call {
        Call::Closure(Operand::Local(local), _) => drop(used.insert(*local)),
        Call::Direct(callee, args) => {
            for (arg, calls) in args.iter().zip(&calling[*callee]) {
                if let (Operand::Local(local), true) = (arg, calls) {
                    used.insert(*local);
                }
            }
        }
        _ => {}
    };
    let mut captured = HashSet::new();
    each_block(&function.body, &mut |block| {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Call(_, call) => of_call(call),
                StatementKind::Let(_, Operation::Closure { captures, .. }) => {
                    captured.extend(captures.iter().filter_map(|capture| {
                        if let Operand::Local(local) = capture { Some(*local) } else { None }
                    }))
                }
                _ => {}
            }
        }
        if let End::TailCall(call) = &block.end {
            of_call(call);
        }
    });
    function.params.iter().map(|p| used.contains(p) || captured.contains(p)).collect()
}
