//! Literals, and the checks that only their text can tell.

use super::{SyntaxKind, expressions};
use crate::codes;
use crate::literal::{Part, decode_escape, decode_float, decode_int, escapes};
use crate::parser::{Completed, Lines, Parser};
use snow_diagnostics::Diagnostic;
use snow_text::Span;

/// A number as an expression; its range is checked with the minus that may stand in front.
pub(super) fn number(p: &mut Parser, negative: bool) -> Completed {
    check_number(p, negative);
    let float = p.at(SyntaxKind::FloatNumber);
    p.bump_as(if float { SyntaxKind::FloatExpr } else { SyntaxKind::IntExpr })
}

/// Reports a number that cannot be read or is out of range.
pub(super) fn check_number(p: &mut Parser, negative: bool) {
    let (text, span) = (p.text(), p.span());
    if let Some(problem) = digits_problem(text) {
        p.report(Diagnostic::new(codes::BAD_NUMBER, span, format!("`{text}` is no number: {problem}")));
    } else if p.at(SyntaxKind::IntNumber) && decode_int(text, negative).is_err() {
        let message = format!("`{text}` does not fit an Int");
        p.report(
            Diagnostic::new(codes::OUT_OF_RANGE, span, message)
                .help("an Int lies between -9223372036854775808 and 9223372036854775807"),
        );
    } else if p.at(SyntaxKind::FloatNumber) && decode_float(text, false).is_infinite() {
        let message = format!("`{text}` does not fit a Float");
        p.report(Diagnostic::new(codes::OUT_OF_RANGE, span, message).help("the largest is about 1.8e308"));
    }
}

/// Why digits cannot be read, if so.
fn digits_problem(text: &str) -> Option<String> {
    let (base, digits) = match text.get(..2) {
        Some("0x" | "0X") => (16, &text[2..]),
        Some("0o" | "0O") => (8, &text[2..]),
        Some("0b" | "0B") => (2, &text[2..]),
        _ => (10, text),
    };
    if digits.is_empty() || digits.ends_with('_') {
        return Some("digits are missing at its end".to_owned());
    }
    let allowed = |c: char| c == '_' || c.is_digit(base) || base == 10 && ".eE+-".contains(c);
    let wrong = digits.chars().find(|c| !allowed(*c));
    if let Some(wrong) = wrong {
        return Some(format!("`{wrong}` is no digit of it"));
    }
    let broken = base == 10 && digits.contains(['e', 'E']) && digits.replace('_', "").parse::<f64>().is_err();
    broken.then(|| "digits are missing after `e`".to_owned())
}

/// `"text ${expr}"`
pub(super) fn string(p: &mut Parser) -> Completed {
    let string = p.start();
    let open = p.span();
    p.bump();
    loop {
        match p.kind() {
            SyntaxKind::StringText => p.bump(),
            SyntaxKind::StringEscape => {
                check_escape(p, p.text(), p.span(), false);
                p.bump();
            }
            SyntaxKind::InterpolationStart => interpolation(p),
            SyntaxKind::StringEnd => {
                p.bump();
                break;
            }
            _ => {
                unclosed(p, open, "this string has no closing quotes");
                break;
            }
        }
    }
    p.complete(string, SyntaxKind::StringExpr)
}

fn interpolation(p: &mut Parser) {
    let part = p.start();
    let open = p.span();
    p.bump();
    p.with_brackets(Lines::Ignored, |p| {
        if p.at(SyntaxKind::InterpolationEnd) {
            p.expected("an expression between `${` and `}`");
            p.empty(SyntaxKind::ErrorExpr);
        } else {
            expressions::expr(p);
        }
        if !p.at(SyntaxKind::InterpolationEnd) && !p.at(SyntaxKind::EndOfFile) {
            p.expected("`}` after the expression of `${`");
            skip_interpolation(p);
        }
        if p.eat(SyntaxKind::InterpolationEnd) {
            p.recovered();
        } else {
            unclosed(p, open, "this `${` has no closing `}`");
        }
    });
    p.complete(part, SyntaxKind::Interpolation);
}

fn skip_interpolation(p: &mut Parser) {
    let error = p.start();
    let mut open = 0_u32;
    loop {
        match p.kind() {
            SyntaxKind::InterpolationStart => open += 1,
            SyntaxKind::InterpolationEnd if open == 0 => break,
            SyntaxKind::InterpolationEnd => open -= 1,
            SyntaxKind::EndOfFile => break,
            _ => {}
        }
        p.bump();
    }
    p.complete(error, SyntaxKind::Error);
}

/// A string in a place that wants plain text.
pub(super) fn plain_string(p: &mut Parser, why: &str) -> Completed {
    let mut ahead = 1;
    while matches!(p.nth(ahead), SyntaxKind::StringText | SyntaxKind::StringEscape) {
        ahead += 1;
    }
    if p.nth(ahead) == SyntaxKind::InterpolationStart {
        let span = p.nth_span(ahead);
        let message = format!("`${{` cannot stand here: {why}");
        p.report(Diagnostic::new(codes::INTERPOLATION_NOT_ALLOWED, span, message));
    }
    string(p)
}

/// `b"…"`
pub(super) fn bytes(p: &mut Parser) -> Completed {
    let (text, span) = (p.text(), p.span());
    check_quoted(p, &text[1..], Span { start: span.start + 1, ..span }, true);
    p.bump_as(SyntaxKind::BytesExpr)
}

/// Reports what is wrong with the text of a tag.
pub(super) fn check_tag(p: &mut Parser) {
    let (text, span) = (p.text(), p.span());
    if text.starts_with(":\"") {
        check_quoted(p, &text[1..], Span { start: span.start + 1, ..span }, false);
    }
}

/// Reports an open end and wrong escapes of `"…"`.
fn check_quoted(p: &mut Parser, text: &str, span: Span, bytes: bool) {
    let inner = &text[1..];
    let closed =
        inner.ends_with('"') && escapes(inner).last().is_some_and(|part| matches!(part, Part::Plain(_)));
    if !closed {
        let open = Span { end: span.start + 1, ..span };
        unclosed(p, open, "these quotes are not closed");
        return;
    }
    let mut start = span.start + 1;
    for part in escapes(&inner[..inner.len() - 1]) {
        let (Part::Plain(text) | Part::Escape(text)) = part;
        let end = start + text.len() as u32;
        if matches!(part, Part::Escape(_)) {
            check_escape(p, text, Span { start, end, ..span }, bytes);
        }
        start = end;
    }
}

fn check_escape(p: &mut Parser, text: &str, span: Span, bytes: bool) {
    if bytes && text.starts_with("\\x") && text.len() == 4 || decode_escape(text).is_some() {
        return;
    }
    let message = format!("`{text}` is no escape");
    let known = if bytes { ", `\\xff`" } else { "" };
    p.report(Diagnostic::new(codes::BAD_ESCAPE, span, message).help(format!(
        "the escapes are `\\n`, `\\t`, `\\r`, `\\\\`, `\\\"`, `\\$`, `\\0`, `\\u{{1F600}}`{known}; a backslash is `\\\\`"
    )));
}

fn unclosed(p: &mut Parser, open: Span, message: &str) {
    p.error(Diagnostic::new(codes::UNCLOSED_TEXT, open, message).at("it begins here"));
}
