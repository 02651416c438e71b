//! The types of primitives and intrinsics, read from their rows.

use crate::checker::Checker;
use crate::convert::{Mailboxes, Scope};
use crate::solver::node::{Head, Node, Shape};
use snow_names::hir::{Builtin, TypeKind};
use snow_text::Symbol;

/// A parser of scheme text such as `(String, Int) -> Option<Int>`.
struct Reader<'c, 'p, 't> {
    checker: &'c mut Checker<'p>,
    text: &'t [u8],
    at: usize,
    params: Vec<(char, Node)>,
}

impl Checker<'_> {
    /// A fresh instance of a row's type, and the types for its parameters in order of appearance.
    pub(crate) fn row_instance(&mut self, scheme: &str) -> (Node, Vec<Node>) {
        let mut reader = Reader { checker: self, text: scheme.as_bytes(), at: 0, params: Vec::new() };
        let params = reader.list(b'(', b')');
        reader.skip(b"->");
        let result = reader.ty();
        let args = reader.params.iter().map(|p| p.1).collect();
        let mailbox = self.solver.make(Shape::NoMailbox);
        (self.solver.make(Shape::Function(params, mailbox, result)), args)
    }
}

impl Reader<'_, '_, '_> {
    fn peek(&mut self) -> u8 {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.text.get(self.at).copied().unwrap_or(0)
    }

    fn skip(&mut self, what: &[u8]) {
        self.peek();
        assert!(self.text[self.at..].starts_with(what), "the row's scheme is well formed");
        self.at += what.len();
    }

    fn list(&mut self, open: u8, close: u8) -> Vec<Node> {
        self.skip(&[open]);
        let mut items = Vec::new();
        while self.peek() != close {
            if !items.is_empty() {
                self.skip(b",");
            }
            items.push(self.ty());
        }
        self.skip(&[close]);
        items
    }

    fn ty(&mut self) -> Node {
        if self.peek() == b'(' {
            let items = self.list(b'(', b')');
            let head = if items.is_empty() { Head::Unit } else { Head::Tuple };
            return self.checker.solver.constructed(head, items);
        }
        let from = self.at;
        while self.text.get(self.at).is_some_and(u8::is_ascii_alphanumeric) {
            self.at += 1;
        }
        let name = String::from_utf8_lossy(&self.text[from..self.at]).into_owned();
        let args = if self.peek() == b'<' { self.list(b'<', b'>') } else { Vec::new() };
        self.named(&name, args)
    }

    fn named(&mut self, name: &str, args: Vec<Node>) -> Node {
        let letter = name.chars().next().unwrap_or(' ');
        if name.len() == 1 {
            if let Some((_, node)) = self.params.iter().find(|p| p.0 == letter) {
                return *node;
            }
            let node = self.checker.solver.fresh();
            self.params.push((letter, node));
            return node;
        }
        let c = &mut *self.checker;
        let builtin = |b| Head::Builtin(b);
        let head = match name {
            "Int" => builtin(Builtin::Int),
            "Float" => builtin(Builtin::Float),
            "Bool" => builtin(Builtin::Bool),
            "String" => builtin(Builtin::String),
            "Bytes" => builtin(Builtin::Bytes),
            "ProcessId" => builtin(Builtin::ProcessId),
            "MonitorRef" => builtin(Builtin::MonitorRef),
            "Array" => builtin(Builtin::Array),
            "Never" => Head::Never,
            "Pid" => return c.solver.make(Shape::Pid(args[0])),
            _ => return self.known(name, args),
        };
        c.solver.constructed(head, args)
    }

    /// A type of std.
    fn known(&mut self, name: &str, args: Vec<Node>) -> Node {
        let c = &mut *self.checker;
        let Some(known) = c.known() else { return c.solver.make(Shape::Error) };
        let id = match name {
            "List" => known.list,
            "Option" => known.option,
            "Result" => known.result,
            "Map" => known.map,
            "ExitReason" => return c.exit_reason(),
            _ => panic!("a row's scheme names {name}, which the checker does not know"),
        };
        c.solver.constructed(Head::Named(id), args)
    }
}

impl Checker<'_> {
    /// The closed tagged type of exit reasons.
    pub(crate) fn exit_reason(&mut self) -> Node {
        let Some(known) = self.known() else { return self.solver.make(Shape::Error) };
        let span = self.program.types[known.exit_reason].name_span;
        let ty = snow_names::hir::Type { kind: TypeKind::Named(known.exit_reason, Vec::new()), span };
        let scope = Scope { params: &[], self_type: None, associated: &[], mailboxes: Mailboxes::Stored };
        self.convert(&ty, &scope)
    }

    /// A type of std with arguments.
    pub(crate) fn std_type(&mut self, id: snow_names::hir::TypeDefId, args: Vec<Node>) -> Node {
        self.solver.constructed(Head::Named(id), args)
    }

    /// `List<item>`
    pub(crate) fn list_of(&mut self, item: Node) -> Node {
        match self.known() {
            Some(known) => self.std_type(known.list, vec![item]),
            None => self.solver.make(Shape::Error),
        }
    }

    /// The module of std with a name.
    pub(crate) fn std_module(&self, name: &str) -> Option<&snow_names::hir::Module> {
        let name = Symbol::new(name);
        self.program.modules.values().find(|m| m.is_std && m.name == name)
    }
}
