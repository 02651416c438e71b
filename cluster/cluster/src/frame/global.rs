//! What is said about names and groups as bytes.
//!
//! ```text
//! name    what (1 byte) · name · number (of a claim or question) · what belongs to it
//! group   what (1 byte) · group · what belongs to it
//! ```
//!
//! A process is a node, by its number on the connection, and 48 bits; where its node is clear, 48 bits alone.

use super::Violation;
use super::read::pid;
use crate::limits::PROCESS_NAME_BYTES_MAX;
use snow_term::error::DecodeError;
use snow_term::wire::{Cursor, write_bytes, write_unsigned};

/// Something about a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameFrame<'a> {
    /// The name.
    pub name: &'a str,
    /// The claim or question that it is about.
    pub number: u64,
    /// What is said.
    pub says: NameSays,
}

/// What is said about a name; see the module `global`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NameSays {
    /// A process has it: its node, 48 bits, the schema of its mailbox.
    Record(u32, u64, u32),
    /// A process of the sender has it no longer.
    Gone,
    /// The sender wants it.
    Claim,
    /// The receiver may have it; the process that has it by what the sender knows of others.
    Grant(Option<(u32, u64)>),
    /// A process of the sender has it.
    Refuse(u64),
    /// An older claim waits.
    Inquire,
    /// The grant is given back.
    Yield,
    /// The claim is over.
    Release,
    /// The receiver is to give it to a process of its own.
    AskRegister(u64),
    /// The receiver is to free it.
    AskUnregister,
    /// It is done.
    Done,
    /// That process has it.
    Taken(u32, u64),
    /// The process to be registered has ended.
    Ended,
    /// Not all nodes have answered in time.
    Late,
}

/// Something about a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupFrame<'a> {
    /// The group.
    pub group: &'a str,
    /// What is said.
    pub says: GroupSays,
}

/// What is said about a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GroupSays {
    /// Processes of the sender are members: the schema of their mailboxes, 48 bits each.
    Join(u32, Vec<u64>),
    /// A process of the sender is none any longer.
    Leave(u64),
    /// A process of the receiver is to become a member.
    AskJoin(u64),
    /// A process of the receiver is to leave.
    AskLeave(u64),
}

/// A number of [`NameSays`] and what belongs to it.
pub(super) fn write_name(out: &mut Vec<u8>, frame: &NameFrame<'_>) {
    let (what, parts): (u8, Vec<u64>) = match frame.says {
        NameSays::Record(node, bits, schema) => (0, vec![node.into(), bits, schema.into()]),
        NameSays::Gone => (1, vec![]),
        NameSays::Claim => (2, vec![]),
        NameSays::Grant(None) => (3, vec![]),
        NameSays::Grant(Some((node, bits))) => (4, vec![node.into(), bits]),
        NameSays::Refuse(bits) => (5, vec![bits]),
        NameSays::Inquire => (6, vec![]),
        NameSays::Yield => (7, vec![]),
        NameSays::Release => (8, vec![]),
        NameSays::AskRegister(bits) => (9, vec![bits]),
        NameSays::AskUnregister => (10, vec![]),
        NameSays::Done => (11, vec![]),
        NameSays::Taken(node, bits) => (12, vec![node.into(), bits]),
        NameSays::Ended => (13, vec![]),
        NameSays::Late => (14, vec![]),
    };
    out.push(what);
    write_bytes(out, frame.name.as_bytes());
    write_unsigned(out, frame.number);
    parts.into_iter().for_each(|part| write_unsigned(out, part));
}

pub(super) fn read_name<'a>(cursor: &mut Cursor<'a>) -> Result<NameFrame<'a>, Violation> {
    let what = cursor.byte()?;
    let name = cursor.name(PROCESS_NAME_BYTES_MAX)?;
    let number = cursor.unsigned()?;
    let says = match what {
        0 => NameSays::Record(cursor.index()?, pid(cursor)?, cursor.index()?),
        1 => NameSays::Gone,
        2 => NameSays::Claim,
        3 => NameSays::Grant(None),
        4 => NameSays::Grant(Some((cursor.index()?, pid(cursor)?))),
        5 => NameSays::Refuse(pid(cursor)?),
        6 => NameSays::Inquire,
        7 => NameSays::Yield,
        8 => NameSays::Release,
        9 => NameSays::AskRegister(pid(cursor)?),
        10 => NameSays::AskUnregister,
        11 => NameSays::Done,
        12 => NameSays::Taken(cursor.index()?, pid(cursor)?),
        13 => NameSays::Ended,
        14 => NameSays::Late,
        _ => return Err(DecodeError::BadVariant.into()),
    };
    Ok(NameFrame { name, number, says })
}

pub(super) fn write_group(out: &mut Vec<u8>, frame: &GroupFrame<'_>) {
    let (what, bits) = match &frame.says {
        GroupSays::Join(..) => (0, None),
        GroupSays::Leave(bits) => (1, Some(*bits)),
        GroupSays::AskJoin(bits) => (2, Some(*bits)),
        GroupSays::AskLeave(bits) => (3, Some(*bits)),
    };
    out.push(what);
    write_bytes(out, frame.group.as_bytes());
    if let GroupSays::Join(schema, pids) = &frame.says {
        write_unsigned(out, (*schema).into());
        write_unsigned(out, pids.len() as u64);
        pids.iter().for_each(|bits| write_unsigned(out, *bits));
    }
    bits.into_iter().for_each(|bits| write_unsigned(out, bits));
}

pub(super) fn read_group<'a>(cursor: &mut Cursor<'a>) -> Result<GroupFrame<'a>, Violation> {
    let what = cursor.byte()?;
    let group = cursor.name(PROCESS_NAME_BYTES_MAX)?;
    let says = match what {
        0 => {
            let schema = cursor.index()?;
            let count = cursor.count()?;
            GroupSays::Join(schema, (0..count).map(|_| pid(cursor)).collect::<Result<_, _>>()?)
        }
        1 => GroupSays::Leave(pid(cursor)?),
        2 => GroupSays::AskJoin(pid(cursor)?),
        3 => GroupSays::AskLeave(pid(cursor)?),
        _ => return Err(DecodeError::BadVariant.into()),
    };
    Ok(GroupFrame { group, says })
}
