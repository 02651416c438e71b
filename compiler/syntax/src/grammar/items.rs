//! Items: what a file consists of.

use super::lists::{Form, bracketed};
use super::{SyntaxKind, blocks, capitalised_name, expect_do, expressions, functions, literals, name, path};
use super::{processes, types};
use crate::codes;
use crate::parser::{Lines, Marker, Opener, Parser};
use snow_diagnostics::Diagnostic;

const VARIANT: Form =
    Form { close: SyntaxKind::RightParen, lines: Lines::Ignored, entry: "the type of a field" };
const BRACED_VARIANT: Form = Form { close: SyntaxKind::RightBrace, ..VARIANT };
const DERIVING: Form = Form { close: SyntaxKind::RightParen, lines: Lines::Ignored, entry: "an interface" };

/// A whole file.
pub(crate) fn root(p: &mut Parser) {
    let root = p.start();
    loop {
        p.resume_after_giving_up();
        skip_after_problem(p);
        if p.at(SyntaxKind::EndOfFile) {
            break;
        }
        if p.eat(SyntaxKind::Semicolon) {
            continue;
        }
        let before = p.position();
        item(p);
        let gave_up = p.resume_after_giving_up();
        if p.position() == before && !gave_up {
            not_an_item(p);
        } else if !gave_up && !p.is_recovering() && !at_item_end(p) {
            p.expected("the end of the line after this definition");
        } else if gave_up {
            p.skip_as_error();
        }
    }
    p.complete(root, SyntaxKind::Root);
}

fn at_item_end(p: &Parser) -> bool {
    p.opens_line(0) || p.at(SyntaxKind::Semicolon)
}

/// Behind a broken item the next one begins on a line of its own, not further in than the broken one.
fn skip_after_problem(p: &mut Parser) {
    if !p.is_recovering() {
        return;
    }
    let limit = p.line_indent();
    if !at_next_item(p, p.column()) {
        let error = p.start();
        while !at_next_item(p, limit) {
            p.bump();
        }
        p.complete(error, SyntaxKind::Error);
    }
    p.recovered();
}

fn at_next_item(p: &Parser, limit: u32) -> bool {
    p.at(SyntaxKind::EndOfFile) || at_item_start(p) && p.opens_line(0) && p.column() <= limit
}

