//! The entries of a map in insertion order, from its hash trie, or as they arrived when it has none yet.

use snow_heap::{Value, trie};

/// Words of an entry in front of its key: hash and place.
pub(super) const KEY: usize = 2;

/// The entries; `None` when the object is not a map.
pub(super) fn entries(map: Value<'_>) -> Option<Vec<Value<'_>>> {
    let size = usize::try_from(map.field(0)?.int()).ok()?;
    let next = usize::try_from(map.field(1)?.int()).ok()?;
    let root = map.field(2)?;
    if root.is_object() {
        return trie::entries(root, size, next);
    }
    let arrived = map.field(3)?.field(0);
    let count = arrived.and_then(Value::array_len).unwrap_or(0);
    let found: Vec<Value<'_>> =
        arrived.iter().flat_map(|all| (0..count).filter_map(|i| all.element(i))).collect();
    (found.len() == size).then_some(found)
}
