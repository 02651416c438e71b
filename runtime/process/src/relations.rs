//! Links, monitors and exits of one process: functions from state and signal to state and signals.
//!
//! A link is kept on both sides. When one side unlinks it notes `unlinking` until the other has answered; what the other
//! sent before it saw the unlink (its own link, its exit) is ignored meanwhile, so both sides agree in the end whatever crosses.

use crate::exit::ExitReason;
use crate::pid::{MonitorRef, NodeIndex, Pid};
use crate::signal::{Notice, Signal};
use snow_heap::Fragment;
use std::collections::BTreeMap;

/// Signals to send, in order.
pub type Outbox = Vec<(Pid, Signal)>;

/// What a signal does to the process that gets it.
#[derive(Debug)]
#[must_use]
pub enum Effect {
    /// Nothing that the program sees.
    None,
    /// A message joins the mailbox.
    Message(Fragment),
    /// A notice joins the mailbox.
    Notice(Notice),
    /// The process ends.
    End(ExitReason),
    /// These signals arrive, in this order.
    Signals(Vec<Signal>),
}

/// One end of a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Link {
    /// Whether the link holds.
    active: bool,
    /// `Unlink` signals that the other side has not answered.
    unanswered: u32,
    /// Whether the other end is this process's own: it ends with this one, and its end is nothing to this one.
    owned: bool,
}

/// A process's links and monitors.
#[derive(Debug, Default)]
pub struct Relations {
    links: BTreeMap<Pid, Link>,
    /// Monitors that this process has set.
    watching: BTreeMap<MonitorRef, Pid>,
    /// Monitors set on this process. The reference is unique on the watcher's node only.
    watched_by: BTreeMap<(Pid, MonitorRef), ()>,
    trap_exit: bool,
}

impl Relations {
    /// `Process.trap_exit(flag)`.
    pub fn set_trap_exit(&mut self, flag: bool) {
        self.trap_exit = flag;
    }

    /// Number of links.
    pub fn link_count(&self) -> usize {
        self.links.values().filter(|link| link.active).count()
    }

    /// Number of monitors that this process has set.
    pub fn monitor_count(&self) -> usize {
        self.watching.len()
    }

    /// The linked processes.
    pub fn links(&self) -> impl Iterator<Item = Pid> {
        self.links.iter().filter(|(_, link)| link.active).map(|(pid, _)| *pid)
    }

    /// Notes a link that the other side knows of already: both ends of a `spawn_link`.
    pub fn add_link(&mut self, other: Pid) {
        self.links.entry(other).or_default().active = true;
    }

    /// Notes a link with a process that this one has spawned for itself: that one ends with this one, but not the other way round.
    pub fn add_owned(&mut self, other: Pid) {
        let link = self.links.entry(other).or_default();
        (link.active, link.owned) = (true, true);
    }

    /// Notes a monitor on `target` that it knows of already.
    pub fn add_watching(&mut self, reference: MonitorRef, target: Pid) {
        self.watching.insert(reference, target);
    }

    /// Notes that `watcher` watches this process.
    pub fn add_watcher(&mut self, watcher: Pid, reference: MonitorRef) {
        self.watched_by.insert((watcher, reference), ());
    }

    /// `Process.link(other)`.
    pub fn link(&mut self, own: Pid, other: Pid, out: &mut Outbox) {
        if own == other {
            return;
        }
        let link = self.links.entry(other).or_default();
        // An explicit link with a process of its own makes it one like any other.
        link.owned = false;
        if !link.active {
            link.active = true;
            out.push((other, Signal::Link { from: own }));
        }
    }

    /// `Process.unlink(other)`.
    pub fn unlink(&mut self, own: Pid, other: Pid, out: &mut Outbox) {
        if let Some(link) = self.links.get_mut(&other)
            && link.active
        {
            (link.active, link.owned) = (false, false);
            link.unanswered += 1;
            out.push((other, Signal::Unlink { from: own }));
        }
    }

    /// `Process.monitor(target)` with a fresh reference.
    pub fn monitor(&mut self, own: Pid, target: Pid, reference: MonitorRef, out: &mut Outbox) {
        self.watching.insert(reference, target);
        out.push((target, Signal::Monitor { from: own, reference }));
    }

    /// `Process.demonitor(reference)`. The caller also removes a `:down` that is already queued.
    pub fn demonitor(&mut self, own: Pid, reference: MonitorRef, out: &mut Outbox) {
        if let Some(target) = self.watching.remove(&reference) {
            out.push((target, Signal::Demonitor { from: own, reference }));
        }
    }

