//! The rules one by one, and random histories of several processes against what must hold in the end.

mod model;

use super::*;
use snow_heap::Fragment;
use std::collections::{BTreeMap, VecDeque};

const A: Pid = Pid::local(1, 1);
const B: Pid = Pid::local(2, 1);

fn crash() -> ExitReason {
    ExitReason::Crash("boom".into())
}

fn receive(relations: &mut Relations, signal: Signal) -> (Effect, Outbox) {
    let mut out = Outbox::new();
    let effect = relations.receive(A, signal, &mut out);
    (effect, out)
}

/// What a process linked to B does when B ends.
fn on_link_exit(trap: bool, reason: ExitReason) -> Effect {
    let mut relations = Relations::default();
    relations.set_trap_exit(trap);
    relations.add_link(B);
    receive(&mut relations, Signal::LinkExit { from: B, reason }).0
}

#[test]
fn pids_keep_their_parts() {
    let local = Pid::local(77, 5);
    assert!(local.is_local() && local.slot() == 77 && local.generation() == 5);
    let remote = Pid::on_node(NodeIndex(9), local.0);
    assert!(!remote.is_local() && remote.node() == NodeIndex(9) && remote.local_bits() == local.0);
    assert_eq!((remote.slot(), remote.generation(), remote.to_string()), (77, 5, "77.5".to_owned()));
    let last = Pid::local(Pid::SLOT_COUNT_MAX as u32 - 1, Pid::GENERATION_MAX);
    assert!(last.is_local() && last.generation() == Pid::GENERATION_MAX);
}

#[test]
fn links_pass_everything_but_normal() {
    assert!(matches!(on_link_exit(false, ExitReason::Normal), Effect::None));
    assert!(matches!(on_link_exit(false, crash()), Effect::End(reason) if reason == crash()));
    for reason in [ExitReason::Normal, ExitReason::Killed, crash()] {
        let effect = on_link_exit(true, reason.clone());
        assert!(matches!(effect, Effect::Notice(Notice::Exit { pid: B, reason: r }) if r == reason));
    }
}

#[test]
fn an_owned_process_ends_with_its_owner_and_not_the_other_way_round() {
    for trap in [false, true] {
        let mut relations = Relations::default();
        relations.set_trap_exit(trap);
        relations.add_owned(B);
        let (effect, _) = receive(&mut relations, Signal::LinkExit { from: B, reason: crash() });
        assert!(matches!(effect, Effect::None));
        assert_eq!(relations.link_count(), 0);
    }
    let (mut relations, mut out) = (Relations::default(), Outbox::new());
    relations.add_owned(B);
    relations.end(A, &crash(), &mut out);
    assert!(matches!(out[..], [(B, Signal::LinkExit { from: A, .. })]));
}

#[test]
fn linking_with_an_owned_process_makes_it_a_link_like_any_other() {
    let (mut relations, mut out) = (Relations::default(), Outbox::new());
    relations.add_owned(B);
    relations.link(A, B, &mut out);
    assert!(out.is_empty(), "the other end has the link already");
    let (effect, _) = receive(&mut relations, Signal::LinkExit { from: B, reason: crash() });
    assert!(matches!(effect, Effect::End(_)));
}

#[test]
fn an_exit_over_no_link_is_ignored() {
    let mut relations = Relations::default();
    let (effect, _) = receive(&mut relations, Signal::LinkExit { from: B, reason: crash() });
    assert!(matches!(effect, Effect::None));
}

#[test]
fn only_kill_cannot_be_trapped() {
    let exit = |reason| Signal::Exit { from: B, reason };
    let mut relations = Relations::default();
    assert!(matches!(receive(&mut relations, exit(ExitReason::Normal)).0, Effect::None));
    assert!(matches!(
        receive(&mut relations, exit(ExitReason::Shutdown)).0,
        Effect::End(ExitReason::Shutdown)
    ));
    let own = Signal::Exit { from: A, reason: ExitReason::Normal };
    assert!(matches!(receive(&mut relations, own).0, Effect::End(ExitReason::Normal)));
    relations.set_trap_exit(true);
    assert!(matches!(receive(&mut relations, exit(ExitReason::Shutdown)).0, Effect::Notice(_)));
    assert!(matches!(receive(&mut relations, exit(ExitReason::Kill)).0, Effect::End(ExitReason::Killed)));
}

