//! Types.

use super::lists::{Form, bracketed};
use super::{SyntaxKind, path};
use crate::codes;
use crate::parser::{Completed, Lines, Parser};
use snow_diagnostics::Diagnostic;

const ARGS: Form = Form { close: SyntaxKind::Greater, lines: Lines::Ignored, entry: "a type" };
const PARTS: Form = Form { close: SyntaxKind::RightParen, lines: Lines::Ignored, entry: "a type" };

/// A type with all its `?` and `!E`.
pub(super) fn ty(p: &mut Parser) {
    p.nested(|p| {
        let mut left = primary(p);
        loop {
            match p.kind() {
                SyntaxKind::Question if !p.at_new_line() => {
                    let outer = p.precede(left);
                    p.bump();
                    left = p.complete(outer, SyntaxKind::OptionType);
                }
                SyntaxKind::Bang if !p.at_new_line() => {
                    let outer = p.precede(left);
                    p.bump();
                    primary(p);
                    left = p.complete(outer, SyntaxKind::ResultType);
                }
                _ => return,
            }
        }
    });
}

fn list_entry(p: &mut Parser) {
    if at_start(p) {
        ty(p);
    }
}

fn at_start(p: &Parser) -> bool {
    matches!(p.kind(), SyntaxKind::Ident | SyntaxKind::LeftParen | SyntaxKind::LeftBracket)
}

fn primary(p: &mut Parser) -> Completed {
    match p.kind() {
        SyntaxKind::Ident if p.text() == "Fun" && p.nth(1) == SyntaxKind::LeftParen => function(p),
        SyntaxKind::Ident => path_type(p),
        SyntaxKind::LeftParen => parenthesised(p),
        SyntaxKind::LeftBracket => tags(p),
        _ => {
            p.expected("a type");
            p.empty(SyntaxKind::ErrorType)
        }
    }
}

/// `Fun(A, B) -> C`
fn function(p: &mut Parser) -> Completed {
    let function = p.start();
    p.bump();
    bracketed(p, &PARTS, list_entry);
    if p.expect(SyntaxKind::Arrow, "and the type of the result after `Fun(…)`") {
        ty(p);
    } else {
        p.empty(SyntaxKind::ErrorType);
    }
    p.complete(function, SyntaxKind::FunctionType)
}

/// `Net.Config`, `List<T>`
fn path_type(p: &mut Parser) -> Completed {
    let ty = p.start();
    path(p, "a type");
    if p.at(SyntaxKind::Less) && !p.at_new_line() {
        let args = p.start();
        bracketed(p, &ARGS, list_entry);
        p.complete(args, SyntaxKind::TypeArgs);
    }
    p.complete(ty, SyntaxKind::PathType)
}

/// `()`, `(A)`, `(A, B)`
fn parenthesised(p: &mut Parser) -> Completed {
    let ty = p.start();
    let before = p.position();
    let comma = has_comma(p);
    bracketed(p, &PARTS, list_entry);
    let kind = match p.position() - before {
        2 if p.previous_kind() == SyntaxKind::RightParen => SyntaxKind::UnitType,
        _ if comma => SyntaxKind::TupleType,
        _ => SyntaxKind::ParenType,
    };
    p.complete(ty, kind)
}

/// Whether a comma stands between the parenthesis here and its partner, not deeper.
fn has_comma(p: &Parser) -> bool {
    let mut open = 0_u32;
    for ahead in 0.. {
        match p.nth(ahead) {
            SyntaxKind::LeftParen | SyntaxKind::LeftBracket | SyntaxKind::Less => open += 1,
            SyntaxKind::RightParen | SyntaxKind::RightBracket | SyntaxKind::Greater if open <= 1 => {
                return false;
            }
            SyntaxKind::RightParen | SyntaxKind::RightBracket | SyntaxKind::Greater => open -= 1,
            SyntaxKind::Comma if open == 1 => return true,
            SyntaxKind::EndOfFile => return false,
            kind if kind.is_keyword() => return false,
            _ => {}
        }
    }
    false
}

/// `[:stop | :deposit(Int) ..]`
fn tags(p: &mut Parser) -> Completed {
    let ty = p.start();
    let open = p.span();
    p.bump();
    p.with_brackets(Lines::Ignored, |p| {
        while !p.at(SyntaxKind::RightBracket) && !p.is_recovering() {
            p.eat(SyntaxKind::Pipe);
            match p.kind() {
                SyntaxKind::Tag => tag_case(p),
                SyntaxKind::DotDot => {
                    p.bump_as(SyntaxKind::OpenTags);
                    break;
                }
                SyntaxKind::RightBracket => break,
                SyntaxKind::Comma if p.nth(1) == SyntaxKind::Tag => {
                    let problem = p.expectation("`|` between the tags of a type");
                    let span = p.span();
                    p.report(problem.fix("put `|` between the tags", span, " |"));
                    p.bump_error();
                }
                kind => {
                    let list = kind == SyntaxKind::Ident;
                    let problem = p.expectation("a tag such as `:stop`");
                    let help = "a list type is written `List<T>`; between `[` and `]` stand tags";
                    p.error(if list { problem.help(help) } else { problem });
                }
            }
        }
        if p.is_recovering() {
            while !matches!(p.kind(), SyntaxKind::RightBracket | SyntaxKind::EndOfFile) && !p.opens_line(0) {
                p.bump_error();
            }
        }
        if !p.eat(SyntaxKind::RightBracket) {
            let message = "this bracket has no closing `]`";
            p.error(Diagnostic::new(codes::UNCLOSED_BRACKET, open, message));
        }
    });
    p.complete(ty, SyntaxKind::TagsType)
}

fn tag_case(p: &mut Parser) {
    let case = p.start();
    super::literals::check_tag(p);
    p.bump();
    if p.at(SyntaxKind::LeftParen) {
        bracketed(p, &PARTS, list_entry);
    }
    p.complete(case, SyntaxKind::TagCase);
}
