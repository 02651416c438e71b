//! What names mean: the tables of every module, and what is known of definitions before their bodies are resolved.

use crate::hir::{
    Builtin, FunctionId, FunctionKind, InterfaceId, Mention, ModuleId, Target, TypeDefId, VariantRef,
};
use snow_text::{IdVec, SourceId, Span, Symbol};
use std::collections::HashMap;

/// A function, actor or constant of a module.
#[derive(Clone, Copy)]
pub(crate) struct Value {
    pub id: FunctionId,
    pub public: bool,
    pub span: Span,
}

/// What a name means where types are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeName {
    Def(TypeDefId),
    Interface(InterfaceId),
    /// A service: its loop, which has the mailbox type.
    Service(FunctionId),
    Builtin(Builtin),
    Pid,
    Unit,
    Never,
}

/// `import A.B as T`: what `T` means here.
#[derive(Clone, Copy)]
pub(crate) struct Alias {
    pub module: ModuleId,
    pub import: usize,
}

/// `from A.B import f`: where `f` comes from.
#[derive(Clone, Copy)]
pub(crate) struct Imported {
    pub module: ModuleId,
    pub import: usize,
}

/// An import, for the warning when nothing uses it.
pub(crate) struct ImportUse {
    pub name: Symbol,
    pub span: Span,
    pub used: bool,
}

/// The names of a module. A service has a table too: its functions hang below its name.
pub(crate) struct Table {
    pub name: Symbol,
    pub is_std: bool,
    pub values: HashMap<Symbol, Value>,
    pub types: HashMap<Symbol, TypeName>,
    pub variants: HashMap<Symbol, Vec<VariantRef>>,
    pub aliases: HashMap<Symbol, Alias>,
    pub imported: HashMap<Symbol, Imported>,
    pub imports: Vec<ImportUse>,
    /// Tables of the services defined here, and whether they are public.
    pub services: HashMap<Symbol, (ModuleId, bool)>,
    /// The module that a service's table belongs to.
    pub parent: Option<ModuleId>,
    /// The file.
    pub source: SourceId,
    /// The name of the service.
    pub name_span: Option<Span>,
}

impl Table {
    pub fn new(name: Symbol, is_std: bool, source: SourceId) -> Table {
        Table {
            name,
            is_std,
            values: HashMap::new(),
            types: HashMap::new(),
            variants: HashMap::new(),
            aliases: HashMap::new(),
            imported: HashMap::new(),
            imports: Vec::new(),
            services: HashMap::new(),
            parent: None,
            source,
            name_span: None,
        }
    }

    /// How messages call it.
    pub fn shown(&self) -> &'static str {
        if self.name.as_str().is_empty() { "the main module" } else { self.name.as_str() }
    }
}

/// What calls need to know of a function.
pub(crate) struct Signature {
    pub name: Symbol,
    pub module: ModuleId,
    pub public: bool,
    pub kind: FunctionKind,
    /// Name and default of every parameter.
    pub params: Vec<(Symbol, Option<FunctionId>)>,
    pub span: Span,
}

/// A field as construction sees it.
#[derive(Clone, Copy)]
pub(crate) struct FieldInfo {
    pub name: Option<Symbol>,
    pub default: Option<FunctionId>,
}

/// A variant as construction sees it.
pub(crate) struct VariantInfo {
    pub name: Symbol,
    pub fields: Vec<FieldInfo>,
}

/// What a type is made of.
pub(crate) enum Shape {
    Struct(Vec<FieldInfo>),
    Sum(Vec<VariantInfo>),
    Alias,
}

/// What uses need to know of a type.
pub(crate) struct TypeInfo {
    pub name: Symbol,
    pub module: ModuleId,
    pub public: bool,
    pub opaque: bool,
    pub param_count: usize,
    pub shape: Shape,
    pub span: Span,
}

/// What uses need to know of an interface.
pub(crate) struct InterfaceInfo {
    pub name: Symbol,
    pub module: ModuleId,
    pub public: bool,
    pub param_count: usize,
    /// Name and whether it takes `self`.
    pub methods: Vec<(Symbol, bool)>,
    pub span: Span,
}

