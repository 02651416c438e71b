//! Long texts go into a frame without a copy, and come out of the received bytes without one where they are most of them.

use snow_abi::descriptor::{Descriptor, DescriptorId};
use snow_abi::layout::fixed_layouts;
use snow_heap::{Built, Fragment, FragmentBuilder, GrowingText, Layouts, SharedText};
use snow_term::decode::{Source, decode};
use snow_term::encode::{Encoder, ForFrame};
use snow_term::encoded::{NodeReferences, NodeTable};
use snow_term::error::{DecodeError, EncodeError};
use snow_term::plan::Plan;
use snow_term::schema::Schema;
use snow_term::types::Types;
use std::sync::Arc;

/// `(Int, Bytes, String, Int)`
const ROOT: DescriptorId = DescriptorId(3);

struct NoNode;

impl NodeReferences for NoNode {
    fn reference(&mut self, node: u16) -> u32 {
        node.into()
    }
}

impl NodeTable for NoNode {
    fn index(&self, _reference: u32) -> Option<u16> {
        None
    }
}

fn types() -> Types {
    let parts = [2, 0, 1, 2].map(DescriptorId).to_vec();
    let descriptors = vec![Descriptor::Bytes, Descriptor::String, Descriptor::Int, Descriptor::Tuple(parts)];
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &descriptors));
    Types::new(descriptors, vec![], layouts)
}

fn tuple(types: &Types, bytes: usize, text: usize) -> Fragment {
    let layout = types.layout([2, 0, 1, 2].map(|ty| types.class(DescriptorId(ty)))).expect("four words");
    let mut builder = FragmentBuilder::new(types.layouts());
    let object = builder.object(layout, 0);
    let (bytes, text) = (builder.text(&vec![0xab; bytes]), builder.text("é".repeat(text / 2).as_bytes()));
    for (index, part) in [Built::int(-1), bytes, text, Built::int(70_000)].into_iter().enumerate() {
        builder.set(object, index, part);
    }
    builder.finish(object)
}

/// The bytes as a whole, and put together from pieces of the given length.
fn both(types: &Types, fragment: &Fragment, piece_len: usize) -> (Vec<u8>, Vec<u8>) {
    let value = fragment.value(types.layouts());
    let mut encoder = Encoder::new();
    let whole = encoder.encode(types, value, ROOT, &mut NoNode, 1 << 24).expect("it fits").bytes().to_vec();
    let long =
        encoder.encode_for_frame(types, value, ROOT, &mut NoNode, (1 << 24, 1 << 16)).expect("it fits");
    let (pieces, mut together) = (long.into_pieces(), vec![]);
    assert_eq!(pieces.len(), whole.len());
    for from in (0..pieces.len()).step_by(piece_len) {
        let to = pieces.len().min(from + piece_len);
        let before = together.len();
        pieces.each_piece(from, to, &mut |piece| together.extend_from_slice(piece));
        assert_eq!(together.len() - before, to - from);
    }
    (whole, together)
}

#[test]
fn pieces_are_the_whole() {
    let types = types();
    for (bytes, text) in
        [(100_000, 40_000), (40_000, 0), (0, 100_000), (10, 20), (33_000, 33_000), (70_000, 30)]
    {
        let fragment = tuple(&types, bytes, text);
        for piece_len in [1 << 16, 4_099, 1 << 20] {
            let (whole, together) = both(&types, &fragment, piece_len);
            assert!(whole == together, "{bytes} and {text} bytes in pieces of {piece_len}");
        }
    }
}

#[test]
fn short_values_stay_in_the_encoders_memory() {
    let types = types();
    let fragment = tuple(&types, 10, 20);
    let mut encoder = Encoder::new();
    let value = fragment.value(types.layouts());
    let made = encoder.encode_for_frame(&types, value, ROOT, &mut NoNode, (1 << 24, 1 << 16));
    assert!(matches!(made, Ok(ForFrame::Short(_))));
}

#[test]
fn shared_texts_count_for_the_bound() {
    let types = types();
    let fragment = tuple(&types, 40_000, 40_000);
    let mut encoder = Encoder::new();
    let value = fragment.value(types.layouts());
    let made = encoder.encode_for_frame(&types, value, ROOT, &mut NoNode, (79_000, 1 << 16));
    assert!(matches!(made, Err(EncodeError::TooLong(79_000))));
}

fn received(types: &Types, bytes: usize, text: usize) -> (SharedText, Result<Fragment, DecodeError>) {
    let (sent, _) = both(types, &tuple(types, bytes, text), 1 << 16);
    let mut whole = GrowingText::with_room(1);
    // What stood before the value in its frame.
    whole.push(b"head");
    sent.chunks(1000).for_each(|chunk| whole.push(chunk));
    let whole = whole.finish();
    let schema = Schema::decode(types.schema(ROOT).bytes()).expect("it was written so");
    let plan = Plan::resolve(&Arc::new(schema), types, ROOT).expect("a type fits itself");
    let source = Source { bytes: &whole.bytes()[4..], whole: Some(&whole) };
    let fragment = decode(&plan, types.layouts(), source, &NoNode, 1 << 24);
    (whole, fragment)
}

#[test]
fn a_text_that_is_most_of_a_message_is_shared_and_a_smaller_one_copied() {
    let types = types();
    let (whole, fragment) = received(&types, 100_000, 40_000);
    let fragment = fragment.expect("it is whole");
    let value = fragment.value(types.layouts());
    let at = |index: usize| value.field(index).and_then(|part| part.text()).expect("a text").as_ptr();
    let range = whole.bytes().as_ptr_range();
    assert!(range.contains(&at(1)) && !range.contains(&at(2)));
    // The fragment keeps the bytes alive.
    drop(whole);
    assert!(value.field(1).and_then(|part| part.text()).is_some_and(|text| text == vec![0xab; 100_000]));
    assert!(
        value.field(2).and_then(|part| part.text()).is_some_and(|text| text == "é".repeat(20_000).as_bytes())
    );
    assert_eq!((value.field(0).map(|n| n.int()), value.field(3).map(|n| n.int())), (Some(-1), Some(70_000)));
}
