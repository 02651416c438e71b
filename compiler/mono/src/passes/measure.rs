//! Sizes and uses: what inlining decides by.

use crate::ir::{Block, End, Function, JoinId, Local, Operand, StatementKind};
use crate::passes::jump_threading;
use crate::signals::{each_block, each_end_block};
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

/// Largest join body that is copied to each of its jumps.
const JOIN_COPY_SIZE_MAX: usize = 3;

/// Whether a join that is no loop is copied to its jumps however many there are.
pub(crate) fn is_copied(params: &[Local], body: &Block) -> bool {
    size(body) <= JOIN_COPY_SIZE_MAX || jump_threading::is_dispatcher(params, body)
}

/// How often each join of a body is jumped to, once those that are copied have been.
pub(crate) fn join_uses(body: &Block) -> HashMap<JoinId, usize> {
    let mut jumps = HashMap::new();
    collect_jumps(body, None, &mut jumps);
    let mut uses = HashMap::new();
    for join in jumps.keys() {
        uses_of(*join, &jumps, &mut uses);
    }
    uses
}

/// For each join its jumps: the copied join whose body each of them stands in.
type Jumps = HashMap<JoinId, Vec<Option<JoinId>>>;

fn collect_jumps(block: &Block, copied: Option<JoinId>, jumps: &mut Jumps) {
    for statement in &block.statements {
        if let StatementKind::Join { id, params, recursive, body } = &statement.kind {
            let inner = (!recursive && is_copied(params, body)).then_some(*id);
            collect_jumps(body, inner.or(copied), jumps);
        }
    }
    if let End::Jump(join, _) = &block.end {
        jumps.entry(*join).or_default().push(copied);
    }
    each_end_block(&block.end, &mut |inner| collect_jumps(inner, copied, jumps));
}

fn uses_of(join: JoinId, jumps: &Jumps, uses: &mut HashMap<JoinId, usize>) -> usize {
    if let Some(known) = uses.get(&join) {
        return *known;
    }
    let mut total = 0_usize;
    for place in jumps.get(&join).into_iter().flatten() {
        // Copied joins are no loops, so that this ends
        total = total.saturating_add(place.map_or(1, |copied| uses_of(copied, jumps, uses)));
    }
    uses.insert(join, total);
    total
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
