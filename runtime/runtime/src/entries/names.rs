//! Registered names, and what is asked of names and groups with a type.

use super::messages::text;
use crate::process::Process;
use crate::report::Level;
use crate::roots;
use crate::runtime::Runtime;
use crate::trampolines::NOW_RETURN;
use snow_abi::descriptor::DescriptorId;
use snow_abi::layout::small;
use snow_abi::value::{Class, Word};
use snow_heap::Value;
use snow_process::Pid;
use std::sync::atomic::Ordering;

impl Runtime {
    /// The live process of a name, if everything of type `wanted` may be sent to it; a warning where it may not.
    pub(crate) fn find_name(&self, name: &str, wanted: DescriptorId) -> Option<Pid> {
        let (pid, mailbox) = self.registry.find(name).filter(|(pid, _)| self.is_alive(*pid))?;
        if self.image.fits.fits(&self.image.program.descriptors, wanted, mailbox) {
            return Some(pid);
        }
        let text =
            format!("the process registered as \"{name}\" does not receive what is expected of it here");
        self.log(Level::Warn, &text);
        None
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn where_is(process: *mut Process, name: Word, descriptor: u64) -> Word {
    // SAFETY: the process is stopped and runs on this thread; `name` is a String of its heap.
    unsafe {
        let runtime = &*(*process).runtime;
        let name = text(Value::new(name, Class::Ref, &runtime.image.layouts));
        let Some(pid) = runtime.find_name(name, DescriptorId(descriptor as u32)) else { return 0 };
        let found = (*process).heap.object(small(1, 0), 1, &[pid.0]);
        finish(process, found)
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn register(
    process: *mut Process,
    name: Word,
    pid: u64,
    descriptor: u64,
) -> u64 {
    // SAFETY: the process is stopped and runs on this thread; `name` is a String of its heap.
    unsafe {
        let runtime = &*(*process).runtime;
        let name = text(Value::new(name, Class::Ref, &runtime.image.layouts));
        let pid = Pid(pid);
        let Some(slot) = runtime.table.slot(pid.slot()).filter(|_| pid.is_local()) else { return 0 };
        // Before the name is there: a process that ends from now on takes it along.
        (*slot).figures.named.store(1, Ordering::SeqCst);
        // The caller may know the pid by fewer messages than the process receives.
        let mailbox = runtime.mailbox_type(pid).unwrap_or(DescriptorId(descriptor as u32));
        if !runtime.registry.register(name, pid, mailbox) {
            return 0;
        }
        if !runtime.is_alive(pid) {
            runtime.registry.forget(pid);
            return 0;
        }
        1
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn global_where_is(process: *mut Process, name: Word, descriptor: u64) -> Word {
    // SAFETY: the process is stopped and runs on this thread; `name` is a String of its heap.
    unsafe {
        let runtime = &*(*process).runtime;
        let name = text(Value::new(name, Class::Ref, &runtime.image.layouts));
        let global = runtime.distribution.as_ref().and_then(|distribution| distribution.global());
        let found = global.and_then(|global| global.whereis(name, DescriptorId(descriptor as u32)));
        let Some(pid) = found else { return 0 };
        let found = (*process).heap.object(small(1, 0), 1, &[pid.0]);
        finish(process, found)
    }
}

/// # Safety
/// Called by the trampoline only.
pub(crate) unsafe extern "C" fn group_members(
    process: *mut Process,
    group: Word,
    local: u64,
    descriptor: u64,
) -> Word {
    // SAFETY: the process is stopped and runs on this thread; `group` is a String of its heap.
    unsafe {
        let runtime = &*(*process).runtime;
        let group = text(Value::new(group, Class::Ref, &runtime.image.layouts));
        let global = runtime.distribution.as_ref().and_then(|distribution| distribution.global());
        let wanted = DescriptorId(descriptor as u32);
        let members = global.map(|global| global.members(group, wanted, local != 0)).unwrap_or_default();
        let cell = runtime.image.layouts.fixed(&[false, true]).expect("small bodies have a layout");
        let heap = &mut (*process).heap;
        let list = members.iter().rev().fold(0, |tail, pid| heap.object(cell, 1, &[pid.0, tail]));
        finish(process, list)
    }
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
