//! The hash trie under Map and Set (P. Bagwell, "Ideal Hash Trees", 2001): from hashes to leaves.
//!
//! The empty trie is the immediate 0, one leaf is a trie, and so is a node:
//!
//! ```text
//! node    header with NODE_TAG | number of words behind | bitmap, an immediate | a child for each bit
//! leaf    any other object whose first body word is its hash
//! ```
//!
//! Keys are std's business: it makes leaves of one hash into one. What is here knows of std's leaves only what [`leaves`] needs:
//! an *entry* has the place in the order of insertion as its second word; a *bucket* has a list of entries there.

use crate::heap::Heap;
use crate::value::Value;
use snow_abi::layout::ARRAY_REF;
use snow_abi::value::{Header, Word};

/// Tag of a node; leaves have others.
const NODE_TAG: u32 = 3;
/// Tag of a leaf that holds several entries of one hash.
const BUCKET_TAG: u32 = 2;
/// Hash bits that choose a child. Wider nodes would be found faster and copied slower.
const BITS: u32 = 4;
/// Words of a node in front of its children, the header included.
const FRONT: usize = 3;

/// A hash on the way down: the bits that choose on this level come first.
#[derive(Clone, Copy)]
struct Path {
    bits: u64,
    level: u32,
}

impl Path {
    /// Spreads weak hashes; different hashes stay different.
    fn of(hash: u64) -> Path {
        Path { bits: hash.wrapping_mul(0x9E37_79B9_7F4A_7C15), level: 0 }
    }

    fn bit(self) -> u64 {
        1 << (self.bits >> (64 - BITS))
    }

    fn below(self) -> Path {
        Path { bits: self.bits << BITS, level: self.level + 1 }
    }

    /// The path of another hash from the same level on.
    fn beside(self, hash: u64) -> Path {
        Path { bits: Path::of(hash).bits << (BITS * self.level), level: self.level }
    }
}

/// A node to be read.
#[derive(Clone, Copy)]
struct Node(*const u64);

impl Node {
    /// The node that a word is the address of, if it is one.
    ///
    /// # Safety
    /// `word` is a trie that is not empty.
    unsafe fn of(word: Word) -> Option<Node> {
        let object = word as *const u64;
        // SAFETY: by contract it is an object.
        let header = Header(unsafe { *object });
        (header.layout() == ARRAY_REF && header.tag() == NODE_TAG).then_some(Node(object))
    }

    fn bitmap(self) -> u64 {
        // SAFETY: a node has a bitmap.
        unsafe { *self.0.add(2) }
    }

    fn count(self) -> usize {
        // SAFETY: a node has a length, which counts the bitmap.
        unsafe { *self.0.add(1) as usize - 1 }
    }

    fn position(self, bit: u64) -> usize {
        (self.bitmap() & (bit - 1)).count_ones() as usize
    }

    fn child(self, position: usize) -> Word {
        debug_assert!(position < self.count());
        // SAFETY: positions of set bits are within the node.
        unsafe { *self.0.add(FRONT + position) }
    }
}

/// # Safety
/// `leaf` is the address of a leaf.
unsafe fn hash_of(leaf: Word) -> u64 {
    // SAFETY: by contract; its hash is its first body word.
    unsafe { *(leaf as *const u64).add(1) }
}

/// The leaf of a hash, or 0.
///
/// # Safety
/// `trie` is a trie.
pub unsafe fn find(mut trie: Word, hash: u64) -> Word {
    let mut path = Path::of(hash);
    while trie != 0 {
        // SAFETY: by contract.
        let Some(node) = (unsafe { Node::of(trie) }) else {
            // SAFETY: what is no node is a leaf.
            return if unsafe { hash_of(trie) } == hash { trie } else { 0 };
        };
        let bit = path.bit();
        if node.bitmap() & bit == 0 {
            return 0;
        }
        trie = node.child(node.position(bit));
        path = path.below();
    }
    0
}

impl Heap {
    /// A trie with this leaf, in place of the one of the same hash if there is one.
    ///
    /// # Safety
    /// `trie` is a trie and `leaf` a leaf of this heap.
    pub unsafe fn trie_put(&mut self, trie: Word, leaf: Word) -> Word {
        // SAFETY: by contract.
        unsafe { self.put_below(trie, leaf, Path::of(hash_of(leaf))) }
    }

