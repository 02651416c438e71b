//! Bytes of a [`Program`] and back: little endian, lengths checked, versioned by a magic word.

use crate::descriptor::{Descriptor, DescriptorId, Field, Tag, Variant};
use crate::layout::Layout;
use crate::program::{Export, Function, LineEntry, Program, StackMap, Test};
use std::fmt;

const MAGIC: u64 = u64::from_le_bytes(*b"SNOWPR02");

/// The bytes are not a program of this version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DecodeError;

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the program attached to this executable is damaged or was built by another version of snow; build it again")
    }
}

impl std::error::Error for DecodeError {}

/// Appends values to a byte vector.
#[derive(Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// Appends a 32-bit number.
    pub fn u32(&mut self, v: u32) {
        self.out.extend(v.to_le_bytes());
    }
    /// Appends a 64-bit number.
    pub fn u64(&mut self, v: u64) {
        self.out.extend(v.to_le_bytes());
    }
    /// Appends a length and bytes.
    pub fn bytes(&mut self, v: &[u8]) {
        self.u32(v.len() as u32);
        self.out.extend(v);
    }
    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Writer, &T)) {
        self.u32(items.len() as u32);
        items.iter().for_each(|i| each(self, i));
    }
    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// A cursor that never reads past the end.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }
    fn take(&mut self, n: usize) -> Result<&'a [u8], DecodeError> {
        let (head, tail) = self.rest.split_at_checked(n).ok_or(DecodeError)?;
        self.rest = tail;
        Ok(head)
    }
    /// Reads a 32-bit number.
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into().expect("four bytes")))
    }
    /// Reads a 64-bit number.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().expect("eight bytes")))
    }
    /// Reads a length and bytes.
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let n = self.u32()? as usize;
        self.take(n)
    }
    fn string(&mut self) -> Result<String, DecodeError> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| DecodeError)
    }
    fn list<T>(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let n = self.u32()? as usize;
        let mut items = Vec::with_capacity(n.min(self.rest.len()));
        for _ in 0..n {
            items.push(each(self)?);
        }
        Ok(items)
    }
    /// Everything must have been read.
    pub fn finish(self) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DecodeError) }
    }
}

pub(crate) fn write_program(w: &mut Writer, p: &Program) {
    w.u64(MAGIC);
    w.bytes(&p.code);
    w.bytes(&p.data);
    w.list(&p.relocations, |w, r| w.u32(*r));
    w.list(&p.functions, |w, f| {
        w.bytes(f.name.as_bytes());
        [f.entry, f.body, f.end, f.frame, f.hidden as u32].into_iter().for_each(|v| w.u32(v));
    });
    w.list(&p.stack_maps, |w, m| [m.pc, m.span, m.first, m.count].into_iter().for_each(|v| w.u32(v)));
    w.list(&p.slots, |w, s| w.u32(*s));
    w.list(&p.lines, |w, l| [l.start, l.end, l.file, l.line].into_iter().for_each(|v| w.u32(v)));
    w.list(&p.files, |w, f| w.bytes(f.as_bytes()));
    w.list(&p.layouts, write_layout);
    w.list(&p.descriptors, write_descriptor);
    w.list(&p.atoms, |w, a| w.bytes(a.as_bytes()));
    w.list(&p.exports, |w, e| {
        w.bytes(e.name.as_bytes());
        [e.code, e.layout, e.mailbox.0, e.signals].into_iter().for_each(|v| w.u32(v));
        w.list(&e.arguments, |w, a| w.u32(a.0));
    });
    [p.main, p.main_signals, p.main_mailbox].into_iter().for_each(|v| w.u32(v));
    w.list(&p.mailboxes, |w, (code, ty)| {
        w.u32(*code);
        w.u32(*ty);
    });
    w.list(&p.tests, write_test);
}

pub(crate) fn read_program(r: &mut Reader) -> Result<Program, DecodeError> {
    if r.u64()? != MAGIC {
        return Err(DecodeError);
    }
    Ok(Program {
        code: r.bytes()?.to_vec(),
        data: r.bytes()?.to_vec(),
        relocations: r.list(Reader::u32)?,
        functions: r.list(|r| {
            Ok(Function {
                name: r.string()?,
                entry: r.u32()?,
                body: r.u32()?,
                end: r.u32()?,
                frame: r.u32()?,
                hidden: r.u32()? != 0,
            })
        })?,
        stack_maps: r
            .list(|r| Ok(StackMap { pc: r.u32()?, span: r.u32()?, first: r.u32()?, count: r.u32()? }))?,
        slots: r.list(Reader::u32)?,
        lines: r
            .list(|r| Ok(LineEntry { start: r.u32()?, end: r.u32()?, file: r.u32()?, line: r.u32()? }))?,
        files: r.list(Reader::string)?,
        layouts: r.list(read_layout)?,
        descriptors: r.list(read_descriptor)?,
        atoms: r.list(Reader::string)?,
        exports: r.list(|r| {
            Ok(Export {
                name: r.string()?,
                code: r.u32()?,
                layout: r.u32()?,
                mailbox: DescriptorId(r.u32()?),
                signals: r.u32()?,
                arguments: r.list(read_id)?,
            })
        })?,
        main: r.u32()?,
        main_signals: r.u32()?,
        main_mailbox: r.u32()?,
        mailboxes: r.list(|r| Ok((r.u32()?, r.u32()?)))?,
        tests: r.list(read_test)?,
    })
}

