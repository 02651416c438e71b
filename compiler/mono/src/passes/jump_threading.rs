//! Jump threading: where some jump to a join gives what the join branches on, the branches become joins of their own.
//!
//! What is left of the join is a branch to them, small enough to be copied to its jumps, and there the simplification that follows
//! chooses what is known. `a and b` as a condition so becomes two comparisons, each with its own jumps, and a match on a result that was just made
//! looks at nothing.

use crate::ir::{Block, End, Function, JoinId, Local, Operand, Operation, Program, Statement, StatementKind};
use crate::operands::replace;
use crate::signals::{each_block, each_end_block_mut, each_operand};
use snow_abi::value::Class;
use snow_text::IdVec;
use std::collections::{HashMap, HashSet};

/// A join with more branches stays whole.
const BRANCHES_MAX: usize = 4;

/// Rewrites every function.
pub(crate) fn thread_jumps(program: &mut Program) {
    let ids: Vec<_> = program.functions.ids().collect();
    for id in ids {
        let function = &mut program.functions[id];
        let known = known_parameters(function);
        if known.is_empty() {
            continue;
        }
        let Function { body, locals, join_count, .. } = function;
        Threading { known, locals, join_count }.block(body);
    }
}

/// Whether a join does nothing but branch on one of its parameters, which one, and the local that holds its tag.
fn dispatch(params: &[Local], body: &Block) -> Option<(usize, Option<Local>)> {
    let (on, tag) = match (body.statements.as_slice(), &body.end) {
        ([], End::If { condition: Operand::Local(on), .. } | End::Switch { on: Operand::Local(on), .. }) => {
            (*on, None)
        }
        ([Statement { kind, .. }], End::Switch { on: Operand::Local(tag), .. }) => match kind {
            StatementKind::Let(local, Operation::TagOf(Operand::Local(on), _)) if local == tag => {
                (*on, Some(*tag))
            }
            _ => return None,
        },
        _ => return None,
    };
    params.iter().position(|param| *param == on).map(|index| (index, tag))
}

/// The joins that branch on a parameter which some jump gives.
fn known_parameters(function: &Function) -> HashSet<JoinId> {
    let mut dispatchers: HashMap<JoinId, usize> = HashMap::new();
    let mut made: HashSet<Local> = HashSet::new();
    each_block(&function.body, &mut |block| {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Join { id, params, recursive: false, body } => {
                    dispatchers.extend(dispatch(params, body).map(|(index, _)| (*id, index)));
                }
                StatementKind::Let(local, Operation::Allocate { .. }) => {
                    made.insert(*local);
                }
                _ => {}
            }
        }
    });
    let mut known = HashSet::new();
    each_block(&function.body, &mut |block| {
        let End::Jump(join, args) = &block.end else { return };
        let Some(index) = dispatchers.get(join) else { return };
        let is_known = match &args[*index] {
            Operand::Local(local) => made.contains(local),
            _ => true,
        };
        if is_known {
            known.insert(*join);
        }
    });
    known
}

struct Threading<'f> {
    known: HashSet<JoinId>,
    locals: &'f mut IdVec<Local, Class>,
    join_count: &'f mut u32,
}

impl Threading<'_> {
    fn block(&mut self, block: &mut Block) {
        let mut done = Vec::with_capacity(block.statements.len());
        for mut statement in std::mem::take(&mut block.statements) {
            if let StatementKind::Join { id, params, body, .. } = &mut statement.kind {
                self.block(body);
                if self.known.contains(id)
                    && let Some((_, tag)) = dispatch(params, body)
                {
                    let given: Vec<Local> = params.iter().copied().chain(tag).collect();
                    self.branches_apart(&given, body, &mut done);
                }
            }
            done.push(statement);
        }
        block.statements = done;
        each_end_block_mut(&mut block.end, &mut |inner| self.block(inner));
    }

    /// Makes a join of each branch of a join's body, in front of it.
    fn branches_apart(&mut self, given: &[Local], body: &mut Block, done: &mut Vec<Statement>) {
        let mut count = 0;
        each_end_block_mut(&mut body.end, &mut |_| count += 1);
        if count > BRANCHES_MAX {
            return;
        }
        each_end_block_mut(&mut body.end, &mut |branch| {
            if !branch.statements.is_empty() || !matches!(branch.end, End::Jump(..) | End::Return(_)) {
                done.push(self.branch_apart(given, branch));
            }
        });
    }

    /// Makes a join of a branch; a jump takes its place.
    fn branch_apart(&mut self, given: &[Local], branch: &mut Block) -> Statement {
        let mut used = HashSet::new();
        each_operand(branch, &mut |operand| {
            if let Operand::Local(local) = operand {
                used.insert(*local);
            }
        });
        let outer: Vec<Local> = given.iter().copied().filter(|local| used.contains(local)).collect();
        let params: Vec<Local> = outer.iter().map(|local| self.locals.push(self.locals[*local])).collect();
        let names: HashMap<Local, Local> = outer.iter().copied().zip(params.iter().copied()).collect();
        let id = JoinId(*self.join_count);
        *self.join_count += 1;
        let location = branch.location;
        let end = End::Jump(id, outer.into_iter().map(Operand::Local).collect());
        let mut body = std::mem::replace(branch, Block { statements: vec![], end, location });
        replace(&mut body, &mut |operand| {
            if let Operand::Local(local) = operand
                && let Some(new) = names.get(local)
            {
                *local = *new;
            }
        });
        let kind = StatementKind::Join { id, params, recursive: false, body: Box::new(body) };
        Statement { kind, location }
    }
}

/// Whether a block only branches, on what it is given, to joins.
pub(crate) fn is_dispatcher(params: &[Local], body: &Block) -> bool {
    let mut only_jumps = dispatch(params, body).is_some();
    let mut count = 0;
    each_block(body, &mut |block| {
        let is_body = std::ptr::eq(block, body);
        only_jumps &=
            is_body || block.statements.is_empty() && matches!(block.end, End::Jump(..) | End::Return(_));
        count += 1;
    });
    only_jumps && count <= 1 + BRANCHES_MAX
}
