//! Core as text, for `snow dump core`: an expression without control on one line, everything else indented.

use crate::ir::{
    Arithmetic, Callee, Comparison, Expr, ExprKind, Function, Key, Lambda, Program, Receive, Shape, Var,
};
use snow_abi::intrinsics::INTRINSICS;
use snow_names::hir::{self, TypeDefKind};
use snow_text::IdVec;
use snow_types::ty::{Ty, TyNode};
use snow_types::typed::Typed;
use std::fmt::Write;

/// All functions outside std, as text.
pub fn print(program: &Program, hir: &hir::Program, typed: &Typed) -> String {
    let mut out = String::new();
    for (id, function) in program.functions.iter() {
        let own = !hir.modules[hir.functions[id].module].is_std;
        if let (Some(function), true) = (function, own) {
            out.push_str(&print_function(function, hir, typed));
            out.push('\n');
        }
    }
    out
}

/// One function, as text.
pub(crate) fn print_function(function: &Function, hir: &hir::Program, typed: &Typed) -> String {
    let mut printer = Printer { hir, typed, vars: &function.vars, out: String::new() };
    printer.line(0, &format!("{}({}):", function.name, vars(&function.params)));
    printer.expr("", &function.body, 1);
    printer.out
}

struct Printer<'p> {
    hir: &'p hir::Program,
    typed: &'p Typed,
    vars: &'p IdVec<Var, Ty>,
    out: String,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _infallible = writeln!(self.out, "{:width$}{}", "", text.trim_end(), width = depth * 2);
    }

    /// Prints `lead` and the expression: on one line if it can be.
    fn expr(&mut self, lead: &str, e: &Expr, depth: usize) {
        if let Some(text) = self.inline(e) {
            return self.line(depth, &format!("{lead}{text}"));
        }
        match &e.kind {
            ExprKind::Let(..) | ExprKind::LetFunctions(..) | ExprKind::Join { .. } if !lead.is_empty() => {
                self.line(depth, lead);
                self.expr("", e, depth + 1);
            }
            ExprKind::Let(var, value, body) => {
                self.expr(&format!("let v{} = ", var.0), value, depth);
                self.expr("", body, depth);
            }
            ExprKind::LetFunctions(functions, body) => {
                for (var, lambda) in functions {
                    self.lambda(&format!("let v{} = fn", var.0), lambda, depth);
                }
                self.expr("", body, depth);
            }
            ExprKind::Join { join, params, recursive, body, rest } => {
                let word = if *recursive { "loop" } else { "join" };
                self.line(depth, &format!("{word} j{}({}):", join.0, vars(params)));
                self.expr("", body, depth + 1);
                self.expr("", rest, depth);
            }
            ExprKind::Lambda(lambda) => self.lambda(&format!("{lead}fn"), lambda, depth),
            ExprKind::Switch { subject, cases, default } => {
                self.line(depth, &format!("{lead}switch v{}", subject.0));
                for (key, body) in cases {
                    self.expr(&format!("{} -> ", self.key(key, *subject)), body, depth + 1);
                }
                if let Some(body) = default {
                    self.expr("_ -> ", body, depth + 1);
                }
            }
            ExprKind::If(condition, then, otherwise) => {
                self.expr(&format!("{lead}if "), condition, depth);
                self.expr("then ", then, depth + 1);
                self.expr("else ", otherwise, depth + 1);
            }
            ExprKind::Receive(receive) => self.receive(lead, receive, depth),
            _ => self.operation(lead, e, depth),
        }
    }

    /// An operation with an operand that needs lines of its own.
    fn operation(&mut self, lead: &str, e: &Expr, depth: usize) {
        self.line(depth, &format!("{lead}{}", self.head(e)));
        for part in parts(e) {
            self.expr("", part, depth + 1);
        }
    }

    fn receive(&mut self, lead: &str, receive: &Receive, depth: usize) {
        self.line(depth, &format!("{lead}receive"));
        let message = format!("message v{} -> ", receive.message.0);
        let signal = format!("signal v{} -> ", receive.signal.0);
        let parts = [
            ("after ", &receive.timeout),
            (&message, &receive.on_message),
            (&signal, &receive.on_signal),
            ("timeout -> ", &receive.on_timeout),
        ];
        for (lead, part) in parts {
            if let Some(part) = part {
                self.expr(lead, part, depth + 1);
            }
        }
    }

    fn lambda(&mut self, lead: &str, lambda: &Lambda, depth: usize) {
        self.line(depth, &format!("{lead}({}):", vars(&lambda.params)));
        self.expr("", &lambda.body, depth + 1);
    }

    /// The expression on one line; nothing when it holds control.
    fn inline(&self, e: &Expr) -> Option<String> {
        if let Some(text) = self.atom(e) {
            return Some(text);
        }
        match &e.kind {
            ExprKind::Let(..)
            | ExprKind::LetFunctions(..)
            | ExprKind::Join { .. }
            | ExprKind::Lambda(_)
            | ExprKind::Switch { .. }
            | ExprKind::If(..)
            | ExprKind::Receive(_) => return None,
            _ => {}
        }
        let texts = parts(e).into_iter().map(|p| self.inline(p)).collect::<Option<Vec<String>>>()?;
        let all = texts.join(", ");
        Some(match &e.kind {
            ExprKind::Arithmetic(op, ..) => format!("({} {} {})", texts[0], arithmetic(*op), texts[1]),
            ExprKind::Compare(op, ..) => format!("({} {} {})", texts[0], comparison(*op), texts[1]),
            ExprKind::Project { index, .. } => format!("{all}.{index}"),
            ExprKind::Construct(Shape::Tuple, _) => format!("({all})"),
            ExprKind::Construct(Shape::Tag(name), _) => format!("{{:{name}, {all}}}"),
            ExprKind::Return(_) => format!("return {all}"),
            ExprKind::Call(Callee::Value(_), _) => format!("{}({})", texts[0], texts[1..].join(", ")),
            _ => format!("{}({all})", self.head(e)),
        })
    }

    /// What an operation is called.
    fn head(&self, e: &Expr) -> String {
        match &e.kind {
            ExprKind::Call(callee, _) => self.callee(callee),
            ExprKind::Jump(join, _) => format!("jump j{}", join.0),
            ExprKind::Return(_) => "return".to_string(),
            ExprKind::Construct(shape, _) => self.shape(shape),
            ExprKind::Project { index, .. } => format!("part {index} of"),
            ExprKind::Arithmetic(op, ..) => arithmetic(*op).to_string(),
            ExprKind::Compare(op, ..) => comparison(*op).to_string(),
            ExprKind::Negate(_) => "negate".to_string(),
            ExprKind::Not(_) => "not".to_string(),
            ExprKind::Spawn { kind, .. } => format!("spawn {kind:?}"),
            ExprKind::SpawnRemote { kind, actor, .. } => {
                format!("spawn {kind:?} {} on", self.function(*actor))
            }
            ExprKind::Send(..) => "send".to_string(),
            ExprKind::SendNamed(..) => "send_named".to_string(),
            ExprKind::Fail(failure, _) => format!("fail {failure:?}"),
            ExprKind::Entry(entry, _) => format!("entry {entry:?}"),
            _ => unreachable!("a control form or one without parts"),
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
            ExprKind::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
            ExprKind::Atom(name) => format!(":{name}"),
            ExprKind::Nullary(def, index) => self.variant(*def, *index),
            ExprKind::Var(var) => format!("v{}", var.0),
            ExprKind::Function(id, _) => self.function(*id),
            ExprKind::SelfPid => "self".to_string(),
            ExprKind::Accept => "accept".to_string(),
            ExprKind::Retry => "retry".to_string(),
            _ => return None,
        })
    }

    fn callee(&self, callee: &Callee) -> String {
        match callee {
            Callee::Function(id, _) => self.function(*id),
            Callee::Interface { interface, method, .. } => {
                let interface = &self.hir.interfaces[*interface];
                format!("{}.{}", interface.name, interface.methods[*method as usize].name)
            }
            Callee::Value(_) => "call".to_string(),
            Callee::Primitive(primitive, _) => primitive.row().name.to_string(),
            Callee::Intrinsic(index, _) => INTRINSICS[*index as usize].name.to_string(),
        }
    }

    fn function(&self, id: hir::FunctionId) -> String {
        let function = &self.hir.functions[id];
        let module = self.hir.modules[function.module].name.as_str();
        if module.is_empty() { function.name.to_string() } else { format!("{module}.{}", function.name) }
    }

    fn shape(&self, shape: &Shape) -> String {
        match shape {
            Shape::Tuple => "tuple".to_string(),
            Shape::Struct(def) => self.hir.types[*def].name.to_string(),
            Shape::Variant(def, index) => self.variant(*def, *index),
            Shape::Tag(name) => format!(":{name}"),
        }
    }

    fn variant(&self, def: hir::TypeDefId, index: u32) -> String {
        match &self.hir.types[def].kind {
            TypeDefKind::Sum(variants) => variants[index as usize].name.to_string(),
            _ => self.hir.types[def].name.to_string(),
        }
    }

    fn key(&self, key: &Key, subject: Var) -> String {
        match (key, self.vars.get(subject).map(|ty| self.typed.store.get(*ty))) {
            (Key::Int(n), _) => n.to_string(),
            (Key::Tag(name), _) => format!(":{name}"),
            (Key::Variant(index), Some(TyNode::Named(def, _))) => self.variant(*def, *index),
            (Key::Variant(index), _) => format!("variant {index}"),
        }
    }
}

