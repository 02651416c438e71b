//! Functions: their heads, parameters and bodies.

use super::lists::{Form, bracketed};
use super::{SyntaxKind, arms, blocks, expressions, foreign, name, patterns, types};
use crate::parser::{Lines, Parser};

const PARAMS: Form = Form { close: SyntaxKind::RightParen, lines: Lines::Ignored, entry: "a parameter" };
const GENERICS: Form = Form { close: SyntaxKind::Greater, lines: Lines::Ignored, entry: "a type parameter" };

/// A function inside of a body.
pub(super) fn local_function(p: &mut Parser) {
    let function = p.start();
    after_pub(p, false);
    p.complete(function, SyntaxKind::Function);
}

/// A function from `fn` on. In an interface it may lack its body.
pub(super) fn after_pub(p: &mut Parser, may_lack_body: bool) {
    let opener = p.opener("fn");
    if p.at_word("def") {
        foreign(p, "def", "fn", "functions begin with `fn`");
    }
    p.bump();
    name(p, "the name of the function");
    head(p);
    arms::opt_guard(p);
    match p.kind() {
        SyntaxKind::Equal => {
            p.bump();
            expressions::expr(p);
        }
        SyntaxKind::DoKeyword => {
            p.bump();
            blocks::block_to_end(p, opener, true);
        }
        _ if may_lack_body && (p.at_new_line() || p.at(SyntaxKind::EndKeyword)) => {}
        _ => {
            let opened = super::expect_do(p, "or `=` and the body of the function");
            blocks::block_to_end(p, opener, opened);
        }
    }
}

/// `[<T>] (params) [-> Type] [where …]`
pub(super) fn head(p: &mut Parser) {
    opt_generics(p);
    if p.at(SyntaxKind::LeftParen) {
        params(p);
    } else {
        let gap = p.gap();
        let problem = p.expectation("`(` and the parameters");
        p.report(problem.fix("add empty parentheses", gap, "()"));
    }
    if p.at(SyntaxKind::Arrow) {
        let part = p.start();
        p.bump();
        types::ty(p);
        p.complete(part, SyntaxKind::ReturnType);
    }
    opt_where(p);
}

/// `<T, U: Ord>`
pub(super) fn opt_generics(p: &mut Parser) {
    if p.at(SyntaxKind::Less) {
        let list = p.start();
        bracketed(p, &GENERICS, generic_param);
        p.complete(list, SyntaxKind::GenericParams);
    }
}

fn generic_param(p: &mut Parser) {
    let param = p.start();
    super::capitalised_name(p, "a type parameter");
    if p.eat(SyntaxKind::Colon) {
        bounds(p);
    }
    p.complete(param, SyntaxKind::GenericParam);
}

/// `(p, q :: Type = default)`
pub(super) fn params(p: &mut Parser) {
    let list = p.start();
    bracketed(p, &PARAMS, param);
    p.complete(list, SyntaxKind::ParamList);
}

fn param(p: &mut Parser) {
    if !patterns::at_start(p) {
        return;
    }
    let param = p.start();
    patterns::pattern_before_type(p);
    if p.eat(SyntaxKind::ColonColon) {
        types::ty(p);
    } else if p.at(SyntaxKind::Colon) {
        foreign(p, ":", " ::", "a type stands behind `::`");
        p.bump();
        types::ty(p);
    } else if p.at_capitalised(0) {
        let gap = p.gap();
        let problem = p.expectation("`::` in front of the type of a parameter");
        p.report(problem.fix("put `::` in front of the type", gap, " ::"));
        types::ty(p);
    }
    if p.eat(SyntaxKind::Equal) {
        expressions::expr(p);
    }
    p.complete(param, SyntaxKind::Param);
}

/// `where T: Ord + Hash, U: Eq`; it may begin a line.
pub(super) fn opt_where(p: &mut Parser) {
    if !p.at(SyntaxKind::WhereKeyword) {
        return;
    }
    let clause = p.start();
    p.bump();
    predicate(p);
    while p.eat(SyntaxKind::Comma) {
        predicate(p);
    }
    p.complete(clause, SyntaxKind::WhereClause);
}

fn predicate(p: &mut Parser) {
    let predicate = p.start();
    types::ty(p);
    if p.expect(SyntaxKind::Colon, "and an interface after the type of `where`") {
        bounds(p);
    }
    p.complete(predicate, SyntaxKind::WherePredicate);
}

/// `Ord + Hash`
pub(super) fn bounds(p: &mut Parser) {
    types::ty(p);
    while p.eat(SyntaxKind::Plus) {
        types::ty(p);
    }
}
