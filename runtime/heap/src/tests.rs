//! Tests of allocation, collection, copying and building, by random graphs against a plain model.

use super::*;
use snow_abi::layout::{ARRAY_REF, fixed_layouts, small};
use snow_abi::value::{Class, Word};
use std::collections::{HashMap, VecDeque};

/// What a value looks like without addresses: objects are numbered as they are met, so shared parts show.
fn show(value: Value) -> String {
    let (mut numbers, mut waiting, mut out) = (HashMap::new(), VecDeque::from([value]), String::new());
    while let Some(value) = waiting.pop_front() {
        if !value.is_reference() {
            out += &format!(" {}", value.int());
        } else if let Some(immediate) = value.immediate() {
            out += &format!(" #{immediate}");
        } else {
            let next = numbers.len();
            let number = *numbers.entry(value.address()).or_insert(next);
            out += &format!(" @{number}");
            if number < next {
                continue;
            }
            out += &format!("={}", value.tag());
            if let Some(text) = value.text() {
                out += &format!("{:?}", String::from_utf8_lossy(text));
            }
            let elements = (0..value.array_len().unwrap_or(0)).filter_map(|i| value.element(i));
            waiting.extend(elements.chain((0..value.field_count()).filter_map(|i| value.field(i))));
        }
    }
    out
}

struct Fixture {
    layouts: Box<Layouts>,
    heap: Heap,
}

fn fixture(stress: bool) -> Fixture {
    let layouts = Box::new(Layouts::new(&fixed_layouts(), &[]));
    // SAFETY: the fixture drops the heap no later than the layouts are unused.
    let heap = unsafe { Heap::new(&*layouts, stress) };
    Fixture { layouts, heap }
}

impl Fixture {
    fn show(&self, word: Word) -> String {
        // SAFETY: tests pass words of this heap or of live fragments.
        show(unsafe { Value::new(word, Class::Ref, &self.layouts) })
    }

    fn collect(&mut self, roots: &mut [Word]) {
        // SAFETY: tests name all their roots.
        unsafe { self.heap.collect(0, roots) }
    }

    fn copy(&mut self, word: Word) -> Fragment {
        // SAFETY: tests pass words of this heap.
        unsafe { self.heap.copy_out(word, Class::Ref, &mut CopyScratch::default()) }
    }
}

fn list(heap: &mut Heap, items: impl Iterator<Item = i64>) -> Word {
    items.fold(0, |tail, head| heap.object(small(2, 0b10), 1, &[head as u64, tail]))
}

#[test]
fn survivors_keep_their_value_and_garbage_goes() {
    for stress in [false, true] {
        let mut f = fixture(stress);
        let mut roots = [list(&mut f.heap, 0..50), 7];
        for round in 0..20 {
            list(&mut f.heap, 0..1000);
            let before = f.show(roots[0]);
            f.collect(&mut roots);
            assert_eq!(before, f.show(roots[0]));
            assert_eq!(roots[1], 7);
            let head = roots[0];
            roots[0] = f.heap.object(small(2, 0b10), 1, &[round, head]);
        }
        let mut twice = [roots[0], roots[0]];
        f.collect(&mut twice);
        assert_eq!(twice[0], twice[1]);
        assert!(f.heap.used_bytes() <= 70 * 24);
    }
}

#[test]
fn memory_shrinks_when_little_is_alive() {
    let mut f = fixture(false);
    let mut roots = [list(&mut f.heap, 0..200_000)];
    f.collect(&mut roots);
    assert!(f.heap.used_bytes() >= 200_000 * 24);
    roots[0] = 0;
    for _ in 0..9 {
        list(&mut f.heap, 0..200_000);
        f.collect(&mut roots);
    }
    roots[0] = list(&mut f.heap, 0..3);
    f.collect(&mut roots);
    assert_eq!(f.heap.used_bytes(), 3 * 24);
    assert_eq!(f.show(roots[0]), " @0=1 2 @1=1 1 @2=1 0 #0");
}

