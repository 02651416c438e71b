//! Members that come, speak and go.

use super::{Claim, Member, RECORDS_MAX, Registry, UNDER_WAY_MAX};
use crate::frame::Violation;
use crate::global::message::{Answer, Caller, Mailbox, Message, Output, Request};
use crate::global::records::{Rank, Record};
use crate::global::votes::ClaimId;
use snow_process::{NodeIndex, Pid};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Later moments than this have no successor; no clock is that far off.
const STAMP_MAX: u64 = 1 << 62;

impl Registry {
    /// A member is connected: it hears all records first, then the claims under way.
    pub fn joined(&mut self, node: NodeIndex, name: &str, creation: u64, out: &mut Vec<Output>) {
        let mut told = BTreeSet::new();
        for (record_name, record) in self.records.iter() {
            let known = record.pid.node();
            if record.via.is_some() || known == node {
                continue;
            }
            if known != NodeIndex::OWN {
                told.insert(known);
            }
            let (pid, mailbox, stamp) = (record.pid, record.mailbox.clone(), record.rank.stamp);
            out.push(Output::Send(node, Message::Record { name: record_name.clone(), stamp, pid, mailbox }));
        }
        out.push(Output::Send(node, Message::Synced));
        let member = Member {
            name: name.into(),
            creation,
            is_synced: false,
            told,
            brought: BTreeSet::new(),
            claims: BTreeMap::new(),
            asks: 0,
            records: 0,
        };
        self.members.insert(node, member);
        for (stamp, claim) in &mut self.claims {
            claim.missing.insert(node);
            let message = Message::Claim { name: claim.name.clone(), stamp: *stamp };
            out.push(Output::Send(node, message));
        }
    }

    /// A member is lost, with everything that was its own or came by it alone.
    pub fn left(&mut self, node: NodeIndex, out: &mut Vec<Output>) {
        let Some(member) = self.members.remove(&node) else { return };
        self.records.forget_node(node, |_| true);
        for other in member.brought {
            self.records.forget_node(other, |record| record.via == Some(node));
        }
        for (other, member) in &mut self.members {
            if member.told.remove(&node) {
                out.push(Output::Send(*other, Message::NodeGone(node)));
            }
        }
        self.questions.retain(|_, (asked, caller)| {
            if *asked == node
                && let Caller::Process(pid, token) = *caller
            {
                out.push(Output::Answer { pid, token, answer: Answer::Lost });
            }
            *asked != node
        });
        let asked = |claim: &Claim| matches!(claim.caller, Caller::Node(other, _) if other == node);
        let stamps: Vec<u64> =
            self.claims.iter().filter(|(_, claim)| asked(claim)).map(|(stamp, _)| *stamp).collect();
        stamps.into_iter().for_each(|stamp| self.fail(stamp, Answer::Lost, out));
        for (stamp, name) in member.claims {
            let id = ClaimId { stamp, node: member.name.clone(), claimant: node };
            self.votes.retract(&name, &id);
            self.go_on(&name, out);
        }
        for claim in self.claims.values_mut() {
            claim.missing.remove(&node);
        }
        self.recount(out);
    }

    /// A member says something. A question to register comes by [`Registry::asked_to_register`].
    ///
    /// # Errors
    /// When it says what it may not.
    pub fn receive(
        &mut self,
        from: NodeIndex,
        message: Message,
        out: &mut Vec<Output>,
    ) -> Result<(), Violation> {
        let member = self.members.get_mut(&from).ok_or(Violation::Unexpected("a node of the mesh"))?;
        if !member.is_synced && !matches!(message, Message::Record { .. } | Message::Synced) {
            return Err(Violation::Unexpected("the table of names"));
        }
        match message {
            Message::Record { name, stamp, pid, mailbox } => {
                return self.told(from, &name, (pid, mailbox), stamp, out);
            }
            Message::Synced if member.is_synced => {
                return Err(Violation::Unexpected("a second table of names"));
            }
            Message::Synced => {
                member.is_synced = true;
                self.records.forget_node(from, |record| record.via.is_some());
            }
            Message::Gone { name, stamp } => {
                if self.records.remove(&name, from, |record| record.rank.stamp == stamp).is_some() {
                    member.records = member.records.saturating_sub(1);
                }
            }
            Message::NodeGone(node) if member.brought.remove(&node) => {
                self.records.forget_node(node, |record| record.via == Some(from));
            }
            Message::Claim { name, stamp } => return self.claimed(from, &name, stamp, out),
            Message::Grant { name, stamp, held } => self.grant(from, (&name, stamp), held, out),
            Message::Refuse { name, stamp, holder } => {
                if self.claims.get(&stamp).is_some_and(|claim| claim.name == name) {
                    self.fail(stamp, Answer::Taken(holder), out);
                }
            }
            Message::Inquire { name, stamp } => self.inquired(from, name, stamp, out),
            Message::Yield { name, stamp } => {
                let id = ClaimId { stamp, node: member.name.clone(), claimant: from };
                self.votes.give_back(&name, &id);
                self.go_on(&name, out);
            }
            Message::Release { name, stamp } => self.released(from, &name, stamp, out),
            Message::Ask { request, name, what: Request::Unregister } => {
                member.asks += 1;
                self.unregister(&name, Caller::Node(from, request), out);
            }
            Message::Asked { request, answer } => self.asked(from, request, answer, out),
            Message::NodeGone(_) => {}
            Message::Ask { .. } | Message::Join { .. } | Message::Leave { .. } | Message::AskGroup { .. } => {
            }
        }
        Ok(())
    }

