//! What editors ask for: what each written name means, and which names could stand at a place.

use super::Resolver;
use super::patterns::Record;
use super::scope::Meaning;
use crate::definition::{Shape, Table, TypeName};
use crate::hir::{FieldRef, FunctionId, Mention, ModuleId, Offer, Target, TypeDefId, VariantRef};
use snow_syntax::ast::Name;
use snow_text::{Span, Symbol};
use std::collections::HashSet;

impl Resolver<'_> {
    // ---- What names mean

    /// Notes what a name stands for.
    pub fn mention(&mut self, span: Span, target: Target) {
        self.output.mentions.push(Mention { span, target });
    }

    /// A function, actor or constant by its name.
    pub fn mention_function(&mut self, name: Name, id: FunctionId) {
        self.mention(name.span, Target::Function(id));
    }

    /// The names of a path that mean a module: the last one, and for a service also the module around it.
    pub fn mention_module(&mut self, path: &[Name], module: ModuleId) {
        let Some((last, front)) = path.split_last() else { return };
        self.mention(last.span, Target::Module(module));
        if let (Some(before), Some(home)) = (front.last(), self.definitions.tables[module].parent) {
            self.mention(before.span, Target::Module(home));
        }
    }

    /// A name where a type is written.
    pub fn mention_type(&mut self, name: Name, found: TypeName) {
        let target = match found {
            TypeName::Def(id) => Some(Target::Type(id)),
            TypeName::Interface(id) => Some(Target::Interface(id)),
            TypeName::Service(id) => Some(Target::Function(id)),
            _ => self.definitions.std_by_name.get(&name.symbol).map(|module| Target::Module(*module)),
        };
        if let Some(target) = target {
            self.mention(name.span, target);
        }
    }

    /// A name where an interface is written.
    pub fn mention_interface(&mut self, name: Name, found: Option<TypeName>) {
        if let Some(id) = found.and_then(|found| self.definitions.as_interface(found)) {
            self.mention(name.span, Target::Interface(id));
        }
    }

    /// The names of fields in a literal or pattern.
    pub fn mention_fields(&mut self, record: Record, names: impl IntoIterator<Item = Name>) {
        let (_, fields) = self.record_fields(record);
        for name in names {
            if self.is_wanted(name) {
                self.offer_fields(record);
            } else if let Some(index) = fields.iter().position(|f| f.name == Some(name.symbol)) {
                self.mention(name.span, Target::Field(field_of(record, index)));
            }
        }
    }

    /// The names of arguments of a known function.
    pub fn mention_arguments(&mut self, id: FunctionId, names: impl IntoIterator<Item = Name>) {
        for name in names {
            let params = &self.definitions.functions[id].params;
            if let Some(index) = params.iter().position(|(param, _)| *param == name.symbol) {
                self.mention(name.span, Target::Parameter(id, index as u32));
            }
        }
    }

    // ---- What could be written

    /// Whether this is the name that is to be completed.
    pub fn is_wanted(&self, name: Name) -> bool {
        self.wanted == Some(name.symbol)
    }

    fn offer(&mut self, name: Symbol, target: Option<Target>) {
        if !name.as_str().starts_with('%') {
            self.output.offers.push(Offer { name, target });
        }
    }

    /// Everything that can be named at this place without a dot; the nearest of a name comes first.
    pub fn offer_scope(&mut self) {
        let mut seen = HashSet::new();
        for (name, meaning) in self.body.bindings().collect::<Vec<_>>() {
            if seen.insert(name) {
                let target = match meaning {
                    Meaning::Local(local) => Target::Local(local),
                    Meaning::Function(function, _) => Target::Function(function),
                };
                self.offer(name, Some(target));
            }
        }
        let parent = self.definitions.tables[self.module].parent;
        for module in std::iter::once(self.module).chain(parent) {
            self.offer_names(module, |_| true);
        }
        self.offer_imports();
        self.offer_everywhere();
    }

    fn offer_imports(&mut self) {
        let table = &self.definitions.tables[self.file_module()];
        let aliases: Vec<_> = table.aliases.iter().map(|(name, alias)| (*name, alias.module)).collect();
        let imported: Vec<_> = table.imported.iter().map(|(name, from)| (*name, from.module)).collect();
        for (name, module) in aliases {
            self.offer(name, Some(Target::Module(module)));
        }
        for (name, module) in imported {
            self.offer_names(module, |offered| offered == name);
        }
    }

    /// What std puts into every scope.
    fn offer_everywhere(&mut self) {
        let definitions = &self.definitions;
        let in_tests = self.body.in_test.then(|| definitions.std_by_name.get(&Symbol::new("Test"))).flatten();
        let modules: Vec<_> = definitions.std_by_name.iter().map(|(name, id)| (*name, *id)).collect();
        let types: Vec<_> = definitions.std_types.iter().map(|(name, ty)| (*name, *ty)).collect();
        let variants: Vec<_> = definitions.std_variants.iter().map(|(name, v)| (*name, *v)).collect();
        for module in definitions.prelude.into_iter().chain(in_tests.copied()).collect::<Vec<_>>() {
            self.offer_names(module, |_| true);
        }
        for (name, module) in modules {
            self.offer(name, Some(Target::Module(module)));
        }
        for (name, ty) in types {
            self.offer(name, type_target(ty));
        }
        for (name, variant) in variants {
            self.offer(name, Some(Target::Variant(variant)));
        }
        for form in super::forms::FORMS.into_iter().chain(super::types::BUILT_IN) {
            self.offer(Symbol::new(form), None);
        }
    }

    /// What stands behind the name of a module and a dot.
    pub fn offer_module(&mut self, module: ModuleId) {
        self.offer_names(module, |_| true);
    }

    /// The names of a module that can be used here, as far as they fit.
    fn offer_names(&mut self, module: ModuleId, fits: impl Fn(Symbol) -> bool) {
        let home = self.is_home(module);
        let table = &self.definitions.tables[module];
        let found =
            self.values_of(table, home).chain(self.types_of(table, home)).chain(self.variants_of(table));
        let found: Vec<Offer> = found.filter(|offer| fits(offer.name)).collect();
        found.into_iter().for_each(|found| self.offer(found.name, found.target));
    }

    fn values_of<'t>(&self, table: &'t Table, home: bool) -> impl Iterator<Item = Offer> + use<'t> {
        let values = table.values.iter().filter(move |(_, value)| home || value.public);
        let values = values.map(|(name, value)| (*name, Target::Function(value.id)));
        let services = table.services.iter().filter(move |(_, service)| home || service.1);
        let services = services.map(|(name, service)| (*name, Target::Module(service.0)));
        values.chain(services).map(|(name, target)| Offer { name, target: Some(target) })
    }

    fn types_of<'t>(&'t self, table: &'t Table, home: bool) -> impl Iterator<Item = Offer> + use<'t> {
        let public = |ty: TypeName| self.definitions.type_home(ty).is_some_and(|(_, public)| public);
        let types = table.types.iter().filter(move |(_, ty)| home || public(**ty));
        // A service is offered with its functions already.
        let types = types.filter(|(_, ty)| !matches!(ty, TypeName::Service(_)));
        types.map(|(name, ty)| Offer { name: *name, target: type_target(*ty) })
    }

    fn variants_of<'t>(&'t self, table: &'t Table) -> impl Iterator<Item = Offer> + use<'t> {
        let all = table.variants.iter().flat_map(|(name, list)| list.iter().map(|v| (*name, *v)));
        let seen = all.filter(|(_, variant)| self.variant_visible(*variant));
        seen.map(|(name, variant)| Offer { name, target: Some(Target::Variant(variant)) })
    }

    /// The variants of a type.
    pub fn offer_variants(&mut self, ty: TypeDefId) {
        let Shape::Sum(variants) = &self.definitions.types[ty].shape else { return };
        let names: Vec<Symbol> = variants.iter().map(|v| v.name).collect();
        for (index, name) in names.into_iter().enumerate() {
            self.offer(name, Some(Target::Variant(VariantRef { ty, index: index as u32 })));
        }
    }

    fn offer_fields(&mut self, record: Record) {
        for (index, field) in self.record_fields(record).1.into_iter().enumerate() {
            if let Some(name) = field.name {
                self.offer(name, Some(Target::Field(field_of(record, index))));
            }
        }
    }
}

fn field_of(record: Record, index: usize) -> FieldRef {
    let index = index as u32;
    match record {
        Record::Struct(ty) => FieldRef { ty, variant: 0, index },
        Record::Variant(variant) => FieldRef { ty: variant.ty, variant: variant.index, index },
    }
}

fn type_target(ty: TypeName) -> Option<Target> {
    match ty {
        TypeName::Def(id) => Some(Target::Type(id)),
        TypeName::Interface(id) => Some(Target::Interface(id)),
        TypeName::Service(id) => Some(Target::Function(id)),
        _ => None,
    }
}
