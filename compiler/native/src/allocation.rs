//! Allocations of a block that share one check of the heap limit.
//!
//! A *run* is a sequence of inline allocations of one block with nothing between them that may collect. Its head makes room
//! for all of them at once; the others take their part of it.

use snow_mono::ir::{Operation, Statement, StatementKind};

use crate::collection;

/// Largest room made at once, in bytes: beyond it a new run begins.
const RUN_BYTES_MAX: u32 = 4096;

/// Bytes of the object that an operation allocates in line, its header included.
pub fn object_bytes(operation: &Operation) -> Option<u32> {
    let words = match operation {
        Operation::Allocate { fields, .. } => fields.len(),
        Operation::Closure { captures, .. } => 1 + captures.len(),
        _ => return None,
    };
    Some(8 + 8 * u32::try_from(words).expect("an object fits in the heap"))
}

/// For each statement, the bytes of the run that it is the head of.
pub fn run_heads(statements: &[Statement]) -> Vec<Option<u32>> {
    let mut heads = vec![None; statements.len()];
    let mut open: Option<usize> = None;
    for (index, statement) in statements.iter().enumerate() {
        let operation = match &statement.kind {
            StatementKind::Let(_, operation) | StatementKind::Effect(operation) => operation,
            StatementKind::Call(..) => {
                open = None;
                continue;
            }
            StatementKind::Join { .. } => continue,
        };
        let Some(bytes) = object_bytes(operation) else {
            if collection::may_collect(operation) {
                open = None;
            }
            continue;
        };
        match open.and_then(|head| heads[head].as_mut()) {
            Some(total) if *total + bytes <= RUN_BYTES_MAX => *total += bytes,
            _ => {
                heads[index] = Some(bytes);
                open = Some(index);
            }
        }
    }
    heads
}
