//! Types, interfaces, impls, constants.

use super::Resolver;
use super::scope::SelfMeaning;
use crate::clause::Group;
use crate::codes;
use crate::declare::takes_self;
use crate::definition::{FieldInfo, Shape, TypeName};
use crate::hir::{
    FieldDef, Function, FunctionId, FunctionKind, Impl, ImplId, Interface, InterfaceId, InterfaceMethod,
    InterfaceRef, Target, Type, TypeDef, TypeDefId, TypeDefKind, TypeKind, TypeParam, VariantDef,
};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast;
use snow_text::{Span, Symbol};

impl Resolver<'_> {
    pub fn structure(&mut self, id: TypeDefId, item: &ast::Struct) {
        let params = self.declare_generics(&item.generics(), &item.predicates());
        let Shape::Struct(infos) = &self.definitions.types[id].shape else { return };
        let infos: Vec<FieldInfo> = infos.clone();
        let mut fields: Vec<FieldDef> = Vec::new();
        let named = item.fields().into_iter().filter_map(|f| Some((f.name()?, f)));
        for ((name, field), info) in named.zip(infos) {
            if fields.iter().any(|f| f.name == Some(name.symbol)) {
                let text = format!("the field `{}` is declared twice", name.text());
                self.report(Diagnostic::new(codes::DEFINED_TWICE, name.span, text));
            }
            let ty = self.optional_ty(field.ty(), field.span());
            let doc = field.docs().unwrap_or_default();
            fields.push(FieldDef { name: info.name, ty, default: info.default, span: field.span(), doc });
        }
        let deriving = self.deriving(item.deriving());
        let docs = item.docs().unwrap_or_default();
        self.type_def(id, params, TypeDefKind::Struct(fields), deriving, docs);
    }

    pub fn sum(&mut self, id: TypeDefId, item: &ast::SumType) {
        let params = self.declare_generics(&item.generics(), &item.predicates());
        let mut variants = Vec::new();
        for variant in item.variants() {
            let Some(name) = variant.name() else { continue };
            let mut fields = Vec::new();
            for field in variant.fields() {
                let ty = self.optional_ty(field.ty(), field.span());
                let name = field.name().map(|n| n.symbol);
                fields.push(FieldDef { name, ty, default: None, span: field.span(), doc: String::new() });
            }
            let doc = variant.docs().unwrap_or_default();
            variants.push(VariantDef { name: name.symbol, fields, span: name.span, doc });
        }
        let deriving = self.deriving(item.deriving());
        let docs = item.docs().unwrap_or_default();
        self.type_def(id, params, TypeDefKind::Sum(variants), deriving, docs);
    }

    pub fn alias(&mut self, id: TypeDefId, item: &ast::TypeAlias) {
        let params = self.declare_generics(&item.generics(), &[]);
        let ty = self.optional_ty(item.ty(), item.span());
        let docs = item.docs().unwrap_or_default();
        self.type_def(id, params, TypeDefKind::Alias(ty), None, docs);
    }

    pub fn type_def(
        &mut self,
        id: TypeDefId,
        params: Vec<TypeParam>,
        kind: TypeDefKind,
        deriving: Option<Vec<(Symbol, Span)>>,
        doc: String,
    ) {
        let info = &self.definitions.types[id];
        let def = TypeDef {
            name: info.name,
            module: info.module,
            public: info.public,
            opaque: info.opaque,
            params,
            kind,
            deriving,
            name_span: info.span,
            doc,
        };
        self.output.types.insert(id, def);
    }

    fn deriving(&mut self, written: Option<ast::Deriving>) -> Option<Vec<(Symbol, Span)>> {
        let mut names = Vec::new();
        for path in written?.interfaces() {
            let segments = path.segments();
            let Some(last) = segments.last().copied() else { continue };
            let found = self.type_name(last.symbol);
            self.mention_interface(last, found);
            if found.is_none() && last.text() != "Row" {
                let candidates = ["Eq", "Ord", "Hash", "Display", "Debug", "Default", "Json", "Row"];
                self.unknown(last, "interface", &candidates);
            }
            names.push((last.symbol, last.span));
        }
        Some(names)
    }

    // ---- Interfaces

    pub fn interface(
        &mut self,
        id: InterfaceId,
        item: &ast::Interface,
        methods: Vec<(Group, Option<FunctionId>)>,
    ) {
        self.generics.self_meaning = SelfMeaning::Interface;
        self.generics.names = vec![Symbol::new("Self")];
        let params = self.declare_generics(&item.generics(), &item.predicates());
        let supers = item.supers().iter().filter_map(|s| self.interface_ref(s)).collect();
        let associated = item.types().iter().filter_map(|t| t.name()).map(|n| n.symbol).collect();
        let around = self.generics.clone();
        let mut resolved = Vec::new();
        for (group, default) in methods {
            resolved.push(self.interface_method(&group, default));
            self.generics = around.clone();
            if let Some(default) = default {
                let base = self.interface_base(id, &params, item.span());
                self.method(default, &group, base);
                self.generics = around.clone();
            }
        }
        let info = &self.definitions.interfaces[id];
        let interface = Interface {
            name: info.name,
            module: info.module,
            public: info.public,
            params,
            supers,
            associated,
            methods: resolved,
            name_span: info.span,
            doc: item.docs().unwrap_or_default(),
        };
        self.output.interfaces.insert(id, interface);
    }

    /// The type parameters of every default method: `Self`, which implements the interface, and the interface's own.
    fn interface_base(&self, interface: InterfaceId, params: &[TypeParam], span: Span) -> Vec<TypeParam> {
        let kinds = (1..=params.len()).map(|index| TypeKind::Param(index as u32));
        let args = kinds.map(|kind| Type { kind, span }).collect();
        let bound = InterfaceRef { interface, args, span };
        let own = TypeParam { name: Symbol::new("Self"), bounds: vec![bound], associated: Vec::new(), span };
        std::iter::once(own).chain(params.iter().cloned()).collect()
    }

    fn interface_method(&mut self, group: &Group, default: Option<FunctionId>) -> InterfaceMethod {
        let clause = &group.clauses[0];
        let first = self.generics.names.len();
        self.generics.implicit = true;
        let mut type_params = self.declare_generics(&clause.generics, &clause.predicates);
        let has_self = takes_self(group);
        let mut params = Vec::new();
        for (index, param) in clause.params.iter().enumerate() {
            let ty = match (has_self && index == 0, param.ty()) {
                (true, _) => Type { kind: TypeKind::Param(0), span: param.span() },
                (_, Some(ty)) => self.ty(&ty),
                _ => self.untyped_parameter(param.span()),
            };
            params.push(ty);
        }
        let unit = Type { kind: TypeKind::Unit, span: group.name.span };
        let result = clause.result.as_ref().map_or(unit, |r| self.ty(r));
        let (name, name_span, span) = (group.name.symbol, group.name.span, clause.span);
        self.implicit_params(first, &mut type_params, span);
        let doc = group.docs.clone();
        InterfaceMethod { name, type_params, has_self, params, result, default, name_span, span, doc }
    }

    fn untyped_parameter(&mut self, span: Span) -> Type {
        let text = "a parameter of an interface's method needs a type";
        let problem = Diagnostic::new(codes::FORM, span, text);
        self.report(problem.help("write it behind `::`, for instance `other :: Self`"));
        Type { kind: TypeKind::Error, span }
    }

    // ---- Impls

    pub fn implementation(&mut self, id: ImplId, item: &ast::Impl, methods: Vec<(Group, FunctionId)>) {
        self.generics.implicit = item.generics().is_empty();
        let mut type_params = self.declare_generics(&item.generics(), &[]);
        let for_type = self.optional_ty(item.subject(), item.span());
        let interface = item.interface().and_then(|i| self.interface_ref(&i));
        self.generics.implicit = false;
        self.implicit_params(0, &mut type_params, for_type.span);
        self.predicates(&item.predicates(), 0, &mut type_params);
        self.generics.self_meaning = SelfMeaning::Impl;
        let associated = self.associated(item);
        self.check_methods(&interface, &methods, item);
        let around = self.generics.clone();
        let names = methods.iter().map(|(group, id)| (group.name.symbol, *id)).collect();
        for (group, function) in &methods {
            self.method(*function, group, type_params.clone());
            self.generics = around.clone();
        }
        let head = item.subject().map_or(item.span(), |s| s.span());
        let module = self.module;
        let implementation =
            Impl { interface, type_params, for_type, methods: names, associated, module, span: head };
        debug_assert_eq!(self.output.impls.len(), id.0 as usize);
        self.output.impls.push(implementation);
    }

    fn associated(&mut self, item: &ast::Impl) -> Vec<(Symbol, Type)> {
        let mut types = Vec::new();
        for written in item.types() {
            let Some(name) = written.name() else { continue };
            types.push((name.symbol, self.optional_ty(written.ty(), written.span())));
        }
        types
    }

    /// A name defined twice in one impl, or one that the interface does not have.
    fn check_methods(
        &mut self,
        interface: &Option<InterfaceRef>,
        methods: &[(Group, FunctionId)],
        item: &ast::Impl,
    ) {
        for (index, (group, _)) in methods.iter().enumerate() {
            let name = group.name;
            if let Some((first, _)) = methods[..index].iter().find(|(g, _)| g.name.symbol == name.symbol) {
                let text = format!("the method `{}` is defined twice in this impl", name.text());
                let problem = Diagnostic::new(codes::DEFINED_TWICE, name.span, text);
                self.report(problem.label(first.name.span, "first defined here"));
            }
            let Some(reference) = interface else { continue };
            let info = &self.definitions.interfaces[reference.interface];
            let index = info.methods.iter().position(|(m, _)| *m == name.symbol);
            if let Some(index) = index {
                let method = Target::InterfaceMethod(reference.interface, index as u32);
                self.mention(name.span, method);
            } else {
                let text = format!("the interface {} has no method `{}`", info.name, name.text());
                let problem = Diagnostic::new(codes::MISSING_METHOD, name.span, text);
                let help = "methods of the type's own go into an `impl` without an interface";
                self.report(problem.help(help).label(item.span(), ""));
            }
        }
    }

    // ---- Functions without parameters

    pub fn constant(&mut self, id: FunctionId, item: &ast::Constant) {
        let result = item.ty().map(|t| self.ty(&t));
        let body = self.optional_expr(item.value(), item.span());
        self.plain_function(id, result, body, item.span());
        let docs = item.docs().unwrap_or_default();
        if let Some(function) = self.output.functions.get_mut(&id) {
            function.doc = docs;
        }
    }

    pub fn default_value(&mut self, id: FunctionId, value: &ast::Expr) {
        let body = self.value(value);
        self.plain_function(id, None, body, value.span());
    }

    pub fn plain_function(
        &mut self,
        id: FunctionId,
        result: Option<Type>,
        body: crate::hir::Expr,
        span: Span,
    ) {
        let signature = &self.definitions.functions[id];
        let function = Function {
            name: signature.name,
            module: signature.module,
            public: signature.public,
            kind: signature.kind,
            type_params: Vec::new(),
            params: Vec::new(),
            result,
            body,
            terminate: None,
            name_span: signature.span,
            span,
            doc: String::new(),
        };
        self.output.functions.insert(id, function);
    }

    /// The interface and method index of a static method that the prelude offers by its plain name: `default()`.
    pub fn static_member(&self, name: Symbol) -> Option<(InterfaceId, u32)> {
        let interface = match name.as_str() {
            "default" => self.definitions.std_interface("Default")?,
            _ => return None,
        };
        let index = self.definitions.interfaces[interface].methods.iter().position(|(m, _)| *m == name)?;
        Some((interface, index as u32))
    }

    /// Whether a type name is a service or type defined in this program rather than std.
    pub fn is_foreign(&self, name: TypeName) -> bool {
        let home = self.definitions.type_home(name);
        home.is_none_or(|(home, _)| self.definitions.tables[home].is_std)
    }

    /// The kind a function was declared with.
    pub fn kind_of(&self, id: FunctionId) -> FunctionKind {
        self.definitions.functions[id].kind
    }
}
