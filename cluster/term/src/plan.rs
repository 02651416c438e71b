//! Plans: how bytes of a writer's schema become words of a reader's type.
//!
//! A plan is a graph of [`Read`] steps, one per pair of writer's node and reader's descriptor, made after
//! [`compatible::check`] has found that the types fit. Names are resolved here, once; decoding only follows numbers.

use crate::compatible::{self, member_index};
use crate::error::DecodeError;
use crate::schema::{Case, Member, Node, NodeId, Schema};
use crate::types::Types;
use snow_abi::descriptor::{Descriptor, DescriptorId, Field};
use snow_abi::value::Class;
use std::collections::HashMap;
use std::sync::Arc;

/// Index of a step in its plan.
pub type PlanId = u32;

/// How one value is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Read {
    /// A zero byte.
    Unit,
    /// A zero byte for a tuple or struct without fields.
    EmptyObject,
    /// A byte, 0 or 1.
    Bool,
    /// A signed integer.
    Int,
    /// A signed integer that becomes a Float.
    IntAsFloat,
    /// Eight bytes.
    Float,
    /// A length and UTF-8.
    Text,
    /// A length and bytes.
    Bytes,
    /// A node and 48 bits.
    Pid,
    /// A node and a number.
    MonitorRef,
    /// A tuple or struct.
    Object(Object),
    /// A sum type or tagged type, by the writer's index.
    Cases(Vec<CaseRead>),
    /// A length and elements, each a cell of a list.
    List {
        /// The element's step.
        element: PlanId,
        /// Layout of a cell.
        cell: u32,
    },
    /// A length and elements, side by side.
    Array(PlanId, Class),
    /// A length and pairs.
    Map {
        /// The key's step.
        key: PlanId,
        /// The value's step.
        value: PlanId,
        /// Layout of an entry.
        entry: u32,
        /// Layout of the map.
        map: u32,
    },
    /// A length and elements.
    Set {
        /// The element's step.
        key: PlanId,
        /// Layout of an entry.
        entry: u32,
        /// Layout of the map within.
        map: u32,
    },
    /// Functions, handles and types without values.
    Nothing,
}

/// How the parts of an object are read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Object {
    /// Tag of the object, or the immediate when it has no words.
    pub tag: u32,
    /// Layout of the object; unused when it has no words.
    pub layout: u32,
    /// Words of the object.
    pub words: u32,
    /// In the writer's order.
    pub parts: Vec<Part>,
    /// Whether the parts fill the words in order, none skipped.
    pub straight: bool,
}

/// One part of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Goes into a word.
    Word {
        /// Its step.
        plan: PlanId,
        /// Index of the word.
        slot: u32,
    },
    /// The reader lacks it.
    Skip(NodeId),
}

/// A variant or tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CaseRead {
    /// The reader has it.
    Known(Object),
    /// The reader lacks it: its type and name.
    Unknown(String, String),
}

/// How values of one schema are read as one type.
#[derive(Debug)]
pub struct Plan {
    /// What the writer said.
    pub schema: Arc<Schema>,
    /// Step 0 is the root.
    pub steps: Vec<Read>,
}

impl Plan {
    /// Resolves the writer's schema against the reader's type.
    ///
    /// # Errors
    /// With both types and the path to the difference when they do not fit.
    pub fn resolve(schema: &Arc<Schema>, types: &Types, root: DescriptorId) -> Result<Plan, DecodeError> {
        compatible::check(schema, types.schema(root)).map_err(DecodeError::Mismatch)?;
        let mut planner = Planner { schema, types, ids: HashMap::new(), queue: vec![] };
        planner.id(NodeId(0), root);
        let mut steps = vec![];
        while steps.len() < planner.queue.len() {
            let (node, id) = planner.queue[steps.len()];
            steps.push(planner.step(node, id)?);
        }
        Ok(Plan { schema: schema.clone(), steps })
    }
}

struct Planner<'a> {
    schema: &'a Schema,
    types: &'a Types,
    ids: HashMap<(NodeId, DescriptorId), PlanId>,
    queue: Vec<(NodeId, DescriptorId)>,
}

