//! A compiled program: code, data and the tables beside them.
//!
//! The compiler's linker makes one; `snow run` hands it to the loader from memory, `snow build` writes it behind
//! an executable with [`Program::encode`]. Code is position independent: it refers to itself and to the data blob pc-relatively,
//! and to the runtime through the entry table. The loader maps code (read, execute) and, directly behind it at the next multiple of
//! [`PAGE`], data (read, write while relocating, then read only).

use crate::codec::{DecodeError, Reader, Writer};
use crate::descriptor::{Descriptor, DescriptorId};
use crate::layout::Layout;

/// Alignment of the data blob behind the code blob.
pub const PAGE: usize = 4096;

/// A function in the code blob. Sorted by `entry`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Function {
    /// Name to show in stack traces, module-qualified: `Shop.Prices.price_of`.
    pub name: String,
    /// Offset of the entry stub.
    pub entry: u32,
    /// Offset of the body.
    pub body: u32,
    /// One past its last byte, the stub's cold part included.
    pub end: u32,
    /// Frame size in bytes.
    pub frame: u32,
    /// Whether stack traces leave it out (wrappers the compiler makes).
    pub hidden: bool,
}

/// Live references at one return address. Sorted by `pc`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StackMap {
    /// Offset of the return address in the code blob.
    pub pc: u32,
    /// Frame pointer minus this is the address that slot offsets count from.
    pub span: u32,
    /// First index into [`Program::slots`].
    pub first: u32,
    /// Number of slots.
    pub count: u32,
}

/// Code range to source line. Sorted by `start`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineEntry {
    /// First code offset.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Index into [`Program::files`].
    pub file: u32,
    /// From 1.
    pub line: u32,
}

/// An actor that other nodes may spawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Export {
    /// Module-qualified name, as on the wire: `account`, `Bank.account` (actors of `main.snow` have no module).
    pub name: String,
    /// Offset of the code of its start closure: takes the closure, whose captured words are the arguments.
    pub code: u32,
    /// Layout of the start closure.
    pub layout: u32,
    /// Types of the arguments.
    pub arguments: Vec<DescriptorId>,
    /// Mailbox type.
    pub mailbox: DescriptorId,
    /// Signals that its code receives.
    pub signals: u32,
}

/// A test, which can run in place of `main`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Test {
    /// Its name.
    pub title: String,
    /// The module it is in; empty for the root.
    pub module: String,
    /// Index into [`Program::files`].
    pub file: u32,
    /// From 1.
    pub line: u32,
    /// How long it may take.
    pub timeout_ms: u32,
    /// Words to choose it by.
    pub tags: Vec<String>,
    /// Offset in `data` of the static closure that runs it.
    pub main: u32,
    /// Signals that it receives.
    pub signals: u32,
    /// Its mailbox type.
    pub mailbox: u32,
}

/// A whole compiled program.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Program {
    /// Machine code.
    pub code: Vec<u8>,
    /// Static objects, 8-aligned, headers flagged static.
    pub data: Vec<u8>,
    /// Offsets in `data` of words that hold an offset from the code blob's start (which is also the base for data: data begins at
    /// `code.len()` rounded up to `PAGE`) and become addresses when loaded.
    pub relocations: Vec<u32>,
    /// Sorted by entry.
    pub functions: Vec<Function>,
    /// Sorted by pc.
    pub stack_maps: Vec<StackMap>,
    /// Slot offsets of the stack maps.
    pub slots: Vec<u32>,
    /// Sorted by start.
    pub lines: Vec<LineEntry>,
    /// Paths as shown in stack traces.
    pub files: Vec<String>,
    /// All layouts, the fixed ones first.
    pub layouts: Vec<Layout>,
    /// All descriptors.
    pub descriptors: Vec<Descriptor>,
    /// Atom names, the fixed ones first.
    pub atoms: Vec<String>,
    /// What other nodes may spawn.
    pub exports: Vec<Export>,
    /// Offset in `data` of the static closure that runs `main`.
    pub main: u32,
    /// Signals that `main` receives.
    pub main_signals: u32,
    /// Mailbox type of `main`.
    pub main_mailbox: u32,
    /// Spawned code to the mailbox type it receives: pairs of (code offset of the start closure's code, descriptor), sorted; names and monitors use it.
    pub mailboxes: Vec<(u32, u32)>,
    /// Tests, when the program was made for them; it has no `main` then.
    pub tests: Vec<Test>,
}

impl Program {
    /// The program that runs a test in place of `main`; `None` when there is no test of this index.
    pub fn at_test(self, index: usize) -> Option<Program> {
        let test = self.tests.get(index)?;
        let (main, main_signals, main_mailbox) = (test.main, test.signals, test.mailbox);
        Some(Program { main, main_signals, main_mailbox, ..self })
    }

    /// Bytes of the whole program, for the file behind an executable.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        crate::codec::write_program(&mut w, self);
        w.finish()
    }

    /// Reads what [`Program::encode`] wrote.
    ///
    /// # Errors
    /// When the bytes are not such a program or were made by another version.
    pub fn decode(bytes: &[u8]) -> Result<Program, DecodeError> {
        let mut r = Reader::new(bytes);
        let program = crate::codec::read_program(&mut r)?;
        r.finish()?;
        Ok(program)
    }
}
