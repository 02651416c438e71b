//! Self-contained memory on its way between processes.

use crate::chunk::Chunk;
use crate::copy::{CopyScratch, copy_graph};
use crate::heap::release_list;
use crate::layouts::Layouts;
use crate::value::Value;
use snow_abi::value::{Class, Word};
use std::fmt;
use std::ptr::{null, null_mut};

/// A value with all the memory that it refers to, owned by nobody else. Static objects stay in the image.
pub struct Fragment {
    pub(crate) chunks: *mut Chunk,
    /// Head of its list of shared texts, or 0.
    pub(crate) shared: u64,
    pub(crate) root: Word,
    pub(crate) class: Class,
    /// What its objects were made with; null when it has no objects.
    pub(crate) layouts: *const Layouts,
}

// SAFETY: a fragment owns its chunks; buffers are counted atomically.
unsafe impl Send for Fragment {}

impl Fragment {
    /// A value without memory: an Int, Bool, Unit, Pid …
    pub fn int(value: i64) -> Fragment {
        Fragment { chunks: null_mut(), shared: 0, root: value as u64, class: Class::Int, layouts: null() }
    }

    /// A Float.
    pub fn float(value: f64) -> Fragment {
        Fragment {
            chunks: null_mut(),
            shared: 0,
            root: value.to_bits(),
            class: Class::Float,
            layouts: null(),
        }
    }

    /// A reference word without an object: a tag without payload, a variant without fields.
    pub fn immediate(value: u32) -> Fragment {
        Fragment { chunks: null_mut(), shared: 0, root: value as u64, class: Class::Ref, layouts: null() }
    }

    /// How its root word is treated.
    pub fn class(&self) -> Class {
        self.class
    }

    /// Bytes of its objects, text buffers left out.
    pub fn bytes(&self) -> usize {
        let (mut chunk, mut bytes) = (self.chunks, 0);
        while !chunk.is_null() {
            // SAFETY: the fragment's chunks are alive.
            unsafe {
                bytes += (*chunk).top as usize - Chunk::start(chunk) as usize;
                chunk = (*chunk).next;
            }
        }
        bytes
    }

    /// Its value, to be read.
    ///
    /// # Panics
    /// When the fragment was made with other layouts.
    pub fn value<'f>(&'f self, layouts: &'f Layouts) -> Value<'f> {
        self.check_layouts(layouts);
        // SAFETY: the fragment keeps everything that the root reaches alive and in place.
        unsafe { Value::new(self.root, self.class, layouts) }
    }

    /// Another fragment with an equal value.
    ///
    /// # Panics
    /// When the fragment was made with other layouts.
    pub fn duplicate(&mut self, layouts: &Layouts) -> Fragment {
        self.check_layouts(layouts);
        // SAFETY: the mutable borrow makes this thread the only one that sees the objects.
        unsafe { copy_graph(layouts, self.root, self.class, &mut CopyScratch::default()) }
    }

    fn check_layouts(&self, layouts: &Layouts) {
        assert!(self.layouts.is_null() || std::ptr::eq(self.layouts, layouts), "the fragment's own layouts");
    }
}

impl Drop for Fragment {
    fn drop(&mut self) {
        // SAFETY: shared texts and chunks belong to the fragment alone.
        unsafe {
            release_list(self.shared);
            Chunk::free_list(self.chunks, false);
        }
    }
}

impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fragment({:?} {:#x}, {} bytes)", self.class, self.root, self.bytes())
    }
}
