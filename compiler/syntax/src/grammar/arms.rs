//! The arms of `case` and `receive`.

use super::blocks::{BlockEnd, arrow_body};
use super::{Diagnostic, SyntaxKind, codes, expressions, foreign, patterns, skip_line};
use crate::parser::{Lines, Parser};

/// The arms up to `end`; those of a `receive` may close with `after`.
pub(super) fn arms(p: &mut Parser, end: BlockEnd) {
    p.with_lines(Lines::Statements, |p| {
        while !at_arms_end(p) {
            if p.eat(SyntaxKind::Semicolon) {
                continue;
            }
            let before = p.position();
            if end == BlockEnd::ReceiveArm && p.at_word("after") {
                after(p);
            } else {
                arm(p, end);
            }
            if p.is_recovering() {
                skip_line(p);
            }
            if p.position() == before {
                p.bump_error();
            }
            p.recovered();
        }
    });
}

fn at_arms_end(p: &Parser) -> bool {
    matches!(p.kind(), SyntaxKind::EndOfFile | SyntaxKind::EndKeyword | SyntaxKind::ElseKeyword)
        || super::is_closing(p.kind()) && p.in_brackets()
        || p.is_dedented()
        || super::items::at_item_word(p) && p.opens_line(0) && !patterns::at_reserved_name(p)
}

/// `PATTERN [when guard] -> body`
fn arm(p: &mut Parser, end: BlockEnd) {
    let arm = p.start();
    if patterns::at_start(p) {
        patterns::pattern(p);
    } else {
        p.unexpected("a pattern");
        p.empty(SyntaxKind::ErrorPattern);
    }
    opt_guard(p);
    arrow_and_body(p, end, "after the pattern");
    p.complete(arm, SyntaxKind::MatchArm);
}

/// `after ms -> body`
fn after(p: &mut Parser) {
    let part = p.start();
    p.bump();
    expressions::expr(p);
    arrow_and_body(p, BlockEnd::ReceiveArm, "after the milliseconds of `after`");
    p.complete(part, SyntaxKind::After);
}

/// `-> body`
pub(super) fn arrow_and_body(p: &mut Parser, end: BlockEnd, after: &str) {
    if p.at(SyntaxKind::FatArrow) {
        foreign(p, "=>", "->", "arms and clauses have `->` in front of their body");
        p.bump();
    } else if !p.expect(SyntaxKind::Arrow, after) {
        skip_to_arrow(p);
    }
    arrow_body(p, end);
}

/// Skips what stands in front of the arrow; without one on the line, to the end of the line.
fn skip_to_arrow(p: &mut Parser) {
    if !super::at_line_end(p) {
        let error = p.start();
        while !super::at_line_end(p) && !matches!(p.kind(), SyntaxKind::Arrow | SyntaxKind::DoKeyword) {
            p.bump();
        }
        p.complete(error, SyntaxKind::Error);
    }
    if p.eat(SyntaxKind::Arrow) || super::at_line_end(p) {
        p.recovered();
    }
}

/// `when condition`
pub(super) fn opt_guard(p: &mut Parser) {
    let is_foreign = p.at(SyntaxKind::IfKeyword) && !p.opens_line(0);
    if is_foreign {
        foreign_guard(p);
    }
    if p.at(SyntaxKind::WhenKeyword) || is_foreign {
        let guard = p.start();
        p.bump();
        expressions::expr(p);
        p.complete(guard, SyntaxKind::Guard);
    }
}

fn foreign_guard(p: &mut Parser) {
    let (span, message) = (p.span(), "a condition behind a pattern begins with `when`");
    let problem = Diagnostic::new(codes::FOREIGN_WORD, span, message);
    p.report(problem.fix("replace `if` by `when`", span, "when"));
}

/// Whether an arrow stands behind the `if` there, on its line.
fn has_arrow_behind(p: &Parser, ahead: usize) -> bool {
    let ends = |at: &usize| p.nth(*at) == SyntaxKind::EndOfFile || p.opens_line(*at);
    let line = (ahead + 1..).take_while(|at| !ends(at));
    line.map(|at| p.nth(at)).any(|kind| matches!(kind, SyntaxKind::Arrow | SyntaxKind::FatArrow))
}

