//! Supervisors become an actor that hands rules and children to std's `Supervisor`, and the functions that start it.

use super::Resolver;
use super::calls::Source;
use crate::codes;
use crate::hir::{
    Expr, ExprKind, FunctionId, Lambda, LocalId, ModuleId, PatternKind, SpawnKind, Statement, Type, TypeKind,
};
use crate::suggest::nearest;
use crate::supervisor::{SupervisorPlan, actor_of};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, Name};
use snow_text::{Span, Symbol};

const STRATEGIES: [&str; 4] = ["one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one"];
const RESTARTS: [&str; 3] = ["permanent", "transient", "temporary"];
/// Restarts within [`PERIOD_SECONDS`] unless the supervisor says otherwise.
const RESTARTS_MAX: i64 = 3;
const PERIOD_SECONDS: i64 = 5;
/// How long a child may take to shut down unless it says otherwise.
const SHUTDOWN_MS: i64 = 5000;

/// The settings of a supervisor or child, each at most once.
struct Settings(Vec<(Name, ast::Expr)>);

impl Settings {
    fn take(&mut self, name: &str) -> Option<ast::Expr> {
        let index = self.0.iter().position(|(n, _)| n.text() == name)?;
        Some(self.0.swap_remove(index).1)
    }
}

/// What starts a child, resolved.
struct Start {
    function: Expr,
    arity: usize,
}

