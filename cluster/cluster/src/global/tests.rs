//! Registries that speak with each other in every order that a seed brings about, links that come and go at one end after the
//! other. Whoever gets a name is held against everyone else who has it.

use super::*;
use crate::mesh::Random;
use snow_abi::descriptor::DescriptorId;
use snow_process::{NodeIndex, Notice, Pid};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const NAMES: [&str; 2] = ["leader", "clock"];

/// What a claim was for, and when it was made.
#[derive(Clone, Copy)]
struct Wanted {
    name: &'static str,
    pid: Pid,
    at: u64,
}

struct Site {
    registry: Registry,
    /// Waits without an answer.
    waiting: BTreeMap<u64, Option<Wanted>>,
    /// Names had, and when they were claimed.
    had: BTreeMap<&'static str, Wanted>,
    conflicts: u64,
    last_slot: u32,
}

struct World {
    sites: Vec<Site>,
    /// What is under way between sites whose link stands at both ends, and since when it does.
    links: BTreeMap<(usize, usize), (VecDeque<Message>, u64)>,
    /// Ends that have not seen that their link is down.
    halves: BTreeSet<(usize, usize)>,
    random: Random,
    now: u64,
    last_token: u64,
    had_count: u64,
    taken_count: u64,
}

fn index(here: usize, site: usize) -> NodeIndex {
    if here == site { NodeIndex::OWN } else { NodeIndex(site as u16 + 1) }
}

fn site_of(here: usize, index: NodeIndex) -> usize {
    if index == NodeIndex::OWN { here } else { usize::from(index.0) - 1 }
}

/// A process as another site knows it.
fn carried(pid: Pid, from: usize, to: usize) -> Pid {
    Pid::on_node(index(to, site_of(from, pid.node())), pid.local_bits())
}

fn carried_message(message: Message, from: usize, to: usize) -> Message {
    let carried = |pid| carried(pid, from, to);
    match message {
        Message::Record { name, stamp, pid, mailbox } => {
            Message::Record { name, stamp, pid: carried(pid), mailbox }
        }
        Message::Grant { name, stamp, held } => Message::Grant { name, stamp, held: held.map(carried) },
        Message::Refuse { name, stamp, holder } => Message::Refuse { name, stamp, holder: carried(holder) },
        Message::NodeGone(node) => Message::NodeGone(carried(Pid::on_node(node, 0)).node()),
        Message::Ask { request, name, what: Request::Register(pid) } => {
            Message::Ask { request, name, what: Request::Register(carried(pid)) }
        }
        Message::Asked { request, answer: Answer::Taken(pid) } => {
            Message::Asked { request, answer: Answer::Taken(carried(pid)) }
        }
        other => other,
    }
}

impl World {
    fn new(seed: u64, sites: usize) -> World {
        let site = |i: usize| {
            let mut registry = Registry::default();
            registry.named(&format!("n{i}@sim"), 1);
            let (waiting, had) = (BTreeMap::new(), BTreeMap::new());
            Site { registry, waiting, had, conflicts: 0, last_slot: 0 }
        };
        World {
            sites: (0..sites).map(site).collect(),
            links: BTreeMap::new(),
            halves: BTreeSet::new(),
            random: Random(seed),
            now: 1,
            last_token: 0,
            had_count: 0,
            taken_count: 0,
        }
    }

    fn is_linked(&self, a: usize, b: usize) -> bool {
        self.links.contains_key(&(a, b))
    }

    fn perform(&mut self, site: usize, out: Vec<Output>) {
        for output in out {
            match output {
                Output::Send(node, message) => {
                    let to = site_of(site, node);
                    if let Some((queue, _)) = self.links.get_mut(&(site, to)) {
                        queue.push_back(carried_message(message, site, to));
                    }
                }
                Output::Answer { token, answer, .. } => self.answered(site, token, answer),
                Output::Notice(pid, Notice::GlobalConflict { name, .. }) => {
                    let lost = self.sites[site].had.remove(&*name).expect("only who has a name loses it");
                    assert_eq!(lost.pid, pid);
                    self.sites[site].conflicts += 1;
                }
                Output::Notice(..) => {}
            }
        }
    }

