//! Types in a programmer's words, for errors. Bounded in depth and length: a peer's schema may be anything.

use super::{Case, Member, Node, NodeId, Schema};
use crate::limits::{PRINT_BYTES_MAX, PRINT_DEPTH_MAX};

pub(super) fn print(schema: &Schema, id: NodeId) -> String {
    let mut printer = Printer { schema, out: String::new() };
    printer.node(id, 0);
    if printer.out.len() > PRINT_BYTES_MAX {
        let end = (0..=PRINT_BYTES_MAX).rev().find(|i| printer.out.is_char_boundary(*i)).unwrap_or(0);
        printer.out.truncate(end);
        printer.out.push('…');
    }
    printer.out
}

struct Printer<'a> {
    schema: &'a Schema,
    out: String,
}

impl Printer<'_> {
    fn node(&mut self, id: NodeId, depth: usize) {
        if depth > PRINT_DEPTH_MAX || self.out.len() > PRINT_BYTES_MAX {
            return self.out.push('…');
        }
        let schema = self.schema;
        match schema.node(id) {
            Node::Unit => self.out.push_str("()"),
            Node::Bool => self.out.push_str("Bool"),
            Node::Int => self.out.push_str("Int"),
            Node::Float => self.out.push_str("Float"),
            Node::String => self.out.push_str("String"),
            Node::Bytes => self.out.push_str("Bytes"),
            Node::Never => self.out.push_str("Never"),
            Node::ProcessId => self.out.push_str("ProcessId"),
            Node::MonitorRef => self.out.push_str("MonitorRef"),
            Node::Function => self.out.push_str("a function"),
            Node::Opaque(name) => self.out.push_str(name),
            Node::Pid(t) => self.generic("Pid", &[*t], depth),
            Node::Array(t) => self.generic("Array", &[*t], depth),
            Node::List(t) => self.generic("List", &[*t], depth),
            Node::Set(t) => self.generic("Set", &[*t], depth),
            Node::Map(k, v) => self.generic("Map", &[*k, *v], depth),
            Node::Tuple(items) => self.separated("(", items, ")", depth),
            Node::Struct(name, members) if depth == 0 => {
                self.out.push_str(name);
                self.members(members, depth);
            }
            Node::Struct(name, _) | Node::Sum(name, _) => self.out.push_str(name),
            Node::Tags(cases) => self.tags(cases, depth),
        }
    }

    fn generic(&mut self, name: &str, arguments: &[NodeId], depth: usize) {
        self.out.push_str(name);
        self.separated("<", arguments, ">", depth);
    }

    fn separated(&mut self, open: &str, items: &[NodeId], close: &str, depth: usize) {
        self.out.push_str(open);
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            self.node(*item, depth + 1);
        }
        self.out.push_str(close);
    }

    fn members(&mut self, members: &[Member], depth: usize) {
        self.out.push_str(" { ");
        for (i, member) in members.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            self.out.push_str(&member.name);
            self.out.push_str(" :: ");
            self.node(member.ty, depth + 1);
        }
        self.out.push_str(" }");
    }

    fn tags(&mut self, cases: &[Case], depth: usize) {
        self.out.push('[');
        for (i, case) in cases.iter().enumerate() {
            if i > 0 {
                self.out.push_str(" | ");
            }
            self.out.push(':');
            self.out.push_str(&case.name);
            if !case.members.is_empty() {
                let types: Vec<NodeId> = case.members.iter().map(|m| m.ty).collect();
                self.separated("(", &types, ")", depth);
            }
        }
        self.out.push(']');
    }
}
