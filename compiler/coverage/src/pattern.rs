//! Abstract patterns and the types they are about.

use snow_text::Symbol;

/// How a value is built.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Con {
    /// Variant of a sum type, by index.
    Variant(u32),
    /// Tag of a tagged type.
    Tag(Symbol),
    /// The only constructor of tuples and structs.
    Tuple,
    /// `true`, `false`.
    Bool(bool),
    /// Anything that never completes a type: numbers, texts, ranges, prefixes, pins, keys of maps; as printed.
    Literal(String),
}

/// A pattern without names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pat {
    /// Anything.
    Wild,
    /// A constructor and patterns of its parts.
    Con(Con, Vec<Pat>),
    /// One of these.
    Or(Vec<Pat>),
}

/// The constructors of a type.
#[derive(Clone, Debug)]
pub enum Shape<T> {
    /// More than can be listed: only a catch-all completes a match.
    Open,
    /// All of them, with the types of their parts.
    Closed(Vec<(Con, Vec<T>)>),
}

/// What the caller knows of types.
pub trait Space {
    /// A type.
    type Ty: Clone;
    /// Its constructors. For an open type, parts of a constructor are found by [`Space::parts`].
    fn shape(&self, ty: &Self::Ty) -> Shape<Self::Ty>;
    /// Types of the parts of a constructor that an open type may have.
    fn parts(&self, ty: &Self::Ty, con: &Con, arity: usize) -> Vec<Self::Ty>;
}
