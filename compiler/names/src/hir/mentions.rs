//! What the names that a program writes mean: facts for editors, which no later stage reads.
//!
//! Names that depend on types are not here: methods, fields behind a dot, and the names of arguments of methods.

use super::{FunctionId, InterfaceId, LocalId, ModuleId, TypeDefId, VariantRef};
use snow_text::{Span, Symbol};

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Target {
    /// A file, or a service or supervisor with its functions.
    Module(ModuleId),
    /// A function, actor, method or constant.
    Function(FunctionId),
    /// A parameter as a named argument names it, by its place.
    Parameter(FunctionId, u32),
    /// A name bound by a parameter or pattern.
    Local(LocalId),
    /// A struct, sum type or alias.
    Type(TypeDefId),
    /// An interface.
    Interface(InterfaceId),
    /// A method of an interface, by its place.
    InterfaceMethod(InterfaceId, u32),
    /// A variant.
    Variant(VariantRef),
    /// A field of a struct or variant.
    Field(FieldRef),
}

/// A field by its places.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FieldRef {
    /// The struct or sum type.
    pub ty: TypeDefId,
    /// Which variant; 0 for a struct.
    pub variant: u32,
    /// Which of its fields.
    pub index: u32,
}

/// A name at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mention {
    /// The name.
    pub span: Span,
    /// What it stands for.
    pub target: Target,
}

/// A name that could be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offer {
    /// The name.
    pub name: Symbol,
    /// What it would stand for; `None` for forms and types that the compiler knows without a definition.
    pub target: Option<Target>,
}
