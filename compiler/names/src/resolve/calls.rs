//! Calls: what is called, and which argument goes where.

use super::Resolver;
use super::patterns::{Record, count_text};
use crate::codes;
use crate::definition::TypeName;
use crate::hir::{
    Argument, Expr, ExprKind, FunctionId, InterfaceId, Lambda, LocalId, ModuleId, Statement, Sugar, Target,
    Type, VariantRef,
};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, Name};
use snow_text::{Span, Symbol};

/// An argument before it is resolved, or one that is resolved already: what a pipe brings.
pub(crate) enum Source {
    Written(ast::Arg),
    Made(Expr),
}

impl Source {
    pub fn is_placeholder(&self) -> bool {
        matches!(self, Source::Written(arg) if matches!(arg.value(), Some(ast::Expr::Placeholder(_))))
    }

    pub fn name(&self) -> Option<Name> {
        match self {
            Source::Written(arg) => arg.name(),
            Source::Made(_) => None,
        }
    }

    pub fn span(&self) -> Span {
        match self {
            Source::Written(arg) => arg.span(),
            Source::Made(expr) => expr.span,
        }
    }
}

/// What stands in front of the dot of `A.name`.
pub(crate) enum Base {
    Module(ModuleId),
    Type(Type),
    /// A method of an interface, of whatever type.
    Method(InterfaceId, u32),
    /// Nothing, which has been reported.
    Unknown,
}

/// Where a parameter's value comes from.
enum Slot {
    Given(usize),
    Default(FunctionId),
    Missing,
}

