//! A connected peer: the sending half of its session behind a short lock, and what is known of it.

use crate::error::CloseReason;
use crate::frame::Frame;
use crate::handshake::{Admitted, flag};
use crate::mesh::ConnectionId;
use crate::name::NodeName;
use crate::nodes::Nodes;
use crate::remote::Entries;
use crate::session::{Millis, Outgoing, Room};
use snow_process::{MonitorRef, NodeIndex, Pid};
use snow_term::encoded::NodeReferences;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, mpsc};

/// How a shell is told that there is something to do.
pub trait Wake: Send + Sync {
    /// There is output where there was none.
    fn output(&self);
    /// The reader is to look up: the connection is to be closed ([`Peer::closing`]) or probed ([`crate::connection::Connection::is_silent`]).
    fn attention(&self);
}

/// A connected peer.
pub struct Peer {
    /// Its name.
    pub name: NodeName,
    /// Which of its lives.
    pub creation: u64,
    /// Its index in the table of nodes.
    pub index: NodeIndex,
    /// The connection.
    pub connection: ConnectionId,
    /// The port at which it listens.
    pub port: u16,
    /// Whether it takes no part in the mesh.
    pub hidden: bool,
    /// Whether both share names and groups: neither is hidden.
    pub is_member: bool,
    /// Longest value that both sides take.
    pub message_bytes_max: usize,
    /// Figures beside those of the session.
    pub figures: Figures,
    sending: Mutex<Sending>,
    waiting: Mutex<Waiting>,
    entries: Mutex<Entries>,
    wake: Arc<dyn Wake>,
    closing: Mutex<Option<CloseReason>>,
    next_number: AtomicU64,
    probe: AtomicBool,
    is_up: AtomicBool,
}

/// Figures of one peer.
#[derive(Debug, Default)]
pub struct Figures {
    /// Messages received.
    pub messages_in: AtomicU64,
    /// Bytes received.
    pub bytes_in: AtomicU64,
    /// Microseconds of the last round trip.
    pub round_trip_us: AtomicU64,
    /// Whether the peer does without spawns from here.
    pub spawns_refused: AtomicBool,
}

/// Guarded by one lock.
struct Sending {
    outgoing: Outgoing,
    /// Whether the writer sleeps until it is woken.
    idle: bool,
    /// Whether the writer ends once everything is written.
    leaving: bool,
}

/// Answers that are to come.
#[derive(Default)]
struct Waiting {
    spawns: HashMap<u64, PendingSpawn>,
    pings: HashMap<u64, mpsc::Sender<()>>,
    over: bool,
}

/// A spawn whose answer has not come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PendingSpawn {
    /// The spawning process.
    pub from: Pid,
    /// Whether it wants a link.
    pub link: bool,
    /// Its monitor.
    pub monitor: Option<MonitorRef>,
}

/// What a writer does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Writing {
    /// Write the bytes, then call [`Peer::written`].
    Bytes,
    /// Sleep until woken, at the latest until then.
    Idle(Millis),
    /// Everything is written and the connection is to end.
    Over,
}

impl Peer {
    /// The peer of a connection that has been admitted.
    pub(crate) fn new(
        admitted: &Admitted,
        outgoing: Outgoing,
        index: NodeIndex,
        connection: ConnectionId,
        wake: Arc<dyn Wake>,
    ) -> Peer {
        let hello = admitted.peer();
        let figures = Figures::default();
        figures.spawns_refused.store(hello.flags & flag::NO_SPAWN != 0, Ordering::Relaxed);
        Peer {
            name: hello.name.clone(),
            creation: hello.creation,
            index,
            connection,
            port: hello.port,
            hidden: hello.flags & flag::HIDDEN != 0,
            is_member: (hello.flags | admitted.me().flags) & flag::HIDDEN == 0,
            message_bytes_max: outgoing.message_bytes_max(),
            figures,
            sending: Mutex::new(Sending { outgoing, idle: false, leaving: false }),
            waiting: Mutex::new(Waiting::default()),
            entries: Mutex::default(),
            wake,
            closing: Mutex::new(None),
            next_number: AtomicU64::new(1),
            probe: AtomicBool::new(false),
            is_up: AtomicBool::new(false),
        }
    }

