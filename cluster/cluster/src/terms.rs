//! `Term.encode`, `Term.decode`, `Term.hash`: values with their type in front, for files and databases.
//!
//! ```text
//! term    version (1 byte) · nodes (count; name, creation each) · schema (length, bytes) · value
//! ```
//!
//! Pids name their node by its place among the nodes in front, counted from 1; 0 is a node without a name.

use crate::limits::NAME_BYTES_MAX;
use crate::name::NodeName;
use crate::nodes::{Node, Nodes};
use ring::digest;
use snow_abi::descriptor::DescriptorId;
use snow_heap::{Fragment, Value};
use snow_process::NodeIndex;
use snow_runtime::router::{FunctionInside, TermProblem};
use snow_term::decode::decode;
use snow_term::encode::Encoder;
use snow_term::encoded::{NodeReferences, NodeTable};
use snow_term::error::{DecodeError, EncodeError};
use snow_term::plan::Plan;
use snow_term::schema::Schema;
use snow_term::types::Types;
use snow_term::wire::{Cursor, write_bytes, write_unsigned};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The format that this program writes and reads.
const VERSION: u8 = 1;
/// Memory that a decoded value may take.
const MEMORY_BYTES_MAX: usize = 1 << 32;
/// Plans kept for one type; beyond them resolving starts anew.
const PLANS_MAX: usize = 256;

type PlansOfType = HashMap<Box<[u8]>, Arc<Plan>>;

/// The format with what it remembers.
#[derive(Default)]
pub(crate) struct Terms {
    plans: Mutex<HashMap<DescriptorId, PlansOfType>>,
}

/// Nodes in the order of their first use.
struct Written<'n> {
    table: &'n Nodes,
    used: Vec<Node>,
}

impl NodeReferences for Written<'_> {
    fn reference(&mut self, node: u16) -> u32 {
        let Some(node) = self.table.get(NodeIndex(node)) else { return 0 };
        let place = self.used.iter().position(|used| *used == node).unwrap_or_else(|| {
            self.used.push(node);
            self.used.len() - 1
        });
        place as u32 + 1
    }
}

/// Nodes by what they are, wherever in a value they stand.
struct Lasting<'n>(&'n Nodes);

impl NodeReferences for Lasting<'_> {
    fn reference(&mut self, node: u16) -> u32 {
        let Some(node) = self.0.get(NodeIndex(node)) else { return 0 };
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(node.name.as_str().as_bytes());
        context.update(&node.creation.to_le_bytes());
        u32::from_le_bytes(context.finish().as_ref()[..4].try_into().expect("a SHA-256 has 32 bytes"))
    }
}

struct Read(Vec<Option<NodeIndex>>);

impl NodeTable for Read {
    fn index(&self, reference: u32) -> Option<u16> {
        match reference {
            0 => Some(NodeIndex::OWN.0),
            place => self.0.get(place as usize - 1).copied().flatten().map(|index| index.0),
        }
    }
}

impl Terms {
    /// The bytes of a value.
    pub fn encode(
        &self,
        types: &Types,
        nodes: &Nodes,
        value: Value<'_>,
        ty: DescriptorId,
    ) -> Result<Vec<u8>, FunctionInside> {
        let mut encoder = Encoder::new();
        let mut written = Written { table: nodes, used: vec![] };
        let value = encoder.encode(types, value, ty, &mut written, usize::MAX).map_err(function_inside)?;
        let mut out = vec![VERSION];
        write_unsigned(&mut out, written.used.len() as u64);
        for node in &written.used {
            write_bytes(&mut out, node.name.as_str().as_bytes());
            write_unsigned(&mut out, node.creation);
        }
        write_bytes(&mut out, types.schema(ty).bytes());
        out.extend_from_slice(value.bytes());
        Ok(out)
    }

    /// The value of bytes.
    pub fn decode(
        &self,
        types: &Types,
        nodes: &Nodes,
        bytes: &[u8],
        ty: DescriptorId,
    ) -> Result<Fragment, TermProblem> {
        self.read(types, nodes, bytes, ty).map_err(|error| TermProblem(error.to_string()))
    }

    fn read(
        &self,
        types: &Types,
        nodes: &Nodes,
        bytes: &[u8],
        ty: DescriptorId,
    ) -> Result<Fragment, DecodeError> {
        let mut cursor = Cursor::new(bytes);
        let found = cursor.byte()?;
        if found != VERSION {
            return Err(DecodeError::Version { found, known: VERSION });
        }
        let mut read = Read(vec![]);
        for _ in 0..cursor.count()? {
            let name = NodeName::new(cursor.name(NAME_BYTES_MAX)?).map_err(|_| DecodeError::UnknownNode)?;
            read.0.push(nodes.index(&name, cursor.unsigned()?));
        }
        let plan = self.plan(types, cursor.bytes()?, ty)?;
        decode(&plan, types.layouts(), cursor.rest(), &read, MEMORY_BYTES_MAX)
    }

    fn plan(&self, types: &Types, schema: &[u8], ty: DescriptorId) -> Result<Arc<Plan>, DecodeError> {
        let mut all = self.plans.lock().expect("nobody panics while holding the plans");
        let plans = all.entry(ty).or_default();
        if let Some(plan) = plans.get(schema) {
            return Ok(plan.clone());
        }
        let plan = Arc::new(Plan::resolve(&Arc::new(Schema::decode(schema)?), types, ty)?);
        if plans.len() >= PLANS_MAX {
            plans.clear();
        }
        plans.insert(schema.into(), plan.clone());
        Ok(plan)
    }

    /// A number that depends on the value alone.
    pub fn hash(
        &self,
        types: &Types,
        nodes: &Nodes,
        value: Value<'_>,
        ty: DescriptorId,
    ) -> Result<i64, FunctionInside> {
        let mut encoder = Encoder::new();
        let mut lasting = Lasting(nodes);
        let value = encoder.encode_canonical(types, value, ty, &mut lasting).map_err(function_inside)?;
        let digest = digest::digest(&digest::SHA256, value.bytes());
        Ok(i64::from_le_bytes(digest.as_ref()[..8].try_into().expect("a SHA-256 has 32 bytes")))
    }
}

/// What the runtime says of a value without an encoding.
pub(crate) fn function_inside(error: EncodeError) -> FunctionInside {
    FunctionInside(match error {
        EncodeError::Function(path) => path,
        EncodeError::Opaque(name, path) => format!("{path}, which is a {name}"),
        other => other.to_string(),
    })
}
