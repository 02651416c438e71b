//! Functions, actors, methods, closures and local functions: parameters and clauses.

use super::scope::{Meaning, SelfMeaning};
use super::{Resolver, Want};
use crate::clause::{Clause, ClauseBody, Group, simple_name};
use crate::codes;
use crate::definition::Signature;
use crate::hir::{
    Arm, Expr, ExprKind, Function, FunctionId, FunctionKind, Lambda, Local, LocalId, Param, Pattern,
    PatternKind, Statement, Sugar, Target, Type, TypeParam,
};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, Ast, Name};
use snow_text::{Span, Symbol};

/// A parameter that clauses share.
pub(crate) struct SharedParam {
    pub local: LocalId,
    pub name: Symbol,
    pub ty: Option<Type>,
    pub span: Span,
}

/// Clauses made into parameters and one body.
pub(crate) struct Clauses {
    pub params: Vec<SharedParam>,
    pub result: Option<Type>,
    pub body: Expr,
}

impl Resolver<'_> {
    /// A function or actor of the top level.
    pub fn function(&mut self, id: FunctionId, group: &Group) {
        self.method(id, group, Vec::new());
    }

    /// A function whose type parameters begin with `base`, which are in scope already.
    pub fn method(&mut self, id: FunctionId, group: &Group, base: Vec<TypeParam>) {
        self.body = Default::default();
        let mut type_params = base;
        let clause = &group.clauses[0];
        self.generics.own_from = self.generics.names.len();
        self.generics.implicit = true;
        type_params.extend(self.declare_generics(&clause.generics, &clause.predicates));
        let want = self.wanted(id, group);
        let mark = self.body.enter();
        let clauses = self.clauses(&group.clauses, want, group.span());
        self.body.leave(mark);
        let terminate = group.terminate.as_ref().map(|t| self.terminate(t, &clauses.params));
        for clause in &group.clauses[1..] {
            clause.name.into_iter().for_each(|name| self.mention_function(name, id));
        }
        self.implicit_params(0, &mut type_params, group.name.span);
        let defaults = self.definitions.functions[id].params.iter().map(|p| p.1).collect::<Vec<_>>();
        let params = clauses.params.into_iter().zip(defaults).map(|(p, default)| Param {
            local: p.local,
            name: p.name,
            ty: p.ty,
            default,
            span: p.span,
        });
        let params = params.collect();
        let Signature { name, module, public, kind, span: name_span, .. } = self.definitions.functions[id];
        let function = Function {
            name,
            module,
            public,
            kind,
            type_params,
            params,
            result: clauses.result,
            body: clauses.body,
            terminate,
            name_span,
            span: group.span(),
            doc: group.docs.clone(),
        };
        self.output.functions.insert(id, function);
    }

    /// The last value of an actor, of `main` and of a function that says `-> ()` is dropped.
    fn wanted(&self, id: FunctionId, group: &Group) -> Want {
        let result = group.clauses.iter().find_map(|c| c.result.as_ref());
        let is_unit = match result {
            Some(ast::Type::Unit(_)) => true,
            Some(ast::Type::Path(path)) => path.path().is_some_and(|p| p.node().syntax().text() == "Unit"),
            Some(_) => false,
            None => {
                let root = self.definitions.tables[self.module].name.as_str().is_empty();
                self.kind_of(id) == FunctionKind::Actor || (root && group.name.text() == "main")
            }
        };
        if is_unit { Want::Nothing } else { Want::Value }
    }

    /// The parameters of the actor are in scope of its `terminate` part.
    fn terminate(&mut self, terminate: &ast::Terminate, params: &[SharedParam]) -> Expr {
        let mark = self.body.enter();
        for param in params {
            self.body.bind(param.name, Meaning::Local(param.local));
        }
        let body = match terminate.body() {
            Some(block) => self.block(&block, Want::Nothing),
            None => self.unit(terminate.span()),
        };
        self.body.leave(mark);
        body
    }

    // ---- Clauses

    /// Clauses become parameters and, unless one plain clause says it all, a case over them.
    pub fn clauses(&mut self, clauses: &[Clause], want: Want, span: Span) -> Clauses {
        match clauses {
            [clause] if clause.guard.is_none() => self.single_clause(clause, want),
            _ => self.many_clauses(clauses, want, span),
        }
    }

    fn single_clause(&mut self, clause: &Clause, want: Want) -> Clauses {
        let result = clause.result.as_ref().map(|r| self.ty(r));
        let mut params: Vec<SharedParam> = Vec::new();
        let mut complex = Vec::new();
        for param in &clause.params {
            let shared = self.plain_param(param, &params);
            if let Some(shared) = shared {
                params.push(shared);
                continue;
            }
            let span = param.span();
            let ty = param.ty().map(|t| self.ty(&t));
            let local = self.fresh_local(&format!("%{}", params.len() + 1), span);
            params.push(SharedParam { local, name: Symbol::new("_"), ty, span });
            complex.push((local, param.pattern(), span));
        }
        let mut statements = Vec::new();
        for (local, pattern, span) in complex {
            let value = self.local_use(local, span);
            let pattern = self.binding_pattern(pattern, span);
            statements.push(Statement::Let { pattern, ty: None, value, otherwise: None });
        }
        let body = self.clause_body(&clause.body, want, clause.span);
        let body = if statements.is_empty() {
            body
        } else {
            let span = body.span;
            let value = Some(Box::new(body));
            self.sugared(ExprKind::Block { statements, value }, span, Sugar::Clauses)
        };
        Clauses { params, result, body }
    }

    /// A parameter that is just a name.
    fn plain_param(&mut self, param: &ast::Param, known: &[SharedParam]) -> Option<SharedParam> {
        let pattern = param.pattern()?;
        let (name, typed) = simple_name(&pattern)?;
        let ty = param.ty().or(typed).map(|t| self.ty(&t));
        let ty = ty.or_else(|| self.type_of_self(name));
        let again = known.iter().find(|p| p.name == name.symbol && !name.text().starts_with('_'));
        let local = self.bind_local(name);
        if let Some(first) = again {
            self.output.used.extend([first.local, local]);
            self.bound_twice(name);
        }
        Some(SharedParam { local, name: name.symbol, ty, span: param.span() })
    }

    fn type_of_self(&self, name: Name) -> Option<Type> {
        let is_self = name.text() == "self" && self.generics.self_meaning != SelfMeaning::None;
        if is_self { self.self_type(name.span) } else { None }
    }

    pub fn bound_twice(&mut self, name: Name) {
        let text = format!("`{}` is bound twice here", name.text());
        let help = "give one of them another name; compare with a guard or `^name` if they must be equal";
        self.report(Diagnostic::new(codes::BOUND_TWICE, name.span, text).help(help));
    }

    fn many_clauses(&mut self, clauses: &[Clause], want: Want, span: Span) -> Clauses {
        let arity = clauses[0].params.len();
        let result = clauses.iter().find_map(|c| c.result.clone()).map(|r| self.ty(&r));
        let params: Vec<SharedParam> = (0..arity).map(|index| self.shared_param(clauses, index)).collect();
        let mut arms = Vec::new();
        for (index, clause) in clauses.iter().enumerate() {
            if clause.params.len() == arity {
                arms.push(self.clause_arm(clause, index, want));
            } else {
                self.wrong_arity(clause, &clauses[0]);
            }
        }
        self.check_catch_all(clauses, &mut arms);
        let scrutinees = params.iter().map(|p| (p.local, p.span)).collect::<Vec<_>>();
        let scrutinees = scrutinees.into_iter().map(|(local, span)| self.local_use(local, span)).collect();
        let body = self.sugared(ExprKind::Case { scrutinees, arms }, span, Sugar::Clauses);
        Clauses { params, result, body }
    }

    /// A clause that takes everything is the last one.
    fn check_catch_all(&mut self, clauses: &[Clause], arms: &mut Vec<Arm>) {
        let takes_all = |arm: &Arm| arm.guard.is_none() && arm.patterns.iter().all(takes_everything);
        let Some(index) = arms.iter().position(takes_all).filter(|i| i + 1 < arms.len()) else { return };
        if arms.len() < clauses.len() {
            return;
        }
        if !clauses[index + 1].apart {
            let text = "this clause takes everything, so that those after it are never reached";
            let problem = Diagnostic::new(codes::CATCH_ALL_FIRST, arms[index].span, text);
            self.report(problem.label(arms[index + 1].span, "never reached").help("put it below the others"));
        }
        arms.truncate(index + 1);
    }

    fn wrong_arity(&mut self, clause: &Clause, first: &Clause) {
        let (wanted, given) = (first.params.len(), clause.params.len());
        let text = format!("this clause takes {given} arguments, the first one takes {wanted}");
        let span = clause.params.first().map_or(clause.span, |p| p.span());
        let problem = Diagnostic::new(codes::CLAUSE_ARITY, span, text).label(first.span, "the first clause");
        self.report(problem.help("functions cannot be overloaded by their number of arguments: rename one"));
    }

    /// What all clauses call a parameter, as far as they agree, and the first type that one of them gives.
    fn shared_param(&mut self, clauses: &[Clause], index: usize) -> SharedParam {
        let written = clauses.iter().filter_map(|c| c.params.get(index)).cloned().collect::<Vec<_>>();
        let named = written.iter().find_map(|p| simple_name(&p.pattern()?));
        let span = written.first().map_or(clauses[0].span, |p| p.span());
        let name = named.as_ref().map_or(Symbol::new("_"), |(name, _)| name.symbol);
        let ty = written.iter().find_map(|p| p.ty()).map(|t| self.ty(&t));
        let ty = ty.or_else(|| self.type_of_self(named?.0));
        let local = self.fresh_local(&format!("%{}", index + 1), span);
        SharedParam { local, name, ty, span }
    }

    fn clause_arm(&mut self, clause: &Clause, index: usize, want: Want) -> Arm {
        let mark = self.body.enter();
        let names = self.generics.names.clone();
        if index > 0 && !clause.generics.is_empty() {
            self.same_generics(clause);
        }
        let mut written = Vec::new();
        for param in &clause.params {
            written.push((param.pattern(), param.ty(), param.span()));
        }
        let patterns = self.arm_patterns(written);
        let guard = clause.guard.as_ref().map(|g| self.value(g));
        let body = self.clause_body(&clause.body, want, clause.span);
        self.generics.names[..names.len()].copy_from_slice(&names);
        self.body.leave(mark);
        let head = clause.params.first().zip(clause.params.last());
        let span = head.map_or(clause.span, |(first, last)| first.span().to(last.span()));
        Arm { patterns, guard, body, span }
    }

    /// A further clause may repeat the type parameters: they are the first clause's, in order.
    fn same_generics(&mut self, clause: &Clause) {
        let names = clause.generics.iter().filter_map(|g| g.name()).map(|n| n.symbol);
        let own = self.generics.names.iter_mut().skip(self.generics.own_from);
        own.zip(names).for_each(|(slot, name)| *slot = name);
    }

    pub fn clause_body(&mut self, body: &ClauseBody, want: Want, span: Span) -> Expr {
        match body {
            ClauseBody::Expr(expr) => self.wanted_expr(expr, want),
            ClauseBody::Block(block) => self.block(block, want),
            ClauseBody::Missing => self.error(span),
        }
    }

    // ---- Closures and local functions

    pub fn closure(&mut self, closure: &ast::Closure) -> Expr {
        self.closure_with_captures(closure).0
    }

    /// A closure; whether it captures anything.
    fn closure_with_captures(&mut self, closure: &ast::Closure) -> (Expr, bool) {
        let clauses: Vec<Clause> = closure.clauses().iter().map(Clause::from).collect();
        if clauses.is_empty() {
            return (self.error(closure.span()), true);
        }
        let (lambda, captures) = self.lambda(&clauses, closure.span(), None);
        (self.expr(ExprKind::Lambda(lambda), closure.span()), captures)
    }

    /// `let name = fn … end`: a closure that captures nothing moves to the top level, so that it is generic.
    pub fn let_closure(&mut self, written: &ast::Let, closure: &ast::Closure) -> Option<Statement> {
        let span = written.span();
        let (value, captures) = self.closure_with_captures(closure);
        let pattern = self.binding_pattern(written.pattern(), span);
        match (&pattern.kind, value.kind) {
            (PatternKind::Bind(own), ExprKind::Lambda(lambda)) if !captures => {
                let Local { name, span } = self.output.locals[*own];
                self.lift((name, span, closure.span()), *own, lambda, Vec::new());
                None
            }
            (_, kind) => {
                let value = Expr { kind, ..value };
                Some(Statement::Let { pattern, ty: None, value, otherwise: None })
            }
        }
    }

    /// A closure, or a local function of that name; whether it captures anything.
    fn lambda(&mut self, clauses: &[Clause], span: Span, own: Option<(Name, LocalId)>) -> (Lambda, bool) {
        let mark = self.body.enter();
        let loops = self.body.enter_function();
        if let Some((name, local)) = own {
            self.body.bind(name.symbol, Meaning::Local(local));
        }
        let Clauses { params, result, body } = self.clauses(clauses, Want::Value, span);
        let captures = self.body.leave_function(loops);
        self.body.leave(mark);
        let params = params.into_iter().map(|p| (p.local, p.ty)).collect();
        (Lambda { params, result, body: Box::new(body) }, captures)
    }

    /// A local function: one that captures nothing moves to the top level.
    pub fn local_function(&mut self, group: &Group) -> Option<Statement> {
        let span = group.span();
        let own = self.new_local(group.name);
        for name in group.clauses[1..].iter().filter_map(|clause| clause.name) {
            self.mention(name.span, Target::Local(own));
        }
        let generics = self.generics.clone();
        let clause = &group.clauses[0];
        if !clause.generics.is_empty() {
            self.generics = super::scope::Generics { of_local: true, ..Default::default() };
        }
        let type_params = self.declare_generics(&clause.generics, &clause.predicates);
        let (lambda, captures) = self.lambda(&group.clauses, span, Some((group.name, own)));
        self.generics = generics;
        if !captures {
            self.lift((group.name.symbol, group.name.span, span), own, lambda, type_params);
            return None;
        }
        if !type_params.is_empty() {
            let text = "a local function with type parameters cannot use names of the function around it";
            let problem = Diagnostic::new(codes::FORM, group.name.span, text);
            self.report(problem.help("hand them over as arguments, or leave the types away"));
        }
        self.body.bind(group.name.symbol, Meaning::Local(own));
        Some(Statement::Function { local: own, lambda, span })
    }

    fn lift(
        &mut self,
        (name, name_span, span): (Symbol, Span, Span),
        own: LocalId,
        mut lambda: Lambda,
        type_params: Vec<TypeParam>,
    ) {
        let names = lambda.params.iter().map(|(local, _)| self.output.locals[*local].name);
        let signature = Signature {
            name,
            module: self.module,
            public: false,
            kind: FunctionKind::Plain,
            params: names.map(|name| (name, None)).collect(),
            span: name_span,
        };
        let id = self.definitions.functions.push(signature);
        super::rewrite::replace_local(&mut lambda.body, own, id);
        let locals = lambda.params.into_iter().map(|(local, ty)| {
            let name = self.output.locals[local].name;
            Param { local, name, ty, default: None, span }
        });
        let function = Function {
            name,
            module: self.module,
            public: false,
            kind: FunctionKind::Plain,
            type_params,
            params: locals.collect(),
            result: lambda.result,
            body: *lambda.body,
            terminate: None,
            name_span,
            span,
            doc: String::new(),
        };
        self.output.functions.insert(id, function);
        self.body.bind(name, Meaning::Function(id, own));
    }
}

/// A name or `_`, with or without a type.
fn takes_everything(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Wild | PatternKind::Bind(_) => true,
        PatternKind::Typed(inner, _) | PatternKind::As(inner, _) => takes_everything(inner),
        _ => false,
    }
}
