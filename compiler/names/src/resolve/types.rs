//! Types as written, and interfaces as bounds.

use super::Resolver;
use super::scope::SelfMeaning;
use crate::codes;
use crate::definition::{TypeName, builtin_type};
use crate::hir::{Builtin, FunctionKind, InterfaceRef, Type, TypeDefId, TypeKind, TypeParam};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, Name};
use snow_text::{Span, Symbol};

/// Types that the compiler knows without a definition.
pub(crate) const BUILT_IN: [&str; 10] =
    ["Int", "Float", "Bool", "String", "Bytes", "ProcessId", "MonitorRef", "Pid", "Unit", "Never"];

impl Resolver<'_> {
    /// A type as written.
    pub fn ty(&mut self, written: &ast::Type) -> Type {
        let span = written.span();
        let kind = match written {
            ast::Type::Path(path) => return self.path_type(path),
            ast::Type::Unit(_) => TypeKind::Unit,
            ast::Type::Paren(paren) => return self.optional_ty(paren.inner(), span),
            ast::Type::Tuple(tuple) => TypeKind::Tuple(self.all_types(&tuple.parts())),
            ast::Type::Function(function) => {
                let params = self.all_types(&function.params());
                TypeKind::Function(params, Box::new(self.optional_ty(function.result(), span)))
            }
            ast::Type::Option(option) => {
                let inner = self.optional_ty(option.inner(), span);
                self.std_named("Option", vec![inner])
            }
            ast::Type::Result(result) => {
                let ok = self.optional_ty(result.ok(), span);
                let error = self.optional_ty(result.error(), span);
                self.std_named("Result", vec![ok, error])
            }
            ast::Type::Tags(tags) => self.tags(tags),
            ast::Type::Error(_) => TypeKind::Error,
        };
        Type { kind, span }
    }

    /// A type that broken source may lack.
    pub fn optional_ty(&mut self, written: Option<ast::Type>, span: Span) -> Type {
        written.map_or(Type { kind: TypeKind::Error, span }, |t| self.ty(&t))
    }

    fn all_types(&mut self, written: &[ast::Type]) -> Vec<Type> {
        written.iter().map(|t| self.ty(t)).collect()
    }

    fn std_named(&self, name: &str, args: Vec<Type>) -> TypeKind {
        self.definitions.std_type(name).map_or(TypeKind::Error, |id| TypeKind::Named(id, args))
    }

    fn tags(&mut self, written: &ast::TagsType) -> TypeKind {
        let mut tags: Vec<(Symbol, Vec<Type>, Span)> = Vec::new();
        for case in written.cases() {
            let Some(name) = case.tag() else { continue };
            if tags.iter().any(|(known, _, _)| *known == name.symbol) {
                let text = format!("the tag `:{}` is listed twice", name.text());
                self.report(Diagnostic::new(codes::DEFINED_TWICE, name.span, text));
                continue;
            }
            let payload = self.all_types(&case.payload());
            tags.push((name.symbol, payload, name.span));
        }
        TypeKind::Tags { tags, open: written.is_open() }
    }

    fn path_type(&mut self, written: &ast::PathType) -> Type {
        let span = written.span();
        let segments = written.path().map_or_else(Vec::new, |p| p.segments());
        let args = self.all_types(&written.args());
        let kind = self.type_path(&segments, args, span);
        Type { kind, span }
    }

    /// The type that a path means.
    pub fn type_path(&mut self, path: &[Name], args: Vec<Type>, span: Span) -> TypeKind {
        let Some(first) = path.first().copied() else { return TypeKind::Error };
        // An imported module may be called like a parameter that nobody declares.
        let is_module =
            path.len() > 1 && self.definitions.tables[self.file_module()].aliases.contains_key(&first.symbol);
        let param = if is_module { self.declared_or_self(first) } else { self.parameter_or_self(first) };
        if let Some(param) = param {
            return match path {
                [_] => param,
                [_, name] => {
                    TypeKind::Associated(Box::new(Type { kind: param, span: first.span }), name.symbol)
                }
                _ => TypeKind::Error,
            };
        }
        if path.len() == 1 && first.text() == "_" {
            return TypeKind::Infer;
        }
        let last = path[path.len() - 1];
        if !last.is_capitalised() {
            return self.mailbox_type(path);
        }
        match self.find_type(path) {
            Some(found) => self.applied(found, last, args, span),
            None => TypeKind::Error,
        }
    }

    fn parameter_or_self(&mut self, name: Name) -> Option<TypeKind> {
        if let Some(declared) = self.declared_or_self(name) {
            return Some(declared);
        }
        if self.generics.implicit && is_implicit(name) && self.type_name(name.symbol).is_none() {
            self.generics.names.push(name.symbol);
            self.body.capture_all();
            return Some(TypeKind::Param(self.generics.names.len() as u32 - 1));
        }
        None
    }

    fn declared_or_self(&mut self, name: Name) -> Option<TypeKind> {
        if name.text() == "Self" && self.generics.self_meaning == SelfMeaning::Impl {
            self.body.capture_all();
            return Some(TypeKind::SelfType);
        }
        let index = self.generics.names.iter().rposition(|n| *n == name.symbol);
        if let Some(index) = index {
            if !self.generics.of_local {
                self.body.capture_all();
            }
            return Some(TypeKind::Param(index as u32));
        }
        None
    }

    /// A type or interface by its path; reports one that does not exist.
    pub fn find_type(&mut self, path: &[Name]) -> Option<TypeName> {
        let last = *path.last()?;
        if let [name] = path {
            let found = self.type_name(name.symbol);
            match found {
                Some(found) => self.mention_type(*name, found),
                None => {
                    let candidates = self.type_candidates();
                    self.unknown(*name, "type", &candidates);
                }
            }
            return found;
        }
        let Some((module, length)) = self.module_prefix(path) else {
            let candidates = self.capitalised_candidates();
            self.unknown(path[0], "module", &candidates);
            return None;
        };
        self.mention_module(&path[..length], module);
        // A service's type hangs beside its table, not below.
        if length == path.len() {
            let home = self.definitions.tables[module].parent?;
            return self.definitions.tables[home].types.get(&last.symbol).copied();
        }
        let found = self.definitions.tables[module].types.get(&last.symbol).copied();
        let visible = found.is_some_and(|t| {
            self.definitions.type_home(t).is_some_and(|(home, public)| public || self.is_home(home))
        });
        if !visible {
            self.unknown_in_module(module, last, found.is_some());
            return None;
        }
        if let Some(found) = found {
            self.mention_type(last, found);
        }
        found
    }

    fn type_candidates(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.generics.names.iter().map(|n| n.as_str()).collect();
        let table = &self.definitions.tables[self.file_module()];
        names.extend(table.types.keys().chain(table.imported.keys()).map(|n| n.as_str()));
        names.extend(self.definitions.std_types.keys().map(|n| n.as_str()));
        names.extend(BUILT_IN.into_iter().filter(|n| builtin_type(n).is_some()));
        names
    }

    fn applied(&mut self, found: TypeName, name: Name, args: Vec<Type>, span: Span) -> TypeKind {
        match found {
            TypeName::Unit => TypeKind::Unit,
            TypeName::Never => TypeKind::Never,
            TypeName::Pid => {
                let mut args = self.fitting(name, args, 1, span);
                TypeKind::Pid(Box::new(args.remove(0)))
            }
            TypeName::Builtin(builtin) => {
                let count = usize::from(builtin == Builtin::Array);
                TypeKind::Builtin(builtin, self.fitting(name, args, count, span))
            }
            TypeName::Def(id) => {
                let count = self.definitions.types[id].param_count;
                TypeKind::Named(id, self.fitting(name, args, count, span))
            }
            TypeName::Service(id) => TypeKind::Mailbox(id),
            TypeName::Interface(_) => {
                let text = format!("`{}` is an interface, not a type", name.text());
                let help = format!("write `<T>` and `where T: {}`", name.text());
                self.wrong_kind(span, text, &help);
                TypeKind::Error
            }
        }
    }

    /// So many arguments: none written means that they are inferred.
    fn fitting(&mut self, name: Name, mut args: Vec<Type>, count: usize, span: Span) -> Vec<Type> {
        if !args.is_empty() && args.len() != count {
            let wanted = match count {
                0 => "no type arguments".to_string(),
                1 => "one type argument".to_string(),
                n => format!("{n} type arguments"),
            };
            let text = format!(
                "`{}` takes {wanted}, but {} given",
                name.text(),
                match args.len() {
                    1 => "1 is".to_string(),
                    n => format!("{n} are"),
                }
            );
            self.report(Diagnostic::new(codes::TYPE_ARGUMENTS, span, text));
        }
        args.truncate(count);
        args.resize_with(count, || Type { kind: TypeKind::Infer, span });
        args
    }

    /// An actor's name stands for its mailbox type.
    fn mailbox_type(&mut self, path: &[Name]) -> TypeKind {
        let last = path[path.len() - 1];
        let value = match path {
            [name] => self.own_value(name.symbol),
            _ => {
                let module = self.module_prefix(path).map(|(module, _)| module);
                module.and_then(|m| self.definitions.tables[m].values.get(&last.symbol).copied())
            }
        };
        match value {
            Some(value) if self.definitions.functions[value.id].kind == FunctionKind::Actor => {
                self.mention_function(last, value.id);
                TypeKind::Mailbox(value.id)
            }
            _ => {
                let candidates = self.type_candidates();
                self.unknown(last, "type or actor", &candidates);
                TypeKind::Error
            }
        }
    }

    /// A type whose arguments are not written, as in `Point.make()`.
    pub fn bare_type(&self, found: TypeName, span: Span) -> Option<Type> {
        let infer = |count| (0..count).map(|_| Type { kind: TypeKind::Infer, span }).collect::<Vec<_>>();
        let kind = match found {
            TypeName::Def(id) => TypeKind::Named(id, infer(self.param_count(id))),
            TypeName::Builtin(builtin) => {
                TypeKind::Builtin(builtin, infer(usize::from(builtin == Builtin::Array)))
            }
            TypeName::Pid => TypeKind::Pid(Box::new(Type { kind: TypeKind::Infer, span })),
            TypeName::Unit => TypeKind::Unit,
            TypeName::Never => TypeKind::Never,
            TypeName::Service(id) => TypeKind::Mailbox(id),
            TypeName::Interface(_) => return None,
        };
        Some(Type { kind, span })
    }

    fn param_count(&self, id: TypeDefId) -> usize {
        self.definitions.types[id].param_count
    }

    // ---- Interfaces and type parameters

    /// An interface as a bound, super-interface or head of an impl.
    pub fn interface_ref(&mut self, written: &ast::Type) -> Option<InterfaceRef> {
        let span = written.span();
        let ast::Type::Path(path) = written else {
            self.wrong_kind(
                span,
                "this is a type, but an interface is wanted".to_string(),
                "name an interface",
            );
            return None;
        };
        let segments = path.path()?.segments();
        let args = self.all_types(&path.args());
        let found = self.find_interface(&segments)?;
        match self.definitions.as_interface(found) {
            Some(interface) => {
                let count = self.definitions.interfaces[interface].param_count;
                let args = self.fitting(*segments.last()?, args, count, span);
                Some(InterfaceRef { interface, args, span })
            }
            None => {
                let text = format!("`{}` is a type, not an interface", segments.last()?.text());
                self.wrong_kind(span, text, "a bound names an interface, such as Ord or Display");
                None
            }
        }
    }

    fn find_interface(&mut self, path: &[Name]) -> Option<TypeName> {
        let [name] = path else { return self.find_type(path) };
        let found = self.type_name(name.symbol);
        self.mention_interface(*name, found);
        if found.is_none() {
            let candidates = self.type_candidates();
            self.unknown(*name, "interface", &candidates);
        }
        found
    }

    /// Declares type parameters, then resolves their bounds, which may mention one another.
    pub fn declare_generics(
        &mut self,
        generics: &[ast::GenericParam],
        predicates: &[ast::WherePredicate],
    ) -> Vec<TypeParam> {
        let first = self.generics.names.len();
        let mut params = Vec::new();
        for name in generics.iter().filter_map(|g| g.name()) {
            self.generics.names.push(name.symbol);
            params.push(TypeParam {
                name: name.symbol,
                bounds: Vec::new(),
                associated: Vec::new(),
                span: name.span,
            });
        }
        let named = generics.iter().filter(|g| g.name().is_some()).collect::<Vec<_>>();
        for (param, generic) in params.iter_mut().zip(named) {
            param.bounds = generic.bounds().iter().filter_map(|b| self.interface_ref(b)).collect();
        }
        self.predicates(predicates, first, &mut params);
        params
    }

    /// `where T: Ord`: the parameters from number `first` on are `params`.
    pub fn predicates(&mut self, written: &[ast::WherePredicate], first: usize, params: &mut Vec<TypeParam>) {
        for predicate in written {
            let Some(subject) = predicate.subject() else { continue };
            let bounds: Vec<InterfaceRef> =
                predicate.bounds().iter().filter_map(|b| self.interface_ref(b)).collect();
            let (index, part) = match self.ty(&subject).kind {
                TypeKind::Error => continue,
                TypeKind::Associated(base, name) => (parameter(&base.kind), Some(name)),
                kind => (parameter(&kind), None),
            };
            self.implicit_params(first, params, subject.span());
            match (index.and_then(|i| params.get_mut(i.checked_sub(first)?)), part) {
                (Some(param), None) => param.bounds.extend(bounds),
                (Some(param), Some(name)) => {
                    param.associated.extend(bounds.into_iter().map(|b| (name, b)));
                }
                (None, _) => self.wrong_kind(
                    subject.span(),
                    "only a type parameter of this definition can be constrained here".to_string(),
                    "put the bound where the parameter is declared",
                ),
            }
        }
    }
}

impl Resolver<'_> {
    /// Adds the parameters that were used without a declaration.
    pub fn implicit_params(&self, first: usize, params: &mut Vec<TypeParam>, span: Span) {
        for name in self.generics.names.iter().skip(first + params.len()) {
            params.push(TypeParam { name: *name, bounds: Vec::new(), associated: Vec::new(), span });
        }
    }
}

/// A single capital letter, perhaps with a digit: what an impl may use undeclared.
fn is_implicit(name: Name) -> bool {
    let mut chars = name.text().chars();
    chars.next().is_some_and(char::is_uppercase)
        && chars.all(|c| c.is_ascii_digit())
        && name.text().len() <= 2
}

fn parameter(kind: &TypeKind) -> Option<usize> {
    match kind {
        TypeKind::Param(index) => Some(*index as usize),
        _ => None,
    }
}