/// Carries a value to another heap as its words, moved about on the way; gives how it looks there.
fn carry(f: &mut Fixture, word: Word) -> Option<String> {
    let mut scratch = CopyScratch::default();
    // SAFETY: the word is of this heap; the words are copied while the room holds them and go to a heap of the same layouts.
    unsafe {
        let small = f.heap.copy_small(word, Class::Ref, &mut scratch)?;
        let mut words = vec![0; small.words];
        scratch.write_room(words.as_mut_ptr(), small.words);
        scratch.room = [0xA5A5_A5A5_A5A5_A5A5; SMALL_WORDS_MAX];
        let mut other = Heap::new(&*f.layouts, false);
        other.object(snow_abi::layout::small(1, 0), 3, &[9]);
        let arrived = other.adopt_small(words.as_ptr(), small);
        Some(show(Value::new(arrived, Class::Ref, &f.layouts)))
    }
}

#[test]
fn small_values_are_carried_as_words() {
    let mut f = fixture(false);
    let flat = f.heap.object(small(3, 0b100), 5, &[1, 2, 77]);
    let text = f.heap.text(b"a text");
    let pair = f.heap.object(small(2, 0b11), 4, &[text, text]);
    let nested = f.heap.object(small(3, 0b101), 6, &[pair, 8, flat]);
    let tree = list(&mut f.heap, 0..21);
    for word in [0, 4000, flat, text, pair, nested, tree] {
        let here = f.show(word);
        assert_eq!(carry(&mut f, word), Some(here.clone()));
        assert_eq!(f.show(word), here, "the original stays as it was");
    }
}

#[test]
fn what_is_not_small_is_left_alone() {
    let mut f = fixture(false);
    let long = f.heap.text(&[b'x'; 100]);
    let with_long = f.heap.object(small(2, 0b11), 0, &[0, long]);
    let many = list(&mut f.heap, 0..22);
    let wide = f.heap.array(false, &[1; 63]);
    for word in [long, with_long, many, wide] {
        let here = f.show(word);
        assert_eq!(carry(&mut f, word), None);
        assert_eq!(f.show(word), here);
    }
}

#[test]
fn small_values_arrive_young_in_a_large_heap() {
    for stress in [false, true] {
        let mut f = fixture(stress);
        let mut roots = [list(&mut f.heap, 0..20_000), 0];
        f.collect(&mut roots);
        let old = roots[0];
        let mut sender = fixture(false);
        let tree = list(&mut sender.heap, 0..3);
        let mut scratch = CopyScratch::default();
        // SAFETY: the list is of the sender's heap; the room holds its words until they are taken in.
        unsafe {
            let small = sender.heap.copy_small(tree, Class::Ref, &mut scratch).expect("three small objects");
            roots[1] = f.heap.adopt_small(scratch.room.as_ptr(), small);
        }
        drop(sender);
        let arrived = roots[1];
        f.collect(&mut roots);
        assert_eq!(roots[0], old, "only what is young was collected");
        assert_ne!(roots[1], arrived, "it was promoted");
        assert_eq!(f.show(roots[1]), " @0=1 2 @1=1 1 @2=1 0 #0");
    }
}

#[test]
fn most_collections_leave_the_old_part_alone() {
    let mut f = fixture(false);
    let mut roots = [list(&mut f.heap, 0..20_000), 0];
    f.collect(&mut roots);
    let old = roots[0];
    for round in 0..10 {
        let text = f.heap.text(&[b'0' + round; 70]);
        roots[1] = f.heap.object(small(3, 0b111), 1, &[text, roots[1], old]);
        list(&mut f.heap, 0..5_000);
        f.collect(&mut roots);
        assert_eq!(roots[0], old, "it has not moved");
    }
    assert!(f.heap.used_bytes() < 20_000 * 24 + 10 * 100);
    let texts: Vec<String> = (0..10).rev().map(|i| format!("{:?}", i.to_string().repeat(70))).collect();
    let shown = f.show(roots[1]);
    assert!(texts.iter().all(|text| shown.contains(text)), "{shown}");
}

