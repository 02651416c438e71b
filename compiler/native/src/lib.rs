//! Concrete IR to machine code by Cranelift.
//!
//! In: a [`mono::Program`](snow_mono::ir::Program). Out: an [`abi::Program`](snow_abi::program::Program). What holds of it: every safepoint has a
//! stack map; every runtime entry is in the treaty; no stack address outlives a call; the code holds no absolute address.
//!
//! Reading order: [`target`] (machine and flags), `liveness` (which references a collection must see), `function` and its parts (one function's
//! Cranelift IR), `compile` (all functions, in parallel), `data` and `link` (one image), [`inspect`] (the proof about stack addresses).
#![forbid(unsafe_code)]

mod allocation;
mod collection;
mod compile;
mod data;
mod function;
pub mod inspect;
mod link;
mod liveness;
mod local_set;
mod signature;
mod target;

use snow_abi::program::Program;
use snow_mono::ir as mono;

/// What to do besides generating code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Run Cranelift's verifier and [`inspect`] over each function; a finding is our bug and panics.
    pub verify: bool,
    /// Keep each function's text.
    pub keep_text: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { verify: cfg!(debug_assertions), keep_text: false }
    }
}

/// A program and the texts that were asked for.
#[derive(Debug)]
pub struct Generated {
    /// The image.
    pub program: Program,
    /// By function, in the order of the concrete program; empty unless kept.
    pub texts: Vec<FunctionText>,
}

/// One function as text.
#[derive(Debug)]
pub struct FunctionText {
    /// As in stack traces.
    pub name: String,
    /// Cranelift IR.
    pub clif: String,
    /// Machine code, entry stub included.
    pub asm: String,
}

/// Machine code for a whole program.
///
/// # Panics
/// On a program that breaks the rules of the concrete IR.
pub fn generate(program: &mono::Program) -> Program {
    generate_with(program, &Options::default()).program
}

/// The same, with options.
///
/// # Panics
/// On a program that breaks the rules of the concrete IR.
pub fn generate_with(program: &mono::Program, options: &Options) -> Generated {
    let compiled = compile::compile(program, options);
    let data = data::lay_out(program);
    let image = link::link(program, &compiled, &data);
    let texts = if options.keep_text { texts(program, &compiled, &image) } else { Vec::new() };
    Generated { program: image, texts }
}

fn texts(program: &mono::Program, compiled: &[compile::Compiled], image: &Program) -> Vec<FunctionText> {
    let of = |(function, compiled): (&mono::Function, &compile::Compiled)| FunctionText {
        name: function.name.clone(),
        clif: compiled.clif.clone(),
        asm: inspect::disassemble(image, compiled.index),
    };
    program.functions.values().zip(compiled).map(of).collect()
}

#[cfg(test)]
mod tests;