impl Planner<'_> {
    fn id(&mut self, node: NodeId, ty: DescriptorId) -> PlanId {
        let next = self.queue.len() as PlanId;
        *self.ids.entry((node, ty)).or_insert_with(|| {
            self.queue.push((node, ty));
            next
        })
    }

    fn step(&mut self, node: NodeId, id: DescriptorId) -> Result<Read, DecodeError> {
        let schema = self.schema;
        let types = self.types;
        Ok(match (schema.node(node), types.descriptor(id)) {
            (Node::Unit, _) => Read::Unit,
            (Node::Bool, _) => Read::Bool,
            (Node::Int, Descriptor::Float) => Read::IntAsFloat,
            (Node::Int, _) => Read::Int,
            (Node::Float, _) => Read::Float,
            (Node::String, _) => Read::Text,
            (Node::Bytes, _) => Read::Bytes,
            (Node::Pid(_) | Node::ProcessId, _) => Read::Pid,
            (Node::MonitorRef, _) => Read::MonitorRef,
            (Node::List(from), _) => {
                let element = types.list_element(id).ok_or(DecodeError::BadSchema)?;
                let cell = self.layout([types.class(element), Class::Ref])?;
                Read::List { element: self.id(*from, element), cell }
            }
            (Node::Array(from), Descriptor::Array(to)) => Read::Array(self.id(*from, *to), types.class(*to)),
            (Node::Set(from), Descriptor::Set(to)) => Read::Set {
                key: self.id(*from, *to),
                entry: self.entry_layout(types.class(*to), Class::Int)?,
                map: self.map_layout()?,
            },
            (Node::Map(from_key, from_value), Descriptor::Map(key, value)) => Read::Map {
                key: self.id(*from_key, *key),
                value: self.id(*from_value, *value),
                entry: self.entry_layout(types.class(*key), types.class(*value))?,
                map: self.map_layout()?,
            },
            (Node::Tuple(from), _) if from.is_empty() => Read::EmptyObject,
            (Node::Tuple(from), Descriptor::Tuple(to)) => {
                let pairs = from.iter().zip(to).enumerate();
                let parts = pairs.map(|(i, (n, t))| Part::Word { plan: self.id(*n, *t), slot: i as u32 });
                let parts = parts.collect();
                Read::Object(self.object(0, to, parts)?)
            }
            (Node::Struct(_, from), _) if from.is_empty() => Read::EmptyObject,
            (Node::Struct(_, from), Descriptor::Struct { fields, .. }) => {
                Read::Object(self.members(0, from, fields)?)
            }
            (Node::Sum(name, from), Descriptor::Sum { variants, .. }) => {
                let to = variants.iter().enumerate();
                let to = to.map(|(i, v)| (v.name.as_str(), i as u32, v.fields.clone())).collect::<Vec<_>>();
                self.cases(name, from, &to)?
            }
            (Node::Tags(from), Descriptor::Tags(tags)) => {
                let field = |ty: &DescriptorId| Field { name: String::new(), ty: *ty, has_default: false };
                let to = tags
                    .iter()
                    .map(|t| (types.atom(t.atom), t.atom, t.payload.iter().map(field).collect::<Vec<_>>()));
                let to = to.collect::<Vec<_>>();
                self.cases("the message type", from, &to)?
            }
            _ => Read::Nothing,
        })
    }

    fn cases(
        &mut self,
        type_name: &str,
        from: &[Case],
        to: &[(&str, u32, Vec<Field>)],
    ) -> Result<Read, DecodeError> {
        let mut cases = vec![];
        for case in from {
            cases.push(match to.iter().find(|(name, ..)| *name == case.name) {
                Some((_, tag, fields)) => CaseRead::Known(self.members(*tag, &case.members, fields)?),
                None => CaseRead::Unknown(type_name.to_owned(), case.name.clone()),
            });
        }
        Ok(Read::Cases(cases))
    }

    fn members(&mut self, tag: u32, from: &[Member], fields: &[Field]) -> Result<Object, DecodeError> {
        let to: Vec<Member> = fields.iter().map(|f| Member { name: f.name.clone(), ty: NodeId(0) }).collect();
        let sources: Vec<Option<usize>> = (0..to.len()).map(|i| member_index(from, &to, i)).collect();
        let mut parts = vec![];
        for (i, member) in from.iter().enumerate() {
            parts.push(match sources.iter().position(|s| *s == Some(i)) {
                Some(slot) => Part::Word { plan: self.id(member.ty, fields[slot].ty), slot: slot as u32 },
                None => Part::Skip(member.ty),
            });
        }
        let types: Vec<DescriptorId> = fields.iter().map(|f| f.ty).collect();
        self.object(tag, &types, parts)
    }

    fn object(&self, tag: u32, fields: &[DescriptorId], parts: Vec<Part>) -> Result<Object, DecodeError> {
        let layout = self.layout(fields.iter().map(|t| self.types.class(*t)))?;
        let in_order =
            |(i, part): (usize, &Part)| matches!(part, Part::Word { slot, .. } if *slot as usize == i);
        let straight = parts.len() == fields.len() && parts.iter().enumerate().all(in_order);
        Ok(Object { tag, layout, words: fields.len() as u32, parts, straight })
    }

    fn layout(&self, classes: impl IntoIterator<Item = Class>) -> Result<u32, DecodeError> {
        self.types.layout(classes).ok_or(DecodeError::NoLayout)
    }

    fn entry_layout(&self, key: Class, value: Class) -> Result<u32, DecodeError> {
        self.layout([Class::Int, Class::Int, key, value])
    }

    fn map_layout(&self) -> Result<u32, DecodeError> {
        use Class::{Int, Ref};
        self.layout([Int, Int, Ref, Ref])
    }
}
