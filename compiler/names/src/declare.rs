//! The first pass: every definition gets its id and a place in the tables of its module.
//!
//! What is to be resolved later is queued as [`Work`], in the order of the text.

use crate::ParsedModule;
use crate::clause::{Group, group, simple_name};
use crate::codes;
use crate::definition::{
    Definitions, FieldInfo, InterfaceInfo, Shape, Signature, Table, TypeInfo, TypeName, Value, VariantInfo,
};
use crate::hir::{FunctionId, FunctionKind, ImplId, InterfaceId, ModuleId, TypeDefId, VariantRef};
use crate::service::{self, ServicePlan};
use crate::supervisor::{self, SupervisorPlan};
use snow_diagnostics::{Diagnostic, Problems};
use snow_syntax::ast::{self, Name};
use snow_text::{Span, Symbol};

/// A definition whose parts are still to be resolved.
pub(crate) enum Work {
    Function(FunctionId, Group),
    Constant(FunctionId, ast::Constant),
    Default(FunctionId, ast::Expr),
    Test(FunctionId, ast::Test),
    Struct(TypeDefId, ast::Struct),
    Sum(TypeDefId, ast::SumType),
    Alias(TypeDefId, ast::TypeAlias),
    Interface(InterfaceId, ast::Interface, Vec<(Group, Option<FunctionId>)>),
    Impl(ImplId, ast::Impl, Vec<(Group, FunctionId)>),
    Service(Box<ServicePlan>),
    Supervisor(Box<SupervisorPlan>),
}

/// Names that are in scope everywhere although they are variants of std's types.
const STD_VARIANTS: [(&str, &[&str]); 3] =
    [("Option", &["None", "Some"]), ("Result", &["Ok", "Err"]), ("Ordering", &["Less", "Equal", "Greater"])];

/// Collects definitions.
pub(crate) struct Declare<'a> {
    pub definitions: Definitions,
    pub work: Vec<(ModuleId, Work)>,
    pub problems: &'a mut Problems,
    pub impl_count: u32,
    pub module: ModuleId,
}

/// Declares everything of all modules.
pub(crate) fn declare(
    modules: &[ParsedModule],
    problems: &mut Problems,
) -> (Definitions, Vec<(ModuleId, Work)>) {
    let definitions = Definitions::default();
    let mut pass = Declare { definitions, work: Vec::new(), problems, impl_count: 0, module: ModuleId(0) };
    for module in modules {
        let name = Symbol::new(&module.name);
        let id = pass.definitions.tables.push(Table::new(name, module.is_std, module.source));
        let names =
            if module.is_std { &mut pass.definitions.std_by_name } else { &mut pass.definitions.by_name };
        names.insert(name, id);
    }
    for (index, module) in modules.iter().enumerate() {
        pass.module = ModuleId(index as u32);
        pass.items(module.tree.root().items());
    }
    pass.share_std();
    (pass.definitions, pass.work)
}