/// The operands of an operation, in order.
fn parts(e: &Expr) -> Vec<&Expr> {
    match &e.kind {
        ExprKind::Call(Callee::Value(value), args) => std::iter::once(&**value).chain(args).collect(),
        ExprKind::Call(_, args)
        | ExprKind::Jump(_, args)
        | ExprKind::Construct(_, args)
        | ExprKind::Fail(_, args)
        | ExprKind::Entry(_, args) => args.iter().collect(),
        ExprKind::Return(value)
        | ExprKind::Negate(value)
        | ExprKind::Not(value)
        | ExprKind::Project { value, .. }
        | ExprKind::Spawn { start: value, .. } => vec![value],
        ExprKind::Arithmetic(_, a, b) | ExprKind::Compare(_, a, b) | ExprKind::Send(a, b) => vec![a, b],
        ExprKind::SendNamed(name, node, message) => vec![name, node, message],
        ExprKind::SpawnRemote { node, args, .. } => std::iter::once(&**node).chain(args).collect(),
        _ => vec![],
    }
}

fn arithmetic(op: Arithmetic) -> &'static str {
    match op {
        Arithmetic::Add => "+",
        Arithmetic::Sub => "-",
        Arithmetic::Mul => "*",
        Arithmetic::Div => "/",
        Arithmetic::Rem => "%",
    }
}

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
    }
}

fn vars(all: &[Var]) -> String {
    all.iter().map(|v| format!("v{}", v.0)).collect::<Vec<_>>().join(", ")
}