    fn sending(&self) -> MutexGuard<'_, Sending> {
        self.sending.lock().expect("nobody panics while holding a peer's buffer")
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().expect("nobody panics while holding a peer's answers")
    }

    /// The links and monitors that its processes hold here. Taken before the lock of the sending half, never after it.
    pub(crate) fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().expect("nobody panics while holding a peer's links and monitors")
    }

    /// Works on the sending half under its lock, and wakes the writer when there is something to write.
    pub fn with<T>(&self, work: impl FnOnce(&mut Outgoing) -> T) -> T {
        let mut sending = self.sending();
        let result = work(&mut sending.outgoing);
        let wake = sending.idle && sending.outgoing.has_output();
        if wake {
            sending.idle = false;
        }
        drop(sending);
        if wake {
            self.wake.output();
        }
        result
    }

    /// Buffers a control frame.
    pub fn control(&self, frame: &Frame<'_>) {
        self.with(|outgoing| outgoing.control(frame));
    }

    /// Whether a message would be taken now, unless it is a long one; a sender that has to wait, and can, is noted.
    pub fn room(&self, sender: Pid, can_wait: bool) -> Room {
        let mut sending = self.sending();
        let room = sending.outgoing.room(sender.0);
        if room == Room::Full && can_wait {
            sending.outgoing.wait(sender.0);
        }
        room
    }

    /// Moves what is to be written next into `out`, which must be empty.
    pub fn take(&self, out: &mut Vec<u8>, now: Millis) -> Writing {
        let mut sending = self.sending();
        sending.outgoing.tick(now);
        sending.outgoing.take(out, now);
        if !out.is_empty() {
            return Writing::Bytes;
        }
        if sending.leaving {
            return Writing::Over;
        }
        sending.idle = true;
        Writing::Idle(sending.outgoing.next_tick())
    }

    /// What was taken has been written: who waited and may go on.
    pub fn written(&self) -> Vec<Pid> {
        self.sending().outgoing.written().into_iter().map(Pid).collect()
    }

    /// Lets the connection end, telling the peer why when there is something to tell.
    pub fn leave(&self, reason: CloseReason) {
        let mut closing = self.closing.lock().expect("nobody panics while holding a reason");
        if closing.is_some() {
            return;
        }
        let goodbye = match &reason {
            CloseReason::Misbehaved(violation) => violation.to_string(),
            CloseReason::Silent => reason.to_string(),
            _ => String::new(),
        };
        *closing = Some(reason);
        drop(closing);
        let mut sending = self.sending();
        sending.outgoing.control(&Frame::Goodbye(&goodbye));
        sending.leaving = true;
        sending.idle = false;
        drop(sending);
        self.wake.output();
        self.wake.attention();
    }

    /// Whether it is among the connected nodes; from then on it stays so.
    pub fn is_up(&self) -> bool {
        self.is_up.load(Ordering::SeqCst)
    }

    pub(crate) fn set_up(&self) {
        self.is_up.store(true, Ordering::SeqCst);
    }

    /// Has the shell look whether the peer is alive.
    pub(crate) fn probe(&self) {
        self.probe.store(true, Ordering::SeqCst);
        self.wake.attention();
    }

    pub(crate) fn take_probe(&self) -> bool {
        self.probe.swap(false, Ordering::SeqCst)
    }

    /// Why this side closes the connection, when it does.
    pub fn closing(&self) -> Option<CloseReason> {
        self.closing.lock().expect("nobody panics while holding a reason").clone()
    }

    /// The session is over: who waited for room, and for which spawns.
    pub(crate) fn close(&self) -> (Vec<Pid>, Vec<PendingSpawn>) {
        let senders = {
            let mut sending = self.sending();
            sending.leaving = true;
            sending.outgoing.close()
        };
        self.wake.output();
        let mut waiting = self.waiting();
        waiting.over = true;
        waiting.pings.clear();
        let mut spawns: Vec<_> = waiting.spawns.drain().collect();
        spawns.sort_unstable_by_key(|(number, _)| *number);
        (senders.into_iter().map(Pid).collect(), spawns.into_iter().map(|(_, spawn)| spawn).collect())
    }

    /// Notes a spawn under a number for the wire; `None` when the session is over.
    pub(crate) fn expect_spawn(&self, spawn: PendingSpawn) -> Option<u64> {
        let mut waiting = self.waiting();
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        if waiting.over {
            return None;
        }
        waiting.spawns.insert(number, spawn);
        Some(number)
    }

    /// The spawn with this number, when it is being waited for.
    pub(crate) fn answered_spawn(&self, number: u64) -> Option<PendingSpawn> {
        self.waiting().spawns.remove(&number)
    }

    /// Sends a ping; the receiver hears of the answer, or of the end when its channel closes.
    pub fn ping(&self) -> mpsc::Receiver<()> {
        let (sender, receiver) = mpsc::channel();
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        let mut waiting = self.waiting();
        if !waiting.over {
            waiting.pings.insert(number, sender);
        }
        drop(waiting);
        self.control(&Frame::Ping(number));
        receiver
    }

    pub(crate) fn pong(&self, number: u64) {
        if let Some(sender) = self.waiting().pings.remove(&number) {
            // Nobody waits any longer when this fails.
            let _given_up = sender.send(());
        }
    }

    /// Figures of the session: messages and bytes out, bytes buffered, senders that wait.
    pub fn counts(&self) -> [u64; 4] {
        let sending = self.sending();
        let counts = sending.outgoing.counts();
        let (buffered, waiting) = (sending.outgoing.buffered(), sending.outgoing.waiting_count());
        [counts.messages, counts.bytes, buffered as u64, waiting as u64]
    }
}

/// Numbers of nodes in what is written to a peer. Takes the lock only for nodes other than this one.
pub(crate) struct References<'p>(pub &'p Peer);

impl NodeReferences for References<'_> {
    fn reference(&mut self, node: u16) -> u32 {
        match NodeIndex(node) {
            NodeIndex::OWN => crate::session::SENDER,
            index if index == self.0.index => crate::session::RECEIVER,
            index => self.0.with(|outgoing| outgoing.node(index)),
        }
    }
}

/// Makes the sending half for an admitted peer.
pub(crate) fn outgoing(
    admitted: &Admitted,
    index: NodeIndex,
    nodes: Arc<Nodes>,
    bytes_max: usize,
    now: Millis,
) -> Outgoing {
    Outgoing::new(admitted, index, nodes, bytes_max, now)
}
