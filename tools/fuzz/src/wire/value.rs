//! Any bytes are a value of a type or an error, also where reader and writer know the type differently; a value that was read is
//! written to the same bytes.

use super::types::{AnyNode, changed, descriptors, types};
use super::{Input, wire_target};
use crate::bytes::damage;
use crate::chance::Chance;
use snow_abi::descriptor::DescriptorId;
use snow_term::decode::decode;
use snow_term::encode::Encoder;
use snow_term::plan::Plan;
use snow_term::schema::{Node, NodeId, Schema};
use snow_term::types::Types;
use snow_term::wire::{write_bytes, write_signed, write_unsigned};

/// The decoder of values.
pub struct Values;

wire_target!(Values, "value", 3_000, drop: false);

/// Memory that a value may take at its receiver.
const MEMORY_BYTES_MAX: usize = 1 << 16;
/// What a value may take beyond, before it is refused: the last object.
const SLACK_BYTES: usize = 1 << 12;

fn make(chance: &mut Chance) -> Input {
    let context = chance.draw();
    let (types, root) = writer(context);
    let mut bytes = valid(&types, root, chance);
    let foreign = valid(&types, root, chance);
    for _ in 0..chance.below(4) {
        damage(&mut bytes, &foreign, chance);
    }
    Input { context, parts: vec![bytes] }
}

/// The writer's types and the one that is written.
fn writer(context: u64) -> (Types, DescriptorId) {
    let descriptors = descriptors(context);
    let root = DescriptorId((context >> 32) as u32 % descriptors.len() as u32);
    (types(descriptors), root)
}

/// The bytes of some value of a type.
pub(super) fn valid(types: &Types, root: DescriptorId, chance: &mut Chance) -> Vec<u8> {
    let mut writer = Writer { schema: types.schema(root), out: vec![], chance };
    writer.value(NodeId(0), 6);
    writer.out
}

/// Writes values by a schema alone.
struct Writer<'a> {
    schema: &'a Schema,
    out: Vec<u8>,
    chance: &'a mut Chance,
}

impl Writer<'_> {
    fn value(&mut self, id: NodeId, fuel: usize) {
        let less = fuel.saturating_sub(1);
        match self.schema.node(id) {
            Node::Unit | Node::Never | Node::Function | Node::Opaque(_) => self.out.push(0),
            Node::Bool => self.out.push(self.chance.below(2) as u8),
            Node::Int => write_signed(&mut self.out, self.chance.draw() as i64 >> self.chance.below(64)),
            Node::Float => self.out.extend(self.chance.draw().to_le_bytes()),
            Node::String => {
                let text = self.chance.pick(&["", "a", "key", "ä€😀"]).repeat(1 + self.chance.below(9));
                write_bytes(&mut self.out, text.as_bytes());
            }
            Node::Bytes => write_bytes(&mut self.out, &self.chance.draw().to_le_bytes()),
            Node::MonitorRef => write_unsigned(&mut self.out, self.chance.draw() >> self.chance.below(64)),
            Node::Pid(_) | Node::ProcessId => {
                write_unsigned(&mut self.out, self.chance.below(3) as u64);
                write_unsigned(&mut self.out, self.chance.draw() >> 16);
            }
            Node::Array(item) | Node::List(item) => {
                for _ in 0..self.count(fuel) {
                    self.value(*item, less);
                }
            }
            // Few of the keys differ by chance: one at most is always right.
            Node::Set(item) => {
                for _ in 0..self.count(fuel).min(1) {
                    self.value(*item, less);
                }
            }
            Node::Map(key, value) => {
                for _ in 0..self.count(fuel).min(1) {
                    self.value(*key, less);
                    self.value(*value, less);
                }
            }
            Node::Tuple(items) => self.all(items.iter().copied(), less),
            Node::Struct(_, members) => self.all(members.iter().map(|member| member.ty), less),
            Node::Sum(_, cases) | Node::Tags(cases) => {
                let case = if fuel == 0 { 0 } else { self.chance.below(cases.len()) };
                write_unsigned(&mut self.out, case as u64);
                let members = cases.get(case).map_or(&[][..], |case| &case.members);
                for member in members {
                    self.value(member.ty, less);
                }
            }
        }
    }

    /// Writes how many there are.
    fn count(&mut self, fuel: usize) -> usize {
        let count = if fuel == 0 { 0 } else { self.chance.below(4) };
        write_unsigned(&mut self.out, count as u64);
        count
    }

    fn all(&mut self, parts: impl ExactSizeIterator<Item = NodeId>, fuel: usize) {
        if parts.len() == 0 {
            self.out.push(0);
        }
        for part in parts {
            self.value(part, fuel);
        }
    }
}

fn check(input: &Input) {
    let bytes = input.parts.first().map_or(&[][..], |part| part);
    let (types, root) = writer(input.context);
    read_same(&types, root, bytes);
    let mut chance = Chance::new(input.context);
    let reader = super::types::types(changed(descriptors(input.context), &mut chance));
    let other = DescriptorId(chance.below(reader.descriptor_count()) as u32);
    for ty in [root, other] {
        match Plan::resolve(types.schema(root), &reader, ty) {
            Ok(plan) => drop(read(&plan, &reader, bytes)),
            Err(problem) => assert!(!problem.to_string().is_empty()),
        }
    }
}

fn read_same(types: &Types, root: DescriptorId, bytes: &[u8]) {
    let plan = Plan::resolve(types.schema(root), types, root).expect("a type fits itself");
    let Some(value) = read(&plan, types, bytes) else { return };
    let mut encoder = Encoder::new();
    let again = encoder.encode(types, value.value(types.layouts()), root, &mut AnyNode, 1 << 24);
    let again = again.expect("what was read can be written");
    assert_eq!(again.bytes(), bytes, "what was read is written as it came");
}

fn read(plan: &Plan, types: &Types, bytes: &[u8]) -> Option<snow_heap::Fragment> {
    match decode(plan, types.layouts(), bytes, &AnyNode, MEMORY_BYTES_MAX) {
        Ok(value) => {
            assert!(value.bytes() <= MEMORY_BYTES_MAX + SLACK_BYTES, "{} bytes", value.bytes());
            Some(value)
        }
        Err(problem) => {
            assert!(!problem.to_string().is_empty());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_values_that_are_right_are_read() {
        let right = |seed: u64| {
            let mut chance = Chance::new(seed);
            let (types, root) = writer(chance.draw());
            let bytes = valid(&types, root, &mut chance);
            let plan = Plan::resolve(types.schema(root), &types, root).expect("a type fits itself");
            read(&plan, &types, &bytes).is_some()
        };
        // All but those with a function or another thing that never travels inside.
        assert!((0..200).filter(|seed| right(*seed)).count() > 150);
    }
}
