//! Blocks, ends and join points.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, TrapCode};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::Switch;
use snow_abi::context;
use snow_abi::entries::Entry;
use snow_mono::ir::{Block, Call, End, JoinId, Local, Operand, Statement, StatementKind};
use snow_text::Id;

use super::Emitter;
use crate::allocation;
use crate::local_set::LocalSet;
use crate::signature;

/// A join point in view.
#[derive(Debug)]
pub struct Join {
    block: ir::Block,
    params: Vec<Local>,
    recursive: bool,
    /// Slots that are up to date on every jump so far; `None` before the first.
    stored: Option<LocalSet>,
    /// Whether its own body is being emitted: a jump to it is a back edge.
    inside: bool,
}

impl Emitter<'_> {
    /// Emits a block and everything in it into the current Cranelift block.
    pub fn block(&mut self, block: &Block) {
        let heads = allocation::run_heads(&block.statements);
        let mut bodies = Vec::new();
        for (statement, head) in block.statements.iter().zip(heads) {
            self.locate(statement.location);
            if let StatementKind::Join { id, params, recursive, body } = &statement.kind {
                self.declare_join(*id, params, *recursive);
                bodies.push((*id, body));
            } else {
                self.statement(statement, head);
            }
        }
        self.room = None;
        self.locate(block.location);
        self.end(&block.end);
        for (id, body) in bodies.into_iter().rev() {
            self.join_body(id, body);
        }
    }

    fn statement(&mut self, statement: &Statement, head: Option<u32>) {
        let liveness = self.liveness;
        let live = liveness.at(statement);
        if let Some(bytes) = head {
            self.make_room(bytes, live);
        }
        match &statement.kind {
            StatementKind::Let(local, operation) => {
                let class = self.function.locals[*local];
                let value = self.operation(operation, class, live);
                let value = self.convert(value, class);
                self.bind(*local, value);
            }
            StatementKind::Effect(operation) => {
                self.operation(operation, snow_abi::value::Class::Int, live);
            }
            StatementKind::Call(results, call) => self.call(results, call, live),
            StatementKind::Join { .. } => {}
        }
    }

    fn declare_join(&mut self, id: JoinId, params: &[Local], recursive: bool) {
        let block = self.builder.create_block();
        for &param in params {
            self.builder.append_block_param(block, signature::type_of(self.function.locals[param]));
        }
        let join = Join { block, params: params.to_vec(), recursive, stored: None, inside: false };
        self.joins[id.index()] = Some(join);
    }

    fn join_body(&mut self, id: JoinId, body: &Block) {
        let join = self.join(id);
        let (block, recursive) = (join.block, join.recursive);
        // Nobody jumps here: the body is dead, and what it reads may not be defined
        let Some(stored) = join.stored.take() else { return };
        join.inside = true;
        let params = join.params.clone();
        self.builder.switch_to_block(block);
        if !recursive {
            self.builder.seal_block(block);
        }
        self.roots.set_stored(stored);
        let values = self.builder.block_params(block).to_vec();
        for (param, value) in params.into_iter().zip(values) {
            self.bind(param, value);
        }
        self.block(body);
        self.join(id).inside = false;
        if recursive {
            self.builder.seal_block(block);
        }
    }

    fn join(&mut self, id: JoinId) -> &mut Join {
        self.joins[id.index()].as_mut().expect("a join in view")
    }

    fn end(&mut self, end: &End) {
        match end {
            End::Return(values) => self.leave(values),
            End::TailCall(call) => self.tail_call(call),
            End::Jump(id, arguments) => self.jump(*id, arguments),
            End::If { condition, then, otherwise } => self.branch(condition, then, otherwise),
            End::Switch { on, cases, default } => self.switch(on, cases, default.as_deref()),
            End::Fail(failure, a, b) => {
                let (a, b) = (self.word(a), self.word(b));
                self.fail(*failure, a, b);
            }
            End::Unreachable => self.trap(),
        }
    }

    /// For places that are never reached.
    pub fn trap(&mut self) {
        self.builder.ins().trap(TrapCode::unwrap_user(1));
    }

    fn leave(&mut self, values: &[Operand]) {
        let classes = self.function.results.clone();
        assert_eq!(classes.len(), values.len(), "{}: results", self.function.name);
        let values: Vec<_> =
            values.iter().zip(classes).map(|(value, class)| self.operand_as(value, class)).collect();
        self.builder.ins().return_(&values);
    }

    fn jump(&mut self, id: JoinId, arguments: &[Operand]) {
        let join = self.join(id);
        let (block, params, back_edge) = (join.block, join.params.clone(), join.inside);
        assert_eq!(params.len(), arguments.len(), "arguments of a jump");
        let mut values = Vec::with_capacity(params.len());
        for (param, argument) in params.iter().zip(arguments) {
            values.push(BlockArg::Value(self.operand_as(argument, self.function.locals[*param])));
        }
        if back_edge {
            self.check_back_edge();
        } else {
            let stored = self.roots.stored().clone();
            match &mut self.join(id).stored {
                Some(common) => common.intersect(&stored),
                first => *first = Some(stored),
            }
        }
        self.builder.ins().jump(block, &values);
    }

    /// Lets the process yield when the scheduler has poisoned its stack limit. Nothing is collected here, so no roots.
    fn check_back_edge(&mut self) {
        let limit = self.context_word(context::STACK_LIMIT);
        let asked = self.builder.ins().icmp_imm_s(IntCC::Equal, limit, -1);
        let (cold, on) = self.part_cold(asked);
        let signature = self.signature(signature::with_types(CallConv::PreserveAll, [], []));
        let target = self.entry_address(Entry::BackEdge as usize);
        self.builder.ins().call_indirect(signature, target, &[]);
        self.builder.ins().jump(on, &[]);
        self.builder.seal_block(on);
        self.builder.switch_to_block(on);
        debug_assert_ne!(cold, on);
    }

    /// Branches to a cold block, which becomes the current one, or onwards to the second, which is not sealed yet.
    pub fn part_cold(&mut self, condition: ir::Value) -> (ir::Block, ir::Block) {
        let (cold, on) = (self.builder.create_block(), self.builder.create_block());
        self.builder.set_cold_block(cold);
        self.builder.ins().brif(condition, cold, &[], on, &[]);
        self.builder.seal_block(cold);
        self.builder.switch_to_block(cold);
        (cold, on)
    }

    fn branch(&mut self, condition: &Operand, then: &Block, otherwise: &Block) {
        let condition = self.operand(condition);
        let (yes, no) = (self.builder.create_block(), self.builder.create_block());
        self.builder.ins().brif(condition, yes, &[], no, &[]);
        let stored = self.roots.stored().clone();
        self.arm(yes, then, &stored);
        self.arm(no, otherwise, &stored);
    }

    fn arm(&mut self, block: ir::Block, body: &Block, stored: &LocalSet) {
        self.builder.seal_block(block);
        self.builder.switch_to_block(block);
        self.roots.set_stored(stored.clone());
        self.block(body);
    }

    fn switch(&mut self, on: &Operand, cases: &[(i64, Block)], default: Option<&Block>) {
        let on = self.operand(on);
        // All values are listed: the last case needs no test
        let (tested, default) = match (default, cases.split_last()) {
            (Some(default), _) => (cases, Some(default)),
            (None, Some(((_, last), others))) => (others, Some(last)),
            (None, None) => (cases, None),
        };
        let Some(default) = default else { return self.trap() };
        let mut switch = Switch::new();
        let mut arms = Vec::with_capacity(cases.len());
        for (value, body) in tested {
            let block = self.builder.create_block();
            switch.set_entry(u128::from(value.cast_unsigned()), block);
            arms.push((block, body));
        }
        let otherwise = self.builder.create_block();
        arms.push((otherwise, default));
        switch.emit(&mut self.builder, on, otherwise);
        let stored = self.roots.stored().clone();
        for (block, body) in arms {
            self.arm(block, body, &stored);
        }
    }

    fn tail_call(&mut self, call: &Call) {
        match call {
            Call::Direct(id, arguments) => self.tail_call_direct(*id, arguments),
            Call::Closure(closure, arguments) => self.tail_call_closure(closure, arguments),
            Call::Entry(..) => panic!("{}: a runtime entry cannot be tail called", self.function.name),
        }
    }

    /// A word of the process context.
    pub fn context_word(&mut self, offset: i32) -> ir::Value {
        let process = self.builder.ins().get_pinned_reg(I64);
        self.builder.ins().load(I64, ir::MemFlagsData::trusted(), process, offset)
    }
}
