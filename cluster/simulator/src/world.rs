//! The world: sites, links, time, and the loop that lets one thing happen after the other.

use crate::Plan;
use crate::checkers;
use crate::dialling::Attempt;
use crate::network::{Link, Side};
use crate::schedule::{Event, Schedule};
use crate::shared;
use crate::site::{Running, Site, site_name};
use snow_cluster::connection::Ending;
use snow_cluster::error::CloseReason;
use snow_cluster::mesh::Random;
use snow_cluster::name::NodeName;
use snow_cluster::peer::Writing;
use std::collections::BTreeSet;

/// Bytes that a link takes in a millisecond.
const BYTES_PER_MS: usize = 20_000;
/// Bytes that arrive at once, at most: frames are cut anywhere.
const ARRIVAL_BYTES_MAX: u64 = 40_000;
/// How long a goodbye may take.
const GOODBYE_MS: u64 = 1_000;
/// Virtual time in which the mesh must be whole again: the longest pause of `join:`, and more.
const QUIET_MS: u64 = 70_000;
/// Virtual time in which everything under way comes to its end.
const REST_MS: u64 = 3_000;

/// What a run has seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Messages sent to other nodes and their own.
    pub sent: u64,
    /// Messages received.
    pub received: u64,
    /// Monitors that have fired.
    pub downs: u64,
    /// Links of the network that were made.
    pub links: u64,
    /// Names that processes were given.
    pub names: u64,
    /// Names that were had twice and are no longer.
    pub conflicts: u64,
}

/// Everything.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) now: u64,
    pub(crate) random: Random,
    pub(crate) schedule: Schedule,
    pub(crate) sites: Vec<Site>,
    pub(crate) links: Vec<Link>,
    pub(crate) used_links: Vec<usize>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) parted: BTreeSet<(usize, usize)>,
    pub(crate) is_busy: bool,
    lost: Summary,
}

impl World {
    /// A world whose sites start within the first moments.
    pub(crate) fn new(plan: Plan) -> World {
        let sites = (0..plan.nodes).map(|index| Site {
            index,
            name: NodeName::new(&site_name(index as u64)).expect("a name"),
            life: 0,
            look_at: u64::MAX,
            running: None,
        });
        let mut world = World {
            plan,
            now: 0,
            random: Random(plan.seed),
            schedule: Schedule::default(),
            sites: sites.collect(),
            links: vec![],
            used_links: vec![],
            attempts: vec![],
            parted: BTreeSet::new(),
            is_busy: true,
            lost: Summary::default(),
        };
        for site in 0..plan.nodes {
            let at = world.random.below(50);
            world.schedule.add(at, Event::Start(site));
        }
        world.schedule.add(1_000, Event::Act);
        world.schedule.add(1_000, Event::Fault);
        world
    }

    /// The time in which processes act and faults happen.
    pub(crate) fn run_busy(&mut self) {
        self.run_until(self.plan.busy_ms);
    }

    /// No faults any more, and time for everything to come to rest.
    pub(crate) fn quieten(&mut self) {
        self.is_busy = false;
        self.parted.clear();
        for site in 0..self.sites.len() {
            if self.sites[site].running.is_none() {
                self.schedule.add(self.now, Event::Start(site));
            }
        }
        let limit = self.now + QUIET_MS;
        while self.now < limit && checkers::mesh_problem(self).is_some() {
            self.run_until(self.now + 1_000);
        }
        self.run_until(self.now + REST_MS);
    }

    /// Lets everything happen that happens until then.
    pub(crate) fn run_until(&mut self, until: u64) {
        while let Some((at, event)) = self.schedule.next(until) {
            self.now = self.now.max(at);
            self.tell_time();
            self.happen(event);
            self.settle();
            shared::nobody_shares_a_name(self);
        }
        self.now = self.now.max(until);
    }

    /// The nodes' clocks differ a little.
    fn tell_time(&mut self) {
        let now_us = self.now * 1_000;
        for (site, running) in self.running() {
            running.host.state().now_us = now_us + site.index as u64 * 700;
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrive(side, bytes) => self.arrive(side, &bytes),
            Event::End(side) => self.see_end(side),
            Event::Written(side) => self.written(side),
            Event::Look(side) => self.look(side),
            Event::HandshakeOver(side) => self.handshake_over(side),
            Event::Dial(attempt) => self.look_at_attempt(attempt),
            Event::Open(attempt, id) => self.open(attempt, id),
            Event::Mesh(site) => self.dial_due(site),
            Event::Act => self.act(),
            Event::Fault => self.fault(),
            Event::GiveUp(site, life, pid, token) => {
                let site = &mut self.sites[site];
                let running = site.running.as_mut().filter(|_| site.life == life);
                if let Some(running) = running {
                    running.give_up(pid, token);
                }
            }
            Event::Start(site) => self.start(site),
            Event::Heal(a, b) => drop(self.parted.remove(&(a, b))),
        }
    }

    /// Milliseconds from here to there.
    pub(crate) fn delay(&mut self) -> u64 {
        1 + match self.random.below(8) {
            0 => self.random.below(40),
            _ => self.random.below(4),
        }
    }

