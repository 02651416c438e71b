//! The grammar: one function for each production.
//!
//! A function whose name begins with `opt_` reads something only when it is there. Every other one
//! reports what is missing. Loops make progress: what they cannot read they take into an error node.

mod arms;
mod blocks;
mod closures;
mod collections;
mod control;
mod expressions;
mod functions;
mod items;
mod lists;
mod literals;
mod patterns;
mod processes;
mod types;

use crate::codes;
use crate::kind::SyntaxKind;
use crate::parser::{Completed, Parser};
use snow_diagnostics::Diagnostic;

pub(crate) use items::root;

/// The name of a definition.
fn name(p: &mut Parser, what: &str) -> bool {
    if p.at(SyntaxKind::Ident) && !p.at_new_line() {
        p.bump_as(SyntaxKind::Name);
        return true;
    }
    // A reserved word is taken for the name, so that what follows is read as usual.
    if p.kind().is_keyword() && !p.at_new_line() && is_name_position(p.nth(1)) {
        report_reserved(p, what);
        p.bump_as(SyntaxKind::Name);
        return true;
    }
    p.expected(what);
    false
}

/// Reports the word of the language that stands where a name is wanted.
fn report_reserved(p: &mut Parser, what: &str) {
    let message = format!("`{}` is a word of the language and cannot be {what}", p.text());
    p.report(Diagnostic::new(codes::RESERVED_WORD, p.span(), message).help("choose another name"));
}

/// Whether what follows a word shows that the word was meant as the name of a definition.
fn is_name_position(next: SyntaxKind) -> bool {
    matches!(
        next,
        SyntaxKind::LeftParen
            | SyntaxKind::DoKeyword
            | SyntaxKind::Equal
            | SyntaxKind::ColonColon
            | SyntaxKind::Less
    )
}

/// A name that must begin with a capital letter.
fn capitalised_name(p: &mut Parser, what: &str) -> bool {
    if p.at_new_line() { name(p, what) } else { capitalised_word(p, what) }
}

/// The same, where it may begin a line.
fn capitalised_word(p: &mut Parser, what: &str) -> bool {
    if !p.at(SyntaxKind::Ident) {
        return name(p, what);
    }
    if !p.at_capitalised(0) {
        let (text, span) = (p.text(), p.span());
        let better = to_pascal_case(text);
        let message = format!("{what} begins with a capital letter, unlike `{text}`");
        p.report(Diagnostic::new(codes::WRONG_CASE, span, message).fix(
            format!("call it `{better}`"),
            span,
            better,
        ));
    }
    p.bump_as(SyntaxKind::Name);
    true
}

fn to_pascal_case(text: &str) -> String {
    text.split('_')
        .flat_map(|part| {
            let mut chars = part.chars();
            let first = chars.next().into_iter().flat_map(char::to_uppercase);
            first.chain(chars).collect::<Vec<char>>()
        })
        .collect()
}

/// A word that is a field, a label or stands behind a dot: reserved words are fine.
fn any_word(p: &mut Parser) {
    p.bump_as(SyntaxKind::Name);
}

/// `A.B.c`
fn path(p: &mut Parser, what: &str) -> Completed {
    let path = p.start();
    let after_import = matches!(p.previous_kind(), SyntaxKind::ImportKeyword) && p.opens_line(0);
    if p.at(SyntaxKind::Ident) && !after_import {
        p.bump();
        while p.at(SyntaxKind::Dot) && !p.opens_line(0) {
            p.bump();
            if !p.kind().is_word() || p.opens_line(0) {
                p.expected("a name after `.`");
                break;
            }
            p.bump();
        }
    } else {
        p.expected(what);
    }
    p.complete(path, SyntaxKind::Path)
}

/// Skips what is left of a broken statement or arm.
fn skip_line(p: &mut Parser) {
    if at_line_end(p) {
        return;
    }
    let error = p.start();
    while !at_line_end(p) {
        let before = p.position();
        if expressions::at_start(p) {
            expressions::expr(p);
        }
        if p.position() == before {
            p.bump();
        }
    }
    p.complete(error, SyntaxKind::Error);
}

/// Statements behind a problem, up to an `end`.
pub(crate) fn block_behind_problem(p: &mut Parser) {
    p.nested(|p| blocks::block(p, blocks::BlockEnd::Plain));
}

/// Whether a statement has to end here.
fn at_line_end(p: &Parser) -> bool {
    if p.opens_line(0) && p.lines() != crate::parser::Lines::Ignored {
        return true;
    }
    match p.kind() {
        SyntaxKind::EndOfFile | SyntaxKind::Semicolon | SyntaxKind::EndKeyword => true,
        kind => is_closing(kind) && p.in_brackets(),
    }
}

fn is_closing(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::RightParen
            | SyntaxKind::RightBracket
            | SyntaxKind::RightBrace
            | SyntaxKind::InterpolationEnd
    )
}

/// `do`. When it is missing but comes later on the line, what is in between is skipped. Whether a block
/// follows.
fn expect_do(p: &mut Parser, after: &str) -> bool {
    if p.eat(SyntaxKind::DoKeyword) {
        return true;
    }
    let problem = p.expectation(&format!("`do` {after}"));
    p.error(match p.kind() {
        SyntaxKind::LeftBrace => problem.help("a block stands between `do` and `end`, not in braces"),
        SyntaxKind::Ident if p.at_word("then") => {
            problem.help("the word is `do`").fix("write `do`", p.span(), "do")
        }
        _ => problem,
    });
    if p.opens_line(0) {
        // Most likely the word was forgotten, and the block is there.
        let has_block = i64::from(p.column()) > p.previous_indent() && !p.at(SyntaxKind::EndOfFile);
        if has_block {
            p.recovered();
        }
        return has_block;
    }
    let error = p.start();
    while !at_line_end(p) && !p.at(SyntaxKind::DoKeyword) {
        let before = p.position();
        if expressions::at_start(p) {
            expressions::expr(p);
        }
        if p.position() == before {
            p.bump();
        }
    }
    p.complete(error, SyntaxKind::Error);
    let found = p.eat(SyntaxKind::DoKeyword);
    if found {
        p.recovered();
    }
    found
}

/// Replaces a word or operator of another language in the user's mind.
fn foreign(p: &mut Parser, wrong: &str, right: &str, why: &str) {
    let span = p.span();
    let message = format!("`{wrong}` is not part of Snow: {why}");
    p.report(Diagnostic::new(codes::FOREIGN_WORD, span, message).fix(
        format!("replace `{wrong}` by `{}`", right.trim()),
        span,
        right,
    ));
}
