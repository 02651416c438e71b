//! Objects of constants live in the image.

use crate::ir::{Operand, StaticWord};

/// The words of an object whose fields are all constants.
pub(crate) fn static_words(fields: &[Operand]) -> Option<Vec<StaticWord>> {
    fields
        .iter()
        .map(|field| {
            Some(match field {
                Operand::Local(_) => return None,
                Operand::Int(n) => StaticWord::Raw(*n as u64),
                Operand::Float(x) => StaticWord::Raw(x.to_bits()),
                Operand::Immediate(n) => StaticWord::Raw(*n as u64),
                Operand::Static(id) => StaticWord::Static(*id),
            })
        })
        .collect()
}