    /// Whether two sites do not reach each other.
    pub(crate) fn is_parted(&self, a: usize, b: usize) -> bool {
        self.parted.contains(&(a.min(b), a.max(b)))
    }

    fn start(&mut self, site: usize) {
        if self.sites[site].running.is_some() {
            return;
        }
        let names: Vec<NodeName> = self.sites.iter().map(|site| site.name.clone()).collect();
        let seed = self.random.draw();
        self.sites[site].start(&names, seed, self.now, &self.plan);
        self.dial_due(site);
    }

    fn dial_due(&mut self, site: usize) {
        if self.sites[site].look_at <= self.now {
            self.sites[site].look_at = u64::MAX;
        }
        let Some(running) = &self.sites[site].running else { return };
        let due = running.node.mesh().due(self.now);
        due.into_iter().for_each(|name| self.connect(site, name));
        self.dial_later(site);
    }

    /// Has a site's mesh looked at when it has something due.
    pub(crate) fn dial_later(&mut self, site: usize) {
        let next = self.sites[site].running.as_ref().and_then(|running| running.node.mesh().next_due());
        let at = next.map_or(u64::MAX, |at| at.max(self.now + 1));
        if at < self.sites[site].look_at {
            self.sites[site].look_at = at;
            self.schedule.add(at, Event::Mesh(site));
        }
    }

    /// Sends bytes from one side to the other.
    pub(crate) fn transmit(&mut self, side: Side, mut bytes: Vec<u8>) {
        let link = &self.links[side.link];
        if link.swallows || link.is_cut {
            return;
        }
        let mut at = (self.now + self.delay()).max(self.links[side.link].ends[side.end].last_arrival);
        while !bytes.is_empty() {
            let count = 1 + self.random.below(ARRIVAL_BYTES_MAX.min(bytes.len() as u64)) as usize;
            let rest = bytes.split_off(count);
            self.schedule.add(at, Event::Arrive(side.other(), bytes));
            bytes = rest;
            at += self.random.below(2);
        }
        self.links[side.link].ends[side.end].last_arrival = at;
    }

    fn arrive(&mut self, side: Side, bytes: &[u8]) {
        let link = &mut self.links[side.link];
        if link.swallows || link.is_cut || link.ends[side.end].leaving.is_some() {
            return;
        }
        let end = &mut link.ends[side.end];
        let (Some(connection), Some(running)) = (&mut end.connection, &self.sites[end.site].running) else {
            return;
        };
        let had_session = connection.peer().is_some();
        let mut out = vec![];
        let result = connection.receive(&running.node, bytes, self.now, &mut out);
        let has_session = connection.peer().is_some();
        let (attempt, site) = (end.attempt, end.site);
        self.dial_later(site);
        self.transmit(side, out);
        if has_session && !had_session {
            if let Some(attempt) = attempt {
                self.attempt_over(attempt, true);
            }
            self.pump(side);
        }
        if let Err(ending) = result {
            self.end(side, ending);
        }
    }

    fn see_end(&mut self, side: Side) {
        let end = &self.links[side.link].ends[side.end];
        let lost = CloseReason::Lost("the peer closed it".to_owned());
        let reason = end.leaving.clone().unwrap_or(lost);
        self.end(side, Ending::Closed(reason));
    }

    fn handshake_over(&mut self, side: Side) {
        let end = &self.links[side.link].ends[side.end];
        if end.connection.as_ref().is_some_and(|connection| connection.peer().is_none()) {
            self.see_end(side);
        }
    }

    /// One side's connection is over, and the other side will see it.
    pub(crate) fn end(&mut self, side: Side, ending: Ending) {
        let reason = match &ending {
            Ending::Closed(reason) => reason.clone(),
            Ending::Handshake(_) | Ending::Crossed => CloseReason::Lost("the handshake failed".to_owned()),
        };
        if let CloseReason::Misbehaved(violation) = &reason {
            self.broken(&format!("an honest peer broke the protocol: {violation}"));
        }
        let end = &mut self.links[side.link].ends[side.end];
        let Some(mut connection) = end.connection.take() else { return };
        let had_session = connection.peer().is_some();
        let attempt = end.attempt;
        if let Some(running) = &self.sites[end.site].running {
            connection.end(&running.node, &reason, self.now);
        }
        let link = &self.links[side.link];
        if !link.swallows && !link.is_cut {
            let at = (self.now + self.delay()).max(self.links[side.link].ends[side.end].last_arrival);
            self.schedule.add(at, Event::End(side.other()));
        }
        if let (Some(attempt), false) = (attempt, had_session) {
            self.dial_ended(attempt, &ending);
        }
        let site = self.links[side.link].ends[side.end].site;
        self.dial_later(site);
    }

