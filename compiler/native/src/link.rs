//! The linker: lays functions out with a check in front of each, and resolves what they refer to.
//!
//! ```text
//! entry: cmp rsp, [r15]                  frame <= SMALL_FRAME
//!        lea r11, [rsp - frame]; cmp r11, [r15]   else
//!        jb slow
//! body:  …
//! slow:  mov r11d, frame; mov r10, [r15 + ENTRIES]; call [r10 + StackCheck]; jmp body
//! ```
//!
//! Every reference is a distance within the image, data included: data begins at the page behind the code.

use snow_abi::context;
use snow_abi::descriptor::DescriptorId;
use snow_abi::entries::Entry;
use snow_abi::program::{self, PAGE, Program};
use snow_mono::ir as mono;
use snow_text::Id;

use crate::compile::{Compiled, Reference, Target};
use crate::data::Data;

/// Alignment of function bodies.
const BODY_ALIGNMENT: usize = 32;
/// Fills the gaps: a breakpoint.
const GAP: u8 = 0xCC;

const _: () = assert!(context::STACK_LIMIT == 0 && context::ENTRIES < 128);

/// Puts everything together.
pub fn link(source: &mono::Program, compiled: &[Compiled], data: &Data) -> Program {
    let mut linker = Linker { image: Program::default(), fixes: Vec::new(), files: source.files.len() };
    for (function, compiled) in source.functions.values().zip(compiled) {
        linker.function(function, compiled);
    }
    linker.resolve(data);
    let image = linker.image;
    let entry = |id: mono::FunctionId| image.functions[id.index()].entry;
    let mut mailboxes: Vec<(u32, u32)> = source.mailboxes.iter().map(|&(id, ty)| (entry(id), ty)).collect();
    mailboxes.sort_unstable();
    mailboxes.dedup();
    Program {
        files: source.files.clone(),
        layouts: source.layouts.clone(),
        descriptors: source.descriptors.clone(),
        atoms: source.atoms.clone(),
        exports: source.exports.iter().map(|export| export_of(export, entry(export.function))).collect(),
        main: source.main.map_or(0, |main| data.offsets[main]),
        main_signals: source.main_signals,
        main_mailbox: source.main_mailbox,
        tests: source.tests.iter().map(|test| test_of(test, data.offsets[test.closure])).collect(),
        mailboxes,
        ..image
    }
}

fn export_of(export: &mono::Export, code: u32) -> program::Export {
    program::Export {
        name: export.name.clone(),
        code,
        layout: export.layout,
        arguments: export.arguments.iter().map(|&argument| DescriptorId(argument)).collect(),
        mailbox: DescriptorId(export.mailbox),
        signals: export.signals,
    }
}

fn test_of(test: &mono::Test, main: u32) -> program::Test {
    program::Test {
        title: test.title.clone(),
        module: test.module.clone(),
        file: test.location.file,
        line: test.location.line,
        timeout_ms: test.timeout_ms,
        tags: test.tags.clone(),
        main,
        signals: test.signals,
        mailbox: test.mailbox,
    }
}

struct Linker {
    image: Program,
    /// References by their place in the code.
    fixes: Vec<Reference>,
    files: usize,
}

impl Linker {
    fn here(&self) -> u32 {
        u32::try_from(self.image.code.len()).expect("less than 4 GB of code")
    }

    fn function(&mut self, function: &mono::Function, compiled: &Compiled) {
        let stub = stub(compiled.frame);
        while !(self.image.code.len() + stub.len()).is_multiple_of(BODY_ALIGNMENT) {
            self.image.code.push(GAP);
        }
        let entry = self.here();
        self.image.code.extend(&stub);
        let body = self.here();
        self.image.code.extend(&compiled.code);
        self.slow_part(body, compiled.frame);
        let end = self.here();
        self.tables(body, compiled);
        self.image.functions.push(program::Function {
            name: function.name.clone(),
            entry,
            body,
            end,
            frame: compiled.frame,
            hidden: function.hidden,
        });
    }

