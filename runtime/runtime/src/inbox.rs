//! The way into a process: many senders push, the owner takes all at once.
//!
//! One atomic word: the upper 16 bits are the low bits of the slot's generation, so that a push meant for an earlier process of the
//! slot cannot succeed; the lower 48 are `EMPTY`, `WAITING` (the owner is parked), `DEAD`, or the newest node of a stack (R. K. Treiber). The one
//! push that replaces `WAITING` has to put the process into a run queue; nobody else may.

use crate::mailbox::Node;
use crate::sync::{AtomicU64, Ordering};
use std::ptr::null_mut;

const EMPTY: u64 = 0;
const WAITING: u64 = 1;
const DEAD: u64 = 2;
const POINTER_BITS: u32 = 48;
const POINTER: u64 = (1 << POINTER_BITS) - 1;

/// What a push came to.
#[must_use]
pub(crate) enum Push {
    /// The owner is awake and will find it.
    Queued,
    /// The owner was parked: the caller wakes it.
    Wake,
    /// There is no such process any more.
    Dead(Box<Node>),
}

pub(crate) struct Inbox {
    head: AtomicU64,
}

fn tag(generation: u32) -> u64 {
    (generation as u64) << POINTER_BITS
}

impl Inbox {
    /// The inbox of a slot that nobody has used.
    pub fn new() -> Inbox {
        Inbox { head: AtomicU64::new(DEAD) }
    }

    /// A process of this generation begins. Release pairs with the acquire in `current`: who sees the tag sees the generation.
    pub fn open(&self, generation: u32) {
        self.head.store(tag(generation) | EMPTY, Ordering::Release);
    }

    /// The word that `push` starts from. The caller compares the slot's generation after this and before `push`.
    pub fn current(&self) -> u64 {
        self.head.load(Ordering::Acquire)
    }

    /// Adds a node, unless the process for which `seen` was read has ended.
    pub fn push(&self, mut seen: u64, node: Box<Node>) -> Push {
        let generation_bits = seen & !POINTER;
        let node = Box::into_raw(node);
        loop {
            if seen & POINTER == DEAD || seen & !POINTER != generation_bits {
                // SAFETY: the node was not published.
                return Push::Dead(unsafe { Box::from_raw(node) });
            }
            let below = if seen & POINTER == WAITING { 0 } else { seen & POINTER };
            // SAFETY: as above.
            unsafe { (*node).next = below as *mut Node };
            let new = generation_bits | node as u64;
            // Release: the owner's acquire in `take` sees the node's content.
            match self.head.compare_exchange_weak(seen, new, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) if seen & POINTER == WAITING => return Push::Wake,
                Ok(_) => return Push::Queued,
                Err(now) => seen = now,
            }
        }
    }

    /// Whether there is something to take. Owner only.
    #[inline]
    pub fn has_mail(&self) -> bool {
        self.head.load(Ordering::Relaxed) & POINTER > DEAD
    }

    /// Takes everything, oldest first. Owner only.
    pub fn take(&self) -> *mut Node {
        let seen = self.head.load(Ordering::Relaxed);
        if seen & POINTER <= DEAD {
            return null_mut();
        }
        let all = self.head.swap(seen & !POINTER | EMPTY, Ordering::Acquire);
        reverse((all & POINTER) as *mut Node)
    }

    /// The owner goes to sleep; `false` when something has come in. Only when its state is completely saved.
    #[must_use]
    pub fn park(&self) -> bool {
        let seen = self.head.load(Ordering::Relaxed);
        seen & POINTER == EMPTY
            && self.head.compare_exchange(seen, seen | WAITING, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Whether the owner is parked; a moment's view for reports.
    pub fn is_waiting(&self) -> bool {
        self.head.load(Ordering::Relaxed) & POINTER == WAITING
    }

    /// Whether a process is there.
    pub fn is_open(&self) -> bool {
        self.head.load(Ordering::Acquire) & POINTER != DEAD
    }

    /// The process ends: later pushes fail; what had come in is returned, oldest first.
    pub fn close(&self) -> *mut Node {
        let seen = self.head.load(Ordering::Relaxed);
        let all = self.head.swap(seen & !POINTER | DEAD, Ordering::AcqRel) & POINTER;
        if all <= DEAD { null_mut() } else { reverse(all as *mut Node) }
    }
}

fn reverse(mut newest: *mut Node) -> *mut Node {
    let mut oldest = null_mut();
    while !newest.is_null() {
        // SAFETY: the list was published by pushes and belongs to the owner now.
        unsafe {
            let next = (*newest).next;
            (*newest).next = oldest;
            oldest = newest;
            newest = next;
        }
    }
    oldest
}

#[cfg(all(test, loom))]
mod models {
    //! All interleavings of senders and owner, by loom.

    use super::*;
    use crate::mailbox::{Item, each_node};
    use loom::sync::Arc;
    use loom::sync::atomic::AtomicUsize;
    use loom::thread;
    use snow_process::{Pid, Signal};

    fn node(sender: u64) -> Box<Node> {
        Item::Signal(Signal::Link { from: Pid(sender) }).boxed()
    }

    fn senders_of(list: *mut Node) -> Vec<u64> {
        let mut senders = Vec::new();
        each_node(list, |node| {
            if let Item::Signal(Signal::Link { from }) = node.item {
                senders.push(from.0);
            }
        });
        senders
    }

    /// Each push either wakes the parked owner or is found by it: it is never asleep with mail, and woken once.
    #[test]
    fn no_mail_is_slept_over() {
        loom::model(|| {
            let inbox = Arc::new(Inbox::new());
            inbox.open(1);
            let wakes = Arc::new(AtomicUsize::new(0));
            let senders: Vec<_> = (1..=2)
                .map(|sender| {
                    let (inbox, wakes) = (Arc::clone(&inbox), Arc::clone(&wakes));
                    thread::spawn(move || {
                        if let Push::Wake = inbox.push(inbox.current(), node(sender)) {
                            wakes.fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            let mut seen = senders_of(inbox.take());
            let parked = inbox.park();
            senders.into_iter().for_each(|sender| sender.join().expect("no panic"));
            assert_eq!(wakes.load(Ordering::Relaxed), usize::from(parked && seen.len() < 2));
            assert!(!(inbox.is_waiting() && inbox.has_mail()));
            seen.extend(senders_of(inbox.take()));
            seen.sort_unstable();
            assert_eq!(seen, [1, 2]);
        });
    }

    /// A push that began for an earlier process of the slot never reaches a later one, and none is lost or seen twice.
    #[test]
    fn a_stale_push_is_given_back() {
        loom::model(|| {
            let inbox = Arc::new(Inbox::new());
            inbox.open(1);
            let sender = {
                let inbox = Arc::clone(&inbox);
                thread::spawn(move || match inbox.push(tag(1) | EMPTY, node(7)) {
                    Push::Dead(_) => true,
                    Push::Queued | Push::Wake => false,
                })
            };
            let old = senders_of(inbox.close());
            inbox.open(2);
            let given_back = sender.join().expect("no panic");
            assert!(senders_of(inbox.take()).is_empty());
            assert_eq!(given_back, old.is_empty());
        });
    }
}
