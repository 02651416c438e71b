//! Ground types: types without variables, interned so that equal types have equal ids.
//!
//! Recursive tagged types are cycles. A cycle is interned by a key that spells the type with back references, so the
//! same type reached from two places is one id.

use snow_abi::value::Class;
use snow_names::hir::{Builtin, TypeDefId};
use snow_text::{Id, IdVec, Symbol};
use snow_types::ty::{Ty, TyNode, TypeStore};
use std::collections::HashMap;
use std::fmt::Write;

snow_text::ids! {
    /// A ground type.
    Ground,
}

/// What a ground type is. Mailboxes of functions are not kept: they never change the code.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// `()`
    Unit,
    /// No values.
    Never,
    /// A built-in type.
    Builtin(Builtin, Vec<Ground>),
    /// A struct or sum type.
    Named(TypeDefId, Vec<Ground>),
    /// A tuple.
    Tuple(Vec<Ground>),
    /// Parameters, result.
    Function(Vec<Ground>, Ground),
    /// A pid and its mailbox type.
    Pid(Ground),
    /// A tagged type.
    Tags(Vec<(Symbol, Vec<Ground>)>),
}

/// All ground types met so far.
#[derive(Default)]
pub struct Grounds {
    nodes: IdVec<Ground, Node>,
    interned: HashMap<Node, Ground>,
    cycles: HashMap<String, Ground>,
}

/// A substitution under way: types being visited and the ids reserved for those met again.
type Open = HashMap<Ty, Option<Ground>>;

impl Grounds {
    /// What it is.
    pub fn get(&self, ground: Ground) -> &Node {
        &self.nodes[ground]
    }

    /// The id of a node whose parts are ground.
    pub fn intern(&mut self, node: Node) -> Ground {
        if let Some(id) = self.interned.get(&node) {
            return *id;
        }
        let id = self.nodes.push(node.clone());
        self.interned.insert(node, id);
        id
    }

    /// `()`
    pub fn unit(&mut self) -> Ground {
        self.intern(Node::Unit)
    }

    /// Replaces the variables of `ty` by `args`.
    pub fn substitute(&mut self, store: &TypeStore, ty: Ty, args: &[Ground]) -> Ground {
        self.visit(store, ty, args, &mut Open::new())
    }

    fn visit(&mut self, store: &TypeStore, ty: Ty, args: &[Ground], open: &mut Open) -> Ground {
        if let Some(reserved) = open.get_mut(&ty) {
            let nodes = &mut self.nodes;
            return *reserved.get_or_insert_with(|| nodes.push(Node::Never));
        }
        match store.get(ty) {
            TyNode::Param(index) => match args.get(*index as usize) {
                Some(ground) => *ground,
                None => self.intern(Node::Never),
            },
            TyNode::Unit => self.intern(Node::Unit),
            TyNode::Never | TyNode::NoMailbox | TyNode::Error => self.intern(Node::Never),
            TyNode::Tags(tags) => self.visit_tags(store, ty, tags, args, open),
            TyNode::Builtin(builtin, parts) => {
                let parts = self.visit_all(store, parts, args, open);
                self.intern(Node::Builtin(*builtin, parts))
            }
            TyNode::Named(def, parts) => {
                let parts = self.visit_all(store, parts, args, open);
                self.intern(Node::Named(*def, parts))
            }
            TyNode::Tuple(parts) => {
                let parts = self.visit_all(store, parts, args, open);
                self.intern(Node::Tuple(parts))
            }
            TyNode::Function(params, _, result) => {
                let params = self.visit_all(store, params, args, open);
                let result = self.visit(store, *result, args, open);
                self.intern(Node::Function(params, result))
            }
            TyNode::Pid(mailbox) => {
                let mailbox = self.visit(store, *mailbox, args, open);
                self.intern(Node::Pid(mailbox))
            }
        }
    }

    fn visit_all(
        &mut self,
        store: &TypeStore,
        types: &[Ty],
        args: &[Ground],
        open: &mut Open,
    ) -> Vec<Ground> {
        types.iter().map(|t| self.visit(store, *t, args, open)).collect()
    }

    fn visit_tags(
        &mut self,
        store: &TypeStore,
        ty: Ty,
        tags: &[(Symbol, Vec<Ty>)],
        args: &[Ground],
        open: &mut Open,
    ) -> Ground {
        open.insert(ty, None);
        let tags =
            tags.iter().map(|(name, parts)| (*name, self.visit_all(store, parts, args, open))).collect();
        match open.remove(&ty).expect("inserted above") {
            None => self.intern(Node::Tags(tags)),
            Some(reserved) => {
                self.nodes[reserved] = Node::Tags(tags);
                let mut key = String::new();
                self.spell(reserved, &mut Vec::new(), &mut key);
                *self.cycles.entry(key).or_insert(reserved)
            }
        }
    }

    fn spell(&self, ground: Ground, path: &mut Vec<Ground>, out: &mut String) {
        if let Some(depth) = path.iter().rev().position(|g| *g == ground) {
            let _infallible = write!(out, "^{depth}");
            return;
        }
        let parts = |node: &Node| -> Vec<Ground> {
            match node {
                Node::Unit | Node::Never => vec![],
                Node::Builtin(_, p) | Node::Named(_, p) | Node::Tuple(p) => p.clone(),
                Node::Function(p, r) => p.iter().chain([r]).copied().collect(),
                Node::Pid(m) => vec![*m],
                Node::Tags(tags) => tags.iter().flat_map(|t| t.1.iter().copied()).collect(),
            }
        };
        let node = self.get(ground);
        let head = match node {
            Node::Unit => "()".to_string(),
            Node::Never => "!".to_string(),
            Node::Builtin(b, _) => format!("{b:?}"),
            Node::Named(d, _) => format!("N{}", d.index()),
            Node::Tuple(_) => "T".to_string(),
            Node::Function(..) => "F".to_string(),
            Node::Pid(_) => "P".to_string(),
            Node::Tags(tags) => {
                let names: Vec<String> = tags.iter().map(|(n, p)| format!("{}/{}", n, p.len())).collect();
                format!("[{}]", names.join("|"))
            }
        };
        out.push_str(&head);
        out.push('(');
        path.push(ground);
        for part in parts(node) {
            self.spell(part, path, out);
            out.push(',');
        }
        path.pop();
        out.push(')');
    }

    /// How a word of this type is treated.
    pub fn class(&self, ground: Ground) -> Class {
        match self.get(ground) {
            Node::Builtin(Builtin::Float, _) => Class::Float,
            Node::Unit | Node::Never | Node::Pid(_) => Class::Int,
            Node::Builtin(Builtin::Int | Builtin::Bool | Builtin::ProcessId | Builtin::MonitorRef, _) => {
                Class::Int
            }
            _ => Class::Ref,
        }
    }
}