    fn answered(&mut self, site: usize, token: u64, answer: Answer) {
        let wanted = self.sites[site].waiting.remove(&token).expect("every wait has one answer");
        match (wanted, answer) {
            (Some(wanted), Answer::Done) => {
                self.had_count += 1;
                self.check(site, wanted);
                self.sites[site].had.insert(wanted.name, wanted);
            }
            (_, Answer::Taken(_)) => self.taken_count += 1,
            _ => {}
        }
    }

    /// Whoever gets a name is the only one among its neighbours, and theirs that have been so since before both claims.
    fn check(&self, site: usize, wanted: Wanted) {
        for (other, there) in self.sites.iter().enumerate() {
            let Some(theirs) = there.had.get(wanted.name) else { continue };
            assert!(!self.is_linked(site, other), "{site} and {other}, connected, both have {}", wanted.name);
            let since = wanted.at.min(theirs.at);
            let stands = |a, b| self.links.get(&(a, b)).is_some_and(|(_, began)| *began < since);
            let between = (0..self.sites.len()).find(|c| stands(site, *c) && stands(other, *c));
            assert_eq!(between, None, "{site} and {other} both have {} beside it", wanted.name);
        }
    }

    fn happen(&mut self, site: usize, event: impl FnOnce(&mut Registry, &mut Vec<Output>)) {
        let mut out = vec![];
        event(&mut self.sites[site].registry, &mut out);
        self.perform(site, out);
    }

    fn deliver(&mut self, (from, to): (usize, usize)) -> bool {
        let Some(message) = self.links.get_mut(&(from, to)).and_then(|(queue, _)| queue.pop_front()) else {
            return false;
        };
        let node = index(to, from);
        if let Message::Ask { request, name, what: Request::Register(pid) } = message {
            let (mailbox, now) = (Mailbox::Own(DescriptorId(0)), self.now);
            self.happen(to, |registry, out| {
                let caller = Caller::Node(node, request);
                registry.asked_to_register(caller, &name, (pid, Some(mailbox)), now, out).unwrap();
            });
            // Whom another site has had registered is free at once: nobody here keeps it.
            self.happen(to, |registry, out| registry.ended(pid, out));
            return true;
        }
        self.happen(to, |registry, out| registry.receive(node, message, out).unwrap());
        true
    }

    fn link(&mut self, a: usize, b: usize) {
        let is_down = !self.is_linked(a, b);
        if a == b || !is_down || self.halves.contains(&(a, b)) || self.halves.contains(&(b, a)) {
            return;
        }
        for pair in [(a, b), (b, a)] {
            self.links.insert(pair, (VecDeque::new(), self.now));
        }
        for (here, there) in [(a, b), (b, a)] {
            let name = format!("n{there}@sim");
            let node = index(here, there);
            self.happen(here, |registry, out| registry.joined(node, &name, 1, out));
        }
    }

    fn cut(&mut self, a: usize, b: usize) {
        if self.is_linked(a, b) {
            self.links.remove(&(a, b));
            self.links.remove(&(b, a));
            self.halves.extend([(a, b), (b, a)]);
        }
    }

    fn see_end(&mut self, a: usize, b: usize) {
        if self.halves.remove(&(a, b)) {
            let node = index(a, b);
            self.happen(a, |registry, out| registry.left(node, out));
        }
    }

    fn register(&mut self, site: usize, name: &'static str) {
        self.sites[site].last_slot += 1;
        let pid = Pid::local(self.sites[site].last_slot, 1);
        self.last_token += 1;
        let (token, at) = (self.last_token, self.now);
        self.sites[site].waiting.insert(token, Some(Wanted { name, pid, at }));
        // Clocks differ by more than a run lasts.
        let now_us = self.now + site as u64 * 7;
        let named = (pid, Mailbox::Own(DescriptorId(0)));
        self.happen(site, |registry, out| {
            registry.register(name, named, Caller::Process(pid, token), now_us, out);
        });
    }

