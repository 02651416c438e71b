//! Abstract patterns and the types they are matched against.

use snow_text::Symbol;
use std::rc::Rc;

/// A constructor.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Con {
    /// The only constructor of a tuple or struct.
    Tuple,
    /// A variant by index.
    Variant(u32),
    /// A tag.
    Tag(Symbol),
    /// `true` or `false`.
    Bool(bool),
    /// An Int: never a complete set.
    Int(i64),
}

/// A pattern; `T` is a type.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Pat<T> {
    /// Anything.
    Wild,
    /// What the inner pattern matches, bound to the caller's number of a name.
    Bind(u32, Box<Pat<T>>),
    /// A constructor with a pattern per field, each with the type that the caller knows for it.
    Constructor(Con, Vec<(T, Pat<T>)>),
    /// An Int.
    Int(i64),
    /// Both bounds inclusive.
    Range(i64, i64),
    /// A Float, by `==`.
    Float(f64),
    /// A String.
    Text(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// A String that starts so, and what the rest matches.
    Prefix(Rc<str>, Box<Pat<T>>),
    /// A test that only the program can make, by the caller's number, and what the values that it yields match: pins yield
    /// none, the look-up of a key yields one. Equal numbers are equal tests.
    Custom(u32, Vec<(T, Pat<T>)>),
    /// All of these.
    And(Vec<Pat<T>>),
    /// Any of these, tried in order.
    Or(Vec<Pat<T>>),
}

/// A row: one pattern per column.
#[derive(Clone, Debug)]
pub(crate) struct Row<T> {
    /// One per column.
    pub patterns: Vec<Pat<T>>,
    /// Whether a guard may still refuse.
    pub guarded: bool,
}

/// The caller's types.
pub(crate) trait Space {
    /// A type.
    type Ty: Clone;
    /// Whether values of the type have one of these constructors.
    fn is_complete(&self, ty: &Self::Ty, keys: &[Con]) -> bool;
    /// The types of a constructor's fields, where the type says.
    fn fields(&mut self, ty: &Self::Ty, con: Con) -> Option<Vec<Self::Ty>>;
}
