//! Exit reasons and notices as Snow values, and back.

use snow_abi::atoms;
use snow_abi::layout::small;
use snow_abi::value::Word;
use snow_heap::{Heap, Value};
use snow_process::{ExitReason, Notice};
use std::sync::Arc;

/// The tagged value of an exit reason.
pub(crate) fn reason_value(heap: &mut Heap, reason: &ExitReason) -> Word {
    let (atom, text) = match reason {
        ExitReason::Normal => return atoms::NORMAL.into(),
        ExitReason::Shutdown => return atoms::SHUTDOWN.into(),
        ExitReason::Kill => return atoms::KILL.into(),
        ExitReason::Killed => return atoms::KILLED.into(),
        ExitReason::NoProcess => return atoms::NOPROC.into(),
        ExitReason::NoConnection => return atoms::NOCONNECTION.into(),
        ExitReason::Crash(text) => (atoms::CRASH, text),
        ExitReason::Undefined(text) => (atoms::UNDEF, text),
        ExitReason::Mismatch(text) => (atoms::MISMATCH, text),
        ExitReason::Custom(text) => (atoms::CUSTOM, text),
    };
    let text = heap.text(text.as_bytes());
    heap.object(small(1, 1), atom, &[text])
}

/// The exit reason of a tagged value.
pub(crate) fn reason_of(value: Value) -> ExitReason {
    let text = || -> Arc<str> {
        let bytes = value.field(0).and_then(Value::text).unwrap_or_default();
        String::from_utf8_lossy(bytes).into()
    };
    match value.tag() {
        atoms::NORMAL => ExitReason::Normal,
        atoms::SHUTDOWN => ExitReason::Shutdown,
        atoms::KILL => ExitReason::Kill,
        atoms::KILLED => ExitReason::Killed,
        atoms::NOPROC => ExitReason::NoProcess,
        atoms::NOCONNECTION => ExitReason::NoConnection,
        atoms::CRASH => ExitReason::Crash(text()),
        atoms::UNDEF => ExitReason::Undefined(text()),
        atoms::MISMATCH => ExitReason::Mismatch(text()),
        _ => ExitReason::Custom(text()),
    }
}

/// The tag object that a `receive` matches a notice with.
pub(crate) fn notice_value(heap: &mut Heap, notice: &Notice) -> Word {
    match notice {
        Notice::Down { reference, pid, reason } => {
            let reason = reason_value(heap, reason);
            heap.object(small(3, 0b100), atoms::DOWN, &[reference.0, pid.0, reason])
        }
        Notice::Exit { pid, reason } => {
            let reason = reason_value(heap, reason);
            heap.object(small(2, 0b10), atoms::EXIT, &[pid.0, reason])
        }
        Notice::NodeUp { name } => {
            let name = heap.text(name.as_bytes());
            heap.object(small(1, 1), atoms::NODEUP, &[name])
        }
        Notice::NodeDown { name, reason } => {
            let (name, reason) = (heap.text(name.as_bytes()), heap.text(reason.as_bytes()));
            heap.object(small(2, 0b11), atoms::NODEDOWN, &[name, reason])
        }
        Notice::GlobalConflict { name, winner } => {
            let name = heap.text(name.as_bytes());
            heap.object(small(2, 0b01), atoms::GLOBAL_CONFLICT, &[name, winner.0])
        }
        Notice::GroupJoin { group, pid } => {
            let group = heap.text(group.as_bytes());
            heap.object(small(2, 0b01), atoms::GROUP_JOIN, &[group, pid.0])
        }
        Notice::GroupLeave { group, pid } => {
            let group = heap.text(group.as_bytes());
            heap.object(small(2, 0b01), atoms::GROUP_LEAVE, &[group, pid.0])
        }
    }
}