    unsafe fn put_below(&mut self, trie: Word, leaf: Word, path: Path) -> Word {
        // SAFETY: by the contract of `trie_put`; allocation moves nothing.
        unsafe {
            if trie == 0 {
                return leaf;
            }
            let Some(node) = Node::of(trie) else {
                let old = hash_of(trie);
                return if old == hash_of(leaf) {
                    leaf
                } else {
                    self.fork(trie, leaf, path, path.beside(old))
                };
            };
            let bit = path.bit();
            let position = node.position(bit);
            if node.bitmap() & bit == 0 {
                return self.with_child(node, bit, position, leaf);
            }
            let child = self.put_below(node.child(position), leaf, path.below());
            let copy = self.copy_of(node);
            *copy.add(FRONT + position) = child;
            copy as Word
        }
    }

    /// Nodes over two leaves of different hashes, down to where their paths part.
    unsafe fn fork(&mut self, old: Word, new: Word, path: Path, old_path: Path) -> Word {
        // SAFETY: as for `put_below`.
        unsafe {
            let (a, b) = (old_path.bit(), path.bit());
            if a == b {
                let below = self.fork(old, new, path.below(), old_path.below());
                let node = self.node(a, 1);
                *node.add(FRONT) = below;
                return node as Word;
            }
            let node = self.node(a | b, 2);
            let (first, second) = if a < b { (old, new) } else { (new, old) };
            *node.add(FRONT) = first;
            *node.add(FRONT + 1) = second;
            node as Word
        }
    }

    /// A trie without the leaf of a hash.
    ///
    /// # Safety
    /// `trie` is a trie of this heap.
    pub unsafe fn trie_remove(&mut self, trie: Word, hash: u64) -> Word {
        // SAFETY: by contract.
        unsafe { self.remove_below(trie, hash, Path::of(hash)) }
    }

    unsafe fn remove_below(&mut self, trie: Word, hash: u64, path: Path) -> Word {
        // SAFETY: as for `put_below`.
        unsafe {
            if trie == 0 {
                return 0;
            }
            let Some(node) = Node::of(trie) else { return if hash_of(trie) == hash { 0 } else { trie } };
            let bit = path.bit();
            if node.bitmap() & bit == 0 {
                return trie;
            }
            let position = node.position(bit);
            let old = node.child(position);
            let child = self.remove_below(old, hash, path.below());
            if child == old {
                return trie;
            }
            // A node over one leaf alone is that leaf
            let stays = if child == 0 && node.count() == 2 { node.child(1 - position) } else { child };
            let alone = node.count() == if child == 0 { 2 } else { 1 };
            if alone && Node::of(stays).is_none() {
                return stays;
            }
            if child == 0 {
                return self.without_child(node, bit, position);
            }
            let copy = self.copy_of(node);
            *copy.add(FRONT + position) = child;
            copy as Word
        }
    }

    /// A node whose children are still to be written.
    unsafe fn node(&mut self, bitmap: u64, count: usize) -> *mut u64 {
        let at = self.allocate(FRONT + count);
        // SAFETY: `allocate` gave that many words.
        unsafe {
            *at = Header::new(ARRAY_REF, NODE_TAG).0;
            *at.add(1) = count as u64 + 1;
            *at.add(2) = bitmap;
        }
        at
    }

    unsafe fn copy_of(&mut self, node: Node) -> *mut u64 {
        let words = FRONT + node.count();
        let at = self.allocate(words);
        // SAFETY: both have that many words.
        unsafe {
            std::ptr::copy_nonoverlapping(node.0, at, words);
            *at = Header::new(ARRAY_REF, NODE_TAG).0;
        }
        at
    }

    unsafe fn with_child(&mut self, node: Node, bit: u64, position: usize, child: Word) -> Word {
        let count = node.count();
        // SAFETY: the new node has one child more.
        unsafe {
            let at = self.node(node.bitmap() | bit, count + 1);
            let (from, to) = (node.0.add(FRONT), at.add(FRONT));
            std::ptr::copy_nonoverlapping(from, to, position);
            *to.add(position) = child;
            std::ptr::copy_nonoverlapping(from.add(position), to.add(position + 1), count - position);
            at as Word
        }
    }

    unsafe fn without_child(&mut self, node: Node, bit: u64, position: usize) -> Word {
        let count = node.count();
        // SAFETY: the new node has one child less.
        unsafe {
            let at = self.node(node.bitmap() & !bit, count - 1);
            let (from, to) = (node.0.add(FRONT), at.add(FRONT));
            std::ptr::copy_nonoverlapping(from, to, position);
            std::ptr::copy_nonoverlapping(from.add(position + 1), to.add(position), count - position - 1);
            at as Word
        }
    }
}

