//! Operations, and the arithmetic among them.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value};
use snow_abi::failure::Failure;
use snow_abi::primitives::Primitive;
use snow_abi::value::Class;
use snow_mono::ir::{Condition, FloatOp, IntOp, Local, Operand, Operation};

use super::Emitter;

impl Emitter<'_> {
    /// Computes an operation; `class` is that of the local that takes the result.
    pub fn operation(&mut self, operation: &Operation, class: Class, live: &[Local]) -> Value {
        match operation {
            Operation::Copy(a) => self.operand_as(a, class),
            Operation::Int(op, a, b) => self.int_operation(*op, a, b),
            Operation::IntNegate(a) => self.int_negate(a),
            Operation::Float(op, a, b) => self.float_operation(*op, a, b),
            Operation::FloatNegate(a) => {
                let a = self.operand(a);
                self.builder.ins().fneg(a)
            }
            Operation::Not(a) => {
                let a = self.operand(a);
                self.builder.ins().bxor_imm_u(a, 1)
            }
            Operation::IntCompare(condition, a, b) => self.int_compare(*condition, a, b),
            Operation::FloatCompare(condition, a, b) => self.float_compare(*condition, a, b),
            Operation::FloatOrder(a, b) => self.float_order(a, b),
            Operation::SameWord(a, b) => self.int_compare(Condition::Equal, a, b),
            Operation::Load { object, index } => self.load(object, *index, class),
            Operation::TagOf(a, forms) => self.tag_of(a, *forms),
            Operation::Allocate { layout, tag, fields } => self.allocate(*layout, *tag, fields),
            Operation::Closure { function, layout, captures } => self.closure(*function, *layout, captures),
            Operation::SetCapture { closure, index, value } => {
                self.set_word(closure, *index, value);
                self.integer(0)
            }
            Operation::Primitive { primitive, args, generic } => {
                self.primitive(*primitive, args, *generic, live)
            }
            Operation::Entry(entry, args) => self.entry(*entry, args, live),
        }
    }

    fn int_operation(&mut self, op: IntOp, a: &Operand, b: &Operand) -> Value {
        match op {
            IntOp::Add => self.add(a, b),
            IntOp::Sub => self.subtract(a, b),
            IntOp::Mul => self.multiply(a, b),
            IntOp::Div => self.divide(a, b),
            IntOp::Rem => self.remainder(a, b),
        }
    }

    fn add(&mut self, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.operand(a), self.operand(b));
        let (sum, overflow) = match (a, b) {
            (_, Operand::Int(constant)) => self.add_constant(x, y, *constant),
            (Operand::Int(constant), _) => self.add_constant(y, x, *constant),
            _ => self.builder.ins().sadd_overflow(x, y),
        };
        self.fail_if(overflow, Failure::AddOverflow, x, y);
        sum
    }

    /// With a constant, overflow shows in the order of the result: one compare instead of a flag in a register.
    fn add_constant(&mut self, x: Value, constant: Value, number: i64) -> (Value, Value) {
        let sum = self.builder.ins().iadd(x, constant);
        let wrong = if number >= 0 { IntCC::SignedLessThan } else { IntCC::SignedGreaterThan };
        (sum, self.builder.ins().icmp(wrong, sum, x))
    }

    fn subtract(&mut self, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.operand(a), self.operand(b));
        let (difference, overflow) = if let Operand::Int(number) = b {
            let difference = self.builder.ins().isub(x, y);
            let wrong = if *number >= 0 { IntCC::SignedGreaterThan } else { IntCC::SignedLessThan };
            (difference, self.builder.ins().icmp(wrong, difference, x))
        } else {
            self.builder.ins().ssub_overflow(x, y)
        };
        self.fail_if(overflow, Failure::SubtractOverflow, x, y);
        difference
    }

    fn multiply(&mut self, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.operand(a), self.operand(b));
        let (product, overflow) = self.builder.ins().smul_overflow(x, y);
        self.fail_if(overflow, Failure::MultiplyOverflow, x, y);
        product
    }

    fn divide(&mut self, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.operand(a), self.operand(b));
        self.check_divisor(x, y, b, Failure::DivideByZero);
        if !matches!(b, Operand::Int(number) if *number != -1) {
            let least = self.builder.ins().icmp_imm_s(IntCC::Equal, x, i64::MIN);
            let minus_one = self.builder.ins().icmp_imm_s(IntCC::Equal, y, -1);
            let overflow = self.builder.ins().band(least, minus_one);
            self.fail_if(overflow, Failure::DivideOverflow, x, y);
        }
        self.builder.ins().sdiv(x, y)
    }

    /// `x % -1` is 0 for every x: Cranelift's instruction says so too.
    fn remainder(&mut self, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.operand(a), self.operand(b));
        self.check_divisor(x, y, b, Failure::RemainderByZero);
        self.builder.ins().srem(x, y)
    }

    fn check_divisor(&mut self, x: Value, y: Value, divisor: &Operand, failure: Failure) {
        if matches!(divisor, Operand::Int(number) if *number != 0) {
            return;
        }
        let zero = self.builder.ins().icmp_imm_s(IntCC::Equal, y, 0);
        self.fail_if(zero, failure, x, y);
    }

    fn int_negate(&mut self, a: &Operand) -> Value {
        let x = self.operand(a);
        let least = self.builder.ins().icmp_imm_s(IntCC::Equal, x, i64::MIN);
        let zero = self.integer(0);
        self.fail_if(least, Failure::NegateOverflow, x, zero);
        self.builder.ins().ineg(x)
    }

    /// Crashes in a cold block when a truth value holds.
    pub fn fail_if(&mut self, truth: Value, failure: Failure, a: Value, b: Value) {
        let (_, on) = self.part_cold(truth);
        self.fail(failure, a, b);
        self.builder.seal_block(on);
        self.builder.switch_to_block(on);
    }

    fn int_compare(&mut self, condition: Condition, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.operand(a), self.operand(b));
        let code = match condition {
            Condition::Equal => IntCC::Equal,
            Condition::NotEqual => IntCC::NotEqual,
            Condition::Less => IntCC::SignedLessThan,
            Condition::LessEqual => IntCC::SignedLessThanOrEqual,
            Condition::Greater => IntCC::SignedGreaterThan,
            Condition::GreaterEqual => IntCC::SignedGreaterThanOrEqual,
        };
        let truth = self.builder.ins().icmp(code, x, y);
        self.boolean(truth)
    }

    fn float_operation(&mut self, op: FloatOp, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.operand(a), self.operand(b));
        match op {
            FloatOp::Add => self.builder.ins().fadd(x, y),
            FloatOp::Sub => self.builder.ins().fsub(x, y),
            FloatOp::Mul => self.builder.ins().fmul(x, y),
            FloatOp::Div => self.builder.ins().fdiv(x, y),
            FloatOp::Rem => self.primitive(Primitive::float_rem, &[*a, *b], Class::Int, &[]),
        }
    }

    fn float_compare(&mut self, condition: Condition, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.operand(a), self.operand(b));
        let code = match condition {
            Condition::Equal => FloatCC::Equal,
            Condition::NotEqual => FloatCC::NotEqual,
            Condition::Less => FloatCC::LessThan,
            Condition::LessEqual => FloatCC::LessThanOrEqual,
            Condition::Greater => FloatCC::GreaterThan,
            Condition::GreaterEqual => FloatCC::GreaterThanOrEqual,
        };
        let truth = self.builder.ins().fcmp(code, x, y);
        self.boolean(truth)
    }

    /// The total order of IEEE 754: of the bits as sign and magnitude.
    fn float_order(&mut self, a: &Operand, b: &Operand) -> Value {
        let (x, y) = (self.order_key(a), self.order_key(b));
        let above = self.builder.ins().icmp(IntCC::SignedGreaterThan, x, y);
        let below = self.builder.ins().icmp(IntCC::SignedLessThan, x, y);
        let (above, below) = (self.boolean(above), self.boolean(below));
        self.builder.ins().isub(above, below)
    }

    fn order_key(&mut self, operand: &Operand) -> Value {
        let value = self.operand(operand);
        let bits = self.builder.ins().bitcast(I64, MemFlagsData::new(), value);
        let sign = self.builder.ins().sshr_imm_u(bits, 63);
        let magnitude = self.builder.ins().ushr_imm_u(sign, 1);
        self.builder.ins().bxor(bits, magnitude)
    }
}
