//! Sizes and uses: what inlining decides by.

use crate::ir::{Block, End, Function, JoinId, Local, Operand, StatementKind};
use crate::signals::each_block;
use snow_abi::value::Class;
use snow_text::IdVec;
use std::collections::HashMap;

/// Statements and ends of a block and those inside it.
pub(crate) fn size(block: &Block) -> usize {
    let mut total = 0;
    each_block(block, &mut |b| total += b.statements.len() + 1);
    total
}

/// The class of an operand.
pub(crate) fn class(operand: &Operand, locals: &IdVec<Local, Class>) -> Class {
    match operand {
        Operand::Local(local) => locals[*local],
        Operand::Int(_) => Class::Int,
        Operand::Float(_) => Class::Float,
        Operand::Immediate(_) | Operand::Static(_) => Class::Ref,
    }
}

/// How often each join of a body is jumped to.
pub(crate) fn join_uses(body: &Block) -> HashMap<JoinId, usize> {
    let mut uses = HashMap::new();
    each_block(body, &mut |block| {
        if let End::Jump(join, _) = &block.end {
            *uses.entry(*join).or_insert(0) += 1;
        }
    });
    uses
}

/// Whether a function holds a loop.
pub(crate) fn has_loop(function: &Function) -> bool {
    let mut found = false;
    each_block(&function.body, &mut |block| {
        let is_loop = |kind: &StatementKind| matches!(kind, StatementKind::Join { recursive: true, .. });
        found |= block.statements.iter().any(|s| is_loop(&s.kind));
    });
    found
}
