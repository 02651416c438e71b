//! Patterns of the resolved program.

use super::{Expr, LocalId, PatternId, Type, TypeDefId, VariantRef};
use snow_text::{Span, Symbol};
use std::rc::Rc;

/// A pattern.
#[derive(Debug)]
pub struct Pattern {
    /// Dense over the program.
    pub id: PatternId,
    /// The form.
    pub kind: PatternKind,
    /// Where.
    pub span: Span,
}

/// The forms of patterns. List patterns have become variants of `List`.
#[derive(Debug)]
pub enum PatternKind {
    /// Already reported; matches anything.
    Error,
    /// `_`
    Wild,
    /// A name.
    Bind(LocalId),
    /// `p as name`
    As(Box<Pattern>, LocalId),
    /// An Int.
    Int(i64),
    /// A Float, by `==`.
    Float(f64),
    /// A Bool.
    Bool(bool),
    /// A String.
    String(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// `()`
    Unit,
    /// `^name`: equal (by `Eq`) to a bound value or a constant.
    Pin(Box<Expr>),
    /// `(p, q)`
    Tuple(Vec<Pattern>),
    /// `:name`, `{:name, p}`
    Tag(Symbol, Vec<Pattern>),
    /// A variant, one pattern per field in declaration order (fields not named are `Wild`).
    Variant(VariantRef, Vec<Pattern>),
    /// A struct, one pattern per field in declaration order.
    Struct(TypeDefId, Vec<Pattern>),
    /// `%{"k" => p}`: has these keys; keys are literals or pins.
    Map(Vec<(Expr, Pattern)>),
    /// `"prefix" <> rest`
    Prefix(Rc<str>, Box<Pattern>),
    /// `1..=9`, `1..10`: bounds inclusive.
    Range(i64, i64),
    /// `p | q`
    Or(Vec<Pattern>),
    /// `(p :: T)`
    Typed(Box<Pattern>, Type),
}
