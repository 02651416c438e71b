//! The rules one by one, and random histories of supervisors against a model that tells each child's fate from the words of the manual.

use super::*;

const STRATEGIES: [Strategy; 3] = [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne];
const RESTARTS: [Restart; 3] = [Restart::Permanent, Restart::Transient, Restart::Temporary];

fn case(strategy: Strategy, restart: Restart, is_clean: bool) -> Ended {
    Ended { strategy, restart, is_clean, index: 1, child_count: 4, restart_count: 0, restarts_max: 3 }
}

#[test]
fn the_strategy_says_who_shares_the_fate() {
    let of = |strategy| verdict(&case(strategy, Restart::Permanent, false));
    assert_eq!(of(Strategy::OneForOne), Verdict::Restart(1..2));
    assert_eq!(of(Strategy::OneForAll), Verdict::Restart(0..4));
    assert_eq!(of(Strategy::RestForOne), Verdict::Restart(1..4));
}

#[test]
fn the_restart_kind_says_whether() {
    for strategy in STRATEGIES {
        for is_clean in [false, true] {
            let due = |restart| verdict(&case(strategy, restart, is_clean)) != Verdict::Leave;
            assert!(due(Restart::Permanent) && !due(Restart::Temporary));
            assert_eq!(due(Restart::Transient), !is_clean);
        }
    }
}

#[test]
fn one_restart_too_many_ends_it() {
    let after = |restart_count, restarts_max| {
        verdict(&Ended { restart_count, restarts_max, ..case(Strategy::OneForOne, Restart::Permanent, true) })
    };
    assert_eq!(after(0, 0), Verdict::GiveUp);
    assert_eq!(after(2, 3), Verdict::Restart(1..2));
    assert_eq!(after(3, 3), Verdict::GiveUp);
    // A child that is not started again costs nothing.
    assert_eq!(
        verdict(&Ended { restart_count: 9, ..case(Strategy::OneForAll, Restart::Temporary, false) }),
        Verdict::Leave
    );
}

/// What happens to processes, in order. A child is told apart by name, a process by the number of its start.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Event {
    Started(usize, u32),
    Stopped(usize, u32),
    GaveUp,
}

/// A child: its name, its restart kind, its process if it runs.
type Child = (usize, Restart, Option<u32>);

/// A supervisor that carries verdicts out as `std/supervisor.snow` does.
struct Carrier {
    strategy: Strategy,
    children: Vec<Child>,
    restarts: Vec<u64>,
    restarts_max: u64,
    period: u64,
    process_count: u32,
    log: Vec<Event>,
}

impl Carrier {
    fn new(strategy: Strategy, kinds: &[Restart], restarts_max: u64, period: u64) -> Carrier {
        let children = kinds.iter().enumerate().map(|(name, kind)| (name, *kind, None)).collect();
        let mut carrier = Carrier {
            strategy,
            children,
            restarts: Vec::new(),
            restarts_max,
            period,
            process_count: 0,
            log: Vec::new(),
        };
        carrier.start(0..kinds.len());
        carrier
    }

    fn start(&mut self, range: Range<usize>) {
        for child in &mut self.children[range] {
            self.process_count += 1;
            child.2 = Some(self.process_count);
            self.log.push(Event::Started(child.0, self.process_count));
        }
    }

    fn stop(&mut self, range: Range<usize>) {
        for child in self.children[range].iter_mut().rev() {
            if let Some(process) = child.2.take() {
                self.log.push(Event::Stopped(child.0, process));
            }
        }
    }

    fn ended(&mut self, index: usize, is_clean: bool, now: u64) {
        self.children[index].2 = None;
        self.restarts.retain(|moment| now - moment <= self.period);
        let case = Ended {
            strategy: self.strategy,
            restart: self.children[index].1,
            is_clean,
            index,
            child_count: self.children.len(),
            restart_count: self.restarts.len() as u64,
            restarts_max: self.restarts_max,
        };
        match verdict(&case) {
            Verdict::Leave => {
                if self.children[index].1 == Restart::Temporary {
                    self.children.remove(index);
                }
            }
            Verdict::Restart(range) => {
                self.restarts.push(now);
                self.stop(range.clone());
                let (first, count) = (range.start, self.children.len());
                let after = self.children.split_off(range.end);
                self.children = self
                    .children
                    .drain(..)
                    .enumerate()
                    .filter(|(i, child)| *i < first || child.1 != Restart::Temporary)
                    .map(|(_, child)| child)
                    .collect();
                let end = self.children.len();
                self.start(first..end);
                self.children.extend(after);
                assert!(self.children.len() <= count);
            }
            Verdict::GiveUp => {
                self.stop(0..self.children.len());
                self.children.clear();
                self.log.push(Event::GaveUp);
            }
        }
    }
}

