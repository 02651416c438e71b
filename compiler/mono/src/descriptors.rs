//! Run-time type descriptors of ground types.

use crate::ground::{Ground, Grounds, Node};
use crate::specialise::Input;
use snow_abi::descriptor::{Descriptor, DescriptorId, Field, Tag, Variant};
use snow_names::hir::{Builtin, TypeDefId, TypeDefKind};
use snow_text::Symbol;
use std::collections::HashMap;

/// Descriptors and atoms made so far.
pub struct Descriptors {
    all: Vec<Descriptor>,
    ids: HashMap<Ground, DescriptorId>,
    atoms: Vec<String>,
    atom_ids: HashMap<Symbol, u32>,
}

impl Default for Descriptors {
    fn default() -> Descriptors {
        let atoms: Vec<String> = snow_abi::atoms::FIXED.iter().map(|a| a.to_string()).collect();
        let atom_ids = atoms.iter().enumerate().map(|(i, a)| (Symbol::new(a), i as u32)).collect();
        Descriptors { all: Vec::new(), ids: HashMap::new(), atoms, atom_ids }
    }
}

impl Descriptors {
    /// The id of an atom.
    pub fn atom(&mut self, name: Symbol) -> u32 {
        let atoms = &mut self.atoms;
        *self.atom_ids.entry(name).or_insert_with(|| {
            atoms.push(name.as_str().to_string());
            atoms.len() as u32 - 1
        })
    }

    /// The descriptor of a ground type.
    pub fn of(&mut self, input: &Input, grounds: &mut Grounds, ground: Ground) -> DescriptorId {
        if let Some(id) = self.ids.get(&ground) {
            return *id;
        }
        let id = DescriptorId(self.all.len() as u32);
        self.all.push(Descriptor::Never);
        self.ids.insert(ground, id);
        let descriptor = self.build(input, grounds, ground);
        self.all[id.0 as usize] = descriptor;
        id
    }

    fn build(&mut self, input: &Input, grounds: &mut Grounds, ground: Ground) -> Descriptor {
        match grounds.get(ground).clone() {
            Node::Unit => Descriptor::Unit,
            Node::Never => Descriptor::Never,
            Node::Builtin(builtin, args) => match builtin {
                Builtin::Int => Descriptor::Int,
                Builtin::Float => Descriptor::Float,
                Builtin::Bool => Descriptor::Bool,
                Builtin::String => Descriptor::String,
                Builtin::Bytes => Descriptor::Bytes,
                Builtin::ProcessId => Descriptor::ProcessId,
                Builtin::MonitorRef => Descriptor::MonitorRef,
                Builtin::Array => Descriptor::Array(self.of(input, grounds, args[0])),
            },
            Node::Tuple(parts) => Descriptor::Tuple(self.all_of(input, grounds, &parts)),
            Node::Function(..) => Descriptor::Function,
            Node::Pid(mailbox) => Descriptor::Pid(self.of(input, grounds, mailbox)),
            Node::Tags(tags) => Descriptor::Tags(
                tags.iter()
                    .map(|(name, parts)| Tag {
                        atom: self.atom(*name),
                        payload: self.all_of(input, grounds, parts),
                    })
                    .collect(),
            ),
            Node::Named(def, args) => self.named(input, grounds, def, &args),
        }
    }

    fn all_of(&mut self, input: &Input, grounds: &mut Grounds, parts: &[Ground]) -> Vec<DescriptorId> {
        parts.iter().map(|p| self.of(input, grounds, *p)).collect()
    }

    fn named(&mut self, input: &Input, grounds: &mut Grounds, def: TypeDefId, args: &[Ground]) -> Descriptor {
        let known = input.hir.known.as_ref().expect("std resolved");
        if def == known.map {
            return Descriptor::Map(self.of(input, grounds, args[0]), self.of(input, grounds, args[1]));
        }
        if def == known.set {
            return Descriptor::Set(self.of(input, grounds, args[0]));
        }
        let name = type_name(input, grounds, def, args);
        let definition = &input.hir.types[def];
        let types = &input.typed.fields[def];
        match &definition.kind {
            TypeDefKind::Struct(fields) => {
                Descriptor::Struct { name, fields: self.fields(input, grounds, fields, &types[0], args) }
            }
            TypeDefKind::Sum(variants) => Descriptor::Sum {
                name,
                variants: variants
                    .iter()
                    .zip(types)
                    .map(|(v, types)| Variant {
                        name: v.name.as_str().to_string(),
                        fields: self.fields(input, grounds, &v.fields, types, args),
                    })
                    .collect(),
            },
            TypeDefKind::Alias(_) => unreachable!("aliases are expanded by the checker"),
        }
    }

    fn fields(
        &mut self,
        input: &Input,
        grounds: &mut Grounds,
        fields: &[snow_names::hir::FieldDef],
        types: &[snow_types::ty::Ty],
        args: &[Ground],
    ) -> Vec<Field> {
        let field = |(f, ty): (&snow_names::hir::FieldDef, &snow_types::ty::Ty)| {
            let ground = grounds.substitute(&input.typed.store, *ty, args);
            Field {
                name: f.name.map_or(String::new(), |n| n.as_str().to_string()),
                ty: self.of(input, grounds, ground),
                has_default: f.default.is_some(),
            }
        };
        fields.iter().zip(types).map(field).collect()
    }

    /// The finished tables: descriptors, atoms.
    pub fn finish(self) -> (Vec<Descriptor>, Vec<String>) {
        (self.all, self.atoms)
    }
}

/// `Shop.Prices.Item<Int>`
fn type_name(input: &Input, grounds: &Grounds, def: TypeDefId, args: &[Ground]) -> String {
    let definition = &input.hir.types[def];
    let module = &input.hir.modules[definition.module];
    let mut name = String::new();
    if !module.name.as_str().is_empty() && !module.is_std {
        name.push_str(module.name.as_str());
        name.push('.');
    }
    name.push_str(definition.name.as_str());
    if !args.is_empty() {
        let args: Vec<String> = args.iter().map(|a| show(input, grounds, *a, 8)).collect();
        name.push_str(&format!("<{}>", args.join(", ")));
    }
    name
}

/// A type as users write it, down to a depth.
fn show(input: &Input, grounds: &Grounds, ground: Ground, depth: u32) -> String {
    if depth == 0 {
        return "…".to_string();
    }
    let list = |parts: &[Ground]| -> String {
        parts.iter().map(|p| show(input, grounds, *p, depth - 1)).collect::<Vec<_>>().join(", ")
    };
    match grounds.get(ground) {
        Node::Unit => "()".to_string(),
        Node::Never => "Never".to_string(),
        Node::Builtin(b, args) if args.is_empty() => format!("{b:?}"),
        Node::Builtin(b, args) => format!("{b:?}<{}>", list(args)),
        Node::Tuple(parts) => format!("({})", list(parts)),
        Node::Function(params, result) => {
            format!("Fun({}) -> {}", list(params), show(input, grounds, *result, depth - 1))
        }
        Node::Pid(m) => format!("Pid<{}>", show(input, grounds, *m, depth - 1)),
        Node::Tags(tags) => {
            let tag = |(name, parts): &(Symbol, Vec<Ground>)| match parts.len() {
                0 => format!(":{name}"),
                _ => format!(":{name}({})", list(parts)),
            };
            format!("[{}]", tags.iter().map(tag).collect::<Vec<_>>().join(" | "))
        }
        Node::Named(def, args) if args.is_empty() => input.hir.types[*def].name.as_str().to_string(),
        Node::Named(def, args) => format!("{}<{}>", input.hir.types[*def].name, list(args)),
    }
}
