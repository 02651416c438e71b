//! Names of processes, local to the node.

use crate::sync::{Mutex, lock};
use snow_abi::descriptor::DescriptorId;
use snow_process::Pid;
use std::collections::{BTreeMap, HashMap};

/// Registered names.
#[derive(Default)]
pub(crate) struct Registry {
    names: Mutex<Names>,
}

#[derive(Default)]
struct Names {
    by_name: BTreeMap<String, (Pid, DescriptorId)>,
    by_pid: HashMap<Pid, Vec<String>>,
}

impl Registry {
    /// Gives `name` to a process; `false` when it is taken.
    pub fn register(&self, name: &str, pid: Pid, mailbox: DescriptorId) -> bool {
        let mut names = lock(&self.names);
        if names.by_name.contains_key(name) {
            return false;
        }
        names.by_name.insert(name.to_owned(), (pid, mailbox));
        names.by_pid.entry(pid).or_default().push(name.to_owned());
        true
    }

    /// Frees a name.
    pub fn unregister(&self, name: &str) {
        let mut names = lock(&self.names);
        let Some((pid, _)) = names.by_name.remove(name) else { return };
        if let Some(own) = names.by_pid.get_mut(&pid) {
            own.retain(|own| own != name);
            if own.is_empty() {
                names.by_pid.remove(&pid);
            }
        }
    }

    /// Frees all names of a process that has ended.
    pub fn forget(&self, pid: Pid) {
        let mut names = lock(&self.names);
        for name in names.by_pid.remove(&pid).unwrap_or_default() {
            names.by_name.remove(&name);
        }
    }

    /// The process of a name, with the mailbox type that it was registered with.
    pub fn find(&self, name: &str) -> Option<(Pid, DescriptorId)> {
        lock(&self.names).by_name.get(name).copied()
    }

    /// The first name of a process.
    pub fn name_of(&self, pid: Pid) -> Option<String> {
        lock(&self.names).by_pid.get(&pid)?.first().cloned()
    }

    /// All names, sorted.
    pub fn all(&self) -> Vec<String> {
        lock(&self.names).by_name.keys().cloned().collect()
    }
}
