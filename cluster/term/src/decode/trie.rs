//! A map object from its entries: the order trie, no index.

use snow_heap::{Built, FragmentBuilder};

const FAN: usize = 32;

/// Builds the map; `layout` is that of its five words.
pub(super) fn map(builder: &mut FragmentBuilder<'_>, layout: u32, entries: &[Built]) -> Built {
    let map = builder.object(layout, 0);
    let size = Built::int(entries.len() as i64);
    builder.set(map, 0, size);
    builder.set(map, 1, size);
    if entries.is_empty() {
        return map;
    }
    let mut level = level(builder, entries);
    let mut shift = 0;
    while level.len() > 1 {
        level = self::level(builder, &level);
        shift += 5;
    }
    builder.set(map, 2, Built::int(shift));
    builder.set(map, 3, level[0]);
    map
}

fn level(builder: &mut FragmentBuilder<'_>, children: &[Built]) -> Vec<Built> {
    let node = |children: &[Built]| {
        let node = builder.array(true, children.len());
        children.iter().enumerate().for_each(|(i, child)| builder.set(node, i, *child));
        node
    };
    children.chunks(FAN).map(node).collect()
}
