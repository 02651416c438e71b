//! What a process has received and not yet accepted: a list of nodes in order of arrival, with the save pointer of a selective receive.

use snow_abi::value::{Class, Word};
use snow_heap::Fragment;
use snow_process::{MonitorRef, Notice, Pid, Signal};
use std::any::Any;
use std::ptr::null_mut;

/// One thing on its way into a process, or in its mailbox.
pub(crate) struct Node {
    pub next: *mut Node,
    pub item: Item,
}

pub(crate) enum Item {
    /// A signal as it was sent; in the mailbox only messages and notices remain.
    Signal(Signal),
    /// A message whose memory is part of the heap: a root.
    Adopted(Word, Class),
    /// A timer of the process has fired.
    Timeout { token: u64 },
    /// Blocking work is done.
    Answer { token: u64, answer: Box<dyn Any + Send> },
    /// A peer's buffer has room again.
    Resume,
    /// A remote spawn was answered.
    Spawned(Pid),
}

impl Item {
    /// A notice or message, boxed for the inbox.
    pub fn boxed(self) -> Box<Node> {
        Box::new(Node { next: null_mut(), item: self })
    }
}

/// The owner's list.
pub(crate) struct Mailbox {
    first: *mut Node,
    last: *mut Node,
    /// The node before the next one to look at; null: the first is next.
    looked: *mut Node,
    /// The node before `looked`, once `next` was called: the candidate can be taken out.
    before: *mut Node,
    len: u32,
    /// Number of adopted messages; they come before all others but notices.
    adopted: u32,
}

impl Mailbox {
    pub fn new() -> Mailbox {
        Mailbox {
            first: null_mut(),
            last: null_mut(),
            looked: null_mut(),
            before: null_mut(),
            len: 0,
            adopted: 0,
        }
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    /// Adds a node at the end.
    pub fn append(&mut self, node: *mut Node) {
        // SAFETY: the node is the mailbox's from here on; `last` is alive.
        unsafe {
            (*node).next = null_mut();
            if self.last.is_null() {
                self.first = node;
            } else {
                (*self.last).next = node;
            }
        }
        self.last = node;
        self.len += 1;
    }

    /// A receive begins: the oldest node is looked at next.
    pub fn rewind(&mut self) {
        (self.looked, self.before) = (null_mut(), null_mut());
    }

    /// The next node that this receive has not looked at.
    pub fn next(&mut self) -> Option<&mut Item> {
        // SAFETY: nodes of the list are alive.
        unsafe {
            let next = if self.looked.is_null() { self.first } else { (*self.looked).next };
            if next.is_null() {
                return None;
            }
            self.before = self.looked;
            self.looked = next;
            Some(&mut (*next).item)
        }
    }

    /// The node that `next` gave last.
    pub fn candidate(&self) -> Option<&Item> {
        // SAFETY: `looked` is null or a node of the list.
        unsafe { self.looked.as_ref() }.map(|node| &node.item)
    }

    /// Notes that the candidate became part of the heap.
    pub fn adopted_candidate(&mut self) {
        self.adopted += 1;
    }

    /// Takes the node that `next` gave last out of the list. A following `next` goes on behind it.
    pub fn remove_candidate(&mut self) -> Option<Item> {
        let node = self.looked;
        if node.is_null() {
            return None;
        }
        // SAFETY: `before` is null or the node in front of the candidate.
        let node = unsafe {
            if self.before.is_null() {
                self.first = (*node).next;
            } else {
                (*self.before).next = (*node).next;
            }
            Box::from_raw(node)
        };
        if node.next.is_null() {
            self.last = self.before;
        }
        self.looked = self.before;
        self.before = null_mut();
        self.len -= 1;
        self.adopted -= matches!(node.item, Item::Adopted(..)) as u32;
        Some(node.item)
    }

    /// Removes a `:down` of this reference.
    pub fn remove_down(&mut self, reference: MonitorRef) {
        self.rewind();
        while let Some(item) = self.next() {
            if matches!(item, Item::Signal(Signal::Notice(Notice::Down { reference: r, .. })) if *r == reference)
            {
                self.remove_candidate();
                break;
            }
        }
        self.rewind();
    }

    /// The adopted messages of class `Ref`.
    pub fn each_root(&mut self, visit: &mut dyn FnMut(&mut Word)) {
        let (mut node, mut left) = (self.first, self.adopted);
        while left > 0 && !node.is_null() {
            // SAFETY: nodes of the list are alive.
            unsafe {
                if let Item::Adopted(word, class) = &mut (*node).item {
                    left -= 1;
                    if *class == Class::Ref {
                        visit(word);
                    }
                }
                node = (*node).next;
            }
        }
    }
}

/// A message for an inbox.
pub(crate) fn message(fragment: Fragment) -> Box<Node> {
    Item::Signal(Signal::Message(fragment)).boxed()
}

/// Goes through a list of nodes that were taken out of an inbox.
pub(crate) fn each_node(mut node: *mut Node, mut each: impl FnMut(Box<Node>)) {
    while !node.is_null() {
        // SAFETY: the list belongs to the caller.
        let mut owned = unsafe { Box::from_raw(node) };
        node = std::mem::replace(&mut owned.next, null_mut());
        each(owned);
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        each_node(std::mem::replace(&mut self.first, null_mut()), drop);
        (self.last, self.len, self.adopted) = (null_mut(), 0, 0);
        self.rewind();
    }
}
