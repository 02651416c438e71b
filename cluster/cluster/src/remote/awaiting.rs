//! Signals for nodes that are not connected: a link or monitor is worth one attempt to connect.

use crate::name::NodeName;
use crate::nodes::Node;
use crate::remote::Remote;
use snow_process::{ExitReason, NodeIndex, Pid, Signal, answer_for_dead};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

/// Starts an attempt to connect; [`Remote::connect_failed`] or a session follows.
pub type Connector = Box<dyn Fn(NodeName) + Send + Sync>;

#[derive(Default)]
pub(super) struct Awaiting {
    signals: Mutex<HashMap<NodeIndex, Vec<(Pid, Signal)>>>,
    connector: OnceLock<Connector>,
}

impl Remote {
    /// Sets how an attempt to connect is made; without it nothing is attempted.
    pub fn set_connector(&self, connector: Connector) {
        // A second one would be a mistake of the shell's, and changes nothing.
        let _kept = self.awaiting.connector.set(connector);
    }

    /// A signal for a node that is not connected.
    pub(super) fn signal_unconnected(&self, to: Pid, signal: Signal) {
        let node = self.nodes.get(to.node());
        let (Some(node), Some(connector)) = (node, self.awaiting.connector.get()) else {
            return self.answer(to, &signal, ExitReason::NoConnection);
        };
        if self.is_over(&node) {
            return self.answer(to, &signal, ExitReason::NoProcess);
        }
        let mut waiting = self.lock_awaiting();
        if let Some(signals) = waiting.get_mut(&to.node()) {
            signals.push((to, signal));
            return;
        }
        if !matches!(signal, Signal::Link { .. } | Signal::Monitor { .. }) || node.creation == 0 {
            drop(waiting);
            return self.answer(to, &signal, ExitReason::NoConnection);
        }
        waiting.insert(to.node(), vec![(to, signal)]);
        drop(waiting);
        connector(node.name);
    }

    /// Whether a later life of the node is connected: of this one nothing is left.
    fn is_over(&self, node: &Node) -> bool {
        self.peer_named(&node.name).is_some_and(|peer| peer.creation > node.creation)
    }

    fn lock_awaiting(&self) -> std::sync::MutexGuard<'_, HashMap<NodeIndex, Vec<(Pid, Signal)>>> {
        self.awaiting.signals.lock().expect("nobody panics while holding the signals that wait")
    }

    /// There is a session with a node of this name: what waited for it goes on. Before [`Remote::up`] this does nothing.
    pub fn connected(&self, name: &NodeName) {
        if self.peer_named(name).is_some() {
            self.release(name);
        }
    }

    /// There will be no session with this node.
    pub fn connect_failed(&self, name: &NodeName) {
        self.release(name);
    }

    fn release(&self, name: &NodeName) {
        let mut waiting = self.lock_awaiting();
        let of_name = |index: &NodeIndex| self.nodes.get(*index).is_some_and(|node| node.name == *name);
        let indexes: Vec<_> = waiting.keys().copied().filter(of_name).collect();
        let signals: Vec<_> = indexes.iter().filter_map(|index| waiting.remove(index)).flatten().collect();
        drop(waiting);
        for (to, signal) in signals {
            match self.peer(to.node()) {
                Some(peer) => self.signal_to(&peer, to, signal),
                None => {
                    let is_over = self.nodes.get(to.node()).is_some_and(|node| self.is_over(&node));
                    let reason = if is_over { ExitReason::NoProcess } else { ExitReason::NoConnection };
                    self.answer(to, &signal, reason);
                }
            }
        }
    }

    /// Answers a signal that will not arrive.
    pub(super) fn answer(&self, to: Pid, signal: &Signal, reason: ExitReason) {
        if let Some((back, answer)) = answer_for_dead(to, signal, reason) {
            self.host.deliver(back, answer);
        }
    }
}