/// Whether a reserved word that begins an item comes next.
pub(super) fn at_item_word(p: &Parser) -> bool {
    matches!(
        p.kind(),
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

fn at_item_start(p: &Parser) -> bool {
    at_item_word(p)
        || matches!(p.kind(), SyntaxKind::FnKeyword | SyntaxKind::LetKeyword)
        || p.at_word("from") && p.at_capitalised(1)
        || p.at_word("test") && p.nth(1) == SyntaxKind::StringStart
        || p.at_word("def") && p.nth(1) == SyntaxKind::Ident
}

pub(super) fn item(p: &mut Parser) {
    let item = p.start();
    let pub_span = p.at(SyntaxKind::PubKeyword).then(|| p.span());
    if pub_span.is_some() {
        p.bump();
    }
    let kind = match p.kind() {
        SyntaxKind::FnKeyword => function(p),
        SyntaxKind::Ident if p.at_word("def") && p.nth(1) == SyntaxKind::Ident => function(p),
        SyntaxKind::StructKeyword => struct_item(p),
        SyntaxKind::TypeKeyword => type_item(p),
        SyntaxKind::InterfaceKeyword => interface(p),
        SyntaxKind::ActorKeyword => processes::actor(p),
        SyntaxKind::ServiceKeyword => processes::service(p),
        SyntaxKind::SupervisorKeyword => processes::supervisor(p),
        SyntaxKind::LetKeyword => constant(p),
        _ => return not_exported(p, item, pub_span),
    };
    p.complete(item, kind);
}

/// Items that are never `pub`.
fn not_exported(p: &mut Parser, item: Marker, pub_span: Option<snow_text::Span>) {
    let what = match p.kind() {
        SyntaxKind::ImplKeyword => "an `impl` is visible wherever its type and interface are",
        SyntaxKind::ImportKeyword => "imports cannot be passed on",
        SyntaxKind::Ident if p.at_word("from") && p.at_capitalised(1) => "imports cannot be passed on",
        SyntaxKind::Ident if p.at_word("test") && p.nth(1) == SyntaxKind::StringStart => "tests have no name",
        _ => {
            if pub_span.is_some() {
                p.expected("a definition after `pub`");
            }
            return p.abandon(item);
        }
    };
    if let Some(span) = pub_span {
        let message = format!("`pub` cannot stand here: {what}");
        p.report(Diagnostic::new(codes::PUB_NOT_ALLOWED, span, message).fix("drop `pub`", span, ""));
    }
    let kind = match p.kind() {
        SyntaxKind::ImplKeyword => impl_item(p),
        SyntaxKind::ImportKeyword => import(p),
        _ if p.at_word("from") => from_import(p),
        _ => test(p),
    };
    p.complete(item, kind);
}

fn not_an_item(p: &mut Parser) {
    let span = p.span();
    let problem = match p.kind() {
        SyntaxKind::EndKeyword => Diagnostic::new(codes::EXTRA_CLOSER, span, "this `end` closes nothing")
            .help("perhaps a `do` is missing above, or this `end` is one too many"),
        SyntaxKind::Unknown => p.unknown_character(),
        kind if expressions::at_start(p) && kind != SyntaxKind::Ident || is_statement(p) => {
            Diagnostic::new(codes::WRONG_PLACE, span, "statements stand inside of functions")
                .help("a program begins with `fn main() do … end`; perhaps an `end` above is one too many")
        }
        _ => Diagnostic::new(
            codes::UNEXPECTED,
            span,
            format!("expected a definition such as `fn`, `type` or `import`, found {}", p.found_text()),
        ),
    };
    p.error(match foreign_item(p.text()) {
        Some(help) => problem.help(help),
        None => problem,
    });
    p.bump_error();
}

/// What other languages begin a definition with.
fn foreign_item(word: &str) -> Option<&'static str> {
    Some(match word {
        "defmodule" | "module" | "mod" | "namespace" | "package" => {
            "a file is a module, and its name is the module's"
        }
        "func" | "function" | "fun" | "defp" => "functions begin with `fn`, and are private unless `pub fn`",
        "class" | "record" | "defstruct" => "data with named fields is `struct Name do … end`",
        "enum" | "data" | "union" => "one of several variants is `type Name do … end`",
        "trait" | "protocol" | "defprotocol" => "what types can have in common is `interface Name do … end`",
        "const" | "var" | "val" => "a constant is `let NAME = …`",
        "use" | "require" | "alias" | "include" | "using" => {
            "write `import Module`, or `from Module import name`"
        }
        _ => return None,
    })
}

fn is_statement(p: &Parser) -> bool {
    p.at(SyntaxKind::Ident)
        && matches!(p.nth(1), SyntaxKind::LeftParen | SyntaxKind::Dot | SyntaxKind::PipeGreater)
}

fn function(p: &mut Parser) -> SyntaxKind {
    functions::after_pub(p, false);
    SyntaxKind::Function
}

/// `import Net.TcpServer [as T]`
fn import(p: &mut Parser) -> SyntaxKind {
    p.bump();
    path(p, "a module after `import`");
    if p.eat(SyntaxKind::AsKeyword) {
        capitalised_name(p, "a name for the module after `as`");
    }
    SyntaxKind::Import
}

/// `from Net.TcpServer import f, Config`
fn from_import(p: &mut Parser) -> SyntaxKind {
    p.bump();
    path(p, "a module after `from`");
    if p.expect(SyntaxKind::ImportKeyword, "after the module of `from`") {
        imported_name(p);
        while p.eat(SyntaxKind::Comma) {
            imported_name(p);
        }
    }
    SyntaxKind::FromImport
}

fn imported_name(p: &mut Parser) {
    let on_line = p.previous_kind() == SyntaxKind::Comma || !p.opens_line(0);
    if p.at(SyntaxKind::Ident) && on_line {
        let imported = p.start();
        p.bump_as(SyntaxKind::Name);
        p.complete(imported, SyntaxKind::ImportedName);
    } else {
        p.expected("a name to import");
    }
}

/// Reads what is between `do` and `end`, a member after the other on lines of their own.
pub(super) fn members(p: &mut Parser, opener: Opener, what: &str, member: fn(&mut Parser)) {
    if !expect_do(p, what) {
        return;
    }
    p.enter();
    p.with_lines(Lines::Statements, |p| {
        while !at_members_end(p) {
            if matches!(p.kind(), SyntaxKind::Semicolon | SyntaxKind::Comma) {
                p.bump();
                continue;
            }
            let before = p.position();
            member(p);
            if p.position() == before {
                p.unexpected("`end`");
            }
            if p.is_recovering() {
                skip_member(p, before);
            }
            p.recovered();
        }
    });
    p.expect_end(opener);
}

fn skip_member(p: &mut Parser, before: usize) {
    if p.position() == before && !p.at(SyntaxKind::EndOfFile) {
        p.bump_error();
    }
    super::skip_line(p);
}

fn at_members_end(p: &Parser) -> bool {
    let foreign_item =
        at_item_word(p) && !matches!(p.kind(), SyntaxKind::TypeKeyword | SyntaxKind::PubKeyword);
    matches!(p.kind(), SyntaxKind::EndOfFile | SyntaxKind::EndKeyword)
        || foreign_item && p.opens_line(0) && p.nth(1) != SyntaxKind::ColonColon
        || p.is_dedented()
}

/// `struct Name<T> [opaque] do field :: Type [= default] … end [deriving(…)]`
fn struct_item(p: &mut Parser) -> SyntaxKind {
    let opener = p.opener("struct");
    p.bump();
    capitalised_name(p, "the name of a struct");
    functions::opt_generics(p);
    opt_opaque(p);
    functions::opt_where(p);
    members(p, opener, "and the fields of the struct", struct_field);
    opt_opaque(p);
    opt_deriving(p);
    SyntaxKind::Struct
}

fn opt_opaque(p: &mut Parser) {
    if p.at_word("opaque") && !p.opens_line(0) {
        p.bump();
    }
}

fn struct_field(p: &mut Parser) {
    let field = p.start();
    if p.kind().is_word() && matches!(p.nth(1), SyntaxKind::ColonColon | SyntaxKind::Colon) {
        super::any_word(p);
        if p.at(SyntaxKind::Colon) {
            super::foreign(p, ":", " ::", "the type of a field stands behind `::`");
        }
        p.bump();
        types::ty(p);
    } else if p.at(SyntaxKind::Ident) {
        p.bump_as(SyntaxKind::Name);
        p.expected("`::` and the type after the name of the field");
    } else {
        p.unexpected("a field such as `name :: Type`, or `end`");
    }
    if p.eat(SyntaxKind::Equal) {
        expressions::expr(p);
    }
    p.complete(field, SyntaxKind::StructField);
}

/// `deriving(Eq, Json)`; it may begin a line.
fn opt_deriving(p: &mut Parser) {
    if p.at_word("deriving") && p.nth(1) == SyntaxKind::LeftParen {
        let list = p.start();
        p.bump();
        bracketed(p, &DERIVING, expressions::interface_path);
        p.complete(list, SyntaxKind::Deriving);
    }
}

/// `type Name = Type`, `type Name do … end`
fn type_item(p: &mut Parser) -> SyntaxKind {
    let opener = p.opener("type");
    p.bump();
    capitalised_name(p, "the name of a type");
    functions::opt_generics(p);
    if p.eat(SyntaxKind::Equal) {
        types::ty(p);
        return SyntaxKind::TypeAlias;
    }
    functions::opt_where(p);
    members(p, opener, "and the variants, or `=` and a type,", variant);
    opt_deriving(p);
    SyntaxKind::SumType
}

fn variant(p: &mut Parser) {
    if p.eat(SyntaxKind::Pipe) && (p.at(SyntaxKind::EndKeyword) || p.at(SyntaxKind::Pipe)) {
        p.expected("a variant after `|`");
        return;
    }
    if !p.at(SyntaxKind::Ident) {
        return p.unexpected("a variant, or `end`");
    }
    let variant = p.start();
    super::capitalised_word(p, "a variant");
    if p.at(SyntaxKind::LeftParen) && !p.at_new_line() {
        bracketed(p, &VARIANT, variant_field);
    } else if p.at(SyntaxKind::LeftBrace) && !p.at_new_line() {
        let message = "the fields of a variant are declared in parentheses";
        let problem = Diagnostic::new(codes::UNEXPECTED, p.span(), message);
        p.report(
            problem.help("as in `Move(x :: Int, y :: Int)`; braces stand where a value is made or matched"),
        );
        bracketed(p, &BRACED_VARIANT, variant_field);
    }
    p.complete(variant, SyntaxKind::Variant);
}

fn variant_field(p: &mut Parser) {
    let named = p.kind().is_word() && p.nth(1) == SyntaxKind::ColonColon;
    if !named && !matches!(p.kind(), SyntaxKind::Ident | SyntaxKind::LeftParen | SyntaxKind::LeftBracket) {
        return;
    }
    let field = p.start();
    if named {
        super::any_word(p);
        p.bump();
    }
    types::ty(p);
    p.complete(field, SyntaxKind::VariantField);
}

/// `interface Name<T>: Super do … end`
fn interface(p: &mut Parser) -> SyntaxKind {
    let opener = p.opener("interface");
    p.bump();
    capitalised_name(p, "the name of an interface");
    functions::opt_generics(p);
    if p.eat(SyntaxKind::Colon) {
        functions::bounds(p);
    }
    functions::opt_where(p);
    members(p, opener, "and the methods of the interface", |p| method(p, true));
    SyntaxKind::Interface
}

/// `impl Type do … end`, `impl Name for Type where … do … end`
fn impl_item(p: &mut Parser) -> SyntaxKind {
    let opener = p.opener("impl");
    p.bump();
    functions::opt_generics(p);
    types::ty(p);
    if p.eat(SyntaxKind::ForKeyword) {
        types::ty(p);
    }
    functions::opt_where(p);
    members(p, opener, "and the methods of the `impl`", |p| method(p, false));
    SyntaxKind::Impl
}

/// A method or an associated type.
fn method(p: &mut Parser, may_lack_body: bool) {
    let member = p.start();
    p.eat(SyntaxKind::PubKeyword);
    match p.kind() {
        SyntaxKind::FnKeyword => {
            functions::after_pub(p, may_lack_body);
            p.complete(member, SyntaxKind::Function);
        }
        SyntaxKind::TypeKeyword => {
            p.bump();
            capitalised_name(p, "the name of the associated type");
            if p.eat(SyntaxKind::Equal) {
                types::ty(p);
            }
            p.complete(member, SyntaxKind::AssociatedType);
        }
        SyntaxKind::Ident if p.at_word("def") => {
            functions::after_pub(p, may_lack_body);
            p.complete(member, SyntaxKind::Function);
        }
        _ => {
            p.unexpected("a method, which begins with `fn`, or `end`");
            p.abandon(member);
        }
    }
}

/// `let NAME [:: Type] = constant`
fn constant(p: &mut Parser) -> SyntaxKind {
    p.bump();
    name(p, "the name of the constant");
    if p.eat(SyntaxKind::ColonColon) {
        types::ty(p);
    }
    if p.expect(SyntaxKind::Equal, "and the value of the constant") {
        expressions::expr(p);
    }
    SyntaxKind::Constant
}

/// `test "name", timeout: 5000 do … end`
fn test(p: &mut Parser) -> SyntaxKind {
    let opener = p.opener("test");
    p.bump();
    literals::plain_string(p, "the name of a test is plain text");
    while p.eat(SyntaxKind::Comma) {
        expressions::arg(p);
    }
    let opened = expect_do(p, "after the name of the test");
    blocks::block_to_end(p, opener, opened);
    SyntaxKind::Test
}
