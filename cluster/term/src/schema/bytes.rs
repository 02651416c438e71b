//! A schema's bytes: the number of nodes, then each node as a kind and what belongs to it.

use super::{Case, Member, Node, NodeId};
use crate::error::DecodeError;
use crate::limits::{NAME_BYTES_MAX, SCHEMA_BYTES_MAX, SCHEMA_NODES_MAX};
use crate::wire::{Cursor, write_bytes, write_unsigned};
use std::collections::HashSet;

/// The kinds' bytes.
mod kind {
    pub const UNIT: u8 = 0;
    pub const BOOL: u8 = 1;
    pub const INT: u8 = 2;
    pub const FLOAT: u8 = 3;
    pub const STRING: u8 = 4;
    pub const BYTES: u8 = 5;
    pub const NEVER: u8 = 6;
    pub const PROCESS_ID: u8 = 7;
    pub const MONITOR_REF: u8 = 8;
    pub const FUNCTION: u8 = 9;
    pub const OPAQUE: u8 = 10;
    pub const PID: u8 = 11;
    pub const ARRAY: u8 = 12;
    pub const LIST: u8 = 13;
    pub const SET: u8 = 14;
    pub const MAP: u8 = 15;
    pub const TUPLE: u8 = 16;
    pub const STRUCT: u8 = 17;
    pub const SUM: u8 = 18;
    pub const TAGS: u8 = 19;
}

pub(super) fn encode(nodes: &[Node]) -> Vec<u8> {
    let mut out = vec![];
    write_unsigned(&mut out, nodes.len() as u64);
    nodes.iter().for_each(|node| write_node(&mut out, node));
    out
}

fn write_node(out: &mut Vec<u8>, node: &Node) {
    out.push(kind_of(node));
    match node {
        Node::Opaque(name) => write_bytes(out, name.as_bytes()),
        Node::Pid(t) | Node::Array(t) | Node::List(t) | Node::Set(t) => write_unsigned(out, t.0.into()),
        Node::Map(k, v) => {
            write_unsigned(out, k.0.into());
            write_unsigned(out, v.0.into());
        }
        Node::Tuple(items) => {
            write_unsigned(out, items.len() as u64);
            items.iter().for_each(|t| write_unsigned(out, t.0.into()));
        }
        Node::Struct(name, members) => {
            write_bytes(out, name.as_bytes());
            write_members(out, members);
        }
        Node::Sum(name, cases) => {
            write_bytes(out, name.as_bytes());
            write_cases(out, cases);
        }
        Node::Tags(cases) => write_cases(out, cases),
        _ => {}
    }
}

fn kind_of(node: &Node) -> u8 {
    match node {
        Node::Unit => kind::UNIT,
        Node::Bool => kind::BOOL,
        Node::Int => kind::INT,
        Node::Float => kind::FLOAT,
        Node::String => kind::STRING,
        Node::Bytes => kind::BYTES,
        Node::Never => kind::NEVER,
        Node::ProcessId => kind::PROCESS_ID,
        Node::MonitorRef => kind::MONITOR_REF,
        Node::Function => kind::FUNCTION,
        Node::Opaque(_) => kind::OPAQUE,
        Node::Pid(_) => kind::PID,
        Node::Array(_) => kind::ARRAY,
        Node::List(_) => kind::LIST,
        Node::Set(_) => kind::SET,
        Node::Map(..) => kind::MAP,
        Node::Tuple(_) => kind::TUPLE,
        Node::Struct(..) => kind::STRUCT,
        Node::Sum(..) => kind::SUM,
        Node::Tags(_) => kind::TAGS,
    }
}

fn write_members(out: &mut Vec<u8>, members: &[Member]) {
    write_unsigned(out, members.len() as u64);
    for member in members {
        write_bytes(out, member.name.as_bytes());
        write_unsigned(out, member.ty.0.into());
    }
}

fn write_cases(out: &mut Vec<u8>, cases: &[Case]) {
    write_unsigned(out, cases.len() as u64);
    for case in cases {
        write_bytes(out, case.name.as_bytes());
        write_members(out, &case.members);
    }
}

pub(super) fn decode(bytes: &[u8]) -> Result<Vec<Node>, DecodeError> {
    if bytes.len() > SCHEMA_BYTES_MAX {
        return Err(DecodeError::BadSchema);
    }
    let mut reader = NodeReader { cursor: Cursor::new(bytes), count: 0 };
    let count = reader.cursor.count()?;
    if count == 0 || count > SCHEMA_NODES_MAX {
        return Err(DecodeError::BadSchema);
    }
    reader.count = count;
    let nodes = (0..count).map(|_| reader.node()).collect::<Result<Vec<_>, _>>()?;
    reader.cursor.finish()?;
    Ok(nodes)
}

struct NodeReader<'a> {
    cursor: Cursor<'a>,
    count: usize,
}

impl NodeReader<'_> {
    fn node(&mut self) -> Result<Node, DecodeError> {
        Ok(match self.cursor.byte()? {
            kind::UNIT => Node::Unit,
            kind::BOOL => Node::Bool,
            kind::INT => Node::Int,
            kind::FLOAT => Node::Float,
            kind::STRING => Node::String,
            kind::BYTES => Node::Bytes,
            kind::NEVER => Node::Never,
            kind::PROCESS_ID => Node::ProcessId,
            kind::MONITOR_REF => Node::MonitorRef,
            kind::FUNCTION => Node::Function,
            kind::OPAQUE => Node::Opaque(self.name()?),
            kind::PID => Node::Pid(self.id()?),
            kind::ARRAY => Node::Array(self.id()?),
            kind::LIST => Node::List(self.id()?),
            kind::SET => Node::Set(self.id()?),
            kind::MAP => Node::Map(self.id()?, self.id()?),
            kind::TUPLE => Node::Tuple(self.list(Self::id)?),
            kind::STRUCT => Node::Struct(self.name()?, self.members()?),
            kind::SUM => Node::Sum(self.name()?, self.cases()?),
            kind::TAGS => Node::Tags(self.cases()?),
            _ => return Err(DecodeError::BadSchema),
        })
    }

    fn id(&mut self) -> Result<NodeId, DecodeError> {
        let id = self.cursor.index()?;
        if (id as usize) < self.count { Ok(NodeId(id)) } else { Err(DecodeError::BadSchema) }
    }

    fn name(&mut self) -> Result<String, DecodeError> {
        Ok(self.cursor.name(NAME_BYTES_MAX)?.to_owned())
    }

    fn list<T>(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.cursor.count()?;
        (0..count).map(|_| each(self)).collect()
    }

    fn members(&mut self) -> Result<Vec<Member>, DecodeError> {
        let members = self.list(|r| Ok(Member { name: r.name()?, ty: r.id()? }))?;
        let named = members.iter().map(|m| m.name.as_str()).filter(|name| !name.is_empty());
        all_different(named)?;
        Ok(members)
    }

    fn cases(&mut self) -> Result<Vec<Case>, DecodeError> {
        let cases = self.list(|r| Ok(Case { name: r.name()?, members: r.members()? }))?;
        all_different(cases.iter().map(|case| case.name.as_str()))?;
        Ok(cases)
    }
}

fn all_different<'a>(mut names: impl Iterator<Item = &'a str>) -> Result<(), DecodeError> {
    let mut seen = HashSet::new();
    if names.all(|name| seen.insert(name)) { Ok(()) } else { Err(DecodeError::BadSchema) }
}
