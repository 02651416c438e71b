//! Any bytes are a schema or an error; a schema is printed, comes back as it was, and fits a program's types or does not.

use super::types::{descriptors, types};
use super::value::valid;
use super::{Input, wire_target};
use crate::bytes::damage;
use crate::chance::Chance;
use snow_abi::descriptor::DescriptorId;
use snow_term::decode::decode;
use snow_term::plan::Plan;
use snow_term::schema::Schema;
use std::sync::Arc;

/// The decoder of schemas, and what reads values by them.
pub struct Schemas;

wire_target!(Schemas, "schema", 2_000, drop: false);

/// Longest text of a type.
const PRINT_BYTES_MAX: usize = 1_000;

/// A schema, and a value as if it were of it.
fn make(chance: &mut Chance) -> Input {
    let context = chance.draw();
    let types = types(descriptors(context));
    let mut root = || DescriptorId(chance.below(types.descriptor_count()) as u32);
    let (root, other) = (root(), root());
    let mut schema = types.schema(root).bytes().to_vec();
    for _ in 0..chance.below(4) {
        damage(&mut schema, types.schema(other).bytes(), chance);
    }
    Input { context, parts: vec![schema, valid(&types, root, chance)] }
}

fn check(input: &Input) {
    let [bytes, value] = &input.parts[..] else { return };
    let schema = match Schema::decode(bytes) {
        Ok(schema) => Arc::new(schema),
        Err(problem) => return assert!(!problem.to_string().is_empty()),
    };
    assert_eq!(schema.bytes(), bytes);
    assert_eq!(Schema::decode(schema.bytes()).as_ref(), Ok(&*schema), "it comes back as it was");
    assert!(schema.to_string().len() < PRINT_BYTES_MAX);
    let types = types(descriptors(input.context));
    for ty in (0..types.descriptor_count() as u32).map(DescriptorId) {
        match Plan::resolve(&schema, &types, ty) {
            Ok(plan) => {
                drop(decode(&plan, types.layouts(), value.as_slice(), &super::types::AnyNode, 1 << 20))
            }
            Err(problem) => assert!(!problem.to_string().is_empty()),
        }
    }
}
