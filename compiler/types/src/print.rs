//! Types as users write them.
//!
//! Unknown types get letters, the same letter for the same unknown within one [`Printer`]; declared type parameters keep their names.
//! The messages of an actor print as its name, in its own signature in full; a tagged type inside itself is `^1`, `^2` from the inside.

use crate::solver::Solver;
use crate::solver::node::{Closed, Head, Node, RowId, Shape, Tag, Variable};
use snow_names::hir::Builtin;
use snow_text::Symbol;

/// How one message prints its types.
pub struct Printer<'a, 'p> {
    solver: &'a Solver<'p>,
    letters: Vec<Node>,
    stack: Vec<RowId>,
}

/// The name of a built-in.
pub fn builtin_name(builtin: Builtin) -> &'static str {
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

impl Solver<'_> {
    /// One type.
    pub fn show(&self, node: Node) -> String {
        Printer::new(self).inner(node)
    }

    /// One tag with its payload.
    pub fn show_tag(&self, name: Symbol, tag: &Tag) -> String {
        Printer::new(self).tag(name, tag)
    }

    /// A definition with its type; actors print what they receive.
    pub fn show_named(&self, name: Symbol, node: Node, as_actor: bool, bounds: &[(Node, String)]) -> String {
        let mut printer = Printer::new(self);
        let Some((params, mailbox, result)) = self.function(node) else {
            return format!("{name} : {}", printer.outer(node));
        };
        let params: Vec<String> = params.iter().map(|p| printer.inner(*p)).collect();
        let params = params.join(", ");
        let mut text = if as_actor {
            format!("{name} : actor({params}) receiving {}", printer.outer(mailbox))
        } else {
            let result = printer.inner(result);
            format!("{name} : ({params}) -> {result}{}", printer.receiving(mailbox))
        };
        let bounds: Vec<String> = bounds.iter().map(|(n, b)| format!("{}: {b}", printer.inner(*n))).collect();
        if !bounds.is_empty() {
            text.push_str(&format!(" where {}", bounds.join(", ")));
        }
        text
    }
}

impl<'a, 'p> Printer<'a, 'p> {
    /// A printer for one message.
    pub fn new(solver: &'a Solver<'p>) -> Printer<'a, 'p> {
        Printer { solver, letters: Vec::new(), stack: Vec::new() }
    }

    /// A type inside another.
    pub fn inner(&mut self, node: Node) -> String {
        self.print(node, true)
    }

    /// A type on its own: an actor's messages in full.
    pub fn outer(&mut self, node: Node) -> String {
        self.print(node, false)
    }

    /// ` receiving …` after a function, where it uses its mailbox.
    pub fn receiving(&mut self, mailbox: Node) -> String {
        match self.solver.shape(mailbox) {
            Shape::Variable(v)
                if v.mailbox.is_none() && !self.letters.contains(&self.solver.find(mailbox)) =>
            {
                String::new()
            }
            Shape::NoMailbox | Shape::Error => String::new(),
            // Nothing is ever received.
            Shape::Tags(row) if self.is_nothing(*row) => String::new(),
            _ => format!(" receiving {}", self.outer(mailbox)),
        }
    }

    /// A tag with its payload.
    pub fn tag(&mut self, name: Symbol, tag: &Tag) -> String {
        let name = tag_name(name);
        match tag.args.as_slice() {
            [] => name,
            args => format!("{name}({})", self.list(args)),
        }
    }

    fn list(&mut self, nodes: &[Node]) -> String {
        let parts: Vec<String> = nodes.iter().map(|n| self.inner(*n)).collect();
        parts.join(", ")
    }

    fn print(&mut self, node: Node, inside: bool) -> String {
        match self.solver.shape(node) {
            Shape::Variable(variable) => self.variable(self.solver.find(node), *variable),
            Shape::Constructed(head, args) => self.constructed(*head, args),
            Shape::Function(params, mailbox, result) => {
                let (params, result) = (self.list(params), self.inner(*result));
                format!("Fun({params}) -> {result}{}", self.receiving(*mailbox))
            }
            Shape::Pid(messages) => format!("Pid<{}>", self.inner(*messages)),
            Shape::Tags(row) => self.row(self.solver.find_row(*row), inside),
            Shape::Rigid(name) => name.to_string(),
            Shape::NoMailbox => "no mailbox".into(),
            Shape::Error | Shape::Link(_) => "_".into(),
        }
    }

    fn variable(&mut self, node: Node, variable: Variable) -> String {
        if let Some(name) = variable.name {
            return name.to_string();
        }
        let index = self.letters.iter().position(|v| *v == node).unwrap_or_else(|| {
            self.letters.push(node);
            self.letters.len() - 1
        });
        let letter = (b'a' + (index % 26) as u8) as char;
        if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) }
    }

    fn constructed(&mut self, head: Head, args: &[Node]) -> String {
        let name = match head {
            Head::Unit => return "()".into(),
            Head::Never => return "Never".into(),
            Head::Tuple => return format!("({})", self.list(args)),
            Head::Builtin(builtin) => builtin_name(builtin).to_owned(),
            Head::Named(id) => self.solver.program.types[id].name.to_string(),
        };
        if args.is_empty() { name } else { format!("{name}<{}>", self.list(args)) }
    }

    fn row(&mut self, row: RowId, inside: bool) -> String {
        let data = &self.solver.rows[row];
        if let (Some(Closed::Actor(actor)), true) = (data.closed, inside) {
            return self.solver.program.functions[actor].name.to_string();
        }
        if let Some(index) = self.stack.iter().position(|r| *r == row) {
            return format!("^{}", self.stack.len() - index);
        }
        // Nothing is known but what it has to fit: that is more telling.
        if let Some(bound) = self.only_bound(row).filter(|bound| *bound != row) {
            return self.row(bound, false);
        }
        self.stack.push(row);
        let mut tags: Vec<String> = data.tags.iter().map(|(name, tag)| self.tag(*name, tag)).collect();
        self.stack.pop();
        tags.sort();
        let dots = match (data.closed.is_some(), tags.is_empty()) {
            (true, _) => "",
            (false, true) => "..",
            (false, false) => " ..",
        };
        format!("[{}{dots}]", tags.join(" | "))
    }
}

impl Printer<'_, '_> {
    fn is_nothing(&self, row: RowId) -> bool {
        let data = &self.solver.rows[self.solver.find_row(row)];
        data.closed.is_some() && data.tags.is_empty()
    }

    /// The closed row that an open one without tags leads to, if there is one.
    fn only_bound(&self, mut row: RowId) -> Option<RowId> {
        for _ in 0..8 {
            let data = &self.solver.rows[row];
            if data.closed.is_some() {
                return Some(row);
            }
            let [only] = &data.supers[..] else { return None };
            if data.general || !data.tags.is_empty() {
                return None;
            }
            row = self.solver.find_row(only.to);
        }
        None
    }
}

/// `:name`, quoted where it has to be.
pub fn tag_name(name: Symbol) -> String {
    let text = name.as_str();
    let plain = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { format!(":{text}") } else { format!(":{text:?}") }
}
