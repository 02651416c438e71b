//! The names of one node: its records, its claims, its votes. Events come in, [`Output`]s go out.

mod claiming;
mod peers;

use super::message::{Answer, Caller, Mailbox, Message, Output, Request};
use super::records::{Record, Records};
use super::votes::Votes;
use snow_process::{NodeIndex, Notice, Pid};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Claims and questions of one member under way at once.
pub const UNDER_WAY_MAX: usize = 1 << 16;
/// Records of one member.
pub const RECORDS_MAX: usize = 1 << 20;

/// The names of one node.
#[derive(Debug)]
pub struct Registry {
    own_name: Arc<str>,
    own_creation: u64,
    /// The last moment that a claim of any node has named, or now.
    clock: u64,
    members: BTreeMap<NodeIndex, Member>,
    records: Records,
    votes: Votes,
    /// This node's claims, by their stamps.
    claims: BTreeMap<u64, Claim>,
    /// Questions that other nodes are to answer.
    questions: BTreeMap<u64, (NodeIndex, Caller)>,
    last_question: u64,
}

/// A connected node that takes part.
#[derive(Debug)]
struct Member {
    name: Arc<str>,
    creation: u64,
    /// Whether it has told all its records.
    is_synced: bool,
    /// Nodes whose records it was told.
    told: BTreeSet<NodeIndex>,
    /// Nodes whose records it has told.
    brought: BTreeSet<NodeIndex>,
    /// Its claims, by their stamps.
    claims: BTreeMap<u64, Arc<str>>,
    /// Questions of it that have no answer yet.
    asks: usize,
    records: usize,
}

/// A claim of this node.
#[derive(Debug)]
struct Claim {
    name: Arc<str>,
    pid: Pid,
    mailbox: Mailbox,
    caller: Caller,
    /// Whose grants are lacking.
    missing: BTreeSet<NodeIndex>,
}

impl Default for Registry {
    fn default() -> Registry {
        Registry {
            own_name: "nonode@nohost".into(),
            own_creation: 0,
            clock: 0,
            members: BTreeMap::new(),
            records: Records::default(),
            votes: Votes::default(),
            claims: BTreeMap::new(),
            questions: BTreeMap::new(),
            last_question: 0,
        }
    }
}

impl Registry {
    /// This node has a name from now on. Nobody is connected at that moment.
    pub fn named(&mut self, name: &str, creation: u64) {
        (self.own_name, self.own_creation) = (name.into(), creation);
        for name in self.records.names_of_node(NodeIndex::OWN) {
            let Some(mut record) = self.records.remove(&name, NodeIndex::OWN, |_| true) else { continue };
            record.rank.node = self.own_name.clone();
            record.rank.creation = creation;
            self.records.insert(&name, record);
        }
    }

    /// The record that counts for a name.
    pub fn whereis(&self, name: &str) -> Option<&Record> {
        self.records.best(name)
    }

