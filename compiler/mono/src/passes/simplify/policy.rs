//! What is inlined where.

use super::{Frame, Simplifier};
use crate::ir::{Call, End, Function, FunctionId, Operand, Operation, Program, StatementKind, Static};
use crate::passes::measure;
use crate::signals::{each_block, each_operand};
use snow_text::IdVec;

/// Largest body that is inlined at any call, in statements and ends.
const SMALL_SIZE_MAX: usize = 12;
/// Largest body that is inlined at the only call that there is.
const ONCE_SIZE_MAX: usize = 200;
/// Largest body that is inlined into itself.
const UNROLLED_SIZE_MAX: usize = 24;
/// How large it may become by that.
const UNROLLED_TOTAL_MAX: usize = 72;
/// How deep inlined bodies nest.
const DEPTH_MAX: usize = 6;
/// A function stops growing by inlining at this size.
pub(super) const FUNCTION_SIZE_MAX: usize = 2_000;

/// Which of the rounds it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Round {
    /// Small functions only.
    Early,
    /// And those that are called in one place.
    Late,
    /// And small recursive ones into themselves.
    Last,
}

/// How a function may be inlined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Inlining {
    Never,
    Everywhere,
    /// Into itself, so deep.
    Itself(usize),
}

/// Decisions made before the round.
pub(super) struct Policy {
    inlining: IdVec<FunctionId, Inlining>,
    /// Which files are part of std.
    std_files: Vec<bool>,
}

impl Policy {
    pub fn of(program: &Program, round: Round) -> Policy {
        let std_files: Vec<bool> = program.files.iter().map(|file| file.starts_with("std/")).collect();
        let uses = if round == Round::Early { IdVec::default() } else { uses(program) };
        let inlining = program.functions.iter().map(|(id, function)| {
            let size = measure::size(&function.body);
            let is_std = std_files.get(function.location.file as usize).copied().unwrap_or(false);
            // A function of the program keeps its line in stack traces
            let once = round != Round::Early
                && size <= ONCE_SIZE_MAX
                && uses[id] == 1
                && (is_std || function.is_lambda);
            let calls = own_calls(id, function);
            match calls {
                0 if once || size <= SMALL_SIZE_MAX && !measure::has_loop(function) => Inlining::Everywhere,
                0 => Inlining::Never,
                _ if round == Round::Last && size <= UNROLLED_SIZE_MAX => {
                    Inlining::Itself(unrolled_depth(size, calls))
                }
                _ => Inlining::Never,
            }
        });
        Policy { inlining: inlining.collect(), std_files }
    }

    /// Whether the file belongs to std.
    pub fn is_std_file(&self, file: u32) -> bool {
        self.std_files.get(file as usize).copied().unwrap_or(false)
    }
}

/// How often a body of this size with so many calls of itself can be put into itself.
fn unrolled_depth(size: usize, calls: usize) -> usize {
    let (mut depth, mut bodies, mut total) = (0, 1, size);
    loop {
        bodies *= calls;
        total += bodies * size;
        if total > UNROLLED_TOTAL_MAX {
            return depth;
        }
        depth += 1;
    }
}

/// Calls of a function in its own body.
fn own_calls(id: FunctionId, function: &Function) -> usize {
    let mut calls = 0;
    each_block(&function.body, &mut |block| {
        calls += usize::from(matches!(&block.end, End::TailCall(Call::Direct(callee, _)) if *callee == id));
        let is_own = |kind: &StatementKind| matches!(kind, StatementKind::Call(_, Call::Direct(callee, _)) if *callee == id);
        calls += block.statements.iter().filter(|s| is_own(&s.kind)).count();
    });
    calls
}

/// How often each function is called by name or made a closure of.
fn uses(program: &Program) -> IdVec<FunctionId, usize> {
    let mut uses: IdVec<FunctionId, usize> = program.functions.values().map(|_| 0).collect();
    for function in program.functions.values() {
        each_block(&function.body, &mut |block| {
            for statement in &block.statements {
                match &statement.kind {
                    StatementKind::Call(_, Call::Direct(id, _))
                    | StatementKind::Let(_, Operation::Closure { function: id, .. })
                    | StatementKind::Effect(Operation::Closure { function: id, .. }) => uses[*id] += 1,
                    _ => {}
                }
            }
            if let End::TailCall(Call::Direct(id, _)) = &block.end {
                uses[*id] += 1;
            }
        });
        each_operand(&function.body, &mut |operand| {
            if let Operand::Static(id) = operand
                && let Static::Closure(code) = &program.statics[*id]
            {
                uses[*code] += 1;
            }
        });
    }
    uses
}

impl<'p> Simplifier<'p> {
    /// The callee and its arguments, when the call is to be inlined.
    pub(super) fn inlined(&self, call: &Call, frame: &Frame<'p>) -> Option<(FunctionId, Vec<Operand>)> {
        let Call::Direct(id, args) = call else { return None };
        let wanted = match self.policy.inlining[*id] {
            Inlining::Never => false,
            Inlining::Everywhere => frame.depth < DEPTH_MAX,
            Inlining::Itself(depth) => *id == self.id && frame.unrolled < depth,
        };
        (wanted && self.size < FUNCTION_SIZE_MAX).then(|| (*id, args.clone()))
    }
}
