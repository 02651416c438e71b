//! Core as text, for `snow dump core`.

use crate::ir::{Callee, Expr, ExprKind, Function, Lambda, Program, Var};
use snow_abi::intrinsics::INTRINSICS;
use snow_names::hir;
use snow_types::typed::Typed;
use std::fmt::Write;

/// All functions outside std, as text.
pub fn print(program: &Program, hir: &hir::Program, _typed: &Typed) -> String {
    let mut out = String::new();
    for (id, function) in program.functions.iter() {
        let own = !hir.modules[hir.functions[id].module].is_std;
        if let (Some(function), true) = (function, own) {
            Printer { hir, out: &mut out }.function(function);
        }
    }
    out
}

/// One function, as text.
pub(crate) fn print_function(function: &Function, hir: &hir::Program) -> String {
    let mut out = String::new();
    Printer { hir, out: &mut out }.function(function);
    out
}

struct Printer<'p> {
    hir: &'p hir::Program,
    out: &'p mut String,
}

impl Printer<'_> {
    fn function(&mut self, function: &Function) {
        let head = format!("{}({}):", function.name, vars(&function.params));
        self.line(0, &head);
        self.expr(&function.body, 1);
        self.out.push('\n');
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _infallible = writeln!(self.out, "{:width$}{text}", "", width = depth * 2);
    }

    fn all<'e>(&mut self, head: &str, parts: impl IntoIterator<Item = &'e Expr>, depth: usize) {
        self.line(depth, head);
        parts.into_iter().for_each(|p| self.expr(p, depth + 1));
    }

    fn expr(&mut self, e: &Expr, depth: usize) {
        if let Some(text) = self.atom(e) {
            return self.line(depth, &text);
        }
        match &e.kind {
            ExprKind::Call(callee, args) => {
                let head = format!("call {}", self.callee(callee));
                if let Callee::Value(value) = callee {
                    self.expr(value, depth + 1);
                }
                self.all(&head, args, depth);
            }
            ExprKind::Let(var, value, body) => {
                self.all(&format!("let v{} =", var.0), [&**value], depth);
                self.expr(body, depth);
            }
            ExprKind::LetFunctions(functions, body) => {
                for (var, lambda) in functions {
                    self.lambda(&format!("fn v{}", var.0), lambda, depth);
                }
                self.expr(body, depth);
            }
            ExprKind::Lambda(lambda) => self.lambda("fn", lambda, depth),
            ExprKind::Switch { subject, cases, default } => {
                self.line(depth, &format!("switch v{}", subject.0));
                for (key, body) in cases {
                    self.all(&format!("{key:?} ->"), [body], depth + 1);
                }
                if let Some(body) = default {
                    self.all("_ ->", [&**body], depth + 1);
                }
            }
            ExprKind::If(a, b, c) => self.all("if", [&**a, b, c], depth),
            ExprKind::Join { join, params, recursive, body, rest } => {
                let word = if *recursive { "loop" } else { "join" };
                self.all(&format!("{word} j{}({}):", join.0, vars(params)), [&**body], depth);
                self.expr(rest, depth);
            }
            ExprKind::Receive(receive) => {
                self.line(depth, &format!("receive v{}, v{}", receive.message.0, receive.signal.0));
                let parts = [&receive.timeout, &receive.on_message, &receive.on_signal, &receive.on_timeout];
                for (name, part) in ["after", "message", "signal", "timeout"].iter().zip(parts) {
                    if let Some(part) = part {
                        self.all(name, [part], depth + 1);
                    }
                }
            }
            _ => self.operation(e, depth),
        }
    }

    fn operation(&mut self, e: &Expr, depth: usize) {
        match &e.kind {
            ExprKind::Jump(join, args) => self.all(&format!("jump j{}", join.0), args, depth),
            ExprKind::Return(value) => self.all("return", [&**value], depth),
            ExprKind::Construct(shape, args) => self.all(&format!("make {shape:?}"), args, depth),
            ExprKind::Project { value, index, .. } => {
                self.all(&format!("part {index} of"), [&**value], depth)
            }
            ExprKind::Arithmetic(op, a, b) => self.all(&format!("{op:?}"), [&**a, b], depth),
            ExprKind::Compare(op, a, b) => self.all(&format!("{op:?}"), [&**a, b], depth),
            ExprKind::Negate(value) => self.all("negate", [&**value], depth),
            ExprKind::Not(value) => self.all("not", [&**value], depth),
            ExprKind::Spawn { kind, start, .. } => self.all(&format!("spawn {kind:?}"), [&**start], depth),
            ExprKind::SpawnRemote { node, actor, args, .. } => {
                let head = format!("spawn {} on", self.hir.functions[*actor].name);
                self.all(&head, std::iter::once(&**node).chain(args), depth);
            }
            ExprKind::Send(to, message) => self.all("send", [&**to, message], depth),
            ExprKind::SendNamed(name, node, message) => {
                self.all("send named", [&**name, node, message], depth)
            }
            ExprKind::Fail(failure, args) => self.all(&format!("fail {failure:?}"), args, depth),
            ExprKind::Entry(entry, args) => self.all(&format!("entry {entry:?}"), args, depth),
            _ => unreachable!("printed before"),
        }
    }

    /// Forms without parts.
    fn atom(&self, e: &Expr) -> Option<String> {
        Some(match &e.kind {
            ExprKind::Unit => "()".to_string(),
            ExprKind::Int(n) => n.to_string(),
            ExprKind::Float(x) => format!("{x:?}"),
            ExprKind::Bool(b) => b.to_string(),
            ExprKind::Text(text) => format!("{text:?}"),
            ExprKind::Bytes(bytes) => format!("bytes {bytes:?}"),
            ExprKind::Atom(name) => format!(":{name}"),
            ExprKind::Nullary(def, index) => format!("{}#{index}", self.hir.types[*def].name),
            ExprKind::Var(var) => format!("v{}", var.0),
            ExprKind::Function(id, _) => format!("function {}", self.hir.functions[*id].name),
            ExprKind::SelfPid => "self".to_string(),
            ExprKind::Accept => "accept".to_string(),
            ExprKind::Retry => "retry".to_string(),
            _ => return None,
        })
    }

    fn callee(&self, callee: &Callee) -> String {
        match callee {
            Callee::Function(id, _) => self.hir.functions[*id].name.to_string(),
            Callee::Interface { interface, method, .. } => {
                let interface = &self.hir.interfaces[*interface];
                format!("{}.{}", interface.name, interface.methods[*method as usize].name)
            }
            Callee::Value(_) => "value".to_string(),
            Callee::Primitive(primitive, _) => primitive.row().name.to_string(),
            Callee::Intrinsic(index, _) => INTRINSICS[*index as usize].name.to_string(),
        }
    }

    fn lambda(&mut self, head: &str, lambda: &Lambda, depth: usize) {
        self.all(&format!("{head}({}):", vars(&lambda.params)), [&*lambda.body], depth);
    }
}

fn vars(all: &[Var]) -> String {
    all.iter().map(|v| format!("v{}", v.0)).collect::<Vec<_>>().join(", ")
}
