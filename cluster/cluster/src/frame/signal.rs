//! Signals and exit reasons as bytes.

use super::read::pid;
use super::{RemoteSignal, SignalKind, Violation};
use crate::limits::REASON_BYTES_MAX;
use snow_process::ExitReason;
use snow_term::error::DecodeError;
use snow_term::wire::{Cursor, write_bytes, write_unsigned};

pub(super) fn write_signal(out: &mut Vec<u8>, signal: &RemoteSignal) {
    let (kind, number, reason) = match &signal.what {
        SignalKind::Link => (0, None, None),
        SignalKind::Unlink => (1, None, None),
        SignalKind::UnlinkAnswer => (2, None, None),
        SignalKind::LinkExit(reason) => (3, None, Some(reason)),
        SignalKind::Exit(reason) => (4, None, Some(reason)),
        SignalKind::Monitor(reference) => (5, Some(*reference), None),
        SignalKind::Demonitor(reference) => (6, Some(*reference), None),
        SignalKind::Down(reference, reason) => (7, Some(*reference), Some(reason)),
    };
    out.push(kind);
    write_unsigned(out, signal.to);
    write_unsigned(out, signal.from);
    if let Some(number) = number {
        write_unsigned(out, number);
    }
    if let Some(reason) = reason {
        write_reason(out, reason);
    }
}

pub(super) fn read_signal(cursor: &mut Cursor<'_>) -> Result<RemoteSignal, Violation> {
    let kind = cursor.byte()?;
    let (to, from) = (pid(cursor)?, pid(cursor)?);
    let what = match kind {
        0 => SignalKind::Link,
        1 => SignalKind::Unlink,
        2 => SignalKind::UnlinkAnswer,
        3 => SignalKind::LinkExit(read_reason(cursor)?),
        4 => SignalKind::Exit(read_reason(cursor)?),
        5 => SignalKind::Monitor(cursor.unsigned()?),
        6 => SignalKind::Demonitor(cursor.unsigned()?),
        7 => SignalKind::Down(cursor.unsigned()?, read_reason(cursor)?),
        _ => return Err(DecodeError::BadVariant.into()),
    };
    Ok(RemoteSignal { to, from, what })
}

/// Appends an exit reason; a long text is cut.
pub fn write_reason(out: &mut Vec<u8>, reason: &ExitReason) {
    let (kind, text) = match reason {
        ExitReason::Normal => (0, None),
        ExitReason::Shutdown => (1, None),
        ExitReason::Kill => (2, None),
        ExitReason::Killed => (3, None),
        ExitReason::NoProcess => (4, None),
        ExitReason::NoConnection => (5, None),
        ExitReason::Crash(text) => (6, Some(text)),
        ExitReason::Undefined(text) => (7, Some(text)),
        ExitReason::Mismatch(text) => (8, Some(text)),
        ExitReason::Custom(text) => (9, Some(text)),
    };
    out.push(kind);
    if let Some(text) = text {
        write_bytes(out, shortened(text, REASON_BYTES_MAX).as_bytes());
    }
}

/// Reads an exit reason.
///
/// # Errors
/// When it is malformed.
pub fn read_reason(cursor: &mut Cursor<'_>) -> Result<ExitReason, Violation> {
    Ok(match cursor.byte()? {
        0 => ExitReason::Normal,
        1 => ExitReason::Shutdown,
        2 => ExitReason::Kill,
        3 => ExitReason::Killed,
        4 => ExitReason::NoProcess,
        5 => ExitReason::NoConnection,
        6 => ExitReason::Crash(cursor.name(REASON_BYTES_MAX)?.into()),
        7 => ExitReason::Undefined(cursor.name(REASON_BYTES_MAX)?.into()),
        8 => ExitReason::Mismatch(cursor.name(REASON_BYTES_MAX)?.into()),
        9 => ExitReason::Custom(cursor.name(REASON_BYTES_MAX)?.into()),
        _ => return Err(DecodeError::BadVariant.into()),
    })
}

fn shortened(text: &str, bytes_max: usize) -> &str {
    match (0..=bytes_max.min(text.len())).rev().find(|end| text.is_char_boundary(*end)) {
        Some(end) => &text[..end],
        None => "",
    }
}
