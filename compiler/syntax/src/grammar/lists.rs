//! What stands between brackets, separated by commas or line breaks.

use super::{SyntaxKind, expressions, is_closing};
use crate::codes;
use crate::parser::{Lines, Parser};
use snow_diagnostics::Diagnostic;

/// How far a look for the closing bracket goes.
const LOOK_AHEAD_MAX: usize = 400;

/// What a list between brackets looks like.
pub(super) struct Form {
    pub(super) close: SyntaxKind,
    pub(super) lines: Lines,
    /// One entry, in the user's words: "an argument".
    pub(super) entry: &'static str,
}

/// Reads from the opening bracket to the closing one. `entry` reads one entry. Tells how many there are.
pub(super) fn bracketed(p: &mut Parser, form: &Form, entry: fn(&mut Parser)) -> usize {
    let open = p.span();
    p.bump();
    p.with_brackets(form.lines, |p| {
        let count = entries(p, form, entry);
        close(p, form, open);
        count
    })
}

/// Reads entries up to the closing bracket, and tells how many.
pub(super) fn entries(p: &mut Parser, form: &Form, entry: fn(&mut Parser)) -> usize {
    let mut count = 0;
    while !at_list_end(p, form.close) {
        let before = p.position();
        entry(p);
        if p.position() == before {
            p.expected(form.entry);
            if at_list_end(p, form.close) || p.at(SyntaxKind::Comma) {
                p.eat(SyntaxKind::Comma);
                continue;
            }
            p.bump_error();
        }
        count += 1;
        if !next_entry(p, form) {
            break;
        }
    }
    count
}

/// Goes to the next entry. False when there cannot be one.
pub(super) fn next_entry(p: &mut Parser, form: &Form) -> bool {
    if p.eat(SyntaxKind::Comma) {
        if p.at(SyntaxKind::Comma) {
            p.expected(form.entry);
            while p.eat(SyntaxKind::Comma) {}
        }
        p.recovered();
        return true;
    }
    if at_list_end(p, form.close) {
        return true;
    }
    if p.at_new_line() {
        p.recovered();
        return true;
    }
    if p.opens_line(0) && !closes_later(p, form.close) {
        return false;
    }
    let gap = p.gap();
    let what = format!("`,` or `{}` after {}", form.close.text(), form.entry);
    let problem = p.expectation(&what);
    let starts = expressions::at_start(p);
    p.error(if starts { problem.fix("put a `,` between them", gap, ",") } else { problem });
    if !starts {
        skip_entry(p, form.close);
        p.eat(SyntaxKind::Comma);
        if !at_list_end(p, form.close) {
            p.recovered();
        }
    }
    true
}

/// Skips a broken entry.
fn skip_entry(p: &mut Parser, close: SyntaxKind) {
    let error = p.start();
    while !at_list_end(p, close) && !p.at(SyntaxKind::Comma) && !p.at_new_line() {
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

fn at_list_end(p: &Parser, close: SyntaxKind) -> bool {
    let kind = p.kind();
    kind == close
        || is_closing(kind)
        || matches!(kind, SyntaxKind::EndOfFile | SyntaxKind::EndKeyword | SyntaxKind::DoKeyword)
            && !starts_entry(p)
        || is_item_word(kind) && p.opens_line(0) && !is_label(p)
        || matches!(kind, SyntaxKind::Arrow | SyntaxKind::WhenKeyword | SyntaxKind::ElseKeyword)
        || kind == SyntaxKind::ColonColon && close == SyntaxKind::Greater
        || p.is_dedented()
}

/// Whether a word is the name of an entry rather than the beginning of an item.
fn is_label(p: &Parser) -> bool {
    p.nth(1) == SyntaxKind::Colon
}

fn starts_entry(p: &Parser) -> bool {
    let follows = |kind| matches!(kind, SyntaxKind::Comma | SyntaxKind::RightParen | SyntaxKind::ColonColon);
    match p.kind() {
        SyntaxKind::DoKeyword => p.previous_kind() != SyntaxKind::RightParen && expects_operand(p),
        // The word is meant as a name.
        SyntaxKind::EndKeyword => !p.opens_line(0) && expects_operand(p) && follows(p.nth(1)),
        _ => false,
    }
}

/// Whether the token before wants something to follow, so that `do` begins a block as an entry.
fn expects_operand(p: &Parser) -> bool {
    matches!(
        p.previous_kind(),
        SyntaxKind::Comma
            | SyntaxKind::LeftParen
            | SyntaxKind::LeftBracket
            | SyntaxKind::LeftBrace
            | SyntaxKind::HashBrace
            | SyntaxKind::PercentBrace
    )
}

fn is_item_word(kind: SyntaxKind) -> bool {
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
            | SyntaxKind::LetKeyword
    )
}

/// Whether the closing bracket comes soon, so that only a comma is missing.
fn closes_later(p: &Parser, close: SyntaxKind) -> bool {
    let mut open = 0_u32;
    for ahead in 0..LOOK_AHEAD_MAX {
        match p.nth(ahead) {
            kind if kind == close && open == 0 => return true,
            SyntaxKind::LeftParen
            | SyntaxKind::LeftBracket
            | SyntaxKind::LeftBrace
            | SyntaxKind::HashBrace
            | SyntaxKind::PercentBrace
            | SyntaxKind::InterpolationStart => open += 1,
            kind if is_closing(kind) && open == 0 => return false,
            kind if is_closing(kind) => open -= 1,
            SyntaxKind::EndOfFile => return false,
            SyntaxKind::EndKeyword | SyntaxKind::Equal if open == 0 => return false,
            kind if is_item_word(kind) && p.opens_line(ahead) => return false,
            _ => {}
        }
    }
    false
}

/// Takes the closing bracket, or reports that the opening one has none.
pub(super) fn close(p: &mut Parser, form: &Form, open: snow_text::Span) {
    if p.at(form.close) {
        p.bump();
        return;
    }
    let found = p.found();
    let here = if p.opens_line(0) { p.gap() } else { p.span() };
    let wanted = form.close.text();
    let problem = if is_closing(p.kind()) {
        Diagnostic::new(codes::UNCLOSED_BRACKET, p.span(), format!("expected `{wanted}`, found {found}"))
            .label(open, "to close this")
    } else {
        Diagnostic::new(codes::UNCLOSED_BRACKET, open, format!("this bracket has no closing `{wanted}`"))
            .label(here, format!("a `{wanted}` is missing here at the latest"))
    };
    p.error(problem);
    if is_wrong_partner(p) {
        p.bump_error();
    }
}

/// Whether a closing bracket stands here that closes nothing around either: it was meant for this one.
fn is_wrong_partner(p: &Parser) -> bool {
    is_closing(p.kind()) && p.bracket_count() == 1 && !p.at(SyntaxKind::InterpolationEnd)
}
