//! What travels into a process and waits in its mailbox: nodes of lists that many may push to.
//!
//! A *letter* is a small message in one block: the node, and behind it the words of the value. A *parcel* is a node in front of an
//! [`Item`]: everything else. [`Mail`] owns either; lists of them are linked through `next`.
//!
//! ```text
//! letter  next | block, class, words | word | objects …        parcel  next | … | word | Item
//! ```

use crate::stock::{Size, Stock, give_to_its_depot};
use snow_abi::value::{Class, Header, Word, is_immediate};
use snow_heap::{CopyScratch, Fragment, Heap, Small};
use snow_process::{Pid, Signal};
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::any::Any;
use std::mem::ManuallyDrop;
use std::ptr::{NonNull, null_mut};

/// The head of a letter or parcel.
#[repr(C)]
pub(crate) struct Node {
    pub next: *mut Node,
    block: Block,
    /// Whether it goes into the mailbox as it is: a message or notice. Everything else takes effect when the owner takes it in.
    is_for_mailbox: bool,
    /// Whether its value is part of the owner's heap: `word` is a root.
    is_adopted: bool,
    /// How the value's word is treated.
    class: Class,
    /// Words of the value that lie behind the node.
    words: u16,
    /// The tag's bit in the mask of a receive, or [`ANY_TAG`].
    tag_bit: u8,
    /// The value once it is adopted; before that what `Small::word` says.
    word: Word,
}

/// The tag is not looked at: any receive may want the message.
const ANY_TAG: u8 = u8::MAX;

/// What kind of memory a node is the head of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// Of the workers' stock.
    KeptLetter,
    Letter,
    Parcel,
}

#[repr(C)]
struct Parcel {
    node: Node,
    item: Item,
}

/// What a parcel holds.
pub(crate) enum Item {
    /// A signal as it was sent; in the mailbox only messages and notices remain.
    Signal(Signal),
    /// A timer of the process has fired.
    Timeout { token: u64 },
    /// Blocking work is done.
    Answer { token: u64, answer: Box<dyn Any + Send> },
    /// A peer's buffer has room again. Also what is left of a message that was adopted.
    Resume,
    /// A remote spawn was answered.
    Spawned(Pid),
}

/// A letter or parcel that nobody else refers to.
pub(crate) struct Mail(NonNull<Node>);

// SAFETY: the owner of the mail is the only one who refers to it, and items may be sent.
unsafe impl Send for Mail {}

impl Mail {
    /// A letter with the small value that was copied into the room last.
    #[inline]
    pub fn letter(small: Small, class: Class, room: &CopyScratch, stock: &mut Stock) -> Mail {
        let (block, node) = match Size::of_letter(letter_bytes(small.words)) {
            Some(size) if stock.keeps() => (Block::KeptLetter, stock.take(size)),
            _ => (Block::Letter, allocate(letter_layout(small.words))),
        };
        let node = node.cast::<Node>();
        // SAFETY: the block has room for the node and the words behind it.
        unsafe {
            node.write(Node {
                next: null_mut(),
                block,
                is_for_mailbox: true,
                is_adopted: false,
                class,
                words: small.words as u16,
                tag_bit: ANY_TAG,
                word: small.word,
            });
            let words = node.add(1) as *mut u64;
            room.write_room(words, small.words);
            if class == Class::Ref {
                let tag = if small.words == 0 { tag_of(small.word) } else { Header(*words).tag() };
                (*node).tag_bit = (tag & 31) as u8;
            }
            Mail(NonNull::new_unchecked(node))
        }
    }

    /// A parcel.
    pub fn parcel(item: Item) -> Mail {
        let is_for_mailbox = matches!(item, Item::Signal(Signal::Message(_) | Signal::Notice(_)));
        let node = Node {
            next: null_mut(),
            block: Block::Parcel,
            is_for_mailbox,
            is_adopted: false,
            class: Class::Int,
            words: 0,
            tag_bit: ANY_TAG,
            word: 0,
        };
        let parcel = Box::into_raw(Box::new(Parcel { node, item }));
        Mail(NonNull::new(parcel as *mut Node).expect("a box is somewhere"))
    }

