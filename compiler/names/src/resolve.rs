//! The third pass: signatures and bodies. Every use finds its definition or is reported; sugar goes.

mod blocks;
mod calls;
mod collections;
mod expressions;
mod forms;
mod functions;
mod items;
mod lookup;
mod loops;
mod mentions;
mod patterns;
mod processes;
mod rewrite;
mod scope;
mod services;
mod supervisors;
mod tests;
mod types;

use crate::declare::{Work, declare};
use crate::definition::Definitions;
use crate::hir::{
    Expr, ExprId, ExprKind, Function, FunctionId, FunctionKind, Impl, Interface, InterfaceId, Local, LocalId,
    LoopId, Mention, Module, ModuleId, Offer, Pattern, PatternId, PatternKind, Program, Sugar, Test, TypeDef,
    TypeDefId,
};
use crate::{ParsedModule, codes, imports, known};
use scope::{Body, Generics};
use snow_diagnostics::{Diagnostic, Problems};
use snow_syntax::ast::Name;
use snow_text::{IdVec, SourceId, Span, Symbol};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What becomes of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// It is used.
    Value,
    /// It is dropped: a `for` need not build a list.
    Nothing,
}

/// The parts of the program that is being made.
#[derive(Default)]
pub(crate) struct Output {
    pub functions: BTreeMap<FunctionId, Function>,
    pub types: BTreeMap<TypeDefId, TypeDef>,
    pub interfaces: BTreeMap<InterfaceId, Interface>,
    pub impls: Vec<Impl>,
    pub locals: IdVec<LocalId, Local>,
    /// Locals that were mentioned.
    pub used: HashSet<LocalId>,
    /// Locals that deserve a warning when they are not.
    pub warned: Vec<LocalId>,
    pub expr_count: u32,
    pub pattern_count: u32,
    pub tests: Vec<Test>,
    pub by_name: HashMap<FunctionId, FunctionId>,
    pub mentions: Vec<Mention>,
    pub offers: Vec<Offer>,
}

/// The state of the pass.
pub(crate) struct Resolver<'a> {
    pub definitions: Definitions,
    pub problems: &'a mut Problems,
    pub output: Output,
    /// Where we are.
    pub module: ModuleId,
    pub body: Body,
    pub generics: Generics,
    /// The name that is to be completed, if one is.
    pub wanted: Option<Symbol>,
    /// Unknown names that were reported, by module.
    pub reported: HashSet<(ModuleId, Symbol)>,
    /// The files with their texts, which `assert` and `dbg` ask for.
    texts: Vec<(&'a ParsedModule, OnceCell<String>)>,
}

/// All three passes.
pub(crate) fn run<'a>(
    modules: &'a [ParsedModule],
    wanted: Option<Symbol>,
    problems: &'a mut Problems,
) -> Program {
    // What uses a name there may be what could not be read.
    let unreadable = problems.broken_sources();
    let (mut definitions, work) = declare(modules, problems);
    imports::connect(modules, &mut definitions, problems);
    let texts = modules.iter().map(|module| (module, OnceCell::new())).collect();
    let mut resolver = Resolver {
        definitions,
        problems,
        output: Output::default(),
        module: ModuleId(0),
        body: Body::default(),
        generics: Generics::default(),
        wanted,
        reported: HashSet::new(),
        texts,
    };
    for (module, work) in work {
        resolver.module = module;
        resolver.work(work);
    }
    resolver.warn_unused_locals(&unreadable);
    imports::warn_unused(&resolver.definitions, &unreadable, resolver.problems);
    let main = resolver.main();
    resolver.finish(main)
}

