//! Operands as Cranelift values of the wanted class.

use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value};
use snow_abi::value::Class;
use snow_mono::ir::Operand;

use super::Emitter;

impl Emitter<'_> {
    /// Class of an operand.
    pub fn class_of(&self, operand: &Operand) -> Class {
        match operand {
            Operand::Local(local) => self.function.locals[*local],
            Operand::Int(_) => Class::Int,
            Operand::Float(_) => Class::Float,
            Operand::Immediate(_) | Operand::Static(_) => Class::Ref,
        }
    }

    /// An operand in its own class.
    pub fn operand(&mut self, operand: &Operand) -> Value {
        match operand {
            Operand::Local(local) => self.read(*local),
            Operand::Int(value) => self.integer(*value),
            Operand::Float(value) => self.builder.ins().f64const(*value),
            Operand::Immediate(value) => self.integer(i64::from(*value)),
            Operand::Static(id) => self.static_address(*id),
        }
    }

    /// An operand as a word of a class: floats and integer registers exchange their bits.
    pub fn operand_as(&mut self, operand: &Operand, class: Class) -> Value {
        let value = self.operand(operand);
        self.convert(value, class)
    }

    /// An operand in an integer register.
    pub fn word(&mut self, operand: &Operand) -> Value {
        self.operand_as(operand, Class::Int)
    }

    /// A value as a word of a class.
    pub fn convert(&mut self, value: Value, class: Class) -> Value {
        let have = self.builder.func.dfg.value_type(value);
        match class {
            Class::Float if have == I64 => self.builder.ins().bitcast(F64, MemFlagsData::new(), value),
            Class::Int | Class::Ref if have == F64 => {
                self.builder.ins().bitcast(I64, MemFlagsData::new(), value)
            }
            _ => value,
        }
    }

    /// A truth value as a Bool.
    pub fn boolean(&mut self, truth: Value) -> Value {
        self.builder.ins().uextend(I64, truth)
    }
}
