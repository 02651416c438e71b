//! Classes to Cranelift types and signatures.

use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{AbiParam, Signature, Type};
use cranelift_codegen::isa::CallConv;
use snow_abi::value::Class;

/// Integer and float registers that carry arguments in the Tail convention.
const ARGUMENT_REGISTERS: (usize, usize) = (6, 8);

/// The register type of a class.
pub fn type_of(class: Class) -> Type {
    match class {
        Class::Int | Class::Ref => I64,
        Class::Float => F64,
    }
}

/// The signature of a Snow function.
pub fn snow(params: &[Class], results: &[Class]) -> Signature {
    assert!(results.len() <= 8, "results fit in registers");
    with_types(CallConv::Tail, params.iter().map(|&c| type_of(c)), results.iter().map(|&c| type_of(c)))
}

/// A signature of given types.
pub fn with_types(
    convention: CallConv,
    params: impl IntoIterator<Item = Type>,
    results: impl IntoIterator<Item = Type>,
) -> Signature {
    let mut signature = Signature::new(convention);
    signature.params.extend(params.into_iter().map(AbiParam::new));
    signature.returns.extend(results.into_iter().map(AbiParam::new));
    signature
}

/// Bytes of the arguments that go to the stack.
pub fn stack_argument_bytes(params: &[Class]) -> u32 {
    let floats = params.iter().filter(|&&class| class == Class::Float).count();
    let words = params.len() - floats;
    let spilled = words.saturating_sub(ARGUMENT_REGISTERS.0) + floats.saturating_sub(ARGUMENT_REGISTERS.1);
    u32::try_from(8 * spilled).expect("an argument list fits in memory").next_multiple_of(16)
}
