//! Any bytes are a schema or an error; a schema is printed, resolved and comes back as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use snow_abi::descriptor::{Descriptor, DescriptorId, Field, Variant};
use snow_abi::layout::fixed_layouts;
use snow_heap::Layouts;
use snow_term::plan::Plan;
use snow_term::schema::Schema;
use snow_term::types::Types;
use std::sync::Arc;

fn types() -> Types {
    let field =
        |name: &str, ty: u32| Field { name: name.to_owned(), ty: DescriptorId(ty), has_default: false };
    let variants = vec![
        Variant { name: "Nil".to_owned(), fields: vec![] },
        Variant { name: "Cons".to_owned(), fields: vec![field("head", 1), field("tail", 0)] },
    ];
    let descriptors = vec![
        Descriptor::Sum { name: "List<Int>".to_owned(), variants },
        Descriptor::Int,
        Descriptor::Struct { name: "S".to_owned(), fields: vec![field("a", 0), field("b", 1)] },
        Descriptor::Pid(DescriptorId(2)),
    ];
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &descriptors));
    Types::new(descriptors, vec![], layouts)
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(schema) = Schema::decode(bytes) else { return };
    assert_eq!(Schema::decode(schema.bytes()).expect("its own bytes"), schema);
    assert!(schema.to_string().len() < 1_000);
    let (types, schema) = (types(), Arc::new(schema));
    for ty in 0..4 {
        if let Err(error) = Plan::resolve(&schema, &types, DescriptorId(ty)) {
            drop(error.to_string());
        }
    }
});