    /// A parcel with a message of any size.
    pub fn message(fragment: Fragment) -> Mail {
        Mail::parcel(Item::Signal(Signal::Message(fragment)))
    }

    /// Takes a node out of a list.
    ///
    /// # Safety
    /// The node came from `into_raw` and is used by nobody else from here on.
    pub unsafe fn from_raw(node: *mut Node) -> Mail {
        // SAFETY: `into_raw` gives no null.
        Mail(unsafe { NonNull::new_unchecked(node) })
    }

    /// Gives the node into a list.
    pub fn into_raw(self) -> *mut Node {
        ManuallyDrop::new(self).0.as_ptr()
    }

    /// Gives the mail up; a letter's block is used again.
    #[inline]
    pub fn recycle(self, stock: &mut Stock) {
        let size = self.kept_size();
        match size {
            // SAFETY: the mail owns the block, which is of that size.
            Some(size) => unsafe { stock.give(self.into_raw() as *mut u8, size) },
            None => drop(self),
        }
    }

    fn node(&self) -> &Node {
        // SAFETY: the mail owns it.
        unsafe { self.0.as_ref() }
    }

    /// The size of a letter's block if such blocks are kept.
    #[inline]
    fn kept_size(&self) -> Option<Size> {
        match self.node().block {
            Block::KeptLetter => Size::of_letter(letter_bytes(self.node().words as usize)),
            Block::Letter | Block::Parcel => None,
        }
    }

    /// Bytes that it takes, its value included.
    #[inline]
    pub fn bytes(&self) -> usize {
        match self.item() {
            None => letter_bytes(self.node().words as usize),
            Some(Item::Signal(Signal::Message(fragment))) => size_of::<Parcel>() + fragment.bytes(),
            Some(_) => size_of::<Parcel>(),
        }
    }

    /// Whether it goes into the mailbox as it is.
    pub fn is_for_mailbox(&self) -> bool {
        self.node().is_for_mailbox
    }

    /// What a parcel holds.
    pub fn item(&self) -> Option<&Item> {
        // SAFETY: the node of a parcel is its first field.
        (self.node().block == Block::Parcel).then(|| unsafe { &(*(self.0.as_ptr() as *const Parcel)).item })
    }

    /// Takes the item out of a parcel.
    pub fn into_item(self) -> Option<Item> {
        if self.node().block != Block::Parcel {
            return None;
        }
        let parcel = ManuallyDrop::new(self).0.as_ptr() as *mut Parcel;
        // SAFETY: parcels are boxes, and this one's owner gives it up.
        Some(unsafe { Box::from_raw(parcel) }.item)
    }
}

impl Drop for Mail {
    fn drop(&mut self) {
        // SAFETY: the memory is the mail's own and was allocated so.
        unsafe {
            match self.node().block {
                Block::KeptLetter => give_to_its_depot(self.0.as_ptr() as *mut u8),
                Block::Letter => {
                    let layout = letter_layout(self.node().words as usize);
                    dealloc(self.0.as_ptr() as *mut u8, layout);
                }
                Block::Parcel => drop(Box::from_raw(self.0.as_ptr() as *mut Parcel)),
            }
        }
    }
}

/// The tag of a reference word whose object, if any, lies in the image.
///
/// # Safety
/// The word is an immediate or the address of a live object.
#[inline]
unsafe fn tag_of(word: Word) -> u32 {
    if is_immediate(word) {
        return word as u32;
    }
    // SAFETY: by contract.
    unsafe { Header(*(word as *const u64)).tag() }
}

const fn letter_bytes(words: usize) -> usize {
    size_of::<Node>() + words * 8
}

fn letter_layout(words: usize) -> Layout {
    Layout::from_size_align(letter_bytes(words), align_of::<Node>()).expect("a letter is small")
}

fn allocate(layout: Layout) -> *mut u8 {
    // SAFETY: the layout has the node at least.
    let block = unsafe { alloc(layout) };
    if block.is_null() {
        handle_alloc_error(layout);
    }
    block
}

