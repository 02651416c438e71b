//! Patterns.

use super::lists::{Form, bracketed};
use super::{SyntaxKind, any_word, foreign, literals, name, path, types};
use crate::codes;
use crate::parser::{Completed, Lines, Parser};
use snow_diagnostics::{Diagnostic, Fix};
use snow_text::Span;

const PARENS: Form = Form { close: SyntaxKind::RightParen, lines: Lines::Ignored, entry: "a pattern" };
const BRACKETS: Form = Form { close: SyntaxKind::RightBracket, lines: Lines::Entries, entry: "a pattern" };
const BRACES: Form = Form { close: SyntaxKind::RightBrace, lines: Lines::Entries, entry: "a pattern" };
const FIELDS: Form = Form { close: SyntaxKind::RightBrace, lines: Lines::Entries, entry: "a field" };
const ENTRIES: Form = Form { close: SyntaxKind::RightBrace, lines: Lines::Entries, entry: "an entry" };

/// Names in brackets that were meant as the type of a list, which the parser of types tells.
const BUILT_IN_TYPES: [&str; 5] = ["Int", "Float", "String", "Bool", "Bytes"];

/// What a `::` behind a pattern may mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// The tail of a list.
    Tail,
    /// That, or a type, which is left to the caller.
    TailOrType,
}

/// A pattern with its alternatives and `as`.
pub(super) fn pattern(p: &mut Parser) {
    whole(p, Behind::Tail);
}

/// The same where a `::` and a type may follow, which are left to the caller.
pub(super) fn pattern_before_type(p: &mut Parser) {
    whole(p, Behind::TailOrType);
}

fn whole(p: &mut Parser, behind: Behind) {
    p.nested(|p| {
        let first = cons(p, behind);
        let mut whole = first;
        if at_operator(p, SyntaxKind::Pipe) {
            let outer = p.precede(first);
            while at_operator(p, SyntaxKind::Pipe) {
                p.bump();
                cons(p, behind);
            }
            whole = p.complete(outer, SyntaxKind::OrPattern);
        }
        while p.at(SyntaxKind::AsKeyword) && !p.at_new_line() {
            let outer = p.precede(whole);
            p.bump();
            name(p, "a name after `as`");
            whole = p.complete(outer, SyntaxKind::AsPattern);
        }
    });
}

/// A pattern without `|`, as between the bars of `|state|`.
pub(super) fn without_alternatives(p: &mut Parser) {
    cons(p, Behind::Tail);
}

fn cons(p: &mut Parser, behind: Behind) -> Completed {
    p.nested(|p| {
        let left = concatenation(p);
        if at_operator(p, SyntaxKind::ColonColon) && (behind == Behind::Tail || !is_type(p, 1)) {
            let outer = p.precede(left);
            p.bump();
            cons(p, behind);
            return p.complete(outer, SyntaxKind::ConsPattern);
        }
        left
    })
}

/// Entries end with their line, unless the next begins with the operator.
fn at_operator(p: &Parser, operator: SyntaxKind) -> bool {
    p.at(operator)
}

/// `"prefix" <> rest`, `1..=9`
fn concatenation(p: &mut Parser) -> Completed {
    let left = primary(p);
    let (kind, right): (_, fn(&mut Parser) -> Completed) = match p.kind() {
        SyntaxKind::Diamond => (SyntaxKind::ConcatPattern, concatenation),
        SyntaxKind::DotDot | SyntaxKind::DotDotEqual
            if left.kind() == SyntaxKind::LiteralPattern && !p.at_new_line() =>
        {
            (SyntaxKind::RangePattern, primary)
        }
        _ => return left,
    };
    let outer = p.precede(left);
    p.bump();
    p.nested(right);
    p.complete(outer, kind)
}

/// Whether the tokens behind `::` look like a type rather than the tail of a list.
fn is_type(p: &Parser, mut ahead: usize) -> bool {
    while p.nth(ahead) == SyntaxKind::LeftParen {
        ahead += 1;
    }
    match p.nth(ahead) {
        SyntaxKind::RightParen => true,
        SyntaxKind::Ident if p.nth_text(ahead) == "Fun" => true,
        SyntaxKind::Ident if p.at_capitalised(ahead) => {
            while p.nth(ahead + 1) == SyntaxKind::Dot {
                ahead += 2;
            }
            !matches!(
                p.nth(ahead + 1),
                SyntaxKind::LeftParen | SyntaxKind::LeftBrace | SyntaxKind::ColonColon
            )
        }
        SyntaxKind::LeftBracket if p.nth(ahead + 2) == SyntaxKind::RightBracket => {
            p.nth(ahead + 1) == SyntaxKind::Tag || BUILT_IN_TYPES.contains(&p.nth_text(ahead + 1))
        }
        SyntaxKind::LeftBracket => matches!(p.nth(ahead + 1), SyntaxKind::Tag | SyntaxKind::DotDot),
        _ => false,
    }
}

