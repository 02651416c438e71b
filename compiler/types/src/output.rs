//! From the solver's nodes to the types that later stages read.

use crate::checker::{Checker, MemberFact, Use};
use crate::solver::node::{Head, Node, RowId, Shape};
use crate::ty::{Ty, TyNode};
use crate::typed::{ImplHead, Member, Scheme, Typed};
use snow_names::hir::{Builtin, FunctionId};
use snow_text::{Id, IdVec};
use std::collections::HashMap;

/// The quantified variables of the function at hand, and what has been converted in it.
#[derive(Default)]
struct Frame {
    params: Vec<Node>,
    rows: HashMap<RowId, u32>,
    done: HashMap<Node, Ty>,
    done_rows: HashMap<RowId, Ty>,
}

impl Checker<'_> {
    /// All facts.
    pub(crate) fn output(&mut self) -> Typed {
        let mut typed = Typed::default();
        let error = typed.store.add(TyNode::Error);
        typed.exprs.resize_with(self.program.expr_count as usize, || error);
        typed.patterns.resize_with(self.program.pattern_count as usize, || error);
        typed.locals.resize_with(self.program.locals.len(), || error);
        for id in self.program.functions.ids() {
            self.output_function(id, &mut typed);
        }
        self.output_tables(&mut typed);
        typed
    }

    fn frame(&self, params: Vec<Node>) -> Frame {
        let params: Vec<Node> = params.iter().map(|p| self.solver.find(*p)).collect();
        let rows = params
            .iter()
            .enumerate()
            .filter_map(|(i, p)| self.solver.row_of(*p).map(|r| (r, i as u32)))
            .collect();
        Frame { params, rows, ..Frame::default() }
    }

    fn output_function(&mut self, id: FunctionId, typed: &mut Typed) {
        let params = self.functions[id].generic.as_ref().map_or(Vec::new(), |g| g.params.clone());
        let mut frame = self.frame(params);
        let facts = std::mem::take(&mut self.facts[id]);
        for (expr, node) in facts.exprs {
            typed.exprs[expr] = self.ty(node, typed, &mut frame);
        }
        for (pattern, node) in facts.patterns {
            typed.patterns[pattern] = self.ty(node, typed, &mut frame);
        }
        for (local, node) in facts.locals {
            typed.locals[local] = self.ty(node, typed, &mut frame);
        }
        for param in &self.program.functions[id].params {
            if let Some(node) = self.locals[param.local] {
                typed.locals[param.local] = self.ty(node, typed, &mut frame);
            }
        }
        for (expr, types) in facts.uses {
            let types = self.use_types(&types, typed, &mut frame);
            typed.uses.insert(expr, types);
        }
        for (expr, fact) in facts.members {
            if let Some(member) = self.member(&fact, typed, &mut frame) {
                typed.members.insert(expr, member);
            }
        }
        typed.orders.extend(facts.orders);
        for (expr, node) in facts.spawned {
            let ty = self.ty(node, typed, &mut frame);
            typed.spawned.insert(expr, ty);
        }
        for (expr, node) in facts.mailboxes {
            let ty = self.ty(node, typed, &mut frame);
            typed.mailboxes.insert(expr, ty);
        }
        let scheme = self.scheme(self.functions[id].node, typed, &mut frame);
        typed.functions.push(scheme);
        typed.signatures.push(std::mem::take(&mut self.functions[id].signature));
    }

    fn scheme(&self, node: Option<Node>, typed: &mut Typed, frame: &mut Frame) -> Scheme {
        let params = frame.params.len() as u32;
        match node.and_then(|n| self.solver.function(n)) {
            Some((args, mailbox, result)) => Scheme {
                params,
                arguments: args.iter().map(|a| self.ty(*a, typed, frame)).collect(),
                mailbox: self.ty(mailbox, typed, frame),
                result: self.ty(result, typed, frame),
            },
            None => {
                let error = typed.store.add(TyNode::Error);
                Scheme { params, arguments: vec![], mailbox: error, result: error }
            }
        }
    }

    fn use_types(&self, types: &Use, typed: &mut Typed, frame: &mut Frame) -> Vec<Ty> {
        match types {
            Use::Types(nodes) => nodes.iter().map(|n| self.ty(*n, typed, frame)).collect(),
            Use::Same(id, pairs) => {
                let params = self.functions[*id].generic.as_ref().map_or(Vec::new(), |g| g.params.clone());
                params
                    .iter()
                    .map(|p| {
                        let other =
                            pairs.iter().find(|(from, _)| self.solver.find(*from) == self.solver.find(*p));
                        self.ty(other.map_or(*p, |o| o.1), typed, frame)
                    })
                    .collect()
            }
        }
    }

    fn member(&self, fact: &MemberFact, typed: &mut Typed, frame: &mut Frame) -> Option<Member> {
        Some(match fact {
            MemberFact::Builtin => Member::Builtin,
            MemberFact::Operator(on, other) => {
                let built_in = match self.solver.head(*on) {
                    Some((Head::Builtin(b), _)) => !matches!(b, Builtin::Array),
                    _ => false,
                };
                if built_in { Member::Builtin } else { return self.member(other, typed, frame) }
            }
            MemberFact::Field(index) => Member::Field(*index),
            MemberFact::Size(count) => Member::Size(*count),
            MemberFact::FieldCall(index) => Member::FieldCall(*index),
            MemberFact::Function(id, types) => Member::Function(*id, self.use_types(types, typed, frame)),
            MemberFact::Interface { interface, method, on, args, method_args } => Member::Interface {
                interface: *interface,
                method: *method,
                self_ty: self.ty(*on, typed, frame),
                args: args.iter().map(|a| self.ty(*a, typed, frame)).collect(),
                method_args: method_args.iter().map(|a| self.ty(*a, typed, frame)).collect(),
            },
            MemberFact::TryOption => Member::TryOption,
            MemberFact::TryResult { from, to, convert } => Member::TryResult {
                from: self.ty(*from, typed, frame),
                to: self.ty(*to, typed, frame),
                convert: *convert,
            },
        })
    }

    /// One type.
    fn ty(&self, node: Node, typed: &mut Typed, frame: &mut Frame) -> Ty {
        let node = self.solver.find(node);
        if let Some(ty) = frame.done.get(&node) {
            return *ty;
        }
        if let Some(index) = frame.params.iter().position(|p| *p == node) {
            return typed.store.add(TyNode::Param(index as u32));
        }
        let ty = match self.solver.shape(node).clone() {
            Shape::Tags(row) => return self.row(self.solver.find_row(row), typed, frame),
            Shape::Constructed(head, args) => {
                let args: Vec<Ty> = args.iter().map(|a| self.ty(*a, typed, frame)).collect();
                typed.store.add(match head {
                    Head::Unit => TyNode::Unit,
                    Head::Never => TyNode::Never,
                    Head::Tuple => TyNode::Tuple(args),
                    Head::Builtin(builtin) => TyNode::Builtin(builtin, args),
                    Head::Named(id) => TyNode::Named(id, args),
                })
            }
            Shape::Function(params, mailbox, result) => {
                let params = params.iter().map(|p| self.ty(*p, typed, frame)).collect();
                let (mailbox, result) = (self.ty(mailbox, typed, frame), self.ty(result, typed, frame));
                typed.store.add(TyNode::Function(params, mailbox, result))
            }
            Shape::Pid(messages) => {
                let messages = self.ty(messages, typed, frame);
                typed.store.add(TyNode::Pid(messages))
            }
            Shape::NoMailbox => typed.store.add(TyNode::NoMailbox),
            Shape::Error => typed.store.add(TyNode::Error),
            // Nothing determines it: there is no value of it.
            Shape::Variable(_) | Shape::Rigid(_) | Shape::Link(_) => typed.store.add(TyNode::Never),
        };
        frame.done.insert(node, ty);
        ty
    }

    fn row(&self, row: RowId, typed: &mut Typed, frame: &mut Frame) -> Ty {
        if let Some(index) = frame.rows.get(&row) {
            return typed.store.add(TyNode::Param(*index));
        }
        if let Some(ty) = frame.done_rows.get(&row) {
            return *ty;
        }
        let ty = typed.store.reserve();
        frame.done_rows.insert(row, ty);
        let mut tags: Vec<_> = self.solver.rows[row]
            .tags
            .clone()
            .into_iter()
            .map(|(name, tag)| (name, tag.args.iter().map(|a| self.ty(*a, typed, frame)).collect::<Vec<_>>()))
            .collect();
        tags.sort_by_key(|t| t.0);
        typed.store.set(ty, TyNode::Tags(tags));
        ty
    }

    fn output_tables(&mut self, typed: &mut Typed) {
        for id in self.program.types.ids() {
            let fields = self.fields(id);
            let mut frame = self.frame(self.types[id].params.clone());
            let fields =
                fields.iter().map(|v| v.iter().map(|f| self.ty(*f, typed, &mut frame)).collect()).collect();
            typed.fields.push(fields);
        }
        for id in self.program.impls.ids() {
            let mut frame = self.frame(self.impls[id].params.clone());
            let info = &self.impls[id];
            let error = typed.store.add(TyNode::Error);
            let head = ImplHead {
                interface: info.interface.as_ref().map(|(interface, args)| {
                    (*interface, args.iter().map(|a| self.ty(*a, typed, &mut frame)).collect())
                }),
                params: info.params.len() as u32,
                for_type: info.on.map_or(error, |on| self.ty(on, typed, &mut frame)),
                associated: info
                    .associated
                    .iter()
                    .map(|(n, t)| (*n, self.ty(*t, typed, &mut frame)))
                    .collect(),
            };
            typed.impls.push(head);
        }
        for id in self.program.interfaces.ids() {
            let info = &self.interfaces[id];
            let outer: Vec<Node> =
                self.interface_params(id).into_iter().chain(info.associated.clone()).collect();
            let methods: Vec<(Vec<Node>, Node)> = info
                .methods
                .iter()
                .map(|m| (outer.iter().chain(&m.own).copied().collect(), m.node))
                .collect();
            let mut schemes = Vec::new();
            for (params, node) in methods {
                let mut frame = self.frame(params);
                schemes.push(self.scheme(Some(node), typed, &mut frame));
            }
            typed.interface_methods.push(schemes);
        }
    }
}

/// The dense vectors a checker begins with.
pub(crate) fn filled<I: Id, T: Default>(count: usize) -> IdVec<I, T> {
    let mut items = IdVec::default();
    items.resize_with(count, T::default);
    items
}
