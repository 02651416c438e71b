//! One concrete function as Cranelift IR.
//!
//! The structured blocks of the concrete IR become Cranelift blocks in one walk: a block's statements, its end with the blocks inside it, then the
//! bodies of the join points it defined, the last one first, because a body may jump to the joins before it.

mod arithmetic;
mod calls;
mod control;
mod imports;
mod memory;
mod operands;
mod primitives;
mod roots;

use cranelift_codegen::ir::{self, InstBuilder, SourceLoc, UserFuncName, Value};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use snow_abi::value::Class;
use snow_mono::ir as mono;
use snow_mono::ir::{FunctionId, Location};

use crate::liveness::Liveness;
use crate::signature;
use control::Join;
pub use imports::FUNCTIONS;
use imports::Imports;
use memory::Room;
use roots::Roots;

/// Cranelift IR of a function, and what its source locations mean.
#[derive(Debug)]
pub struct Built {
    /// The function.
    pub function: ir::Function,
    /// By source location number.
    pub locations: Vec<Location>,
    /// Bytes that its widest tail call needs for stack arguments beyond its own.
    pub tail_bytes: u32,
}

/// Builds one function.
pub fn build(
    program: &mono::Program,
    id: FunctionId,
    context: &mut FunctionBuilderContext,
    machine: &dyn cranelift_codegen::isa::TargetIsa,
) -> Built {
    let function = &program.functions[id];
    let name = UserFuncName::user(imports::FUNCTIONS, id.0);
    let mut built = ir::Function::with_name_signature(name, signature_of(function));
    let liveness = Liveness::of(function);
    let mut builder = FunctionBuilder::new(&mut built, context);
    let roots = Roots::new(&mut builder, function, &liveness);
    let mut emitter = Emitter {
        program,
        function,
        liveness: &liveness,
        builder,
        roots,
        imports: Imports::default(),
        joins: (0..function.join_count).map(|_| None).collect(),
        room: None,
        locations: Vec::new(),
        tail_bytes: 0,
    };
    emitter.function_body();
    let Emitter { builder, locations, tail_bytes, .. } = emitter;
    builder.finalize(machine.frontend_config());
    Built { function: built, locations, tail_bytes }
}

/// Classes of a function's parameters.
pub fn param_classes(function: &mono::Function) -> Vec<Class> {
    function.params.iter().map(|&param| function.locals[param]).collect()
}

fn signature_of(function: &mono::Function) -> ir::Signature {
    signature::snow(&param_classes(function), &function.results)
}

/// A function under construction.
struct Emitter<'a> {
    program: &'a mono::Program,
    function: &'a mono::Function,
    liveness: &'a Liveness,
    builder: FunctionBuilder<'a>,
    roots: Roots,
    imports: Imports,
    joins: Vec<Option<Join>>,
    /// What is left of the room that the current run of allocations has made.
    room: Option<Room>,
    locations: Vec<Location>,
    tail_bytes: u32,
}

impl Emitter<'_> {
    fn function_body(&mut self) {
        let entry = self.builder.create_block();
        self.builder.append_block_params_for_function_params(entry);
        self.builder.switch_to_block(entry);
        self.builder.seal_block(entry);
        self.locate(self.function.location);
        let values = self.builder.block_params(entry).to_vec();
        for (&param, value) in self.function.params.iter().zip(values) {
            self.bind(param, value);
        }
        self.block(&self.function.body);
    }

    /// Says which line the following instructions belong to.
    fn locate(&mut self, location: Location) {
        if location.line == 0 {
            return;
        }
        if self.locations.last() != Some(&location) {
            self.locations.push(location);
        }
        let number = u32::try_from(self.locations.len() - 1).expect("fewer than 2^32 locations");
        self.builder.set_srcloc(SourceLoc::new(number));
    }

    fn integer(&mut self, value: i64) -> Value {
        self.builder.ins().iconst(ir::types::I64, value)
    }
}