/// What the owner of a mailbox does with one of its nodes.
impl Node {
    /// The value and its class, once it is part of the owner's heap.
    pub fn adopted(&self) -> Option<(Word, Class)> {
        self.is_adopted.then_some((self.word, self.class))
    }

    /// Whether a receive with this mask may take it, see `abi::entries::wanted_bit`.
    #[inline]
    pub fn is_wanted(&self, mask: i64) -> bool {
        let wanted = (mask >> 32) as u32;
        wanted == 0 || self.tag_bit == ANY_TAG || wanted >> self.tag_bit & 1 == 1
    }

    /// The root that an adopted value is for the collector.
    pub fn root(&mut self) -> Option<&mut Word> {
        (self.is_adopted && self.class == Class::Ref).then_some(&mut self.word)
    }

    /// The notice that a parcel holds.
    ///
    /// # Safety
    /// The node is the head of a letter or parcel.
    pub unsafe fn notice(node: *mut Node) -> Option<*const snow_process::Notice> {
        // SAFETY: by contract.
        unsafe {
            match (*node).block {
                Block::Parcel => match &(*(node as *const Parcel)).item {
                    Item::Signal(Signal::Notice(notice)) => Some(notice),
                    _ => None,
                },
                Block::KeptLetter | Block::Letter => None,
            }
        }
    }

    /// Makes the message part of the heap that receives it and gives its word. `None`: the node holds no message.
    ///
    /// # Safety
    /// The node is the head of a letter or parcel that was not adopted; its objects are of the heap's layouts.
    #[inline]
    pub unsafe fn adopt(node: *mut Node, heap: &mut Heap) -> Option<Word> {
        // SAFETY: by contract; the words of a letter lie behind its node.
        unsafe {
            let word = match (*node).block {
                Block::KeptLetter | Block::Letter => {
                    let small = Small { words: (*node).words as usize, word: (*node).word };
                    heap.adopt_small(node.add(1) as *const u64, small)
                }
                Block::Parcel => {
                    let item = &mut (*(node as *mut Parcel)).item;
                    let Item::Signal(Signal::Message(_)) = item else { return None };
                    let Item::Signal(Signal::Message(fragment)) = std::mem::replace(item, Item::Resume)
                    else {
                        return None;
                    };
                    (*node).class = fragment.class();
                    heap.adopt(fragment)
                }
            };
            (*node).is_adopted = true;
            (*node).word = word;
            Some(word)
        }
    }
}

/// A list of mail, in the order of its `next`s, with a single owner.
pub(crate) struct MailList {
    pub first: *mut Node,
    pub last: *mut Node,
    pub len: u32,
    /// Whether all of it goes into the mailbox as it is.
    pub all_for_mailbox: bool,
}

impl MailList {
    /// The list of what was pushed one in front of the other, the oldest first.
    ///
    /// # Safety
    /// `newest` is null or leads a list of nodes that are the caller's alone.
    pub unsafe fn reversed(newest: *mut Node) -> MailList {
        let mut list = MailList { first: null_mut(), last: newest, len: 0, all_for_mailbox: true };
        let mut node = newest;
        while !node.is_null() {
            // SAFETY: by contract.
            unsafe {
                let older = (*node).next;
                (*node).next = list.first;
                list.all_for_mailbox &= (*node).is_for_mailbox;
                list.first = node;
                node = older;
            }
            list.len += 1;
        }
        list
    }

    /// The first of it.
    pub fn pop(&mut self) -> Option<Mail> {
        let node = self.first;
        if node.is_null() {
            return None;
        }
        // SAFETY: the list owns its nodes.
        unsafe {
            self.first = (*node).next;
            (*node).next = null_mut();
            Some(Mail::from_raw(node))
        }
    }
}

impl Iterator for MailList {
    type Item = Mail;

    fn next(&mut self) -> Option<Mail> {
        self.pop()
    }
}

impl Drop for MailList {
    fn drop(&mut self) {
        while let Some(mail) = self.pop() {
            drop(mail);
        }
    }
}
