//! The term format, which the cluster brings along.

use super::control::crash;
use super::messages::class_of;
use crate::process::Process;
use crate::roots;
use crate::router::{Distribution, FunctionInside, TermProblem};
use crate::trampolines::NOW_RETURN;
use snow_abi::descriptor::DescriptorId;
use snow_abi::layout::small;
use snow_abi::value::{Class, Word};
use snow_heap::Value;
use std::sync::Arc;

/// `Ok` of a Result.
const OK: u32 = 0;
/// `Err` of a Result.
const ERR: u32 = 1;

/// The distribution, or a crash of the process where none is linked in.
///
/// # Safety
/// The process is stopped in a `now` entry.
unsafe fn distribution(process: &mut Process) -> Option<Arc<dyn Distribution>> {
    let distribution = process.runtime().distribution.clone();
    if distribution.is_none() {
        // SAFETY: by contract.
        unsafe { crash(process, NOW_RETURN, "Term: this program was started without the term format") };
    }
    distribution
}

/// Collects when that is due, with the entry's result as a root.
///
/// # Safety
/// The process is stopped in a `now` entry whose call describes its live references.
unsafe fn finish(process: *mut Process, result: Word) -> Word {
    let mut held = [result];
    // SAFETY: by contract.
    unsafe {
        if (*process).heap.is_collection_due() {
            roots::collect(process, NOW_RETURN, &mut held);
        }
    }
    held[0]
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn encode(process: *mut Process, word: Word, descriptor: u64) -> Word {
    // SAFETY: the process is stopped and runs on this thread; the word is of that type.
    unsafe {
        let Some(distribution) = distribution(&mut *process) else { return 0 };
        let value = Value::new(word, class_of(&*process, descriptor), &(*(*process).runtime).image.layouts);
        match distribution.term_encode(value, DescriptorId(descriptor as u32)) {
            Ok(bytes) => {
                let bytes = (*process).heap.text(&bytes);
                finish(process, bytes)
            }
            Err(FunctionInside(path)) => {
                crash(&mut *process, NOW_RETURN, &format!("cannot encode a function: {path}"));
                0
            }
        }
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn decode(process: *mut Process, bytes: Word, descriptor: u64) -> Word {
    // SAFETY: the process is stopped and runs on this thread; `bytes` are Bytes of its heap.
    unsafe {
        let Some(distribution) = distribution(&mut *process) else { return 0 };
        let bytes = Value::new(bytes, Class::Ref, &(*(*process).runtime).image.layouts);
        let decoded =
            distribution.term_decode(bytes.text().unwrap_or_default(), DescriptorId(descriptor as u32));
        let heap = &mut (*process).heap;
        let result = match decoded {
            Ok(fragment) => {
                let is_ref = (fragment.class() == Class::Ref) as u32;
                let value = heap.adopt(fragment);
                heap.object(small(1, is_ref), OK, &[value])
            }
            Err(TermProblem(text)) => {
                let text = heap.text(text.as_bytes());
                heap.object(small(1, 1), ERR, &[text])
            }
        };
        finish(process, result)
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn hash(process: *mut Process, word: Word, descriptor: u64) -> i64 {
    // SAFETY: the process is stopped and runs on this thread; the word is of that type.
    unsafe {
        let Some(distribution) = distribution(&mut *process) else { return 0 };
        let value = Value::new(word, class_of(&*process, descriptor), &(*(*process).runtime).image.layouts);
        distribution.term_hash(value, DescriptorId(descriptor as u32)).unwrap_or_else(
            |FunctionInside(path)| {
                crash(&mut *process, NOW_RETURN, &format!("cannot hash a function: {path}"));
                0
            },
        )
    }
}
