//! Canonical form, fingerprints, and hostile schema bytes.

use super::*;
use snow_abi::descriptor::{Field, Tag, Variant};

fn field(name: &str, ty: u32) -> Field {
    Field { name: name.into(), ty: DescriptorId(ty), has_default: false }
}

fn sum(name: &str, variants: &[(&str, Vec<Field>)]) -> Descriptor {
    let variants = variants
        .iter()
        .map(|(name, fields)| Variant { name: (*name).into(), fields: fields.clone() })
        .collect();
    Descriptor::Sum { name: name.into(), variants }
}

fn schema(descriptors: &[Descriptor], root: u32) -> Schema {
    Schema::of_descriptor(descriptors, &["stop".into(), "go".into()], DescriptorId(root))
}

#[test]
fn a_recursive_type_equals_its_unfolding() {
    let tree = |child| {
        sum("Tree", &[("Leaf", vec![]), ("Node", vec![field("", child), field("", 0), field("", child)])])
    };
    let folded = schema(&[Descriptor::Int, tree(1)], 1);
    let unfolded = schema(&[Descriptor::Int, tree(2), tree(3), tree(1)], 1);
    assert_eq!(folded, unfolded);
    assert_eq!(folded.node_count(), 2);
}

#[test]
fn names_and_structure_make_the_fingerprint_and_defaults_do_not() {
    let of = |name: &str, field_name: &str, ty: Descriptor, has_default| {
        let fields = vec![Field { name: field_name.into(), ty: DescriptorId(0), has_default }];
        schema(&[ty, Descriptor::Struct { name: name.into(), fields }], 1).fingerprint()
    };
    let base = of("Point", "x", Descriptor::Int, false);
    assert_eq!(base, of("Point", "x", Descriptor::Int, true));
    assert_ne!(base, of("Point", "y", Descriptor::Int, false));
    assert_ne!(base, of("Pair", "x", Descriptor::Int, false));
    assert_ne!(base, of("Point", "x", Descriptor::Float, false));
}

#[test]
fn bytes_round_trip_and_print() {
    let list = sum("List<Int>", &[("Nil", vec![]), ("Cons", vec![field("", 0), field("", 1)])]);
    let tags = Descriptor::Tags(vec![
        Tag { atom: 1, payload: vec![DescriptorId(1)] },
        Tag { atom: 0, payload: vec![] },
    ]);
    let schema = schema(&[Descriptor::Int, list, tags], 2);
    assert_eq!(schema.to_string(), "[:go(List<Int>) | :stop]");
    let again = Schema::decode(schema.bytes()).unwrap();
    assert_eq!(again, schema);
    for cut in 0..schema.bytes().len() {
        assert!(Schema::decode(&schema.bytes()[..cut]).is_err());
    }
}

#[test]
fn hostile_schemas_are_refused() {
    assert!(Schema::decode(&[]).is_err());
    assert!(Schema::decode(&[0]).is_err());
    assert!(Schema::decode(&[1, 13, 1]).is_err(), "a child beyond the end");
    assert!(Schema::decode(&[0xff, 0xff, 0xff, 0xff, 0x0f]).is_err(), "a count beyond the bytes");
    assert!(Schema::decode(&[1, 19, 2, 1, b'a', 0, 1, b'a', 0]).is_err(), "the same tag twice");
    assert_eq!(Schema::decode(&[1, 13, 0]).unwrap().to_string(), "List<List<List<List<List<…>>>>>");
}
