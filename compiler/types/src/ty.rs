//! Types as the checker leaves them.
//!
//! A [`Ty`] is an index into a [`TypeStore`]; nodes may form cycles through [`TyNode::Tags`], so recursion over types needs
//! a visited set. In a function's scheme and body, `Param(i)` is the i-th quantified variable of that function: declared type
//! parameters first, in their order, then inferred ones (types, mailboxes and whole open rows alike).

use snow_names::hir::{Builtin, TypeDefId};
use snow_text::{IdVec, Symbol};

snow_text::ids! {
    /// A type.
    Ty,
}

/// What a type is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TyNode {
    /// The i-th quantified variable of the enclosing function.
    Param(u32),
    /// `()`
    Unit,
    /// No value; also the type of a variable that nothing determines.
    Never,
    /// Int, Float, Bool, String, Bytes, ProcessId, MonitorRef, Array (one argument).
    Builtin(Builtin, Vec<Ty>),
    /// A struct or sum type with its arguments; aliases are expanded.
    Named(TypeDefId, Vec<Ty>),
    /// `(A, B)`, two or more.
    Tuple(Vec<Ty>),
    /// Parameters, mailbox (see [`TyNode::NoMailbox`]), result.
    Function(Vec<Ty>, Ty, Ty),
    /// `Pid<M>`
    Pid(Ty),
    /// A closed tagged type, sorted by name.
    Tags(Vec<(Symbol, Vec<Ty>)>),
    /// The mailbox of a function that touches none, and of processes that receive nothing.
    NoMailbox,
    /// Already reported.
    Error,
}

/// All types of a program.
#[derive(Clone, Default, Debug)]
pub struct TypeStore {
    nodes: IdVec<Ty, TyNode>,
}

impl TypeStore {
    /// Adds a type.
    pub fn add(&mut self, node: TyNode) -> Ty {
        self.nodes.push(node)
    }

    /// Reserves a type that [`TypeStore::set`] completes: for cycles.
    pub fn reserve(&mut self) -> Ty {
        self.nodes.push(TyNode::Error)
    }

    /// Completes a reserved type.
    pub fn set(&mut self, ty: Ty, node: TyNode) {
        self.nodes[ty] = node;
    }

    /// What it is.
    pub fn get(&self, ty: Ty) -> &TyNode {
        &self.nodes[ty]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}
