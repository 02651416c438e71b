//! What a module offers to others, for its documentation: signatures with the types that were inferred, and the `##` lines.

use crate::Analysis;
use snow_names::hir::{FunctionId, FunctionKind, ImplId, ModuleId, Target, TypeDefId, TypeKind};
use snow_text::{Span, Symbol};

/// A module as its users see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModulePage {
    /// `Net.TcpServer`; empty for the main module.
    pub name: String,
    /// Its `##!` lines, Markdown.
    pub doc: String,
    /// What is public in it, in the order of the text.
    pub items: Vec<ReferenceItem>,
}

/// What kind of thing it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReferenceKind {
    /// A struct, sum type or alias.
    Type,
    /// An interface.
    Interface,
    /// An actor.
    Actor,
    /// A service or supervisor.
    Service,
    /// A constant.
    Constant,
    /// A function of a module, service, type or interface.
    Function,
}

/// A public thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReferenceItem {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: ReferenceKind,
    /// How it is used: a signature or definition.
    pub code: String,
    /// Documentation, Markdown.
    pub doc: String,
    /// Methods of a type or interface, functions of a service.
    pub parts: Vec<ReferenceItem>,
    /// Interfaces that a type implements by an `impl`.
    pub implements: Vec<String>,
    place: Span,
}

impl Analysis {
    /// The library's modules, or those of the program itself, that have something to show.
    pub fn reference(&self, of_library: bool) -> Vec<ModulePage> {
        let modules = self.program.modules.iter();
        let files = modules.filter(|(_, module)| module.name_span.is_none() && module.is_std == of_library);
        let pages = files.map(|(id, module)| ModulePage {
            name: module.name.to_string(),
            doc: self.doc(Target::Module(id)),
            items: self.items_of(id),
        });
        let mut pages: Vec<ModulePage> =
            pages.filter(|page| !page.items.is_empty() || !page.doc.is_empty()).collect();
        pages.sort_by(|a, b| a.name.cmp(&b.name));
        pages
    }

    fn items_of(&self, module: ModuleId) -> Vec<ReferenceItem> {
        let program = &self.program;
        let own = |span: Span| span.source == program.modules[module].source;
        let functions = program.functions.iter().filter(|(_, f)| f.module == module && f.public);
        let functions = functions.filter(|(id, _)| self.is_item(*id)).map(|(id, _)| self.function_item(id));
        let types = program.types.iter().filter(|(_, ty)| ty.module == module && ty.public);
        let types = types.map(|(id, _)| self.type_item(id));
        let interfaces = program.interfaces.iter().filter(|(_, i)| i.module == module && i.public);
        let interfaces = interfaces.map(|(id, _)| self.interface_item(id));
        let services = program.modules.iter().filter(|(_, m)| m.name_span.is_some_and(own));
        let services = services.filter_map(|(id, _)| self.service_item(id));
        let mut items: Vec<ReferenceItem> =
            functions.chain(types).chain(interfaces).chain(services).collect();
        items.sort_by_key(|item| item.place);
        items
    }

    fn is_item(&self, id: FunctionId) -> bool {
        let function = &self.program.functions[id];
        let is_kind =
            matches!(function.kind, FunctionKind::Plain | FunctionKind::Actor | FunctionKind::Constant);
        is_kind && !function.name.as_str().starts_with('%')
    }

    fn function_item(&self, id: FunctionId) -> ReferenceItem {
        let function = &self.program.functions[id];
        let kind = match function.kind {
            FunctionKind::Actor => ReferenceKind::Actor,
            FunctionKind::Constant => ReferenceKind::Constant,
            _ => ReferenceKind::Function,
        };
        self.item(function.name, kind, self.signature(id), Target::Function(id), function.name_span)
    }

    fn item(
        &self,
        name: Symbol,
        kind: ReferenceKind,
        code: String,
        target: Target,
        place: Span,
    ) -> ReferenceItem {
        let (name, doc) = (name.to_string(), self.doc(target));
        ReferenceItem { name, kind, code, doc, parts: Vec::new(), implements: Vec::new(), place }
    }

