//! A value as a crash report shows it: by its type, in the form that `inspect` gives, and no more of it than a line has room for.

use crate::runtime::Runtime;
use snow_abi::descriptor::{Descriptor, DescriptorId, Field};
use snow_heap::Value;
use snow_process::Pid;
use std::fmt::Write;

/// Bytes of text from which on no further part is shown.
const TEXT_BYTES_MAX: usize = 400;
/// Bytes shown of one String or Bytes.
const STRING_BYTES_MAX: usize = 80;
/// Levels of nesting shown.
const DEPTH_MAX: usize = 8;
/// What stands for the rest.
const REST: &str = "…";

/// The text of a value of that type.
pub(crate) fn shown(runtime: &Runtime, value: Value, ty: DescriptorId) -> String {
    let mut shower = Shower { runtime, text: String::new() };
    shower.value(value, ty, 0);
    shower.text
}

struct Shower<'r> {
    runtime: &'r Runtime,
    text: String,
}

impl Shower<'_> {
    fn value(&mut self, value: Value, ty: DescriptorId, depth: usize) {
        let Some(descriptor) = self.runtime.image.program.descriptors.get(ty.0 as usize) else { return };
        if depth > DEPTH_MAX || self.text.len() > TEXT_BYTES_MAX {
            return self.text.push_str(REST);
        }
        match descriptor {
            Descriptor::Tuple(items) => self.sequence("(", ")", value, items.iter().copied(), depth),
            Descriptor::Struct { name, fields } => self.structure(plain(name), value, fields, depth),
            Descriptor::Sum { variants, .. } => {
                let Some(variant) = variants.get(value.tag() as usize) else { return };
                if matches!(&variants[..], [nil, cons] if nil.name == "Nil" && cons.name == "Cons") {
                    let element = variants[1].fields.first().map(|field| field.ty);
                    return self.list(value, element, depth);
                }
                self.text.push_str(&variant.name);
                if !variant.fields.is_empty() {
                    let types = variant.fields.iter().map(|field| field.ty);
                    self.sequence("(", ")", value, types, depth);
                }
            }
            Descriptor::Tags(tags) => {
                let atoms = &self.runtime.image.program.atoms;
                let name = atoms.get(value.tag() as usize).map_or("", String::as_str);
                let Some(tag) = tags.iter().find(|tag| tag.atom == value.tag()) else { return };
                if tag.payload.is_empty() {
                    return self.write(format_args!(":{name}"));
                }
                let open = format!("{{:{name}, ");
                self.sequence(&open, "}", value, tag.payload.iter().copied(), depth);
            }
            leaf => self.leaf(value, leaf),
        }
    }

    fn leaf(&mut self, value: Value, descriptor: &Descriptor) {
        match descriptor {
            Descriptor::Unit => self.text.push_str("()"),
            Descriptor::Bool => self.write(format_args!("{}", value.int() != 0)),
            Descriptor::Int => self.write(format_args!("{}", value.int())),
            Descriptor::Float => self.write(format_args!("{:?}", value.float())),
            Descriptor::String => self.string(value),
            Descriptor::Bytes => {
                self.write(format_args!("Bytes of {}", value.text().unwrap_or_default().len()));
            }
            Descriptor::Pid(_) | Descriptor::ProcessId => {
                let text = self.runtime.pid_text(Pid(value.int() as u64));
                self.text.push_str(&text);
            }
            Descriptor::Map(..) => {
                let size = value.field(0).map_or(0, Value::int);
                self.write(format_args!("Map of {size}"));
            }
            Descriptor::Set(_) => {
                let size = value.field(0).and_then(|map| map.field(0)).map_or(0, Value::int);
                self.write(format_args!("Set of {size}"));
            }
            Descriptor::Array(_) => self.write(format_args!("Array of {}", value.array_len().unwrap_or(0))),
            Descriptor::Function => self.text.push_str("fn"),
            Descriptor::MonitorRef => self.text.push_str("MonitorRef"),
            Descriptor::Opaque(name) => self.text.push_str(plain(name)),
            _ => self.text.push_str(REST),
        }
    }

    fn write(&mut self, text: std::fmt::Arguments) {
        let _infallible = self.text.write_fmt(text);
    }

    fn string(&mut self, value: Value) {
        let text = String::from_utf8_lossy(value.text().unwrap_or_default());
        let end = (0..=STRING_BYTES_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        let (part, rest) = text.split_at(end.unwrap_or(0));
        self.write(format_args!("{part:?}{}", if rest.is_empty() { "" } else { REST }));
    }

    fn sequence(
        &mut self,
        open: &str,
        close: &str,
        value: Value,
        types: impl Iterator<Item = DescriptorId>,
        depth: usize,
    ) {
        self.text.push_str(open);
        for (index, ty) in types.enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            if let Some(field) = value.field(index) {
                self.value(field, ty, depth + 1);
            }
        }
        self.text.push_str(close);
    }

    fn structure(&mut self, name: &str, value: Value, fields: &[Field], depth: usize) {
        self.write(format_args!("{name} {{ "));
        for (index, field) in fields.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            self.write(format_args!("{comma}{}: ", field.name));
            if let Some(part) = value.field(index) {
                self.value(part, field.ty, depth + 1);
            }
        }
        self.text.push_str(" }");
    }

    fn list(&mut self, value: Value, element: Option<DescriptorId>, depth: usize) {
        let Some(element) = element else { return };
        self.text.push('[');
        for (index, item) in value.list().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            if self.text.len() > TEXT_BYTES_MAX {
                self.text.push_str(REST);
                break;
            }
            self.value(item, element, depth + 1);
        }
        self.text.push(']');
    }
}

/// A type's name without its module and arguments.
fn plain(name: &str) -> &str {
    let head = name.split('<').next().unwrap_or(name);
    head.rsplit('.').next().unwrap_or(head)
}
