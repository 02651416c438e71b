//! Checks of lowered functions. The rules:
//!
//! 1. Every variable has a type, is bound once, and is used only where its binding reaches.
//! 2. A jump names a join point around it, in the same function or closure, and gives one argument for each parameter.
//! 3. `Accept` and `Retry` stand in the trees of a receive, closures inside excluded.
//! 4. Known functions, primitives, intrinsics, interface methods and function values get as many arguments and types as they take.
//! 5. An object has as many parts as its shape, and a part that is read is one of them.
//! 6. A switch has a case, no case twice, and cases of the kind of its subject's type.
//! 7. Conditions are Bools; arithmetic is on two Ints or two Floats, comparison on two of those or two Bools.
//! 8. A receive has a timeout and its value together, and trees for messages or signals or neither when it only waits.
//!
//! A violation is a bug of the compiler: it panics with the function printed.

mod calls;
#[cfg(test)]
mod tests;

use crate::ir::{Expr, ExprKind, Function, Join, Key, Lambda, Program, Receive, Shape, Var};
use snow_names::hir::{self, Builtin, TypeDefKind};
use snow_text::IdVec;
use snow_types::ty::{Ty, TyNode};
use snow_types::typed::Typed;
use std::collections::HashMap;

/// Checks the whole program.
///
/// # Panics
/// When a rule is broken.
pub fn verify(program: &Program, hir: &hir::Program, typed: &Typed) {
    let starts = program.main.iter().chain(&program.tests);
    program.functions.values().flatten().chain(starts).for_each(|f| verify_function(f, hir, typed));
}

/// Checks one function.
///
/// # Panics
/// When a rule is broken.
pub(crate) fn verify_function(function: &Function, hir: &hir::Program, typed: &Typed) {
    if let Err(Broken(problem)) = check(function, hir, typed) {
        panic!("{}: {problem}, in\n{}", function.name, crate::print::print_function(function, hir, typed));
    }
}

fn check(function: &Function, hir: &hir::Program, typed: &Typed) -> Check {
    let mut checker = Checker {
        hir,
        typed,
        vars: &function.vars,
        join_count: function.join_count,
        state: function.vars.values().map(|_| Binding::Unbound).collect(),
        joins: HashMap::new(),
        in_receive: false,
    };
    function.params.iter().try_for_each(|p| checker.bind(*p))?;
    checker.expr(&function.body)
}

/// A broken rule, in words.
#[derive(Debug)]
pub(crate) struct Broken(String);

type Check = Result<(), Broken>;

fn broken(text: impl Into<String>) -> Check {
    Err(Broken(text.into()))
}

/// What is known of a variable at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binding {
    Unbound,
    InScope,
    OutOfScope,
}

struct Checker<'p> {
    hir: &'p hir::Program,
    typed: &'p Typed,
    vars: &'p IdVec<Var, Ty>,
    join_count: u32,
    state: IdVec<Var, Binding>,
    /// Join points in scope and their numbers of parameters.
    joins: HashMap<Join, usize>,
    in_receive: bool,
}

impl<'p> Checker<'p> {
    fn bind(&mut self, var: Var) -> Check {
        match self.state.get(var) {
            None => broken(format!("v{} has no type", var.0)),
            Some(Binding::Unbound) => {
                self.state[var] = Binding::InScope;
                Ok(())
            }
            Some(_) => broken(format!("v{} is bound twice", var.0)),
        }
    }

    fn unbind(&mut self, vars: impl IntoIterator<Item = Var>) {
        for var in vars {
            self.state[var] = Binding::OutOfScope;
        }
    }

    fn used(&self, var: Var) -> Check {
        match self.state.get(var) {
            Some(Binding::InScope) => Ok(()),
            _ => broken(format!("v{} is used where it is not bound", var.0)),
        }
    }

    fn node(&self, ty: Ty) -> &'p TyNode {
        self.typed.store.get(ty)
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Check {
        exprs.into_iter().try_for_each(|e| self.expr(e))
    }

