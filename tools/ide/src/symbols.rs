//! The outline of a file: what it defines, from the tree alone.

use snow_diagnostics::Problems;
use snow_syntax::ast::{self, Ast, Item, Name};
use snow_text::{SourceId, Span};

/// What kind of thing an outline shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolKind {
    /// A function of a module or service.
    Function,
    /// A function of an impl or interface.
    Method,
    /// A struct.
    Struct,
    /// A sum type or alias.
    Type,
    /// A variant of a sum type.
    Variant,
    /// A field of a struct.
    Field,
    /// An interface.
    Interface,
    /// An impl block.
    Impl,
    /// An actor, service or supervisor.
    Process,
    /// A `call` or `cast` of a service, a child of a supervisor.
    Handler,
    /// A constant.
    Constant,
    /// A test.
    Test,
}

/// A line of an outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The whole definition; all clauses of a function.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
    /// What it consists of.
    pub parts: Vec<Symbol>,
}

/// The outline of a text. Deep trees need a deep stack.
pub fn symbols(source: SourceId, text: &str) -> Vec<Symbol> {
    let tree = snow_syntax::parse(source, text, &mut Problems::default());
    let mut found: Vec<Symbol> = Vec::new();
    for item in tree.root().items() {
        push(&mut found, symbol(&item));
    }
    found
}

/// Clauses of one function are one line.
fn push(list: &mut Vec<Symbol>, next: Option<Symbol>) {
    let Some(next) = next else { return };
    match list.last_mut() {
        Some(last) if last.name == next.name && last.kind == next.kind && is_function(next.kind) => {
            last.span = last.span.to(next.span);
        }
        _ => list.push(next),
    }
}

fn is_function(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Process)
}

fn symbol(item: &Item) -> Option<Symbol> {
    let (kind, parts) = match item {
        Item::Function(_) => (SymbolKind::Function, Vec::new()),
        Item::Actor(_) => (SymbolKind::Process, Vec::new()),
        Item::Constant(_) => (SymbolKind::Constant, Vec::new()),
        Item::TypeAlias(_) => (SymbolKind::Type, Vec::new()),
        Item::Struct(it) => (SymbolKind::Struct, leaves(it.fields(), |f| f.name(), SymbolKind::Field)),
        Item::SumType(it) => (SymbolKind::Type, leaves(it.variants(), |v| v.name(), SymbolKind::Variant)),
        Item::Interface(it) => {
            (SymbolKind::Interface, leaves(it.functions(), |f| f.name(), SymbolKind::Method))
        }
        Item::Service(it) => (SymbolKind::Process, service_parts(it)),
        Item::Supervisor(it) => {
            (SymbolKind::Process, leaves(it.children(), |c| c.name(), SymbolKind::Handler))
        }
        Item::Impl(it) => return implementation(it),
        Item::Test(it) => return test(it),
        Item::Import(_) | Item::FromImport(_) => return None,
    };
    leaf(item, item.name(), kind).map(|own| Symbol { parts, ..own })
}

fn leaf(node: &impl Ast, name: Option<Name>, kind: SymbolKind) -> Option<Symbol> {
    let name = name?;
    let span = node.span().to(name.span);
    Some(Symbol { name: name.text().to_string(), kind, span, name_span: name.span, parts: Vec::new() })
}

fn leaves<T: Ast>(nodes: Vec<T>, name: impl Fn(&T) -> Option<Name>, kind: SymbolKind) -> Vec<Symbol> {
    let mut found = Vec::new();
    for node in &nodes {
        push(&mut found, leaf(node, name(node), kind));
    }
    found
}

fn service_parts(service: &ast::Service) -> Vec<Symbol> {
    let mut parts = leaves(service.functions(), |f| f.name(), SymbolKind::Function);
    parts.extend(leaves(service.calls(), |c| c.name(), SymbolKind::Handler));
    parts.extend(leaves(service.casts(), |c| c.name(), SymbolKind::Handler));
    parts.sort_by_key(|part| part.span);
    parts
}

/// `impl Display for Point`, with its methods.
fn implementation(item: &ast::Impl) -> Option<Symbol> {
    let subject = item.subject()?;
    let shown = |ty: &ast::Type| ty.node().syntax().text().to_string().trim().to_string();
    let name = match item.interface() {
        Some(interface) => format!("impl {} for {}", shown(&interface), shown(&subject)),
        None => format!("impl {}", shown(&subject)),
    };
    let parts = leaves(item.functions(), |f| f.name(), SymbolKind::Method);
    Some(Symbol { name, kind: SymbolKind::Impl, span: item.span(), name_span: subject.span(), parts })
}

fn test(item: &ast::Test) -> Option<Symbol> {
    let title = item.title()?;
    let name = format!("test {}", title.node().syntax().text().to_string().trim());
    let (span, name_span) = (item.span(), title.span());
    Some(Symbol { name, kind: SymbolKind::Test, span, name_span, parts: Vec::new() })
}