impl Resolver<'_> {
    pub fn supervisor(&mut self, plan: &SupervisorPlan) {
        self.body = Default::default();
        let span = plan.name.span;
        self.starter(span, plan.actor, plan.start, SpawnKind::Plain);
        self.starter(span, plan.actor, plan.start_link, SpawnKind::Link);
        let known = ["strategy", "max_restarts", "max_seconds"];
        let mut settings = self.settings(plan.supervisor.settings(), &known);
        let strategy_span = settings.0.iter().find(|s| s.0.text() == "strategy").map_or(span, |s| s.1.span());
        let strategy = match settings.take("strategy") {
            Some(written) => self.choice(&written, &STRATEGIES, "strategy", codes::STRATEGY),
            None => STRATEGIES[0],
        };
        let on_demand = strategy == "simple_one_for_one";
        let rules = self.rules(plan.name, if on_demand { STRATEGIES[0] } else { strategy }, settings);
        let children = plan.supervisor.children();
        let body = if on_demand {
            self.on_demand(rules, &children, strategy_span, span)
        } else {
            self.fixed(rules, &children, span)
        };
        self.made_function(plan.actor, Vec::new(), None, body);
    }

    fn supervision(&mut self, name: &str, args: Vec<Expr>, span: Span) -> Expr {
        let kind = self.std_call("Supervisor", name, args, span);
        self.expr(kind, span)
    }

    fn made_tag(&mut self, name: &str, args: Vec<Expr>, span: Span) -> Expr {
        self.expr(ExprKind::Tag { name: Symbol::new(name), args }, span)
    }

    fn rules(&mut self, name: Name, strategy: &str, mut settings: Settings) -> Expr {
        let span = name.span;
        let shown = self.text(name.text(), span);
        let strategy = self.made_tag(strategy, Vec::new(), span);
        let restarts = self.limit(settings.take("max_restarts"), RESTARTS_MAX, span);
        let seconds = self.limit(settings.take("max_seconds"), PERIOD_SECONDS, span);
        self.supervision("rules", vec![shown, strategy, restarts, seconds], span)
    }

    fn limit(&mut self, written: Option<ast::Expr>, default: i64, span: Span) -> Expr {
        match written {
            Some(written) => self.value(&written),
            None => self.expr(ExprKind::Int(default), span),
        }
    }

    fn fixed(&mut self, rules: Expr, children: &[ast::Child], span: Span) -> Expr {
        let mut items = Vec::new();
        let mut names: Vec<Name> = Vec::new();
        for child in children {
            let Some(name) = child.name() else { continue };
            if let Some(first) = names.iter().find(|n| n.symbol == name.symbol) {
                let text = format!("the child `{}` is there twice", name.text());
                let problem = Diagnostic::new(codes::DEFINED_TWICE, name.span, text);
                self.report(problem.label(first.span, "first here").help("give one of them another name"));
            }
            names.push(name);
            items.extend(self.child(child, name, false));
        }
        let list = self.expr(ExprKind::List { items, rest: None }, span);
        self.supervision("supervise", vec![rules, list], span)
    }

    fn on_demand(&mut self, rules: Expr, children: &[ast::Child], strategy: Span, span: Span) -> Expr {
        let [child] = children else {
            let count = children.len();
            let text =
                format!("`simple_one_for_one` starts children of one kind, but there are {count} kinds here");
            let problem = Diagnostic::new(codes::STRATEGY, strategy, text);
            self.report(
                problem.help("write one `child`; `Supervisor.start_child` starts as many of it as you like"),
            );
            return self.error(span);
        };
        let Some(name) = child.name() else { return self.error(span) };
        match self.child(child, name, true) {
            Some(template) => self.supervision("supervise_on_demand", vec![rules, template], span),
            None => self.error(span),
        }
    }

    /// A child as std takes it; `None` when it has no usable start.
    fn child(&mut self, child: &ast::Child, name: Name, on_demand: bool) -> Option<Expr> {
        let span = name.span;
        let mut settings = self.settings(child.settings(), &["start", "restart", "shutdown"]);
        let restart = match settings.take("restart") {
            Some(written) => self.choice(&written, &RESTARTS, "restart kind", codes::RESTART),
            None => RESTARTS[0],
        };
        let restart = self.made_tag(restart, Vec::new(), span);
        let Some(written) = settings.take("start") else {
            let text = format!("the child `{}` lacks `start:`", name.text());
            let help = "say how it is started: `start: fn -> spawn(worker) end`";
            self.report(Diagnostic::new(codes::FIELD, span, text).help(help));
            return None;
        };
        let start = self.start(&written, on_demand)?;
        let is_supervisor = self.starts_supervisor(&start.function);
        let shutdown = self.shutdown(settings.take("shutdown"), is_supervisor, span);
        let shown = self.text(name.text(), span);
        let (form, start) = if on_demand {
            ("template", self.start_with(start, written.span()))
        } else {
            ("child", self.start_alone(start, written.span()))
        };
        Some(self.supervision(form, vec![shown, start, restart, shutdown], span))
    }

    // ---- Start functions

    fn start(&mut self, written: &ast::Expr, on_demand: bool) -> Option<Start> {
        let function = self.value(written);
        let arity = match &function.kind {
            ExprKind::Lambda(lambda) => Some(lambda.params.len()),
            ExprKind::Function(id) => Some(self.definitions.functions[*id].params.len()),
            ExprKind::Error => return None,
            _ => None,
        };
        let text = match arity {
            None => "what starts a child must be a function, as in `fn -> spawn(worker) end`",
            Some(0) => return Some(Start { function, arity: 0 }),
            Some(arity) if on_demand => return Some(Start { function, arity }),
            Some(_) => "the start function of this child takes arguments, but nobody gives it any",
        };
        let problem = Diagnostic::new(codes::CHILD_START, written.span(), text);
        self.report(match arity {
            None => problem.help("write `fn -> … end` around the start of the process"),
            Some(_) => problem.help(
                "children that are started with arguments belong to a supervisor with `strategy: simple_one_for_one`",
            ),
        });
        None
    }

    /// `fn -> Pid.id(Supervisor.started(START())) end`
    fn start_alone(&mut self, start: Start, span: Span) -> Expr {
        let loops = self.body.enter_function();
        let pid = self.started(start.function, Vec::new(), span);
        let kind = self.std_call("Pid", "id", vec![pid], span);
        let body = Box::new(self.expr(kind, span));
        self.body.leave_function(loops);
        self.expr(ExprKind::Lambda(Lambda { params: Vec::new(), result: None, body }), span)
    }

    /// `fn args -> Supervisor.started(START(args…)) end`: several arguments come as a tuple, none as `()`.
    fn start_with(&mut self, start: Start, span: Span) -> Expr {
        let loops = self.body.enter_function();
        let whole = self.fresh_local("%args", span);
        let parts: Vec<LocalId> = match start.arity {
            0 => Vec::new(),
            1 => vec![whole],
            arity => (0..arity).map(|i| self.fresh_local(&format!("%{}", i + 1), span)).collect(),
        };
        let args = parts.iter().map(|part| self.local_use(*part, span)).collect();
        let mut body = self.started(start.function, args, span);
        if start.arity > 1 {
            let bind = |part: &LocalId| self.pattern_node(PatternKind::Bind(*part), span);
            let kind = PatternKind::Tuple(parts.iter().map(bind).collect());
            let pattern = self.pattern_node(kind, span);
            let value = self.local_use(whole, span);
            body = self.after(vec![Statement::Let { pattern, ty: None, value, otherwise: None }], body);
        }
        self.body.leave_function(loops);
        let ty = (start.arity == 0).then_some(Type { kind: TypeKind::Unit, span });
        let lambda = Lambda { params: vec![(whole, ty)], result: None, body: Box::new(body) };
        self.expr(ExprKind::Lambda(lambda), span)
    }

    fn started(&mut self, function: Expr, args: Vec<Expr>, span: Span) -> Expr {
        let args = args.into_iter().map(|value| crate::hir::Argument { name: None, value }).collect();
        let call = self.expr(ExprKind::Call { callee: Box::new(function), args }, span);
        self.supervision("started", vec![call], span)
    }

    /// Whether the start of a child is nothing but the start of a supervisor.
    fn starts_supervisor(&self, start: &Expr) -> bool {
        let ExprKind::Lambda(lambda) = &start.kind else { return false };
        let called = match &lambda.body.kind {
            ExprKind::Spawn { callee, .. } | ExprKind::Call { callee, .. } => callee,
            _ => return false,
        };
        let ExprKind::Function(id) = called.kind else { return false };
        let signature = &self.definitions.functions[id];
        actor_of(&self.definitions.tables[signature.module]).is_some()
    }

    // ---- Settings

    fn settings(&mut self, written: Vec<ast::Setting>, known: &[&'static str]) -> Settings {
        let mut settings = Settings(Vec::new());
        for setting in written {
            let (Some(name), Some(value)) = (setting.name(), setting.value()) else { continue };
            if !known.contains(&name.text()) {
                self.unknown_setting(name, known);
            } else if let Some((first, _)) = settings.0.iter().find(|(n, _)| n.symbol == name.symbol) {
                let text = format!("`{}` is set twice", name.text());
                let problem = Diagnostic::new(codes::NAMED_ARGUMENT, name.span, text);
                self.problems.push(problem.label(first.span, "first here").help("leave one of them out"));
            } else {
                settings.0.push((name, value));
            }
        }
        settings
    }

    fn unknown_setting(&mut self, name: Name, known: &[&'static str]) {
        let text = format!("there is no setting `{}` here", name.text());
        let problem = Diagnostic::new(codes::NAMED_ARGUMENT, name.span, text);
        self.report(match nearest(name.text(), known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")).fix(
                format!("write `{near}`"),
                name.span,
                near,
            ),
            None => problem.help(format!("there are {}", listed(known))),
        });
    }

    /// One of some words; the first one when it is none, which is reported.
    fn choice(
        &mut self,
        written: &ast::Expr,
        choices: &[&'static str],
        what: &str,
        code: &'static str,
    ) -> &'static str {
        let span = written.span();
        let text = self.source_text(span);
        let word = text.trim_start_matches(':');
        let meant = choices.iter().copied().find(|choice| *choice == word);
        if let (ast::Expr::Name(_), Some(choice)) = (written, meant) {
            return choice;
        }
        let problem = Diagnostic::new(code, span, format!("there is no {what} `{text}`"));
        self.report(match meant.or_else(|| nearest(word, choices.iter().copied())) {
            Some(near) => problem.help(format!("did you mean `{near}`? There are {}", listed(choices))).fix(
                format!("write `{near}`"),
                span,
                near,
            ),
            None => problem.help(format!("there are {}", listed(choices))),
        });
        choices[0]
    }

    /// `shutdown: 5000`, `brutal_kill` or `infinity`.
    fn shutdown(&mut self, written: Option<ast::Expr>, is_supervisor: bool, span: Span) -> Expr {
        let Some(written) = written else {
            if is_supervisor {
                return self.made_tag("infinity", Vec::new(), span);
            }
            let ms = self.expr(ExprKind::Int(SHUTDOWN_MS), span);
            return self.made_tag("within", vec![ms], span);
        };
        let at = written.span();
        if let ast::Expr::Name(_) = written {
            let word = self.source_text(at);
            if word == "brutal_kill" || word == "infinity" {
                return self.made_tag(&word, Vec::new(), at);
            }
        }
        let is_wrong = match &written {
            ast::Expr::Name(name) => name.name().is_none_or(|name| self.own_value(name.symbol).is_none()),
            ast::Expr::Int(_) | ast::Expr::Path(_) | ast::Expr::Binary(_) | ast::Expr::Field(_) => false,
            ast::Expr::Call(_) | ast::Expr::Paren(_) | ast::Expr::Error(_) => false,
            _ => true,
        };
        if is_wrong {
            let text = format!("a child cannot be stopped by `{}`", self.source_text(at));
            let problem = Diagnostic::new(codes::SHUTDOWN, at, text);
            self.report(
                problem.help("give it milliseconds, as in `shutdown: 5000`, or `brutal_kill` or `infinity`"),
            );
            return self.error(at);
        }
        let ms = self.value(&written);
        self.made_tag("within", vec![ms], at)
    }

    // ---- What names supervisors elsewhere

    /// `spawn(Name)`
    pub fn supervisor_named(&mut self, written: &Source) -> Option<FunctionId> {
        let Source::Written(arg) = written else { return None };
        let Some(ast::Expr::Path(path)) = arg.value() else { return None };
        let path = path.path()?.segments();
        let (module, length): (ModuleId, usize) = self.module_prefix(&path)?;
        if length != path.len() {
            return None;
        }
        self.mention_module(&path, module);
        actor_of(&self.definitions.tables[module])
    }

    /// `Supervisor.start_child(sup, args…)`
    pub fn start_child(&mut self, args: Vec<Source>, span: Span) -> Expr {
        if args.is_empty() {
            let help = "as in `Supervisor.start_child(sup, \"ann\")`: the supervisor, then what the start function takes";
            return self.wrong_form("a supervisor is wanted here", help, span);
        }
        let mut values = self.unnamed_values(args);
        let supervisor = values.remove(0);
        let args = match values.len() {
            0 => self.unit(span),
            1 => values.remove(0),
            _ => self.expr(ExprKind::Tuple(values), span),
        };
        self.supervision("start_child", vec![supervisor, args], span)
    }
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, front)) => format!("{} and {last}", front.join(", ")),
        None => String::new(),
    }
}
