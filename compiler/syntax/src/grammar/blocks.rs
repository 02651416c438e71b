//! Blocks and statements, and where they end.

use super::{SyntaxKind, arms, closures, expressions, functions, is_closing, patterns, skip_line, types};
use crate::codes;
use crate::parser::{Lines, Opener, Parser};
use snow_diagnostics::{Diagnostic, Fix};

/// What, besides `end`, ends a block.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockEnd {
    /// Nothing else.
    Plain,
    /// The `terminate` part of an actor.
    Actor,
    /// The next arm of a `case`.
    Arm,
    /// The next arm of a `receive`, or its `after`.
    ReceiveArm,
    /// The `|` in front of the next clause of a closure.
    Clause,
}

/// `do … end` around a block; the `do` has been read when `opened`.
pub(super) fn block_to_end(p: &mut Parser, opener: Opener, opened: bool) {
    if opened {
        p.enter();
        block(p, BlockEnd::Plain);
        p.expect_end(opener);
    }
}

/// The statements of a block.
pub(super) fn block(p: &mut Parser, end: BlockEnd) {
    let block = p.start();
    p.with_lines(Lines::Statements, |p| statements(p, end, None));
    p.complete(block, SyntaxKind::Block);
}

/// What follows `->`: on its line one statement, else a block.
pub(super) fn arrow_body(p: &mut Parser, end: BlockEnd) {
    let arrow = snow_text::Span { end: p.span().start.max(p.gap().end), ..p.gap() };
    let on_line = !p.opens_line(0);
    let block = p.start();
    p.with_lines(Lines::Statements, |p| statements(p, end, on_line.then_some(arrow)));
    p.complete(block, SyntaxKind::Block);
}

/// Statements up to the end of the block. With `arrow`, the first stands on the line of its `->`, and
/// there must be no second.
fn statements(p: &mut Parser, end: BlockEnd, arrow: Option<snow_text::Span>) {
    let mut count = 0;
    while !at_block_end(p, if arrow.is_some() && count == 0 { BlockEnd::Plain } else { end }) {
        if p.eat(SyntaxKind::Semicolon) {
            continue;
        }
        if let Some(arrow) = arrow.filter(|_| count == 1) {
            report_second_statement(p, arrow);
        }
        let before = p.position();
        statement(p);
        if p.position() == before {
            unexpected_in_block(p);
        }
        count += 1;
        end_of_statement(p, end);
    }
}

fn report_second_statement(p: &mut Parser, arrow: snow_text::Span) {
    let span = p.span();
    let message = "a body that begins on the line of its `->` is one expression";
    let indentation = " ".repeat(p.column() as usize);
    p.report(
        Diagnostic::new(codes::BODY_ON_ARROW_LINE, span, message)
            .at("this is a second one")
            .help("for a longer body begin a new line after `->`")
            .fix("begin a new line after `->`", arrow, format!("\n{indentation}")),
    );
}

/// Goes to where the statement ends.
fn end_of_statement(p: &mut Parser, end: BlockEnd) {
    loop {
        if at_block_end_word(p, end) {
            return;
        }
        if p.at(SyntaxKind::Semicolon) || p.at_new_line() {
            return p.recovered();
        }
        if p.is_recovering() {
            let before = p.position();
            skip_line(p);
            if p.position() == before {
                p.bump_error();
            }
            continue;
        }
        if p.at(SyntaxKind::Bang) {
            report_exclamation_mark(p);
            continue;
        }
        if expressions::at_start(p) || p.at(SyntaxKind::LetKeyword) {
            return report_same_line(p);
        }
        unexpected_after_statement(p);
    }
}

/// `pid ! message`
fn report_exclamation_mark(p: &mut Parser) {
    let message = "`!` is not part of Snow: messages are sent with `send`";
    p.error(Diagnostic::new(codes::FOREIGN_WORD, p.span(), message).help("as in `send(pid, :stop)`"));
}

fn report_same_line(p: &mut Parser) {
    let (span, gap, found) = (p.span(), p.gap(), p.found());
    let message = format!("a new statement begins on the same line, at {found}");
    p.error(
        Diagnostic::new(codes::SAME_LINE, span, message)
            .at("second statement")
            .help("begin a new line, or put `;` between the two")
            .fix("put `;` between the two", gap, ";"),
    );
}

fn unexpected_after_statement(p: &mut Parser) {
    let span = p.span();
    match p.kind() {
        SyntaxKind::Equal => p.error(
            Diagnostic::new(
                codes::UNEXPECTED,
                span,
                "a name gets its value with `let`; it cannot be assigned",
            )
            .help("write `let name = …`; a changed copy of a struct is `%{p | field: …}`"),
        ),
        kind if is_closing(kind) => {
            let message = format!("this `{}` closes nothing", p.text());
            p.error(Diagnostic::new(codes::EXTRA_CLOSER, span, message));
        }
        kind if is_top_level_word(kind) => p.error(wrong_place(p)),
        _ => p.expected("the end of the statement"),
    }
    p.bump_error();
}

