//! Schemas: a type as a small graph that travels once per connection and stands in front of stored values.
//!
//! A schema is canonical: equal nodes are merged (so that unfolding a recursive type makes no difference) and
//! numbered in breadth-first order from the root, node 0. Its bytes are therefore equal for equal types, and their
//! digest, the [`Fingerprint`], names it. Defaults of fields are the reader's business and no part of it.

mod bytes;
mod canonical;
mod print;

use crate::error::DecodeError;
use ring::digest;
use snow_abi::descriptor::{Descriptor, DescriptorId};
use std::fmt;

/// 128 bits of the SHA-256 of a schema's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 16]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Fingerprint {
    fn of(bytes: &[u8]) -> Fingerprint {
        let digest = digest::digest(&digest::SHA256, bytes);
        Fingerprint(digest.as_ref()[..16].try_into().expect("a SHA-256 has 32 bytes"))
    }
}

/// Index of a node in its schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId(pub u32);

/// A named or positional part of a struct or variant.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Member {
    /// Empty when positional.
    pub name: String,
    /// Its type.
    pub ty: NodeId,
}

/// A variant of a sum type, or a tag with positional members.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Case {
    /// The variant's or atom's name.
    pub name: String,
    /// Its payload.
    pub members: Vec<Member>,
}

/// One type of a schema.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Node {
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
    /// `ProcessId`
    ProcessId,
    /// `MonitorRef`
    MonitorRef,
    /// A function, which never travels.
    Function,
    /// A handle, which never travels, by name.
    Opaque(String),
    /// `Pid<M>`
    Pid(NodeId),
    /// A fixed array.
    Array(NodeId),
    /// `List<T>`
    List(NodeId),
    /// `Set<T>`
    Set(NodeId),
    /// `Map<K, V>`
    Map(NodeId, NodeId),
    /// `(A, B)`
    Tuple(Vec<NodeId>),
    /// A struct by its module-qualified name.
    Struct(String, Vec<Member>),
    /// A sum type by its module-qualified name.
    Sum(String, Vec<Case>),
    /// A tagged type, sorted by name.
    Tags(Vec<Case>),
}

impl Node {
    /// The same node with other children, in the same order.
    fn map_children(&self, mut f: impl FnMut(NodeId) -> NodeId) -> Node {
        let mut node = self.clone();
        match &mut node {
            Node::Pid(t) | Node::Array(t) | Node::List(t) | Node::Set(t) => *t = f(*t),
            Node::Map(k, v) => {
                *k = f(*k);
                *v = f(*v);
            }
            Node::Tuple(items) => items.iter_mut().for_each(|t| *t = f(*t)),
            Node::Struct(_, members) => members.iter_mut().for_each(|m| m.ty = f(m.ty)),
            Node::Sum(_, cases) | Node::Tags(cases) => {
                cases.iter_mut().flat_map(|case| &mut case.members).for_each(|m| m.ty = f(m.ty));
            }
            _ => {}
        }
        node
    }
}

/// A type in canonical form; the root is node 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Schema {
    nodes: Vec<Node>,
    bytes: Vec<u8>,
    fingerprint: Fingerprint,
}

impl Schema {
    /// The schema of one of a program's types.
    pub fn of_descriptor(descriptors: &[Descriptor], atoms: &[String], root: DescriptorId) -> Schema {
        let nodes = canonical::canonical(&canonical::graph(descriptors, atoms, root));
        let bytes = bytes::encode(&nodes);
        let fingerprint = Fingerprint::of(&bytes);
        Schema { nodes, bytes, fingerprint }
    }

    /// Reads what [`Schema::bytes`] gave, checking everything.
    ///
    /// # Errors
    /// When the bytes are malformed or over a limit.
    pub fn decode(bytes: &[u8]) -> Result<Schema, DecodeError> {
        let nodes = bytes::decode(bytes)?;
        Ok(Schema { nodes, bytes: bytes.to_vec(), fingerprint: Fingerprint::of(bytes) })
    }

    /// Its bytes, for the wire.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The name of the type that all nodes agree on.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The node of an id that this schema gave.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// The type at `id` as a programmer would write it, shortened when it is large.
    pub fn print(&self, id: NodeId) -> String {
        print::print(self, id)
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.print(NodeId(0)))
    }
}

/// A type's name without its arguments: `Shop.Item` of `Shop.Item<Int>`.
pub fn base_name(name: &str) -> &str {
    name.split('<').next().unwrap_or(name)
}

/// The element type when the sum type `id` is the standard `List`.
pub fn list_element(descriptors: &[Descriptor], id: DescriptorId) -> Option<DescriptorId> {
    let Descriptor::Sum { name, variants } = &descriptors[id.0 as usize] else { return None };
    match (base_name(name), variants.as_slice()) {
        ("List", [nil, cons])
            if nil.fields.is_empty() && cons.fields.len() == 2 && cons.fields[1].ty == id =>
        {
            Some(cons.fields[0].ty)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