impl Resolver<'_> {
    pub fn call(&mut self, written: &ast::Call) -> Expr {
        let span = written.span();
        let Some(callee) = written.callee() else { return self.error(span) };
        let args = written.args().into_iter().map(Source::Written).collect();
        self.call_with(&callee, args, span)
    }

    /// A call; with placeholders among the arguments it is a closure.
    pub fn call_with(&mut self, callee: &ast::Expr, args: Vec<Source>, span: Span) -> Expr {
        if args.iter().any(Source::is_placeholder) {
            return self.partial(callee, args, span);
        }
        match callee {
            ast::Expr::Name(it) => match it.name() {
                Some(name) => self.call_name(name, args, span),
                None => self.error(span),
            },
            ast::Expr::Path(it) => {
                let segments = it.path().map_or_else(Vec::new, |p| p.segments());
                self.call_path(&segments, args, span)
            }
            ast::Expr::Field(it) => self.call_field(it, args, span),
            ast::Expr::Paren(it) if it.inner().is_some() => match it.inner() {
                Some(inner @ (ast::Expr::Name(_) | ast::Expr::Path(_))) => self.call_with(&inner, args, span),
                _ => self.call_value(callee, args, span),
            },
            _ => self.call_value(callee, args, span),
        }
    }

    fn call_value(&mut self, callee: &ast::Expr, args: Vec<Source>, span: Span) -> Expr {
        let callee = Box::new(self.value(callee));
        let args = self.arguments(args);
        self.expr(ExprKind::Call { callee, args }, span)
    }

    /// `f(_, 2)` is `fn x -> f(x, 2) end`.
    fn partial(&mut self, callee: &ast::Expr, args: Vec<Source>, span: Span) -> Expr {
        let loops = self.body.enter_function();
        let mut params: Vec<(LocalId, Option<Type>)> = Vec::new();
        let mut filled = Vec::new();
        for arg in args {
            if !arg.is_placeholder() {
                filled.push(arg);
                continue;
            }
            let local = self.fresh_local(&format!("%{}", params.len() + 1), arg.span());
            params.push((local, None));
            let value = self.local_use(local, arg.span());
            filled.push(Source::Made(value));
        }
        let body = Box::new(self.call_with(callee, filled, span));
        self.body.leave_function(loops);
        self.sugared(ExprKind::Lambda(Lambda { params, result: None, body }), span, Sugar::Partial)
    }

    fn call_name(&mut self, name: Name, args: Vec<Source>, span: Span) -> Expr {
        if name.text() == "self" && args.is_empty() {
            return self.expr(ExprKind::SelfPid, span);
        }
        if let Some(kind) = self.local(name) {
            let callee = Box::new(self.expr(kind, name.span));
            let args = self.arguments(args);
            return self.expr(ExprKind::Call { callee, args }, span);
        }
        if let Some(value) = self.own_value(name.symbol) {
            self.mention_function(name, value.id);
            return self.call_function(value.id, name.span, args, span);
        }
        if super::forms::is_form(name.text()) {
            return self.form(name, args, span);
        }
        if let Some((interface, method)) = self.static_member(name.symbol) {
            self.mention(name.span, Target::InterfaceMethod(interface, method));
            let callee = Box::new(self.expr(ExprKind::InterfaceMember { interface, method }, name.span));
            let args = self.arguments(args);
            return self.expr(ExprKind::Call { callee, args }, span);
        }
        if let Some(value) = self.prelude_value(name.symbol) {
            self.mention_function(name, value.id);
            return self.call_prelude(value.id, name, args, span);
        }
        let candidates = self.value_candidates();
        self.unknown(name, "function", &candidates);
        self.arguments(args);
        self.error(span)
    }

    fn call_prelude(&mut self, id: FunctionId, name: Name, args: Vec<Source>, span: Span) -> Expr {
        match name.text() {
            "dbg" if args.len() == 1 => self.debug_call(args, span),
            "todo" => {
                let text = "this part of the program is still to be written";
                self.report(Diagnostic::new(codes::NOT_WRITTEN, span, text));
                self.call_function(id, name.span, args, span)
            }
            _ => self.call_function(id, name.span, args, span),
        }
    }

    /// `dbg(x)` shows where it stands and what it shows.
    fn debug_call(&mut self, mut args: Vec<Source>, span: Span) -> Expr {
        let source = self.source_text(args[0].span());
        let place = format!("{}: {source}", self.place_of(span));
        let place = self.text(&place, span);
        let value = self.argument(args.remove(0));
        let kind = self.std_call("Prelude", "debug_at", vec![place, value.value], span);
        self.expr(kind, span)
    }

    /// `Some(x)`, `Tree.Leaf(1)`, and a constant that holds a function.
    fn call_path(&mut self, path: &[Name], args: Vec<Source>, span: Span) -> Expr {
        if let Some(constant) = self.constant_path(path) {
            let callee = Box::new(self.function_value(constant, span));
            let args = self.arguments(args);
            return self.expr(ExprKind::Call { callee, args }, span);
        }
        let Some(variant) = self.variant_path(path) else {
            self.arguments(args);
            return self.error(span);
        };
        self.construct(variant, args, span)
    }

    /// A variant with its values; reports a wrong number of them.
    fn construct(&mut self, variant: VariantRef, args: Vec<Source>, span: Span) -> Expr {
        let info = self.definitions.variant(variant);
        let name = info.name;
        let params =
            info.fields.iter().map(|f| (f.name.unwrap_or(Symbol::new("_")), None)).collect::<Vec<_>>();
        let given = args.len();
        self.mention_fields(Record::Variant(variant), args.iter().filter_map(Source::name));
        let Some((statements, args)) = self.placed(&params, args, span) else { return self.error(span) };
        if given != params.len() {
            let text = count_text(name, params.len(), given);
            self.report(Diagnostic::new(codes::ARGUMENT_COUNT, span, text));
            return self.error(span);
        }
        let args = args.into_iter().map(|a| a.value).collect();
        let value = self.expr(ExprKind::Construct { variant, args }, span);
        self.after(statements, value)
    }

    // ---- Dots

    /// What is in front of a dot, when it is a module or type.
    pub fn base(&mut self, written: &ast::Expr, name: Name) -> Option<Base> {
        let ast::Expr::Path(path) = written else { return None };
        let path = path.path()?.segments();
        if let [single] = path.as_slice()
            && self.has_value(*single)
            && !self.is_base_anyway(*single)
        {
            return None;
        }
        let found = self.base_path(&path, name);
        match path.as_slice() {
            [single] if found.is_none() && !self.has_value(*single) => {
                let candidates = self.capitalised_candidates();
                self.unknown(*single, "module or type", &candidates);
                Some(Base::Unknown)
            }
            _ => found,
        }
    }

    /// Whether a capitalised name is a constant or variant.
    fn has_value(&mut self, name: Name) -> bool {
        self.own_value(name.symbol).is_some() || !self.variants(name.symbol).is_empty()
    }

    /// Whether a name that is a variant or constant is a module or type too.
    fn is_base_anyway(&mut self, name: Name) -> bool {
        self.type_name(name.symbol).is_some() || self.module_prefix(&[name]).is_some()
    }

    fn base_path(&mut self, path: &[Name], name: Name) -> Option<Base> {
        let first = path[0];
        let span = first.span.to(path[path.len() - 1].span);
        let is_self = first.text() == "Self" || self.generics.names.contains(&first.symbol);
        if is_self {
            let kind = self.type_path(path, Vec::new(), span);
            return Some(Base::Type(Type { kind, span }));
        }
        let module = self.module_prefix(path).filter(|(_, length)| *length == path.len()).map(|m| m.0);
        let own = if path.len() == 1 { self.own_type(first.symbol) } else { None };
        let own = own.filter(|t| !self.is_foreign(*t));
        if let Some(module) = module
            && (own.is_none() || self.definitions.tables[module].values.contains_key(&name.symbol))
        {
            self.mention_module(path, module);
            return Some(self.module_or_type(module, path, name, span));
        }
        let ty = match own {
            Some(ty) => ty,
            None => match path {
                [_] => self.type_name(first.symbol)?,
                _ => {
                    self.constant_or_variant(path)?;
                    self.find_type(path)?
                }
            },
        };
        if let [single] = path {
            self.mention_type(*single, ty);
        }
        match ty {
            TypeName::Interface(interface) => Some(self.method_of_interface(interface, name)),
            _ => self.bare_type(ty, span).map(Base::Type),
        }
    }

    /// `Interface.method`; reports a method that is not there.
    fn method_of_interface(&mut self, interface: InterfaceId, name: Name) -> Base {
        let info = &self.definitions.interfaces[interface];
        if let Some(method) = info.methods.iter().position(|(m, _)| *m == name.symbol) {
            self.mention(name.span, Target::InterfaceMethod(interface, method as u32));
            return Base::Method(interface, method as u32);
        }
        let known: Vec<&str> = info.methods.iter().map(|(m, _)| m.as_str()).collect();
        let text = format!("the interface {} has no method `{}`", info.name, name.text());
        let problem = Diagnostic::new(codes::NO_METHOD, name.span, text);
        self.report(match crate::suggest::nearest(name.text(), known) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        });
        Base::Unknown
    }

    /// `None` for a path whose last name is a constant or variant of a module or type: then the dot follows a value.
    fn constant_or_variant(&mut self, path: &[Name]) -> Option<()> {
        let (last, front) = path.split_last()?;
        if let Some((module, length)) = self.module_prefix(front)
            && length == front.len()
        {
            let table = &self.definitions.tables[module];
            return table.types.contains_key(&last.symbol).then_some(());
        }
        None
    }

    /// A module that lacks the name may share its own with a type that has it: `String.from`.
    fn module_or_type(&mut self, module: ModuleId, path: &[Name], name: Name, span: Span) -> Base {
        let table = &self.definitions.tables[module];
        let last = path[path.len() - 1];
        if table.values.contains_key(&name.symbol) {
            return Base::Module(module);
        }
        let ty = table.types.get(&last.symbol).copied().or_else(|| self.type_name(last.symbol));
        if let Some(TypeName::Interface(interface)) = ty
            && self.definitions.interfaces[interface].methods.iter().any(|(m, _)| *m == name.symbol)
        {
            return self.method_of_interface(interface, name);
        }
        match ty.and_then(|t| self.bare_type(t, span)) {
            Some(ty) if self.may_be_method(name) => Base::Type(ty),
            _ => Base::Module(module),
        }
    }

    /// Whether a name can be a static method: some impl or interface has one of that name.
    fn may_be_method(&self, name: Name) -> bool {
        use crate::hir::FunctionKind::{InterfaceDefault, Method};
        let is_method = |k| matches!(k, Method(_) | InterfaceDefault(_));
        let declared = self.definitions.interfaces.values().flat_map(|i| &i.methods);
        self.definitions.functions.values().any(|f| f.name == name.symbol && is_method(f.kind))
            || declared.into_iter().any(|(m, _)| *m == name.symbol)
    }

    fn call_field(&mut self, written: &ast::Field, args: Vec<Source>, span: Span) -> Expr {
        let (Some(base), Some(name)) = (written.base(), written.name()) else { return self.error(span) };
        if let Some(native) = self.native(&base, name) {
            let callee = Box::new(native);
            let args = self.arguments(args);
            return self.expr(ExprKind::Call { callee, args }, span);
        }
        match self.base(&base, name) {
            Some(Base::Module(module)) => self.call_in_module(module, name, args, span),
            Some(Base::Type(ty)) => {
                let kind = ExprKind::TypeMember { ty, name: name.symbol, name_span: name.span };
                let callee = Box::new(self.expr(kind, written.span()));
                let args = self.arguments(args);
                self.expr(ExprKind::Call { callee, args }, span)
            }
            Some(Base::Method(interface, method)) => {
                let kind = ExprKind::InterfaceMember { interface, method };
                let callee = Box::new(self.expr(kind, written.span()));
                let args = self.arguments(args);
                self.expr(ExprKind::Call { callee, args }, span)
            }
            Some(Base::Unknown) => {
                self.arguments(args);
                self.error(span)
            }
            None => {
                let receiver = Box::new(self.value(&base));
                let args = self.arguments(args);
                let (name, name_span) = (name.symbol, name.span);
                self.expr(ExprKind::MethodCall { receiver, name, name_span, args }, span)
            }
        }
    }

    fn call_in_module(&mut self, module: ModuleId, name: Name, args: Vec<Source>, span: Span) -> Expr {
        let table = &self.definitions.tables[module];
        if table.is_std
            && let Some(form) = super::forms::module_form(table.name.as_str(), name.text())
        {
            if let Some(value) = self.definitions.tables[module].values.get(&name.symbol).copied() {
                self.mention_function(name, value.id);
            }
            return self.module_form(form, name, args, span);
        }
        match self.module_value(module, name) {
            Some(id) => self.call_function(id, name.span, args, span),
            None => {
                self.arguments(args);
                self.error(span)
            }
        }
    }

    /// A function, actor or constant of a module; reports one that is not there.
    fn module_value(&mut self, module: ModuleId, name: Name) -> Option<FunctionId> {
        let value = self.definitions.tables[module].values.get(&name.symbol).copied();
        if let Some(value) = value {
            self.mention_function(name, value.id);
        }
        match value {
            Some(value) if value.public || self.is_home(module) => Some(value.id),
            Some(value) => {
                self.unknown_in_module(module, name, true);
                // Its type is known, so that nothing follows from this.
                Some(value.id)
            }
            None => {
                self.unknown_in_module(module, name, false);
                None
            }
        }
    }

    /// `x.name` without a call.
    pub fn field(&mut self, written: &ast::Field) -> Expr {
        let span = written.span();
        let (Some(base), Some(name)) = (written.base(), written.name()) else { return self.error(span) };
        if let Some(native) = self.native(&base, name) {
            return native;
        }
        match self.base(&base, name) {
            Some(Base::Module(module)) => match self.module_value(module, name) {
                Some(id) => self.function_value(id, span),
                None => self.error(span),
            },
            Some(Base::Type(ty)) => {
                let kind = ExprKind::TypeMember { ty, name: name.symbol, name_span: name.span };
                self.expr(kind, span)
            }
            Some(Base::Method(interface, method)) => {
                self.expr(ExprKind::InterfaceMember { interface, method }, span)
            }
            Some(Base::Unknown) => self.error(span),
            None => {
                let receiver = Box::new(self.value(&base));
                let (name, name_span) = (name.symbol, name.span);
                self.expr(ExprKind::Field { receiver, name, name_span }, span)
            }
        }
    }

    /// An actor or function by name or qualified name, not called.
    pub fn function_named(&mut self, written: &ast::Expr) -> Option<FunctionId> {
        match written {
            ast::Expr::Name(it) => {
                let name = it.name()?;
                if self.body.has(name.symbol) {
                    return None;
                }
                let id = self.own_value(name.symbol)?.id;
                self.mention_function(name, id);
                Some(id)
            }
            ast::Expr::Field(it) => {
                let (base, name) = (it.base()?, it.name()?);
                match self.base(&base, name)? {
                    Base::Module(module) => self.module_value(module, name),
                    Base::Type(_) | Base::Method(..) | Base::Unknown => None,
                }
            }
            ast::Expr::Paren(it) => self.function_named(&it.inner()?),
            _ => None,
        }
    }

    // ---- Arguments

    pub fn argument(&mut self, source: Source) -> Argument {
        match source {
            Source::Made(value) => Argument { name: None, value },
            Source::Written(arg) => {
                let value = self.optional_expr(arg.value(), arg.span());
                Argument { name: arg.name().map(|n| (n.symbol, n.span)), value }
            }
        }
    }

    /// Arguments in the order written; names stay.
    pub fn arguments(&mut self, args: Vec<Source>) -> Vec<Argument> {
        args.into_iter().map(|a| self.argument(a)).collect()
    }

    /// A call of a known function: named arguments find their place, defaults are filled in.
    pub fn call_function(&mut self, id: FunctionId, name_span: Span, args: Vec<Source>, span: Span) -> Expr {
        if self.kind_of(id) == crate::hir::FunctionKind::Constant {
            let callee = Box::new(self.function_value(id, name_span));
            let args = self.arguments(args);
            return self.expr(ExprKind::Call { callee, args }, span);
        }
        let params = self.definitions.functions[id].params.clone();
        self.mention_arguments(id, args.iter().filter_map(Source::name));
        let Some((statements, args)) = self.placed(&params, args, span) else { return self.error(span) };
        let callee = Box::new(self.expr(ExprKind::Function(id), name_span));
        let value = self.expr(ExprKind::Call { callee, args }, span);
        self.after(statements, value)
    }

    /// A value after statements, if there are any.
    pub fn after(&mut self, statements: Vec<Statement>, value: Expr) -> Expr {
        if statements.is_empty() {
            return value;
        }
        let span = value.span;
        self.expr(ExprKind::Block { statements, value: Some(Box::new(value)) }, span)
    }

    /// Arguments in parameter order, and the statements that keep the order of evaluation. `None` when reported.
    fn placed(
        &mut self,
        params: &[(Symbol, Option<FunctionId>)],
        args: Vec<Source>,
        span: Span,
    ) -> Option<(Vec<Statement>, Vec<Argument>)> {
        let has_names = args.iter().any(|a| a.name().is_some());
        let has_defaults = params.iter().any(|p| p.1.is_some());
        if !has_names && (args.len() >= params.len() || !has_defaults) {
            return Some((Vec::new(), self.arguments(args)));
        }
        let names: Vec<Option<Name>> = args.iter().map(Source::name).collect();
        let mut values: Vec<Option<Expr>> = self.arguments(args).into_iter().map(|a| Some(a.value)).collect();
        let slots = self.slots(params, &names, span)?;
        let given: Vec<usize> =
            slots.iter().filter_map(|s| if let Slot::Given(i) = s { Some(*i) } else { None }).collect();
        let in_order = given.windows(2).all(|pair| pair[0] < pair[1]);
        let statements = if in_order { Vec::new() } else { self.kept_in_order(&mut values) };
        let mut placed = Vec::new();
        for slot in slots {
            let value = match slot {
                Slot::Given(index) => values[index].take().expect("every argument has one place"),
                Slot::Default(default) => {
                    let kind = self.call_of(default, Vec::new(), span);
                    self.expr(kind, span)
                }
                Slot::Missing => continue,
            };
            placed.push(Argument { name: None, value });
        }
        Some((statements, placed))
    }

    /// Evaluates what can be noticed in the order written.
    fn kept_in_order(&mut self, values: &mut [Option<Expr>]) -> Vec<Statement> {
        let mut statements = Vec::new();
        for value in values.iter_mut() {
            if value.as_ref().is_none_or(is_silent) {
                continue;
            }
            let Some(written) = value.take() else { continue };
            let at = written.span;
            let (statement, local) = self.kept_value(written, "%argument");
            statements.push(statement);
            *value = Some(self.local_use(local, at));
        }
        statements
    }

    fn slots(
        &mut self,
        params: &[(Symbol, Option<FunctionId>)],
        names: &[Option<Name>],
        span: Span,
    ) -> Option<Vec<Slot>> {
        let mut slots: Vec<Slot> =
            params.iter().map(|(_, d)| d.map_or(Slot::Missing, Slot::Default)).collect();
        let mut fine = true;
        for (index, name) in names.iter().enumerate() {
            let place = match name {
                None => Some(index),
                Some(name) => params.iter().position(|(p, _)| *p == name.symbol),
            };
            match (place.filter(|p| *p < params.len()), name) {
                (Some(place), name) if matches!(slots[place], Slot::Given(_)) => {
                    let at = name.map_or(span, |n| n.span);
                    let text = format!("the argument `{}` is given twice", params[place].0);
                    self.report(Diagnostic::new(codes::NAMED_ARGUMENT, at, text));
                    fine = false;
                }
                (Some(place), _) => slots[place] = Slot::Given(index),
                (None, Some(name)) => {
                    self.unknown_argument(*name, params);
                    fine = false;
                }
                (None, None) => {
                    let text = format!(
                        "at most {} arguments are wanted, but {} are given",
                        params.len(),
                        names.len()
                    );
                    self.report(Diagnostic::new(codes::ARGUMENT_COUNT, span, text));
                    fine = false;
                }
            }
        }
        let missing = slots.iter().position(|s| matches!(s, Slot::Missing));
        if let Some(index) = missing
            && fine
        {
            let text = format!("the argument `{}` is missing", params[index].0);
            self.report(Diagnostic::new(codes::ARGUMENT_COUNT, span, text));
            fine = false;
        }
        fine.then_some(slots)
    }

    fn unknown_argument(&mut self, name: Name, params: &[(Symbol, Option<FunctionId>)]) {
        let known: Vec<&str> = params.iter().map(|(p, _)| p.as_str()).collect();
        let text = format!("there is no parameter `{}`", name.text());
        let problem = Diagnostic::new(codes::NAMED_ARGUMENT, name.span, text);
        self.report(match crate::suggest::nearest(name.text(), known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")).fix(
                format!("write `{near}`"),
                name.span,
                near,
            ),
            None => problem.help(format!("the parameters are {}", known.join(", "))),
        });
    }
}

/// Whether it makes no difference when an expression is evaluated.
pub(crate) fn is_silent(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Local(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Bool(_)
            | ExprKind::String(_)
            | ExprKind::Bytes(_)
            | ExprKind::Unit
            | ExprKind::Function(_)
            | ExprKind::Lambda(_)
    )
}
