//! Random histories of processes against an executable model of the manual's words. After each act all signals arrive, so the
//! model needs no signals: it has a graph of links, a list of monitors, and says at once who ends and who hears what.

use crate::{Effect, ExitReason, MonitorRef, Notice, Outbox, Pid, Relations, Signal, answer_for_dead};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const PROCESSES: u32 = 6;

/// What a program sees.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Seen {
    Exit { at: Pid, of: Pid, reason: String },
    Down { at: Pid, reference: u64, reason: String },
    Ended { at: Pid, reason: String },
}

/// The manual: a link joins two processes; owned ones end with their owner but not the other way round.
#[derive(Default)]
struct Model {
    alive: BTreeSet<Pid>,
    links: BTreeSet<(Pid, Pid)>,
    /// Owner and owned.
    owned: BTreeSet<(Pid, Pid)>,
    monitors: BTreeMap<u64, (Pid, Pid)>,
    trapping: BTreeSet<Pid>,
    seen: Vec<Seen>,
}

fn pair(a: Pid, b: Pid) -> (Pid, Pid) {
    (a.min(b), a.max(b))
}

impl Model {
    /// `at` hears that it should end because of `of`.
    fn hear(&mut self, at: Pid, of: Pid, reason: &ExitReason) {
        if self.trapping.contains(&at) {
            self.seen.push(Seen::Exit { at, of, reason: reason.to_string() });
        } else if *reason != ExitReason::Normal {
            self.end(at, reason);
        }
    }

    fn end(&mut self, at: Pid, reason: &ExitReason) {
        if !self.alive.remove(&at) {
            return;
        }
        self.seen.push(Seen::Ended { at, reason: reason.to_string() });
        let others: Vec<Pid> = self.alive.iter().copied().collect();
        for other in others {
            let was_linked = self.links.remove(&pair(at, other));
            let was_owner = self.owned.remove(&(at, other));
            self.owned.remove(&(other, at));
            if self.alive.contains(&other) && (was_linked || was_owner) {
                self.hear(other, at, reason);
            }
        }
        let due: Vec<u64> = self.monitors.iter().filter(|(_, m)| m.1 == at).map(|(r, _)| *r).collect();
        for reference in due {
            if let Some((watcher, _)) = self.monitors.remove(&reference)
                && self.alive.contains(&watcher)
            {
                self.seen.push(Seen::Down { at: watcher, reference, reason: reason.to_string() });
            }
        }
        self.monitors.retain(|_, (watcher, _)| *watcher != at);
    }

    fn act(&mut self, act: &Act) {
        match *act {
            Act::Link(a, b) if self.alive.contains(&b) => {
                if !self.owned.contains(&(b, a)) && a != b {
                    self.owned.remove(&(a, b));
                    self.links.insert(pair(a, b));
                }
            }
            Act::Link(a, b) => self.hear(a, b, &ExitReason::NoProcess),
            Act::Unlink(a, b) => {
                self.links.remove(&pair(a, b));
                self.owned.remove(&(a, b));
                self.owned.remove(&(b, a));
            }
            Act::Monitor(a, b, reference) if self.alive.contains(&b) => {
                self.monitors.insert(reference, (a, b));
            }
            Act::Monitor(a, _, reference) => {
                let reason = ExitReason::NoProcess.to_string();
                self.seen.push(Seen::Down { at: a, reference, reason });
            }
            Act::Demonitor(reference) => {
                self.monitors.remove(&reference);
            }
            Act::Trap(a, flag) => {
                if flag {
                    self.trapping.insert(a);
                } else {
                    self.trapping.remove(&a);
                }
            }
            Act::Exit(_, b, _) if !self.alive.contains(&b) => {}
            Act::Exit(_, b, ExitReason::Kill) => self.end(b, &ExitReason::Killed),
            Act::Exit(a, b, ref reason) if a == b && !self.trapping.contains(&b) => self.end(b, reason),
            Act::Exit(a, b, ref reason) => self.hear(b, a, reason),
            Act::End(a, ref reason) => self.end(a, reason),
        }
    }
}

/// What a program does.
#[derive(Clone, Debug)]
enum Act {
    Link(Pid, Pid),
    Unlink(Pid, Pid),
    Monitor(Pid, Pid, u64),
    Demonitor(u64),
    Trap(Pid, bool),
    Exit(Pid, Pid, ExitReason),
    End(Pid, ExitReason),
}

/// The rules themselves, with all signals delivered in an order that chance decides between pairs.
struct Real {
    alive: BTreeMap<Pid, Relations>,
    monitors: BTreeMap<u64, Pid>,
    travelling: BTreeMap<(Pid, Pid), VecDeque<Signal>>,
    seen: Vec<Seen>,
}

impl Real {
    fn send(&mut self, from: Pid, out: Outbox) {
        for (to, signal) in out {
            self.travelling.entry((from, to)).or_default().push_back(signal);
        }
    }

    fn end(&mut self, at: Pid, reason: &ExitReason) {
        let Some(mut relations) = self.alive.remove(&at) else { return };
        self.seen.push(Seen::Ended { at, reason: reason.to_string() });
        let mut out = Outbox::new();
        relations.end(at, reason, &mut out);
        self.send(at, out);
    }

