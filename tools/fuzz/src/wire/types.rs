//! Types of programs by chance, also as a program of another version has them.

use crate::chance::Chance;
use snow_abi::descriptor::{Descriptor, DescriptorId, Field, Tag, Variant};
use snow_abi::layout::fixed_layouts;
use snow_heap::Layouts;
use snow_term::encoded::{NodeReferences, NodeTable};
use snow_term::types::Types;
use std::sync::Arc;

/// Types of a program at most.
const TYPES_MAX: usize = 24;
/// Names in the program's table of atoms, after `normal`.
const ATOMS: [&str; 5] = ["normal", "alpha", "beta", "gamma", "delta"];

/// Every node has the number that it is written with.
pub struct AnyNode;

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

/// The descriptors of a context: the first ones are the plain types.
pub fn descriptors(context: u64) -> Vec<Descriptor> {
    let mut chance = Chance::new(context);
    let mut all = vec![
        Descriptor::Unit,
        Descriptor::Bool,
        Descriptor::Int,
        Descriptor::Float,
        Descriptor::String,
        Descriptor::Bytes,
        Descriptor::ProcessId,
        Descriptor::MonitorRef,
    ];
    let count = all.len() + chance.below(TYPES_MAX - all.len());
    while all.len() < count {
        let made = descriptor(all.len(), count, &mut chance);
        all.push(made);
    }
    all
}

/// The same types as a later version of the program has them: some parts have come, gone, moved or become others.
pub fn changed(mut descriptors: Vec<Descriptor>, chance: &mut Chance) -> Vec<Descriptor> {
    let count = descriptors.len();
    for _ in 0..chance.below(4) {
        let at = chance.below(count);
        let other = DescriptorId(chance.below(count) as u32);
        match &mut descriptors[at] {
            Descriptor::Struct { fields, .. } => match chance.below(3) {
                0 => drop(fields.pop()),
                1 => fields.reverse(),
                _ => fields.push(Field { name: "new".into(), ty: other, has_default: chance.once_in(2) }),
            },
            Descriptor::Sum { name, variants } if !name.starts_with("List") => match chance.below(2) {
                0 => variants.truncate(2),
                _ => variants.reverse(),
            },
            Descriptor::Tags(tags) => tags.truncate(2),
            Descriptor::Int => descriptors[at] = Descriptor::Float,
            _ => {}
        }
    }
    descriptors
}

/// These as a program's types.
pub fn types(descriptors: Vec<Descriptor>) -> Types {
    let with_map = [descriptors.as_slice(), &[Descriptor::Map(DescriptorId(0), DescriptorId(0))]].concat();
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &with_map));
    Types::new(descriptors, ATOMS.map(str::to_owned).to_vec(), layouts)
}

/// Structs and tuples hold earlier types only; whatever is optional may refer to any, itself included.
fn descriptor(here: usize, count: usize, chance: &mut Chance) -> Descriptor {
    let earlier = |chance: &mut Chance| DescriptorId(chance.below(here) as u32);
    let any = |chance: &mut Chance| DescriptorId(chance.below(count) as u32);
    match chance.below(12) {
        0 => Descriptor::Pid(any(chance)),
        1 => Descriptor::Tuple((0..chance.below(4)).map(|_| earlier(chance)).collect()),
        2 | 3 => {
            let count = chance.below(7);
            let fields = (0..count).map(|i| field(&format!("f{i}"), earlier(chance))).collect();
            Descriptor::Struct { name: format!("S{here}"), fields }
        }
        4 | 5 => {
            let mut variant = |name: &str, count: usize| Variant {
                name: name.into(),
                fields: (0..count).map(|_| field("", any(chance))).collect(),
            };
            let variants = vec![variant("End", 0), variant("More", 1), variant("Two", 2)];
            Descriptor::Sum { name: format!("E{here}"), variants }
        }
        6 => {
            let mut tag = |atom: u32, count: usize| Tag {
                atom,
                payload: (0..count).map(|_| earlier(chance)).collect(),
            };
            Descriptor::Tags(vec![tag(1, 0), tag(2, 1), tag(4, 2)])
        }
        7 => Descriptor::Array(earlier(chance)),
        8 => Descriptor::Map(earlier(chance), earlier(chance)),
        9 => Descriptor::Set(earlier(chance)),
        10 if chance.once_in(3) => Descriptor::Function,
        10 if chance.once_in(2) => Descriptor::Opaque("File".into()),
        10 => Descriptor::Never,
        _ => {
            let fields = vec![field("head", any(chance)), field("tail", DescriptorId(here as u32))];
            let nil = Variant { name: "Nil".into(), fields: vec![] };
            let variants = vec![nil, Variant { name: "Cons".into(), fields }];
            Descriptor::Sum { name: format!("List<{here}>"), variants }
        }
    }
}

fn field(name: &str, ty: DescriptorId) -> Field {
    Field { name: name.into(), ty, has_default: false }
}
