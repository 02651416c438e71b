//! Primitives: some in line, the others by a call of their entry.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value};
use snow_abi::failure::Failure;
use snow_abi::primitives::{self, Primitive};
use snow_abi::value::Class;
use snow_mono::ir::{Local, Operand, Operation};

use super::Emitter;
use crate::collection;
use crate::signature;

impl Emitter<'_> {
    /// Computes a primitive; `generic` is the class of its type parameter.
    pub fn primitive(
        &mut self,
        primitive: Primitive,
        args: &[Operand],
        generic: Class,
        live: &[Local],
    ) -> Value {
        let row = primitive.row();
        assert_eq!(row.params.len(), args.len(), "{} calls {}", self.function.name, row.name);
        let mut values = Vec::with_capacity(args.len() + 1);
        for (arg, param) in args.iter().zip(row.params) {
            let class = match param {
                primitives::Operand::Word(class) => *class,
                _ => Class::Int,
            };
            values.push(self.operand_as(arg, class));
        }
        if let Some(value) =
            self.inline_int(primitive, &values).or_else(|| self.inline_float(primitive, &values))
        {
            return value;
        }
        match primitive {
            Primitive::array_length => self.array_length(values[0]),
            Primitive::array_get => self.array_get(values[0], values[1], generic),
            _ => self.call_primitive(primitive, values, generic, live),
        }
    }

    fn call_primitive(
        &mut self,
        primitive: Primitive,
        mut values: Vec<Value>,
        generic: Class,
        live: &[Local],
    ) -> Value {
        let row = primitive.row();
        if row.tells_class() {
            values.push(self.integer(i64::from(generic == Class::Ref)));
        }
        // A word of a type parameter comes back in an integer register
        let results: &[Type] = match primitives::result_class(row, Class::Int) {
            None => &[],
            Some(Class::Float) => &[F64],
            Some(_) => &[I64],
        };
        let operation = Operation::Primitive { primitive, args: Vec::new(), generic };
        let live = if collection::may_collect(&operation) { live } else { &[] };
        self.store_roots(live);
        let call = self.call_entry(primitive.entry_index(), &values, results);
        self.load_roots(call, live);
        match self.builder.inst_results(call).first() {
            Some(&value) => value,
            None => self.integer(0),
        }
    }

    fn inline_int(&mut self, primitive: Primitive, values: &[Value]) -> Option<Value> {
        let a = *values.first()?;
        let b = values.get(1).copied().unwrap_or(a);
        let ins = self.builder.ins();
        Some(match primitive {
            Primitive::int_wrapping_add => ins.iadd(a, b),
            Primitive::int_wrapping_sub => ins.isub(a, b),
            Primitive::int_wrapping_mul => ins.imul(a, b),
            Primitive::int_and => ins.band(a, b),
            Primitive::int_or => ins.bor(a, b),
            Primitive::int_xor => ins.bxor(a, b),
            Primitive::int_not => ins.bnot(a),
            Primitive::int_count_ones => ins.popcnt(a),
            Primitive::int_leading_zeros => ins.clz(a),
            Primitive::int_trailing_zeros => ins.ctz(a),
            Primitive::int_to_float => ins.fcvt_from_sint(F64, a),
            Primitive::int_add_overflows => self.overflow_flag(a, b, |ins, a, b| ins.sadd_overflow(a, b)),
            Primitive::int_sub_overflows => self.overflow_flag(a, b, |ins, a, b| ins.ssub_overflow(a, b)),
            Primitive::int_mul_overflows => self.overflow_flag(a, b, |ins, a, b| ins.smul_overflow(a, b)),
            Primitive::int_shift_left | Primitive::int_shift_right | Primitive::int_shift_right_zero => {
                self.shift(primitive, a, b)
            }
            _ => return None,
        })
    }

    fn overflow_flag(
        &mut self,
        a: Value,
        b: Value,
        operation: impl FnOnce(cranelift_frontend::FuncInstBuilder, Value, Value) -> (Value, Value),
    ) -> Value {
        let (_, overflow) = operation(self.builder.ins(), a, b);
        self.boolean(overflow)
    }

    fn shift(&mut self, primitive: Primitive, a: Value, count: Value) -> Value {
        let wrong = self.builder.ins().icmp_imm_u(IntCC::UnsignedGreaterThan, count, 63);
        let zero = self.integer(0);
        self.fail_if(wrong, Failure::ShiftCount, count, zero);
        match primitive {
            Primitive::int_shift_left => self.builder.ins().ishl(a, count),
            Primitive::int_shift_right => self.builder.ins().sshr(a, count),
            _ => self.builder.ins().ushr(a, count),
        }
    }

    fn inline_float(&mut self, primitive: Primitive, values: &[Value]) -> Option<Value> {
        let a = *values.first()?;
        let ins = self.builder.ins();
        Some(match primitive {
            Primitive::float_floor => ins.floor(a),
            Primitive::float_ceil => ins.ceil(a),
            Primitive::float_trunc => ins.trunc(a),
            Primitive::float_sqrt => ins.sqrt(a),
            Primitive::float_abs => ins.fabs(a),
            Primitive::float_to_bits => ins.bitcast(I64, MemFlagsData::new(), a),
            Primitive::float_from_bits => ins.bitcast(F64, MemFlagsData::new(), a),
            Primitive::float_to_int => ins.fcvt_to_sint_sat(I64, a),
            _ => return None,
        })
    }

    /// Word 0 of an array's body.
    fn array_length(&mut self, array: Value) -> Value {
        self.builder.ins().load(I64, MemFlagsData::trusted(), array, 8)
    }

    fn array_get(&mut self, array: Value, index: Value, class: Class) -> Value {
        let length = self.array_length(array);
        let outside = self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, index, length);
        self.fail_if(outside, Failure::ArrayIndex, index, length);
        let offset = self.builder.ins().ishl_imm_u(index, 3);
        let at = self.builder.ins().iadd(array, offset);
        self.builder.ins().load(signature::type_of(class), MemFlagsData::trusted(), at, 16)
    }
}