    fn act(&mut self, act: &Act) {
        let mut out = Outbox::new();
        let (Act::Link(own, _)
        | Act::Unlink(own, _)
        | Act::Monitor(own, ..)
        | Act::Trap(own, _)
        | Act::Exit(own, ..)
        | Act::End(own, _)) = act
        else {
            let Act::Demonitor(reference) = act else { return };
            let Some(own) = self.monitors.remove(reference) else { return };
            if let Some(relations) = self.alive.get_mut(&own) {
                relations.demonitor(own, MonitorRef(*reference), &mut out);
                self.send(own, out);
            }
            return;
        };
        let relations = self.alive.get_mut(own).expect("who acts is alive");
        match act {
            Act::Link(_, b) => relations.link(*own, *b, &mut out),
            Act::Unlink(_, b) => relations.unlink(*own, *b, &mut out),
            Act::Monitor(_, b, reference) => {
                relations.monitor(*own, *b, MonitorRef(*reference), &mut out);
                self.monitors.insert(*reference, *own);
            }
            Act::Trap(_, flag) => relations.set_trap_exit(*flag),
            Act::Exit(_, b, reason) => out.push((*b, Signal::Exit { from: *own, reason: reason.clone() })),
            Act::End(_, reason) => return self.end(*own, reason),
            Act::Demonitor(_) => {}
        }
        self.send(*own, out);
    }

    fn settle(&mut self, random: &mut Random) {
        loop {
            self.travelling.retain(|_, signals| !signals.is_empty());
            if self.travelling.is_empty() {
                return;
            }
            let index = random.below(self.travelling.len());
            let (&(_, to), signals) = self.travelling.iter_mut().nth(index).expect("in range");
            let signal = signals.pop_front().expect("not empty");
            self.deliver(to, signal);
        }
    }

    fn deliver(&mut self, to: Pid, signal: Signal) {
        let mut out = Outbox::new();
        let Some(relations) = self.alive.get_mut(&to) else {
            out.extend(answer_for_dead(to, &signal, ExitReason::NoProcess));
            return self.send(to, out);
        };
        let effect = relations.receive(to, signal, &mut out);
        self.send(to, out);
        match effect {
            Effect::Notice(Notice::Down { reference, reason, .. }) => {
                self.monitors.remove(&reference.0);
                self.seen.push(Seen::Down { at: to, reference: reference.0, reason: reason.to_string() });
            }
            Effect::Notice(Notice::Exit { pid, reason }) => {
                self.seen.push(Seen::Exit { at: to, of: pid, reason: reason.to_string() });
            }
            Effect::End(reason) => self.end(to, &reason),
            _ => {}
        }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }

    fn reason(&mut self) -> ExitReason {
        let custom = ExitReason::Custom("own".into());
        [ExitReason::Normal, ExitReason::Shutdown, ExitReason::Kill, custom][self.below(4)].clone()
    }
}

fn choose(random: &mut Random, alive: &BTreeSet<Pid>, step: u64) -> Act {
    let own = *alive.iter().nth(random.below(alive.len())).expect("in range");
    let other = Pid::local(1 + random.below(PROCESSES as usize) as u32, 1);
    match random.below(12) {
        0..4 => Act::Link(own, other),
        4 => Act::Unlink(own, other),
        5..7 => Act::Monitor(own, other, step),
        7 => Act::Demonitor(random.below(step as usize + 1) as u64),
        8 => Act::Trap(own, random.below(3) > 0),
        9 | 10 => Act::Exit(own, other, random.reason()),
        _ => Act::End(own, random.reason()),
    }
}

/// What was seen during one act, sorted. What a process hears just before it ends with others is a matter of chance.
fn counted(seen: &mut Vec<Seen>, alive: &BTreeSet<Pid>) -> Vec<Seen> {
    let mut seen = std::mem::take(seen);
    seen.retain(|seen| match seen {
        Seen::Exit { at, .. } | Seen::Down { at, .. } => alive.contains(at),
        Seen::Ended { .. } => true,
    });
    seen.sort();
    seen
}

#[test]
fn settled_histories_follow_the_model() {
    for seed in 0..500 {
        let mut random = Random(seed);
        let pids = (1..=PROCESSES).map(|slot| Pid::local(slot, 1));
        let mut model = Model { alive: pids.clone().collect(), ..Model::default() };
        let mut real = Real {
            alive: pids.map(|pid| (pid, Relations::default())).collect(),
            monitors: BTreeMap::new(),
            travelling: BTreeMap::new(),
            seen: Vec::new(),
        };
        let (owner, owned) = (Pid::local(1, 1), Pid::local(2, 1));
        model.owned.insert((owner, owned));
        real.alive.get_mut(&owner).expect("it is there").add_owned(owned);
        real.alive.get_mut(&owned).expect("it is there").add_link(owner);
        let mut history = Vec::new();
        for step in 0..40 {
            if model.alive.is_empty() {
                break;
            }
            let act = choose(&mut random, &model.alive, step);
            history.push(act.clone());
            model.act(&act);
            real.act(&act);
            real.settle(&mut random);
            let [found, wanted] = [&mut real.seen, &mut model.seen].map(|seen| counted(seen, &model.alive));
            assert_eq!(found, wanted, "seed {seed}: {history:?}");
            let alive: BTreeSet<Pid> = real.alive.keys().copied().collect();
            assert_eq!(alive, model.alive, "seed {seed}: {history:?}");
        }
    }
}
