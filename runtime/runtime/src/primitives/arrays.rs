//! Fixed arrays. Std's collections are built of them and check indices themselves; a wrong one still only crashes the process.

use crate::call::{Call, Crash};
use snow_abi::value::Class;
use snow_heap::{Value, trie};

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

/// Hash tries; their leaves are std's.
impl<'p> Call<'p> {
    pub(super) fn trie_find(&mut self, trie: Value<'p>, hash: i64) -> Value<'p> {
        // SAFETY: only std passes tries, and only those that it was given.
        unsafe { self.value(trie::find(trie.word(), hash as u64), Class::Ref) }
    }

    pub(super) fn trie_put(&mut self, trie: Value<'p>, leaf: Value<'p>) -> Value<'p> {
        // SAFETY: as above; the leaf is an object whose first word is its hash.
        unsafe {
            let word = self.process().heap.trie_put(trie.word(), leaf.word());
            self.value(word, Class::Ref)
        }
    }

    pub(super) fn trie_remove(&mut self, trie: Value<'p>, hash: i64) -> Value<'p> {
        // SAFETY: as above.
        unsafe {
            let word = self.process().heap.trie_remove(trie.word(), hash as u64);
            self.value(word, Class::Ref)
        }
    }

    pub(super) fn trie_entries(&mut self, trie: Value<'p>, size: i64, next: i64) -> Result<Value<'p>, Crash> {
        let entries = usize::try_from(size)
            .and_then(|size| usize::try_from(next).map(|next| (size, next)))
            .ok()
            .and_then(|(size, next)| trie::entries(trie, size, next));
        match entries {
            Some(entries) => Ok(self.array(true, entries.len(), entries.into_iter())),
            None => Err(self.crash("a map is damaged")),
        }
    }

    /// Keeps what was computed on demand in the object that it was computed from. An object of the image stays as it is.
    pub(super) fn object_memo(&mut self, object: Value<'p>, index: i64, value: Value<'p>) {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.write_field(object, index, value);
    }
}
