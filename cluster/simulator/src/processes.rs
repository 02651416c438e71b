//! Processes of the simulation: their relations, what they have sent and seen, and what must hold of it.
//!
//! A message is `(node, life, process, number, padding)`: who sent it, and its number among all that the sender sent to this
//! receiver.

use snow_abi::descriptor::{Descriptor, DescriptorId};
use snow_abi::layout::fixed_layouts;
use snow_abi::program::Export;
use snow_heap::{Built, Fragment, FragmentBuilder, Layouts};
use snow_process::{MonitorRef, Notice, Pid, Relations};
use snow_term::types::Types;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A promise of the protocol that a run has broken, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct BrokenPromise(pub String);

impl std::fmt::Display for BrokenPromise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Layout of the start closure `(code, argument)`.
const CLOSURE_LAYOUT: u32 = snow_abi::layout::small(2, 0);

fn descriptors() -> Vec<Descriptor> {
    let int = DescriptorId(0);
    let bytes = DescriptorId(1);
    vec![Descriptor::Int, Descriptor::Bytes, Descriptor::Tuple(vec![int, int, int, int, bytes])]
}

/// The types of the simulated program.
pub(crate) fn types() -> Types {
    let descriptors = descriptors();
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &descriptors));
    Types::new(descriptors, vec![], layouts)
}

/// The same types once more, for the cluster.
pub(crate) fn same_types(types: &Types) -> Types {
    Types::new(descriptors(), vec![], types.layouts().clone())
}

/// What other nodes may spawn.
pub(crate) fn exports() -> Vec<Export> {
    vec![Export {
        name: "worker".to_owned(),
        code: 1,
        layout: CLOSURE_LAYOUT,
        arguments: vec![DescriptorId(0)],
        mailbox: crate::host::MESSAGE,
        signals: 0,
    }]
}

/// The start closure of a worker.
pub(crate) fn closure(layouts: &Layouts) -> Fragment {
    let mut builder = FragmentBuilder::new(layouts);
    let closure = builder.object(CLOSURE_LAYOUT, 0);
    builder.set(closure, 1, Built::int(42));
    builder.finish(closure)
}

/// Who sent something: site, life, process.
pub(crate) type Origin = (u64, u64, u64);

/// A message that is to be sent, perhaps again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outbound {
    pub to: Pid,
    pub number: u64,
    pub padding: usize,
}

/// The value of a message.
pub(crate) fn message(types: &Types, origin: Origin, outbound: Outbound) -> Fragment {
    let layouts = types.layouts();
    let mut builder = FragmentBuilder::new(layouts);
    let classes = (0..5).map(|i| types.class(DescriptorId(u32::from(i == 4))));
    let tuple = builder.object(types.layout(classes).expect("the tuple's layout"), 0);
    for (i, part) in [origin.0, origin.1, origin.2, outbound.number].into_iter().enumerate() {
        builder.set(tuple, i, Built::int(part as i64));
    }
    let padding = builder.text(&vec![b'.'; outbound.padding]);
    builder.set(tuple, 4, padding);
    builder.finish(tuple)
}

/// Who sent a message, and its number.
pub(crate) fn read(types: &Types, message: &Fragment) -> (Origin, u64) {
    let value = message.value(types.layouts());
    let part = |i: usize| value.field(i).expect("five parts").int() as u64;
    ((part(0), part(1), part(2)), part(3))
}

/// A monitor that a process has set.
#[derive(Debug)]
pub(crate) struct Watch {
    pub target: Pid,
    pub downs: u32,
    pub is_given_up: bool,
}

impl Watch {
    pub(crate) fn new(target: Pid) -> Watch {
        Watch { target, downs: 0, is_given_up: false }
    }
}

/// What a process knows of a link.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    /// How often either side has made it.
    pub made: u32,
    pub exits: u32,
    pub is_given_up: bool,
}

/// A process.
#[derive(Default)]
pub(crate) struct Process {
    pub relations: Relations,
    /// Numbers of the messages sent, by receiver.
    pub sent: BTreeMap<Pid, u64>,
    /// The last number received, by sender.
    pub received: BTreeMap<Origin, u64>,
    pub watches: BTreeMap<MonitorRef, Watch>,
    pub links: BTreeMap<Pid, Linked>,
    /// Processes of which it has heard that they ended, and not for want of a connection.
    pub ended: BTreeSet<Origin>,
    /// A message that met a full buffer.
    pub suspended: Option<Outbound>,
    /// Spawns whose answer has not come: link and monitor.
    pub spawning: Option<(bool, Option<MonitorRef>)>,
    /// The name that it wants or wants to be free, by the number of its wait.
    pub waiting: Option<(u64, &'static str)>,
    /// Groups that it has joined.
    pub groups: BTreeSet<&'static str>,
}

impl Process {
    pub(crate) fn new() -> Process {
        let mut process = Process::default();
        process.relations.set_trap_exit(true);
        process
    }

    /// Whether it can do something.
    pub(crate) fn is_free(&self) -> bool {
        self.suspended.is_none() && self.spawning.is_none() && self.waiting.is_none()
    }

    /// Monitors that have not fired and are not given up.
    pub(crate) fn open_watches(&self) -> impl Iterator<Item = MonitorRef> {
        self.watches.iter().filter(|(_, w)| w.downs == 0 && !w.is_given_up).map(|(reference, _)| *reference)
    }

    /// A message arrives: in order, once, and before its sender's end is told.
    ///
    /// # Errors
    /// With what is wrong.
    pub(crate) fn take_message(&mut self, origin: Origin, number: u64) -> Result<(), BrokenPromise> {
        if self.ended.contains(&origin) {
            return Err(BrokenPromise(format!("message {number} of {origin:?} came after its end")));
        }
        let last = self.received.insert(origin, number).unwrap_or(0);
        match number > last {
            true => Ok(()),
            false => Err(BrokenPromise(format!("message {number} of {origin:?} came after {last}"))),
        }
    }

    /// A notice arrives: none too many.
    ///
    /// # Errors
    /// With what is wrong.
    pub(crate) fn take_notice(&mut self, notice: &Notice) -> Result<(), BrokenPromise> {
        match notice {
            Notice::Down { reference, .. } => {
                let watch = self
                    .watches
                    .get_mut(reference)
                    .ok_or_else(|| BrokenPromise(format!("a down for no {reference:?}")))?;
                watch.downs += 1;
                match (watch.downs, watch.is_given_up) {
                    (1, false) => Ok(()),
                    (more, given_up) => {
                        Err(BrokenPromise(format!("{more} downs for {reference:?}, given up: {given_up}")))
                    }
                }
            }
            Notice::Exit { pid, .. } => {
                let link = self.links.entry(*pid).or_default();
                link.exits += 1;
                match link.exits > link.made {
                    true => Err(BrokenPromise(format!(
                        "{} exits for {} links with {pid:?}",
                        link.exits, link.made
                    ))),
                    false => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}
