//! The way into a process: many senders push, the owner takes all at once.
//!
//! One atomic word: the upper 16 bits are the low bits of the slot's generation, so that a push meant for an earlier process of the
//! slot cannot succeed; the lower 48 are `EMPTY`, `WAITING` (the owner is parked), `DEAD`, or the newest node of a stack (R. K. Treiber). The one
//! push that replaces `WAITING` has to put the process into a run queue; nobody else may.

use crate::mail::{Mail, MailList, Node};
use crate::sync::{AtomicU64, Ordering};

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
    Dead(Mail),
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

    /// Adds mail, unless the process for which `seen` was read has ended.
    #[inline]
    pub fn push(&self, mut seen: u64, mail: Mail) -> Push {
        let generation_bits = seen & !POINTER;
        let node = mail.into_raw();
        loop {
            if seen & POINTER == DEAD || seen & !POINTER != generation_bits {
                // SAFETY: the node was not published.
                return Push::Dead(unsafe { Mail::from_raw(node) });
            }
            let below = if seen & POINTER == WAITING { 0 } else { seen & POINTER };
            // SAFETY: as above.
            unsafe { (*node).next = below as *mut Node };
            let new = generation_bits | node as u64;
            // Release: the owner's acquire in `take` sees the mail's content.
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
    #[inline]
    pub fn take(&self) -> MailList {
        let seen = self.head.load(Ordering::Relaxed);
        if seen & POINTER <= DEAD {
            return oldest_first(EMPTY);
        }
        oldest_first(self.head.swap(seen & !POINTER | EMPTY, Ordering::Acquire))
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
    pub fn close(&self) -> MailList {
        let seen = self.head.load(Ordering::Relaxed);
        oldest_first(self.head.swap(seen & !POINTER | DEAD, Ordering::AcqRel))
    }
}

/// What a word of `head` leads to that was taken out of it.
#[inline]
fn oldest_first(head: u64) -> MailList {
    let newest = if head & POINTER <= DEAD { 0 } else { head & POINTER };
    // SAFETY: the list was published by pushes and belongs to the owner now.
    unsafe { MailList::reversed(newest as *mut Node) }
}

#[cfg(all(test, loom))]
mod models {
    //! All interleavings of senders and owner, by loom.

    use super::*;
    use crate::mail::Item;
    use loom::sync::Arc;
    use loom::sync::atomic::AtomicUsize;
    use loom::thread;
    use snow_process::{Pid, Signal};

    fn node(sender: u64) -> Mail {
        Mail::parcel(Item::Signal(Signal::Link { from: Pid(sender) }))
    }

    fn senders_of(list: MailList) -> Vec<u64> {
        let sender = |mail: Mail| match mail.item() {
            Some(Item::Signal(Signal::Link { from })) => Some(from.0),
            _ => None,
        };
        list.filter_map(sender).collect()
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