    /// Writes what a side has to say.
    fn pump(&mut self, side: Side) {
        let end = &mut self.links[side.link].ends[side.end];
        let Some(connection) = end.connection.as_ref().filter(|_| !end.writing) else { return };
        let Some(peer) = connection.peer() else { return };
        let mut out = vec![];
        match peer.take(&mut out, self.now) {
            Writing::Bytes => {
                end.writing = true;
                let time = 1 + (out.len() / BYTES_PER_MS) as u64;
                let is_stuck = self.links[side.link].swallows;
                self.transmit(side, out);
                // What swallows bytes does not take them for ever.
                if !is_stuck {
                    self.schedule.add(self.now + time, Event::Written(side));
                }
            }
            Writing::Idle(next) => {
                let at = next.min(connection.silent_at());
                self.look_later(side, at);
            }
            Writing::Over => {
                let reason = end.leaving.clone().unwrap_or(CloseReason::Replaced);
                self.end(side, Ending::Closed(reason));
            }
        }
    }

    fn written(&mut self, side: Side) {
        let end = &mut self.links[side.link].ends[side.end];
        end.writing = false;
        let (Some(connection), Some(running)) = (&end.connection, &self.sites[end.site].running) else {
            return;
        };
        if let Some(peer) = connection.peer() {
            let woken = peer.written();
            woken.into_iter().for_each(|pid| snow_cluster::host::Host::resume(&running.host, pid));
        }
        self.pump(side);
    }

    fn look(&mut self, side: Side) {
        let end = &mut self.links[side.link].ends[side.end];
        if end.look_at <= self.now {
            end.look_at = u64::MAX;
        }
        let Some(connection) = &mut end.connection else { return };
        if connection.is_silent(self.now) {
            return self.end(side, Ending::Closed(CloseReason::Silent));
        }
        let at = connection.silent_at();
        self.look_later(side, at);
        self.pump(side);
    }

    /// Has a side look at that time, unless it looks earlier anyway.
    fn look_later(&mut self, side: Side, at: u64) {
        let at = at.max(self.now + 1);
        let end = &mut self.links[side.link].ends[side.end];
        if at < end.look_at {
            end.look_at = at;
            self.schedule.add(at, Event::Look(side));
        }
    }

    /// Works off everything that follows at once.
    pub(crate) fn settle(&mut self) {
        loop {
            let mut any = false;
            for site in 0..self.sites.len() {
                any |= self.drain(site);
            }
            self.used_links.retain(|link| self.links[*link].is_used());
            for link in self.used_links.clone() {
                for end in 0..2 {
                    any |= self.heed(Side { link, end });
                }
            }
            if !any {
                return;
            }
        }
    }

    fn drain(&mut self, site: usize) -> bool {
        let Some(running) = &mut self.sites[site].running else { return false };
        let drained = running.drain();
        let wanted = std::mem::take(&mut *running.wanted.lock().expect("one thread"));
        let any = !wanted.is_empty();
        wanted.into_iter().for_each(|name| self.connect(site, name));
        match drained {
            Ok(drained) => any || drained,
            Err(broken) => self.broken(&format!("at site {site}: {broken}")),
        }
    }

    /// Does what a peer's buffer asks of its shell.
    fn heed(&mut self, side: Side) -> bool {
        let end = &mut self.links[side.link].ends[side.end];
        let Some(connection) = &end.connection else { return false };
        let (output, attention) = (end.flags.take_output(), end.flags.take_attention());
        let closing = connection.peer().and_then(|peer| peer.closing());
        if attention {
            if end.leaving.is_none() && closing.is_some() {
                end.leaving = closing;
                self.schedule.add(self.now + GOODBYE_MS, Event::End(side));
            }
            self.look(side);
        }
        if output {
            self.pump(side);
        }
        output || attention
    }

    /// Ends the run: a promise is broken.
    pub(crate) fn broken(&self, what: &str) -> ! {
        panic!("seed {} at {} ms: {what}\n(replay it with {:?})", self.plan.seed, self.now, self.plan)
    }

    /// A site dies without a word.
    pub(crate) fn kill(&mut self, site: usize) {
        let Some(running) = self.sites[site].running.take() else { return };
        self.lost.sent += running.sent_count;
        self.lost.received += running.received_count;
        self.lost.downs += running.down_count;
        self.lost.names += running.had_count;
        self.lost.conflicts += running.conflict_count;
        for link in self.used_links.clone() {
            for end in 0..2 {
                if self.links[link].ends[end].site == site {
                    self.links[link].ends[end].connection = None;
                    let at = self.now + self.delay();
                    if !self.links[link].swallows {
                        self.schedule.add(at, Event::End(Side { link, end: 1 - end }));
                    }
                    self.links[link].is_cut = true;
                }
            }
        }
        let pause = 1 + self.random.below(1_500);
        self.schedule.add(self.now + pause, Event::Start(site));
    }

    /// The running nodes.
    pub(crate) fn running(&self) -> impl Iterator<Item = (&Site, &Running)> {
        self.sites.iter().filter_map(|site| site.running.as_ref().map(|running| (site, running)))
    }

    /// What the run has seen.
    pub(crate) fn summary(&self) -> Summary {
        let mut all = self.lost;
        for (_, running) in self.running() {
            all.sent += running.sent_count;
            all.received += running.received_count;
            all.downs += running.down_count;
            all.names += running.had_count;
            all.conflicts += running.conflict_count;
        }
        all.links = self.links.len() as u64;
        all
    }
}
