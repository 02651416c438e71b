//! What checking yields: a type for every expression, and how every use was resolved.
//!
//! All maps are total for what they are about: a missing entry is a compiler bug, except in programs with errors, which
//! go no further.

use crate::ty::{Ty, TypeStore};
use snow_names::hir::{ExprId, FunctionId, ImplId, InterfaceId, LocalId, PatternId, TypeDefId};
use snow_text::{IdVec, Symbol};
use std::collections::HashMap;

/// The facts about a checked program.
#[derive(Debug, Default)]
pub struct Typed {
    /// All types.
    pub store: TypeStore,
    /// The type of every expression.
    pub exprs: IdVec<ExprId, Ty>,
    /// The type of what every pattern is matched with.
    pub patterns: IdVec<PatternId, Ty>,
    /// The type of every local.
    pub locals: IdVec<LocalId, Ty>,
    /// The type of every function.
    pub functions: IdVec<FunctionId, Scheme>,
    /// The type of every function as users read it; empty where there is none.
    pub signatures: IdVec<FunctionId, String>,
    /// For every use of a generic thing — `Function`, `Variant`, `Primitive`, `Intrinsic`, `TypeMember`, `InterfaceMember`, by the id of
    /// that expression; `Struct`, `Construct` by theirs — the types for its parameters, in order. For functions: [`Scheme::params`] many.
    /// Primitives and intrinsics: the parameters of the row's scheme in order of first appearance.
    pub uses: HashMap<ExprId, Vec<Ty>>,
    /// What `MethodCall`, `Field`, `Index`, `Binary`, `Negate`, `TypeMember`, `InterfaceMember`, `Show`, and `Try` mean, by their ids.
    pub members: HashMap<ExprId, Member>,
    /// Order of arguments of method calls with named or missing arguments, by the call's id (receiver included as `Given(0)`, then
    /// the written ones); absent: as written.
    pub orders: HashMap<ExprId, Vec<ArgumentSource>>,
    /// Mailbox type of the process that each `Spawn` and `SpawnRemote` starts, by its id.
    pub spawned: HashMap<ExprId, Ty>,
    /// Mailbox type where each `Receive` and `SelfPid` stands, by its id.
    pub mailboxes: HashMap<ExprId, Ty>,
    /// Fields of struct and sum types with `Param(i)` for the i-th declared parameter: per variant (a struct has one), per field.
    pub fields: IdVec<TypeDefId, Vec<Vec<Ty>>>,
    /// Impl heads.
    pub impls: IdVec<ImplId, ImplHead>,
    /// Signatures of interface methods: `Param(0)` = Self, then the interface's parameters, then its associated types in order, then the method's own.
    pub interface_methods: IdVec<InterfaceId, Vec<Scheme>>,
}

/// A function's type.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// Number of quantified variables.
    pub params: u32,
    /// Types of the parameters.
    pub arguments: Vec<Ty>,
    /// `NoMailbox`, a `Param` where it can be anything, or the mailbox type.
    pub mailbox: Ty,
    /// Type of the result.
    pub result: Ty,
}

/// The head of an impl; its type parameters are `Param(0..)`.
#[derive(Clone, Debug)]
pub struct ImplHead {
    /// `None` for inherent impls.
    pub interface: Option<(InterfaceId, Vec<Ty>)>,
    /// Number of type parameters.
    pub params: u32,
    /// The type.
    pub for_type: Ty,
    /// Associated types.
    pub associated: Vec<(Symbol, Ty)>,
}

/// What a member access or operator means.
#[derive(Clone, Debug)]
pub enum Member {
    /// Built into the compiler for this operand type: operators on Int, Float, String, Bytes, List (`++`); `Show` of a String.
    Builtin,
    /// A struct field, or a part of a tuple, by index.
    Field(u32),
    /// A call of a function held by a struct field.
    FieldCall(u32),
    /// The number of parts of a tuple, which is asked for.
    Size(u32),
    /// A function or method with the types for its parameters; the receiver is the first argument.
    Function(FunctionId, Vec<Ty>),
    /// An interface method at a type, resolved to an impl when types are known.
    Interface {
        /// Which interface.
        interface: InterfaceId,
        /// Index of the method.
        method: u32,
        /// The type that implements it.
        self_ty: Ty,
        /// The interface's type arguments.
        args: Vec<Ty>,
        /// The method's own type arguments.
        method_args: Vec<Ty>,
    },
    /// `?` on an Option.
    TryOption,
    /// `?` on a Result; the error is converted by `From` when the function's error type differs.
    TryResult {
        /// The error of the operand.
        from: Ty,
        /// The error of the function.
        to: Ty,
        /// Whether the types differ.
        convert: bool,
    },
}

/// Where an argument comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgumentSource {
    /// The i-th given one (receiver = 0).
    Given(u32),
    /// A default: the function that computes it.
    Default(FunctionId),
}
