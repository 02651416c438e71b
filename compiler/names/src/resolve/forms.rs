//! Forms that look like calls: starting processes, sending, logging, and std's native rows.

use super::Resolver;
use super::calls::Source;
use crate::codes;
use crate::hir::{Expr, ExprKind, FunctionId, FunctionKind, OF_TUPLE, SpawnKind, Statement};
use snow_abi::intrinsics;
use snow_abi::primitives::Primitive;
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, Name};
use snow_text::{Span, Symbol};

/// The forms with plain names.
pub(crate) const FORMS: [&str; 6] = ["self", "spawn", "spawn_link", "spawn_monitor", "send", "send_to"];

/// Whether a plain name is a form.
pub(crate) fn is_form(name: &str) -> bool {
    FORMS.contains(&name)
}

/// A form that is written with a module of std in front.
#[derive(Clone, Copy)]
pub(crate) enum ModuleForm {
    /// `Node.spawn`, `Node.spawn_link`
    RemoteSpawn(SpawnKind),
    /// `Process.spawn` and its kin: the plain ones.
    LocalSpawn(SpawnKind),
    /// `Process.exit`: with a reason alone it ends this process.
    Exit,
    /// `Log.info` and the like, by level.
    Log(i64),
    /// `Supervisor.start_child`, whose number of arguments depends on the supervisor.
    StartChild,
    /// `Log.context`: fields for all later lines.
    LogContext,
    /// `Tuple.nth`, `Tuple.size`: what the type of a tuple decides.
    OfTuple,
}

/// The form of `Module.name`, if it is one.
pub(crate) fn module_form(module: &str, name: &str) -> Option<ModuleForm> {
    Some(match (module, name) {
        ("Node", "spawn") => ModuleForm::RemoteSpawn(SpawnKind::Plain),
        ("Node", "spawn_link") => ModuleForm::RemoteSpawn(SpawnKind::Link),
        ("Process", "spawn") => ModuleForm::LocalSpawn(SpawnKind::Plain),
        ("Process", "spawn_link") => ModuleForm::LocalSpawn(SpawnKind::Link),
        ("Process", "spawn_monitor") => ModuleForm::LocalSpawn(SpawnKind::Monitor),
        ("Process", "exit") => ModuleForm::Exit,
        ("Supervisor", "start_child") => ModuleForm::StartChild,
        ("Tuple", "nth" | "size") => ModuleForm::OfTuple,
        ("Log", "context") => ModuleForm::LogContext,
        ("Log", "trace") => ModuleForm::Log(0),
        ("Log", "debug") => ModuleForm::Log(1),
        ("Log", "info") => ModuleForm::Log(2),
        ("Log", "warn") => ModuleForm::Log(3),
        ("Log", "error") => ModuleForm::Log(4),
        _ => return None,
    })
}

