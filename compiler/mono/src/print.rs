//! Concrete IR as text, for `snow dump mono` and the messages of the verifier.

use crate::ir::{
    Block, Call, End, Function, FunctionId, Local, Operand, Operation, Program, Statement, StatementKind,
    Static,
};
use std::fmt::Write;

/// The whole program.
pub fn print(program: &Program) -> String {
    let mut out = String::new();
    for (id, object) in program.statics.iter() {
        let text = match object {
            Static::Text(bytes) => format!("text {:?}", String::from_utf8_lossy(bytes)),
            Static::Closure(code) => format!("closure of {}", name(program, *code)),
            Static::Object { layout, tag, words } => format!("object layout {layout} tag {tag} {words:?}"),
        };
        line(&mut out, 0, &format!("static s{} = {text}", id.0));
    }
    for (id, function) in program.functions.iter() {
        out.push('\n');
        out.push_str(&print_function(program, id, function));
    }
    out
}

/// One function.
pub fn print_function(program: &Program, id: FunctionId, function: &Function) -> String {
    let mut out = String::new();
    let params: Vec<String> = function.params.iter().map(|p| typed(function, *p)).collect();
    let results: Vec<String> = function.results.iter().map(|r| format!("{r:?}")).collect();
    let head = format!("{}({}) -> {}:", name(program, id), params.join(", "), results.join(", "));
    line(&mut out, 0, &head);
    block(&mut out, program, function, &function.body, 1);
    out
}

fn name(program: &Program, id: FunctionId) -> String {
    format!("f{} {}", id.0, program.functions[id].name)
}

fn typed(function: &Function, local: Local) -> String {
    format!("v{}:{:?}", local.0, function.locals[local])
}

fn line(out: &mut String, depth: usize, text: &str) {
    let _infallible = writeln!(out, "{:width$}{text}", "", width = depth * 2);
}

fn block(out: &mut String, program: &Program, function: &Function, body: &Block, depth: usize) {
    for Statement { kind, .. } in &body.statements {
        match kind {
            StatementKind::Let(local, op) => {
                line(out, depth, &format!("{} = {}", typed(function, *local), operation(program, op)));
            }
            StatementKind::Effect(op) => line(out, depth, &operation(program, op)),
            StatementKind::Call(locals, c) => {
                let locals: Vec<String> = locals.iter().map(|l| typed(function, *l)).collect();
                line(out, depth, &format!("{} = {}", locals.join(", "), call(program, c)));
            }
            StatementKind::Join { id, params, recursive, body } => {
                let params: Vec<String> = params.iter().map(|p| typed(function, *p)).collect();
                let word = if *recursive { "loop" } else { "join" };
                line(out, depth, &format!("{word} j{}({}):", id.0, params.join(", ")));
                block(out, program, function, body, depth + 1);
            }
        }
    }
    end(out, program, function, &body.end, depth);
}

fn end(out: &mut String, program: &Program, function: &Function, end: &End, depth: usize) {
    match end {
        End::Return(args) => line(out, depth, &format!("return {}", operands(args))),
        End::TailCall(c) => line(out, depth, &format!("tail {}", call(program, c))),
        End::Jump(join, args) => line(out, depth, &format!("jump j{}({})", join.0, operands(args))),
        End::If { condition, then, otherwise } => {
            line(out, depth, &format!("if {}", operand(condition)));
            block(out, program, function, then, depth + 1);
            line(out, depth, "else");
            block(out, program, function, otherwise, depth + 1);
        }
        End::Switch { on, cases, default } => {
            line(out, depth, &format!("switch {}", operand(on)));
            for (key, body) in cases {
                line(out, depth, &format!("case {key}"));
                block(out, program, function, body, depth + 1);
            }
            if let Some(body) = default {
                line(out, depth, "default");
                block(out, program, function, body, depth + 1);
            }
        }
        End::Fail(failure, a, b) => {
            line(out, depth, &format!("fail {failure:?} {}, {}", operand(a), operand(b)));
        }
        End::Unreachable => line(out, depth, "unreachable"),
    }
}

fn call(program: &Program, call: &Call) -> String {
    match call {
        Call::Direct(id, args) => format!("call {}({})", name(program, *id), operands(args)),
        Call::Closure(closure, args) => format!("apply {}({})", operand(closure), operands(args)),
        Call::Entry(entry, args) => format!("entry {entry:?}({})", operands(args)),
    }
}

fn operation(program: &Program, operation: &Operation) -> String {
    match operation {
        Operation::Copy(a) => operand(a),
        Operation::Int(op, a, b) => format!("int {op:?} {}, {}", operand(a), operand(b)),
        Operation::IntNegate(a) => format!("int negate {}", operand(a)),
        Operation::Float(op, a, b) => format!("float {op:?} {}, {}", operand(a), operand(b)),
        Operation::FloatNegate(a) => format!("float negate {}", operand(a)),
        Operation::Not(a) => format!("not {}", operand(a)),
        Operation::IntCompare(c, a, b) => format!("int {c:?} {}, {}", operand(a), operand(b)),
        Operation::FloatCompare(c, a, b) => format!("float {c:?} {}, {}", operand(a), operand(b)),
        Operation::FloatOrder(a, b) => format!("float order {}, {}", operand(a), operand(b)),
        Operation::SameWord(a, b) => format!("same {}, {}", operand(a), operand(b)),
        Operation::Load { object, index } => format!("load {}[{index}]", operand(object)),
        Operation::TagOf(a, _) => format!("tag of {}", operand(a)),
        Operation::Allocate { layout, tag, fields } => {
            format!("allocate layout {layout} tag {tag} ({})", operands(fields))
        }
        Operation::Closure { function, layout, captures } => {
            format!("closure {} layout {layout} ({})", name(program, *function), operands(captures))
        }
        Operation::SetCapture { closure, index, value } => {
            format!("set {}[{index}] = {}", operand(closure), operand(value))
        }
        Operation::Primitive { primitive, args, .. } => {
            format!("primitive {}({})", primitive.row().name, operands(args))
        }
        Operation::Entry(entry, args) => format!("entry {entry:?}({})", operands(args)),
    }
}

fn operands(all: &[Operand]) -> String {
    all.iter().map(operand).collect::<Vec<_>>().join(", ")
}

fn operand(operand: &Operand) -> String {
    match operand {
        Operand::Local(local) => format!("v{}", local.0),
        Operand::Int(n) => format!("{n}"),
        Operand::Float(x) => format!("{x:?}"),
        Operand::Immediate(n) => format!("#{n}"),
        Operand::Static(id) => format!("s{}", id.0),
    }
}
