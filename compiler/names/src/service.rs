//! Services: what a service defines. Its functions hang below its name, in a table of their own.
//!
//! A service is two actors, `run`, which starts with `init`, and `loop`, which has a message for every handler, and a
//! function for every handler that sends that message.

use crate::clause::{Group, group, simple_name};
use crate::codes;
use crate::declare::{Declare, Work};
use crate::definition::{Signature, Table, TypeName, Value};
use crate::hir::{FunctionId, FunctionKind, ModuleId};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, Name};
use snow_text::{Span, Symbol};

/// A handler: its message and the function that sends it.
pub(crate) struct Handler {
    pub name: Name,
    pub params: Vec<ast::Param>,
    pub state: Option<ast::Pattern>,
    pub body: Option<ast::Block>,
    /// Type of the reply and default of `timeout`; casts have none.
    pub call: Option<(Option<ast::Type>, FunctionId)>,
    pub function: FunctionId,
    /// The function that sends it to a name on a node.
    pub by_name: FunctionId,
    pub span: Span,
}

/// A service that is still to be resolved.
pub(crate) struct ServicePlan {
    pub service: ast::Service,
    pub name: Name,
    pub init: FunctionId,
    pub start: FunctionId,
    pub start_link: FunctionId,
    pub run: FunctionId,
    pub looping: FunctionId,
    pub handlers: Vec<Handler>,
}

pub(crate) type Params = Vec<(Symbol, Option<FunctionId>)>;

/// Declares a service.
pub(crate) fn declare(pass: &mut Declare, service: ast::Service) {
    let Some(name) = service.name() else { return };
    let home = open_table(pass, name, service.is_pub());
    let id = pass.module;
    let init = functions(pass, &service);
    match init {
        Some(init) => queue(pass, service, name, init),
        None => {
            let text = format!("the service {} has no `fn init`", name.text());
            let problem = Diagnostic::new(codes::SERVICE, name.span, text);
            pass.problems.push(problem.help("`init` gives the first state: `fn init() = 0`"));
        }
    }
    pass.module = home;
    let service_type = pass.definitions.tables[id].values.get(&Symbol::new("%loop"));
    if let Some(value) = service_type.copied() {
        pass.type_name(name, TypeName::Service(value.id));
    }
}

/// Goes on in a new table for what hangs below `name`; gives the module around it.
pub(crate) fn open_table(pass: &mut Declare, name: Name, public: bool) -> ModuleId {
    let home = pass.module;
    let (prefix, is_std) = (pass.definitions.tables[home].name, pass.definitions.tables[home].is_std);
    let full = if prefix.as_str().is_empty() {
        name.text().to_string()
    } else {
        format!("{prefix}.{}", name.text())
    };
    let mut table = Table::new(Symbol::new(&full), is_std, name.span.source);
    table.parent = Some(home);
    table.name_span = Some(name.span);
    let id = pass.definitions.tables.push(table);
    pass.definitions.tables[home].services.insert(name.symbol, (id, public));
    pass.module = id;
    home
}

/// `init` and the functions beside it; gives `init`.
fn functions(pass: &mut Declare, service: &ast::Service) -> Option<FunctionId> {
    let mut init = None;
    for group in group(service.functions().iter().filter_map(Group::of_function)) {
        let id = pass.function(&group, FunctionKind::Plain);
        if !pass.value(group.name, Value { id, public: group.public, span: group.name.span }) {
            let first = pass.definitions.tables[pass.module].values[&group.name.symbol].span;
            pass.defined_twice(group.name, first);
        }
        if group.name.text() == "init" {
            init = Some(id);
        }
        pass.queue(Work::Function(id, group));
    }
    init
}

fn queue(pass: &mut Declare, service: ast::Service, name: Name, init: FunctionId) {
    let public = service.is_pub();
    let params: Params = pass.definitions.functions[init].params.clone();
    let enter = |pass: &mut Declare, text: &str, kind, params: Params| {
        let entry = Name { symbol: Symbol::new(text), span: name.span };
        generated(pass, entry, public, kind, params)
    };
    let start = enter(pass, "start", FunctionKind::Plain, params.clone());
    let start_link = enter(pass, "start_link", FunctionKind::Plain, params.clone());
    let run = enter(pass, "%run", FunctionKind::Actor, params);
    let state = vec![(Symbol::new("state"), None)];
    let looping = enter(pass, "%loop", FunctionKind::Actor, state);
    // What types and crash reports call them.
    pass.definitions.functions[run].name = name.symbol;
    pass.definitions.functions[looping].name = name.symbol;
    let handlers = handlers(pass, &service, public);
    let plan = ServicePlan { service, name, init, start, start_link, run, looping, handlers };
    pass.queue(Work::Service(Box::new(plan)));
}

/// A function that the service has without writing it.
pub(crate) fn generated(
    pass: &mut Declare,
    name: Name,
    public: bool,
    kind: FunctionKind,
    params: Params,
) -> FunctionId {
    let module = pass.module;
    let signature = Signature { name: name.symbol, module, public, kind, params, span: name.span };
    let id = pass.definitions.functions.push(signature);
    if !pass.value(name, Value { id, public, span: name.span }) {
        let first = pass.definitions.tables[module].values[&name.symbol].span;
        pass.defined_twice(name, first);
    }
    id
}

fn handlers(pass: &mut Declare, service: &ast::Service, public: bool) -> Vec<Handler> {
    let mut handlers = Vec::new();
    for call in service.calls() {
        let Some(name) = call.name() else { continue };
        let timeout = pass.unnamed("default value", FunctionKind::DefaultValue, name.span);
        let mut params = client_params(&call.params());
        params.push((Symbol::new("timeout"), Some(timeout)));
        let by_name = addressed(pass, name, &params);
        let function = generated(pass, small(name), public, FunctionKind::Plain, params);
        handlers.push(Handler {
            by_name,
            name,
            params: call.params(),
            state: call.state(),
            body: call.body(),
            call: Some((call.reply_type(), timeout)),
            function,
            span: call.span(),
        });
    }
    for cast in service.casts() {
        let Some(name) = cast.name() else { continue };
        let params = client_params(&cast.params());
        let by_name = addressed(pass, name, &params);
        let function = generated(pass, small(name), public, FunctionKind::Plain, params);
        let (params, state, body, span) = (cast.params(), cast.state(), cast.body(), cast.span());
        handlers.push(Handler { name, params, state, body, call: None, function, by_name, span });
    }
    handlers
}

/// A handler's function for names: no table knows it, calls find it by the type of what they are given.
fn addressed(pass: &mut Declare, name: Name, params: &Params) -> FunctionId {
    let id = pass.unnamed(small(name).text(), FunctionKind::Plain, name.span);
    pass.definitions.functions[id].params = params.clone();
    id
}

/// The pid, then the handler's parameters.
fn client_params(written: &[ast::Param]) -> Params {
    let name = |p: &ast::Param| Some(simple_name(&p.pattern()?)?.0.symbol);
    let own = written.iter().map(|p| (name(p).unwrap_or(Symbol::new("_")), None));
    std::iter::once((Symbol::new("pid"), None)).chain(own).collect()
}

/// `GetTotal` is called as `get_total`.
fn small(name: Name) -> Name {
    Name { symbol: Symbol::new(&crate::imports::snake_case(name.text())), span: name.span }
}
