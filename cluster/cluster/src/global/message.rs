//! What nodes say to each other about names and groups, and what follows for this node's processes.

use snow_abi::descriptor::DescriptorId;
use snow_process::{MonitorRef, NodeIndex, Notice, Pid};
pub use snow_runtime::global::Answer;
use snow_term::schema::Schema;
use std::sync::Arc;

/// What a process receives.
#[derive(Clone, Debug)]
pub enum Mailbox {
    /// A type of this program.
    Own(DescriptorId),
    /// A type as another node has described it.
    Other(Arc<Schema>),
}

/// One thing that a node says to another.
#[derive(Clone, Debug)]
pub enum Message {
    /// A process has a name since then.
    Record {
        /// The name.
        name: Arc<str>,
        /// The moment of its claim.
        stamp: u64,
        /// The process.
        pid: Pid,
        /// What it receives.
        mailbox: Mailbox,
    },
    /// All records have been told.
    Synced,
    /// A record of the sender has ended.
    Gone {
        /// The name.
        name: Arc<str>,
        /// The moment of its claim.
        stamp: u64,
    },
    /// The sender has lost a node, whose records it had told.
    NodeGone(NodeIndex),
    /// The sender wants a name.
    Claim {
        /// The name.
        name: Arc<str>,
        /// Which claim of the sender.
        stamp: u64,
    },
    /// The receiver may have the name.
    Grant {
        /// The name.
        name: Arc<str>,
        /// Which claim of the receiver.
        stamp: u64,
        /// Who has it by what the sender knows of others.
        held: Option<Pid>,
    },
    /// A process of the sender has the name.
    Refuse {
        /// The name.
        name: Arc<str>,
        /// Which claim of the receiver.
        stamp: u64,
        /// The process.
        holder: Pid,
    },
    /// An older claim waits for what was granted.
    Inquire {
        /// The name.
        name: Arc<str>,
        /// Which claim of the receiver.
        stamp: u64,
    },
    /// The grant is given back; the claim waits for another.
    Yield {
        /// The name.
        name: Arc<str>,
        /// Which claim of the sender.
        stamp: u64,
    },
    /// The claim is over.
    Release {
        /// The name.
        name: Arc<str>,
        /// Which claim of the sender.
        stamp: u64,
    },
    /// The receiver is to do something with a process or record of its own.
    Ask {
        /// The sender's number for the answer.
        request: u64,
        /// The name.
        name: Arc<str>,
        /// What to do.
        what: Request,
    },
    /// What became of it.
    Asked {
        /// The asker's number.
        request: u64,
        /// What became of it.
        answer: Answer,
    },
    /// Processes of the sender are members of a group.
    Join {
        /// The group.
        group: Arc<str>,
        /// What all of them receive.
        mailbox: Mailbox,
        /// The members.
        pids: Vec<Pid>,
    },
    /// A process of the sender is no longer a member.
    Leave {
        /// The group.
        group: Arc<str>,
        /// The process.
        pid: Pid,
    },
    /// A process of the receiver is to join a group, or to leave it.
    AskGroup {
        /// The group.
        group: Arc<str>,
        /// The process.
        pid: Pid,
        /// Whether it joins.
        joins: bool,
    },
}

/// What a node may ask another for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Request {
    /// The name for a process of its own.
    Register(Pid),
    /// The end of its record.
    Unregister,
}

/// Who waits for an answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Caller {
    /// A process of this node, in its wait with that number.
    Process(Pid, u64),
    /// Another node, by its number.
    Node(NodeIndex, u64),
    /// Whoever waited does so no longer.
    Nobody,
}

/// What is to be done after an event.
#[derive(Debug)]
pub enum Output {
    /// Say this to a member.
    Send(NodeIndex, Message),
    /// A process that waits has its answer.
    Answer {
        /// The process.
        pid: Pid,
        /// Its wait.
        token: u64,
        /// The answer.
        answer: Answer,
    },
    /// A process of this node is to see this.
    Notice(Pid, Notice),
}

/// A process that watches something, by its reference.
pub(super) type Watching = (Pid, MonitorRef);

impl Mailbox {
    /// Whether both are known to be the same type.
    pub(crate) fn is_same(&self, other: &Mailbox) -> bool {
        match (self, other) {
            (Mailbox::Other(a), Mailbox::Other(b)) => Arc::ptr_eq(a, b),
            _ => self.is_same_own(other),
        }
    }

    /// Whether both are the same type of this program.
    pub(super) fn is_same_own(&self, other: &Mailbox) -> bool {
        matches!((self, other), (Mailbox::Own(a), Mailbox::Own(b)) if a == b)
    }
}
