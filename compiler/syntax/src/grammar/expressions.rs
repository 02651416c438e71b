//! Expressions: operators, calls and what they are built from.

use super::blocks::block_to_end;
use super::lists::{Form, bracketed};
use super::{SyntaxKind, any_word, closures, collections, control, foreign, functions, literals, path};
use crate::ast::BinaryOperator;
use crate::codes;
use crate::parser::{Completed, Lines, Parser};
use snow_diagnostics::Diagnostic;

const ARGS: Form = Form { close: SyntaxKind::RightParen, lines: Lines::Ignored, entry: "an argument" };
const INDEX: Form = Form { close: SyntaxKind::RightBracket, lines: Lines::Ignored, entry: "an index" };

/// The precedence of the operator that binds least.
const LOOSEST: u8 = 3;
/// The precedence of comparisons, which do not chain.
const COMPARISON: u8 = 7;

/// An expression; reports when there is none.
pub(super) fn expr(p: &mut Parser) {
    p.nested(|p| {
        binary(p, LOOSEST, false);
    });
}

/// What has to be true for a block to run. Nothing is given a name there, so that `=` can only mean `==`.
pub(super) fn condition(p: &mut Parser) {
    p.nested(|p| {
        binary(p, LOOSEST, true);
    });
}

/// Whether an expression may begin here.
pub(super) fn at_start(p: &Parser) -> bool {
    matches!(
        p.kind(),
        SyntaxKind::Ident
            | SyntaxKind::IntNumber
            | SyntaxKind::FloatNumber
            | SyntaxKind::Tag
            | SyntaxKind::Bytes
            | SyntaxKind::StringStart
            | SyntaxKind::TrueKeyword
            | SyntaxKind::FalseKeyword
            | SyntaxKind::LeftParen
            | SyntaxKind::LeftBracket
            | SyntaxKind::LeftBrace
            | SyntaxKind::PercentBrace
            | SyntaxKind::HashBrace
            | SyntaxKind::Minus
            | SyntaxKind::NotKeyword
            | SyntaxKind::Bang
            | SyntaxKind::FnKeyword
            | SyntaxKind::IfKeyword
            | SyntaxKind::CaseKeyword
            | SyntaxKind::ReceiveKeyword
            | SyntaxKind::WhileKeyword
            | SyntaxKind::ForKeyword
            | SyntaxKind::DoKeyword
            | SyntaxKind::ReturnKeyword
            | SyntaxKind::BreakKeyword
            | SyntaxKind::ContinueKeyword
    )
}

/// Operators of at least this precedence, and what they join. `in_condition`: `=` is read as `==`.
fn binary(p: &mut Parser, least: u8, in_condition: bool) -> Completed {
    let mut left = prefix(p);
    let mut compared = false;
    while let Some(operator) = at_operator(p).or_else(|| at_mistaken_equal(p, in_condition)) {
        let precedence = operator.precedence();
        if precedence < least {
            break;
        }
        check_operator(p, precedence == COMPARISON && std::mem::replace(&mut compared, true));
        let outer = p.precede(left);
        p.bump();
        let right_associative = operator == BinaryOperator::Cons;
        let tighter = if right_associative { precedence } else { precedence + 1 };
        p.nested(|p| binary(p, tighter, in_condition));
        left = p.complete(outer, SyntaxKind::BinaryExpr);
    }
    left
}

/// The operator that continues the expression here. One that begins a line does so too, but for `-` in
/// front of its operand, which begins a statement, and for `..rest`, which is an entry of its own.
fn at_operator(p: &Parser) -> Option<BinaryOperator> {
    let operator = BinaryOperator::of(p.kind())?;
    let begins_anew = match operator {
        BinaryOperator::Subtract => p.joined(0),
        BinaryOperator::Range => p.lines() == Lines::Entries,
        _ => false,
    };
    if begins_anew && p.at_new_line() { None } else { Some(operator) }
}

/// `=` where `==` was meant.
fn at_mistaken_equal(p: &Parser, in_condition: bool) -> Option<BinaryOperator> {
    (in_condition && p.at(SyntaxKind::Equal)).then_some(BinaryOperator::Equal)
}

fn check_operator(p: &mut Parser, chained: bool) {
    match p.kind() {
        SyntaxKind::Equal => {
            let span = p.span();
            let problem = p.expectation("`do` after the condition");
            p.report(problem.help("values are compared with `==`").fix("compare with `==`", span, "=="));
        }
        SyntaxKind::AndAnd => foreign(p, "&&", "and", "the operator is `and`"),
        SyntaxKind::OrOr => foreign(p, "||", "or", "the operator is `or`"),
        _ if chained => {
            let message = "comparisons do not chain";
            let problem = Diagnostic::new(codes::CHAINED_COMPARISON, p.span(), message);
            p.report(problem.help("compare twice and join with `and`: `a < b and b < c`"));
        }
        _ => {}
    }
}

