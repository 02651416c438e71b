//! Any bytes are a value of a type or an error; a value that was read is written and read to the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use snow_abi::descriptor::{Descriptor, DescriptorId, Field, Tag, Variant};
use snow_abi::layout::fixed_layouts;
use snow_heap::Layouts;
use snow_term::decode::decode;
use snow_term::encode::Encoder;
use snow_term::encoded::{NodeReferences, NodeTable};
use snow_term::plan::Plan;
use snow_term::types::Types;
use std::sync::Arc;

struct AnyNode;

impl NodeReferences for AnyNode {
    fn reference(&mut self, node: u16) -> u32 {
        node.into()
    }
}

impl NodeTable for AnyNode {
    fn index(&self, reference: u32) -> Option<u16> {
        u16::try_from(reference).ok()
    }
}

fn descriptors() -> Vec<Descriptor> {
    let id = DescriptorId;
    let field = |name: &str, ty: u32| Field { name: name.to_owned(), ty: id(ty), has_default: false };
    let sum = |name: &str, first: &str, second: &str, fields: Vec<Field>| Descriptor::Sum {
        name: name.to_owned(),
        variants: vec![
            Variant { name: first.to_owned(), fields: vec![] },
            Variant { name: second.to_owned(), fields },
        ],
    };
    vec![
        Descriptor::Int,
        Descriptor::Float,
        Descriptor::String,
        Descriptor::Bytes,
        Descriptor::Bool,
        sum("List<T>", "Nil", "Cons", vec![field("head", 10), field("tail", 5)]),
        Descriptor::Map(id(2), id(5)),
        Descriptor::Set(id(0)),
        Descriptor::Array(id(1)),
        Descriptor::Pid(id(10)),
        Descriptor::Tags(vec![
            Tag { atom: 0, payload: vec![] },
            Tag { atom: 1, payload: vec![id(11), id(5)] },
        ]),
        Descriptor::Struct {
            name: "All".to_owned(),
            fields: (0..10).map(|ty| field(&format!("f{ty}"), ty)).collect(),
        },
    ]
}

fuzz_target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    let descriptors = descriptors();
    let ty = DescriptorId(u32::from(*which) % descriptors.len() as u32);
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &descriptors));
    let types = Types::new(descriptors, vec!["a".to_owned(), "b".to_owned()], layouts);
    let plan = Plan::resolve(types.schema(ty), &types, ty).expect("a type fits itself");
    let Ok(value) = decode(&plan, types.layouts(), bytes, &AnyNode, 1 << 24) else { return };
    let mut encoder = Encoder::new();
    let again = encoder
        .encode(&types, value.value(types.layouts()), ty, &mut AnyNode, 1 << 24)
        .expect("what was read can be written");
    assert_eq!(again.bytes(), bytes);
});
