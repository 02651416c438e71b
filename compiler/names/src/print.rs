//! The resolved program as text, for `snow dump names` and the tests. Std is left out.
//!
//! Locals are shown with their number, `x.3`, so that shadowing can be seen.

mod expressions;
mod patterns;
mod types;

use crate::hir::{
    Function, FunctionKind, Impl, Interface, LocalId, ModuleId, Program, TypeDef, TypeDefKind, TypeParam,
};
use std::fmt::Write;

/// Everything of the program that is not std's.
pub fn print(program: &Program) -> String {
    let mut printer = Printer { program, text: String::new(), depth: 0, locals: Vec::new() };
    let is_own = |module: ModuleId| !program.modules[module].is_std;
    for def in program.types.values().filter(|t| is_own(t.module)) {
        printer.type_def(def);
    }
    for interface in program.interfaces.values().filter(|i| is_own(i.module)) {
        printer.interface(interface);
    }
    for implementation in program.impls.values().filter(|i| is_own(i.module)) {
        printer.implementation(implementation);
    }
    for function in program.functions.values().filter(|f| is_own(f.module)) {
        printer.function(function);
    }
    printer.text
}

/// Collects the text.
pub(crate) struct Printer<'a> {
    pub program: &'a Program,
    pub text: String,
    pub depth: usize,
    /// The program's own locals in the order in which they appear.
    pub locals: Vec<LocalId>,
}

impl Printer<'_> {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub fn line(&mut self) {
        self.text.push('\n');
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
    }

    pub fn shown(&mut self, value: impl std::fmt::Display) {
        write!(self.text, "{value}").expect("writing to a String does not fail");
    }

    /// Parts with commas between them.
    pub fn separated<T>(&mut self, parts: &[T], mut with: impl FnMut(&mut Self, &T)) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            with(self, part);
        }
    }

    pub fn local(&mut self, local: LocalId) {
        let name = self.program.locals[local].name;
        let known = self.locals.iter().position(|l| *l == local);
        let number = known.unwrap_or(self.locals.len());
        if known.is_none() {
            self.locals.push(local);
        }
        self.shown(format_args!("{name}.{number}"));
    }

    /// `Module.name`, the module left out for the root.
    pub fn qualified(&self, module: ModuleId, name: impl std::fmt::Display) -> String {
        match self.program.modules[module].name.as_str() {
            "" => name.to_string(),
            module => format!("{module}.{name}"),
        }
    }

    fn type_params(&mut self, params: &[TypeParam]) {
        if params.is_empty() {
            return;
        }
        self.push("<");
        self.separated(params, |p, param| {
            p.shown(param.name);
            for (index, bound) in param.bounds.iter().enumerate() {
                p.push(if index == 0 { ": " } else { " + " });
                p.interface_ref(bound);
            }
        });
        self.push(">");
    }

    fn type_def(&mut self, def: &TypeDef) {
        let name = self.qualified(def.module, def.name);
        self.push(if def.public { "pub type " } else { "type " });
        self.push(&name);
        self.type_params(&def.params);
        match &def.kind {
            TypeDefKind::Alias(ty) => {
                self.push(" = ");
                self.ty(ty);
            }
            TypeDefKind::Struct(fields) => {
                self.push(" { ");
                self.fields(fields);
                self.push(" }");
            }
            TypeDefKind::Sum(variants) => {
                for (index, variant) in variants.iter().enumerate() {
                    self.push(if index == 0 { " = " } else { " | " });
                    self.shown(variant.name);
                    if !variant.fields.is_empty() {
                        self.push("(");
                        self.fields(&variant.fields);
                        self.push(")");
                    }
                }
            }
        }
        if let Some(deriving) = &def.deriving {
            self.push(" deriving(");
            self.separated(deriving, |p, (name, _)| p.shown(name));
            self.push(")");
        }
        self.push("\n\n");
    }

    fn fields(&mut self, fields: &[crate::hir::FieldDef]) {
        self.separated(fields, |p, field| {
            if let Some(name) = field.name {
                p.shown(format_args!("{name} :: "));
            }
            p.ty(&field.ty);
            if field.default.is_some() {
                p.push(" = default");
            }
        });
    }

    fn interface(&mut self, interface: &Interface) {
        let name = self.qualified(interface.module, interface.name);
        self.push("interface ");
        self.push(&name);
        self.type_params(&interface.params);
        for (index, reference) in interface.supers.iter().enumerate() {
            self.push(if index == 0 { ": " } else { " + " });
            self.interface_ref(reference);
        }
        for name in &interface.associated {
            self.shown(format_args!("\n  type {name}"));
        }
        for method in &interface.methods {
            self.shown(format_args!("\n  {}", method.name));
            self.type_params(&method.type_params);
            self.push("(");
            self.separated(&method.params, |p, ty| p.ty(ty));
            self.push(") -> ");
            self.ty(&method.result);
        }
        self.push("\n\n");
    }

    fn implementation(&mut self, implementation: &Impl) {
        self.push("impl");
        self.type_params(&implementation.type_params);
        self.push(" ");
        if let Some(interface) = &implementation.interface {
            self.interface_ref(interface);
            self.push(" for ");
        }
        self.ty(&implementation.for_type);
        for (name, ty) in &implementation.associated {
            self.shown(format_args!("\n  type {name} = "));
            self.ty(ty);
        }
        for (name, _) in &implementation.methods {
            self.shown(format_args!("\n  fn {name}"));
        }
        self.push("\n\n");
    }

    fn kind(&mut self, kind: FunctionKind) {
        match kind {
            FunctionKind::Plain => self.push("fn "),
            FunctionKind::Actor => self.push("actor "),
            FunctionKind::Constant => self.push("constant "),
            FunctionKind::DefaultValue => self.push("default "),
            FunctionKind::Test => self.push("test "),
            FunctionKind::Method(id) => {
                self.push("method of ");
                self.ty(&self.program.impls[id].for_type);
                self.push(": ");
            }
            FunctionKind::InterfaceDefault(id) => {
                self.shown(format_args!("default method of {}: ", self.program.interfaces[id].name));
            }
        }
    }

    fn function(&mut self, function: &Function) {
        self.push(if function.public { "pub " } else { "" });
        self.kind(function.kind);
        let name = self.qualified(function.module, function.name);
        self.push(&name);
        self.type_params(&function.type_params);
        self.push("(");
        self.separated(&function.params, |p, param| {
            p.local(param.local);
            p.annotation(param.ty.as_ref());
            if param.default.is_some() {
                p.push(" = default");
            }
        });
        self.push(")");
        if let Some(result) = &function.result {
            self.push(" -> ");
            self.ty(result);
        }
        self.push(" =");
        self.body(&function.body);
        if let Some(terminate) = &function.terminate {
            self.push("\nterminate");
            self.body(terminate);
        }
        self.push("\n\n");
    }

    fn body(&mut self, body: &crate::hir::Expr) {
        self.depth = 1;
        self.line();
        self.expr(body);
        self.depth = 0;
    }
}