fn write_test(w: &mut Writer, test: &Test) {
    w.bytes(test.title.as_bytes());
    w.bytes(test.module.as_bytes());
    [test.file, test.line, test.timeout_ms, test.main, test.signals, test.mailbox]
        .into_iter()
        .for_each(|v| w.u32(v));
    w.list(&test.tags, |w, tag| w.bytes(tag.as_bytes()));
}

fn read_test(r: &mut Reader) -> Result<Test, DecodeError> {
    Ok(Test {
        title: r.string()?,
        module: r.string()?,
        file: r.u32()?,
        line: r.u32()?,
        timeout_ms: r.u32()?,
        main: r.u32()?,
        signals: r.u32()?,
        mailbox: r.u32()?,
        tags: r.list(Reader::string)?,
    })
}

fn write_layout(w: &mut Writer, layout: &Layout) {
    match layout {
        Layout::Fixed { words, refs } => {
            w.u32(0);
            w.u32(*words);
            w.list(refs, |w, r| w.u64(*r));
        }
        Layout::TextInline => w.u32(1),
        Layout::TextShared => w.u32(2),
        Layout::Array { refs } => w.u32(3 + *refs as u32),
    }
}

fn read_layout(r: &mut Reader) -> Result<Layout, DecodeError> {
    Ok(match r.u32()? {
        0 => Layout::Fixed { words: r.u32()?, refs: r.list(Reader::u64)? },
        1 => Layout::TextInline,
        2 => Layout::TextShared,
        3 => Layout::Array { refs: false },
        4 => Layout::Array { refs: true },
        _ => return Err(DecodeError),
    })
}

fn write_id(w: &mut Writer, id: &DescriptorId) {
    w.u32(id.0);
}

fn read_id(r: &mut Reader) -> Result<DescriptorId, DecodeError> {
    Ok(DescriptorId(r.u32()?))
}

fn write_fields(w: &mut Writer, fields: &[Field]) {
    w.list(fields, |w, f| {
        w.bytes(f.name.as_bytes());
        write_id(w, &f.ty);
        w.u32(f.has_default as u32);
    });
}

fn read_fields(r: &mut Reader) -> Result<Vec<Field>, DecodeError> {
    r.list(|r| Ok(Field { name: r.string()?, ty: read_id(r)?, has_default: r.u32()? != 0 }))
}

fn write_descriptor(w: &mut Writer, descriptor: &Descriptor) {
    let plain = |w: &mut Writer, code: u32| w.u32(code);
    match descriptor {
        Descriptor::Unit => plain(w, 0),
        Descriptor::Bool => plain(w, 1),
        Descriptor::Int => plain(w, 2),
        Descriptor::Float => plain(w, 3),
        Descriptor::String => plain(w, 4),
        Descriptor::Bytes => plain(w, 5),
        Descriptor::Never => plain(w, 6),
        Descriptor::ProcessId => plain(w, 7),
        Descriptor::MonitorRef => plain(w, 8),
        Descriptor::Function => plain(w, 9),
        Descriptor::Opaque(name) => {
            w.u32(10);
            w.bytes(name.as_bytes());
        }
        Descriptor::Pid(m) => {
            w.u32(11);
            write_id(w, m);
        }
        Descriptor::Tuple(items) => {
            w.u32(12);
            w.list(items, write_id);
        }
        Descriptor::Struct { name, fields } => {
            w.u32(13);
            w.bytes(name.as_bytes());
            write_fields(w, fields);
        }
        Descriptor::Sum { name, variants } => {
            w.u32(14);
            w.bytes(name.as_bytes());
            w.list(variants, |w, v| {
                w.bytes(v.name.as_bytes());
                write_fields(w, &v.fields);
            });
        }
        Descriptor::Tags(tags) => {
            w.u32(15);
            w.list(tags, |w, t| {
                w.u32(t.atom);
                w.list(&t.payload, write_id);
            });
        }
        Descriptor::Array(t) => {
            w.u32(16);
            write_id(w, t);
        }
        Descriptor::Map(k, v) => {
            w.u32(17);
            write_id(w, k);
            write_id(w, v);
        }
        Descriptor::Set(t) => {
            w.u32(18);
            write_id(w, t);
        }
    }
}

fn read_descriptor(r: &mut Reader) -> Result<Descriptor, DecodeError> {
    Ok(match r.u32()? {
        0 => Descriptor::Unit,
        1 => Descriptor::Bool,
        2 => Descriptor::Int,
        3 => Descriptor::Float,
        4 => Descriptor::String,
        5 => Descriptor::Bytes,
        6 => Descriptor::Never,
        7 => Descriptor::ProcessId,
        8 => Descriptor::MonitorRef,
        9 => Descriptor::Function,
        10 => Descriptor::Opaque(r.string()?),
        11 => Descriptor::Pid(read_id(r)?),
        12 => Descriptor::Tuple(r.list(read_id)?),
        13 => Descriptor::Struct { name: r.string()?, fields: read_fields(r)? },
        14 => Descriptor::Sum {
            name: r.string()?,
            variants: r.list(|r| Ok(Variant { name: r.string()?, fields: read_fields(r)? }))?,
        },
        15 => Descriptor::Tags(r.list(|r| Ok(Tag { atom: r.u32()?, payload: r.list(read_id)? }))?),
        16 => Descriptor::Array(read_id(r)?),
        17 => Descriptor::Map(read_id(r)?, read_id(r)?),
        18 => Descriptor::Set(read_id(r)?),
        _ => return Err(DecodeError),
    })
}
