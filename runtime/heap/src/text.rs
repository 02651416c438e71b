//! Reference-counted buffers of long texts, shared between processes.

use crate::chunk;
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, handle_alloc_error, realloc};
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
        let mut growing = GrowingText::with_room(bytes.len());
        growing.push(bytes);
        growing.finish()
    }

    /// A new buffer of `len` bytes, zero at first, which `fill` completes.
    pub fn filled(len: usize, fill: impl FnOnce(&mut [u8])) -> SharedText {
        let layout = memory_layout(len);
        // SAFETY: the layout is not empty; the header is initialised before use, the bytes are zero.
        unsafe {
            let buffer = alloc_zeroed(layout) as *mut Buffer;
            if buffer.is_null() {
                handle_alloc_error(layout);
            }
            chunk::ask_for_large_pages(buffer as *mut u8, layout.size());
            buffer.write(Buffer { count: AtomicUsize::new(1), bytes: len });
            let shared = SharedText { buffer };
            fill(std::slice::from_raw_parts_mut(buffer.add(1) as *mut u8, len));
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

/// A buffer that is put together piece by piece and then becomes a [`SharedText`] where it is.
pub struct GrowingText {
    buffer: *mut Buffer,
    len: usize,
    room: usize,
}

// SAFETY: the buffer is this value's own.
unsafe impl Send for GrowingText {}

impl GrowingText {
    /// An empty one with room for so many bytes.
    pub fn with_room(room: usize) -> GrowingText {
        let layout = memory_layout(room);
        // SAFETY: the layout is not empty.
        let buffer = unsafe { alloc(layout) as *mut Buffer };
        if buffer.is_null() {
            handle_alloc_error(layout);
        }
        chunk::ask_for_large_pages(buffer as *mut u8, layout.size());
        GrowingText { buffer, len: 0, room }
    }

    /// Number of bytes so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes room for `len` bytes altogether.
    pub fn reserve(&mut self, len: usize) {
        if len > self.room {
            self.resize(len);
        }
    }

    /// Appends bytes; room that has to be made is twice as much as before.
    pub fn push(&mut self, bytes: &[u8]) {
        if bytes.len() > self.room - self.len {
            self.resize((self.len + bytes.len()).max(2 * self.room));
        }
        // SAFETY: there is room behind the bytes so far.
        unsafe {
            let end = (self.buffer.add(1) as *mut u8).add(self.len);
            end.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        }
        self.len += bytes.len();
    }

    fn resize(&mut self, room: usize) {
        let layout = memory_layout(room);
        // SAFETY: the memory is of the layout for `self.room`, and the new size is not 0.
        let buffer = unsafe { realloc(self.buffer as *mut u8, memory_layout(self.room), layout.size()) };
        if buffer.is_null() {
            handle_alloc_error(layout);
        }
        chunk::ask_for_large_pages(buffer, layout.size());
        (self.buffer, self.room) = (buffer as *mut Buffer, room);
    }

    /// The bytes as an immutable buffer.
    pub fn finish(mut self) -> SharedText {
        if self.room != self.len {
            self.resize(self.len);
        }
        let (buffer, bytes) = (self.buffer, self.len);
        std::mem::forget(self);
        // SAFETY: the memory is exactly that of a buffer with so many bytes, all of which are initialised.
        unsafe { buffer.write(Buffer { count: AtomicUsize::new(1), bytes }) };
        SharedText { buffer }
    }
}

impl Drop for GrowingText {
    fn drop(&mut self) {
        // SAFETY: the memory is this value's own, of the layout for its room.
        unsafe { dealloc(self.buffer as *mut u8, memory_layout(self.room)) };
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
