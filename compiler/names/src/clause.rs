//! One clause of a function, actor or closure, and the clauses that belong together.

use snow_syntax::ast::{self, Name};
use snow_text::Span;

/// What a clause does.
#[derive(Clone)]
pub(crate) enum ClauseBody {
    /// `= e`
    Expr(ast::Expr),
    /// `do … end`
    Block(ast::Block),
    /// A signature.
    Missing,
}

/// A clause of any of them.
#[derive(Clone)]
pub(crate) struct Clause {
    /// The function's, written again for each clause; closures have none.
    pub name: Option<Name>,
    pub params: Vec<ast::Param>,
    pub guard: Option<ast::Expr>,
    pub body: ClauseBody,
    pub result: Option<ast::Type>,
    pub generics: Vec<ast::GenericParam>,
    pub predicates: Vec<ast::WherePredicate>,
    pub span: Span,
    /// Whether it stands apart from the clauses above, which has been reported.
    pub apart: bool,
}

/// All clauses of one function or actor.
#[derive(Clone)]
pub(crate) struct Group {
    pub name: Name,
    pub public: bool,
    pub docs: String,
    pub clauses: Vec<Clause>,
    pub terminate: Option<ast::Terminate>,
}

impl Group {
    pub fn arity(&self) -> usize {
        self.clauses[0].params.len()
    }

    pub fn span(&self) -> Span {
        let last = self.clauses.last().expect("a group has a clause");
        self.clauses[0].span.to(last.span)
    }

    /// A group of one clause; `None` when the source has no name there, which has been reported.
    pub fn of_function(function: &ast::Function) -> Option<Group> {
        let body = match function.body() {
            Some(ast::Body::Expr(e)) => ClauseBody::Expr(e),
            Some(ast::Body::Block(b)) => ClauseBody::Block(b),
            None => ClauseBody::Missing,
        };
        let clause = Clause {
            name: function.name(),
            params: function.params(),
            guard: function.guard(),
            body,
            result: function.return_type(),
            generics: function.generics(),
            predicates: function.predicates(),
            span: function.span(),
            apart: false,
        };
        let docs = function.docs().unwrap_or_default();
        let public = function.is_pub();
        Some(Group { name: function.name()?, public, docs, clauses: vec![clause], terminate: None })
    }

    pub fn of_actor(actor: &ast::Actor) -> Option<Group> {
        let clause = Clause {
            name: actor.name(),
            params: actor.params(),
            guard: actor.guard(),
            body: actor.body().map_or(ClauseBody::Missing, ClauseBody::Block),
            result: actor.return_type(),
            generics: actor.generics(),
            predicates: actor.predicates(),
            span: actor.span(),
            apart: false,
        };
        let docs = actor.docs().unwrap_or_default();
        let (public, terminate) = (actor.is_pub(), actor.terminate());
        Some(Group { name: actor.name()?, public, docs, clauses: vec![clause], terminate })
    }

    /// Whether `next`, which follows directly, is a further clause of this function.
    pub fn continues_with(&self, next: &Group) -> bool {
        self.name.symbol == next.name.symbol
    }

    /// Takes the clauses of `next`.
    pub fn join(&mut self, next: Group) {
        self.public |= next.public;
        self.terminate = self.terminate.take().or(next.terminate);
        self.clauses.extend(next.clauses);
    }
}

impl From<&ast::ClosureClause> for Clause {
    fn from(clause: &ast::ClosureClause) -> Clause {
        Clause {
            name: None,
            params: clause.params(),
            guard: clause.guard(),
            body: clause.body().map_or(ClauseBody::Missing, ClauseBody::Block),
            result: None,
            generics: Vec::new(),
            predicates: Vec::new(),
            span: clause.span(),
            apart: false,
        }
    }
}

/// Groups functions that follow each other and have one name.
pub(crate) fn group(functions: impl IntoIterator<Item = Group>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for next in functions {
        match groups.last_mut() {
            Some(last) if last.continues_with(&next) => last.join(next),
            _ => groups.push(next),
        }
    }
    groups
}

/// The name a parameter pattern is, if it is just a name, types and parentheses aside.
pub(crate) fn simple_name(pattern: &ast::Pattern) -> Option<(Name, Option<ast::Type>)> {
    match pattern {
        ast::Pattern::Name(name) => Some((name.name()?, None)),
        ast::Pattern::Paren(paren) => simple_name(&paren.inner()?),
        ast::Pattern::Typed(typed) => {
            let (name, _) = simple_name(&typed.inner()?)?;
            Some((name, typed.ty()))
        }
        _ => None,
    }
}
