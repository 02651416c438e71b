//! Tuples, lists, maps, sets and structs.

use super::expressions::{at_start, expr};
use super::lists::{Form, bracketed, close, entries};
use super::{SyntaxKind, any_word, literals};
use crate::codes;
use crate::parser::{Completed, Lines, Parser};
use snow_diagnostics::Diagnostic;
use snow_text::Span;

const PARENS: Form = Form { close: SyntaxKind::RightParen, lines: Lines::Ignored, entry: "an expression" };
const LIST: Form = Form { close: SyntaxKind::RightBracket, lines: Lines::Entries, entry: "an element" };
const BRACES: Form = Form { close: SyntaxKind::RightBrace, lines: Lines::Entries, entry: "an expression" };
const SET: Form = Form { close: SyntaxKind::RightBrace, lines: Lines::Entries, entry: "an element" };
const MAP: Form = Form { close: SyntaxKind::RightBrace, lines: Lines::Entries, entry: "an entry" };
const FIELDS: Form = Form { close: SyntaxKind::RightBrace, lines: Lines::Entries, entry: "a field" };

/// `()`, `(e)`, `(a, b)`
pub(super) fn parenthesised(p: &mut Parser) -> Completed {
    let whole = p.start();
    let open = p.span();
    p.bump();
    let kind = p.with_brackets(Lines::Ignored, |p| {
        if p.eat(SyntaxKind::RightParen) {
            return SyntaxKind::UnitExpr;
        }
        expr(p);
        let mut kind = SyntaxKind::ParenExpr;
        if p.eat(SyntaxKind::Comma) {
            p.recovered();
            kind = SyntaxKind::TupleExpr;
            if p.at(SyntaxKind::RightParen) {
                let span = open.to(p.span());
                report_short(p, span, "a tuple has at least two parts");
            }
            entries(p, &PARENS, entry);
        }
        close(p, &PARENS, open);
        kind
    });
    p.complete(whole, kind)
}

fn entry(p: &mut Parser) {
    if at_start(p) {
        expr(p);
    }
}

fn report_short(p: &mut Parser, span: Span, message: &str) {
    p.report(Diagnostic::new(codes::SHORT_TUPLE, span, message));
}

/// `{a, b}`, `{:tag, a}`
pub(super) fn braced(p: &mut Parser) -> Completed {
    let (whole, open) = (p.start(), p.span());
    if p.nth(1) == SyntaxKind::Tag && ends_tag(p) {
        let lone = p.nth(2) == SyntaxKind::RightBrace;
        let (tag, tag_span) = (p.nth_text(1), p.nth_span(1));
        bracketed(p, &BRACES, tag_or_entry);
        if lone {
            let span = open.to(p.previous_span());
            let message = "a tag without payload is written without braces";
            let problem = Diagnostic::new(codes::SHORT_TUPLE, span, message).label(tag_span, "");
            p.report(problem.fix(format!("write `{tag}`"), span, tag));
        }
        return p.complete(whole, SyntaxKind::TaggedExpr);
    }
    if p.nth(1).is_word() && p.nth(2) == SyntaxKind::Colon {
        return nameless_struct(p, whole, open);
    }
    let parts = bracketed(p, &BRACES, entry);
    if parts < 2 {
        let span = open.to(p.previous_span());
        report_short(p, span, "a tuple has at least two parts; the empty value is `()`");
    }
    p.complete(whole, SyntaxKind::TupleExpr)
}

/// Whether the tag behind `{` is the tag of a tagged value and not a part of an expression.
fn ends_tag(p: &Parser) -> bool {
    matches!(p.nth(2), SyntaxKind::Comma | SyntaxKind::RightBrace) || p.opens_line(2)
}

fn nameless_struct(p: &mut Parser, whole: crate::parser::Marker, open: Span) -> Completed {
    let message = "a struct is written with its name in front of the braces: `Point { x: 1 }`";
    p.report(Diagnostic::new(codes::UNEXPECTED, open, message));
    struct_fields(p);
    p.complete(whole, SyntaxKind::ErrorExpr)
}

fn tag_or_entry(p: &mut Parser) {
    if p.at(SyntaxKind::Tag) && p.previous_kind() == SyntaxKind::LeftBrace {
        literals::check_tag(p);
        p.bump();
    } else {
        entry(p);
    }
}

