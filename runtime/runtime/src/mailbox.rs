//! What a process has received and not yet accepted: a list of mail in order of arrival, with the save pointer of a selective receive.

use crate::mail::{Mail, MailList, Node};
use snow_abi::value::Word;
use snow_process::{MonitorRef, Notice};
use std::mem::ManuallyDrop;
use std::ptr::null_mut;

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

    #[inline]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Number of messages that are part of the heap and wait.
    pub fn adopted_len(&self) -> u32 {
        self.adopted
    }

    /// Adds mail at the end.
    pub fn append(&mut self, mail: Mail) {
        let node = mail.into_raw();
        // SAFETY: the node was just given up by its owner.
        unsafe { (*node).next = null_mut() };
        self.append_nodes(node, node, 1);
    }

    /// Adds a whole list at the end.
    #[inline]
    pub fn append_list(&mut self, list: MailList) {
        let list = ManuallyDrop::new(list);
        if list.len > 0 {
            self.append_nodes(list.first, list.last, list.len);
        }
    }

    fn append_nodes(&mut self, first: *mut Node, last: *mut Node, len: u32) {
        if self.last.is_null() {
            self.first = first;
        } else {
            // SAFETY: nodes of the list are alive.
            unsafe { (*self.last).next = first };
        }
        self.last = last;
        self.len += len;
    }

    /// A receive begins: the oldest node is looked at next.
    #[inline]
    pub fn rewind(&mut self) {
        (self.looked, self.before) = (null_mut(), null_mut());
    }

    /// The next node that this receive has not looked at: the candidate. It is the head of mail that stays the mailbox's.
    #[inline]
    pub fn next(&mut self) -> Option<*mut Node> {
        self.next_wanted(0)
    }

    /// The next node that this receive has not looked at and that its mask wants.
    #[inline]
    pub fn next_wanted(&mut self, mask: i64) -> Option<*mut Node> {
        let mut last = self.looked;
        // SAFETY: nodes of the list are alive.
        let mut next = if last.is_null() { self.first } else { unsafe { (*last).next } };
        while !next.is_null() {
            // SAFETY: as above.
            unsafe {
                if (*next).is_wanted(mask) {
                    self.before = last;
                    self.looked = next;
                    return Some(next);
                }
                last = next;
                next = (*next).next;
            }
        }
        self.looked = last;
        None
    }

    /// The candidate's word when it is a message.
    pub fn candidate_word(&self) -> Option<Word> {
        // SAFETY: `looked` is null or a node of the list.
        unsafe { self.looked.as_ref() }.and_then(Node::adopted).map(|(word, _)| word)
    }

    /// Notes that the candidate became part of the heap.
    #[inline]
    pub fn adopted_candidate(&mut self) {
        self.adopted += 1;
    }

    /// Takes the candidate out of the list. A following `next` goes on behind it.
    #[inline]
    pub fn remove_candidate(&mut self) -> Option<Mail> {
        let node = self.looked;
        if node.is_null() {
            return None;
        }
        // SAFETY: `before` is null or the node in front of the candidate, which is a node of the list.
        let (next, was_adopted) = unsafe { ((*node).next, (*node).adopted().is_some()) };
        if self.before.is_null() {
            self.first = next;
        } else {
            // SAFETY: as above.
            unsafe { (*self.before).next = next };
        }
        if next.is_null() {
            self.last = self.before;
        }
        self.looked = self.before;
        self.before = null_mut();
        self.len -= 1;
        self.adopted -= u32::from(was_adopted);
        // SAFETY: nobody refers to the node any longer.
        Some(unsafe { Mail::from_raw(node) })
    }

    /// Removes a `:down` of this reference.
    pub fn remove_down(&mut self, reference: MonitorRef) {
        self.rewind();
        while let Some(node) = self.next() {
            // SAFETY: the candidate is a node of the list.
            let notice = unsafe { Node::notice(node).map(|notice| &*notice) };
            if let Some(Notice::Down { reference: found, .. }) = notice
                && *found == reference
            {
                drop(self.remove_candidate());
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
                left -= u32::from((*node).adopted().is_some());
                (*node).root().into_iter().for_each(&mut *visit);
                node = (*node).next;
            }
        }
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let first = std::mem::replace(&mut self.first, null_mut());
        let last = std::mem::replace(&mut self.last, null_mut());
        drop(MailList { first, last, len: self.len, all_for_mailbox: true });
        (self.len, self.adopted) = (0, 0);
        self.rewind();
    }
}