/// The manual read child by child: it holds the whole history of restarts and never speaks of ranges.
struct Model {
    strategy: Strategy,
    children: Vec<Child>,
    all_restarts: Vec<u64>,
    process_count: u32,
    log: Vec<Event>,
}

impl Model {
    /// Whether `other` is stopped and started with a child that is: by itself, all, or those that were started after it.
    fn shares_fate(&self, own: usize, other: usize) -> bool {
        match self.strategy {
            Strategy::OneForOne => own == other,
            Strategy::OneForAll => true,
            Strategy::RestForOne => other >= own,
        }
    }

    fn ended(&mut self, name: usize, is_clean: bool, now: u64, restarts_max: usize, period: u64) {
        let own = self.children.iter().position(|child| child.0 == name).expect("a child");
        self.children[own].2 = None;
        let kind = self.children[own].1;
        if kind == Restart::Temporary {
            self.children.remove(own);
            return;
        }
        if kind == Restart::Transient && is_clean {
            return;
        }
        // "If more than MaxR restarts occur within MaxT seconds, the supervisor terminates all children and then itself."
        self.all_restarts.push(now);
        let latest = self.all_restarts.iter().filter(|moment| *moment + period >= now).count();
        let gives_up = latest > restarts_max;
        let affected: Vec<usize> = (0..self.children.len())
            .filter(|other| gives_up || self.shares_fate(own, *other))
            .map(|other| self.children[other].0)
            .collect();
        for name in affected.iter().rev() {
            let child = self.children.iter_mut().find(|child| child.0 == *name).expect("a child");
            if let Some(process) = child.2.take() {
                self.log.push(Event::Stopped(*name, process));
            }
        }
        if gives_up {
            self.children.clear();
            self.log.push(Event::GaveUp);
            return;
        }
        self.children.retain(|child| !affected.contains(&child.0) || child.1 != Restart::Temporary);
        for child in self.children.iter_mut().filter(|child| affected.contains(&child.0)) {
            self.process_count += 1;
            child.2 = Some(self.process_count);
            self.log.push(Event::Started(child.0, self.process_count));
        }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
}

#[test]
fn random_histories_follow_the_manual() {
    for seed in 0..2000 {
        let mut random = Random(seed);
        let strategy = STRATEGIES[random.below(3)];
        let kinds: Vec<Restart> = (0..1 + random.below(5)).map(|_| RESTARTS[random.below(3)]).collect();
        let (restarts_max, period) = (random.below(5), 1 + random.below(20) as u64);
        let mut carrier = Carrier::new(strategy, &kinds, restarts_max as u64, period);
        let mut model = Model {
            strategy,
            children: carrier.children.clone(),
            all_restarts: Vec::new(),
            process_count: carrier.process_count,
            log: carrier.log.clone(),
        };
        let mut now = 0;
        for _ in 0..40 {
            now += random.below(8) as u64;
            let running: Vec<usize> =
                (0..carrier.children.len()).filter(|i| carrier.children[*i].2.is_some()).collect();
            if running.is_empty() {
                break;
            }
            let index = running[random.below(running.len())];
            let (name, is_clean) = (carrier.children[index].0, random.below(3) == 0);
            carrier.ended(index, is_clean, now);
            model.ended(name, is_clean, now, restarts_max, period);
            assert_eq!(carrier.log, model.log, "seed {seed}: {strategy:?} of {kinds:?}");
            assert_eq!(carrier.children, model.children, "seed {seed}: {strategy:?} of {kinds:?}");
        }
    }
}