#[test]
fn a_monitor_fires_once_and_not_after_demonitor() {
    let down = |reference| Signal::Down { reference, from: B, reason: crash() };
    let (mut relations, mut out) = (Relations::default(), Outbox::new());
    relations.monitor(A, B, MonitorRef(1), &mut out);
    relations.monitor(A, B, MonitorRef(2), &mut out);
    relations.demonitor(A, MonitorRef(2), &mut out);
    assert_eq!(out.len(), 3);
    assert!(matches!(receive(&mut relations, down(MonitorRef(1))).0, Effect::Notice(Notice::Down { .. })));
    assert!(matches!(receive(&mut relations, down(MonitorRef(1))).0, Effect::None));
    assert!(matches!(receive(&mut relations, down(MonitorRef(2))).0, Effect::None));
}

#[test]
fn the_end_tells_everybody_concerned() {
    let mut relations = Relations::default();
    relations.add_link(B);
    relations.add_watcher(B, MonitorRef(7));
    relations.add_watching(MonitorRef(8), B);
    let mut out = Outbox::new();
    relations.end(A, &crash(), &mut out);
    let told: Vec<&Signal> = out.iter().map(|(_, signal)| signal).collect();
    assert!(matches!(
        told[..],
        [
            Signal::LinkExit { from: A, .. },
            Signal::Down { reference: MonitorRef(7), from: A, .. },
            Signal::Demonitor { from: A, reference: MonitorRef(8) }
        ]
    ));
}

#[test]
fn a_lost_node_fires_each_link_and_monitor_once() {
    let remote = Pid::on_node(NodeIndex(3), 5);
    let mut relations = Relations::default();
    relations.set_trap_exit(true);
    relations.add_link(remote);
    relations.add_watching(MonitorRef(1), remote);
    relations.add_watching(MonitorRef(2), B);
    relations.add_watcher(remote, MonitorRef(9));
    assert!(relations.concerns_node(NodeIndex(3)));
    let lost = || Signal::NodeLost { node: NodeIndex(3) };
    let Effect::Signals(signals) = receive(&mut relations, lost()).0 else { panic!("signals") };
    let notices: Vec<Effect> = signals.into_iter().map(|signal| receive(&mut relations, signal).0).collect();
    assert!(matches!(
        notices[..],
        [
            Effect::Notice(Notice::Exit { reason: ExitReason::NoConnection, .. }),
            Effect::Notice(Notice::Down { reference: MonitorRef(1), reason: ExitReason::NoConnection, .. })
        ]
    ));
    assert!(!relations.concerns_node(NodeIndex(3)));
    assert!(matches!(receive(&mut relations, lost()).0, Effect::Signals(signals) if signals.is_empty()));
}

#[test]
fn the_dead_answer_what_wants_an_answer() {
    let answer = |signal| answer_for_dead(B, &signal, ExitReason::NoProcess);
    assert!(matches!(answer(Signal::Link { from: A }), Some((A, Signal::LinkExit { from: B, .. }))));
    assert!(matches!(answer(Signal::Unlink { from: A }), Some((A, Signal::UnlinkAnswer { from: B }))));
    let monitor = Signal::Monitor { from: A, reference: MonitorRef(4) };
    assert!(matches!(answer(monitor), Some((A, Signal::Down { reference: MonitorRef(4), .. }))));
    assert!(answer(Signal::Message(Fragment::int(1))).is_none());
}

/// Several processes whose signals travel in order per pair and otherwise as chance has it.
struct World {
    alive: BTreeMap<Pid, Relations>,
    travelling: BTreeMap<(Pid, Pid), VecDeque<Signal>>,
    /// Monitors set and not taken back: watcher, target and the number of `:down`s seen.
    monitors: BTreeMap<MonitorRef, (Pid, Pid, u32)>,
    state: u64,
}

impl World {
    fn new(seed: u64) -> World {
        let mut alive: BTreeMap<Pid, Relations> =
            (1..6).map(|slot| (Pid::local(slot, 1), Relations::default())).collect();
        // Some have spawned others for themselves.
        for (owner, owned) in [(1, 2), (3, 4)].into_iter().take(seed as usize % 3) {
            let (owner, owned) = (Pid::local(owner, 1), Pid::local(owned, 1));
            alive.get_mut(&owner).expect("it is there").add_owned(owned);
            alive.get_mut(&owned).expect("it is there").add_link(owner);
        }
        World { alive, travelling: BTreeMap::new(), monitors: BTreeMap::new(), state: seed }
    }