impl Resolver<'_> {
    /// A form by its plain name.
    pub fn form(&mut self, name: Name, args: Vec<Source>, span: Span) -> Expr {
        match name.text() {
            "spawn" => self.spawn(SpawnKind::Plain, args, span),
            "spawn_link" => self.spawn(SpawnKind::Link, args, span),
            "spawn_monitor" => self.spawn(SpawnKind::Monitor, args, span),
            "send" => self.send(args, false, span),
            "send_to" => self.send(args, true, span),
            _ => self.wrong_form("`self()` takes no arguments", "", span),
        }
    }

    pub fn module_form(&mut self, form: ModuleForm, name: Name, args: Vec<Source>, span: Span) -> Expr {
        match form {
            ModuleForm::RemoteSpawn(kind) => self.remote_spawn(kind, args, span),
            ModuleForm::LocalSpawn(kind) => self.spawn(kind, args, span),
            ModuleForm::Log(level) => self.log(level, name, args, span),
            ModuleForm::StartChild => self.start_child(args, span),
            ModuleForm::LogContext => self.log_context(args, span),
            ModuleForm::OfTuple => self.of_tuple(name, args, span),
            ModuleForm::Exit => {
                let own = if args.len() == 1 { "stop" } else { "exit" };
                match self.definitions.std_function("Process", own) {
                    Some(id) => self.call_function(id, name.span, args, span),
                    None => self.error(span),
                }
            }
        }
    }

    pub fn wrong_form(&mut self, text: &str, help: &str, span: Span) -> Expr {
        let problem = Diagnostic::new(codes::FORM, span, text);
        self.report(if help.is_empty() { problem } else { problem.help(help) });
        self.error(span)
    }

    /// Arguments of a form: they have no names.
    pub fn unnamed_values(&mut self, args: Vec<Source>) -> Vec<Expr> {
        let mut values = Vec::new();
        for argument in self.arguments(args) {
            if let Some((name, span)) = argument.name {
                let text = format!("the argument `{name}` cannot be given by name here");
                self.report(Diagnostic::new(codes::NAMED_ARGUMENT, span, text));
            }
            values.push(argument.value);
        }
        values
    }

    fn spawn(&mut self, kind: SpawnKind, mut args: Vec<Source>, span: Span) -> Expr {
        let bound = args.iter().position(|arg| arg.name().is_some_and(|name| name.text() == "max_heap"));
        let bound = bound.map(|index| args.remove(index));
        if args.is_empty() {
            let help = "as in `spawn(counter, 0)` or `spawn(fn -> work() end)`";
            return self.wrong_form("there is nothing to start here", help, span);
        }
        let supervisor = self.supervisor_named(&args[0]);
        let mut values = match supervisor {
            Some(actor) => vec![self.expr(ExprKind::Function(actor), args[0].span())],
            None => Vec::new(),
        };
        values.extend(self.unnamed_values(args.into_iter().skip(values.len()).collect()));
        let mut callee = Box::new(values.remove(0));
        if let ExprKind::Function(id) = callee.kind {
            self.fill_defaults(id, &mut values, span);
        }
        let mut before = Vec::new();
        if let Some(bound) = bound {
            // Between the bound and the spawn nothing may run that spawns itself.
            *callee = self.set_aside(*callee, &mut before);
            values = values.into_iter().map(|value| self.set_aside(value, &mut before)).collect();
            let bytes = self.argument(bound).value;
            let kind = self.std_call("Process", "bound_next", vec![bytes], span);
            before.push(Statement::Expr(self.expr(kind, span)));
        }
        let spawn = self.expr(ExprKind::Spawn { kind, callee, args: values }, span);
        self.after(before, spawn)
    }

    /// `Tuple.nth(t, 1)` is the method `nth` that only tuples have.
    fn of_tuple(&mut self, name: Name, args: Vec<Source>, span: Span) -> Expr {
        let mut values = self.arguments(args);
        if values.is_empty() {
            let text = format!("`Tuple.{}` takes a tuple", name.text());
            return self.wrong_form(&text, "as in `Tuple.nth((1, \"a\"), 0)`", span);
        }
        let receiver = Box::new(values.remove(0).value);
        let method = Symbol::new(&format!("{OF_TUPLE}{}", name.text()));
        self.expr(ExprKind::MethodCall { receiver, name: method, name_span: name.span, args: values }, span)
    }

    /// Evaluates a value before what follows, unless that cannot be told.
    fn set_aside(&mut self, value: Expr, before: &mut Vec<Statement>) -> Expr {
        if matches!(value.kind, ExprKind::Function(_) | ExprKind::Lambda(_))
            || super::calls::is_silent(&value)
        {
            return value;
        }
        let span = value.span;
        let (keep, local) = self.kept_value(value, "%spawned");
        before.push(keep);
        self.local_use(local, span)
    }

    /// Defaults for parameters at the end that are not given.
    fn fill_defaults(&mut self, id: FunctionId, values: &mut Vec<Expr>, span: Span) {
        let defaults: Vec<_> =
            self.definitions.functions[id].params.iter().skip(values.len()).map(|p| p.1).collect();
        if defaults.iter().all(Option::is_some) {
            for default in defaults.into_iter().flatten() {
                let kind = self.call_of(default, Vec::new(), span);
                values.push(self.expr(kind, span));
            }
        }
    }

    /// `send(pid, m)`; `m |> send_to(pid)` evaluates the message first.
    fn send(&mut self, args: Vec<Source>, message_first: bool, span: Span) -> Expr {
        if args.len() != 2 {
            let help =
                if message_first { "as in `:stop |> send_to(pid)`" } else { "as in `send(pid, :stop)`" };
            self.arguments(args);
            return self.wrong_form("a send takes a pid and a message", help, span);
        }
        let mut values = self.unnamed_values(args);
        let second = values.remove(1);
        let first = values.remove(0);
        if !message_first {
            return self.expr(ExprKind::Send { to: Box::new(first), message: Box::new(second) }, span);
        }
        if super::calls::is_silent(&first) || super::calls::is_silent(&second) {
            return self.expr(ExprKind::Send { to: Box::new(second), message: Box::new(first) }, span);
        }
        let at = first.span;
        let (keep, local) = self.kept_value(first, "%message");
        let message = Box::new(self.local_use(local, at));
        let send = self.expr(ExprKind::Send { to: Box::new(second), message }, span);
        self.after(vec![keep], send)
    }

    fn remote_spawn(&mut self, kind: SpawnKind, mut args: Vec<Source>, span: Span) -> Expr {
        if args.len() < 2 {
            let help = "as in `Node.spawn(\"worker@host\", counter, 0)`";
            return self.wrong_form("a node and an actor are wanted here", help, span);
        }
        let rest = args.split_off(2);
        let actor = args.pop().expect("there are two");
        let node = args.pop().expect("there are two");
        let actor_span = actor.span();
        let node = Box::new(self.argument(node).value);
        let found = match &actor {
            Source::Written(arg) => arg.value().and_then(|e| self.function_named(&e)),
            Source::Made(_) => None,
        };
        let mut values = self.unnamed_values(rest);
        let Some(actor) = found.filter(|id| self.is_remote_actor(*id, actor_span)) else {
            if found.is_none() {
                let text = "an actor must be named here: only a `pub actor` can be started on another node";
                self.report(Diagnostic::new(codes::NOT_REMOTE, actor_span, text));
            }
            return self.error(span);
        };
        self.fill_defaults(actor, &mut values, span);
        self.expr(ExprKind::SpawnRemote { kind, node, actor, args: values, actor_span }, span)
    }

    fn is_remote_actor(&mut self, id: FunctionId, span: Span) -> bool {
        let signature = &self.definitions.functions[id];
        let (name, at, public) = (signature.name, signature.span, signature.public);
        if signature.kind == FunctionKind::Actor && public {
            return true;
        }
        let (text, help) = if signature.kind == FunctionKind::Actor {
            (
                format!("`{name}` is private, so other nodes cannot start it"),
                "write `pub` in front of `actor`",
            )
        } else {
            (
                format!("`{name}` is a function, not an actor"),
                "only a `pub actor` can be started on another node",
            )
        };
        self.report(Diagnostic::new(codes::NOT_REMOTE, span, text).label(at, "defined here").help(help));
        false
    }

    /// `Log.info("text", field: v)`: nothing is evaluated when the level is off.
    fn log(&mut self, level: i64, name: Name, mut args: Vec<Source>, span: Span) -> Expr {
        if args.is_empty() {
            let text = format!("Log.{} wants a text", name.text());
            return self.wrong_form(&text, "as in `Log.info(\"order stored\", id: 17)`", span);
        }
        let fields = args.split_off(1);
        let text = self.argument(args.remove(0)).value;
        let text = self.shown(text);
        let fields = self.log_fields(fields, span);
        let module = self.definitions.tables[self.module].name.as_str();
        let module = if module.is_empty() { "Main" } else { module };
        let [for_test, for_write] =
            [0, 1].map(|_| (self.expr(ExprKind::Int(level), span), self.text(module, span)));
        let place = self.place_of(span);
        let place = self.text(&place, span);
        let write = self.std_call("Log", "write", vec![for_write.0, for_write.1, place, text, fields], span);
        let write = self.expr(write, span);
        let enabled = self.std_call("Log", "is_on", vec![for_test.0, for_test.1], span);
        let enabled = self.expr(enabled, span);
        self.when(enabled, write, span)
    }

    /// `Log.context(field: v)`
    fn log_context(&mut self, args: Vec<Source>, span: Span) -> Expr {
        let fields = self.log_fields(args, span);
        let kind = self.std_call("Log", "set_context", vec![fields], span);
        self.expr(kind, span)
    }

    /// Named arguments as a list of fields.
    fn log_fields(&mut self, args: Vec<Source>, span: Span) -> Expr {
        let mut items = Vec::new();
        for field in self.arguments(args) {
            let Some((name, at)) = field.name else {
                let text = "a field of a log line is named, as in `id: 17`";
                self.report(Diagnostic::new(codes::FORM, field.value.span, text));
                continue;
            };
            let name = self.text(name.as_str(), at);
            let kind = self.std_call("Log", "field", vec![name, field.value], at);
            items.push(self.expr(kind, at));
        }
        self.expr(ExprKind::List { items, rest: None }, span)
    }

    fn shown(&mut self, value: Expr) -> Expr {
        let span = value.span;
        self.expr(ExprKind::Show(Box::new(value)), span)
    }

    // ---- Native rows

    /// `Native.name` in std.
    pub fn native(&mut self, base: &ast::Expr, name: Name) -> Option<Expr> {
        if !self.in_std() || !matches!(base, ast::Expr::Path(p) if is_native(p)) {
            return None;
        }
        let kind = if let Some(primitive) = Primitive::by_name(name.text()) {
            ExprKind::Primitive(primitive)
        } else if let Some(index) = intrinsics::by_name(name.text()) {
            ExprKind::Intrinsic(index as u32)
        } else {
            let text = format!("there is no native row `{}`", name.text());
            self.report(Diagnostic::new(codes::UNKNOWN_NAME, name.span, text));
            ExprKind::Error
        };
        Some(self.expr(kind, name.span))
    }
}

fn is_native(path: &ast::PathExpr) -> bool {
    path.path().is_some_and(|p| matches!(p.segments().as_slice(), [name] if name.text() == "Native"))
}