    fn end(&mut self, site: usize, name: &str) {
        if let Some(wanted) = self.sites[site].had.remove(name) {
            self.happen(site, |registry, out| registry.ended(wanted.pid, out));
        }
    }

    fn give_up(&mut self, site: usize) {
        let Some((token, Some(wanted))) = self.sites[site].waiting.first_key_value() else { return };
        let (token, pid) = (*token, wanted.pid);
        let mut out = vec![];
        if self.sites[site].registry.give_up(pid, token, &mut out) {
            self.sites[site].waiting.remove(&token);
        }
        self.perform(site, out);
    }

    fn step(&mut self, has_faults: bool) {
        self.now += 1;
        let count = self.sites.len() as u64;
        let (a, b) = (self.random.below(count) as usize, self.random.below(count) as usize);
        let name = NAMES[self.random.below(2) as usize];
        match self.random.below(40) {
            0..=3 => self.register(a, name),
            4..=5 => self.end(a, name),
            6 if has_faults => self.cut(a, b),
            7..=8 if has_faults => self.see_end(a, b),
            9..=10 => self.link(a, b),
            11 => self.give_up(a),
            _ => drop(self.deliver((a, b))),
        }
    }

    /// Everything is connected, and everything that was said arrives.
    fn heal(&mut self) {
        let pairs: Vec<_> =
            (0..self.sites.len()).flat_map(|a| (0..self.sites.len()).map(move |b| (a, b))).collect();
        pairs.iter().for_each(|(a, b)| self.see_end(*a, *b));
        pairs.iter().for_each(|(a, b)| self.link(*a, *b));
        self.settle();
    }

    fn settle(&mut self) {
        let pairs: Vec<_> = self.links.keys().copied().collect();
        let mut rounds = 0;
        while pairs.iter().filter(|pair| self.deliver(**pair)).count() > 0 {
            rounds += 1;
            assert!(rounds < 10_000, "they never stop talking");
        }
    }

    /// Nobody waits; all know the same holders, each of which has the name.
    fn check_rest(&self) {
        let table = |here: usize| -> Vec<(String, usize, u64)> {
            let rows = self.sites[here].registry.table().into_iter();
            rows.map(|(name, pid)| (name, site_of(here, pid.node()), pid.local_bits())).collect()
        };
        let had = self.sites.iter().enumerate().flat_map(|(i, site)| {
            site.had.iter().map(move |(name, wanted)| (name.to_string(), i, wanted.pid.local_bits()))
        });
        let mut had: Vec<_> = had.collect();
        had.sort();
        for (here, site) in self.sites.iter().enumerate() {
            assert!(site.waiting.is_empty(), "{here} waits for ever");
            assert_eq!(table(here), had, "what {here} knows");
        }
    }
}

fn run(seed: u64, sites: usize, has_faults: bool) -> (u64, u64, u64) {
    let mut world = World::new(seed, sites);
    if !has_faults {
        world.heal();
    }
    (0..600).for_each(|_| world.step(has_faults));
    world.heal();
    world.check_rest();
    for site in 0..sites {
        NAMES.into_iter().for_each(|name| world.end(site, name));
    }
    world.settle();
    assert!(world.sites.iter().all(|site| site.registry.is_empty()), "something is left");
    let conflicts = world.sites.iter().map(|site| site.conflicts).sum();
    (world.had_count, world.taken_count, conflicts)
}