    fn random(&mut self, n: usize) -> usize {
        self.state = self.state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.state >> 33) as usize % n
    }

    fn send(&mut self, from: Pid, out: Outbox) {
        for (to, signal) in out {
            self.travelling.entry((from, to)).or_default().push_back(signal);
        }
    }

    /// One process does something.
    fn act(&mut self, step: u64) {
        if self.alive.is_empty() {
            return;
        }
        let index = self.random(self.alive.len());
        let own = *self.alive.keys().nth(index).expect("in range");
        let other = Pid::local(1 + self.random(5) as u32, 1);
        let choice = self.random(16);
        let known: Vec<MonitorRef> =
            self.monitors.iter().filter(|(_, m)| m.0 == own).map(|(r, _)| *r).collect();
        let taken_back = (!known.is_empty()).then(|| known[self.random(known.len())]);
        let relations = self.alive.get_mut(&own).expect("it lives");
        let mut out = Outbox::new();
        match choice {
            0..6 => relations.link(own, other, &mut out),
            6..10 => relations.unlink(own, other, &mut out),
            10..12 => {
                relations.monitor(own, other, MonitorRef(step), &mut out);
                self.monitors.insert(MonitorRef(step), (own, other, 0));
            }
            12 => {
                if let Some(reference) = taken_back {
                    relations.demonitor(own, reference, &mut out);
                    self.monitors.remove(&reference);
                }
            }
            13 => relations.set_trap_exit(step.is_multiple_of(2)),
            14 => out.push((other, Signal::Exit { from: own, reason: ExitReason::Shutdown })),
            _ if self.alive.len() > 2 => return self.end(own, &crash()),
            _ => {}
        }
        self.send(own, out);
    }

    fn end(&mut self, own: Pid, reason: &ExitReason) {
        let mut out = Outbox::new();
        if let Some(mut relations) = self.alive.remove(&own) {
            relations.end(own, reason, &mut out);
        }
        self.monitors.retain(|_, (watcher, ..)| *watcher != own);
        self.send(own, out);
    }

    /// One signal arrives. Gives whether there was one.
    fn deliver(&mut self) -> bool {
        self.travelling.retain(|_, signals| !signals.is_empty());
        if self.travelling.is_empty() {
            return false;
        }
        let index = self.random(self.travelling.len());
        let (&(_, to), signals) = self.travelling.iter_mut().nth(index).expect("in range");
        let signal = signals.pop_front().expect("not empty");
        let mut out = Outbox::new();
        let Some(relations) = self.alive.get_mut(&to) else {
            out.extend(answer_for_dead(to, &signal, ExitReason::NoProcess));
            self.send(to, out);
            return true;
        };
        let effect = relations.receive(to, signal, &mut out);
        self.send(to, out);
        match effect {
            Effect::Notice(Notice::Down { reference, .. }) => {
                let monitor = self.monitors.get_mut(&reference).expect("a :down of a monitor that is set");
                monitor.2 += 1;
            }
            Effect::End(reason) => self.end(to, &reason),
            _ => {}
        }
        true
    }

    /// When nothing travels any more, both ends of each link agree, and each monitor of a dead process has fired exactly once.
    fn check(&self, seed: u64) {
        for (own, relations) in &self.alive {
            for other in relations.links() {
                let back = self.alive.get(&other).is_some_and(|other| other.links().any(|pid| pid == *own));
                assert!(back, "seed {seed}: {own:?} is linked to {other:?}, but not the other way round");
            }
        }
        for (watcher, target, downs) in self.monitors.values() {
            let expected = !self.alive.contains_key(target) as u32;
            assert_eq!(*downs, expected, "seed {seed}: {watcher:?} watches {target:?}");
        }
    }
}

#[test]
fn random_histories_end_in_agreement() {
    for seed in 0..600 {
        let mut world = World::new(seed);
        for step in 0..150 {
            if world.random(3) == 0 {
                world.act(step);
            } else {
                world.deliver();
            }
        }
        while world.deliver() {}
        world.check(seed);
    }
}
