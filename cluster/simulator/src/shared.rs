//! Names and groups: what processes do with them, and what must hold of it.
//!
//! At no moment do two nodes that are connected with each other both have a name; whoever is told that it has one is the only one among
//! them. At rest all nodes know the same.

use crate::processes::BrokenPromise;
use crate::site::{Running, Site};
use crate::world::World;
use snow_process::{NodeIndex, Pid};
use snow_runtime::global::Answer;
use std::collections::BTreeSet;

/// Names that processes want.
pub(crate) const NAMES: [&str; 3] = ["leader", "clock", "printer"];
/// Groups that processes join.
pub(crate) const GROUPS: [&str; 2] = ["workers", "readers"];
/// How long a process waits for a name, as in the runtime.
pub(crate) const PATIENCE_MS: u64 = 5_000;

impl Running {
    /// `Global.register`; gives the number of the wait.
    pub(crate) fn register(&mut self, own: Pid, name: &'static str) -> u64 {
        let waiting = self.begin_wait(own, name);
        self.remote.register_global(waiting, name, own);
        waiting.1
    }

    /// `Global.unregister`
    pub(crate) fn unregister(&mut self, own: Pid, name: &'static str) -> u64 {
        let waiting = self.begin_wait(own, name);
        self.remote.unregister_global(waiting, name);
        waiting.1
    }

    fn begin_wait(&mut self, own: Pid, name: &'static str) -> (Pid, u64) {
        self.last_token += 1;
        if let Some(process) = self.processes.get_mut(&own) {
            process.waiting = Some((self.last_token, name));
        }
        (own, self.last_token)
    }

    /// The time of a wait is over.
    pub(crate) fn give_up(&mut self, own: Pid, token: u64) {
        let is_it = |waiting: &(u64, &str)| waiting.0 == token;
        let Some(process) = self.processes.get_mut(&own) else { return };
        if process.waiting.as_ref().is_some_and(is_it) && self.remote.give_up_global((own, token)) {
            process.waiting = None;
        }
    }

    /// # Errors
    /// When nobody waits for this answer.
    pub(crate) fn answered(&mut self, pid: Pid, token: u64, answer: Answer) -> Result<(), BrokenPromise> {
        let Some(process) = self.processes.get_mut(&pid) else { return Ok(()) };
        match process.waiting.take() {
            Some((expected, name)) if expected == token => {
                // Done is also what `unregister` says.
                let has_it = self.remote.global_owner(name) == Some(pid);
                if answer == Answer::Done && has_it {
                    self.had.insert(name, pid);
                    self.had_count += 1;
                }
                Ok(())
            }
            other => Err(BrokenPromise(format!("{pid:?} waits for {other:?} and gets the answer {token}"))),
        }
    }

    /// Any node may free a name.
    pub(crate) fn forget_freed_names(&mut self) {
        let remote = &self.remote;
        self.had.retain(|name, holder| remote.global_owner(name) == Some(*holder));
    }

    /// # Errors
    /// When the process does not have the name.
    pub(crate) fn lost_name(&mut self, pid: Pid, name: &str) -> Result<(), BrokenPromise> {
        self.conflict_count += 1;
        match self.had.get(name) {
            Some(holder) if *holder == pid => {
                self.had.remove(name);
                Ok(())
            }
            // It was freed while the notice was under way.
            None => Ok(()),
            Some(holder) => Err(BrokenPromise(format!("{pid:?} has lost {name}, which {holder:?} has"))),
        }
    }

    /// `Group.join` or `Group.leave`
    pub(crate) fn change_group(&mut self, own: Pid, group: &'static str, joins: bool) {
        let Some(process) = self.processes.get_mut(&own) else { return };
        if joins {
            process.groups.insert(group);
            self.remote.join_group(group, own);
        } else {
            process.groups.remove(group);
            self.remote.leave_group(group, own);
        }
    }
}

/// Whether both have told each other everything, and neither has seen the connection's end.
fn are_connected((a, one): (&Site, &Running), (b, other): (&Site, &Running)) -> bool {
    let knows = |from: &Running, to: &Site, life: u64| {
        from.remote.peer_named(&to.name).is_some_and(|peer| peer.creation == life)
    };
    knows(one, b, other.node.identity.creation) && knows(other, a, one.node.identity.creation)
}

/// Looks at all names at a moment at which nothing is half done.
pub(crate) fn nobody_shares_a_name(world: &World) {
    let all: Vec<_> = world.running().collect();
    for (i, one) in all.iter().enumerate() {
        for other in &all[..i] {
            let common = one.1.had.keys().find(|name| other.1.had.contains_key(*name));
            if let Some(name) = common
                && are_connected(*one, *other)
            {
                world.broken(&format!("{} and {} both have {name}", one.0.name, other.0.name));
            }
        }
    }
}

/// A row of a table as any node can say it: name, site, process.
type Row = (String, String, u64);

fn rows(running: &Running, site: &Site, table: Vec<(String, Pid)>) -> Vec<Row> {
    let node = |pid: Pid| match pid.node() {
        NodeIndex::OWN => site.name.to_string(),
        index => running.remote.nodes().get(index).map_or(String::new(), |node| node.name.to_string()),
    };
    let mut rows: Vec<Row> =
        table.into_iter().map(|(name, pid)| (name, node(pid), pid.local_bits())).collect();
    rows.sort();
    rows
}

/// All nodes are connected and nothing is under way: each knows every holder and every member, and no other.
pub(crate) fn all_know_the_same(world: &World) {
    let mut names = BTreeSet::new();
    let mut members = BTreeSet::new();
    for (site, running) in world.running() {
        for (name, pid) in &running.had {
            names.insert((name.to_string(), site.name.to_string(), pid.local_bits()));
        }
        for (pid, process) in &running.processes {
            let row = |group: &&str| (group.to_string(), site.name.to_string(), pid.local_bits());
            members.extend(process.groups.iter().map(row));
        }
    }
    for (site, running) in world.running() {
        let known: BTreeSet<Row> = rows(running, site, running.remote.global_table()).into_iter().collect();
        if known != names {
            world.broken(&format!("{} knows the names {known:?} and there are {names:?}", site.name));
        }
        let seen: Vec<(String, Pid)> = running.seen_members.iter().cloned().collect();
        for table in [running.remote.group_table(), seen] {
            let known: BTreeSet<Row> = rows(running, site, table).into_iter().collect();
            if known != members {
                world.broken(&format!("{} knows the members {known:?} and there are {members:?}", site.name));
            }
        }
    }
}

/// All processes end: nothing is left of what they shared.
pub(crate) fn nothing_is_shared(world: &mut World) {
    for site in &mut world.sites {
        let Some(running) = &mut site.running else { continue };
        let pids: Vec<Pid> = running.processes.keys().copied().collect();
        pids.into_iter().for_each(|pid| running.end(pid, snow_process::ExitReason::Normal));
    }
    world.settle();
    for (site, running) in world.running() {
        if !running.remote.shares_nothing() {
            world.broken(&format!("{} still knows names or groups", site.name));
        }
    }
}
