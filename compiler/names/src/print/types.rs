//! Types as text.

use super::Printer;
use crate::hir::{Builtin, InterfaceRef, Type, TypeKind};

impl Printer<'_> {
    pub fn annotation(&mut self, ty: Option<&Type>) {
        if let Some(ty) = ty {
            self.push(" :: ");
            self.ty(ty);
        }
    }

    fn type_args(&mut self, args: &[Type]) {
        if !args.is_empty() {
            self.push("<");
            self.separated(args, |p, ty| p.ty(ty));
            self.push(">");
        }
    }

    pub fn interface_ref(&mut self, reference: &InterfaceRef) {
        self.shown(self.program.interfaces[reference.interface].name);
        self.type_args(&reference.args);
    }

    pub fn ty(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Error => self.push("?"),
            TypeKind::Infer => self.push("_"),
            TypeKind::Unit => self.push("()"),
            TypeKind::Never => self.push("Never"),
            TypeKind::Builtin(builtin, args) => {
                self.push(builtin_name(*builtin));
                self.type_args(args);
            }
            TypeKind::Named(id, args) => {
                self.shown(self.program.types[*id].name);
                self.type_args(args);
            }
            TypeKind::Param(index) => self.shown(format_args!("#{index}")),
            TypeKind::SelfType => self.push("Self"),
            TypeKind::Associated(ty, name) => {
                self.ty(ty);
                self.shown(format_args!(".{name}"));
            }
            TypeKind::Tuple(parts) => {
                self.push("(");
                self.separated(parts, |p, ty| p.ty(ty));
                self.push(")");
            }
            TypeKind::Function(params, result) => {
                self.push("Fun(");
                self.separated(params, |p, ty| p.ty(ty));
                self.push(") -> ");
                self.ty(result);
            }
            TypeKind::Pid(mailbox) => {
                self.push("Pid<");
                self.ty(mailbox);
                self.push(">");
            }
            TypeKind::Mailbox(actor) => self.shown(self.program.functions[*actor].name),
            TypeKind::Result(_) => self.push("_"),
            TypeKind::Tags { tags, open } => {
                self.push("[");
                for (index, (name, payload, _)) in tags.iter().enumerate() {
                    self.shown(format_args!("{}:{name}", if index > 0 { " | " } else { "" }));
                    if !payload.is_empty() {
                        self.push("(");
                        self.separated(payload, |p, ty| p.ty(ty));
                        self.push(")");
                    }
                }
                self.push(if *open { " ..]" } else { "]" });
            }
        }
    }
}

fn builtin_name(builtin: Builtin) -> &'static str {
    match builtin {
        Builtin::Int => "Int",
        Builtin::Float => "Float",
        Builtin::Bool => "Bool",
        Builtin::String => "String",
        Builtin::Bytes => "Bytes",
        Builtin::ProcessId => "ProcessId",
        Builtin::MonitorRef => "MonitorRef",
        Builtin::Array => "Array",
    }
}
