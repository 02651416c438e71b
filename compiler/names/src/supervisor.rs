//! Supervisors: what a supervisor defines. As with a service, its functions hang below its name, in a table of their own.
//!
//! A supervisor is one actor, which hands rules and children to `std/supervisor.snow`, and the functions that start it.

use crate::declare::{Declare, Work};
use crate::definition::{Table, TypeName};
use crate::hir::{FunctionId, FunctionKind};
use crate::service;
use snow_syntax::ast::{self, Name};
use snow_text::Symbol;

/// The actor's entry in the table; no program can write it.
pub(crate) const ACTOR: &str = "%supervisor";

/// A supervisor that is still to be resolved.
pub(crate) struct SupervisorPlan {
    pub supervisor: ast::Supervisor,
    pub name: Name,
    pub start: FunctionId,
    pub start_link: FunctionId,
    pub actor: FunctionId,
}

/// Declares a supervisor.
pub(crate) fn declare(pass: &mut Declare, supervisor: ast::Supervisor) {
    let Some(name) = supervisor.name() else { return };
    let public = supervisor.is_pub();
    let home = service::open_table(pass, name, public);
    let enter = |pass: &mut Declare, text: &str, kind| {
        let entry = Name { symbol: Symbol::new(text), span: name.span };
        service::generated(pass, entry, public, kind, Vec::new())
    };
    let start = enter(pass, "start", FunctionKind::Plain);
    let start_link = enter(pass, "start_link", FunctionKind::Plain);
    let actor = enter(pass, ACTOR, FunctionKind::Actor);
    // What types and crash reports call it.
    pass.definitions.functions[actor].name = name.symbol;
    let plan = SupervisorPlan { supervisor, name, start, start_link, actor };
    pass.queue(Work::Supervisor(Box::new(plan)));
    pass.module = home;
    pass.type_name(name, TypeName::Service(actor));
}

/// The actor of a supervisor's table.
pub(crate) fn actor_of(table: &Table) -> Option<FunctionId> {
    table.values.get(&Symbol::new(ACTOR)).map(|value| value.id)
}
