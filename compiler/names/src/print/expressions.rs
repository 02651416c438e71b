//! Expressions as text.

use super::Printer;
use crate::hir::{Argument, BinaryOp, Expr, ExprKind, Lambda, SpawnKind, Statement};

impl Printer<'_> {
    fn exprs(&mut self, exprs: &[Expr]) {
        self.separated(exprs, |p, e| p.expr(e));
    }

    fn args(&mut self, args: &[Argument]) {
        self.push("(");
        self.separated(args, |p, arg| {
            if let Some((name, _)) = arg.name {
                p.shown(format_args!("{name}: "));
            }
            p.expr(&arg.value);
        });
        self.push(")");
    }

    fn wrapped(&mut self, name: &str, exprs: &[&Expr]) {
        self.push(name);
        self.push("(");
        self.separated(exprs, |p, e| p.expr(e));
        self.push(")");
    }

    fn indented(&mut self, expr: &Expr) {
        self.depth += 1;
        self.line();
        self.expr(expr);
        self.depth -= 1;
    }

    pub fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Error => self.push("?"),
            ExprKind::Unit => self.push("()"),
            ExprKind::Int(value) => self.shown(value),
            ExprKind::Float(value) => self.shown(format_args!("{value:?}")),
            ExprKind::Bool(value) => self.shown(value),
            ExprKind::String(text) => self.shown(format_args!("{text:?}")),
            ExprKind::Bytes(bytes) => self.shown(format_args!("bytes {bytes:?}")),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Function(id) => {
                let function = &self.program.functions[*id];
                let name = self.qualified(function.module, function.name);
                self.push(&name);
            }
            ExprKind::Variant(variant) => self.variant(*variant),
            ExprKind::Primitive(primitive) => self.shown(format_args!("Native.{}", primitive.row().name)),
            ExprKind::Intrinsic(index) => self.shown(format_args!("intrinsic {index}")),
            ExprKind::TypeMember { ty, name, .. } => {
                self.push("(");
                self.ty(ty);
                self.shown(format_args!(").{name}"));
            }
            ExprKind::InterfaceMember { interface, method } => {
                let interface = &self.program.interfaces[*interface];
                self.shown(format_args!("{}.{}", interface.name, interface.methods[*method as usize].name));
            }
            ExprKind::SelfPid => self.push("self()"),
            _ => self.operation(expr),
        }
    }

    fn operation(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call { callee, args } => {
                self.expr(callee);
                self.args(args);
            }
            ExprKind::MethodCall { receiver, name, args, .. } => {
                self.expr(receiver);
                self.shown(format_args!(".{name}"));
                self.args(args);
            }
            ExprKind::Field { receiver, name, .. } => {
                self.expr(receiver);
                self.shown(format_args!(".{name}"));
            }
            ExprKind::Index { receiver, index } => self.wrapped("index", &[receiver, index]),
            ExprKind::Negate(inner) => self.wrapped("negate", &[inner]),
            ExprKind::Not(inner) => self.wrapped("not", &[inner]),
            ExprKind::Binary { op, left, right } => {
                self.push("(");
                self.expr(left);
                self.push(operator(*op));
                self.expr(right);
                self.push(")");
            }
            ExprKind::Tuple(parts) => {
                self.push("(");
                self.exprs(parts);
                self.push(")");
            }
            ExprKind::Cons(head, tail) => self.wrapped("cons", &[head, tail]),
            ExprKind::Construct { variant, args } => {
                self.variant(*variant);
                self.list_of(args);
            }
            ExprKind::Tag { name, args } => {
                self.shown(format_args!(":{name}"));
                self.list_of(args);
            }
            ExprKind::Show(inner) => self.wrapped("show", &[inner]),
            ExprKind::Concat(parts) => {
                self.push("concat");
                self.list_of(parts);
            }
            ExprKind::Return(value) => self.wrapped("return", &[value]),
            ExprKind::Try(value) => self.wrapped("try", &[value]),
            ExprKind::Send { to, message } => self.wrapped("send", &[to, message]),
            ExprKind::Exit(id, value) => self.wrapped(&format!("exit L{}", id.0), &[value]),
            ExprKind::Recur(id, args) => {
                self.shown(format_args!("recur L{}", id.0));
                self.push("(");
                self.exprs(args);
                self.push(")");
            }
            _ => self.structure(expr),
        }
    }

    fn list_of(&mut self, args: &[Expr]) {
        if !args.is_empty() {
            self.push("(");
            self.exprs(args);
            self.push(")");
        }
    }

    fn structure(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::List { items, rest } => {
                self.push("[");
                self.exprs(items);
                if let Some(rest) = rest {
                    self.push(", ..");
                    self.expr(rest);
                }
                self.push("]");
            }
            ExprKind::Struct { ty, fields } => {
                self.shown(self.program.types[*ty].name);
                self.push(" { ");
                self.separated(fields, |p, (index, value)| {
                    p.shown(format_args!("{index}: "));
                    p.expr(value);
                });
                self.push(" }");
            }
            ExprKind::Update { base, fields } => {
                self.push("update ");
                self.expr(base);
                self.push(" { ");
                self.separated(fields, |p, (name, _, value)| {
                    p.shown(format_args!("{name}: "));
                    p.expr(value);
                });
                self.push(" }");
            }
            ExprKind::Spawn { kind, callee, args } => {
                self.push(spawn_name(*kind));
                self.push(" ");
                self.expr(callee);
                self.push("(");
                self.exprs(args);
                self.push(")");
            }
            ExprKind::SpawnRemote { kind, node, actor, args, .. } => {
                self.push("remote ");
                self.push(spawn_name(*kind));
                self.shown(format_args!(" {} on ", self.program.functions[*actor].name));
                self.expr(node);
                self.push("(");
                self.exprs(args);
                self.push(")");
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            _ => self.control(expr),
        }
    }

    fn lambda(&mut self, lambda: &Lambda) {
        self.push("fn(");
        self.separated(&lambda.params, |p, (local, ty)| {
            p.local(*local);
            p.annotation(ty.as_ref());
        });
        self.push(") ->");
        self.indented(&lambda.body);
    }

    fn control(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::If { condition, then, otherwise, has_else } => {
                self.push("if ");
                self.expr(condition);
                self.indented(then);
                if *has_else {
                    self.line();
                    self.push("else");
                    self.indented(otherwise);
                }
            }
            ExprKind::Block { statements, value } => self.block(statements, value.as_deref()),
            ExprKind::Case { scrutinees, arms } => {
                self.push("case ");
                self.exprs(scrutinees);
                for arm in arms {
                    self.depth += 1;
                    self.line();
                    self.patterns(&arm.patterns);
                    self.arm(arm.guard.as_ref(), &arm.body);
                }
            }
            ExprKind::Receive { arms, after } => {
                self.push("receive");
                for arm in arms {
                    self.depth += 1;
                    self.line();
                    self.receive_pattern(&arm.pattern);
                    self.arm(arm.guard.as_ref(), &arm.body);
                }
                if let Some(after) = after {
                    self.line();
                    self.push("after ");
                    self.expr(&after.0);
                    self.indented(&after.1);
                }
            }
            ExprKind::Loop { id, variables, body } => {
                self.shown(format_args!("loop L{}(", id.0));
                self.separated(variables, |p, (local, value)| {
                    p.local(*local);
                    p.push(" = ");
                    p.expr(value);
                });
                self.push(")");
                self.indented(body);
            }
            _ => self.push("?"),
        }
    }

    /// Guard and body; the arm's own depth was added before.
    fn arm(&mut self, guard: Option<&Expr>, body: &Expr) {
        if let Some(guard) = guard {
            self.push(" when ");
            self.expr(guard);
        }
        self.push(" ->");
        self.indented(body);
        self.depth -= 1;
    }

    fn block(&mut self, statements: &[Statement], value: Option<&Expr>) {
        self.push("do");
        self.depth += 1;
        for statement in statements {
            self.line();
            self.statement(statement);
        }
        if let Some(value) = value {
            self.line();
            self.expr(value);
        }
        self.depth -= 1;
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let { pattern, ty, value, otherwise } => {
                self.push("let ");
                self.pattern(pattern);
                self.annotation(ty.as_ref());
                self.push(" = ");
                self.expr(value);
                if let Some(otherwise) = otherwise {
                    self.push(" else");
                    self.indented(otherwise);
                }
            }
            Statement::Function { local, lambda, .. } => {
                self.push("let ");
                self.local(*local);
                self.push(" = ");
                self.lambda(lambda);
            }
            Statement::Expr(expr) => self.expr(expr),
        }
    }
}

fn spawn_name(kind: SpawnKind) -> &'static str {
    match kind {
        SpawnKind::Plain => "spawn",
        SpawnKind::Link => "spawn_link",
        SpawnKind::Monitor => "spawn_monitor",
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => " + ",
        BinaryOp::Sub => " - ",
        BinaryOp::Mul => " * ",
        BinaryOp::Div => " / ",
        BinaryOp::Rem => " % ",
        BinaryOp::Equal => " == ",
        BinaryOp::NotEqual => " != ",
        BinaryOp::Less => " < ",
        BinaryOp::LessEqual => " <= ",
        BinaryOp::Greater => " > ",
        BinaryOp::GreaterEqual => " >= ",
        BinaryOp::Append => " <> ",
        BinaryOp::Concat => " ++ ",
    }
}