/// The entries of a trie in the order in which they were put in; there are `size` of them, with places below `next`.
///
/// `None` when the words do not say so.
pub fn entries<'h>(trie: Value<'h>, size: usize, next: usize) -> Option<Vec<Value<'h>>> {
    let places_max = size.checked_mul(4)?.checked_add(PLACES_SLACK)?;
    if next > places_max {
        return None;
    }
    let mut places: Vec<Option<Value<'h>>> = vec![None; next];
    gather(trie, 64 / BITS + 2, &mut places);
    let found: Vec<Value<'h>> = places.into_iter().flatten().collect();
    (found.len() == size).then_some(found)
}

/// A map may have so many places without an entry, besides four for each entry.
const PLACES_SLACK: usize = 1 << 10;

/// Puts the entries of a trie of at most so many levels to their places.
fn gather<'h>(trie: Value<'h>, levels: u32, places: &mut [Option<Value<'h>>]) {
    if !trie.is_object() || levels == 0 {
        return;
    }
    if trie.array_len().is_some() {
        (1..trie.array_len().unwrap_or(0))
            .filter_map(|i| trie.element(i))
            .for_each(|child| gather(child, levels - 1, places));
        return;
    }
    let Some(second) = trie.field(1) else { return };
    if trie.tag() == BUCKET_TAG {
        second.list().for_each(|entry| gather(entry, 1, places));
    } else if let Some(place) = usize::try_from(second.int()).ok().and_then(|at| places.get_mut(at)) {
        *place = Some(trie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layouts;
    use snow_abi::layout::{fixed_layouts, small};
    use snow_abi::value::Class;
    use std::collections::HashMap;

    /// An entry as std makes it: hash, place, key, value.
    fn entry(heap: &mut Heap, hash: u64, place: u64) -> Word {
        heap.object(small(4, 0), 1, &[hash, place, hash, place * 10])
    }

    fn check_against_model(mut hashes: impl FnMut(u64) -> u64) {
        let layouts = Layouts::new(&fixed_layouts(), &[]);
        // SAFETY: the heap is dropped first.
        let mut heap = unsafe { Heap::new(&layouts, false) };
        let (mut trie, mut model) = (0, HashMap::new());
        let mut state = 1u64;
        for step in 0..1000u64 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let hash = hashes(state >> 40);
            // SAFETY: the words are tries and leaves of the heap, which nobody collects.
            unsafe {
                if state >> 33 & 3 == 0 {
                    trie = heap.trie_remove(trie, hash);
                    model.remove(&hash);
                } else {
                    let leaf = entry(&mut heap, hash, step);
                    trie = heap.trie_put(trie, leaf);
                    model.insert(hash, leaf);
                }
                assert_eq!(find(trie, hash), model.get(&hash).copied().unwrap_or(0));
            }
        }
        // SAFETY: as above.
        unsafe {
            assert!(model.iter().all(|(hash, leaf)| find(trie, *hash) == *leaf));
            let all = entries(Value::new(trie, Class::Ref, &layouts), model.len(), 1000).expect("a trie");
            assert!(all.is_sorted_by_key(|e| e.field(1).map(Value::int)));
            for hash in model.keys() {
                trie = heap.trie_remove(trie, *hash);
            }
        }
        assert_eq!(trie, 0);
    }

    #[test]
    fn it_holds_what_was_put_in() {
        check_against_model(|n| n % 700);
        check_against_model(|n| (n % 500) << 32);
        check_against_model(|n| ((n % 40) << 59) | (n % 3));
    }

    #[test]
    fn removing_leads_back_to_the_same_shape() {
        let layouts = Layouts::new(&fixed_layouts(), &[]);
        // SAFETY: the heap is dropped first; words as above.
        unsafe {
            let mut heap = Heap::new(&layouts, false);
            let (a, b) = (entry(&mut heap, 1, 0), entry(&mut heap, 1 + (1 << 63), 1));
            let both = {
                let one = heap.trie_put(0, a);
                heap.trie_put(one, b)
            };
            assert_ne!(both, a);
            assert_eq!(heap.trie_remove(both, 1 + (1 << 63)), a);
            assert_eq!(heap.trie_remove(both, 77), both);
        }
    }
}
