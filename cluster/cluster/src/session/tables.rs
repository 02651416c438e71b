//! Numbers of one connection: schemas, nodes and names that were introduced on it.

use crate::frame::Violation;
use crate::limits::{SCHEMA_BYTES_TOTAL_MAX, TABLE_ENTRIES_MAX};
use crate::name::NodeName;
use crate::nodes::Nodes;
use snow_abi::descriptor::DescriptorId;
use snow_process::NodeIndex;
use snow_term::encoded::NodeTable;
use snow_term::error::DecodeError;
use snow_term::plan::Plan;
use snow_term::schema::{Fingerprint, Schema};
use snow_term::types::Types;
use std::collections::HashMap;
use std::sync::Arc;

/// The number of the sender's own node in what it writes.
pub(crate) const SENDER: u32 = 0;
/// The number of the receiver's node.
pub(crate) const RECEIVER: u32 = 1;
/// The number of the first node that is introduced.
pub(super) const FIRST_NODE: u32 = 2;

/// How a schema is read as one type, or why it cannot be.
type Resolved = Result<Arc<Plan>, DecodeError>;

/// What the peer has introduced.
pub struct Tables {
    nodes: Arc<Nodes>,
    /// Indexes in the node table by the peer's numbers; the first two are the peer and this node.
    indexes: Vec<Option<NodeIndex>>,
    schemas: Vec<Arc<Schema>>,
    schema_bytes: usize,
    names: Vec<Arc<str>>,
    plans: HashMap<(u32, DescriptorId), Resolved>,
}

impl Tables {
    /// Tables of a connection with the node of this index.
    pub(super) fn new(nodes: Arc<Nodes>, peer: NodeIndex) -> Tables {
        Tables {
            nodes,
            indexes: vec![Some(peer), Some(NodeIndex::OWN)],
            schemas: vec![],
            schema_bytes: 0,
            names: vec![],
            plans: HashMap::new(),
        }
    }

    pub(super) fn define_schema(&mut self, bytes: &[u8]) -> Result<(), Violation> {
        self.schema_bytes += bytes.len();
        if self.schemas.len() >= TABLE_ENTRIES_MAX || self.schema_bytes > SCHEMA_BYTES_TOTAL_MAX {
            return Err(Violation::TooManyDefinitions);
        }
        self.schemas.push(Arc::new(Schema::decode(bytes)?));
        Ok(())
    }

    pub(super) fn define_node(&mut self, name: &str, creation: u64) -> Result<(), Violation> {
        if self.indexes.len() >= TABLE_ENTRIES_MAX {
            return Err(Violation::TooManyDefinitions);
        }
        let name = NodeName::new(name).map_err(|_| Violation::BadName)?;
        self.indexes.push(self.nodes.index(&name, creation));
        Ok(())
    }

    pub(super) fn define_name(&mut self, name: &str) -> Result<(), Violation> {
        if self.names.len() >= TABLE_ENTRIES_MAX {
            return Err(Violation::TooManyDefinitions);
        }
        self.names.push(name.into());
        Ok(())
    }

    /// A schema that the peer has introduced.
    pub fn schema(&self, number: u32) -> Result<&Arc<Schema>, Violation> {
        self.schemas.get(number as usize).ok_or(Violation::Undefined("schema"))
    }

    /// A name that the peer has introduced.
    pub fn name(&self, number: u32) -> Result<&Arc<str>, Violation> {
        self.names.get(number as usize).ok_or(Violation::Undefined("name"))
    }

    /// How values of the peer's schema are read as one of this program's types; resolved once.
    ///
    /// # Errors
    /// When they do not fit.
    pub fn plan(&mut self, number: u32, types: &Types, ty: DescriptorId) -> Resolved {
        let schema = self.schemas.get(number as usize).ok_or(DecodeError::BadSchema)?;
        let resolve = || Plan::resolve(schema, types, ty).map(Arc::new);
        self.plans.entry((number, ty)).or_insert_with(resolve).clone()
    }
}

impl NodeTable for Tables {
    fn index(&self, reference: u32) -> Option<u16> {
        self.indexes.get(reference as usize).copied().flatten().map(|index| index.0)
    }
}

/// What this side has introduced: numbers in what it writes.
#[derive(Default)]
pub struct ToNodes {
    pub(super) nodes: HashMap<u16, u32>,
    pub(super) names: HashMap<Arc<str>, u32>,
    pub(super) schemas: HashMap<DescriptorId, u32>,
    /// Schemas of other nodes' types.
    pub(super) others: HashMap<Fingerprint, u32>,
}
