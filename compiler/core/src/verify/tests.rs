//! A function that breaks a rule is refused, in words.

use super::*;
use snow_abi::primitives::Primitive;
use snow_text::{SourceId, Span, Symbol};

/// A function under construction: types and variables come as they are asked for.
#[derive(Default)]
struct World {
    hir: hir::Program,
    typed: Typed,
    vars: IdVec<Var, Ty>,
}

impl World {
    fn ty(&mut self, node: TyNode) -> Ty {
        self.typed.store.add(node)
    }

    fn int(&mut self) -> Ty {
        self.ty(TyNode::Builtin(Builtin::Int, vec![]))
    }

    fn var(&mut self) -> Var {
        let int = self.int();
        self.vars.push(int)
    }

    fn expr(&mut self, kind: ExprKind) -> Expr {
        let ty = self.int();
        Expr { kind, ty, span: Span::new(SourceId(0), 0, 0) }
    }

    fn boxed(&mut self, kind: ExprKind) -> Box<Expr> {
        Box::new(self.expr(kind))
    }

    /// What is said about a function with this body.
    fn verdict(mut self, kind: ExprKind) -> String {
        let (body, result) = (self.expr(kind), self.int());
        let function = Function {
            name: "f".to_string(),
            type_params: 0,
            params: vec![],
            result,
            vars: self.vars,
            join_count: 2,
            body,
            hidden: false,
            span: Span::new(SourceId(0), 0, 0),
        };
        check(&function, &self.hir, &self.typed).err().map_or(String::new(), |b| b.0)
    }
}

#[test]
fn a_variable_ends_with_its_let() {
    let mut w = World::default();
    let (x, y) = (w.var(), w.var());
    let inner = ExprKind::Let(y, w.boxed(ExprKind::Int(1)), w.boxed(ExprKind::Var(y)));
    let fine = ExprKind::Let(x, w.boxed(inner.clone()), w.boxed(ExprKind::Var(x)));
    assert_eq!(w.verdict(fine), "");
    let mut w = World::default();
    let (x, y) = (w.var(), w.var());
    let late = ExprKind::Let(x, w.boxed(inner), w.boxed(ExprKind::Var(y)));
    assert_eq!(w.verdict(late), "v1 is used where it is not bound");
}

#[test]
fn a_variable_is_bound_once() {
    let mut w = World::default();
    let x = w.var();
    let inner = ExprKind::Let(x, w.boxed(ExprKind::Int(1)), w.boxed(ExprKind::Int(2)));
    let twice = ExprKind::Let(x, w.boxed(ExprKind::Int(0)), w.boxed(inner));
    assert_eq!(w.verdict(twice), "v0 is bound twice");
}

fn join(w: &mut World, params: Vec<Var>, rest: ExprKind) -> ExprKind {
    let (body, rest) = (w.boxed(ExprKind::Int(1)), w.boxed(rest));
    ExprKind::Join { join: Join(0), params, recursive: false, body, rest }
}

#[test]
fn a_jump_gives_what_its_join_takes() {
    let mut w = World::default();
    let x = w.var();
    let short = join(&mut w, vec![x], ExprKind::Jump(Join(0), vec![]));
    assert_eq!(w.verdict(short), "j0 takes 1 arguments, not 0");
    assert_eq!(World::default().verdict(ExprKind::Jump(Join(0), vec![])), "j0 is not around the jump to it");
}

#[test]
fn a_jump_does_not_leave_a_closure() {
    let mut w = World::default();
    let result = w.int();
    let body = w.boxed(ExprKind::Jump(Join(0), vec![]));
    let lambda = ExprKind::Lambda(Lambda { params: vec![], result, body });
    let outside = join(&mut w, vec![], lambda);
    assert_eq!(w.verdict(outside), "j0 is not around the jump to it");
}

#[test]
fn accept_and_retry_belong_to_receives() {
    assert_eq!(World::default().verdict(ExprKind::Retry), "accept or retry in no receive");
    let mut w = World::default();
    let (message, signal) = (w.var(), w.var());
    let on_message = Some(w.expr(ExprKind::Retry));
    let receive =
        Receive { timeout: None, message, on_message, signal, on_signal: None, signals: 0, on_timeout: None };
    assert_eq!(w.verdict(ExprKind::Receive(Box::new(receive))), "");
}

#[test]
fn a_switch_has_each_case_once() {
    let mut w = World::default();
    let x = w.var();
    let case = |w: &mut World, n| (Key::Int(n), w.expr(ExprKind::Int(n)));
    let cases = vec![case(&mut w, 1), case(&mut w, 1)];
    let switch = w.boxed(ExprKind::Switch { subject: x, cases, default: None });
    let twice = ExprKind::Let(x, w.boxed(ExprKind::Int(1)), switch);
    assert_eq!(w.verdict(twice), "the switch on v0 has Int(1) twice");
}

#[test]
fn parts_are_counted() {
    let mut w = World::default();
    let item = w.int();
    let pair = w.ty(TyNode::Tuple(vec![item, item]));
    let mut value = w.expr(ExprKind::Construct(Shape::Tuple, vec![]));
    value.ty = pair;
    let made = ExprKind::Project { value: Box::new(value), shape: Shape::Tuple, index: 0 };
    assert!(w.verdict(made).starts_with("Tuple made for"));
    let mut w = World::default();
    let item = w.int();
    let pair = w.ty(TyNode::Tuple(vec![item, item]));
    let x = w.vars.push(pair);
    let parts = vec![w.expr(ExprKind::Int(1)), w.expr(ExprKind::Int(2))];
    let mut value = w.expr(ExprKind::Construct(Shape::Tuple, parts));
    value.ty = pair;
    let mut subject = w.expr(ExprKind::Var(x));
    subject.ty = pair;
    let third = ExprKind::Project { value: Box::new(subject), shape: Shape::Tuple, index: 2 };
    let third = ExprKind::Let(x, Box::new(value), w.boxed(third));
    assert_eq!(w.verdict(third), "Tuple has 2 parts, and number 2 is read");
}

#[test]
fn callees_and_operators_get_what_they_take() {
    let mut w = World::default();
    let name = w.expr(ExprKind::Int(1));
    let call = ExprKind::Call(crate::ir::Callee::Primitive(Primitive::string_equal, vec![]), vec![name]);
    assert_eq!(w.verdict(call), "string_equal takes 2 arguments, not 1");
    let mut w = World::default();
    let tags = w.ty(TyNode::Tags(vec![(Symbol::new("a"), vec![])]));
    let mut tag = w.expr(ExprKind::Atom(Symbol::new("a")));
    tag.ty = tags;
    let sum = ExprKind::Arithmetic(crate::ir::Arithmetic::Add, Box::new(tag), w.boxed(ExprKind::Int(1)));
    assert!(w.verdict(sum).starts_with("Add of Tags"));
}
