//! Where things are defined, and that one thing has one target.
//!
//! The front end knows some things under two ids: a local function that became a top-level one, a method of an impl and
//! of its interface, a service and the actors it is made of. [`Canon`] takes each to the one that stands for all.

use crate::Analysis;
use snow_names::hir::{
    FieldRef, FunctionId, FunctionKind, Local, LocalId, Program, Target, TypeDefKind, VariantRef,
};
use snow_text::{Sources, Span, Symbol};
use std::collections::HashMap;

/// Which ids are of one thing.
pub(crate) struct Canon {
    locals: HashMap<Span, LocalId>,
    /// Local functions that became top-level ones, by their local.
    pub lifted: HashMap<LocalId, FunctionId>,
    /// Functions of services that take a name, and those that take a pid.
    by_name: HashMap<FunctionId, FunctionId>,
}

impl Canon {
    pub fn new(program: &Program, sources: &Sources) -> Canon {
        let mut locals = HashMap::new();
        for (id, local) in written_locals(program, sources) {
            locals.entry(local.span).or_insert(id);
        }
        let mut lifted = HashMap::new();
        for (id, function) in program.functions.iter() {
            if let Some(local) = locals.get(&function.name_span) {
                lifted.insert(*local, id);
            }
        }
        let by_name = program.by_name.iter().map(|(pid, name)| (*name, *pid)).collect();
        Canon { locals, lifted, by_name }
    }

    /// The target that stands for all that mean the same.
    pub fn of(&self, program: &Program, target: Target) -> Target {
        match target {
            Target::Local(id) => self.local(program, id),
            Target::Parameter(id, index) => match program.functions[id].params.get(index as usize) {
                Some(param) => self.local(program, param.local),
                None => target,
            },
            Target::Function(id) => self.function(program, id),
            _ => target,
        }
    }

    fn local(&self, program: &Program, id: LocalId) -> Target {
        Target::Local(self.locals.get(&program.locals[id].span).copied().unwrap_or(id))
    }

    fn function(&self, program: &Program, id: FunctionId) -> Target {
        let id = self.by_name.get(&id).copied().unwrap_or(id);
        let function = &program.functions[id];
        if let Some(local) = self.locals.get(&function.name_span) {
            return Target::Local(*local);
        }
        let module = &program.modules[function.module];
        let own_name = || module.name.as_str().rsplit('.').next().map(Symbol::new);
        if module.name_span == Some(function.name_span) && own_name() == Some(function.name) {
            return Target::Module(function.module);
        }
        match function.kind {
            FunctionKind::Method(owner) => {
                let interface = program.impls[owner].interface.as_ref().map(|i| i.interface);
                let methods = interface.map(|i| (i, &program.interfaces[i].methods));
                let found = methods.and_then(|(i, all)| {
                    Some((i, all.iter().position(|method| method.name == function.name)?))
                });
                found.map_or(Target::Function(id), |(i, index)| Target::InterfaceMethod(i, index as u32))
            }
            FunctionKind::InterfaceDefault(interface) => {
                let methods = &program.interfaces[interface].methods;
                let index = methods.iter().position(|method| method.default == Some(id));
                index.map_or(Target::Function(id), |index| Target::InterfaceMethod(interface, index as u32))
            }
            _ => Target::Function(id),
        }
    }
}

/// Every definition that has a name, with the place of that.
pub(crate) fn all<'p>(
    program: &'p Program,
    sources: &'p Sources,
) -> impl Iterator<Item = (Span, Target)> + use<'p> {
    let functions = program.functions.iter().filter(|(_, f)| has_name(f.kind));
    let functions = functions.map(|(id, f)| (f.name_span, Target::Function(id)));
    let services = program.modules.iter().filter_map(|(id, m)| Some((m.name_span?, Target::Module(id))));
    let locals = written_locals(program, sources).map(|(id, local)| (local.span, Target::Local(id)));
    let types = program.types.iter().map(|(id, ty)| (ty.name_span, Target::Type(id)));
    let interfaces = program.interfaces.iter().map(|(id, i)| (i.name_span, Target::Interface(id)));
    let methods = program.interfaces.iter().flat_map(|(id, interface)| {
        let methods = interface.methods.iter().enumerate();
        methods.map(move |(index, method)| (method.name_span, Target::InterfaceMethod(id, index as u32)))
    });
    functions
        .chain(services)
        .chain(locals)
        .chain(types)
        .chain(interfaces)
        .chain(methods)
        .chain(parts(program))
}