    /// A member has answered a question, if it was asked.
    fn asked(&mut self, from: NodeIndex, request: u64, answer: Answer, out: &mut Vec<Output>) {
        if self.questions.get(&request).is_some_and(|(node, _)| *node == from)
            && let Some((_, caller)) = self.questions.remove(&request)
        {
            self.answer(caller, answer, out);
        }
    }

    /// A member asks for a name for a process of this node, which is alive where `mailbox` is known.
    ///
    /// # Errors
    /// When it has asked too much.
    pub fn asked_to_register(
        &mut self,
        caller: Caller,
        name: &str,
        (pid, mailbox): (Pid, Option<Mailbox>),
        now_us: u64,
        out: &mut Vec<Output>,
    ) -> Result<(), Violation> {
        let Caller::Node(from, _) = caller else { return Ok(()) };
        let member = self.members.get_mut(&from).filter(|member| member.is_synced);
        let member = member.ok_or(Violation::Unexpected("the table of names"))?;
        if member.asks >= UNDER_WAY_MAX {
            return Err(Violation::TooManyNames);
        }
        member.asks += 1;
        match mailbox {
            Some(mailbox) => self.register(name, (pid, mailbox), caller, now_us, out),
            None => self.answer(caller, Answer::Ended, out),
        }
        Ok(())
    }

    fn told(
        &mut self,
        from: NodeIndex,
        name: &Arc<str>,
        (pid, mailbox): (Pid, Mailbox),
        stamp: u64,
        out: &mut Vec<Output>,
    ) -> Result<(), Violation> {
        self.look_at_clock(stamp)?;
        let node = pid.node();
        let member = self.members.get_mut(&from).expect("only members are listened to");
        let id = ClaimId { stamp, node: member.name.clone(), claimant: from };
        if member.records >= RECORDS_MAX {
            return Err(Violation::TooManyNames);
        }
        if node == from {
            let rank =
                Rank { stamp, node: member.name.clone(), creation: member.creation, bits: pid.local_bits() };
            let is_new = self.records.of_node(name, from).is_none_or(|record| record.via.is_some());
            member.records += usize::from(is_new);
            member.claims.remove(&stamp);
            self.records.insert(name, Record { pid, mailbox, rank, via: None });
            self.votes.retract(name, &id);
            self.settle(name, out);
            self.go_on(name, out);
            return Ok(());
        }
        if member.is_synced {
            return Err(Violation::NotItsOwn);
        }
        member.records += 1;
        if node != NodeIndex::OWN && !self.members.contains_key(&node) {
            self.told_of_other(from, name, (pid, mailbox), stamp);
        }
        Ok(())
    }

    /// A record of a node that this one is not connected with.
    fn told_of_other(
        &mut self,
        from: NodeIndex,
        name: &Arc<str>,
        (pid, mailbox): (Pid, Mailbox),
        stamp: u64,
    ) {
        // Among such records only the moment and the member that tells them make a difference.
        let rank = Rank { stamp, node: "".into(), creation: 0, bits: pid.local_bits() };
        if let Some(member) = self.members.get_mut(&from) {
            member.brought.insert(pid.node());
        }
        self.records.insert(name, Record { pid, mailbox, rank, via: Some(from) });
    }

    fn look_at_clock(&mut self, stamp: u64) -> Result<(), Violation> {
        if stamp > STAMP_MAX {
            return Err(Violation::BadStamp);
        }
        self.clock = self.clock.max(stamp);
        Ok(())
    }

    fn claimed(
        &mut self,
        from: NodeIndex,
        name: &Arc<str>,
        stamp: u64,
        out: &mut Vec<Output>,
    ) -> Result<(), Violation> {
        self.look_at_clock(stamp)?;
        if let Some(holder) = self.records.of_node(name, NodeIndex::OWN).map(|record| record.pid) {
            self.refuse(from, name, stamp, holder, out);
            return Ok(());
        }
        let member = self.members.get_mut(&from).expect("only members are listened to");
        if member.claims.len() >= UNDER_WAY_MAX || member.claims.contains_key(&stamp) {
            return Err(Violation::TooManyNames);
        }
        member.claims.insert(stamp, name.clone());
        let id = ClaimId { stamp, node: member.name.clone(), claimant: from };
        self.vote(name, id, out);
        Ok(())
    }

    fn released(&mut self, from: NodeIndex, name: &Arc<str>, stamp: u64, out: &mut Vec<Output>) {
        let Some(member) = self.members.get_mut(&from) else { return };
        let Some(known) = member.claims.remove(&stamp) else { return };
        let id = ClaimId { stamp, node: member.name.clone(), claimant: from };
        if known == *name {
            self.votes.retract(name, &id);
            self.go_on(name, out);
        }
    }
}
