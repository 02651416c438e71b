//! Objects: making them, reading them.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value};
use snow_abi::context;
use snow_abi::entries::Entry;
use snow_abi::value::{Class, Header, IMMEDIATE_LIMIT};
use snow_mono::ir::{Forms, FunctionId, Local, Operand};

use super::Emitter;
use crate::signature;

/// Room in the heap that a run of allocations has made and not filled yet.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    base: Value,
    used: u32,
    bytes: u32,
}

/// Offset of a body word from an object's address.
fn body_offset(index: u32) -> i32 {
    i32::try_from(8 + 8 * u64::from(index)).expect("an object fits in 2 GB")
}

impl Emitter<'_> {
    /// Bumps the heap's free pointer by the bytes of a whole run.
    pub fn make_room(&mut self, bytes: u32, live: &[Local]) {
        let next = self.context_word(context::HEAP_NEXT);
        let end = self.builder.ins().iadd_imm_s(next, i64::from(bytes));
        let limit = self.context_word(context::HEAP_LIMIT);
        let full = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
        let ready = self.builder.create_block();
        let base = self.builder.append_block_param(ready, I64);
        let (_, fits) = self.part_cold(full);
        let stored = self.roots.stored().clone();
        self.store_roots(live);
        let size = self.integer(i64::from(bytes));
        let call = self.call_entry(Entry::Allocate as usize, &[size], &[I64]);
        let made = self.builder.inst_results(call)[0];
        self.load_roots(call, live);
        self.builder.ins().jump(ready, &[BlockArg::Value(made)]);
        self.roots.set_stored(stored);
        self.builder.seal_block(fits);
        self.builder.switch_to_block(fits);
        let process = self.builder.ins().get_pinned_reg(I64);
        self.builder.ins().store(MemFlagsData::trusted(), end, process, context::HEAP_NEXT);
        self.builder.ins().jump(ready, &[BlockArg::Value(next)]);
        self.builder.seal_block(ready);
        self.builder.switch_to_block(ready);
        self.room = Some(Room { base, used: 0, bytes });
    }

    /// A new object out of the room made before.
    pub fn allocate(&mut self, layout: u32, tag: u32, fields: &[Operand]) -> Value {
        assert!(tag <= Header::TAG_MAX, "{}: tag {tag}", self.function.name);
        let words: Vec<Value> = fields.iter().map(|field| self.operand(field)).collect();
        self.place_object(Header::new(layout, tag), &words)
    }

    /// A new closure out of the room made before.
    pub fn closure(&mut self, function: FunctionId, layout: u32, captures: &[Operand]) -> Value {
        let mut words = vec![self.code_address(function)];
        for capture in captures {
            words.push(self.operand(capture));
        }
        self.place_object(Header::new(layout, 0), &words)
    }

    fn place_object(&mut self, header: Header, words: &[Value]) -> Value {
        let room = self.room.as_mut().expect("a run has made room");
        let (base, offset) = (room.base, room.used);
        room.used += 8 + 8 * u32::try_from(words.len()).expect("an object fits in the heap");
        assert!(room.used <= room.bytes, "a run has made enough room");
        let at = if offset == 0 { base } else { self.builder.ins().iadd_imm_s(base, i64::from(offset)) };
        let header = self.integer(header.0.cast_signed());
        self.builder.ins().store(MemFlagsData::trusted(), header, at, 0);
        for (index, &word) in (0..).zip(words) {
            self.builder.ins().store(MemFlagsData::trusted(), word, at, body_offset(index));
        }
        at
    }

    /// A word of an object's body.
    pub fn load(&mut self, object: &Operand, index: u32, class: Class) -> Value {
        let object = self.operand(object);
        self.builder.ins().load(
            signature::type_of(class),
            MemFlagsData::trusted(),
            object,
            body_offset(index),
        )
    }

    /// Overwrites a word of an object that nobody has seen.
    pub fn set_word(&mut self, object: &Operand, index: u32, value: &Operand) {
        let (object, value) = (self.operand(object), self.operand(value));
        self.builder.ins().store(MemFlagsData::trusted(), value, object, body_offset(index));
    }

    /// The immediate itself, or the tag in the object's header, which is not read where the type tells it.
    pub fn tag_of(&mut self, reference: &Operand, forms: Forms) -> Value {
        let word = self.operand(reference);
        match forms {
            Forms::Any => self.tag_of_any(word),
            Forms::Immediate => word,
            Forms::OneObject { variants: 1, tag } => self.integer(i64::from(tag)),
            Forms::OneObject { variants: 2, tag } => {
                // Of the two, the other is the immediate `1 - tag`, and `tag` differs from no object or from none but it
                let (condition, other) = if tag == 1 { (IntCC::NotEqual, 0) } else { (IntCC::Equal, 1) };
                let tag = self.builder.ins().icmp_imm_u(condition, word, other);
                self.builder.ins().uextend(I64, tag)
            }
            Forms::OneObject { tag, .. } => {
                let high = self.builder.ins().ushr_imm_u(word, i64::from(IMMEDIATE_LIMIT.trailing_zeros()));
                let tag = self.integer(i64::from(tag));
                self.builder.ins().select(high, tag, word)
            }
        }
    }

    fn tag_of_any(&mut self, word: Value) -> Value {
        // A compare with the limit itself would need a constant in memory
        let high = self.builder.ins().ushr_imm_u(word, i64::from(IMMEDIATE_LIMIT.trailing_zeros()));
        let immediate = self.builder.ins().icmp_imm_u(IntCC::Equal, high, 0);
        let (object, known) = (self.builder.create_block(), self.builder.create_block());
        let tag = self.builder.append_block_param(known, I64);
        self.builder.ins().brif(immediate, known, &[BlockArg::Value(word)], object, &[]);
        self.builder.seal_block(object);
        self.builder.switch_to_block(object);
        let header = self.builder.ins().load(I32, MemFlagsData::trusted(), word, 0);
        let header = self.builder.ins().uextend(I64, header);
        let in_header = self.builder.ins().ushr_imm_u(header, 8);
        self.builder.ins().jump(known, &[BlockArg::Value(in_header)]);
        self.builder.seal_block(known);
        self.builder.switch_to_block(known);
        tag
    }
}