impl Declare<'_> {
    fn items(&mut self, items: impl Iterator<Item = ast::Item>) {
        let mut open: Option<(Group, FunctionKind)> = None;
        for item in items {
            let next = match &item {
                ast::Item::Function(f) => Group::of_function(f).map(|g| (g, FunctionKind::Plain)),
                ast::Item::Actor(a) => Group::of_actor(a).map(|g| (g, FunctionKind::Actor)),
                _ => None,
            };
            match (&mut open, next) {
                (Some((group, kind)), Some((next, k))) if *kind == k && group.continues_with(&next) => {
                    group.join(next);
                }
                (_, next) => {
                    let done = std::mem::replace(&mut open, next);
                    self.top_level_group(done);
                    self.other_item(item);
                }
            }
        }
        self.top_level_group(open);
    }

    fn top_level_group(&mut self, group: Option<(Group, FunctionKind)>) {
        let Some((mut group, kind)) = group else { return };
        if self.definitions.tables[self.module].values.contains_key(&group.name.symbol) {
            self.again(group.name, kind);
            if let Some(earlier) = self.same_function(&group, kind) {
                group.clauses.iter_mut().for_each(|clause| clause.apart = true);
                return earlier.join(group);
            }
        }
        let id = self.function(&group, kind);
        self.value(group.name, Value { id, public: group.public, span: group.name.span });
        self.queue(Work::Function(id, group));
    }

    /// The clauses above that these belong to: taken together, no other problem follows from their places.
    fn same_function(&mut self, group: &Group, kind: FunctionKind) -> Option<&mut Group> {
        let id = self.definitions.tables[self.module].values.get(&group.name.symbol)?.id;
        if self.definitions.functions[id].kind != kind {
            return None;
        }
        self.work.iter_mut().find_map(|(_, work)| match work {
            Work::Function(other, earlier) if *other == id && earlier.arity() == group.arity() => {
                Some(earlier)
            }
            _ => None,
        })
    }

    /// The same name again: clauses apart, or two things of different kinds.
    fn again(&mut self, name: Name, kind: FunctionKind) {
        let Value { id, span: first, .. } = self.definitions.tables[self.module].values[&name.symbol];
        if self.definitions.functions[id].kind != kind {
            return self.defined_twice(name, first);
        }
        self.problems.push(
            Diagnostic::new(
                codes::CLAUSES_APART,
                name.span,
                format!("`{}` is defined above already", name.text()),
            )
            .at("defined again here")
            .label(first, "first defined here")
            .help("put the clauses of one function next to each other, or give this function another name"),
        );
    }

    pub fn queue(&mut self, work: Work) {
        self.work.push((self.module, work));
    }

    fn other_item(&mut self, item: ast::Item) {
        match item {
            ast::Item::Struct(it) => self.structure(it),
            ast::Item::SumType(it) => self.sum(it),
            ast::Item::TypeAlias(it) => self.alias(it),
            ast::Item::Interface(it) => self.interface(it),
            ast::Item::Impl(it) => self.implementation(it),
            ast::Item::Constant(it) => self.constant(it),
            ast::Item::Test(it) => self.test(it),
            ast::Item::Service(it) => service::declare(self, it),
            ast::Item::Supervisor(it) => supervisor::declare(self, it),
            ast::Item::Function(_)
            | ast::Item::Actor(_)
            | ast::Item::Import(_)
            | ast::Item::FromImport(_) => {}
        }
    }

    /// Gives a function its id, and ids to the defaults of its parameters.
    pub fn function(&mut self, group: &Group, kind: FunctionKind) -> FunctionId {
        let params = (0..group.arity()).map(|index| self.parameter(group, index)).collect();
        let signature = Signature {
            name: group.name.symbol,
            module: self.module,
            public: group.public,
            kind,
            params,
            span: group.name.span,
        };
        self.definitions.functions.push(signature)
    }

    fn parameter(&mut self, group: &Group, index: usize) -> (Symbol, Option<FunctionId>) {
        let written = group.clauses.iter().filter_map(|c| c.params.get(index)).cloned().collect::<Vec<_>>();
        let name = written.iter().find_map(|p| Some(simple_name(&p.pattern()?)?.0.symbol));
        let default = written.iter().find_map(|p| p.default());
        (name.unwrap_or(Symbol::new("_")), default.map(|e| self.default_value(e)))
    }

    /// A function that computes a default.
    pub fn default_value(&mut self, value: ast::Expr) -> FunctionId {
        let id = self.unnamed("default value", FunctionKind::DefaultValue, value.span());
        self.queue(Work::Default(id, value));
        id
    }

    /// A function that no table knows.
    pub fn unnamed(&mut self, name: &str, kind: FunctionKind, span: Span) -> FunctionId {
        let (name, module) = (Symbol::new(name), self.module);
        self.definitions.functions.push(Signature {
            name,
            module,
            public: false,
            kind,
            params: Vec::new(),
            span,
        })
    }

    /// Enters a value; `false` when the name is taken.
    pub fn value(&mut self, name: Name, value: Value) -> bool {
        let values = &mut self.definitions.tables[self.module].values;
        if values.contains_key(&name.symbol) {
            return false;
        }
        values.insert(name.symbol, value);
        true
    }

    /// Enters a type or interface and reports a name that is taken.
    pub fn type_name(&mut self, name: Name, entry: TypeName) {
        let table = &mut self.definitions.tables[self.module];
        let Some(other) = table.types.get(&name.symbol).copied() else {
            table.types.insert(name.symbol, entry);
            return;
        };
        let first = match other {
            TypeName::Def(id) => self.definitions.types[id].span,
            TypeName::Interface(id) => self.definitions.interfaces[id].span,
            TypeName::Service(id) => self.definitions.functions[id].span,
            _ => name.span,
        };
        self.defined_twice(name, first);
    }

    pub fn defined_twice(&mut self, name: Name, first: Span) {
        self.problems.push(
            Diagnostic::new(codes::DEFINED_TWICE, name.span, format!("`{}` is defined twice", name.text()))
                .at("defined again here")
                .label(first, "first defined here")
                .help("give one of them another name"),
        );
    }

    fn constant(&mut self, constant: ast::Constant) {
        let Some(name) = constant.name() else { return };
        let id = self.unnamed(name.text(), FunctionKind::Constant, name.span);
        let public = constant.is_pub();
        self.definitions.functions[id].public = public;
        if !self.value(name, Value { id, public, span: name.span }) {
            let first = self.definitions.tables[self.module].values[&name.symbol].span;
            self.defined_twice(name, first);
        }
        self.queue(Work::Constant(id, constant));
    }

    fn test(&mut self, test: ast::Test) {
        let id = self.unnamed("test", FunctionKind::Test, test.span());
        self.queue(Work::Test(id, test));
    }

    fn structure(&mut self, item: ast::Struct) {
        let Some(name) = item.name() else { return };
        let mut fields = Vec::new();
        for field in item.fields() {
            let Some(field_name) = field.name() else { continue };
            let default = field.default().map(|e| self.default_value(e));
            fields.push(FieldInfo { name: Some(field_name.symbol), default });
        }
        let info = self.type_info(name, item.is_pub(), item.generics().len(), Shape::Struct(fields));
        let id = self.definitions.types.push(TypeInfo { opaque: item.is_opaque(), ..info });
        self.type_name(name, TypeName::Def(id));
        self.queue(Work::Struct(id, item));
    }

    pub fn type_info(&self, name: Name, public: bool, param_count: usize, shape: Shape) -> TypeInfo {
        let (module, span) = (self.module, name.span);
        TypeInfo { name: name.symbol, module, public, opaque: false, param_count, shape, span }
    }

    fn sum(&mut self, item: ast::SumType) {
        let Some(name) = item.name() else { return };
        let ty = self.definitions.types.next_id();
        let mut variants: Vec<VariantInfo> = Vec::new();
        for variant in item.variants() {
            let Some(variant_name) = variant.name() else { continue };
            if variants.iter().any(|v| v.name == variant_name.symbol) {
                self.defined_twice(variant_name, name.span);
            }
            let index = variants.len() as u32;
            self.variant(variant_name.symbol, VariantRef { ty, index });
            let fields = variant.fields().into_iter().map(|f| f.name().map(|n| n.symbol));
            let fields = fields.map(|name| FieldInfo { name, default: None }).collect();
            variants.push(VariantInfo { name: variant_name.symbol, fields });
        }
        let info = self.type_info(name, item.is_pub(), item.generics().len(), Shape::Sum(variants));
        self.definitions.types.push(info);
        self.type_name(name, TypeName::Def(ty));
        self.queue(Work::Sum(ty, item));
    }

    /// Enters a variant into the module's table.
    pub fn variant(&mut self, name: Symbol, variant: VariantRef) {
        self.definitions.tables[self.module].variants.entry(name).or_default().push(variant);
    }

    fn alias(&mut self, item: ast::TypeAlias) {
        let Some(name) = item.name() else { return };
        let info = self.type_info(name, item.is_pub(), item.generics().len(), Shape::Alias);
        let id = self.definitions.types.push(info);
        self.type_name(name, TypeName::Def(id));
        self.queue(Work::Alias(id, item));
    }

    fn interface(&mut self, item: ast::Interface) {
        let Some(name) = item.name() else { return };
        let id = self.definitions.interfaces.next_id();
        let groups = group(item.functions().iter().filter_map(Group::of_function));
        let methods = groups.iter().map(|g| (g.name.symbol, takes_self(g))).collect();
        let info = InterfaceInfo {
            name: name.symbol,
            module: self.module,
            public: item.is_pub(),
            param_count: item.generics().len(),
            methods,
            span: name.span,
        };
        self.definitions.interfaces.push(info);
        let table = &self.definitions.tables[self.module];
        match table.types.get(&name.symbol) {
            Some(TypeName::Def(namesake)) if table.is_std => {
                self.definitions.namesakes.insert(*namesake, id);
            }
            _ => self.type_name(name, TypeName::Interface(id)),
        }
        let with_ids = groups.into_iter().map(|group| {
            let has_body = !matches!(group.clauses[0].body, crate::clause::ClauseBody::Missing);
            let default = has_body.then(|| self.function(&group, FunctionKind::InterfaceDefault(id)));
            (group, default)
        });
        let methods = with_ids.collect();
        self.queue(Work::Interface(id, item, methods));
    }

    fn implementation(&mut self, item: ast::Impl) {
        let id = ImplId(self.impl_count);
        self.impl_count += 1;
        let groups = group(item.functions().iter().filter_map(Group::of_function));
        let mut methods = Vec::new();
        for group in groups {
            let function = self.function(&group, FunctionKind::Method(id));
            methods.push((group, function));
        }
        self.queue(Work::Impl(id, item, methods));
    }

    /// What std defines for everybody.
    fn share_std(&mut self) {
        let definitions = &mut self.definitions;
        let mut shared = Vec::new();
        for table in definitions.tables.values().filter(|t| t.is_std) {
            shared.extend(table.types.iter().map(|(name, entry)| (*name, *entry)));
        }
        for (name, entry) in shared {
            if definitions.type_home(entry).is_some_and(|(_, public)| public) {
                definitions.std_types.insert(name, entry);
            }
        }
        for (ty, variants) in STD_VARIANTS {
            let Some(ty) = definitions.std_type(ty) else { continue };
            for name in variants.iter().copied().map(Symbol::new) {
                if let Some(variant) = definitions.variant_of(ty, name) {
                    definitions.std_variants.insert(name, variant);
                }
            }
        }
        definitions.prelude = definitions.std_by_name.get(&Symbol::new("Prelude")).copied();
    }
}

/// Whether the first parameter is `self`.
pub(crate) fn takes_self(group: &Group) -> bool {
    let first = group.clauses[0].params.first().and_then(|p| p.pattern());
    first.and_then(|p| simple_name(&p)).is_some_and(|(name, _)| name.text() == "self")
}
