//! Types as the program writes them.

use super::{FunctionId, TypeDefId};
use snow_text::{Span, Symbol};

/// A type as written, names resolved.
#[derive(Debug, Clone)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// Where.
    pub span: Span,
}

/// Types the compiler knows without a definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Builtin {
    /// 64-bit signed.
    Int,
    /// IEEE double.
    Float,
    /// `true`, `false`.
    Bool,
    /// UTF-8 text.
    String,
    /// Octets.
    Bytes,
    /// Any process.
    ProcessId,
    /// What `Process.monitor` gives.
    MonitorRef,
    /// Std's raw array, one argument.
    Array,
}

/// The forms of types.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// Already reported.
    Error,
    /// `_`: to be inferred.
    Infer,
    /// `()`
    Unit,
    /// `Never`
    Never,
    /// A built-in, with arguments (only `Array` has one).
    Builtin(Builtin, Vec<Type>),
    /// A definition with arguments.
    Named(TypeDefId, Vec<Type>),
    /// A type parameter by position; see the definition it occurs in for what is counted.
    Param(u32),
    /// `Self` in an impl stands for its type; in interfaces it is `Param(0)`, so this is never met there.
    SelfType,
    /// `Self.Item`, `T.Item`
    Associated(Box<Type>, Symbol),
    /// `(A, B)`
    Tuple(Vec<Type>),
    /// `Fun(A) -> B`
    Function(Vec<Type>, Box<Type>),
    /// `Pid<M>`
    Pid(Box<Type>),
    /// An actor's name for its mailbox type.
    Mailbox(FunctionId),
    /// What a function gives: the state of a service, which its `init` decides.
    Result(FunctionId),
    /// `[:a | :b(Int) ..]`
    Tags {
        /// Name, payload, place.
        tags: Vec<(Symbol, Vec<Type>, Span)>,
        /// Whether it ends in `..`.
        open: bool,
    },
}