/// Locals that stand in the text; the compiler makes others at the places of other names.
fn written_locals<'p>(
    program: &'p Program,
    sources: &'p Sources,
) -> impl Iterator<Item = (LocalId, &'p Local)> + use<'p> {
    program.locals.iter().filter(|(_, local)| sources.text(local.span) == local.name.as_str())
}

/// Variants and fields.
fn parts(program: &Program) -> Vec<(Span, Target)> {
    let mut found = Vec::new();
    for (ty, definition) in program.types.iter() {
        match &definition.kind {
            TypeDefKind::Struct(fields) => found.extend(fields_of(VariantRef { ty, index: 0 }, fields)),
            TypeDefKind::Sum(variants) => {
                for (index, variant) in variants.iter().enumerate() {
                    let reference = VariantRef { ty, index: index as u32 };
                    found.push((variant.span, Target::Variant(reference)));
                    found.extend(fields_of(reference, &variant.fields));
                }
            }
            TypeDefKind::Alias(_) => {}
        }
    }
    found
}

fn fields_of(
    owner: VariantRef,
    fields: &[snow_names::hir::FieldDef],
) -> impl Iterator<Item = (Span, Target)> {
    let named = fields.iter().enumerate().filter_map(|(index, field)| Some((index, field.name?, field.span)));
    named.map(move |(index, name, span)| {
        let field = FieldRef { ty: owner.ty, variant: owner.index, index: index as u32 };
        (beginning(span, name), Target::Field(field))
    })
}

/// The name that a span begins with.
fn beginning(span: Span, name: Symbol) -> Span {
    Span::new(span.source, span.start, span.start + name.as_str().len() as u32)
}

fn has_name(kind: FunctionKind) -> bool {
    !matches!(kind, FunctionKind::DefaultValue | FunctionKind::Test)
}

impl Analysis {
    /// The name where a thing is defined; the beginning of the file for a module.
    pub fn definition(&self, target: Target) -> Option<Span> {
        let program = &self.program;
        Some(match target {
            Target::Module(id) => {
                let module = &program.modules[id];
                module.name_span.unwrap_or(Span::new(module.source, 0, 0))
            }
            Target::Function(id) => program.functions[id].name_span,
            Target::Parameter(id, index) => program.functions[id].params.get(index as usize)?.span,
            Target::Local(id) => program.locals[id].span,
            Target::Type(id) => program.types[id].name_span,
            Target::Interface(id) => program.interfaces[id].name_span,
            Target::InterfaceMethod(id, index) => program.interfaces[id].methods[index as usize].name_span,
            Target::Variant(variant) => self.variant(variant)?.span,
            Target::Field(field) => beginning(self.field(field)?.span, self.field(field)?.name?),
        })
    }

    /// What a thing is called; the whole path for a module.
    pub fn name(&self, target: Target) -> Option<Symbol> {
        let program = &self.program;
        Some(match target {
            Target::Module(id) => program.modules[id].name,
            Target::Function(id) => program.functions[id].name,
            Target::Parameter(id, index) => program.functions[id].params.get(index as usize)?.name,
            Target::Local(id) => program.locals[id].name,
            Target::Type(id) => program.types[id].name,
            Target::Interface(id) => program.interfaces[id].name,
            Target::InterfaceMethod(id, index) => program.interfaces[id].methods[index as usize].name,
            Target::Variant(variant) => self.variant(variant)?.name,
            Target::Field(field) => self.field(field)?.name?,
        })
    }

    pub(crate) fn variant(&self, variant: VariantRef) -> Option<&snow_names::hir::VariantDef> {
        match &self.program.types[variant.ty].kind {
            TypeDefKind::Sum(variants) => variants.get(variant.index as usize),
            _ => None,
        }
    }

    pub(crate) fn field(&self, field: FieldRef) -> Option<&snow_names::hir::FieldDef> {
        let fields = match &self.program.types[field.ty].kind {
            TypeDefKind::Struct(fields) => fields,
            TypeDefKind::Sum(variants) => &variants.get(field.variant as usize)?.fields,
            TypeDefKind::Alias(_) => return None,
        };
        fields.get(field.index as usize)
    }
}