    fn expr(&mut self, e: &Expr) -> Check {
        match &e.kind {
            ExprKind::Var(var) => self.used(*var),
            ExprKind::Let(var, value, body) => {
                self.expr(value)?;
                self.bind(*var)?;
                self.expr(body)?;
                self.unbind([*var]);
                Ok(())
            }
            ExprKind::LetFunctions(functions, body) => {
                functions.iter().try_for_each(|f| self.bind(f.0))?;
                functions.iter().try_for_each(|f| self.lambda(&f.1))?;
                self.expr(body)?;
                self.unbind(functions.iter().map(|f| f.0));
                Ok(())
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            ExprKind::Switch { subject, cases, default } => {
                self.switch(*subject, cases)?;
                self.all(cases.iter().map(|c| &c.1).chain(default.as_deref()))
            }
            ExprKind::If(condition, then, otherwise) => {
                self.all([&**condition, then, otherwise])?;
                self.truth(condition)
            }
            ExprKind::Join { join, params, recursive, body, rest } => {
                self.join_point((*join, *recursive), params, body, rest)
            }
            ExprKind::Receive(receive) => self.receive(receive),
            ExprKind::Call(callee, args) => self.call(callee, args),
            _ => self.operation(e),
        }
    }

    /// The forms that bind nothing.
    fn operation(&mut self, e: &Expr) -> Check {
        match &e.kind {
            ExprKind::Jump(join, args) => {
                self.all(args)?;
                match self.joins.get(join) {
                    None => broken(format!("j{} is not around the jump to it", join.0)),
                    Some(count) if *count != args.len() => {
                        broken(format!("j{} takes {count} arguments, not {}", join.0, args.len()))
                    }
                    Some(_) => Ok(()),
                }
            }
            ExprKind::Accept | ExprKind::Retry if !self.in_receive => broken("accept or retry in no receive"),
            ExprKind::Function(function, types) => self.known_function(*function, types.len(), None),
            ExprKind::Construct(shape, args) => {
                self.all(args)?;
                self.construct(shape, args.len(), e.ty)
            }
            ExprKind::Nullary(def, index) => self.parts(&variant_or_struct(self.hir, *def, *index), 0),
            ExprKind::Project { value, shape, index } => {
                self.expr(value)?;
                self.part(shape, *index, value.ty)
            }
            ExprKind::Arithmetic(op, a, b) => {
                self.all([&**a, b])?;
                self.words(&format!("{op:?}"), a, b, false)
            }
            ExprKind::Compare(op, a, b) => {
                self.all([&**a, b])?;
                self.words(&format!("{op:?}"), a, b, true)
            }
            ExprKind::Not(value) => {
                self.expr(value)?;
                self.truth(value)
            }
            ExprKind::Negate(value) | ExprKind::Return(value) => self.expr(value),
            ExprKind::Spawn { start, .. } => {
                self.expr(start)?;
                self.function_of(start, 0)
            }
            ExprKind::SpawnRemote { node, actor, args, .. } => {
                self.expr(node)?;
                self.all(args)?;
                self.known_function(*actor, 0, Some(args.len()))
            }
            ExprKind::Send(to, message) => self.all([&**to, message]),
            ExprKind::SendNamed(name, node, message) => self.all([&**name, node, message]),
            ExprKind::Fail(_, args) | ExprKind::Entry(_, args) => self.all(args),
            _ => Ok(()),
        }
    }

    fn lambda(&mut self, lambda: &Lambda) -> Check {
        let joins = std::mem::take(&mut self.joins);
        let in_receive = std::mem::replace(&mut self.in_receive, false);
        lambda.params.iter().try_for_each(|p| self.bind(*p))?;
        self.expr(&lambda.body)?;
        self.unbind(lambda.params.iter().copied());
        self.joins = joins;
        self.in_receive = in_receive;
        Ok(())
    }

    fn join_point(
        &mut self,
        (join, recursive): (Join, bool),
        params: &[Var],
        body: &Expr,
        rest: &Expr,
    ) -> Check {
        if join.0 >= self.join_count || self.joins.contains_key(&join) {
            return broken(format!("j{} is not a new join point", join.0));
        }
        if recursive {
            self.joins.insert(join, params.len());
        }
        params.iter().try_for_each(|p| self.bind(*p))?;
        self.expr(body)?;
        self.unbind(params.iter().copied());
        self.joins.insert(join, params.len());
        self.expr(rest)?;
        self.joins.remove(&join);
        Ok(())
    }

    fn receive(&mut self, receive: &Receive) -> Check {
        if receive.timeout.is_some() != receive.on_timeout.is_some() {
            return broken("a timeout without a value, or a value without a timeout");
        }
        if (receive.signals != 0) != receive.on_signal.is_some() {
            return broken("signals that are received nowhere, or none that could be");
        }
        self.all(&receive.timeout)?;
        self.all(&receive.on_timeout)?;
        let outer = std::mem::replace(&mut self.in_receive, true);
        for (var, tree) in [(receive.message, &receive.on_message), (receive.signal, &receive.on_signal)] {
            self.bind(var)?;
            self.all(tree)?;
            self.unbind([var]);
        }
        self.in_receive = outer;
        Ok(())
    }

    fn switch(&self, subject: Var, cases: &[(Key, Expr)]) -> Check {
        self.used(subject)?;
        if cases.is_empty() {
            return broken(format!("the switch on v{} has no case", subject.0));
        }
        let subject_ty = self.node(self.vars[subject]);
        for (i, (key, _)) in cases.iter().enumerate() {
            if cases[..i].iter().any(|c| c.0 == *key) {
                return broken(format!("the switch on v{} has {key:?} twice", subject.0));
            }
            let fits = match (key, subject_ty) {
                (Key::Int(_), TyNode::Builtin(Builtin::Int | Builtin::Bool, _)) => true,
                (Key::Variant(index), TyNode::Named(def, _)) => {
                    matches!(&self.hir.types[*def].kind, TypeDefKind::Sum(v) if (*index as usize) < v.len())
                }
                (Key::Tag(_), TyNode::Tags(_) | TyNode::Param(_)) => true,
                _ => false,
            };
            if !fits {
                return broken(format!("v{} is {subject_ty:?} and has no {key:?}", subject.0));
            }
        }
        Ok(())
    }

    fn truth(&self, e: &Expr) -> Check {
        match self.node(e.ty) {
            TyNode::Builtin(Builtin::Bool, _) | TyNode::Never => Ok(()),
            other => broken(format!("a condition is {other:?}")),
        }
    }

    fn words(&self, op: &str, a: &Expr, b: &Expr, bools: bool) -> Check {
        let (a, b) = (self.node(a.ty), self.node(b.ty));
        let fits = |node: &TyNode| match node {
            TyNode::Builtin(Builtin::Int | Builtin::Float, _) | TyNode::Never => true,
            TyNode::Builtin(Builtin::Bool, _) => bools,
            _ => false,
        };
        match fits(a) && fits(b) && (a == b || [a, b].contains(&&TyNode::Never)) {
            true => Ok(()),
            false => broken(format!("{op} of {a:?} and {b:?}")),
        }
    }

    /// A new object is of a type that has its shape.
    fn construct(&self, shape: &Shape, count: usize, ty: Ty) -> Check {
        let fits = match (shape, self.node(ty)) {
            (Shape::Tuple, TyNode::Tuple(items)) => items.len() == count,
            (Shape::Struct(def) | Shape::Variant(def, _), TyNode::Named(own, _)) => def == own,
            (Shape::Tag(_), TyNode::Tags(_)) => true,
            // Tagged types stay open where a function is generic in them.
            (Shape::Tag(_), TyNode::Param(_)) => true,
            _ => false,
        };
        if !fits {
            return broken(format!("{shape:?} made for {:?}", self.node(ty)));
        }
        self.parts(shape, count)
    }

    /// An object with `count` parts has that shape.
    fn parts(&self, shape: &Shape, count: usize) -> Check {
        match self.part_count(shape) {
            Some(own) if own != count => broken(format!("{shape:?} has {own} parts, not {count}")),
            _ => Ok(()),
        }
    }

    fn part(&self, shape: &Shape, index: u32, ty: Ty) -> Check {
        let count = match (shape, self.node(ty)) {
            (Shape::Tuple, TyNode::Tuple(items)) => Some(items.len()),
            (Shape::Tag(name), TyNode::Tags(tags)) => tags.iter().find(|t| t.0 == *name).map(|t| t.1.len()),
            _ => self.part_count(shape),
        };
        match count {
            Some(count) if index as usize >= count => {
                broken(format!("{shape:?} has {count} parts, and number {index} is read"))
            }
            _ => Ok(()),
        }
    }

    /// How many parts a declared shape has.
    fn part_count(&self, shape: &Shape) -> Option<usize> {
        match (shape, shape_definition(self.hir, shape)?) {
            (Shape::Struct(_), TypeDefKind::Struct(fields)) => Some(fields.len()),
            (Shape::Variant(_, index), TypeDefKind::Sum(variants)) => {
                variants.get(*index as usize).map(|v| v.fields.len())
            }
            _ => None,
        }
    }
}

fn shape_definition<'h>(hir: &'h hir::Program, shape: &Shape) -> Option<&'h TypeDefKind> {
    match shape {
        Shape::Struct(def) | Shape::Variant(def, _) => Some(&hir.types[*def].kind),
        Shape::Tuple | Shape::Tag(_) => None,
    }
}

fn variant_or_struct(hir: &hir::Program, def: hir::TypeDefId, index: u32) -> Shape {
    match &hir.types[def].kind {
        TypeDefKind::Struct(_) => Shape::Struct(def),
        _ => Shape::Variant(def, index),
    }
}
