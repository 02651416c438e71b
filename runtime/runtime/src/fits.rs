//! Whether every message of one type is one of another: names are looked up with the type that their user expects.

use crate::sync::{Mutex, lock};
use snow_abi::descriptor::{Descriptor, DescriptorId, Field};
use std::collections::{HashMap, HashSet};

/// Answers, remembered by pair.
#[derive(Default)]
pub(crate) struct TypeFits {
    known: Mutex<HashMap<(DescriptorId, DescriptorId), bool>>,
}

impl TypeFits {
    /// Whether a value of type `narrow` may stand where one of `wide` is expected.
    pub fn fits(&self, all: &[Descriptor], narrow: DescriptorId, wide: DescriptorId) -> bool {
        if narrow == wide {
            return true;
        }
        *lock(&self.known).entry((narrow, wide)).or_insert_with(|| compare(all, narrow, wide))
    }
}

/// Descriptors may be cyclic: a pair that is under way counts as fitting (a greatest fixed point), and since one
/// failure anywhere decides, pairs can be worked off in any order.
fn compare(all: &[Descriptor], narrow: DescriptorId, wide: DescriptorId) -> bool {
    let mut pairs = Pairs { seen: HashSet::new(), waiting: Vec::new() };
    pairs.add(narrow, wide);
    while let Some((narrow, wide)) = pairs.waiting.pop() {
        let (Some(a), Some(b)) = (all.get(narrow.0 as usize), all.get(wide.0 as usize)) else { return false };
        if !shallow(a, b, &mut pairs) {
            return false;
        }
    }
    true
}

struct Pairs {
    seen: HashSet<(DescriptorId, DescriptorId)>,
    waiting: Vec<(DescriptorId, DescriptorId)>,
}

impl Pairs {
    fn add(&mut self, narrow: DescriptorId, wide: DescriptorId) {
        if narrow != wide && self.seen.insert((narrow, wide)) {
            self.waiting.push((narrow, wide));
        }
    }

    fn add_all(&mut self, narrow: &[DescriptorId], wide: &[DescriptorId]) -> bool {
        narrow.iter().zip(wide).for_each(|(a, b)| self.add(*a, *b));
        narrow.len() == wide.len()
    }

    fn add_fields(&mut self, narrow: &[Field], wide: &[Field]) -> bool {
        narrow.iter().zip(wide).for_each(|(a, b)| self.add(a.ty, b.ty));
        narrow.len() == wide.len() && narrow.iter().zip(wide).all(|(a, b)| a.name == b.name)
    }
}

/// Compares the outermost level and notes the pairs below it.
fn shallow(narrow: &Descriptor, wide: &Descriptor, pairs: &mut Pairs) -> bool {
    match (narrow, wide) {
        (Descriptor::Never, _) => true,
        (Descriptor::Pid(a), Descriptor::Pid(b)) => {
            pairs.add(*b, *a);
            true
        }
        (Descriptor::Tuple(a), Descriptor::Tuple(b)) => pairs.add_all(a, b),
        (Descriptor::Array(a), Descriptor::Array(b)) | (Descriptor::Set(a), Descriptor::Set(b)) => {
            pairs.add(*a, *b);
            true
        }
        (Descriptor::Map(ka, va), Descriptor::Map(kb, vb)) => pairs.add_all(&[*ka, *va], &[*kb, *vb]),
        (Descriptor::Struct { name: m, fields: a }, Descriptor::Struct { name: n, fields: b }) => {
            base_name(m) == base_name(n) && pairs.add_fields(a, b)
        }
        (Descriptor::Sum { name: m, variants: a }, Descriptor::Sum { name: n, variants: b }) => {
            base_name(m) == base_name(n)
                && a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| a.name == b.name && pairs.add_fields(&a.fields, &b.fields))
        }
        (Descriptor::Tags(a), Descriptor::Tags(b)) => a.iter().all(|tag| {
            b.iter().any(|other| {
                other.atom == tag.atom
                    && other.payload.len() == tag.payload.len()
                    && pairs.add_all(&tag.payload, &other.payload)
            })
        }),
        (a, b) => a == b,
    }
}

/// A type's name without its arguments, which the fields tell.
fn base_name(name: &str) -> &str {
    name.split('<').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use snow_abi::descriptor::Tag;

    #[test]
    fn tags_widen_and_pids_narrow() {
        let id = DescriptorId;
        let tag =
            |atom, payload: &[u32]| Tag { atom, payload: payload.iter().map(|p| DescriptorId(*p)).collect() };
        let all = [
            Descriptor::Tags(vec![tag(100, &[])]),
            Descriptor::Tags(vec![tag(100, &[]), tag(101, &[2])]),
            Descriptor::Int,
            Descriptor::Pid(id(0)),
            Descriptor::Pid(id(1)),
            Descriptor::Tags(vec![tag(102, &[5])]),
            Descriptor::Tags(vec![tag(102, &[6]), tag(100, &[])]),
        ];
        let fits = TypeFits::default();
        for (narrow, wide, expected) in [
            (0, 1, true),
            (1, 0, false),
            (3, 4, false),
            (4, 3, true),
            (5, 6, true),
            (6, 5, false),
            (2, 0, false),
        ] {
            assert_eq!(fits.fits(&all, id(narrow), id(wide)), expected, "{narrow} {wide}");
        }
    }
}
