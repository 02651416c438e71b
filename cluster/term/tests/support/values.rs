//! Random types and values for the codec's tests, from a seed.

// A random-number generator, the value tree, and its two translations are used by several test files.
#![allow(dead_code)]

use snow_abi::descriptor::{Descriptor, DescriptorId, Field, Tag, Variant};
use snow_abi::layout::fixed_layouts;
use snow_abi::value::Class;
use snow_heap::{Built, Fragment, FragmentBuilder, Layouts, Value};
use snow_term::decode::decode;
use snow_term::encode::Encoder;
use snow_term::encoded::{NodeReferences, NodeTable};
use snow_term::error::{DecodeError, EncodeError};
use snow_term::plan::Plan;
use snow_term::schema::Schema;
use snow_term::types::Types;
use std::sync::Arc;

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// A value as a tree, to build and to compare.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    Word(u64),
    Float(u64),
    Text(Vec<u8>),
    /// Tag and parts of an object, or an immediate.
    Object(u32, Vec<Tree>),
    List(Vec<Tree>),
    Array(Vec<Tree>),
    Map(Vec<(Tree, Tree)>),
    Set(Vec<Tree>),
}

pub fn atoms() -> Vec<String> {
    ["normal", "alpha", "beta", "gamma", "delta"].iter().map(|s| (*s).to_owned()).collect()
}

pub fn field(name: &str, ty: u32) -> Field {
    Field { name: name.into(), ty: DescriptorId(ty), has_default: false }
}

pub fn types(descriptors: Vec<Descriptor>) -> Types {
    let with_map = [descriptors.as_slice(), &[Descriptor::Map(DescriptorId(0), DescriptorId(0))]].concat();
    let layouts = Arc::new(Layouts::new(&fixed_layouts(), &with_map));
    Types::new(descriptors, atoms(), layouts)
}

/// Only the own node is known.
pub struct OwnNode;

impl NodeReferences for OwnNode {
    fn reference(&mut self, node: u16) -> u32 {
        node.into()
    }
}

impl NodeTable for OwnNode {
    fn index(&self, reference: u32) -> Option<u16> {
        u16::try_from(reference).ok()
    }
}

pub fn encode(types: &Types, root: u32, tree: &Tree) -> Result<Vec<u8>, EncodeError> {
    let fragment = build(types, root, tree);
    let value = fragment.value(types.layouts());
    let mut encoder = Encoder::new();
    let encoded = encoder.encode(types, value, DescriptorId(root), &mut OwnNode, 1 << 20)?;
    Ok(encoded.bytes().to_vec())
}

pub fn plan(writer: &Types, written: u32, reader: &Types, expected: u32) -> Result<Plan, DecodeError> {
    let bytes = writer.schema(DescriptorId(written)).bytes().to_vec();
    Plan::resolve(&Arc::new(Schema::decode(&bytes)?), reader, DescriptorId(expected))
}

pub fn read(plan: &Plan, reader: &Types, expected: u32, bytes: &[u8]) -> Result<Tree, DecodeError> {
    let fragment = decode(plan, reader.layouts(), bytes, &OwnNode, 1 << 24)?;
    Ok(tree(reader, expected, fragment.value(reader.layouts())))
}

pub fn build(types: &Types, root: u32, tree: &Tree) -> Fragment {
    let mut builder = FragmentBuilder::new(types.layouts());
    let built = make(types, &mut builder, root, tree);
    builder.finish(built)
}

fn object(types: &Types, builder: &mut FragmentBuilder<'_>, tag: u32, parts: &[(u32, &Tree)]) -> Built {
    if parts.is_empty() {
        return Built::immediate(tag);
    }
    let classes = parts.iter().map(|(ty, _)| types.class(DescriptorId(*ty))).collect::<Vec<_>>();
    let layout = types.layout(classes).expect("every shape has a layout");
    let object = builder.object(layout, tag);
    for (i, (ty, tree)) in parts.iter().enumerate() {
        let part = make(types, builder, *ty, tree);
        builder.set(object, i, part);
    }
    object
}