/// Everything that is known before bodies are resolved.
#[derive(Default)]
pub(crate) struct Definitions {
    pub tables: IdVec<ModuleId, Table>,
    pub by_name: HashMap<Symbol, ModuleId>,
    pub std_by_name: HashMap<Symbol, ModuleId>,
    /// Public types and interfaces of std: in scope everywhere.
    pub std_types: HashMap<Symbol, TypeName>,
    /// Variants in scope everywhere.
    pub std_variants: HashMap<Symbol, VariantRef>,
    pub prelude: Option<ModuleId>,
    pub functions: IdVec<FunctionId, Signature>,
    pub types: IdVec<TypeDefId, TypeInfo>,
    pub interfaces: IdVec<InterfaceId, InterfaceInfo>,
    /// Interfaces of std that have the name of a type; where the name stands tells them apart.
    pub namesakes: HashMap<TypeDefId, InterfaceId>,
    /// What the names in imports stand for.
    pub import_mentions: Vec<Mention>,
}

impl Definitions {
    /// The fields of a variant.
    pub fn variant(&self, variant: VariantRef) -> &VariantInfo {
        match &self.types[variant.ty].shape {
            Shape::Sum(variants) => &variants[variant.index as usize],
            Shape::Struct(_) | Shape::Alias => unreachable!("a variant belongs to a sum type"),
        }
    }

    /// The variant of a type by name.
    pub fn variant_of(&self, ty: TypeDefId, name: Symbol) -> Option<VariantRef> {
        let Shape::Sum(variants) = &self.types[ty].shape else { return None };
        let index = variants.iter().position(|v| v.name == name)?;
        Some(VariantRef { ty, index: index as u32 })
    }

    /// Where a type or interface is defined, and whether others see it.
    pub fn type_home(&self, name: TypeName) -> Option<(ModuleId, bool)> {
        match name {
            TypeName::Def(id) => Some((self.types[id].module, self.types[id].public)),
            TypeName::Interface(id) => Some((self.interfaces[id].module, self.interfaces[id].public)),
            TypeName::Service(id) => Some((self.functions[id].module, self.functions[id].public)),
            _ => None,
        }
    }

    /// Everything that a name of a module stands for.
    pub fn meanings(&self, module: ModuleId, name: Symbol) -> Vec<Target> {
        let table = &self.tables[module];
        let value = table.values.get(&name).map(|value| Target::Function(value.id));
        let ty = table.types.get(&name).and_then(|ty| match ty {
            TypeName::Def(id) => Some(Target::Type(*id)),
            TypeName::Interface(id) => Some(Target::Interface(*id)),
            _ => None,
        });
        let service = table.services.get(&name).map(|service| Target::Module(service.0));
        let variants = table.variants.get(&name).into_iter().flatten();
        let variants = variants.map(|variant| Target::Variant(*variant));
        value.into_iter().chain(ty).chain(service).chain(variants).collect()
    }

    /// A function of a std module; `None` only while std is broken.
    pub fn std_function(&self, module: &str, name: &str) -> Option<FunctionId> {
        let module = self.std_by_name.get(&Symbol::new(module))?;
        Some(self.tables[*module].values.get(&Symbol::new(name))?.id)
    }

    /// A type of std by name.
    pub fn std_type(&self, name: &str) -> Option<TypeDefId> {
        match self.std_types.get(&Symbol::new(name))? {
            TypeName::Def(id) => Some(*id),
            _ => None,
        }
    }

    /// An interface of std by name.
    pub fn std_interface(&self, name: &str) -> Option<InterfaceId> {
        self.as_interface(*self.std_types.get(&Symbol::new(name))?)
    }

    /// The interface that a name means where one is wanted.
    pub fn as_interface(&self, name: TypeName) -> Option<InterfaceId> {
        match name {
            TypeName::Interface(id) => Some(id),
            TypeName::Def(id) => self.namesakes.get(&id).copied(),
            _ => None,
        }
    }
}

/// Built-in types by name.
pub(crate) fn builtin_type(name: &str) -> Option<TypeName> {
    Some(match name {
        "Int" => TypeName::Builtin(Builtin::Int),
        "Float" => TypeName::Builtin(Builtin::Float),
        "Bool" => TypeName::Builtin(Builtin::Bool),
        "String" => TypeName::Builtin(Builtin::String),
        "Bytes" => TypeName::Builtin(Builtin::Bytes),
        "ProcessId" => TypeName::Builtin(Builtin::ProcessId),
        "MonitorRef" => TypeName::Builtin(Builtin::MonitorRef),
        "Pid" => TypeName::Pid,
        "Unit" => TypeName::Unit,
        "Never" => TypeName::Never,
        _ => return None,
    })
}

/// The built-in type whose home a std module is.
pub(crate) fn home_of(module: &str) -> Option<Builtin> {
    Some(match module {
        "Int" => Builtin::Int,
        "Float" => Builtin::Float,
        "Bool" => Builtin::Bool,
        "String" => Builtin::String,
        "Bytes" => Builtin::Bytes,
        _ => return None,
    })
}
