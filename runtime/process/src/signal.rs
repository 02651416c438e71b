//! The closed list of what one process can do to another.

use crate::exit::ExitReason;
use crate::pid::{MonitorRef, NodeIndex, Pid};
use snow_heap::Fragment;
use std::sync::Arc;

/// What arrives at a process. Signals of one sender arrive in the order in which they were sent.
#[derive(Debug)]
pub enum Signal {
    /// A value for the mailbox.
    Message(Fragment),
    /// `from` has linked itself to the receiver.
    Link {
        /// The other end.
        from: Pid,
    },
    /// `from` has removed its link; answered with `UnlinkAnswer`, so that crossing links and unlinks come out equal on both sides.
    Unlink {
        /// The other end.
        from: Pid,
    },
    /// The answer to `Unlink`.
    UnlinkAnswer {
        /// The other end.
        from: Pid,
    },
    /// A linked process ended.
    LinkExit {
        /// The process that ended.
        from: Pid,
        /// Why.
        reason: ExitReason,
    },
    /// `Process.exit(pid, reason)`.
    Exit {
        /// Who called it.
        from: Pid,
        /// The reason given.
        reason: ExitReason,
    },
    /// `from` watches the receiver.
    Monitor {
        /// The watcher.
        from: Pid,
        /// Its reference.
        reference: MonitorRef,
    },
    /// `from` watches no longer.
    Demonitor {
        /// The watcher.
        from: Pid,
        /// Its reference.
        reference: MonitorRef,
    },
    /// A watched process ended.
    Down {
        /// The watcher's reference.
        reference: MonitorRef,
        /// The process that ended.
        from: Pid,
        /// Why.
        reason: ExitReason,
    },
    /// The connection to a node was lost: links and monitors that concern it fire with `:noconnection`.
    NodeLost {
        /// The node, or rather this life of it.
        node: NodeIndex,
    },
    /// Something that only waits to be received.
    Notice(Notice),
}

/// What a `receive` can see beside messages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// `{:down, ref, pid, reason}`
    Down {
        /// The watcher's reference.
        reference: MonitorRef,
        /// The process that ended.
        pid: Pid,
        /// Why.
        reason: ExitReason,
    },
    /// `{:exit, pid, reason}`
    Exit {
        /// The process that ended or called `Process.exit`.
        pid: Pid,
        /// Why.
        reason: ExitReason,
    },
    /// `{:nodeup, name}`
    NodeUp {
        /// The node.
        name: Arc<str>,
    },
    /// `{:nodedown, name, reason}`
    NodeDown {
        /// The node.
        name: Arc<str>,
        /// Why the connection went.
        reason: Arc<str>,
    },
    /// `{:global_conflict, name, winner}`
    GlobalConflict {
        /// The registered name.
        name: Arc<str>,
        /// Who keeps it.
        winner: Pid,
    },
    /// `{:group_join, group, pid}`
    GroupJoin {
        /// The group.
        group: Arc<str>,
        /// The new member.
        pid: Pid,
    },
    /// `{:group_leave, group, pid}`
    GroupLeave {
        /// The group.
        group: Arc<str>,
        /// The member that left.
        pid: Pid,
    },
}

impl Notice {
    /// Its bit in a signal mask, see `abi::entries::signal_bit`.
    pub fn bit(&self) -> i64 {
        use snow_abi::entries::signal_bit;
        match self {
            Notice::Down { .. } => signal_bit::DOWN,
            Notice::Exit { .. } => signal_bit::EXIT,
            Notice::NodeUp { .. } => signal_bit::NODEUP,
            Notice::NodeDown { .. } => signal_bit::NODEDOWN,
            Notice::GlobalConflict { .. } => signal_bit::GLOBAL_CONFLICT,
            Notice::GroupJoin { .. } => signal_bit::GROUP_JOIN,
            Notice::GroupLeave { .. } => signal_bit::GROUP_LEAVE,
        }
    }
}