    /// A signal arrives.
    pub fn receive(&mut self, own: Pid, signal: Signal, out: &mut Outbox) -> Effect {
        match signal {
            Signal::Message(message) => Effect::Message(message),
            Signal::Notice(notice) => Effect::Notice(notice),
            Signal::Link { from } => {
                let link = self.links.entry(from).or_default();
                if link.unanswered == 0 {
                    link.active = true;
                }
                Effect::None
            }
            Signal::Unlink { from } => {
                self.drop_link(from);
                out.push((from, Signal::UnlinkAnswer { from: own }));
                Effect::None
            }
            Signal::UnlinkAnswer { from } => {
                if let Some(link) = self.links.get_mut(&from) {
                    link.unanswered = link.unanswered.saturating_sub(1);
                }
                self.forget_idle_link(from);
                Effect::None
            }
            Signal::LinkExit { from, reason } => self.link_exit(from, reason),
            Signal::Exit { from, reason } => self.exit(own, from, reason),
            Signal::Monitor { from, reference } => {
                self.watched_by.insert((from, reference), ());
                Effect::None
            }
            Signal::Demonitor { from, reference } => {
                self.watched_by.remove(&(from, reference));
                Effect::None
            }
            Signal::NodeLost { node } => Effect::Signals(self.lost_node(node)),
            Signal::Down { reference, from, reason } => match self.watching.get(&reference) {
                // Another node may say this of its own processes only.
                Some(target) if *target == from => {
                    self.watching.remove(&reference);
                    Effect::Notice(Notice::Down { reference, pid: from, reason })
                }
                _ => Effect::None,
            },
        }
    }

    fn link_exit(&mut self, from: Pid, reason: ExitReason) -> Effect {
        // A process that ended answers no unlink.
        let counts = self.links.remove(&from).is_some_and(|link| link.active && !link.owned);
        if !counts {
            return Effect::None;
        }
        if self.trap_exit {
            return Effect::Notice(Notice::Exit { pid: from, reason });
        }
        if reason.is_normal() { Effect::None } else { Effect::End(reason) }
    }

    fn exit(&mut self, own: Pid, from: Pid, reason: ExitReason) -> Effect {
        if reason == ExitReason::Kill {
            return Effect::End(ExitReason::Killed);
        }
        if self.trap_exit {
            return Effect::Notice(Notice::Exit { pid: from, reason });
        }
        if reason.is_normal() && from != own { Effect::None } else { Effect::End(reason) }
    }

    fn drop_link(&mut self, other: Pid) {
        if let Some(link) = self.links.get_mut(&other) {
            (link.active, link.owned) = (false, false);
        }
        self.forget_idle_link(other);
    }

    fn forget_idle_link(&mut self, other: Pid) {
        if self.links.get(&other).is_some_and(|link| *link == Link::default()) {
            self.links.remove(&other);
        }
    }

    /// The process ends: everyone who has to know is told, and nothing is left.
    pub fn end(&mut self, own: Pid, reason: &ExitReason, out: &mut Outbox) {
        for (other, link) in std::mem::take(&mut self.links) {
            if link.active {
                out.push((other, Signal::LinkExit { from: own, reason: reason.clone() }));
            }
        }
        for (watcher, reference) in std::mem::take(&mut self.watched_by).into_keys() {
            out.push((watcher, Signal::Down { reference, from: own, reason: reason.clone() }));
        }
        for (reference, target) in std::mem::take(&mut self.watching) {
            out.push((target, Signal::Demonitor { from: own, reference }));
        }
    }

    /// Whether some link or monitor of this process concerns a process of `node`.
    pub fn concerns_node(&self, node: NodeIndex) -> bool {
        self.links.keys().any(|pid| pid.node() == node)
            || self.watching.values().any(|pid| pid.node() == node)
            || self.watched_by.keys().any(|(pid, _)| pid.node() == node)
    }

    /// The connection to `node` is lost: the signals that its processes can no longer send, each for exactly one link or monitor.
    /// They are to be received like any other; a second call finds nothing.
    fn lost_node(&mut self, node: NodeIndex) -> Vec<Signal> {
        let reason = ExitReason::NoConnection;
        let mut signals = Vec::new();
        for (pid, link) in self.links.iter().filter(|(pid, _)| pid.node() == node) {
            if link.active {
                signals.push(Signal::LinkExit { from: *pid, reason: reason.clone() });
            }
        }
        self.links.retain(|pid, link| pid.node() != node || link.active);
        for (reference, pid) in self.watching.iter().filter(|(_, pid)| pid.node() == node) {
            signals.push(Signal::Down { reference: *reference, from: *pid, reason: reason.clone() });
        }
        self.watched_by.retain(|(pid, _), ()| pid.node() != node);
        signals
    }
}

/// What a signal to a process that is not there is answered with.
pub fn answer_for_dead(dead: Pid, signal: &Signal, reason: ExitReason) -> Option<(Pid, Signal)> {
    match signal {
        Signal::Link { from } => Some((*from, Signal::LinkExit { from: dead, reason })),
        Signal::Unlink { from } => Some((*from, Signal::UnlinkAnswer { from: dead })),
        Signal::Monitor { from, reference } => {
            Some((*from, Signal::Down { reference: *reference, from: dead, reason }))
        }
        _ => None,
    }
}
