//! Fixed arrays. Std's collections are built of them and check indices themselves; a wrong one still only crashes the process.

use crate::call::{Call, Crash};
use snow_heap::Value;

/// Longest array, in elements.
const LEN_MAX: i64 = 1 << 40;

impl<'p> Call<'p> {
    pub(super) fn array_length(&mut self, array: Value<'p>) -> i64 {
        array.array_len().unwrap_or(0) as i64
    }

    pub(super) fn array_get(&mut self, array: Value<'p>, index: i64) -> Result<Value<'p>, Crash> {
        match usize::try_from(index).ok().and_then(|index| array.element(index)) {
            Some(element) => Ok(element),
            None => Err(self.out_of_range(array, index)),
        }
    }

    pub(super) fn array_make(&mut self, len: i64, element: Value<'p>) -> Result<Value<'p>, Crash> {
        if !(0..=LEN_MAX).contains(&len) {
            return Err(self.crash(&format!("an array cannot have {len} elements")));
        }
        self.room_for(len as usize * 8)?;
        Ok(self.array(element.is_reference(), len as usize, std::iter::repeat(element)))
    }

    pub(super) fn array_with(
        &mut self,
        array: Value<'p>,
        index: i64,
        element: Value<'p>,
    ) -> Result<Value<'p>, Crash> {
        let len = array.array_len().unwrap_or(0);
        let Some(at) = usize::try_from(index).ok().filter(|at| *at < len) else {
            return Err(self.out_of_range(array, index));
        };
        let elements = (0..len).filter_map(move |i| if i == at { Some(element) } else { array.element(i) });
        Ok(self.array(element.is_reference(), len, elements))
    }

    pub(super) fn array_insert(
        &mut self,
        array: Value<'p>,
        index: i64,
        element: Value<'p>,
    ) -> Result<Value<'p>, Crash> {
        let len = array.array_len().unwrap_or(0);
        let Some(at) = usize::try_from(index).ok().filter(|at| *at <= len) else {
            return Err(self.out_of_range(array, index));
        };
        let before = (0..at).filter_map(move |i| array.element(i));
        let after = (at..len).filter_map(move |i| array.element(i));
        let elements = before.chain(std::iter::once(element)).chain(after);
        Ok(self.array(element.is_reference(), len + 1, elements))
    }

    pub(super) fn array_remove(&mut self, array: Value<'p>, index: i64) -> Result<Value<'p>, Crash> {
        let len = array.array_len().unwrap_or(0);
        let Some(at) = usize::try_from(index).ok().filter(|at| *at < len) else {
            return Err(self.out_of_range(array, index));
        };
        let of_references = array.element(at).is_some_and(Value::is_reference);
        let elements = (0..len).filter(move |i| *i != at).filter_map(move |i| array.element(i));
        Ok(self.array(of_references, len - 1, elements))
    }

    pub(super) fn array_fill_slot(
        &mut self,
        array: Value<'p>,
        index: i64,
        element: Value<'p>,
    ) -> Result<(), Crash> {
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        if self.write_element(array, at, element) { Ok(()) } else { Err(self.out_of_range(array, index)) }
    }

    fn out_of_range(&mut self, array: Value<'p>, index: i64) -> Crash {
        let len = array.array_len().unwrap_or(0);
        self.crash(&format!("array index {index} is out of range, the array has {len} elements"))
    }
}

/// Tries of arrays: nodes are arrays of nodes, leaves arrays of elements.
impl<'p> Call<'p> {
    /// No array at all: the immediate 0.
    pub(super) fn array_empty(&mut self) -> Value<'p> {
        self.immediate(0)
    }

    pub(super) fn array_of_child(&mut self, child: Value<'p>) -> Value<'p> {
        self.array(true, 1, std::iter::once(child))
    }

    pub(super) fn array_child(&mut self, node: Value<'p>, index: i64) -> Result<Value<'p>, Crash> {
        self.array_get(node, index)
    }

    pub(super) fn array_with_child(
        &mut self,
        node: Value<'p>,
        index: i64,
        child: Value<'p>,
    ) -> Result<Value<'p>, Crash> {
        self.array_with(node, index, child)
    }

    pub(super) fn array_insert_child(
        &mut self,
        node: Value<'p>,
        index: i64,
        child: Value<'p>,
    ) -> Result<Value<'p>, Crash> {
        self.array_insert(node, index, child)
    }

    /// A hole is the immediate 0.
    pub(super) fn array_is_hole(&mut self, leaf: Value<'p>, index: i64) -> Result<bool, Crash> {
        Ok(self.array_get(leaf, index)?.immediate() == Some(0))
    }

    pub(super) fn array_with_hole(&mut self, leaf: Value<'p>, index: i64) -> Result<Value<'p>, Crash> {
        let hole = self.immediate(0);
        self.array_with(leaf, index, hole)
    }

    /// Keeps what was computed on demand in the object that it was computed from. An object of the image stays as it is.
    pub(super) fn object_memo(&mut self, object: Value<'p>, index: i64, value: Value<'p>) {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.write_field(object, index, value);
    }
}
