//! Types as data: what a program's ground types look like at run time.
//!
//! One description serves printing in `Process.info`, the term format, and type checks of names and
//! remote messages. Representation follows from it: every field is one word whose class is [`Descriptor::class`],
//! in declaration order; variants, tags, tuples and structs are laid out as `value` says.

use crate::value::Class;

/// Index into a program's descriptors.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DescriptorId(pub u32);

/// One ground type. Descriptors may refer to one another in cycles.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Descriptor {
    /// `()`
    Unit,
    /// `Bool`
    Bool,
    /// `Int`
    Int,
    /// `Float`
    Float,
    /// `String`
    String,
    /// `Bytes`
    Bytes,
    /// A type without values.
    Never,
    /// `Pid<M>`; the mailbox type.
    Pid(DescriptorId),
    /// `ProcessId`
    ProcessId,
    /// `MonitorRef`
    MonitorRef,
    /// A function: never leaves the node.
    Function,
    /// A handle or other value that never leaves the node, by the name to show.
    Opaque(String),
    /// `(A, B)`
    Tuple(Vec<DescriptorId>),
    /// A declared struct; the name is module-qualified.
    Struct {
        /// For instance `Shop.Prices.Item<Int>`.
        name: String,
        /// In declaration order.
        fields: Vec<Field>,
    },
    /// A declared sum type, `List`, `Option` and `Result` included; the name is module-qualified.
    Sum {
        /// For instance `Option<Int>`.
        name: String,
        /// In declaration order: the index is the variant's tag.
        variants: Vec<Variant>,
    },
    /// A closed tagged type, sorted by the atoms' names.
    Tags(Vec<Tag>),
    /// A fixed array of the runtime (`ARRAY_REF` or `ARRAY_WORD` by the element's class).
    Array(DescriptorId),
    /// `Map<K, V>`: a struct object of std's `Map`, see [`MAP_FIELDS`].
    Map(DescriptorId, DescriptorId),
    /// `Set<T>`: a struct object whose single field is a `Map<T, ()>`.
    Set(DescriptorId),
}

/// A field of a struct or variant.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Field {
    /// Empty for a positional field of a variant.
    pub name: String,
    /// Its type.
    pub ty: DescriptorId,
    /// Whether the declaration gives a default (a reader may then add the field).
    pub has_default: bool,
}

/// A variant of a sum type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// In declaration order.
    pub fields: Vec<Field>,
}

/// One tag of a tagged type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Tag {
    /// Id in the program's atom table.
    pub atom: u32,
    /// Types of the payload.
    pub payload: Vec<DescriptorId>,
}

/// The body of a `Map` object, five words: `size` (Int, live entries), `slots` (Int, used slots, deleted ones
/// included), `shift` (Int, 0, 5, 10 …: depth of the order trie × 5), `entries` (Ref: order trie), `index` (Ref: hash
/// trie, or the immediate 0 when it has not been built).
///
/// The order trie is a radix tree of 32-way `ARRAY_REF` nodes (immediate 0 when `slots` is 0; nodes hold only as many
/// children as are used). Its leaves hold one entry per slot: a tuple object `(key, value)`, or the immediate 0 where
/// an entry was deleted. A map that comes from another node has its order trie and no index; std builds that on first use.
pub const MAP_FIELDS: usize = 5;

impl Descriptor {
    /// How a word of this type is treated.
    pub fn class(&self) -> Class {
        match self {
            Descriptor::Float => Class::Float,
            Descriptor::Unit
            | Descriptor::Bool
            | Descriptor::Int
            | Descriptor::Never
            | Descriptor::Pid(_)
            | Descriptor::ProcessId
            | Descriptor::MonitorRef => Class::Int,
            _ => Class::Ref,
        }
    }
}
