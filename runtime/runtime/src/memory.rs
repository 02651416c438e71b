//! Bounds of memory: what a process may hold, and what the node may.
//!
//! A process is looked at after its collections and before a primitive makes something large: over its own bound it crashes. The node is looked
//! at each time a scheduler has given out some megabytes: the process that wants more memory then crashes, if it is no small one.

use crate::process::Process;

/// A scheduler looks at the node's memory each time it has given out so much.
const LOOK_BYTES: usize = 16 << 20;
/// A heap up to this size is none of those that use up a node.
const SMALL_HEAP_BYTES: usize = 1 << 20;

/// The node's bound.
pub(crate) struct NodeMemory {
    bytes_max: u64,
}

impl NodeMemory {
    /// `None`: nine tenths of what the machine has.
    pub fn new(bytes_max: Option<u64>) -> NodeMemory {
        NodeMemory {
            bytes_max: bytes_max.unwrap_or_else(|| system::total_bytes().map_or(u64::MAX, |n| n / 10 * 9)),
        }
    }

    /// Whether the node would be over its bound with so much more. What the allocator keeps for later is given back before that is said.
    fn is_over(&self, more: u64) -> bool {
        let over =
            |bytes: Option<u64>| bytes.is_some_and(|bytes| bytes.saturating_add(more) > self.bytes_max);
        over(system::resident_bytes()) && {
            system::give_back();
            over(system::resident_bytes())
        }
    }
}

/// What a scheduler has given out since it last looked.
#[derive(Default)]
pub(crate) struct Given(usize);

impl Given {
    /// Notes so many bytes; `true` when it is time to look.
    #[inline]
    pub fn note(&mut self, bytes: usize) -> bool {
        self.0 += bytes;
        if self.0 < LOOK_BYTES {
            return false;
        }
        self.0 = 0;
        true
    }
}

/// Why a process may not have so many bytes more, if it may not.
pub(crate) fn refusal(process: &Process, more: usize) -> Option<String> {
    let held = process.heap.used_bytes() + process.heap.external_bytes();
    let own_max = process.extra.as_ref().map_or(0, |extra| extra.heap_bytes_max);
    if own_max > 0 && (held + more) as u64 > own_max {
        return Some(format!("out of memory: the heap would grow over {own_max} bytes"));
    }
    if held + more <= SMALL_HEAP_BYTES {
        return None;
    }
    // SAFETY: the worker runs this process on its own thread.
    let is_due = unsafe { (*process.worker).given.note(held + more) };
    (is_due || more > LOOK_BYTES).then(|| node_refusal(process, more)).flatten()
}

/// Why the node has no memory for more, if it has none.
pub(crate) fn node_refusal(process: &Process, more: usize) -> Option<String> {
    let memory = &process.runtime().memory;
    memory
        .is_over(more as u64)
        .then(|| format!("out of memory: the node would grow over {} bytes", memory.bytes_max))
}

/// What the system says.
#[cfg(target_os = "linux")]
mod system {
    /// The memory of the machine, or of the group of processes that this one is confined to.
    pub fn total_bytes() -> Option<u64> {
        let machine = std::fs::read_to_string("/proc/meminfo").ok()?;
        let line = machine.lines().find(|line| line.starts_with("MemTotal:"))?;
        let machine = line.split_whitespace().nth(1)?.parse::<u64>().ok()? << 10;
        let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
        let group = group.and_then(|text| text.trim().parse::<u64>().ok());
        Some(group.map_or(machine, |group| group.min(machine)))
    }

    /// What this process holds of it.
    pub fn resident_bytes() -> Option<u64> {
        let text = std::fs::read_to_string("/proc/self/statm").ok()?;
        let pages = text.split_whitespace().nth(1)?.parse::<u64>().ok()?;
        // SAFETY: asks for a constant.
        let page_bytes = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        Some(pages * u64::try_from(page_bytes).ok()?)
    }

    /// Returns what was freed to the system.
    pub fn give_back() {
        #[cfg(target_env = "gnu")]
        // SAFETY: takes no memory that is in use.
        unsafe {
            libc::malloc_trim(0)
        };
    }
}

/// Elsewhere nothing is known, and nothing bounded.
#[cfg(not(target_os = "linux"))]
mod system {
    pub fn total_bytes() -> Option<u64> {
        None
    }

    pub fn resident_bytes() -> Option<u64> {
        None
    }

    pub fn give_back() {}
}
