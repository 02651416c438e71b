//! Finding what a name that is not local means, and reporting the ones that mean nothing.

use super::Resolver;
use crate::codes;
use crate::definition::{TypeName, Value, builtin_type};
use crate::familiar;
use crate::hir::{Builtin, ModuleId, VariantRef};
use crate::suggest::nearest;
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::Name;
use snow_text::{Span, Symbol};

/// Modules that are named to someone who calls a function of theirs without its module.
const FAMILIAR_HOMES: [&str; 5] = ["List", "String", "Map", "Set", "Process"];

impl Resolver<'_> {
    /// Whether we are inside the standard library.
    pub fn in_std(&self) -> bool {
        self.definitions.tables[self.module].is_std
    }

    /// Whether a thing of `home` can be used here when it is private.
    pub fn is_home(&self, home: ModuleId) -> bool {
        let parent = |m: ModuleId| self.definitions.tables[m].parent.unwrap_or(m);
        parent(home) == parent(self.module)
    }

    /// The module of the file we are in, also inside a service.
    pub fn file_module(&self) -> ModuleId {
        self.definitions.tables[self.module].parent.unwrap_or(self.module)
    }

    fn mark_import(&mut self, import: usize) {
        let file = self.file_module();
        self.definitions.tables[file].imports[import].used = true;
    }

    /// The tables whose names are in scope unqualified: this module's own, and the one around a service.
    fn own_tables(&self) -> [Option<ModuleId>; 2] {
        [Some(self.module), self.definitions.tables[self.module].parent]
    }

    /// The module that a `from … import` of this module gives a name.
    fn imported_from(&mut self, name: Symbol) -> Option<ModuleId> {
        let imported = *self.definitions.tables[self.file_module()].imported.get(&name)?;
        self.mark_import(imported.import);
        Some(imported.module)
    }

    /// A function, actor or constant by its plain name, the prelude left out.
    pub fn own_value(&mut self, name: Symbol) -> Option<Value> {
        for module in self.own_tables().into_iter().flatten() {
            if let Some(value) = self.definitions.tables[module].values.get(&name) {
                return Some(*value);
            }
        }
        let module = self.imported_from(name)?;
        self.definitions.tables[module].values.get(&name).copied()
    }

    /// A public value of the prelude, or in a `test` block of `Test`.
    pub fn prelude_value(&self, name: Symbol) -> Option<Value> {
        let public = |module: ModuleId| {
            self.definitions.tables[module].values.get(&name).filter(|v| v.public).copied()
        };
        let for_tests = || self.definitions.std_by_name.get(&Symbol::new("Test")).copied();
        let found = public(self.definitions.prelude?);
        found.or_else(|| public(self.body.in_test.then(for_tests).flatten()?))
    }

    /// A type or interface by its plain name that this module defines or imports.
    pub fn own_type(&mut self, name: Symbol) -> Option<TypeName> {
        for module in self.own_tables().into_iter().flatten() {
            if let Some(ty) = self.definitions.tables[module].types.get(&name) {
                return Some(*ty);
            }
        }
        let module = self.imported_from(name)?;
        self.definitions.tables[module].types.get(&name).copied()
    }

    /// A type or interface by its plain name.
    pub fn type_name(&mut self, name: Symbol) -> Option<TypeName> {
        let raw = self.in_std() && name.as_str() == "RawArray";
        let raw = raw.then_some(TypeName::Builtin(Builtin::Array));
        let own = raw.or_else(|| self.own_type(name)).or_else(|| builtin_type(name.as_str()));
        own.or_else(|| self.definitions.std_types.get(&name).copied())
    }

    /// The variants a plain name may mean.
    pub fn variants(&mut self, name: Symbol) -> Vec<VariantRef> {
        for module in self.own_tables().into_iter().flatten() {
            if let Some(variants) = self.definitions.tables[module].variants.get(&name) {
                return variants.clone();
            }
        }
        if let Some(module) = self.imported_from(name)
            && let Some(variants) = self.definitions.tables[module].variants.get(&name)
        {
            return variants.clone();
        }
        self.definitions.std_variants.get(&name).copied().into_iter().collect()
    }

    /// The module that the first names of a path mean, and how many names that takes.
    pub fn module_prefix(&mut self, path: &[Name]) -> Option<(ModuleId, usize)> {
        let first = path.first()?.symbol;
        for module in self.own_tables().into_iter().flatten() {
            if let Some((service, _)) = self.definitions.tables[module].services.get(&first) {
                return Some((*service, 1));
            }
        }
        if let Some(alias) = self.definitions.tables[self.file_module()].aliases.get(&first).copied() {
            self.mark_import(alias.import);
            return Some((alias.module, 1));
        }
        if let Some(module) = self.imported_from(first)
            && let Some((service, true)) = self.definitions.tables[module].services.get(&first)
        {
            return Some((*service, 1));
        }
        self.full_module_name(path)
            .or_else(|| self.definitions.std_by_name.get(&first).map(|module| (*module, 1)))
            .map(|(module, length)| self.nested_service(module, length, path))
    }

    /// `import Net.TcpServer`, then `Net.TcpServer.f`.
    fn full_module_name(&mut self, path: &[Name]) -> Option<(ModuleId, usize)> {
        let aliases =
            self.definitions.tables[self.file_module()].aliases.values().copied().collect::<Vec<_>>();
        for length in (2..=path.len()).rev() {
            let name = path[..length].iter().map(|n| n.text()).collect::<Vec<_>>().join(".");
            let module = self.definitions.by_name.get(&Symbol::new(&name)).copied();
            if let Some(alias) = aliases.iter().find(|a| Some(a.module) == module) {
                self.mark_import(alias.import);
                return Some((alias.module, length));
            }
        }
        None
    }

    /// `Module.Service`
    fn nested_service(&self, module: ModuleId, length: usize, path: &[Name]) -> (ModuleId, usize) {
        let service = path.get(length).and_then(|n| self.definitions.tables[module].services.get(&n.symbol));
        match service {
            Some((service, true)) => (*service, length + 1),
            _ => (module, length),
        }
    }

    /// Whether a variant's name can be written here.
    pub fn variant_visible(&self, variant: VariantRef) -> bool {
        let info = &self.definitions.types[variant.ty];
        info.public || self.is_home(info.module)
    }

    // ---- Reporting

    /// Reports a name that nothing defines: once for each name and module.
    pub fn unknown(&mut self, name: Name, what: &str, candidates: &[&'static str]) {
        if self.is_wanted(name) {
            return self.offer_scope();
        }
        // The parser has said what stands for it here.
        let is_foreign = name.text() == "nil";
        if is_foreign || !self.reported.insert((self.module, name.symbol)) {
            return;
        }
        let text = format!("there is no {what} `{}` here", name.text());
        let problem = Diagnostic::new(codes::UNKNOWN_NAME, name.span, text);
        let problem = match (familiar::word(name.text()), nearest(name.text(), candidates.iter().copied())) {
            (Some(help), _) => problem.help(help),
            (None, None) => match self.homes(name, what) {
                Some(help) => problem.help(help),
                None => problem,
            },
            (None, Some(_)) => with_suggestion(problem, name, candidates),
        };
        if let Some(near) = nearest(name.text(), candidates.iter().copied()) {
            // The name that was meant is used.
            self.meant(Symbol::new(near));
        }
        self.report(problem);
    }

    /// Reports a name that a module lacks or keeps for itself.
    pub fn unknown_in_module(&mut self, module: ModuleId, name: Name, private: bool) {
        if self.is_wanted(name) {
            return self.offer_module(module);
        }
        let table = &self.definitions.tables[module];
        let shown = table.shown();
        if private {
            let text = format!("`{}` is private in {shown}", name.text());
            let help = format!("write `pub` in front of its definition in {shown}");
            return self.report(Diagnostic::new(codes::PRIVATE, name.span, text).help(help));
        }
        let public = table.values.iter().filter(|(_, v)| v.public);
        let mut candidates: Vec<&'static str> = public.map(|(n, _)| n.as_str()).collect();
        candidates.extend(table.types.keys().chain(table.variants.keys()).map(|n| n.as_str()));
        let text = format!("{shown} has no `{}`", name.text());
        let problem = Diagnostic::new(codes::UNKNOWN_NAME, name.span, text);
        if let Some(help) = familiar::function(shown, name.text()) {
            return self.report(problem.help(help));
        }
        let near = familiar::synonym(name.text(), |other| candidates.contains(&other))
            .or_else(|| nearest(name.text(), candidates.iter().copied()));
        let problem = match (near, self.in_prelude(name.text())) {
            (Some(near), _) => suggested(problem, name, near),
            (None, Some(everywhere)) => {
                problem.help(format!("`{everywhere}` needs no module: write it alone"))
            }
            (None, None) => problem,
        };
        self.report(problem);
    }

    /// What is in scope everywhere and has this name, or means the same.
    fn in_prelude<'n>(&self, name: &'n str) -> Option<&'n str> {
        let prelude = self.definitions.prelude?;
        let public = |other: &str| self.is_public(prelude, other);
        public(name).then_some(name).or_else(|| familiar::synonym(name, public))
    }

    fn is_public(&self, module: ModuleId, name: &str) -> bool {
        self.definitions.tables[module].values.get(&Symbol::new(name)).is_some_and(|value| value.public)
    }

    /// Where the library has a function of this name, or of the same meaning.
    fn homes(&self, name: Name, what: &str) -> Option<String> {
        if what != "function" {
            return None;
        }
        let found: Vec<String> = FAMILIAR_HOMES
            .iter()
            .filter_map(|home| {
                let module = self.definitions.std_by_name.get(&Symbol::new(home))?;
                let public = |other: &str| self.is_public(*module, other);
                let own = public(name.text()).then(|| name.text());
                let here = own.or_else(|| familiar::synonym(name.text(), public))?;
                Some(format!("`{home}.{here}`"))
            })
            .collect();
        let (last, others) = found.split_last()?;
        let choice =
            if others.is_empty() { last.clone() } else { format!("{} or {last}", others.join(", ")) };
        Some(format!("write {choice}"))
    }

    /// What can stand where a value is written.
    pub fn value_candidates(&self) -> Vec<&'static str> {
        let table = &self.definitions.tables[self.file_module()];
        let mut names: Vec<&'static str> = self.body.names().map(|n| n.as_str()).collect();
        names.extend(table.values.keys().chain(table.imported.keys()).map(|n| n.as_str()));
        if let Some(prelude) = self.definitions.prelude {
            names.extend(self.definitions.tables[prelude].values.keys().map(|n| n.as_str()));
        }
        names.retain(|n| !n.starts_with('%'));
        names
    }

    /// What can stand where something capitalised is written.
    pub fn capitalised_candidates(&self) -> Vec<&'static str> {
        let table = &self.definitions.tables[self.file_module()];
        let definitions = &self.definitions;
        let own = table.variants.keys().chain(table.types.keys()).chain(table.values.keys());
        let imported = table.imported.keys().chain(table.aliases.keys());
        let std = definitions.std_variants.keys().chain(definitions.std_by_name.keys());
        let std_types = definitions.std_types.keys();
        own.chain(imported).chain(std).chain(std_types).map(|n| n.as_str()).collect()
    }

    /// Reports a thing of the wrong kind.
    pub fn wrong_kind(&mut self, span: Span, text: String, help: &str) {
        self.report(Diagnostic::new(codes::WRONG_KIND, span, text).help(help));
    }
}

fn with_suggestion(problem: Diagnostic, name: Name, candidates: &[&'static str]) -> Diagnostic {
    match nearest(name.text(), candidates.iter().copied()) {
        Some(near) => suggested(problem, name, near),
        None => problem,
    }
}

fn suggested(problem: Diagnostic, name: Name, near: &str) -> Diagnostic {
    problem.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near)
}