/// `-e`, `not e`
fn prefix(p: &mut Parser) -> Completed {
    match p.kind() {
        SyntaxKind::Minus | SyntaxKind::NotKeyword | SyntaxKind::Bang => p.nested(|p| {
            if p.at(SyntaxKind::Bang) {
                foreign(p, "!", "not ", "the operator is `not`");
            }
            let negative = p.at(SyntaxKind::Minus);
            let outer = p.start();
            p.bump();
            if negative && matches!(p.kind(), SyntaxKind::IntNumber | SyntaxKind::FloatNumber) {
                let literal = literals::number(p, p.nth(1) != SyntaxKind::Dot);
                postfix(p, literal);
            } else {
                prefix(p);
            }
            p.complete(outer, SyntaxKind::PrefixExpr)
        }),
        _ => {
            let primary = primary(p);
            postfix(p, primary)
        }
    }
}

/// Calls, fields, indices and `?` behind an expression.
fn postfix(p: &mut Parser, mut left: Completed) -> Completed {
    loop {
        let new_line = p.at_new_line();
        left = match p.kind() {
            SyntaxKind::LeftParen if !new_line => call(p, left),
            SyntaxKind::LeftBracket if !new_line => index(p, left),
            SyntaxKind::Dot if !new_line || p.nth(1).is_word() => field(p, left),
            SyntaxKind::Question if !new_line => {
                let outer = p.precede(left);
                p.bump();
                p.complete(outer, SyntaxKind::TryExpr)
            }
            _ => return left,
        };
    }
}

fn call(p: &mut Parser, callee: Completed) -> Completed {
    let outer = p.precede(callee);
    let list = p.start();
    bracketed(p, &ARGS, arg);
    p.complete(list, SyntaxKind::ArgList);
    p.complete(outer, SyntaxKind::CallExpr)
}

/// `e`, `name: e`, `_`
pub(super) fn arg(p: &mut Parser) {
    let labelled = p.at_label();
    if !labelled && !at_start(p) {
        return;
    }
    let arg = p.start();
    if labelled {
        any_word(p);
        p.bump();
    }
    if p.at_word("_") && matches!(p.nth(1), SyntaxKind::Comma | SyntaxKind::RightParen) {
        p.bump_as(SyntaxKind::PlaceholderExpr);
    } else {
        expr(p);
    }
    p.complete(arg, SyntaxKind::Arg);
    if labelled
        && p.at(SyntaxKind::Comma)
        && !matches!(p.nth(1), SyntaxKind::RightParen | SyntaxKind::DoKeyword)
    {
        check_named_last(p);
    }
}

/// Behind a named argument only named ones come.
fn check_named_last(p: &mut Parser) {
    let named = p.nth(1).is_word() && p.nth(2) == SyntaxKind::Colon;
    if !named && p.nth(1) != SyntaxKind::Comma {
        let message = "arguments without a name come before named ones";
        p.report(Diagnostic::new(codes::POSITIONAL_AFTER_NAMED, p.nth_span(1), message));
    }
}

fn index(p: &mut Parser, base: Completed) -> Completed {
    let outer = p.precede(base);
    let open = p.span();
    p.bump();
    p.with_brackets(Lines::Ignored, |p| {
        expr(p);
        super::lists::close(p, &INDEX, open);
    });
    p.complete(outer, SyntaxKind::IndexExpr)
}

fn field(p: &mut Parser, base: Completed) -> Completed {
    let outer = p.precede(base);
    p.bump();
    if p.kind().is_word() && (!p.opens_line(0) || p.lines() == Lines::Ignored) {
        any_word(p);
    } else if p.at(SyntaxKind::IntNumber) {
        let problem = p.expectation("a name after `.`");
        p.error(problem.help("take a tuple apart with `let (a, b) = …`"));
        p.bump_error();
        p.recovered();
    } else {
        p.expected("a name after `.`");
    }
    p.complete(outer, SyntaxKind::FieldExpr)
}

fn primary(p: &mut Parser) -> Completed {
    match p.kind() {
        SyntaxKind::Ident => word(p),
        SyntaxKind::IntNumber | SyntaxKind::FloatNumber => literals::number(p, false),
        SyntaxKind::TrueKeyword | SyntaxKind::FalseKeyword => p.bump_as(SyntaxKind::BoolExpr),
        SyntaxKind::StringStart => literals::string(p),
        SyntaxKind::Bytes => literals::bytes(p),
        SyntaxKind::Tag => {
            literals::check_tag(p);
            p.bump_as(SyntaxKind::TagExpr)
        }
        SyntaxKind::LeftParen => collections::parenthesised(p),
        SyntaxKind::LeftBracket => collections::list(p),
        SyntaxKind::LeftBrace => collections::braced(p),
        SyntaxKind::PercentBrace => collections::map(p),
        SyntaxKind::HashBrace => collections::set(p),
        SyntaxKind::FnKeyword if closures::is_named(p) && p.opens_line(0) => missing(p),
        SyntaxKind::FnKeyword if closures::is_named(p) => named_as_value(p),
        SyntaxKind::FnKeyword => closures::closure(p),
        SyntaxKind::IfKeyword => control::if_expr(p),
        SyntaxKind::CaseKeyword => control::case(p),
        SyntaxKind::ReceiveKeyword => control::receive(p),
        SyntaxKind::WhileKeyword => control::while_expr(p),
        SyntaxKind::ForKeyword => control::for_expr(p),
        SyntaxKind::DoKeyword => do_expr(p),
        SyntaxKind::ReturnKeyword => control::return_expr(p),
        SyntaxKind::BreakKeyword => p.bump_as(SyntaxKind::BreakExpr),
        SyntaxKind::ContinueKeyword => p.bump_as(SyntaxKind::ContinueExpr),
        _ => missing(p),
    }
}

