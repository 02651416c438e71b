//! What processes do by chance, and what goes wrong.

use crate::network::Side;
use crate::schedule::Event;
use crate::shared::{GROUPS, NAMES, PATIENCE_MS};
use crate::world::World;
use snow_process::{ExitReason, Pid};

/// What goes wrong in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Faults {
    /// Processes end, are killed, linked, monitored and spawned; without it they only send.
    pub ends: bool,
    /// Connections are cut, and nodes disconnect.
    pub cuts: bool,
    /// Connections swallow everything for a while.
    pub partitions: bool,
    /// Nodes die and start anew.
    pub kills: bool,
}

impl Faults {
    /// Nothing goes wrong.
    pub const NONE: Faults = Faults { ends: false, cuts: false, partitions: false, kills: false };
    /// Everything goes wrong.
    pub const ALL: Faults = Faults { ends: true, cuts: true, partitions: true, kills: true };

    /// Whether connections are lost.
    pub(crate) fn loses_connections(self) -> bool {
        self.cuts || self.partitions || self.kills
    }
}

/// Largest padding of a long message.
const LONG_BYTES: u64 = 200_000;

impl World {
    fn choose(&mut self, count: usize) -> usize {
        self.random.below(count as u64) as usize
    }

    /// A process of a site, not the watcher.
    fn some_process(&mut self, site: usize) -> Option<Pid> {
        let running = self.sites[site].running.as_ref()?;
        let all: Vec<Pid> = running.processes.keys().copied().filter(|pid| *pid != running.watcher).collect();
        let choice = self.random.below(all.len().max(1) as u64) as usize;
        all.get(choice).copied()
    }

    /// Some process does something.
    pub(crate) fn act(&mut self) {
        if !self.is_busy {
            return;
        }
        let next = self.now + 1 + self.random.below(4);
        self.schedule.add(next, Event::Act);
        let sites = self.sites.len();
        let (here, there) = (self.choose(sites), self.choose(sites));
        let (Some(own), Some(other)) = (self.some_process(here), self.some_process(there)) else { return };
        let (name, creation) = {
            let there = &self.sites[there];
            (there.name.clone(), there.running.as_ref().map_or(0, |running| running.node.identity.creation))
        };
        let padding = match self.random.below(12) {
            0 => self.random.below(LONG_BYTES),
            1 => self.random.below(20_000),
            _ => self.random.below(100),
        };
        let action = if self.plan.faults.ends { self.random.below(24) } else { 0 };
        let choice = self.random.draw() as usize;
        let Some(running) = &mut self.sites[here].running else { return };
        if !running.processes.get(&own).is_some_and(|process| process.is_free()) {
            return;
        }
        let other = if here == there { other } else { running.pid_of(&name, creation, other.0) };
        match action {
            8 => running.monitor(own, other),
            9 => running.demonitor(own, choice),
            10 => running.link(own, other),
            11 => running.unlink(own, other),
            12 if choice.is_multiple_of(4) => {
                // Its last words, and then its end: in this order for whoever watches.
                running.send_next(own, other, padding as usize);
                running.end(own, ExitReason::Normal);
                running.add_process();
            }
            13 if choice.is_multiple_of(4) => running.kill(own, other),
            16..=18 => {
                let token = running.register(own, NAMES[choice % NAMES.len()]);
                self.wait_for_name(here, own, token);
            }
            19 => {
                let token = running.unregister(own, NAMES[choice % NAMES.len()]);
                self.wait_for_name(here, own, token);
            }
            20..=22 => running.change_group(own, GROUPS[choice % GROUPS.len()], true),
            23 => running.change_group(own, GROUPS[choice % GROUPS.len()], false),
            14 if here != there => running.spawn(own, &name, choice & 1 == 0, choice & 2 == 0),
            _ => running.send_next(own, other, padding as usize),
        }
    }

    fn wait_for_name(&mut self, site: usize, pid: Pid, token: u64) {
        let life = self.sites[site].life;
        self.schedule.add(self.now + PATIENCE_MS, Event::GiveUp(site, life, pid, token));
    }

    /// Something goes wrong.
    pub(crate) fn fault(&mut self) {
        if !self.is_busy {
            return;
        }
        let next = self.now + 50 + self.random.below(400);
        self.schedule.add(next, Event::Fault);
        let faults = self.plan.faults;
        match self.random.below(6) {
            0 | 1 if faults.cuts => self.cut(),
            2 if faults.cuts => self.disconnect(),
            3 if faults.partitions => self.part(),
            4 if faults.partitions => self.swallow(),
            5 if faults.kills => {
                let site = self.choose(self.sites.len());
                self.kill(site);
            }
            _ => {}
        }
    }

    fn some_link(&mut self) -> Option<usize> {
        let choice = self.random.below(self.used_links.len().max(1) as u64) as usize;
        self.used_links.get(choice).copied()
    }

    /// A connection is lost: what is under way is lost with it, and each side sees it in its time.
    fn cut(&mut self) {
        let Some(link) = self.some_link() else { return };
        self.links[link].is_cut = true;
        for end in 0..2 {
            let at = self.now + self.delay() * 5;
            self.schedule.add(at, Event::End(Side { link, end }));
        }
    }

    /// `Node.disconnect`
    fn disconnect(&mut self) {
        let site = self.choose(self.sites.len());
        let Some(running) = &self.sites[site].running else { return };
        let peers = running.remote.peers();
        if let Some(peer) = peers.first() {
            peer.leave(snow_cluster::error::CloseReason::Disconnected);
        }
    }

    /// A connection carries nothing any more, and nobody is told.
    fn swallow(&mut self) {
        if let Some(link) = self.some_link() {
            self.links[link].swallows = true;
        }
    }

    /// Two sites do not reach each other for a while.
    fn part(&mut self) {
        let sites = self.sites.len();
        let (a, b) = (self.choose(sites), self.choose(sites));
        let (a, b) = (a.min(b), a.max(b));
        if a == b || !self.parted.insert((a, b)) {
            return;
        }
        for link in self.used_links.clone() {
            if self.links[link].joins(a, b) {
                self.links[link].swallows = true;
            }
        }
        let pause = 100 + self.random.below(4_000);
        self.schedule.add(self.now + pause, Event::Heal(a, b));
    }
}
