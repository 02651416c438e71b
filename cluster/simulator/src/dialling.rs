//! Attempts to connect, as the real shell makes them: look, dial, look again until there is a connection or the time is up.

use crate::network::{End, Flags, Link, Side};
use crate::schedule::Event;
use crate::world::World;
use snow_cluster::connection::{Connection, Ending, Parts};
use snow_cluster::handshake::{Channel, HandshakeError, Refusal};
use snow_cluster::limits::HANDSHAKE_TIME_MAX;
use snow_cluster::mesh::{Begin, ConnectionId};
use snow_cluster::name::NodeName;
use std::sync::Arc;

/// How long an attempt may take.
const CONNECT_TIME_MS: u64 = 3_000;
/// How often it looks again.
const PAUSE_MS: u64 = 25;

/// An attempt to connect.
pub(crate) struct Attempt {
    pub site: usize,
    pub life: u64,
    pub name: NodeName,
    pub until: u64,
    pub is_over: bool,
}

impl World {
    /// Begins an attempt from a site.
    pub(crate) fn connect(&mut self, site: usize, name: NodeName) {
        let life = self.sites[site].life;
        let until = self.now + CONNECT_TIME_MS;
        self.attempts.push(Attempt { site, life, name, until, is_over: false });
        self.look_at_attempt(self.attempts.len() - 1);
    }

    /// Whether an attempt goes on: its node lives and it has no end.
    fn is_under_way(&self, number: usize) -> bool {
        let attempt = &self.attempts[number];
        let site = &self.sites[attempt.site];
        !attempt.is_over && site.running.is_some() && site.life == attempt.life
    }

    pub(crate) fn look_at_attempt(&mut self, number: usize) {
        if !self.is_under_way(number) {
            return;
        }
        let Attempt { site, name, until, .. } = &self.attempts[number];
        let (site, name, until) = (*site, name.clone(), *until);
        let Some(running) = &self.sites[site].running else { return };
        let begin = running.node.mesh().begin(&name);
        match begin {
            Begin::Connected if running.remote.peer_named(&name).is_some() => self.attempt_over(number, true),
            Begin::Connected | Begin::Busy if self.now >= until => self.attempt_over(number, false),
            Begin::Connected | Begin::Busy => self.schedule.add(self.now + PAUSE_MS, Event::Dial(number)),
            Begin::Dial(id) => {
                let delay = self.delay() * 3;
                self.schedule.add(self.now + delay, Event::Open(number, id));
            }
        }
    }

    /// An attempt ends; what waits for it is told.
    pub(crate) fn attempt_over(&mut self, number: usize, is_connected: bool) {
        let attempt = &mut self.attempts[number];
        attempt.is_over = true;
        let name = attempt.name.clone();
        let Some(running) = &self.sites[attempt.site].running else { return };
        match is_connected {
            true => running.remote.connected(&name),
            false => running.remote.connect_failed(&name),
        }
    }

    /// The dial of an attempt has its channel, or not.
    pub(crate) fn open(&mut self, number: usize, id: ConnectionId) {
        if !self.is_under_way(number) {
            return;
        }
        let (from, name) = (self.attempts[number].site, self.attempts[number].name.clone());
        let to = self.sites.iter().position(|site| site.name == name && site.running.is_some());
        let to = to.filter(|to| !self.is_parted(from, *to));
        let Some(to) = to else {
            self.give_up_dial(number, id);
            return self.attempt_over(number, false);
        };
        let channel = Channel([self.random.draw() as u8; 32]);
        let flags = [Arc::new(Flags::default()), Arc::new(Flags::default())];
        let mut nonces = [[0; 32]; 2];
        nonces.iter_mut().flatten().for_each(|byte| *byte = self.random.draw() as u8);
        let part = |id, end: usize| Parts { id, channel, nonce: nonces[end], wake: flags[end].clone() };
        let mut out = vec![];
        let (Some(dialler), Some(acceptor)) = (&self.sites[from].running, &self.sites[to].running) else {
            return;
        };
        let Some(dialled) = Connection::dial(&dialler.node, &name, part(id, 0), &mut out) else {
            self.give_up_dial(number, id);
            return self.schedule.add(self.now + PAUSE_MS, Event::Dial(number));
        };
        let accepted_id = acceptor.node.mesh().accept();
        let accepted = Connection::accept(&acceptor.node, part(accepted_id, 1));
        let mut ends = [End::new(from, flags[0].clone(), Some(number)), End::new(to, flags[1].clone(), None)];
        ends[0].connection = Some(dialled);
        ends[1].connection = Some(accepted);
        let link = self.links.len();
        self.links.push(Link { ends, swallows: false, is_cut: false });
        self.used_links.push(link);
        let limit = self.now + HANDSHAKE_TIME_MAX.as_millis() as u64;
        self.schedule.add(limit, Event::HandshakeOver(Side { link, end: 1 }));
        let until = self.attempts[number].until.max(self.now + 1);
        self.schedule.add(until, Event::HandshakeOver(Side { link, end: 0 }));
        self.transmit(Side { link, end: 0 }, out);
    }

    fn give_up_dial(&mut self, number: usize, id: ConnectionId) {
        let attempt = &self.attempts[number];
        if let Some(running) = &self.sites[attempt.site].running {
            running.node.mesh().ended(&attempt.name, id, self.now);
        }
        self.dial_later(self.attempts[number].site);
    }

    /// What becomes of an attempt whose connection has ended before there was a session.
    pub(crate) fn dial_ended(&mut self, number: usize, ending: &Ending) {
        if !self.is_under_way(number) {
            return;
        }
        let is_worth_more = matches!(
            ending,
            Ending::Crossed
                | Ending::Handshake(HandshakeError::Refused(
                    Refusal::Connected | Refusal::Crossing | Refusal::Busy
                ))
        );
        match is_worth_more && self.now < self.attempts[number].until {
            true => self.schedule.add(self.now + PAUSE_MS, Event::Dial(number)),
            false => self.attempt_over(number, false),
        }
    }
}
