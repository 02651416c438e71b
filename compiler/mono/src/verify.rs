//! Checks of a concrete program. The rules:
//!
//! 1. Every local is defined once, before its uses, on every path.
//! 2. A jump names a join in scope and gives as many operands as it has parameters, of their classes.
//! 3. Calls of known functions give the right classes and take the right number of results.
//! 4. Returns and tail calls yield the function's results' classes.
//! 5. Object operations work on reference words.
//!
//! A violation is a bug of the compiler: it panics with the function printed.

use crate::ir::{
    Block, Call, End, Function, FunctionId, JoinId, Local, Operand, Operation, Program, StatementKind,
};
use snow_abi::value::Class;
use std::collections::{HashMap, HashSet};

/// Checks the whole program.
///
/// # Panics
/// When a rule is broken.
pub fn verify(program: &Program) {
    for (id, function) in program.functions.iter() {
        let mut checker = Checker { program, function, joins: HashMap::new(), seen: HashSet::new() };
        let mut defined: HashSet<Local> = function.params.iter().copied().collect();
        if let Err(problem) = checker.block(&function.body, &mut defined) {
            panic!("{}, in\n{}", problem.0, crate::print::print_function(program, id, function));
        }
    }
}

struct Checker<'p> {
    program: &'p Program,
    function: &'p Function,
    joins: HashMap<JoinId, Vec<Class>>,
    seen: HashSet<Local>,
}

/// A broken rule, in words.
pub(crate) struct Broken(String);

type Check = Result<(), Broken>;

impl Checker<'_> {
    fn block(&mut self, block: &Block, defined: &mut HashSet<Local>) -> Check {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Let(local, operation) => {
                    self.operation(operation, defined)?;
                    self.define(*local, defined)?;
                }
                StatementKind::Effect(operation) => self.operation(operation, defined)?,
                StatementKind::Call(locals, call) => {
                    let results = self.call(call, defined)?;
                    let classes: Vec<Class> = locals.iter().map(|l| self.function.locals[*l]).collect();
                    if results.is_some_and(|r| r != classes) {
                        return Err(Broken(format!("results of {call:?} taken as {classes:?}")));
                    }
                    locals.iter().try_for_each(|l| self.define(*l, defined))?;
                }
                StatementKind::Join { id, params, recursive, body } => {
                    let classes: Vec<Class> = params.iter().map(|p| self.function.locals[*p]).collect();
                    if *recursive {
                        self.joins.insert(*id, classes.clone());
                    }
                    let mut inner = defined.clone();
                    params.iter().try_for_each(|p| self.define(*p, &mut inner))?;
                    self.block(body, &mut inner)?;
                    self.joins.insert(*id, classes);
                }
            }
        }
        self.end(&block.end, defined)
    }

    fn define(&mut self, local: Local, defined: &mut HashSet<Local>) -> Check {
        if !self.seen.insert(local) {
            return Err(Broken(format!("v{} is defined twice", local.0)));
        }
        defined.insert(local);
        Ok(())
    }

    fn end(&mut self, end: &End, defined: &mut HashSet<Local>) -> Check {
        crate::operands::of_end_checked(end, &mut |operand| self.operand(operand, defined))?;
        match end {
            End::Return(args) => self.same(args, &self.function.results, "return"),
            End::TailCall(call) => {
                let results = self.call(call, defined)?;
                match results {
                    Some(results) if results != self.function.results => {
                        Err(Broken(format!("tail {call:?}")))
                    }
                    _ => Ok(()),
                }
            }
            End::Jump(join, args) => match self.joins.get(join) {
                Some(classes) => self.same(args, &classes.clone(), "jump"),
                None => Err(Broken(format!("j{} is not in scope", join.0))),
            },
            End::If { then, otherwise, .. } => {
                self.block(then, &mut defined.clone())?;
                self.block(otherwise, &mut defined.clone())
            }
            End::Switch { cases, default, .. } => {
                for (_, block) in cases {
                    self.block(block, &mut defined.clone())?;
                }
                default.iter().try_for_each(|block| self.block(block, &mut defined.clone()))
            }
            End::Fail(..) | End::Unreachable => Ok(()),
        }
    }

    fn operation(&mut self, operation: &Operation, defined: &HashSet<Local>) -> Check {
        let mut result = Ok(());
        crate::operands::of_operation(operation, &mut |operand| {
            if result.is_ok() {
                result = self.operand(operand, defined);
            }
        });
        result?;
        match operation {
            Operation::Load { object, .. } | Operation::TagOf(object, _)
                if self.class(object) != Class::Ref =>
            {
                Err(Broken(format!("{operation:?} of a word that is no reference")))
            }
            Operation::Int(_, a, b) if self.class(a) != Class::Int || self.class(b) != Class::Int => {
                Err(Broken(format!("{operation:?} of words that are no Ints")))
            }
            _ => Ok(()),
        }
    }

    fn call(&mut self, call: &Call, defined: &HashSet<Local>) -> Result<Option<Vec<Class>>, Broken> {
        let mut result = Ok(());
        crate::operands::of_call(call, &mut |operand| {
            if result.is_ok() {
                result = self.operand(operand, defined);
            }
        });
        result?;
        match call {
            Call::Direct(id, args) => {
                let callee = self.callee(*id);
                let params: Vec<Class> = callee.params.iter().map(|p| callee.locals[*p]).collect();
                self.same(args, &params, &callee.name)?;
                Ok(Some(callee.results.clone()))
            }
            Call::Closure(closure, _) if self.class(closure) != Class::Ref => {
                Err(Broken("a closure call of a word that is no reference".to_string()))
            }
            Call::Closure(..) | Call::Entry(..) => Ok(None),
        }
    }

    fn callee(&self, id: FunctionId) -> &Function {
        &self.program.functions[id]
    }

    fn same(&self, args: &[Operand], classes: &[Class], what: &str) -> Check {
        let given: Vec<Class> = args.iter().map(|a| self.class(a)).collect();
        if given == classes {
            Ok(())
        } else {
            Err(Broken(format!("{what}: {given:?} given for {classes:?}")))
        }
    }

    fn class(&self, operand: &Operand) -> Class {
        match operand {
            Operand::Local(local) => self.function.locals[*local],
            Operand::Int(_) => Class::Int,
            Operand::Float(_) => Class::Float,
            Operand::Immediate(_) | Operand::Static(_) => Class::Ref,
        }
    }

    fn operand(&self, operand: &Operand, defined: &HashSet<Local>) -> Check {
        match operand {
            Operand::Local(local) if !defined.contains(local) => {
                Err(Broken(format!("v{} is used before it is defined", local.0)))
            }
            _ => Ok(()),
        }
    }
}
