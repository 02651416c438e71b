//! How a name is claimed, granted and had; see the module `global` for why it works.

use super::{Claim, Registry, UNDER_WAY_MAX};
use crate::global::message::{Answer, Caller, Mailbox, Message, Output};
use crate::global::records::{Rank, Record};
use crate::global::votes::{ClaimId, Next};
use snow_process::{NodeIndex, Pid};
use std::sync::Arc;

impl Registry {
    /// A process of this node is to have a name.
    pub fn register(
        &mut self,
        name: &str,
        (pid, mailbox): (Pid, Mailbox),
        caller: Caller,
        now_us: u64,
        out: &mut Vec<Output>,
    ) {
        if let Some(holder) = self.records.of_node(name, NodeIndex::OWN).map(|record| record.pid) {
            return self.answer(caller, Answer::Taken(holder), out);
        }
        if self.claims.len() >= UNDER_WAY_MAX {
            return self.answer(caller, Answer::Timeout, out);
        }
        self.clock = now_us.max(self.clock + 1);
        let (stamp, name) = (self.clock, Arc::<str>::from(name));
        let missing = self.members.keys().copied().chain([NodeIndex::OWN]).collect();
        self.claims.insert(stamp, Claim { name: name.clone(), pid, mailbox, caller, missing });
        self.tell_all(&Message::Claim { name: name.clone(), stamp }, out);
        self.vote(&name, self.own_id(stamp), out);
    }

    pub(super) fn own_id(&self, stamp: u64) -> ClaimId {
        ClaimId { stamp, node: self.own_name.clone(), claimant: NodeIndex::OWN }
    }

    /// A claim of whatever node comes to this one's vote.
    pub(super) fn vote(&mut self, name: &Arc<str>, id: ClaimId, out: &mut Vec<Output>) {
        match self.votes.claim(name, id) {
            Next::Inquire(granted) if granted.claimant == NodeIndex::OWN => {
                // Its own claim yields at once.
                if let Some(claim) = self.claims.get_mut(&granted.stamp) {
                    claim.missing.insert(NodeIndex::OWN);
                }
                self.votes.give_back(name, &granted);
                self.go_on(name, out);
            }
            Next::Inquire(granted) => {
                let inquiry = Message::Inquire { name: name.clone(), stamp: granted.stamp };
                out.push(Output::Send(granted.claimant, inquiry));
            }
            Next::Grant(id) => self.granted(name, id, out),
            Next::Wait => {}
        }
    }

    /// The name may be free for the next claim.
    pub(super) fn go_on(&mut self, name: &Arc<str>, out: &mut Vec<Output>) {
        if let Next::Grant(id) = self.votes.next(name) {
            self.granted(name, id, out);
        }
    }

    fn granted(&mut self, name: &Arc<str>, mut id: ClaimId, out: &mut Vec<Output>) {
        loop {
            let held = self.records.best(name).map(|record| record.pid);
            if id.claimant != NodeIndex::OWN {
                let grant = Message::Grant { name: name.clone(), stamp: id.stamp, held };
                return out.push(Output::Send(id.claimant, grant));
            }
            match self.take_grant(id.stamp, NodeIndex::OWN, held) {
                Verdict::Waits => return,
                Verdict::Had => return self.have(id.stamp, out),
                // In a loop: thousands may wait for one name.
                Verdict::Fails(answer) => self.end_claim(id.stamp, answer, out),
            }
            match self.votes.next(name) {
                Next::Grant(next) => id = next,
                Next::Wait | Next::Inquire(_) => return,
            }
        }
    }

    /// A claim of this node has a grant more.
    fn take_grant(&mut self, stamp: u64, from: NodeIndex, held: Option<Pid>) -> Verdict {
        let Some(claim) = self.claims.get_mut(&stamp) else { return Verdict::Waits };
        // Whoever can be asked answers for its own records.
        if let Some(holder) = held.filter(|holder| holder.node() != NodeIndex::OWN)
            && !self.members.contains_key(&holder.node())
        {
            return Verdict::Fails(Answer::Taken(holder));
        }
        claim.missing.remove(&from);
        if claim.missing.is_empty() { Verdict::Had } else { Verdict::Waits }
    }