fn make(types: &Types, builder: &mut FragmentBuilder<'_>, ty: u32, tree: &Tree) -> Built {
    let id = DescriptorId(ty);
    match (types.descriptor(id), tree) {
        (_, Tree::Word(word)) => Built::int(*word as i64),
        (_, Tree::Float(bits)) => Built::float(f64::from_bits(*bits)),
        (_, Tree::Text(bytes)) => builder.text(bytes),
        (_, Tree::List(items)) => {
            let element = types.list_element(id).expect("a list").0;
            let layout = types.layout([types.class(DescriptorId(element)), Class::Ref]).expect("a cell");
            let mut list = Built::immediate(0);
            for item in items.iter().rev() {
                let cell = builder.object(layout, 1);
                let head = make(types, builder, element, item);
                builder.set(cell, 0, head);
                builder.set(cell, 1, list);
                list = cell;
            }
            list
        }
        (Descriptor::Array(element), Tree::Array(items)) => {
            let array = builder.array(types.class(*element) == Class::Ref, items.len());
            for (i, item) in items.iter().enumerate() {
                let part = make(types, builder, element.0, item);
                builder.set(array, i, part);
            }
            array
        }
        (Descriptor::Map(key, value), Tree::Map(pairs)) => {
            let entries = pairs.iter().map(|(k, v)| entry(types, builder, (*key, k), Some((*value, v))));
            let entries = entries.collect::<Vec<_>>();
            map(types, builder, &entries)
        }
        (Descriptor::Set(key), Tree::Set(items)) => {
            let entries = items.iter().map(|k| entry(types, builder, (*key, k), None)).collect::<Vec<_>>();
            let inner = map(types, builder, &entries);
            let set = builder.object(snow_abi::layout::small(1, 1), 0);
            builder.set(set, 0, inner);
            set
        }
        (descriptor, Tree::Object(tag, parts)) => {
            let part_types = part_types(descriptor, *tag);
            let parts = part_types.iter().copied().zip(parts).collect::<Vec<_>>();
            object(types, builder, *tag, &parts)
        }
        (descriptor, tree) => panic!("{tree:?} is no {descriptor:?}"),
    }
}

/// A map as std has it: a trie of one node, the entries not in order, a deleted one in front of them.
fn map(types: &Types, builder: &mut FragmentBuilder<'_>, entries: &[Built]) -> Built {
    let layout = types.layout([Class::Int, Class::Int, Class::Ref, Class::Ref]).expect("a map");
    let map = builder.object(layout, 0);
    let node = builder.array(true, 1 + entries.len());
    for (place, entry) in (1..).zip(entries) {
        builder.set(*entry, 1, Built::int(place));
        builder.set(node, 1 + entries.len() - place as usize, *entry);
    }
    builder.set(map, 0, Built::int(entries.len() as i64));
    builder.set(map, 1, Built::int(entries.len() as i64 + 1));
    builder.set(map, 2, node);
    map
}

/// An entry of a map: hash, place, key and value.
fn entry(
    types: &Types,
    builder: &mut FragmentBuilder<'_>,
    (key, k): (DescriptorId, &Tree),
    value: Option<(DescriptorId, &Tree)>,
) -> Built {
    let class = value.map_or(Class::Int, |(value, _)| types.class(value));
    let layout = types.layout([Class::Int, Class::Int, types.class(key), class]).expect("an entry");
    let entry = builder.object(layout, 1);
    let part = make(types, builder, key.0, k);
    builder.set(entry, 2, part);
    if let Some((value, v)) = value {
        let part = make(types, builder, value.0, v);
        builder.set(entry, 3, part);
    }
    entry
}

fn part_types(descriptor: &Descriptor, tag: u32) -> Vec<u32> {
    match descriptor {
        Descriptor::Tuple(items) => items.iter().map(|t| t.0).collect(),
        Descriptor::Struct { fields, .. } => fields.iter().map(|f| f.ty.0).collect(),
        Descriptor::Sum { variants, .. } => variants[tag as usize].fields.iter().map(|f| f.ty.0).collect(),
        Descriptor::Tags(tags) => {
            let tag = tags.iter().find(|t| t.atom == tag).expect("a tag of the type");
            tag.payload.iter().map(|t| t.0).collect()
        }
        _ => vec![],
    }
}

/// Reads a value back.
pub fn tree(types: &Types, ty: u32, value: Value<'_>) -> Tree {
    let id = DescriptorId(ty);
    if let Some(element) = types.list_element(id) {
        return Tree::List(value.list().map(|v| tree(types, element.0, v)).collect());
    }
    match types.descriptor(id) {
        Descriptor::Float => Tree::Float(value.word()),
        Descriptor::String | Descriptor::Bytes => Tree::Text(value.text().expect("a text").to_vec()),
        Descriptor::Array(element) => {
            let items = (0..value.array_len().expect("an array")).map(|i| value.element(i).expect("within"));
            Tree::Array(items.map(|v| tree(types, element.0, v)).collect())
        }
        Descriptor::Map(key, to) => {
            let pair = |e: Value<'_>| {
                (tree(types, key.0, e.field(2).unwrap()), tree(types, to.0, e.field(3).unwrap()))
            };
            Tree::Map(entries(value).into_iter().map(pair).collect())
        }
        Descriptor::Set(key) => {
            let items = entries(value.field(0).expect("the map within"));
            Tree::Set(items.into_iter().map(|e| tree(types, key.0, e.field(2).unwrap())).collect())
        }
        descriptor if descriptor.class() == Class::Int => Tree::Word(value.word()),
        descriptor => {
            let part_types = part_types(descriptor, value.tag());
            let parts = part_types.iter().enumerate();
            let parts = parts.map(|(i, t)| tree(types, *t, value.field(i).expect("within"))).collect();
            Tree::Object(value.tag(), parts)
        }
    }
}