#[test]
fn the_window_follows_what_becomes_of_young_objects() {
    let mut f = fixture(false);
    let mut roots = [list(&mut f.heap, 0..20_000)];
    f.collect(&mut roots);
    let first = f.heap.window_wanted();
    let mut grow = |f: &mut Fixture, keep: bool| {
        let cells = f.heap.window_wanted() / 24;
        for n in 0..cells as u64 {
            let tail = if keep { roots[0] } else { 0 };
            let cell = f.heap.object(small(2, 0b10), 1, &[n, tail]);
            roots[0] = if keep { cell } else { roots[0] };
        }
        f.collect(&mut roots);
        f.heap.window_wanted()
    };
    let grown: Vec<usize> = (0..3).map(|_| grow(&mut f, true)).collect();
    assert_eq!(grown, [2 * first, 4 * first, 8 * first], "everything stayed alive");
    // The first of these is a collection of everything, which tells nothing
    let shrunk: Vec<usize> = (0..5).map(|_| grow(&mut f, false)).collect();
    assert_eq!(shrunk, [8, 4, 2, 1, 1].map(|n| n * first), "nothing stayed alive");
}

#[test]
fn an_old_object_that_is_overwritten_keeps_the_young_one_alive() {
    let mut f = fixture(false);
    let pair = f.heap.object(small(2, 0b11), 0, &[0, 0]);
    let mut roots = [list(&mut f.heap, 0..20_000), pair];
    f.collect(&mut roots);
    let young = list(&mut f.heap, 0..2);
    // SAFETY: the pair is alive and has two words.
    unsafe { *(roots[1] as *mut u64).add(2) = young };
    f.heap.note_overwritten(roots[1], 1);
    f.collect(&mut roots);
    list(&mut f.heap, 50..60);
    f.collect(&mut roots);
    assert_eq!(f.show(roots[1]), " @0=0 #0 @1=1 1 @2=1 0 #0");
}

#[test]
fn words_of_a_large_old_array_that_are_overwritten_keep_young_objects_alive() {
    let mut f = fixture(false);
    let empty = f.heap.array(true, &vec![0; 50_000]);
    let mut roots = [empty];
    f.collect(&mut roots);
    for round in 0..50_000u64 {
        let young = f.heap.object(small(1, 0), 0, &[round]);
        // SAFETY: the array is alive and has so many elements.
        unsafe { *(roots[0] as *mut u64).add(2 + round as usize) = young };
        f.heap.note_overwritten(roots[0], 1 + round as usize);
        if round % 100 == 0 {
            f.collect(&mut roots);
        }
    }
    f.collect(&mut roots);
    // SAFETY: as above; each element is an object of one word.
    let held = |i: usize| unsafe { *(*(roots[0] as *const u64).add(2 + i) as *const u64).add(1) };
    assert!((0..50_000).all(|i| held(i) == i as u64));
}

#[test]
fn fragments_adopted_by_a_large_heap_stay_and_give_their_buffers_back() {
    let mut f = fixture(false);
    let mut roots = [list(&mut f.heap, 0..20_000), 0];
    f.collect(&mut roots);
    let buffer = SharedText::new("x".repeat(100).as_bytes());
    let mut sender = fixture(false);
    let text = sender.heap.shared_text(buffer.clone(), 0, 100);
    let fragment = sender.copy(text);
    drop(sender);
    roots[1] = f.heap.adopt(fragment);
    let adopted = roots[1];
    for _ in 0..3 {
        f.collect(&mut roots);
    }
    assert_eq!((roots[1], buffer.count()), (adopted, 2));
    roots[1] = 0;
    for _ in 0..10 {
        list(&mut f.heap, 0..30_000);
        f.collect(&mut roots);
    }
    assert_eq!(buffer.count(), 1);
}

#[test]
fn a_copy_keeps_sharing_and_the_original() {
    let mut f = fixture(false);
    let leaf = f.heap.text(b"leaf");
    let mut node = leaf;
    for _ in 0..60 {
        node = f.heap.object(small(2, 0b11), 0, &[node, node]);
    }
    let fragment = f.copy(node);
    assert_eq!(fragment.bytes(), 60 * 24 + 24);
    let value = fragment.value(&f.layouts);
    assert_eq!(value.field(0).and_then(Value::address), value.field(1).and_then(Value::address));
    let mut receiver = fixture(false);
    let mut word = receiver.heap.adopt(fragment);
    for _ in 0..60 {
        // SAFETY: a live object.
        word = unsafe { *(word as *const u64).add(2) };
    }
    assert_eq!(receiver.show(word), " @0=0\"leaf\"");
    assert_eq!(f.show(leaf), " @0=0\"leaf\"");
}

