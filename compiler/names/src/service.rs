//! Services.

use crate::codes;
use crate::declare::Declare;
use crate::resolve::Resolver;
use snow_diagnostics::Diagnostic;
use snow_syntax::ast;

/// A service that is still to be resolved.
pub(crate) struct ServicePlan {}

/// Reports a service.
pub(crate) fn declare(pass: &mut Declare, service: ast::Service) {
    let span = service.name().map_or(service.span(), |n| n.span);
    let problem = Diagnostic::new(codes::NOT_AVAILABLE, span, "services are not available in this version");
    pass.problems.push(problem.help("write an actor that answers {:get, from} messages"));
}

impl Resolver<'_> {
    pub fn service(&mut self, _plan: ServicePlan) {}
}