/// In the order of their places.
fn entries(map: Value<'_>) -> Vec<Value<'_>> {
    let trie = map.field(2).expect("the trie");
    let arrived = map.field(3).and_then(|arrived| arrived.field(0));
    let mut found = match arrived {
        Some(arrived) => elements(arrived, 0),
        None => elements(trie, 1),
    };
    found.sort_by_key(|entry| entry.field(1).expect("a place").int());
    found
}

fn elements(array: Value<'_>, from: usize) -> Vec<Value<'_>> {
    (from..array.array_len().unwrap_or(0)).filter_map(|i| array.element(i)).collect()
}

/// Types that may refer to one another; every cycle passes through a list or a variant with another way out.
pub fn random_descriptors(random: &mut Random, count: usize) -> Vec<Descriptor> {
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
    while all.len() < count {
        let here = all.len() as u32;
        let earlier = |random: &mut Random| random.below(here as usize) as u32;
        let any = |random: &mut Random| random.below(count) as u32;
        let ids =
            |random: &mut Random, n: usize| (0..n).map(|_| DescriptorId(earlier(random))).collect::<Vec<_>>();
        all.push(match random.below(10) {
            0 => Descriptor::Pid(DescriptorId(any(random))),
            1 => {
                let n = random.below(4);
                Descriptor::Tuple(ids(random, n))
            }
            2 | 3 => {
                let fields = (0..random.below(7)).map(|i| field(&format!("f{i}"), earlier(random))).collect();
                Descriptor::Struct { name: format!("S{here}"), fields }
            }
            4 => {
                let case = |random: &mut Random, name: &str, n: usize| Variant {
                    name: name.into(),
                    fields: (0..n).map(|_| field("", any(random))).collect(),
                };
                let second = random.below(3);
                let variants =
                    vec![case(random, "End", 0), case(random, "More", second), case(random, "Two", 2)];
                Descriptor::Sum { name: format!("E{here}"), variants }
            }
            5 => {
                let tag = |random: &mut Random, atom: u32, n: usize| Tag { atom, payload: ids(random, n) };
                Descriptor::Tags(vec![tag(random, 1, 0), tag(random, 2, 1), tag(random, 4, 2)])
            }
            6 => Descriptor::Array(DescriptorId(earlier(random))),
            7 => Descriptor::Map(DescriptorId(2 + 2 * random.below(2) as u32), DescriptorId(earlier(random))),
            8 => Descriptor::Set(DescriptorId(4)),
            _ => {
                let element = any(random);
                let variants = vec![
                    Variant { name: "Nil".into(), fields: vec![] },
                    Variant {
                        name: "Cons".into(),
                        fields: vec![field("head", element), field("tail", here)],
                    },
                ];
                Descriptor::Sum { name: format!("List<{element}>"), variants }
            }
        });
    }
    all
}

/// A value of a type; shallow when `fuel` is out.
pub fn random_tree(random: &mut Random, types: &Types, ty: u32, fuel: usize) -> Tree {
    let id = DescriptorId(ty);
    let less = fuel.saturating_sub(1);
    let count = |random: &mut Random, max: usize| if fuel == 0 { 0 } else { random.below(max + 1) };
    if let Some(element) = types.list_element(id) {
        return Tree::List(
            (0..count(random, 3)).map(|_| random_tree(random, types, element.0, less)).collect(),
        );
    }
    match types.descriptor(id) {
        Descriptor::Unit => Tree::Word(0),
        Descriptor::Bool => Tree::Word(random.next() & 1),
        Descriptor::Float => Tree::Float(random.next()),
        Descriptor::String | Descriptor::Bytes => Tree::Text(random_text(random)),
        Descriptor::Pid(_) | Descriptor::ProcessId => Tree::Word(random.next() >> random.below(60)),
        Descriptor::Int | Descriptor::MonitorRef => Tree::Word(random.next() >> random.below(64)),
        Descriptor::Array(element) => {
            Tree::Array((0..count(random, 4)).map(|_| random_tree(random, types, element.0, less)).collect())
        }
        Descriptor::Map(key, value) => {
            let mut pairs: Vec<(Tree, Tree)> = vec![];
            for _ in 0..count(random, 80) {
                let key = random_tree(random, types, key.0, less);
                if pairs.iter().all(|(k, _)| *k != key) {
                    pairs.push((key, random_tree(random, types, value.0, less)));
                }
            }
            Tree::Map(pairs)
        }
        Descriptor::Set(key) => {
            let mut items: Vec<Tree> = vec![];
            for _ in 0..count(random, 8) {
                let item = random_tree(random, types, key.0, less);
                if !items.contains(&item) {
                    items.push(item);
                }
            }
            Tree::Set(items)
        }
        descriptor => {
            let tag = match descriptor {
                Descriptor::Sum { variants, .. } if fuel > 0 => random.below(variants.len()) as u32,
                Descriptor::Tags(tags) => tags[random.below(tags.len())].atom,
                _ => 0,
            };
            let part_types = part_types(descriptor, tag);
            Tree::Object(tag, part_types.iter().map(|t| random_tree(random, types, *t, less)).collect())
        }
    }
}

fn random_text(random: &mut Random) -> Vec<u8> {
    let len = if random.below(4) == 0 { random.below(200) } else { random.below(8) };
    (0..len).map(|_| b'a' + random.below(26) as u8).collect()
}
