//! Calls: of functions, of closures, of the runtime.

use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{Inst, InstBuilder, MemFlagsData, Type, Value};
use cranelift_codegen::isa::CallConv;
use snow_abi::context;
use snow_abi::entries::Entry;
use snow_abi::failure::Failure;
use snow_abi::value::Class;
use snow_mono::ir::{Call, FunctionId, Local, Operand};

use super::{Emitter, param_classes};
use crate::collection;
use crate::signature;

/// Registers for integer arguments of a runtime entry, the context included: the process's stack is out of its sight.
const ENTRY_REGISTERS: usize = 6;

impl Emitter<'_> {
    /// A call whose results become locals.
    pub fn call(&mut self, results: &[Local], call: &Call, live: &[Local]) {
        match call {
            Call::Direct(id, arguments) => {
                let values = self.arguments_of(*id, arguments);
                let callee = self.callee(*id);
                self.store_roots(live);
                let call = self.builder.ins().call(callee, &values);
                self.take_results(call, results, live);
            }
            Call::Closure(closure, arguments) => {
                let classes: Vec<Class> =
                    results.iter().map(|&result| self.function.locals[result]).collect();
                let (signature, code, values) = self.closure_parts(closure, arguments, &classes);
                self.store_roots(live);
                let call = self.builder.ins().call_indirect(signature, code, &values);
                self.take_results(call, results, live);
            }
            Call::Entry(entry, arguments) => self.call_entry_twice(results, *entry, arguments, live),
        }
    }

    fn take_results(&mut self, call: Inst, results: &[Local], live: &[Local]) {
        let values = self.builder.inst_results(call).to_vec();
        self.load_roots(call, live);
        assert_eq!(values.len(), results.len(), "{}: results of a call", self.function.name);
        for (&local, value) in results.iter().zip(values) {
            let value = self.convert(value, self.function.locals[local]);
            self.bind(local, value);
        }
    }

    fn arguments_of(&mut self, id: FunctionId, arguments: &[Operand]) -> Vec<Value> {
        let callee = &self.program.functions[id];
        let classes = param_classes(callee);
        assert_eq!(classes.len(), arguments.len(), "{} calls {}", self.function.name, callee.name);
        arguments.iter().zip(classes).map(|(argument, class)| self.operand_as(argument, class)).collect()
    }

    /// Signature, code address and arguments, the closure first.
    fn closure_parts(
        &mut self,
        closure: &Operand,
        arguments: &[Operand],
        results: &[Class],
    ) -> (cranelift_codegen::ir::SigRef, Value, Vec<Value>) {
        let mut classes = vec![Class::Ref];
        let mut values = vec![self.operand(closure)];
        for argument in arguments {
            classes.push(self.class_of(argument));
            values.push(self.operand(argument));
        }
        let code = self.builder.ins().load(I64, MemFlagsData::trusted(), values[0], 8);
        let signature = self.signature(signature::snow(&classes, results));
        (signature, code, values)
    }

    /// Leaves this function by a jump to another.
    pub fn tail_call_direct(&mut self, id: FunctionId, arguments: &[Operand]) {
        let values = self.arguments_of(id, arguments);
        let callee = self.callee(id);
        self.widen(&param_classes(&self.program.functions[id]));
        self.builder.ins().return_call(callee, &values);
    }

    /// Leaves this function by a jump to a closure's code.
    pub fn tail_call_closure(&mut self, closure: &Operand, arguments: &[Operand]) {
        let results = self.function.results.clone();
        let (signature, code, values) = self.closure_parts(closure, arguments, &results);
        let classes: Vec<Class> =
            std::iter::once(Class::Ref).chain(arguments.iter().map(|a| self.class_of(a))).collect();
        self.widen(&classes);
        self.builder.ins().return_call_indirect(signature, code, &values);
    }

    /// Notes that a tail call resizes the area of stack arguments.
    fn widen(&mut self, callee: &[Class]) {
        let own = signature::stack_argument_bytes(&param_classes(self.function));
        let more = signature::stack_argument_bytes(callee).saturating_sub(own);
        self.tail_bytes = self.tail_bytes.max(more);
    }

    /// A runtime entry as an operation: its first result, Unit when it has none.
    pub fn entry(&mut self, entry: Entry, arguments: &[Operand], live: &[Local]) -> Value {
        let values: Vec<Value> = arguments.iter().map(|argument| self.word(argument)).collect();
        let results: &[Type] = if entry_gives(entry) { &[I64] } else { &[] };
        let call = self.call_entry_rooted(entry, &values, results, live);
        match self.builder.inst_results(call).first() {
            Some(&value) => value,
            None => self.integer(0),
        }
    }

    /// A runtime entry with two results: the first local takes the first, all others the second, each in its own class.
    fn call_entry_twice(&mut self, results: &[Local], entry: Entry, arguments: &[Operand], live: &[Local]) {
        let values: Vec<Value> = arguments.iter().map(|argument| self.word(argument)).collect();
        let call = self.call_entry_rooted(entry, &values, &[I64, I64], live);
        let given = self.builder.inst_results(call).to_vec();
        for (index, &local) in results.iter().enumerate() {
            let value = self.convert(given[index.min(1)], self.function.locals[local]);
            self.bind(local, value);
        }
    }

    fn call_entry_rooted(
        &mut self,
        entry: Entry,
        values: &[Value],
        results: &[Type],
        live: &[Local],
    ) -> Inst {
        if !collection::entry_may_collect(entry) {
            return self.call_entry(entry as usize, values, results);
        }
        self.store_roots(live);
        let call = self.call_entry(entry as usize, values, results);
        self.load_roots(call, live);
        call
    }

    /// Calls an entry of the table with the context and the given words.
    pub fn call_entry(&mut self, index: usize, words: &[Value], results: &[Type]) -> Inst {
        let mut types = vec![I64];
        let mut values = vec![self.builder.ins().get_pinned_reg(I64)];
        for &word in words {
            types.push(self.builder.func.dfg.value_type(word));
            values.push(word);
        }
        let integers = types.iter().filter(|&&ty| ty == I64).count();
        assert!(integers <= ENTRY_REGISTERS, "entry {index} takes more arguments than there are registers");
        let convention = CallConv::SystemV;
        let signature = self.signature(signature::with_types(convention, types, results.iter().copied()));
        let target = self.entry_address(index);
        self.builder.ins().call_indirect(signature, target, &values)
    }

    /// The address of an entry.
    pub fn entry_address(&mut self, index: usize) -> Value {
        let table = self.context_word(context::ENTRIES);
        let offset = i32::try_from(8 * index).expect("a table of some hundred entries");
        self.builder.ins().load(I64, MemFlagsData::trusted(), table, offset)
    }

    /// The process crashes.
    pub fn fail(&mut self, failure: Failure, a: Value, b: Value) {
        let kind = self.integer(failure as i64);
        self.call_entry(Entry::Fail as usize, &[kind, a, b], &[]);
        self.trap();
    }
}

/// Whether an entry has a result to take.
fn entry_gives(entry: Entry) -> bool {
    !matches!(
        entry,
        Entry::StackCheck
            | Entry::BackEdge
            | Entry::Fail
            | Entry::Send
            | Entry::SendNamed
            | Entry::ReceiveStart
            | Entry::ReceiveAccept
            | Entry::ReceiveEnd
            | Entry::ExitSelf
            | Entry::SetTerminate
            | Entry::GroupBroadcast
    )
}
