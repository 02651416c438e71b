//! The entries of a map in insertion order, from its order trie.

use snow_heap::Value;

/// Deepest order trie: 5 bits a level of 64.
const LEVELS_MAX: i64 = 13;

/// The live entries, each a pair; `None` when the object is not a map.
pub(super) fn entries(map: Value<'_>) -> Option<Vec<Value<'_>>> {
    let size = usize::try_from(map.field(0)?.int()).ok()?;
    let levels = map.field(2)?.int() / 5;
    let root = map.field(3)?;
    if !(0..LEVELS_MAX).contains(&levels) {
        return None;
    }
    let mut out = vec![];
    if root.is_object() {
        collect(root, levels, &mut out);
    }
    (out.len() == size).then_some(out)
}

/// Depth is bounded by [`LEVELS_MAX`].
fn collect<'h>(node: Value<'h>, level: i64, out: &mut Vec<Value<'h>>) {
    let children = (0..node.array_len().unwrap_or(0)).filter_map(|i| node.element(i));
    for child in children.filter(|child| child.is_object()) {
        match level {
            0 => out.push(child),
            _ => collect(child, level - 1, out),
        }
    }
}
