//! Passing over a value that the reader does not want, checked like any other.

use crate::error::DecodeError;
use crate::limits::DEPTH_MAX;
use crate::schema::{Member, Node, NodeId, Schema};
use crate::wire::Cursor;

/// Types still to pass over: `count` times the types in turn.
struct Pending {
    types: Vec<NodeId>,
    next: usize,
    count: usize,
}

/// Moves the cursor behind a value of type `node`.
pub(super) fn skip(schema: &Schema, node: NodeId, cursor: &mut Cursor<'_>) -> Result<(), DecodeError> {
    let mut stack = vec![Pending { types: vec![node], next: 0, count: 1 }];
    while let Some(top) = stack.last_mut() {
        if top.count == 0 || top.types.is_empty() {
            stack.pop();
            continue;
        }
        let node = top.types[top.next];
        top.next += 1;
        if top.next == top.types.len() {
            top.next = 0;
            top.count -= 1;
        }
        if let Some(inner) = one(schema.node(node), cursor)? {
            if stack.len() >= DEPTH_MAX {
                return Err(DecodeError::TooDeep);
            }
            stack.push(inner);
        }
    }
    Ok(())
}

fn one(node: &Node, cursor: &mut Cursor<'_>) -> Result<Option<Pending>, DecodeError> {
    match node {
        Node::Unit => byte(cursor, 0)?,
        Node::Bool => byte(cursor, 1)?,
        Node::Int => drop(cursor.signed()?),
        Node::Float => drop(cursor.fixed64()?),
        Node::String => drop(cursor.text()?),
        Node::Bytes => drop(cursor.bytes()?),
        Node::Pid(_) | Node::ProcessId => {
            cursor.index()?;
            cursor.unsigned()?;
        }
        Node::MonitorRef => drop(cursor.unsigned()?),
        Node::Array(t) | Node::List(t) | Node::Set(t) => return many(cursor, vec![*t]),
        Node::Map(k, v) => return many(cursor, vec![*k, *v]),
        Node::Tuple(items) if items.is_empty() => byte(cursor, 0)?,
        Node::Struct(_, members) if members.is_empty() => byte(cursor, 0)?,
        Node::Tuple(items) => return Ok(Some(Pending { types: items.clone(), next: 0, count: 1 })),
        Node::Struct(_, members) => return Ok(Some(once(members))),
        Node::Sum(_, cases) | Node::Tags(cases) => {
            let case = cases.get(cursor.index()? as usize).ok_or(DecodeError::BadVariant)?;
            return Ok(Some(once(&case.members)));
        }
        Node::Never | Node::Function | Node::Opaque(_) => return Err(DecodeError::CannotTravel),
    }
    Ok(None)
}

fn once(members: &[Member]) -> Pending {
    Pending { types: members.iter().map(|m| m.ty).collect(), next: 0, count: 1 }
}

fn many(cursor: &mut Cursor<'_>, types: Vec<NodeId>) -> Result<Option<Pending>, DecodeError> {
    let count = cursor.count()?;
    Ok(Some(Pending { types, next: 0, count }))
}

fn byte(cursor: &mut Cursor<'_>, max: u8) -> Result<(), DecodeError> {
    if cursor.byte()? > max { Err(DecodeError::BadByte) } else { Ok(()) }
}