/// Whether the line begins with a pattern and `->` or `when`: only such tokens as patterns consist of
/// stand in front of one.
pub(super) fn at_arm(p: &Parser) -> bool {
    let mut open = 0_u32;
    for ahead in 0.. {
        let kind = p.nth(ahead);
        let breaks = ahead > 0 && open == 0 && p.opens_line(ahead);
        if breaks && kind != SyntaxKind::Pipe && !continues(p.nth(ahead - 1)) {
            return false;
        }
        match kind {
            SyntaxKind::Arrow | SyntaxKind::FatArrow | SyntaxKind::WhenKeyword if open == 0 => return true,
            SyntaxKind::IfKeyword if open == 0 && ahead > 0 => return has_arrow_behind(p, ahead),
            _ if open == 0 && ahead > 0 && !follows(kind, p.nth(ahead - 1)) => return false,
            SyntaxKind::LeftParen
            | SyntaxKind::LeftBracket
            | SyntaxKind::LeftBrace
            | SyntaxKind::PercentBrace => open += 1,
            SyntaxKind::RightParen | SyntaxKind::RightBracket | SyntaxKind::RightBrace if open > 0 => {
                open -= 1
            }
            kind if is_pattern_token(kind) => {}
            kind if kind.is_keyword() && is_plain_word(p, ahead) => {}
            // Meant as the name of a part
            kind if kind.is_keyword() && open > 0 && ends_entry(p.nth(ahead + 1)) => {}
            SyntaxKind::Arrow | SyntaxKind::FatArrow => {}
            _ => return false,
        }
    }
    false
}

fn ends_entry(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(kind, K::Comma | K::RightParen | K::RightBracket | K::RightBrace)
}

/// Whether a reserved word is a field or stands behind a dot.
fn is_plain_word(p: &Parser, ahead: usize) -> bool {
    p.nth(ahead + 1) == SyntaxKind::Colon || ahead > 0 && p.nth(ahead - 1) == SyntaxKind::Dot
}

/// Whether a pattern may have these tokens next to each other: `x y` and `x[0]` are none.
fn follows(kind: SyntaxKind, previous: SyntaxKind) -> bool {
    match kind {
        SyntaxKind::LeftParen | SyntaxKind::LeftBrace => {
            previous == SyntaxKind::Ident || !ends_part(previous)
        }
        _ => !(begins_part(kind) && ends_part(previous)),
    }
}

fn begins_part(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Ident
            | SyntaxKind::IntNumber
            | SyntaxKind::FloatNumber
            | SyntaxKind::Tag
            | SyntaxKind::Bytes
            | SyntaxKind::StringStart
            | SyntaxKind::TrueKeyword
            | SyntaxKind::FalseKeyword
            | SyntaxKind::LeftBracket
            | SyntaxKind::PercentBrace
    )
}

fn ends_part(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Ident
            | SyntaxKind::IntNumber
            | SyntaxKind::FloatNumber
            | SyntaxKind::Tag
            | SyntaxKind::Bytes
            | SyntaxKind::StringEnd
            | SyntaxKind::TrueKeyword
            | SyntaxKind::FalseKeyword
            | SyntaxKind::RightParen
            | SyntaxKind::RightBracket
            | SyntaxKind::RightBrace
    )
}

fn continues(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Pipe
            | SyntaxKind::ColonColon
            | SyntaxKind::Diamond
            | SyntaxKind::DotDot
            | SyntaxKind::DotDotEqual
    )
}

fn is_pattern_token(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Ident
            | SyntaxKind::IntNumber
            | SyntaxKind::FloatNumber
            | SyntaxKind::Tag
            | SyntaxKind::Bytes
            | SyntaxKind::StringStart
            | SyntaxKind::StringText
            | SyntaxKind::StringEscape
            | SyntaxKind::StringEnd
            | SyntaxKind::TrueKeyword
            | SyntaxKind::FalseKeyword
            | SyntaxKind::AsKeyword
            | SyntaxKind::Comma
            | SyntaxKind::Colon
            | SyntaxKind::ColonColon
            | SyntaxKind::Dot
            | SyntaxKind::DotDot
            | SyntaxKind::DotDotEqual
            | SyntaxKind::Diamond
            | SyntaxKind::Pipe
            | SyntaxKind::Caret
            | SyntaxKind::Minus
            | SyntaxKind::Less
            | SyntaxKind::Greater
            | SyntaxKind::Question
            | SyntaxKind::Bang
    )
}