fn missing(p: &mut Parser) -> Completed {
    if p.at(SyntaxKind::Unknown) {
        return unknown_character(p);
    }
    let what = match p.previous_kind() {
        kind if BinaryOperator::of(kind).is_some() => format!("an expression after `{}`", kind.text()),
        SyntaxKind::Equal => "an expression after `=`".to_owned(),
        _ => "an expression".to_owned(),
    };
    p.expected(&what);
    p.empty(SyntaxKind::ErrorExpr)
}

/// A character that no token has; a run of them is one problem.
fn unknown_character(p: &mut Parser) -> Completed {
    let error = p.start();
    let problem = p.unknown_character();
    p.error(problem);
    while p.at(SyntaxKind::Unknown) {
        p.bump();
    }
    p.complete(error, SyntaxKind::ErrorExpr)
}

/// A named function where a value is needed.
fn named_as_value(p: &mut Parser) -> Completed {
    let (error, span) = (p.start(), p.nth_span(1));
    let message = "a function with a name is a statement, not a value";
    p.report(
        Diagnostic::new(codes::WRONG_PLACE, span, message)
            .help("write `fn(x) -> … end` without a name, or define the function on a line of its own"),
    );
    functions::local_function(p);
    p.complete(error, SyntaxKind::ErrorExpr)
}

fn do_expr(p: &mut Parser) -> Completed {
    let block = p.start();
    let opener = p.opener("do");
    p.bump();
    block_to_end(p, opener, true);
    p.complete(block, SyntaxKind::DoExpr)
}

/// A name, a path, or one of the forms that begin with a word.
fn word(p: &mut Parser) -> Completed {
    match p.text() {
        "_" => stray_placeholder(p),
        "nil" => {
            foreign(p, "nil", "None", "the missing value is `None`, the empty one `()`");
            name_expr(p)
        }
        "match" if at_form(p) => control::match_as_case(p),
        "assert" if at_form(p) => control::assert(p),
        "assert_matches" if at_form(p) => control::assert_matches(p),
        "assert_receive" | "refute_receive" if at_form(p) => control::assert_receive(p),
        _ if p.at_capitalised(0) => path_or_struct(p),
        _ => name_expr(p),
    }
}

/// Whether a word is followed by an expression or pattern on its line, so that it is a form.
fn at_form(p: &Parser) -> bool {
    if p.opens_line(1) {
        return false;
    }
    match p.nth(1) {
        SyntaxKind::LeftParen if p.text() == "match" => !p.joined(0),
        SyntaxKind::Ident
        | SyntaxKind::IntNumber
        | SyntaxKind::FloatNumber
        | SyntaxKind::Tag
        | SyntaxKind::Bytes
        | SyntaxKind::StringStart
        | SyntaxKind::TrueKeyword
        | SyntaxKind::FalseKeyword
        | SyntaxKind::NotKeyword
        | SyntaxKind::LeftParen
        | SyntaxKind::LeftBrace
        | SyntaxKind::PercentBrace
        | SyntaxKind::HashBrace
        | SyntaxKind::Bang
        | SyntaxKind::IfKeyword
        | SyntaxKind::CaseKeyword
        | SyntaxKind::Caret => true,
        SyntaxKind::LeftBracket => !p.joined(0),
        SyntaxKind::Minus => p.joined(1) && !p.joined(0),
        _ => false,
    }
}

fn name_expr(p: &mut Parser) -> Completed {
    let name = p.start();
    p.bump_as(SyntaxKind::Name);
    p.complete(name, SyntaxKind::NameExpr)
}

fn stray_placeholder(p: &mut Parser) -> Completed {
    let message = "`_` is not a value; it can stand for an argument, as in `f(_, 2)`, or for a pattern";
    p.report(Diagnostic::new(codes::STRAY_PLACEHOLDER, p.span(), message));
    p.bump_as(SyntaxKind::ErrorExpr)
}

/// `Net.TcpServer`, `Point { x: 1 }`
fn path_or_struct(p: &mut Parser) -> Completed {
    let whole = p.start();
    let names = p.start();
    p.bump();
    while p.at(SyntaxKind::Dot) && p.at_capitalised(1) {
        p.bump();
        p.bump();
    }
    p.complete(names, SyntaxKind::Path);
    if p.at(SyntaxKind::LeftBrace) && !p.opens_line(0) {
        collections::struct_fields(p);
        return p.complete(whole, SyntaxKind::StructExpr);
    }
    p.complete(whole, SyntaxKind::PathExpr)
}

/// `A.B`: the path of an update or deriving list.
pub(super) fn interface_path(p: &mut Parser) {
    if p.at(SyntaxKind::Ident) {
        path(p, "an interface");
    }
}