    /// A grant of a member comes in.
    pub(super) fn grant(
        &mut self,
        from: NodeIndex,
        (name, stamp): (&str, u64),
        held: Option<Pid>,
        out: &mut Vec<Output>,
    ) {
        if self.claims.get(&stamp).is_none_or(|claim| *claim.name != *name) {
            return;
        }
        match self.take_grant(stamp, from, held) {
            Verdict::Waits => {}
            Verdict::Had => self.have(stamp, out),
            Verdict::Fails(answer) => self.fail(stamp, answer, out),
        }
    }

    /// Whoever lacked has been lost: a claim may have all grants now.
    pub(super) fn recount(&mut self, out: &mut Vec<Output>) {
        let complete = |claim: &Claim| claim.missing.is_empty();
        let stamps: Vec<u64> =
            self.claims.iter().filter(|(_, claim)| complete(claim)).map(|(stamp, _)| *stamp).collect();
        stamps.into_iter().for_each(|stamp| self.have(stamp, out));
    }

    /// A claim has the grants of all: it becomes a record.
    fn have(&mut self, stamp: u64, out: &mut Vec<Output>) {
        let Some(claim) = self.claims.remove(&stamp) else { return };
        let Claim { name, pid, mailbox, caller, .. } = claim;
        let rank =
            Rank { stamp, node: self.own_name.clone(), creation: self.own_creation, bits: pid.local_bits() };
        self.records.insert(&name, Record { pid, mailbox: mailbox.clone(), rank, via: None });
        self.tell_all(&Message::Record { name: name.clone(), stamp, pid, mailbox }, out);
        self.answer(caller, Answer::Done, out);
        let had = self.own_id(stamp);
        for id in self.votes.close(&name).into_iter().filter(|id| *id != had) {
            match id.claimant {
                NodeIndex::OWN => self.end_claim(id.stamp, Answer::Taken(pid), out),
                node => self.refuse(node, &name, id.stamp, pid, out),
            }
        }
    }

    pub(super) fn refuse(
        &mut self,
        node: NodeIndex,
        name: &Arc<str>,
        stamp: u64,
        holder: Pid,
        out: &mut Vec<Output>,
    ) {
        if let Some(member) = self.members.get_mut(&node) {
            member.claims.remove(&stamp);
        }
        out.push(Output::Send(node, Message::Refuse { name: name.clone(), stamp, holder }));
    }

    /// A claim of this node has come to nothing: the name may be another's.
    pub(super) fn fail(&mut self, stamp: u64, answer: Answer, out: &mut Vec<Output>) {
        let Some(name) = self.claims.get(&stamp).map(|claim| claim.name.clone()) else { return };
        self.end_claim(stamp, answer, out);
        self.go_on(&name, out);
    }

    fn end_claim(&mut self, stamp: u64, answer: Answer, out: &mut Vec<Output>) {
        let Some(claim) = self.claims.remove(&stamp) else { return };
        self.votes.retract(&claim.name, &self.own_id(stamp));
        self.tell_all(&Message::Release { name: claim.name, stamp }, out);
        self.answer(claim.caller, answer, out);
    }

    /// An older claim waits at a member for its grant.
    pub(super) fn inquired(&mut self, from: NodeIndex, name: Arc<str>, stamp: u64, out: &mut Vec<Output>) {
        if let Some(claim) = self.claims.get_mut(&stamp)
            && claim.name == name
            && claim.missing.insert(from)
        {
            out.push(Output::Send(from, Message::Yield { name, stamp }));
        }
    }
}

/// What a grant has brought a claim.
enum Verdict {
    /// Others are lacking.
    Waits,
    /// None is lacking.
    Had,
    /// The name is another's.
    Fails(Answer),
}
