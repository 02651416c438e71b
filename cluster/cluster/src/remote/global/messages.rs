//! What peers say about names and groups, and messages to groups.

use super::State;
use super::frames::{name_message, node_message};
use crate::frame::{GroupFrame, GroupSays, Violation};
use crate::global::{Caller, Mailbox, Message, Output, Request};
use crate::peer::Peer;
use crate::remote::{Cause, Outbound, Remote};
use crate::session::{Event, Room, Tables};
use snow_abi::descriptor::DescriptorId;
use snow_heap::Fragment;
use snow_process::{NodeIndex, Pid, Signal};
use snow_runtime::global::BroadcastOutcome;
use snow_runtime::router::SendOutcome;
use snow_term::compatible;
use snow_term::decode::Source;
use snow_term::schema::Schema;
use std::collections::HashMap;
use std::sync::Arc;

impl Remote {
    /// Takes an event of a session that is about names or groups.
    ///
    /// # Errors
    /// When the peer has broken the protocol.
    pub(in crate::remote) fn receive_shared(
        &self,
        peer: &Peer,
        tables: &mut Tables,
        event: Event<'_>,
    ) -> Result<(), Violation> {
        if !peer.is_member {
            return Err(Violation::Unexpected("a node of the mesh"));
        }
        match event {
            Event::Name(frame) => {
                let message = name_message(peer.index, tables, frame)?;
                self.told_of_name(peer, message)
            }
            Event::NodeGone(node) => self.told_of_name(peer, node_message(tables, node)?),
            Event::Synced => {
                self.told_of_name(peer, Message::Synced)?;
                let session = self.state().sessions.get(&peer.index).cloned();
                if let Some(session) = session {
                    self.up(&session);
                }
                Ok(())
            }
            Event::Group(frame) => self.told_of_group(peer, tables, frame),
            Event::GroupMessage(group, schema, value) => {
                self.deliver_to_group(peer, tables, group, (schema, value))
            }
            _ => Ok(()),
        }
    }

    fn told_of_name(&self, peer: &Peer, message: Message) -> Result<(), Violation> {
        if let Message::Ask { request, name, what: Request::Register(pid) } = message {
            let mailbox = self.host.keep(pid).map(Mailbox::Own);
            let (caller, now_us) = (Caller::Node(peer.index, request), self.host.now_us());
            self.happen(|state, out| {
                state.registry.asked_to_register(caller, &name, (pid, mailbox), now_us, out)
            })?;
            self.look_after(pid);
            return Ok(());
        }
        self.happen(|state, out| state.registry.receive(peer.index, message, out))
    }

    fn told_of_group(&self, peer: &Peer, tables: &Tables, frame: GroupFrame<'_>) -> Result<(), Violation> {
        let own = |bits| Pid::on_node(NodeIndex::OWN, bits);
        let GroupFrame { group, says } = frame;
        match says {
            GroupSays::Join(schema, pids) => {
                let mailbox = Mailbox::Other(tables.schema(schema)?.clone());
                let pids = pids.into_iter().map(|bits| Pid::on_node(peer.index, bits)).collect();
                let told = |state: &mut State, out: &mut Vec<Output>| {
                    state.groups.told_join(peer.index, &group.into(), (pids, mailbox), out)
                };
                return self.happen(told);
            }
            GroupSays::Leave(bits) => {
                let pid = Pid::on_node(peer.index, bits);
                self.happen(|state, out| state.groups.told_leave(peer.index, group, pid, out));
            }
            GroupSays::AskJoin(bits) => self.change_group(group, own(bits), true),
            GroupSays::AskLeave(bits) => self.change_group(group, own(bits), false),
        }
        Ok(())
    }

    /// One copy has come for all members here.
    fn deliver_to_group(
        &self,
        peer: &Peer,
        tables: &mut Tables,
        group: &str,
        (schema, value): (u32, Source<'_>),
    ) -> Result<(), Violation> {
        let written = tables.schema(schema)?.clone();
        let members: Vec<(Pid, DescriptorId)> = {
            let state = self.state();
            let own = state.groups.local_members(group).filter_map(|(pid, mailbox)| match mailbox {
                Mailbox::Own(ty) => Some((pid, *ty)),
                Mailbox::Other(_) => None,
            });
            own.collect()
        };
        let mut by_type: HashMap<DescriptorId, Option<Fragment>> = HashMap::new();
        for (pid, ty) in members {
            let message = by_type.entry(ty).or_insert_with(|| {
                // Only members that receive everything that the sender may send.
                self.may_be_received(&written, ty)
                    .then(|| self.decode(peer, tables, ty, schema, value))
                    .and_then(|decoded| {
                        decoded
                            .map_err(|error| {
                                let what =
                                    format_args!("a message for the group {group} is dropped: {error}");
                                self.reject(&peer.name, Cause::Mismatch, what);
                            })
                            .ok()
                    })
            });
            if let Some(message) = message {
                self.host.deliver(pid, Signal::Message(message.duplicate(self.types.layouts())));
            }
        }
        Ok(())
    }

    fn may_be_received(&self, sent: &Schema, ty: DescriptorId) -> bool {
        compatible::check_mailbox(sent, self.types.schema(ty)).is_ok()
    }

    /// `Group.broadcast`: one copy to each other node with members; the members of this node are given back.
    pub fn broadcast(&self, group: &str, outbound: Outbound<'_>) -> BroadcastOutcome {
        let (local, nodes) = {
            let state = self.state();
            let mut accepts = self.acceptance(outbound.ty);
            let local = state.groups.local_members(group).filter(|(_, mailbox)| accepts(mailbox));
            let local: Vec<Pid> = local.map(|(pid, _)| pid).collect();
            (local, state.groups.nodes(group, |mailbox| self.accepts(outbound.ty, mailbox)))
        };
        let peers: Vec<Arc<Peer>> = nodes.into_iter().filter_map(|node| self.peer(node)).collect();
        // All or none: who is asked again must not have sent to some of them.
        if peers.iter().any(|peer| peer.room(outbound.from, true) == Room::Full) {
            return BroadcastOutcome::Suspend;
        }
        for peer in peers {
            let outbound = Outbound { from: outbound.from, may_suspend: false, ..outbound };
            let from = outbound.from.0;
            let sent = self.post_anyway(&peer, outbound, |outgoing, schema, value| {
                outgoing.group_message(from, group, schema, value);
            });
            if let SendOutcome::FunctionInside(path) = sent {
                return BroadcastOutcome::FunctionInside(path);
            }
        }
        BroadcastOutcome::Sent(local)
    }
}