impl Resolver<'_> {
    fn work(&mut self, work: Work) {
        self.body = Body::default();
        self.generics = Generics::default();
        match work {
            Work::Function(id, group) => self.function(id, &group),
            Work::Constant(id, constant) => self.constant(id, &constant),
            Work::Default(id, value) => self.default_value(id, &value),
            Work::Test(id, test) => self.test(id, &test),
            Work::Struct(id, item) => self.structure(id, &item),
            Work::Sum(id, item) => self.sum(id, &item),
            Work::Alias(id, item) => self.alias(id, &item),
            Work::Interface(id, item, methods) => self.interface(id, &item, methods),
            Work::Impl(id, item, methods) => self.implementation(id, &item, methods),
            Work::Service(plan) => self.service(&plan),
            Work::Supervisor(plan) => self.supervisor(&plan),
        }
    }

    fn warn_unused_locals(&mut self, unreadable: &HashSet<SourceId>) {
        for local in std::mem::take(&mut self.output.warned) {
            if !self.output.used.contains(&local) {
                let Local { name, span } = &self.output.locals[local];
                if unreadable.contains(&span.source) {
                    continue;
                }
                let problem = Diagnostic::new(codes::UNUSED_NAME, *span, format!("`{name}` is never used"));
                let fixed = format!("_{name}");
                let problem = problem.help(format!("write `{fixed}` if that is meant"));
                self.problems.push(problem.fix(format!("rename it `{fixed}`"), *span, fixed));
            }
        }
    }

    /// What the program begins with: `main` of the root module, a function without parameters.
    fn main(&mut self) -> Option<FunctionId> {
        let root = self.definitions.by_name.get(&Symbol::new(""))?;
        let main = self.definitions.tables[*root].values.get(&Symbol::new("main"))?.id;
        let info = &self.definitions.functions[main];
        let problem = match info.kind {
            FunctionKind::Plain if info.params.is_empty() => return Some(main),
            FunctionKind::Plain => Diagnostic::new(codes::MAIN, info.span, "`main` takes no parameters")
                .help("the arguments of the program are `Env.args()`"),
            _ => Diagnostic::new(codes::MAIN, info.span, "`main` is not a function")
                .help("a program begins with `fn main() do … end`; give this another name"),
        };
        self.problems.push(problem);
        None
    }

    fn finish(self, main: Option<FunctionId>) -> Program {
        let known = known::find(&self.definitions);
        let modules = self.definitions.tables.ids().map(|id| self.module_entry(id)).collect();
        let mut output = self.output;
        output.mentions.extend(self.definitions.import_mentions);
        output.mentions.sort_by_key(|mention| mention.span);
        output.mentions.dedup();
        debug_assert_eq!(output.functions.len(), self.definitions.functions.len());
        Program {
            modules,
            functions: output.functions.into_values().collect(),
            types: output.types.into_values().collect(),
            interfaces: output.interfaces.into_values().collect(),
            impls: output.impls.into(),
            locals: output.locals,
            expr_count: output.expr_count,
            pattern_count: output.pattern_count,
            main,
            by_name: output.by_name,
            tests: output.tests,
            known,
            mentions: output.mentions,
            wanted: self.wanted,
            offers: output.offers,
        }
    }

    fn module_entry(&self, id: ModuleId) -> Module {
        let table = &self.definitions.tables[id];
        let mut functions: Vec<(Symbol, FunctionId)> = table
            .values
            .iter()
            .filter(|(_, v)| self.definitions.functions[v.id].kind != FunctionKind::Constant)
            .map(|(name, v)| (*name, v.id))
            .collect();
        functions.sort();
        let types = self.definitions.types.iter().filter(|(_, t)| t.module == id).map(|(id, _)| id).collect();
        let home_of = if table.is_std { crate::definition::home_of(table.name.as_str()) } else { None };
        let (name, is_std, source, name_span) = (table.name, table.is_std, table.source, table.name_span);
        Module { name, is_std, source, name_span, functions, types, home_of }
    }

    // ---- Making nodes

    pub fn expr(&mut self, kind: ExprKind, span: Span) -> Expr {
        self.sugared(kind, span, Sugar::None)
    }

    pub fn sugared(&mut self, kind: ExprKind, span: Span, sugar: Sugar) -> Expr {
        let id = ExprId(self.output.expr_count);
        self.output.expr_count += 1;
        Expr { id, kind, span, sugar }
    }

    pub fn error(&mut self, span: Span) -> Expr {
        self.expr(ExprKind::Error, span)
    }

    pub fn unit(&mut self, span: Span) -> Expr {
        self.expr(ExprKind::Unit, span)
    }

    pub fn text(&mut self, text: &str, span: Span) -> Expr {
        self.expr(ExprKind::String(text.into()), span)
    }

    pub fn local_use(&mut self, local: LocalId, span: Span) -> Expr {
        self.output.used.insert(local);
        self.expr(ExprKind::Local(local), span)
    }

    pub fn pattern_node(&mut self, kind: PatternKind, span: Span) -> Pattern {
        let id = PatternId(self.output.pattern_count);
        self.output.pattern_count += 1;
        Pattern { id, kind, span }
    }

    /// A local that the program wrote.
    pub fn new_local(&mut self, name: Name) -> LocalId {
        let local = self.output.locals.push(Local { name: name.symbol, span: name.span });
        if !name.text().starts_with('_') && name.text() != "self" {
            self.output.warned.push(local);
        }
        local
    }

    /// A local of the compiler's.
    pub fn fresh_local(&mut self, name: &str, span: Span) -> LocalId {
        self.output.locals.push(Local { name: Symbol::new(name), span })
    }

    pub fn new_loop(&mut self) -> LoopId {
        self.body.loop_count += 1;
        LoopId(self.body.loop_count - 1)
    }

    /// A call of a function of std; an error expression while std lacks it.
    pub fn std_call(&mut self, module: &str, name: &str, args: Vec<Expr>, span: Span) -> ExprKind {
        let Some(function) = self.definitions.std_function(module, name) else {
            let text = format!("the standard library has no {module}.{name}");
            self.problems.push(Diagnostic::new(codes::UNKNOWN_NAME, span, text));
            return ExprKind::Error;
        };
        self.call_of(function, args, span)
    }

    /// A call of a known function with arguments in order.
    pub fn call_of(&mut self, function: FunctionId, args: Vec<Expr>, span: Span) -> ExprKind {
        let callee = Box::new(self.expr(ExprKind::Function(function), span));
        let args = args.into_iter().map(|value| crate::hir::Argument { name: None, value }).collect();
        ExprKind::Call { callee, args }
    }

    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    /// The source a span covers.
    pub fn source_text(&self, span: Span) -> String {
        let text = self.file_text(span);
        text.get(span.start as usize..span.end as usize).unwrap_or_default().to_string()
    }

    /// File and line in which a span begins.
    pub fn place_of(&self, span: Span) -> String {
        let path = self.file(span).map_or("", |(module, _)| &module.path);
        let before = self.file_text(span).bytes().take(span.start as usize);
        format!("{path}:{}", before.filter(|byte| *byte == b'\n').count() + 1)
    }

    /// The text of the file that a span lies in.
    fn file_text(&self, span: Span) -> &str {
        self.file(span)
            .map_or("", |(module, text)| text.get_or_init(|| module.tree.syntax().text().to_string()))
    }

    fn file(&self, span: Span) -> Option<&(&ParsedModule, OnceCell<String>)> {
        self.texts.iter().find(|(module, _)| module.source == span.source)
    }
}