    /// The process of this node that has a name.
    pub fn own(&self, name: &str) -> Option<Pid> {
        self.records.of_node(name, NodeIndex::OWN).map(|record| record.pid)
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<String> {
        self.records.names()
    }

    /// Whether nothing is left: no record, no claim, no question.
    pub fn is_empty(&self) -> bool {
        self.records.len() == 0
            && self.votes.is_empty()
            && self.claims.is_empty()
            && self.questions.is_empty()
    }

    /// Every record that counts, with its process.
    pub fn table(&self) -> Vec<(String, Pid)> {
        let best = |name: String| self.records.best(&name).map(|record| (name.clone(), record.pid));
        self.names().into_iter().filter_map(best).collect()
    }

    /// Has another node register a process of its own.
    pub fn register_at(&mut self, name: &str, pid: Pid, caller: Caller, out: &mut Vec<Output>) {
        match self.members.contains_key(&pid.node()) {
            true => self.ask(pid.node(), name, Request::Register(pid), caller, out),
            false => self.answer(caller, Answer::Lost, out),
        }
    }

    /// A name is to be free again, whoever has it.
    pub fn unregister(&mut self, name: &str, caller: Caller, out: &mut Vec<Output>) {
        let holder = self.records.best(name).map(|record| record.pid.node());
        match holder {
            Some(NodeIndex::OWN) => {
                self.end_record(name, out);
                self.answer(caller, Answer::Done, out);
            }
            Some(node) if self.members.contains_key(&node) && matches!(caller, Caller::Process(..)) => {
                self.ask(node, name, Request::Unregister, caller, out);
            }
            _ => self.answer(caller, Answer::Done, out),
        }
    }

    fn ask(&mut self, node: NodeIndex, name: &str, what: Request, caller: Caller, out: &mut Vec<Output>) {
        self.last_question += 1;
        let request = self.last_question;
        self.questions.insert(request, (node, caller));
        out.push(Output::Send(node, Message::Ask { request, name: name.into(), what }));
    }

    /// A process has ended: its names are free, what it waits for is over.
    pub fn ended(&mut self, pid: Pid, out: &mut Vec<Output>) {
        for name in self.records.of_process(pid) {
            self.end_record(&name, out);
        }
        let is_its_own = |caller: Caller| matches!(caller, Caller::Process(own, _) if own == pid);
        self.questions.retain(|_, (_, caller)| !is_its_own(*caller));
        let concerned = |claim: &Claim| claim.pid == pid || is_its_own(claim.caller);
        let stamps: Vec<u64> =
            self.claims.iter().filter(|(_, claim)| concerned(claim)).map(|(stamp, _)| *stamp).collect();
        stamps.into_iter().for_each(|stamp| self.fail(stamp, Answer::Ended, out));
    }

    /// A process waits no longer. `false`: it has its answer already, or will at once.
    pub fn give_up(&mut self, pid: Pid, token: u64, out: &mut Vec<Output>) -> bool {
        let caller = Caller::Process(pid, token);
        let questions = self.questions.len();
        self.questions.retain(|_, (_, other)| *other != caller);
        let claim = self.claims.iter_mut().find(|(_, claim)| claim.caller == caller);
        let stamp = claim.map(|(stamp, claim)| {
            claim.caller = Caller::Nobody;
            *stamp
        });
        if let Some(stamp) = stamp {
            self.fail(stamp, Answer::Timeout, out);
        }
        stamp.is_some() || self.questions.len() < questions
    }

    /// Ends a record of this node.
    fn end_record(&mut self, name: &str, out: &mut Vec<Output>) -> Option<Record> {
        let record = self.records.remove(name, NodeIndex::OWN, |_| true)?;
        self.tell_all(&Message::Gone { name: name.into(), stamp: record.rank.stamp }, out);
        Some(record)
    }

    fn tell_all(&self, message: &Message, out: &mut Vec<Output>) {
        out.extend(self.members.keys().map(|member| Output::Send(*member, message.clone())));
    }

    fn answer(&mut self, caller: Caller, answer: Answer, out: &mut Vec<Output>) {
        match caller {
            Caller::Process(pid, token) => out.push(Output::Answer { pid, token, answer }),
            Caller::Nobody => {}
            Caller::Node(node, request) => {
                if let Some(member) = self.members.get_mut(&node) {
                    member.asks -= 1;
                    out.push(Output::Send(node, Message::Asked { request, answer }));
                }
            }
        }
    }

    /// A record of this node meets an older one: it ends, and its process is told.
    fn settle(&mut self, name: &Arc<str>, out: &mut Vec<Output>) {
        let Some(own) = self.records.of_node(name, NodeIndex::OWN) else { return };
        let first = self.records.of_name(name).iter().find(|record| record.via.is_none());
        let Some(first) = first.filter(|first| first.pid != own.pid) else { return };
        let (winner, loser) = (first.pid, own.pid);
        drop(self.end_record(name, out));
        out.push(Output::Notice(loser, Notice::GlobalConflict { name: name.clone(), winner }));
    }
}
