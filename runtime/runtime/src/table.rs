//! The process table: slots in pages that are never unmapped while the runtime lives.
//!
//! A pid names slot and generation; a stale pid finds a slot with another generation. Freed slots are used again first in,
//! first out and only when enough of them wait, so that a generation does not come round soon.

use crate::process::Process;
use crate::sync::{Mutex, lock};
use snow_process::Pid;
use std::collections::VecDeque;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const PAGE_SLOTS: usize = 1024;
const DIRECTORY_PAGES: usize = 256;
const DIRECTORIES: usize = Pid::SLOT_COUNT_MAX / (PAGE_SLOTS * DIRECTORY_PAGES);
/// A worker keeps at least this many freed slots waiting before it uses one again.
const QUARANTINE: usize = 256;
/// A worker with more free slots than this gives half of them to all.
const CACHE_MAX: usize = 2048;
/// Slots that a worker fetches at once.
const BATCH: usize = 64;

struct SlotCell(std::cell::UnsafeCell<Process>);

// SAFETY: access to the fields follows the rules in `process`.
unsafe impl Sync for SlotCell {}
// SAFETY: as above.
unsafe impl Send for SlotCell {}

type Page = OnceLock<Box<[SlotCell]>>;
type Directory = OnceLock<Box<[Page]>>;

/// All processes of a node.
pub(crate) struct ProcessTable {
    directories: Box<[Directory]>,
    free: Mutex<VecDeque<u32>>,
    /// Slots below this exist.
    used: AtomicU32,
}

/// A worker's own free slots.
#[derive(Default)]
pub(crate) struct SlotCache {
    free: VecDeque<u32>,
    fresh: Vec<u32>,
}

impl ProcessTable {
    pub fn new() -> ProcessTable {
        ProcessTable {
            directories: (0..DIRECTORIES).map(|_| OnceLock::new()).collect(),
            free: Mutex::new(VecDeque::new()),
            used: AtomicU32::new(0),
        }
    }

    /// Number of slots that exist.
    pub fn slot_count(&self) -> u32 {
        self.used.load(Ordering::Acquire)
    }

    /// The control block of a slot, in use or not.
    pub fn slot(&self, slot: u32) -> Option<*mut Process> {
        let (page, index) = (slot as usize / PAGE_SLOTS, slot as usize % PAGE_SLOTS);
        let directory = self.directories.get(page / DIRECTORY_PAGES)?.get()?;
        Some(directory[page % DIRECTORY_PAGES].get()?[index].0.get())
    }

    /// A free slot for a thread that is no worker. `None` when the table is full.
    pub fn allocate(&self) -> Option<*mut Process> {
        let slot = {
            let mut free = lock(&self.free);
            if free.len() > QUARANTINE { free.pop_front() } else { None }
        };
        self.slot(match slot {
            Some(slot) => slot,
            None => self.grow(1)?.start,
        })
    }

    /// A free slot for a worker.
    pub fn allocate_cached(&self, cache: &mut SlotCache) -> Option<*mut Process> {
        if cache.free.len() > QUARANTINE {
            return self.slot(cache.free.pop_front()?);
        }
        if cache.fresh.is_empty() {
            let mut free = lock(&self.free);
            if free.len() > QUARANTINE + BATCH {
                cache.fresh.extend(free.drain(..BATCH));
            }
        }
        if cache.fresh.is_empty() {
            cache.fresh.extend(self.grow(BATCH as u32)?.rev());
        }
        self.slot(cache.fresh.pop()?)
    }

    /// Gives a slot back whose process has ended; its generation has been raised.
    pub fn release(&self, slot: u32, cache: &mut SlotCache) {
        cache.free.push_back(slot);
        if cache.free.len() > CACHE_MAX {
            lock(&self.free).extend(cache.free.drain(..CACHE_MAX / 2));
        }
    }

    /// Adds slots that were never used.
    fn grow(&self, count: u32) -> Option<std::ops::Range<u32>> {
        let start = self.used.fetch_add(count, Ordering::AcqRel);
        let end = start.checked_add(count)?;
        if end as usize > Pid::SLOT_COUNT_MAX {
            self.used.fetch_sub(count, Ordering::AcqRel);
            return None;
        }
        for page in start as usize / PAGE_SLOTS..=(end as usize - 1) / PAGE_SLOTS {
            let directory = self.directories[page / DIRECTORY_PAGES]
                .get_or_init(|| (0..DIRECTORY_PAGES).map(|_| OnceLock::new()).collect());
            directory[page % DIRECTORY_PAGES].get_or_init(|| new_page(page));
        }
        Some(start..end)
    }
}

fn new_page(page: usize) -> Box<[SlotCell]> {
    let first = (page * PAGE_SLOTS) as u32;
    (first..first + PAGE_SLOTS as u32)
        .map(|slot| SlotCell(std::cell::UnsafeCell::new(Process::vacant(slot))))
        .collect()
}
