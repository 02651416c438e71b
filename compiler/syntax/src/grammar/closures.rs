//! Closures in all their forms.

use super::blocks::{BlockEnd, block};
use super::{SyntaxKind, arms, functions, patterns, types};
use crate::codes;
use crate::parser::{Completed, Lines, Parser};
use snow_diagnostics::Diagnostic;

/// Whether `fn` begins a function with a name rather than a closure.
pub(super) fn is_named(p: &Parser) -> bool {
    p.nth(1) == SyntaxKind::Ident
        && !p.at_capitalised(1)
        && p.nth_text(1) != "_"
        && matches!(p.nth(2), SyntaxKind::LeftParen | SyntaxKind::Less)
}

/// `fn x -> e end`, `fn(x, y) -> e end`, `fn -> e end`, `fn x do … end`, `fn 0 -> a | n -> b end`
pub(super) fn closure(p: &mut Parser) -> Completed {
    let closure = p.start();
    let opener = p.opener("fn");
    p.bump();
    p.enter();
    p.with_lines(Lines::Statements, |p| {
        clause(p);
        while p.eat(SyntaxKind::Pipe) {
            p.recovered();
            clause(p);
        }
    });
    p.expect_end(opener);
    p.complete(closure, SyntaxKind::ClosureExpr)
}

fn clause(p: &mut Parser) {
    let clause = p.start();
    params(p);
    arms::opt_guard(p);
    if p.eat(SyntaxKind::DoKeyword) {
        block(p, BlockEnd::Plain);
    } else {
        arms::arrow_and_body(p, BlockEnd::Clause, "or `do` after the parameters of `fn`");
    }
    p.complete(clause, SyntaxKind::ClosureClause);
}

fn params(p: &mut Parser) {
    match p.kind() {
        SyntaxKind::LeftParen => functions::params(p),
        SyntaxKind::Arrow | SyntaxKind::DoKeyword => {
            p.empty(SyntaxKind::ParamList);
        }
        _ => single_param(p),
    }
}

fn single_param(p: &mut Parser) {
    let (list, first) = (p.start(), p.span());
    param(p);
    if p.at(SyntaxKind::Comma) {
        let span = p.span();
        while p.eat(SyntaxKind::Comma) {
            param(p);
        }
        let last = p.previous_span();
        let open = snow_text::Span::new(first.source, first.start, first.start);
        let close = snow_text::Span::new(first.source, last.end, last.end);
        let mut problem = Diagnostic::new(
            codes::UNEXPECTED,
            span,
            "several parameters of `fn` need parentheses around them",
        );
        problem.fixes.push(snow_diagnostics::Fix {
            title: "put parentheses around the parameters".into(),
            edits: vec![(open, "(".into()), (close, ")".into())],
        });
        p.report(problem);
    }
    p.complete(list, SyntaxKind::ParamList);
}

fn param(p: &mut Parser) {
    let param = p.start();
    patterns::pattern_before_type(p);
    if p.eat(SyntaxKind::ColonColon) {
        types::ty(p);
    }
    p.complete(param, SyntaxKind::Param);
}
