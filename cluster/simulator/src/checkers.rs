//! What must hold when everything has come to rest.
//!
//! While a run goes on, processes check themselves: numbers of each sender grow, no monitor fires twice, no message comes
//! from a node that is down.

use crate::processes::Process;
use crate::shared;
use crate::site::{Running, Site};
use crate::world::World;
use snow_process::{ExitReason, Pid};
use std::collections::BTreeMap;

/// Checks a world that has come to rest, then takes it apart step by step and checks again.
///
/// # Panics
/// When a promise is broken.
pub(crate) fn at_end(world: &World) {
    mesh_is_whole(world);
    nobody_waits(world);
    if !world.plan.faults.ends {
        nothing_is_lost(world);
    }
    relations_are_mutual(world);
    shared::all_know_the_same(world);
}

/// Takes a world apart: half of the processes end, then all connections.
///
/// # Panics
/// When a promise is broken.
pub(crate) fn take_apart(world: &mut World) {
    for site in &mut world.sites {
        let Some(running) = &mut site.running else { continue };
        let pids: Vec<Pid> =
            running.processes.keys().copied().filter(|pid| *pid != running.watcher).collect();
        for pid in pids.into_iter().step_by(2) {
            running.end(pid, ExitReason::Shutdown);
        }
    }
    world.settle();
    world.run_until(world.now + 2_000);
    relations_are_mutual(world);
    shared::all_know_the_same(world);
    for (_, running) in world.running() {
        running.node.mesh().stop();
        for peer in running.remote.peers() {
            peer.leave(snow_cluster::error::CloseReason::Stopped);
        }
    }
    world.settle();
    world.run_until(world.now + 8_000);
    nothing_is_left(world);
    shared::nothing_is_shared(world);
}

fn mesh_is_whole(world: &World) {
    if let Some(problem) = mesh_problem(world) {
        world.broken(&problem);
    }
}

/// What is lacking until every two nodes have exactly one connection, and the same one.
pub(crate) fn mesh_problem(world: &World) -> Option<String> {
    if world.running().count() < world.sites.len() {
        return Some("a site does not run".to_owned());
    }
    world
        .running()
        .find_map(|(site, running)| site_problem(world, site, running))
        .or_else(|| links_problem(world))
}

fn site_problem(world: &World, site: &Site, running: &Running) -> Option<String> {
    let peers: Vec<String> = running.remote.peers().iter().map(|peer| peer.name.to_string()).collect();
    let others = world.sites.iter().filter(|other| other.index != site.index);
    let others: Vec<String> = others.map(|other| other.name.to_string()).collect();
    if peers != others {
        return Some(format!("{} is connected with {peers:?}", site.name));
    }
    let up: Vec<String> = running.up.iter().cloned().collect();
    (up != peers)
        .then(|| format!("{} has heard that {up:?} are up and is connected with {peers:?}", site.name))
}

fn links_problem(world: &World) -> Option<String> {
    let mut sessions = BTreeMap::new();
    for link in &world.used_links {
        let ends = &world.links[*link].ends;
        let both = ends.iter().all(|end| end.connection.as_ref().is_some_and(|c| c.peer().is_some()));
        if !both {
            return Some(format!("link {link} has one side only"));
        }
        let pair = (ends[0].site.min(ends[1].site), ends[0].site.max(ends[1].site));
        *sessions.entry(pair).or_insert(0) += 1;
    }
    let twice = sessions.into_iter().find(|(_, count)| *count != 1);
    twice.map(|(pair, count)| format!("{count} connections between {pair:?}"))
}

fn nobody_waits(world: &World) {
    for (site, running) in world.running() {
        if let Some((pid, process)) = running.processes.iter().find(|(_, process)| !process.is_free()) {
            let (suspended, spawning, name) = (process.suspended, process.spawning, process.waiting);
            world.broken(&format!("{pid:?} of {} waits: {suspended:?} {spawning:?} {name:?}", site.name));
        }
    }
}

fn nothing_is_lost(world: &World) {
    let summary = world.summary();
    if !world.plan.faults.loses_connections() && summary.sent != summary.received {
        world.broken(&format!("{} messages were sent and {} received", summary.sent, summary.received));
    }
}

/// What a process has to do with must be alive and know of it.
fn relations_are_mutual(world: &World) {
    for (site, running) in world.running() {
        for (pid, process) in &running.processes {
            check_process(world, site, running, *pid, process);
        }
    }
}

fn check_process(world: &World, site: &Site, running: &Running, pid: Pid, process: &Process) {
    let who = format!("{pid:?} of {}", site.name);
    for other in process.relations.links() {
        let Some((there, known, found)) = find(world, running, other) else {
            world.broken(&format!("{who} is linked with {other:?}, which is dead"));
        };
        let own = there.pid_of(&site.name, running.node.identity.creation, pid.0);
        let own = if std::ptr::eq(there, running) { pid } else { own };
        if !found.relations.links().any(|link| link == own) {
            world.broken(&format!("{who} is linked with {known:?}, which does not know of it"));
        }
    }
    let open = process.open_watches().count();
    if open != process.relations.monitor_count() {
        world.broken(&format!(
            "{who} has {open} monitors open and watches {}",
            process.relations.monitor_count()
        ));
    }
    for reference in process.open_watches() {
        let target = process.watches[&reference].target;
        if find(world, running, target).is_none() {
            world.broken(&format!("{reference:?} of {who} on {target:?}, which is dead, has not fired"));
        }
    }
    for (other, link) in &process.links {
        let is_silent = link.exits == 0 && !link.is_given_up;
        if is_silent && find(world, running, *other).is_none() {
            world.broken(&format!("{who} has no exit from {other:?}, which is dead"));
        }
    }
}

/// A live process by what a node calls it: its node, its number there, the process.
fn find<'w>(world: &'w World, from: &'w Running, pid: Pid) -> Option<(&'w Running, Pid, &'w Process)> {
    let node = from.remote.nodes().get(pid.node())?;
    let is_it = |running: &&Running| {
        running.node.identity.name == node.name && running.node.identity.creation == node.creation
    };
    let there = world.running().map(|(_, running)| running).find(is_it)?;
    let local = Pid(pid.local_bits());
    there.processes.get(&local).map(|process| (there, local, process))
}

/// All connections are over: no table holds anything of them.
fn nothing_is_left(world: &World) {
    if !world.used_links.is_empty() {
        world.broken(&format!("{} links are in use", world.used_links.len()));
    }
    for (site, running) in world.running() {
        if !running.node.mesh().is_empty() || !running.remote.peers().is_empty() || !running.up.is_empty() {
            world.broken(&format!("{} is not empty", site.name));
        }
        for (other, there) in world.running() {
            let index = running.remote.nodes().index(&other.name, there.node.identity.creation);
            if other.index != site.index && index.is_some_and(|index| running.concerns(index)) {
                world.broken(&format!("processes of {} have to do with {}", site.name, other.name));
            }
        }
    }
}