fn run_all(seeds: u64, sites: usize, has_faults: bool) -> (u64, u64, u64) {
    let mut all = (0, 0, 0);
    for seed in 0..seeds {
        let run = std::panic::catch_unwind(|| run(seed, sites, has_faults));
        let (had, taken, conflicts) = run.unwrap_or_else(|_| panic!("seed {seed} with {sites} sites"));
        all = (all.0 + had, all.1 + taken, all.2 + conflicts);
    }
    all
}

#[test]
fn in_a_whole_mesh_names_are_had_once() {
    let (had, taken, conflicts) = run_all(400, 4, false);
    assert!(had > 1_000 && taken > 1_000, "{had} {taken}");
    assert_eq!(conflicts, 0);
}

#[test]
fn names_are_had_once_however_links_come_and_go() {
    let (had, taken, conflicts) = run_all(600, 4, true);
    assert!(had > 1_000 && taken > 500 && conflicts > 10, "{had} {taken} {conflicts}");
    run_all(300, 3, true);
    run_all(150, 6, true);
}

#[test]
fn of_claims_at_one_moment_one_has_the_name() {
    for seed in 0..200 {
        let mut world = World::new(seed, 5);
        world.heal();
        (0..5).for_each(|site| (0..3).for_each(|_| world.register(site, "leader")));
        (0..2_000).for_each(|_| {
            let (a, b) = (world.random.below(5) as usize, world.random.below(5) as usize);
            world.deliver((a, b));
        });
        world.settle();
        world.check_rest();
        assert_eq!((world.had_count, world.taken_count), (1, 14), "seed {seed}");
    }
}

#[test]
fn a_process_of_another_node_is_registered_there() {
    let mut world = World::new(1, 2);
    world.heal();
    let pid = Pid::on_node(index(0, 1), 5);
    world.sites[0].waiting.insert(77, None);
    world.happen(0, |registry, out| {
        registry.register_at("far", pid, Caller::Process(Pid::local(1, 1), 77), out);
    });
    world.settle();
    world.check_rest();
}

#[test]
fn a_peer_may_not_name_what_is_not_its_own() {
    let mut registry = Registry::default();
    let mut out = vec![];
    let (peer, third) = (NodeIndex(1), NodeIndex(2));
    let record = |name: &str, stamp, node| Message::Record {
        name: name.into(),
        stamp,
        pid: Pid::on_node(node, 9),
        mailbox: Mailbox::Own(DescriptorId(0)),
    };
    registry.joined(peer, "n1@sim", 1, &mut out);
    let early = Message::Claim { name: "a".into(), stamp: 1 };
    assert!(registry.receive(peer, early, &mut out).is_err(), "before its table");
    assert!(registry.receive(peer, record("second", 3, third), &mut out).is_ok());
    assert!(registry.receive(peer, Message::Synced, &mut out).is_ok());
    assert!(registry.receive(peer, Message::Synced, &mut out).is_err());
    assert!(registry.receive(peer, record("more", 3, third), &mut out).is_err());
    assert!(registry.receive(peer, record("own", 3, peer), &mut out).is_ok());
    assert!(registry.receive(peer, record("late", u64::MAX, peer), &mut out).is_err());
    assert!(registry.receive(third, record("x", 3, third), &mut out).is_err(), "no member");
    assert_eq!(registry.names(), ["own", "second"]);
    // Answers to nothing, and words about others' claims.
    for message in [
        Message::Grant { name: "a".into(), stamp: 4, held: None },
        Message::Refuse { name: "a".into(), stamp: 4, holder: Pid::on_node(peer, 1) },
        Message::Inquire { name: "a".into(), stamp: 4 },
        Message::Yield { name: "a".into(), stamp: 4 },
        Message::Release { name: "a".into(), stamp: 4 },
        Message::Asked { request: 4, answer: Answer::Done },
        Message::Gone { name: "second".into(), stamp: 3 },
    ] {
        assert!(registry.receive(peer, message, &mut out).is_ok());
    }
    assert_eq!(registry.names(), ["own", "second"]);
    registry.left(peer, &mut out);
    assert!(registry.is_empty());
}
