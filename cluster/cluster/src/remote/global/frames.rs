//! What is said about names and groups as frames, and back.

use crate::frame::{Frame, GroupFrame, GroupSays, NameFrame, NameSays, Violation};
use crate::global::{Answer, Mailbox, Message, Request};
use crate::peer::Peer;
use crate::remote::Remote;
use crate::session::{Outgoing, Tables};
use snow_process::{NodeIndex, Pid};
use snow_term::encoded::NodeTable;
use std::sync::Arc;

impl Remote {
    /// Says something to a peer.
    pub(super) fn say(&self, peer: &Peer, message: &Message) {
        peer.with(|outgoing| {
            let frame = self.frame(outgoing, message);
            outgoing.control(&frame);
        });
    }

    fn frame<'m>(&self, outgoing: &mut Outgoing, message: &'m Message) -> Frame<'m> {
        let name = |name: &'m str, number: u64, says| Frame::Name(NameFrame { name, number, says });
        let group = |group: &'m str, says| Frame::Group(GroupFrame { group, says });
        let pair = |outgoing: &mut Outgoing, pid: Pid| (outgoing.node(pid.node()), pid.local_bits());
        match message {
            Message::Record { name: text, stamp, pid, mailbox } => {
                let (node, bits) = pair(outgoing, *pid);
                let schema = self.schema_number(outgoing, mailbox);
                name(text, *stamp, NameSays::Record(node, bits, schema))
            }
            Message::Synced => Frame::Synced,
            Message::Gone { name: text, stamp } => name(text, *stamp, NameSays::Gone),
            Message::NodeGone(node) => Frame::NodeGone(outgoing.node(*node)),
            Message::Claim { name: text, stamp } => name(text, *stamp, NameSays::Claim),
            Message::Grant { name: text, stamp, held } => {
                let held = held.map(|pid| pair(outgoing, pid));
                name(text, *stamp, NameSays::Grant(held))
            }
            Message::Refuse { name: text, stamp, holder } => {
                name(text, *stamp, NameSays::Refuse(holder.local_bits()))
            }
            Message::Inquire { name: text, stamp } => name(text, *stamp, NameSays::Inquire),
            Message::Yield { name: text, stamp } => name(text, *stamp, NameSays::Yield),
            Message::Release { name: text, stamp } => name(text, *stamp, NameSays::Release),
            Message::Ask { request, name: text, what: Request::Register(pid) } => {
                name(text, *request, NameSays::AskRegister(pid.local_bits()))
            }
            Message::Ask { request, name: text, what: Request::Unregister } => {
                name(text, *request, NameSays::AskUnregister)
            }
            Message::Asked { request, answer } => {
                let says = match answer {
                    Answer::Done => NameSays::Done,
                    Answer::Taken(pid) => {
                        let (node, bits) = pair(outgoing, *pid);
                        NameSays::Taken(node, bits)
                    }
                    Answer::Ended => NameSays::Ended,
                    Answer::Lost | Answer::Timeout | Answer::TooLong => NameSays::Late,
                };
                name("", *request, says)
            }
            Message::Join { group: text, mailbox, pids } => {
                let schema = self.schema_number(outgoing, mailbox);
                group(text, GroupSays::Join(schema, pids.iter().map(|pid| pid.local_bits()).collect()))
            }
            Message::Leave { group: text, pid } => group(text, GroupSays::Leave(pid.local_bits())),
            Message::AskGroup { group: text, pid, joins: true } => {
                group(text, GroupSays::AskJoin(pid.local_bits()))
            }
            Message::AskGroup { group: text, pid, joins: false } => {
                group(text, GroupSays::AskLeave(pid.local_bits()))
            }
        }
    }

    fn schema_number(&self, outgoing: &mut Outgoing, mailbox: &Mailbox) -> u32 {
        match mailbox {
            Mailbox::Own(ty) => outgoing.schema(*ty, self.types.schema(*ty)),
            Mailbox::Other(schema) => outgoing.schema_of_other(schema),
        }
    }
}

/// A process by its node's number on the connection.
fn pid_of(tables: &Tables, node: u32, bits: u64) -> Result<Pid, Violation> {
    let index = NodeTable::index(tables, node).ok_or(Violation::Undefined("node"))?;
    Ok(Pid::on_node(NodeIndex(index), bits))
}

/// What a peer says about a name.
pub(super) fn name_message(
    peer: NodeIndex,
    tables: &Tables,
    frame: NameFrame<'_>,
) -> Result<Message, Violation> {
    let NameFrame { name: text, number: stamp, says } = frame;
    let name: Arc<str> = text.into();
    let own = |bits| Pid::on_node(NodeIndex::OWN, bits);
    let asked = |answer| Message::Asked { request: stamp, answer };
    let ask = |name, what| Message::Ask { request: stamp, name, what };
    Ok(match says {
        NameSays::Record(node, bits, schema) => {
            let mailbox = Mailbox::Other(tables.schema(schema)?.clone());
            Message::Record { name, stamp, pid: pid_of(tables, node, bits)?, mailbox }
        }
        NameSays::Gone => Message::Gone { name, stamp },
        NameSays::Claim => Message::Claim { name, stamp },
        NameSays::Grant(held) => {
            let held = held.map(|(node, bits)| pid_of(tables, node, bits)).transpose()?;
            Message::Grant { name, stamp, held }
        }
        NameSays::Refuse(bits) => Message::Refuse { name, stamp, holder: Pid::on_node(peer, bits) },
        NameSays::Inquire => Message::Inquire { name, stamp },
        NameSays::Yield => Message::Yield { name, stamp },
        NameSays::Release => Message::Release { name, stamp },
        NameSays::AskRegister(bits) => ask(name, Request::Register(own(bits))),
        NameSays::AskUnregister => ask(name, Request::Unregister),
        NameSays::Done => asked(Answer::Done),
        NameSays::Taken(node, bits) => asked(Answer::Taken(pid_of(tables, node, bits)?)),
        NameSays::Ended => asked(Answer::Ended),
        NameSays::Late => asked(Answer::Timeout),
    })
}

/// A node by its number on the connection.
pub(super) fn node_message(tables: &Tables, node: u32) -> Result<Message, Violation> {
    Ok(Message::NodeGone(pid_of(tables, node, 0)?.node()))
}