#[test]
fn long_texts_are_shared_and_released() {
    let mut f = fixture(true);
    let long = "x".repeat(100);
    let buffer = SharedText::new(long.as_bytes());
    let word = f.heap.shared_text(buffer.clone(), 10, 80);
    let short = f.heap.shared_text(buffer.clone(), 3, 4);
    assert_eq!(f.show(short), " @0=0\"xxxx\"");
    let mut fragment = f.copy(word);
    let again = fragment.duplicate(&f.layouts);
    let mut other = fixture(false);
    let mut roots = [other.heap.adopt(fragment), other.heap.adopt(again)];
    other.collect(&mut roots);
    other.collect(&mut roots);
    assert_eq!(other.show(roots[0]), format!(" @0=0{:?}", "x".repeat(80)));
    assert_eq!(buffer.count(), 4);
    other.collect(&mut roots[..1]);
    assert_eq!(buffer.count(), 3);
    drop(other);
    f.collect(&mut []);
    assert_eq!(buffer.count(), 1);
}

#[test]
fn fragments_small_and_large_are_adopted() {
    for items in [1, 3, 40, 5000] {
        let mut sender = fixture(false);
        let word = list(&mut sender.heap, 0..items);
        let expected = sender.show(word);
        let mut receiver = fixture(false);
        let mut roots = [0; 4];
        for root in &mut roots {
            *root = receiver.heap.adopt(sender.copy(word));
        }
        receiver.collect(&mut roots);
        assert!(roots.iter().all(|root| receiver.show(*root) == expected));
    }
}

#[test]
fn built_fragments_read_back() {
    let layouts = Layouts::new(&fixed_layouts(), &[]);
    let mut builder = FragmentBuilder::new(&layouts);
    let array = builder.array(true, 3);
    let (text, long) = (builder.text(b"ab"), builder.text(&[b'y'; 70]));
    builder.set(array, 0, text);
    builder.set(array, 2, long);
    let fragment = builder.finish(array);
    let value = fragment.value(&layouts);
    assert_eq!(value.layout(), Some(ARRAY_REF));
    assert_eq!(show(value), format!(" @0=0 @1=0\"ab\" #0 @2=0{:?}", "y".repeat(70)));
}

#[test]
#[should_panic(expected = "a part as the layout has it")]
fn a_part_of_the_wrong_class_is_refused() {
    let layouts = Layouts::new(&fixed_layouts(), &[]);
    let mut builder = FragmentBuilder::new(&layouts);
    let array = builder.array(true, 1);
    builder.set(array, 0, Built::int(1 << 40));
}

#[test]
fn random_graphs_survive() {
    for seed in 1..40u64 {
        let mut state = seed;
        let mut random = |n: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % n
        };
        let mut f = fixture(seed % 2 == 0);
        let mut roots = vec![0; 6];
        for _ in 0..200 {
            let (a, b) = (roots[random(6) as usize], roots[random(6) as usize]);
            let new = match random(5) {
                0 => f.heap.text(&vec![b'a'; random(90) as usize]),
                1 => f.heap.array(true, &[a, 5, b]),
                2 => f.heap.array(false, &[random(99), 1]),
                3 => f.heap.object(small(3, 0b101), 2, &[a, u64::MAX, 3]),
                _ => random(9),
            };
            roots[random(6) as usize] = new;
            if random(4) == 0 {
                let before: Vec<_> = roots.iter().map(|r| f.show(*r)).collect();
                f.collect(&mut roots);
                let fragment = f.copy(roots[0]);
                roots[1] = f.heap.adopt(fragment);
                let after: Vec<_> = roots.iter().map(|r| f.show(*r)).collect();
                assert_eq!(before[2..], after[2..], "seed {seed}");
                assert_eq!((&before[0], &before[0]), (&after[0], &after[1]), "seed {seed}");
            }
            if random(30) == 0 {
                roots.fill(0);
            }
        }
    }
}