/// Whether a word of the language stands where a pattern binds a name: what follows shows it.
pub(super) fn at_reserved_name(p: &Parser) -> bool {
    let follows = |kind| {
        matches!(
            kind,
            SyntaxKind::Equal
                | SyntaxKind::ColonColon
                | SyntaxKind::Comma
                | SyntaxKind::RightParen
                | SyntaxKind::RightBracket
                | SyntaxKind::RightBrace
                | SyntaxKind::Arrow
                | SyntaxKind::InKeyword
        )
    };
    p.kind().is_keyword() && follows(p.nth(1)) && !p.opens_line(1)
}

/// Whether a pattern may begin here.
pub(super) fn at_start(p: &Parser) -> bool {
    at_reserved_name(p)
        || matches!(
            p.kind(),
            SyntaxKind::Ident
                | SyntaxKind::Minus
                | SyntaxKind::IntNumber
                | SyntaxKind::FloatNumber
                | SyntaxKind::TrueKeyword
                | SyntaxKind::FalseKeyword
                | SyntaxKind::StringStart
                | SyntaxKind::Bytes
                | SyntaxKind::Tag
                | SyntaxKind::Caret
                | SyntaxKind::LeftParen
                | SyntaxKind::LeftBrace
                | SyntaxKind::LeftBracket
                | SyntaxKind::PercentBrace
        )
}

fn primary(p: &mut Parser) -> Completed {
    match p.kind() {
        SyntaxKind::Ident => word(p),
        SyntaxKind::Minus => negative(p),
        SyntaxKind::IntNumber | SyntaxKind::FloatNumber => number(p),
        SyntaxKind::TrueKeyword | SyntaxKind::FalseKeyword => p.bump_as(SyntaxKind::LiteralPattern),
        SyntaxKind::StringStart => wrapped(p, |p| {
            literals::plain_string(p, "a pattern is plain text");
        }),
        SyntaxKind::Bytes => wrapped(p, |p| {
            literals::bytes(p);
        }),
        SyntaxKind::Tag => {
            literals::check_tag(p);
            p.bump_as(SyntaxKind::TagPattern)
        }
        SyntaxKind::Caret => pin(p),
        SyntaxKind::LeftParen => parenthesised(p),
        SyntaxKind::LeftBrace => braced(p),
        SyntaxKind::LeftBracket => list(p),
        SyntaxKind::PercentBrace => map(p),
        _ if at_reserved_name(p) => {
            super::report_reserved(p, "the name of a value");
            p.bump_as(SyntaxKind::ErrorPattern)
        }
        _ => {
            p.expected("a pattern");
            p.empty(SyntaxKind::ErrorPattern)
        }
    }
}

fn wrapped(p: &mut Parser, literal: fn(&mut Parser)) -> Completed {
    let pattern = p.start();
    literal(p);
    p.complete(pattern, SyntaxKind::LiteralPattern)
}

fn negative(p: &mut Parser) -> Completed {
    let pattern = p.start();
    p.bump();
    if matches!(p.kind(), SyntaxKind::IntNumber | SyntaxKind::FloatNumber) {
        literals::check_number(p, true);
        p.bump();
    } else {
        p.expected("a number after `-`");
    }
    p.complete(pattern, SyntaxKind::LiteralPattern)
}

fn number(p: &mut Parser) -> Completed {
    literals::check_number(p, false);
    p.bump_as(SyntaxKind::LiteralPattern)
}

fn word(p: &mut Parser) -> Completed {
    if p.text() == "_" {
        return p.bump_as(SyntaxKind::WildcardPattern);
    }
    if p.at_word("nil") {
        foreign(p, "nil", "None", "the missing value is `None`, the empty one `()`");
    } else if p.at_capitalised(0) || p.nth(1) == SyntaxKind::Dot && p.at_capitalised(2) {
        return constructor(p);
    }
    let pattern = p.start();
    p.bump_as(SyntaxKind::Name);
    p.complete(pattern, SyntaxKind::NamePattern)
}

/// `None`, `Type.Variant(p)`, `Point { x: 0, .. }`
fn constructor(p: &mut Parser) -> Completed {
    let pattern = p.start();
    path(p, "a variant");
    match p.kind() {
        SyntaxKind::LeftParen if !p.at_new_line() => {
            bracketed(p, &PARENS, variant_arg);
            p.complete(pattern, SyntaxKind::VariantPattern)
        }
        SyntaxKind::LeftBrace if !p.at_new_line() => {
            bracketed(p, &FIELDS, field);
            p.complete(pattern, SyntaxKind::RecordPattern)
        }
        _ => p.complete(pattern, SyntaxKind::PathPattern),
    }
}

fn variant_arg(p: &mut Parser) {
    if p.at_label() { field(p) } else { entry(p) }
}

/// `x: p`, `x`, `..`
fn field(p: &mut Parser) {
    if p.at(SyntaxKind::DotDot) {
        p.bump_as(SyntaxKind::OpenFields);
        return;
    }
    if p.at_label() {
        let field = p.start();
        any_word(p);
        p.bump();
        pattern(p);
        p.complete(field, SyntaxKind::FieldPattern);
    } else if p.at(SyntaxKind::Ident) {
        let field = p.start();
        any_word(p);
        p.complete(field, SyntaxKind::FieldPattern);
    }
}

