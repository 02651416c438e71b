//! A self tail call becomes a jump to a loop at the function's head: parameters stay in registers, and no entry check is made.

use crate::ir::{Block, Call, End, FunctionId, JoinId, Local, Operand, Program, Statement, StatementKind};
use crate::signals::{each_block, each_end_block_mut};

/// Rewrites every function that calls itself in tail position.
pub(crate) fn make_loops(program: &mut Program) {
    let ids: Vec<FunctionId> = program.functions.ids().collect();
    for id in ids {
        let function = &mut program.functions[id];
        if !calls_itself(&function.body, id) {
            continue;
        }
        let join = JoinId(function.join_count);
        function.join_count += 1;
        let classes: Vec<_> = function.params.iter().map(|p| function.locals[*p]).collect();
        let outer: Vec<Local> = classes.iter().map(|c| function.locals.push(*c)).collect();
        let location = function.body.location;
        let end = End::Jump(join, outer.iter().map(|p| Operand::Local(*p)).collect());
        let mut body = std::mem::replace(&mut function.body, Block { statements: vec![], end, location });
        redirect(&mut body, id, join);
        let params = std::mem::replace(&mut function.params, outer);
        let kind = StatementKind::Join { id: join, params, recursive: true, body: Box::new(body) };
        function.body.statements.push(Statement { kind, location });
    }
}

fn calls_itself(body: &Block, id: FunctionId) -> bool {
    let mut found = false;
    each_block(body, &mut |block| {
        found |= matches!(&block.end, End::TailCall(Call::Direct(callee, _)) if *callee == id);
    });
    found
}

fn redirect(block: &mut Block, id: FunctionId, join: JoinId) {
    for statement in &mut block.statements {
        if let StatementKind::Join { body, .. } = &mut statement.kind {
            redirect(body, id, join);
        }
    }
    if let End::TailCall(Call::Direct(callee, args)) = &mut block.end
        && *callee == id
    {
        block.end = End::Jump(join, std::mem::take(args));
    }
    each_end_block_mut(&mut block.end, &mut |inner| redirect(inner, id, join));
}