    fn slow_part(&mut self, body: u32, frame: u32) {
        let slow = self.here();
        let code = &mut self.image.code;
        let place = body as usize - 4;
        code[place..body as usize].copy_from_slice(&distance(slow, body).to_le_bytes());
        code.extend([0x41, 0xBB]); // mov r11d, frame
        code.extend(frame.to_le_bytes());
        code.extend([0x4D, 0x8B, 0x57, context::ENTRIES.cast_unsigned() as u8]); // mov r10, [r15 + ENTRIES]
        code.extend([0x41, 0xFF, 0x52, Entry::StackCheck as u8 * 8]); // call [r10 + index]
        code.push(0xE9); // jmp body
        let after = self.here() + 4;
        self.image.code.extend(distance(body, after).to_le_bytes());
    }

    fn tables(&mut self, body: u32, compiled: &Compiled) {
        for &reference in &compiled.references {
            self.fixes.push(Reference { offset: body + reference.offset, ..reference });
        }
        for (pc, span, slots) in &compiled.maps {
            let first = u32::try_from(self.image.slots.len()).expect("fewer than 2^32 slots");
            let count = u32::try_from(slots.len()).expect("fewer than 2^32 slots");
            self.image.slots.extend(slots);
            self.image.stack_maps.push(program::StackMap { pc: body + pc, span: *span, first, count });
        }
        for &(start, end, location) in &compiled.lines {
            debug_assert!((location.file as usize) < self.files.max(1), "a location names a file");
            let (start, end) = (body + start, body + end);
            self.image.lines.push(program::LineEntry {
                start,
                end,
                file: location.file,
                line: location.line,
            });
        }
    }

    fn resolve(&mut self, data: &Data) {
        let data_start =
            u32::try_from(self.image.code.len().next_multiple_of(PAGE)).expect("less than 4 GB of code");
        for fix in std::mem::take(&mut self.fixes) {
            let target = match fix.target {
                Target::Function(id) => self.image.functions[id.index()].entry,
                Target::Static(id) => data_start + data.offsets[id],
            };
            let value = i64::from(target) + fix.addend - i64::from(fix.offset);
            let value = i32::try_from(value).expect("less than 2 GB of code and constants");
            let place = fix.offset as usize;
            self.image.code[place..place + 4].copy_from_slice(&value.to_le_bytes());
        }
        self.image.data = data.bytes.clone();
        for &(place, id) in &data.code_words {
            self.relocate(place, self.image.functions[id.index()].entry);
        }
        for &(place, id) in &data.object_words {
            self.relocate(place, data_start + data.offsets[id]);
        }
        self.image.relocations.sort_unstable();
    }

    fn relocate(&mut self, place: u32, target: u32) {
        let bytes = u64::from(target).to_le_bytes();
        self.image.data[place as usize..place as usize + 8].copy_from_slice(&bytes);
        self.image.relocations.push(place);
    }
}

/// The check in front of a body; its jump's distance, the last four bytes, is filled in later.
fn stub(frame: u32) -> Vec<u8> {
    let mut code = Vec::with_capacity(17);
    if frame <= context::SMALL_FRAME {
        code.extend([0x49, 0x3B, 0x27]); // cmp rsp, [r15]
    } else {
        code.extend([0x4C, 0x8D, 0x9C, 0x24]); // lea r11, [rsp - frame]
        code.extend(0i32.wrapping_sub_unsigned(frame).to_le_bytes());
        code.extend([0x4D, 0x3B, 0x1F]); // cmp r11, [r15]
    }
    code.extend([0x0F, 0x82, 0, 0, 0, 0]); // jb slow
    code
}

fn distance(to: u32, from: u32) -> i32 {
    i32::try_from(i64::from(to) - i64::from(from)).expect("a function of less than 2 GB")
}