/// `[a, b, ..rest]`
pub(super) fn list(p: &mut Parser) -> Completed {
    let list = p.start();
    bracketed(p, &LIST, list_entry);
    p.complete(list, SyntaxKind::ListExpr)
}

fn list_entry(p: &mut Parser) {
    if !p.at(SyntaxKind::DotDot) {
        return entry(p);
    }
    let rest = p.start();
    p.bump();
    expr(p);
    p.complete(rest, SyntaxKind::Rest);
    let trailing = p.at(SyntaxKind::Comma) && p.nth(1) == SyntaxKind::RightBracket;
    if !trailing && !p.at(SyntaxKind::RightBracket) && at_another_entry(p) {
        p.expected("`]`: `..rest` is the last part of a list");
    }
}

fn at_another_entry(p: &Parser) -> bool {
    p.at(SyntaxKind::Comma) || at_start(p)
}

/// `#{a, b}`
pub(super) fn set(p: &mut Parser) -> Completed {
    let set = p.start();
    bracketed(p, &SET, entry);
    p.complete(set, SyntaxKind::SetExpr)
}

/// `%{k => v}`, `%{m | k => v}`, `%{p | x: 2}`
pub(super) fn map(p: &mut Parser) -> Completed {
    let (map, open) = (p.start(), p.span());
    p.bump();
    let kind = p.with_brackets(Lines::Entries, |p| {
        let kind = if at_start(p) && !p.at_label() { base_or_entry(p) } else { SyntaxKind::MapExpr };
        if kind == SyntaxKind::MapExpr {
            entries(p, &MAP, map_entry);
        } else if p.at_label() || at_short_field(p) {
            entries(p, &MAP, update_field);
        } else {
            entries(p, &MAP, map_entry);
        }
        close(p, &MAP, open);
        kind
    });
    p.complete(map, kind)
}

/// The first expression, which is what is updated when `|` follows, else the first key.
fn base_or_entry(p: &mut Parser) -> SyntaxKind {
    let entry = p.start();
    expr(p);
    if p.at(SyntaxKind::Pipe) {
        p.abandon(entry);
        p.bump();
        return SyntaxKind::UpdateExpr;
    }
    value_of_entry(p);
    p.complete(entry, SyntaxKind::MapEntry);
    super::lists::next_entry(p, &MAP);
    SyntaxKind::MapExpr
}

fn value_of_entry(p: &mut Parser) {
    if p.expect(SyntaxKind::FatArrow, "and a value after the key") {
        expr(p);
    }
}

fn map_entry(p: &mut Parser) {
    if p.at_label() {
        let span = p.nth_span(1);
        let message = "entries of a map are written `key => value`";
        p.report(Diagnostic::new(codes::UNEXPECTED, span, message).help("a struct has its name in front"));
        return struct_field(p);
    }
    if at_start(p) {
        let entry = p.start();
        expr(p);
        value_of_entry(p);
        p.complete(entry, SyntaxKind::MapEntry);
    }
}

/// `y` alone, which means `y: y`, and not a key with its value behind it.
fn at_short_field(p: &Parser) -> bool {
    let next = p.nth(1);
    let closes = matches!(next, SyntaxKind::Comma | SyntaxKind::RightBrace);
    p.at(SyntaxKind::Ident) && (closes || next != SyntaxKind::FatArrow && p.opens_line(1))
}

fn update_field(p: &mut Parser) {
    if p.at_label() || at_short_field(p) || !at_start(p) {
        return struct_field(p);
    }
    let message = "fields of a struct are written `name: value`";
    p.report(
        Diagnostic::new(codes::UNEXPECTED, p.span(), message).help("this update has begun with a field"),
    );
    map_entry(p);
}

/// `{ x: 1, y }`
pub(super) fn struct_fields(p: &mut Parser) {
    bracketed(p, &FIELDS, struct_field);
}

fn struct_field(p: &mut Parser) {
    if p.at_label() {
        let field = p.start();
        any_word(p);
        p.bump();
        expr(p);
        p.complete(field, SyntaxKind::FieldValue);
    } else if p.at(SyntaxKind::Ident) {
        let field = p.start();
        any_word(p);
        p.complete(field, SyntaxKind::FieldValue);
    }
}
