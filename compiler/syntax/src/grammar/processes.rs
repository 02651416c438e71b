//! Actors, services and supervisors.

use super::blocks::{BlockEnd, block, block_to_end};
use super::items::members;
use super::types;
use super::{
    SyntaxKind, any_word, arms, capitalised_name, expect_do, expressions, functions, name, patterns,
};
use crate::parser::Parser;

/// `actor name(params) do … [terminate do … end] end`
pub(super) fn actor(p: &mut Parser) -> SyntaxKind {
    let opener = p.opener("actor");
    p.bump();
    name(p, "the name of the actor");
    functions::head(p);
    arms::opt_guard(p);
    if expect_do(p, "and the body of the actor") {
        p.enter();
        block(p, BlockEnd::Actor);
        if p.at_word("terminate") {
            terminate(p);
        }
        p.expect_end(opener);
    }
    SyntaxKind::Actor
}

/// `terminate do [|state|] … end`
fn terminate(p: &mut Parser) {
    let part = p.start();
    let opener = p.opener("terminate");
    p.bump();
    if expect_do(p, "after `terminate`") {
        opt_state(p);
        block_to_end(p, opener, true);
    }
    p.complete(part, SyntaxKind::Terminate);
}

/// `|state|`
fn opt_state(p: &mut Parser) {
    if p.at(SyntaxKind::Pipe) {
        let state = p.start();
        p.bump();
        patterns::without_alternatives(p);
        p.expect(SyntaxKind::Pipe, "after the state");
        p.complete(state, SyntaxKind::StateParam);
    }
}

/// `service Name do … end`
pub(super) fn service(p: &mut Parser) -> SyntaxKind {
    let opener = p.opener("service");
    p.bump();
    capitalised_name(p, "the name of a service");
    members(p, opener, "and the parts of the service", service_member);
    SyntaxKind::Service
}

fn service_member(p: &mut Parser) {
    match p.kind() {
        SyntaxKind::FnKeyword => functions::local_function(p),
        SyntaxKind::ReceiveKeyword => receive(p),
        SyntaxKind::Ident if p.at_word("call") => handler(p, SyntaxKind::CallHandler),
        SyntaxKind::Ident if p.at_word("cast") => handler(p, SyntaxKind::CastHandler),
        SyntaxKind::Ident if p.at_word("terminate") => terminate(p),
        _ => p.unexpected("a part of the service: `fn`, `call`, `cast`, `receive`, `terminate` or `end`"),
    }
}

/// `call Get(x :: Int) :: Int do |state| … end`
fn handler(p: &mut Parser, kind: SyntaxKind) {
    let handler = p.start();
    let opener = p.opener(if kind == SyntaxKind::CallHandler { "call" } else { "cast" });
    p.bump();
    capitalised_name(p, "the name of a message");
    if p.at(SyntaxKind::LeftParen) {
        functions::params(p);
    }
    if kind == SyntaxKind::CallHandler && p.at(SyntaxKind::ColonColon) {
        let reply = p.start();
        p.bump();
        types::ty(p);
        p.complete(reply, SyntaxKind::ReturnType);
    }
    if expect_do(p, "and the body of the handler") {
        opt_state(p);
        block_to_end(p, opener, true);
    }
    p.complete(handler, kind);
}

/// `receive do |state| PATTERN -> … end`
fn receive(p: &mut Parser) {
    let part = p.start();
    let opener = p.opener("receive");
    p.bump();
    if expect_do(p, "after `receive`") {
        p.enter();
        opt_state(p);
        arms::arms(p, BlockEnd::ReceiveArm);
        p.expect_end(opener);
    }
    p.complete(part, SyntaxKind::ReceiveHandler);
}

/// `supervisor Name do strategy: … child c do … end end`
pub(super) fn supervisor(p: &mut Parser) -> SyntaxKind {
    let opener = p.opener("supervisor");
    p.bump();
    capitalised_name(p, "the name of a supervisor");
    members(p, opener, "and the children of the supervisor", supervisor_member);
    SyntaxKind::Supervisor
}

fn supervisor_member(p: &mut Parser) {
    if p.at_word("child") && p.nth(1) != SyntaxKind::Colon {
        child(p);
    } else if !opt_setting(p) {
        p.unexpected("a setting such as `strategy: one_for_one`, a `child`, or `end`");
    }
}

fn child(p: &mut Parser) {
    let child = p.start();
    let opener = p.opener("child");
    p.bump();
    name(p, "the name of the child");
    members(p, opener, "and the settings of the child", |p| {
        if !opt_setting(p) {
            p.unexpected("a setting such as `restart: permanent`, or `end`");
        }
    });
    p.complete(child, SyntaxKind::Child);
}

/// `strategy: one_for_one`
fn opt_setting(p: &mut Parser) -> bool {
    if !p.at_label() && (!p.at(SyntaxKind::Ident) || p.opens_line(1)) {
        return false;
    }
    let setting = p.start();
    any_word(p);
    if p.expect(SyntaxKind::Colon, "and a value after the name of the setting") {
        expressions::expr(p);
    }
    p.complete(setting, SyntaxKind::Setting);
    true
}
