//! Reference-counted buffers of long texts, shared between processes.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::sync::atomic::{AtomicUsize, Ordering, fence};

/// Administration in front of a buffer's bytes.
#[repr(C)]
struct Buffer {
    count: AtomicUsize,
    bytes: usize,
}

const HEAD_BYTES: usize = size_of::<Buffer>();

fn memory_layout(bytes: usize) -> Layout {
    Layout::from_size_align(HEAD_BYTES + bytes, 8).expect("a text is smaller than the address space")
}

/// One reference to an immutable buffer.
pub struct SharedText {
    buffer: *mut Buffer,
}

// SAFETY: the bytes never change after `new`, the count is atomic.
unsafe impl Send for SharedText {}
// SAFETY: as above.
unsafe impl Sync for SharedText {}

impl SharedText {
    /// A new buffer that holds a copy of `bytes`.
    pub fn new(bytes: &[u8]) -> SharedText {
        SharedText::filled(bytes.len(), |room| room.copy_from_slice(bytes))
    }

    /// A new buffer of `len` bytes, zero at first, which `fill` completes.
    pub fn filled(len: usize, fill: impl FnOnce(&mut [u8])) -> SharedText {
        let layout = memory_layout(len);
        // SAFETY: the layout is not empty; header and bytes are initialised before use.
        unsafe {
            let buffer = alloc(layout) as *mut Buffer;
            if buffer.is_null() {
                handle_alloc_error(layout);
            }
            buffer.write(Buffer { count: AtomicUsize::new(1), bytes: len });
            let start = buffer.add(1) as *mut u8;
            start.write_bytes(0, len);
            let shared = SharedText { buffer };
            fill(std::slice::from_raw_parts_mut(start, len));
            shared
        }
    }

    /// The whole buffer.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the buffer lives as long as this reference and holds that many bytes.
        unsafe { std::slice::from_raw_parts(self.buffer.add(1) as *const u8, (*self.buffer).bytes) }
    }

    /// Number of references, for tests.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        // SAFETY: this reference keeps the buffer alive.
        unsafe { (*self.buffer).count.load(Ordering::Relaxed) }
    }

    /// Gives the reference to an object's word.
    pub(crate) fn into_word(self) -> u64 {
        let word = self.buffer as u64;
        std::mem::forget(self);
        word
    }

    /// Another reference beside the one in an object's word.
    ///
    /// # Safety
    /// `word` is word 0 of a live shared text.
    pub(crate) unsafe fn clone_from_word(word: u64) -> SharedText {
        // SAFETY: the object holds a reference, so the buffer is alive.
        unsafe { retain(word) };
        SharedText { buffer: word as *mut Buffer }
    }
}

impl Clone for SharedText {
    fn clone(&self) -> SharedText {
        // SAFETY: this reference keeps the buffer alive.
        unsafe { SharedText::clone_from_word(self.buffer as u64) }
    }
}

impl Drop for SharedText {
    fn drop(&mut self) {
        // SAFETY: this value's own reference goes.
        unsafe { release(self.buffer as u64) }
    }
}

/// First byte of the buffer that `word` names.
///
/// # Safety
/// `word` names a live buffer.
pub(crate) unsafe fn start(word: u64) -> *const u8 {
    // SAFETY: the bytes follow the header.
    unsafe { (word as *const Buffer).add(1) as *const u8 }
}

/// Length of the whole buffer.
///
/// # Safety
/// `word` names a live buffer.
pub(crate) unsafe fn buffer_bytes(word: u64) -> usize {
    // SAFETY: by contract.
    unsafe { (*(word as *const Buffer)).bytes }
}

/// Counts one more reference.
///
/// # Safety
/// `word` names a live buffer.
pub(crate) unsafe fn retain(word: u64) {
    // SAFETY: by contract. Relaxed: the new reference is made from an existing one.
    unsafe { (*(word as *const Buffer)).count.fetch_add(1, Ordering::Relaxed) };
}

/// Counts one reference less and frees the buffer with the last.
///
/// # Safety
/// `word` names a live buffer and the caller owns a reference.
pub(crate) unsafe fn release(word: u64) {
    let buffer = word as *mut Buffer;
    // SAFETY: by contract. Release here pairs with the acquire fence of the last owner.
    unsafe {
        if (*buffer).count.fetch_sub(1, Ordering::Release) == 1 {
            fence(Ordering::Acquire);
            dealloc(buffer as *mut u8, memory_layout((*buffer).bytes));
        }
    }
}