fn unexpected_in_block(p: &mut Parser) {
    let problem = match p.kind() {
        kind if is_closing(kind) => {
            let message = format!("this `{}` closes nothing", p.text());
            Diagnostic::new(codes::EXTRA_CLOSER, p.span(), message)
        }
        SyntaxKind::Unknown => p.unknown_character(),
        kind if kind.is_keyword() => Diagnostic::new(
            codes::UNEXPECTED,
            p.span(),
            format!("expected a statement, found the word `{}`", p.text()),
        ),
        _ => Diagnostic::new(
            codes::UNEXPECTED,
            p.span(),
            format!("expected a statement, found {}", p.found_text()),
        ),
    };
    p.error(problem);
    p.bump_error();
}

fn wrong_place(p: &Parser) -> Diagnostic {
    let message = format!("`{}` can only stand at the top level of a file", p.text());
    Diagnostic::new(codes::WRONG_PLACE, p.span(), message)
}

/// Whether the block ends here, at the beginning of a statement.
fn at_block_end(p: &Parser, end: BlockEnd) -> bool {
    at_block_end_word(p, end)
        || match end {
            BlockEnd::Arm => arms::at_arm(p),
            BlockEnd::ReceiveArm => p.at_word("after") || arms::at_arm(p),
            BlockEnd::Plain | BlockEnd::Actor | BlockEnd::Clause => false,
        }
}

/// Whether the block ends here, wherever that is.
fn at_block_end_word(p: &Parser, end: BlockEnd) -> bool {
    match p.kind() {
        SyntaxKind::EndOfFile | SyntaxKind::EndKeyword | SyntaxKind::ElseKeyword => true,
        SyntaxKind::Pipe if end == BlockEnd::Clause => true,
        SyntaxKind::Ident if end == BlockEnd::Actor && p.nth(1) == SyntaxKind::DoKeyword => {
            p.at_word("terminate")
        }
        kind if is_closing(kind) => p.in_brackets(),
        kind if is_top_level_word(kind) && p.opens_line(0) => !p.is_indented(),
        _ => p.is_dedented(),
    }
}

/// Words that begin items which cannot stand in a block: there an `end` is missing.
fn is_top_level_word(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::PubKeyword
            | SyntaxKind::StructKeyword
            | SyntaxKind::TypeKeyword
            | SyntaxKind::InterfaceKeyword
            | SyntaxKind::ImplKeyword
            | SyntaxKind::ActorKeyword
            | SyntaxKind::ServiceKeyword
            | SyntaxKind::SupervisorKeyword
            | SyntaxKind::ImportKeyword
    )
}

/// One statement.
fn statement(p: &mut Parser) {
    match p.kind() {
        SyntaxKind::LetKeyword => let_statement(p),
        SyntaxKind::FnKeyword if closures::is_named(p) => p.nested(functions::local_function),
        SyntaxKind::Ident if p.at_word("def") && p.nth(1) == SyntaxKind::Ident => {
            functions::local_function(p)
        }
        kind if is_top_level_word(kind) && p.opens_line(0) => misplaced_item(p),
        _ => {
            if expressions::at_start(p) {
                assignable(p);
            }
        }
    }
}

/// An item inside of a body, which is told by its indentation.
fn misplaced_item(p: &mut Parser) {
    let error = p.start();
    let problem = wrong_place(p);
    p.error(problem);
    p.nested(super::items::item);
    p.complete(error, SyntaxKind::Error);
}

/// An expression as a statement; `x = 1` is told that it lacks its `let`.
fn assignable(p: &mut Parser) {
    let (start, is_name) = (p.span(), p.at(SyntaxKind::Ident));
    expressions::expr(p);
    if is_name && p.at(SyntaxKind::Equal) && !p.at_new_line() && p.previous_span() == start {
        let before = snow_text::Span::new(start.source, start.start, start.start);
        let mut problem = Diagnostic::new(
            codes::UNEXPECTED,
            p.span(),
            "a name gets its value with `let`; it cannot be assigned",
        )
        .help("a later `let` of the same name hides the earlier one");
        problem.fixes.push(Fix { title: "bind it with `let`".into(), edits: vec![(before, "let ".into())] });
        p.error(problem);
        p.bump_error();
        expressions::expr(p);
        p.recovered();
    }
}

/// `let PATTERN [:: Type] = e [else do … end]`
fn let_statement(p: &mut Parser) {
    let statement = p.start();
    p.bump();
    patterns::pattern_before_type(p);
    if p.eat(SyntaxKind::ColonColon) {
        types::ty(p);
    }
    if p.expect(SyntaxKind::Equal, "and a value after the pattern of `let`") {
        expressions::expr(p);
        if p.at(SyntaxKind::ElseKeyword) && p.nth(1) == SyntaxKind::DoKeyword && !p.at_new_line() {
            let_else(p);
        }
    }
    p.complete(statement, SyntaxKind::LetStatement);
}

fn let_else(p: &mut Parser) {
    let part = p.start();
    let opener = p.opener("else do");
    p.bump();
    p.bump();
    block_to_end(p, opener, true);
    p.complete(part, SyntaxKind::LetElse);
}
