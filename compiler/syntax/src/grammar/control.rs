//! `if`, `case`, `receive`, loops, `return` and the forms of tests.

use super::blocks::{BlockEnd, block, block_to_end};
use super::{SyntaxKind, arms, expect_do, expressions, foreign, patterns};
use crate::parser::{Completed, Parser};

/// `if c do … else if d do … else … end`
pub(super) fn if_expr(p: &mut Parser) -> Completed {
    let whole = p.start();
    let opener = p.opener("if");
    p.bump();
    condition(p, "after the condition of `if`");
    if !expect_do(p, "after the condition of `if`") {
        return p.complete(whole, SyntaxKind::IfExpr);
    }
    p.enter();
    block(p, BlockEnd::Plain);
    while p.at(SyntaxKind::ElseKeyword) && !p.is_dedented() {
        let branch = p.start();
        p.bump();
        p.recovered();
        let is_last = !p.at(SyntaxKind::IfKeyword) || p.opens_line(0);
        if !is_last {
            p.bump();
            condition(p, "after the condition of `else if`");
            expect_do(p, "after the condition of `else if`");
        }
        block(p, BlockEnd::Plain);
        p.complete(branch, if is_last { SyntaxKind::Else } else { SyntaxKind::ElseIf });
        if is_last {
            break;
        }
    }
    p.expect_end(opener);
    p.complete(whole, SyntaxKind::IfExpr)
}

/// `case e do … end`
pub(super) fn case(p: &mut Parser) -> Completed {
    let whole = p.start();
    let opener = p.opener("case");
    p.bump();
    expressions::expr(p);
    if expect_do(p, "after the value of `case`") {
        p.enter();
        arms::arms(p, BlockEnd::Arm);
        p.expect_end(opener);
    }
    p.complete(whole, SyntaxKind::CaseExpr)
}

/// `match e do … end`, read as a `case`.
pub(super) fn match_as_case(p: &mut Parser) -> Completed {
    foreign(p, "match", "case", "the word is `case`");
    case(p)
}

/// `receive do … [after ms -> …] end`
pub(super) fn receive(p: &mut Parser) -> Completed {
    let whole = p.start();
    let opener = p.opener("receive");
    p.bump();
    if expect_do(p, "after `receive`") {
        p.enter();
        arms::arms(p, BlockEnd::ReceiveArm);
        p.expect_end(opener);
    }
    p.complete(whole, SyntaxKind::ReceiveExpr)
}

/// A condition. `=` in it is meant to compare: then it is read to its end, and nothing else is said of it.
fn condition(p: &mut Parser, place: &str) {
    let whole = p.start();
    expressions::expr(p);
    if !p.at(SyntaxKind::Equal) || p.opens_line(0) {
        return p.abandon(whole);
    }
    let (problem, span) = (p.expectation(&format!("`do` {place}")), p.span());
    p.report(problem.help("values are compared with `==`").fix("compare with `==`", span, "=="));
    p.bump();
    if expressions::at_start(p) {
        expressions::expr(p);
    }
    p.complete(whole, SyntaxKind::ErrorExpr);
}

/// `while c do … end`
pub(super) fn while_expr(p: &mut Parser) -> Completed {
    let whole = p.start();
    let opener = p.opener("while");
    p.bump();
    condition(p, "after the condition of `while`");
    let opened = expect_do(p, "after the condition of `while`");
    block_to_end(p, opener, opened);
    p.complete(whole, SyntaxKind::WhileExpr)
}

/// `for p in e, q in f when c do … end`
pub(super) fn for_expr(p: &mut Parser) -> Completed {
    let whole = p.start();
    let opener = p.opener("for");
    p.bump();
    generator(p);
    while p.eat(SyntaxKind::Comma) {
        generator(p);
    }
    let opened = expect_do(p, "after the values of `for`");
    block_to_end(p, opener, opened);
    p.complete(whole, SyntaxKind::ForExpr)
}

fn generator(p: &mut Parser) {
    let generator = p.start();
    patterns::pattern(p);
    if p.expect(SyntaxKind::InKeyword, "and what to go through after the pattern of `for`") {
        expressions::expr(p);
    }
    arms::opt_guard(p);
    p.complete(generator, SyntaxKind::Generator);
}

/// `return [e]`; the value begins on the same line.
pub(super) fn return_expr(p: &mut Parser) -> Completed {
    let whole = p.start();
    p.bump();
    if expressions::at_start(p) && !p.opens_line(0) {
        expressions::expr(p);
    }
    p.complete(whole, SyntaxKind::ReturnExpr)
}

/// `assert cond [, text]`
pub(super) fn assert(p: &mut Parser) -> Completed {
    let whole = p.start();
    p.bump();
    expressions::expr(p);
    if p.eat(SyntaxKind::Comma) {
        expressions::expr(p);
    }
    p.complete(whole, SyntaxKind::AssertExpr)
}

/// `assert_matches PATTERN, e`
pub(super) fn assert_matches(p: &mut Parser) -> Completed {
    let whole = p.start();
    p.bump();
    patterns::pattern(p);
    if p.expect(SyntaxKind::Comma, "and a value after the pattern of `assert_matches`") {
        expressions::expr(p);
    }
    p.complete(whole, SyntaxKind::AssertMatchesExpr)
}

/// `assert_receive PATTERN [after ms]`
pub(super) fn assert_receive(p: &mut Parser) -> Completed {
    let whole = p.start();
    p.bump();
    patterns::pattern(p);
    if p.at_word("after") && !p.opens_line(0) {
        p.bump();
        expressions::expr(p);
    }
    p.complete(whole, SyntaxKind::AssertReceiveExpr)
}
