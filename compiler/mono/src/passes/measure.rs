//! Sizes and uses: what inlining decides by.

use crate::ir::{Block, Call, End, Function, FunctionId, JoinId, StatementKind};
use crate::signals::each_block;
use std::collections::HashMap;

/// Statements and ends of a block and those inside it.
pub(crate) fn size(block: &Block) -> usize {
    let mut total = 0;
    each_block(block, &mut |b| total += b.statements.len() + 1);
    total
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

/// Whether a function calls itself directly or holds a loop: such bodies are not inlined.
pub(crate) fn is_recursive(id: FunctionId, function: &Function) -> bool {
    let mut recursive = false;
    each_block(&function.body, &mut |block| {
        recursive |= matches!(&block.end, End::TailCall(Call::Direct(callee, _)) if *callee == id);
        for statement in &block.statements {
            recursive |= match &statement.kind {
                StatementKind::Call(_, Call::Direct(callee, _)) => *callee == id,
                StatementKind::Join { recursive, .. } => *recursive,
                _ => false,
            };
        }
    });
    recursive
}