    /// A function with the names and types of its parameters: `map(l :: List<T>, f :: Fun(T) -> U) -> List<U>`.
    pub fn signature(&self, id: FunctionId) -> String {
        let function = &self.program.functions[id];
        let (description, name) = (&self.description, function.name);
        let types: Vec<&str> = function.params.iter().map(|p| description.locals[p.local].as_str()).collect();
        let result = &description.results[id];
        if function.kind == FunctionKind::Constant {
            return format!("{name} :: {result}");
        }
        let params: Vec<String> = function
            .params
            .iter()
            .zip(&types)
            .map(|(param, ty)| {
                let default =
                    param.default.map(|default| self.sources.text(self.program.functions[default].span));
                let default = default.map(|text| format!(" = {text}")).unwrap_or_default();
                if param.name.as_str() == "self" {
                    "self".to_string()
                } else {
                    format!("{} :: {ty}{default}", param.name)
                }
            })
            .collect();
        let params = params.join(", ");
        // What the checker says behind its own list of types: bounds, and what is received.
        let types = types.join(", ");
        let whole = &description.signatures[id];
        let as_function = format!("{name} : ({types}) -> {result}");
        let as_actor = format!("{name} : actor({types})");
        match (whole.strip_prefix(&as_function), whole.strip_prefix(&as_actor)) {
            (Some(rest), _) => format!("{name}({params}) -> {result}{rest}"),
            (None, Some(rest)) => format!("{name}({params}){rest}"),
            (None, None) => whole.clone(),
        }
    }

    fn type_item(&self, id: TypeDefId) -> ReferenceItem {
        let ty = &self.program.types[id];
        let target = Target::Type(id);
        let code = match ty.opaque {
            true => format!("struct {} opaque", ty.name),
            false => self.code(target).unwrap_or_default().trim_start_matches("pub ").to_string(),
        };
        let mut item = self.item(ty.name, ReferenceKind::Type, code, target, ty.name_span);
        for (owner, implementation) in self.program.impls.iter() {
            if !matches!(implementation.for_type.kind, TypeKind::Named(other, _) if other == id) {
                continue;
            }
            match &implementation.interface {
                Some(interface) => {
                    item.implements.push(self.program.interfaces[interface.interface].name.to_string());
                }
                None => item.parts.extend(self.methods_of_impl(owner)),
            }
        }
        item.implements.sort();
        item
    }

    fn methods_of_impl(&self, owner: ImplId) -> Vec<ReferenceItem> {
        let methods = self.program.impls[owner].methods.iter();
        methods.map(|(_, id)| self.function_item(*id)).collect()
    }

    fn interface_item(&self, id: snow_names::hir::InterfaceId) -> ReferenceItem {
        let interface = &self.program.interfaces[id];
        let supers: Vec<&str> =
            interface.supers.iter().map(|s| self.program.interfaces[s.interface].name.as_str()).collect();
        let supers = if supers.is_empty() { String::new() } else { format!(": {}", supers.join(" + ")) };
        let code = format!("interface {}{supers}", interface.name);
        let mut item = self.item(
            interface.name,
            ReferenceKind::Interface,
            code,
            Target::Interface(id),
            interface.name_span,
        );
        for (index, method) in interface.methods.iter().enumerate() {
            let text = self.sources.text(method.span);
            // The head alone: a body that is given is nobody's business.
            let head = text.split(" do\n").next().unwrap_or(text).lines().next().unwrap_or_default();
            let head = head.split(" = ").next().unwrap_or(head).trim_start_matches("fn ").to_string();
            let target = Target::InterfaceMethod(id, index as u32);
            item.parts.push(self.item(method.name, ReferenceKind::Function, head, target, method.name_span));
        }
        item
    }

    /// A service with its functions; `None` for a private one.
    fn service_item(&self, id: ModuleId) -> Option<ReferenceItem> {
        let module = &self.program.modules[id];
        let place = module.name_span?;
        let own = |(_, function): &&(Symbol, FunctionId)| {
            let definition = &self.program.functions[*function];
            definition.public && self.is_item(*function) && definition.kind == FunctionKind::Plain
        };
        let functions: Vec<&(Symbol, FunctionId)> = module.functions.iter().filter(own).collect();
        if functions.is_empty() {
            return None;
        }
        let name = Symbol::new(module.name.as_str().rsplit('.').next().unwrap_or_default());
        let code = format!("service {name}");
        let mut item = self.item(name, ReferenceKind::Service, code, Target::Module(id), place);
        item.parts = functions.into_iter().map(|(_, function)| self.function_item(*function)).collect();
        item.parts.iter_mut().filter(|part| part.place == place).for_each(|part| part.doc = String::new());
        item.parts.sort_by_key(|part| part.place);
        Some(item)
    }
}