fn pin(p: &mut Parser) -> Completed {
    let pattern = p.start();
    p.bump();
    name(p, "a name after `^`");
    p.complete(pattern, SyntaxKind::PinPattern)
}

fn entry(p: &mut Parser) {
    if at_start(p) {
        pattern(p);
    }
}

/// `()`, `(p)`, `(p :: Type)`, `(p, q)`
fn parenthesised(p: &mut Parser) -> Completed {
    let whole = p.start();
    let open = p.span();
    p.bump();
    let kind = p.with_brackets(Lines::Ignored, |p| {
        if p.eat(SyntaxKind::RightParen) {
            return SyntaxKind::UnitPattern;
        }
        let first = p.span();
        pattern_before_type(p);
        let mut kind = SyntaxKind::ParenPattern;
        if p.eat(SyntaxKind::ColonColon) {
            types::ty(p);
            kind = SyntaxKind::TypedPattern;
            if p.at(SyntaxKind::Comma) {
                wants_parentheses(p, first);
            }
        }
        if p.eat(SyntaxKind::Comma) {
            super::lists::entries(p, &PARENS, entry);
            kind = SyntaxKind::TuplePattern;
        }
        super::lists::close(p, &PARENS, open);
        kind
    });
    p.complete(whole, kind)
}

/// A part of a tuple, from `first` to here, has a type and no parentheses around it.
fn wants_parentheses(p: &mut Parser, first: Span) {
    let last = p.previous_span();
    let open = Span::new(first.source, first.start, first.start);
    let close = Span::new(first.source, last.end, last.end);
    let text = "a part of a tuple that has a type needs parentheses of its own";
    let mut problem =
        Diagnostic::new(codes::UNEXPECTED, Span::new(first.source, first.start, last.end), text);
    let title = "put parentheses around a pattern with its type".to_string();
    problem.fixes.push(Fix { title, edits: vec![(open, "(".into()), (close, ")".into())] });
    p.report(problem);
}

/// `{p, q}`, `{:tag, p}`
fn braced(p: &mut Parser) -> Completed {
    let (whole, start) = (p.start(), p.position());
    let ends_tag = matches!(p.nth(2), SyntaxKind::Comma | SyntaxKind::RightBrace) || p.opens_line(2);
    if p.nth(1) == SyntaxKind::Tag && ends_tag {
        bracketed(p, &BRACES, tag_or_entry);
        if p.position() - start == 3 {
            report_lone_tag(p);
        }
        return p.complete(whole, SyntaxKind::TaggedPattern);
    }
    let short = p.nth(1) == SyntaxKind::RightBrace || p.nth(2) == SyntaxKind::RightBrace;
    let span = p.span();
    bracketed(p, &BRACES, entry);
    if short {
        let message = "a tuple has at least two parts";
        p.report(Diagnostic::new(codes::SHORT_TUPLE, span.to(p.previous_span()), message));
    }
    p.complete(whole, SyntaxKind::TuplePattern)
}

/// The tag in front belongs to the braces; others are patterns.
fn tag_or_entry(p: &mut Parser) {
    if p.at(SyntaxKind::Tag) && p.previous_kind() == SyntaxKind::LeftBrace {
        literals::check_tag(p);
        p.bump();
    } else {
        entry(p);
    }
}

fn report_lone_tag(p: &mut Parser) {
    let message = "a tag without payload is written without braces";
    p.report(Diagnostic::new(codes::SHORT_TUPLE, p.previous_span(), message));
}

/// `[a, b, ..rest]`
fn list(p: &mut Parser) -> Completed {
    let list = p.start();
    bracketed(p, &BRACKETS, list_entry);
    p.complete(list, SyntaxKind::ListPattern)
}

fn list_entry(p: &mut Parser) {
    if !p.at(SyntaxKind::DotDot) {
        return entry(p);
    }
    let rest = p.start();
    p.bump();
    if at_start(p) && !p.at_new_line() {
        pattern(p);
    }
    p.complete(rest, SyntaxKind::RestPattern);
    if !matches!(p.kind(), SyntaxKind::RightBracket | SyntaxKind::Comma) || p.nth(1) == SyntaxKind::Ident {
        p.expected("`]`: `..rest` is the last part of a list");
    }
}

/// `%{"k" => p}`
fn map(p: &mut Parser) -> Completed {
    let map = p.start();
    bracketed(p, &ENTRIES, map_entry);
    p.complete(map, SyntaxKind::MapPattern)
}

fn map_entry(p: &mut Parser) {
    if !at_start(p) {
        return;
    }
    let entry = p.start();
    pattern(p);
    if p.expect(SyntaxKind::FatArrow, "and a pattern after the key") {
        pattern(p);
    }
    p.complete(entry, SyntaxKind::MapPatternEntry);
}
