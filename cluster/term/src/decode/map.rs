//! A map object from its entries. It has no hash trie yet: std makes it when a key is asked for, since hashes are Snow's.

use snow_heap::{Built, FragmentBuilder};

/// Builds the map; `layout` is that of its four words.
pub(super) fn map(builder: &mut FragmentBuilder<'_>, layout: u32, entries: &[Built]) -> Built {
    let map = builder.object(layout, 0);
    let size = Built::int(entries.len() as i64);
    builder.set(map, 0, size);
    builder.set(map, 1, size);
    if entries.is_empty() {
        return map;
    }
    let array = builder.array(true, entries.len());
    entries.iter().enumerate().for_each(|(i, entry)| builder.set(array, i, *entry));
    // `Some` of them
    let arrived = builder.object(snow_abi::layout::small(1, 1), 1);
    builder.set(arrived, 0, array);
    builder.set(map, 3, arrived);
    map
}
