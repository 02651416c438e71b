//! Interfaces: what is declared, what is implemented, and how a requirement is met.

mod derive;
mod matching;
mod require;
mod tables;

pub use derive::Derivable;
pub(crate) use matching::Fit;

use crate::solver::node::{Node, Origin};
use snow_names::hir::{FunctionId, InterfaceId};
use snow_text::Symbol;

/// A type has to implement an interface.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Which interface.
    pub interface: InterfaceId,
    /// The type.
    pub on: Node,
    /// The interface's arguments.
    pub args: Vec<Node>,
    /// Its associated types.
    pub associated: Vec<Node>,
    /// Who asks.
    pub origin: Origin,
}

/// What a declared type parameter implements.
#[derive(Clone, Debug)]
pub struct Bound {
    /// Which interface.
    pub interface: InterfaceId,
    /// Its arguments.
    pub args: Vec<Node>,
    /// Its associated types.
    pub associated: Vec<Node>,
}

/// An interface.
#[derive(Default)]
pub struct InterfaceInfo {
    /// `Self`.
    pub on: Option<Node>,
    /// Its parameters.
    pub params: Vec<Node>,
    /// Its associated types.
    pub associated: Vec<Node>,
    /// Super-interfaces and their arguments, of `Self`.
    pub supers: Vec<(InterfaceId, Vec<Node>)>,
    /// Its methods.
    pub methods: Vec<MethodInfo>,
}

/// A method of an interface.
pub struct MethodInfo {
    /// Its own type parameters, and the mailbox that all functions among its parameters share.
    pub own: Vec<Node>,
    /// Bounds of its own parameters.
    pub bounds: Vec<(Node, Bound)>,
    /// Its type, a function with `self` first.
    pub node: Node,
}

/// An impl block.
#[derive(Default)]
pub struct ImplInfo {
    /// Its type parameters.
    pub params: Vec<Node>,
    /// What they implement.
    pub bounds: Vec<(Node, Bound)>,
    /// The type; `None` only while tables are being built.
    pub on: Option<Node>,
    /// The interface and its arguments.
    pub interface: Option<(InterfaceId, Vec<Node>)>,
    /// Associated types.
    pub associated: Vec<(Symbol, Node)>,
}

/// What a method name on a type turns out to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// A method of an inherent impl, or a function of the type's home module.
    Function(FunctionId),
    /// A method of an interface.
    Interface(InterfaceId, u32),
}
