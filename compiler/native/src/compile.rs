//! All functions to machine code, on all cores; the result does not depend on how many there are.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, Function};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{CompiledCode, Context, FinalizedRelocTarget};
use cranelift_frontend::FunctionBuilderContext;
use snow_mono::ir::{FunctionId, Location, Program, StaticId};
use snow_text::Id;

use crate::Options;
use crate::function::{self, Built};
use crate::inspect;
use crate::target;

/// Deeply nested blocks are walked by recursion.
const WORKER_STACK_BYTES: usize = 256 << 20;
/// Fewer functions than this per worker are not worth a thread.
const FUNCTIONS_PER_WORKER: usize = 32;

/// A function's machine code and the tables beside it; offsets count from the start of its body.
#[derive(Debug)]
pub struct Compiled {
    /// Its place in the program.
    pub index: usize,
    /// The body.
    pub code: Vec<u8>,
    /// Bytes of stack that a call of it may take.
    pub frame: u32,
    /// References to other things of the image.
    pub references: Vec<Reference>,
    /// Stack maps: return address, span, slot offsets.
    pub maps: Vec<(u32, u32, Vec<u32>)>,
    /// Start, end, line.
    pub lines: Vec<(u32, u32, Location)>,
    /// Cranelift IR, if asked for.
    pub clif: String,
}

/// Four bytes of code that hold a distance.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// Where.
    pub offset: u32,
    /// Added to the distance.
    pub addend: i64,
    /// To what.
    pub target: Target,
}

/// What code refers to.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// The entry of a function.
    Function(FunctionId),
    /// A static object.
    Static(StaticId),
}

/// Compiles every function.
pub fn compile(program: &Program, options: &Options) -> Vec<Compiled> {
    let count = program.functions.len();
    let machine = target::machine(options.verify);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(count.div_ceil(FUNCTIONS_PER_WORKER)).max(1);
    let work = || {
        let mut worker = Worker::new(program, options, &*machine);
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let compiled = worker.compile(index);
            done.lock().expect("no worker panics with the lock").push(compiled);
        }
    };
    std::thread::scope(|scope| {
        let start = |_| {
            let builder = std::thread::Builder::new().name("native".into()).stack_size(WORKER_STACK_BYTES);
            builder.spawn_scoped(scope, work).expect("the system gives a thread")
        };
        // The scope waits for their work only. A thread that still runs when the program does would get its signals.
        let threads: Vec<_> = (0..workers).map(start).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("workers do not panic"));
    });
    let mut compiled: Vec<Compiled> = done.into_inner().expect("no worker panics with the lock");
    compiled.sort_unstable_by_key(|compiled| compiled.index);
    compiled
}

struct Worker<'a> {
    program: &'a Program,
    options: &'a Options,
    machine: &'a dyn TargetIsa,
    context: Context,
    builder: FunctionBuilderContext,
}

impl<'a> Worker<'a> {
    fn new(program: &'a Program, options: &'a Options, machine: &'a dyn TargetIsa) -> Worker<'a> {
        let (context, builder) = (Context::new(), FunctionBuilderContext::new());
        Worker { program, options, machine, context, builder }
    }

    fn compile(&mut self, index: usize) -> Compiled {
        let id = FunctionId::from_index(index);
        let Built { function, locations, tail_bytes } =
            function::build(self.program, id, &mut self.builder, self.machine);
        let clif = if self.options.keep_text { function.display().to_string() } else { String::new() };
        self.context.clear();
        self.context.func = function;
        if let Err(error) = self.context.compile(self.machine, &mut ControlPlane::default()) {
            panic!("{}: {:?}\n{}", self.program.functions[id].name, error.inner, error.func);
        }
        let code = self.context.compiled_code().expect("just compiled");
        if self.options.verify {
            let findings = inspect::inspect_body(code.code_buffer(), &code.bb_starts);
            assert!(findings.is_empty(), "{}: {findings:?}", self.program.functions[id].name);
        }
        Compiled {
            index,
            code: code.code_buffer().to_vec(),
            frame: frame_bytes(code) + tail_bytes,
            references: references(code, &self.context.func),
            maps: stack_maps(code),
            lines: lines(code, &locations),
            clif,
        }
    }
}

/// What lies below the frame pointer, the saved frame pointer and the return address.
fn frame_bytes(code: &CompiledCode) -> u32 {
    code.buffer.frame_layout().map_or(0, |layout| layout.frame_to_fp_offset) + 16
}

fn references(code: &CompiledCode, function: &Function) -> Vec<Reference> {
    let of = |relocation: &cranelift_codegen::FinalizedMachReloc| {
        assert!(matches!(relocation.kind, Reloc::X86CallPCRel4 | Reloc::X86PCRel4), "{relocation:?}");
        let FinalizedRelocTarget::ExternalName(ExternalName::User(name)) = relocation.target else {
            panic!("a reference outside the image: {relocation:?}")
        };
        let name = &function.params.user_named_funcs()[name];
        let target = match name.namespace {
            function::FUNCTIONS => Target::Function(FunctionId(name.index)),
            _ => Target::Static(StaticId(name.index)),
        };
        Reference { offset: relocation.offset, addend: relocation.addend, target }
    };
    code.buffer.relocs().iter().map(of).collect()
}

fn stack_maps(code: &CompiledCode) -> Vec<(u32, u32, Vec<u32>)> {
    let of = |(pc, span, map): &(u32, u32, cranelift_codegen::ir::UserStackMap)| {
        let mut slots: Vec<u32> = map.entries().map(|(_, offset)| offset).collect();
        slots.sort_unstable();
        (*pc, *span, slots)
    };
    code.buffer.user_stack_maps().iter().map(of).collect()
}

fn lines(code: &CompiledCode, locations: &[Location]) -> Vec<(u32, u32, Location)> {
    let known = |range: &cranelift_codegen::MachSrcLoc<cranelift_codegen::Final>| {
        let location = locations.get(range.loc.bits() as usize)?;
        Some((range.start, range.end, *location))
    };
    code.buffer.get_srclocs_sorted().iter().filter_map(known).collect()
}
