//! From a value and its type to bytes, with an explicit stack.
//!
//! | type | bytes |
//! |---|---|
//! | `()`, and a tuple or struct without fields | one zero byte |
//! | `Bool` | one byte |
//! | `Int` | zigzag LEB128 |
//! | `Float` | its 8 bytes, every NaN kept |
//! | `String`, `Bytes` | length, bytes |
//! | `Pid`, `ProcessId`, `MonitorRef` | node (a number of the connection's), number |
//! | tuple, struct | the fields in order |
//! | sum type, tagged type | index of the variant or tag, its fields |
//! | `List`, `Array`, `Set` | length, elements |
//! | `Map` | length, key and value in turn, in insertion order |
//!
//! Every value takes at least one byte: a length is never more than the bytes that follow.

mod map;
mod path;

use crate::encoded::{Encoded, EncodedPieces, NodeReferences, SharedPiece};
use crate::error::EncodeError;
use crate::limits::DEPTH_MAX;
use crate::types::Types;
use crate::wire::{write_bytes, write_signed, write_unsigned};
use snow_abi::descriptor::{Descriptor, DescriptorId, Field};
use snow_heap::Value;

/// How the entries of maps and sets follow each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// As they were inserted.
    Insertion,
    /// By the bytes that they become.
    Bytes,
}

/// Encodes one value at a time; keeps its memory between values.
#[derive(Default)]
pub struct Encoder {
    out: Vec<u8>,
    shared: Vec<SharedPiece>,
}

/// Memory kept between values.
const KEEP_BYTES: usize = 1 << 20;
/// Texts of at least this length are shared where that is possible.
const SHARED_BYTES_MIN: usize = 32 << 10;

/// What [`Encoder::encode_for_frame`] made.
pub enum ForFrame<'a> {
    /// A short value, in the encoder's memory.
    Short(Encoded<'a>),
    /// A long one, which may be kept.
    Long(EncodedPieces),
}

impl Encoder {
    /// An encoder without memory yet.
    pub fn new() -> Encoder {
        Encoder::default()
    }

    /// Encodes a value of type `ty`, at most `bytes_max` long.
    ///
    /// # Errors
    /// When it holds something that never travels, is nested too deeply or too long.
    pub fn encode(
        &mut self,
        types: &Types,
        value: Value<'_>,
        ty: DescriptorId,
        nodes: &mut dyn NodeReferences,
        bytes_max: usize,
    ) -> Result<Encoded<'_>, EncodeError> {
        self.encode_as(types, value, ty, nodes, (bytes_max, Order::Insertion), false)?;
        Ok(Encoded::new(&self.out))
    }

    /// Encodes a value of type `ty`, at most `bytes_max` long, without copying its long texts; one over `short_bytes_max` can be kept.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn encode_for_frame(
        &mut self,
        types: &Types,
        value: Value<'_>,
        ty: DescriptorId,
        nodes: &mut dyn NodeReferences,
        (bytes_max, short_bytes_max): (usize, usize),
    ) -> Result<ForFrame<'_>, EncodeError> {
        self.encode_as(types, value, ty, nodes, (bytes_max, Order::Insertion), true)?;
        if self.shared.is_empty() && self.out.len() <= short_bytes_max {
            return Ok(ForFrame::Short(Encoded::new(&self.out)));
        }
        let (out, shared) = (std::mem::take(&mut self.out), std::mem::take(&mut self.shared));
        Ok(ForFrame::Long(EncodedPieces::new(out, shared)))
    }

    /// Bytes that are the same for equal values, whatever the order their entries were inserted in: to be hashed, not read.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn encode_canonical(
        &mut self,
        types: &Types,
        value: Value<'_>,
        ty: DescriptorId,
        nodes: &mut dyn NodeReferences,
    ) -> Result<Encoded<'_>, EncodeError> {
        self.encode_as(types, value, ty, nodes, (usize::MAX, Order::Bytes), false)?;
        Ok(Encoded::new(&self.out))
    }

    fn encode_as(
        &mut self,
        types: &Types,
        value: Value<'_>,
        ty: DescriptorId,
        nodes: &mut dyn NodeReferences,
        (bytes_max, order): (usize, Order),
        shares: bool,
    ) -> Result<(), EncodeError> {
        if self.out.capacity() > KEEP_BYTES {
            self.out = Vec::new();
        }
        self.out.clear();
        self.shared.clear();
        let shared = shares.then_some(&mut self.shared);
        let mut walk = Walk {
            types,
            nodes,
            out: &mut self.out,
            shared,
            frames: vec![],
            bytes_left: bytes_max,
            bytes_max,
            order,
        };
        walk.value(value, ty)
            .and_then(|()| walk.run())
            .map_err(|fault| fault.describe(&walk.frames, types, ty))
    }
}

impl ForFrame<'_> {
    /// Whether it goes in fragments.
    pub fn is_long(&self) -> bool {
        matches!(self, ForFrame::Long(_))
    }

    /// The value in a form that may be kept.
    pub fn into_pieces(self) -> EncodedPieces {
        match self {
            ForFrame::Short(value) => EncodedPieces::new(value.bytes().to_vec(), vec![]),
            ForFrame::Long(pieces) => pieces,
        }
    }
}

/// What went wrong; the path is added from the frames.
enum Fault {
    Function,
    Opaque(String),
    TooDeep,
    TooLong(usize),
    Shape,
}

impl Fault {
    fn describe(self, frames: &[Frame<'_, '_>], types: &Types, root: DescriptorId) -> EncodeError {
        match self {
            Fault::Function => EncodeError::Function(path::path(frames, types, root)),
            Fault::Opaque(name) => EncodeError::Opaque(name, path::path(frames, types, root)),
            Fault::TooDeep => EncodeError::TooDeep,
            Fault::TooLong(limit) => EncodeError::TooLong(limit),
            Fault::Shape => EncodeError::Shape(path::path(frames, types, root)),
        }
    }
}

/// The types of an object's words.
#[derive(Clone, Copy)]
enum Parts<'t> {
    Positional(&'t [DescriptorId]),
    Fields(&'t [Field]),
}

impl Parts<'_> {
    fn len(&self) -> usize {
        match self {
            Parts::Positional(types) => types.len(),
            Parts::Fields(fields) => fields.len(),
        }
    }

    fn ty(&self, index: usize) -> DescriptorId {
        match self {
            Parts::Positional(types) => types[index],
            Parts::Fields(fields) => fields[index].ty,
        }
    }
}

/// A value whose parts are being written; `next` is the part to write next.
enum Frame<'t, 'h> {
    Object {
        name: &'t str,
        is_struct: bool,
        value: Value<'h>,
        parts: Parts<'t>,
        next: usize,
    },
    List {
        rest: Value<'h>,
        element: DescriptorId,
        next: usize,
    },
    Array {
        value: Value<'h>,
        element: DescriptorId,
        next: usize,
    },
    Entries {
        entries: Vec<Value<'h>>,
        key: DescriptorId,
        value: Option<DescriptorId>,
        next: usize,
        /// Where the bytes of each entry begin.
        starts: Vec<usize>,
    },
}

struct Walk<'t, 'h, 'o> {
    types: &'t Types,
    nodes: &'o mut dyn NodeReferences,
    out: &'o mut Vec<u8>,
    /// Where long texts go that are not to be copied.
    shared: Option<&'o mut Vec<SharedPiece>>,
    frames: Vec<Frame<'t, 'h>>,
    bytes_max: usize,
    /// How long `out` may become: `bytes_max` without what is shared.
    bytes_left: usize,
    order: Order,
}

impl<'t, 'h> Walk<'t, 'h, '_> {
    fn run(&mut self) -> Result<(), Fault> {
        while let Some(frame) = self.frames.last_mut() {
            let part = match frame {
                Frame::Object { value, parts, next, .. } if *next < parts.len() => {
                    let part = (value.field(*next).ok_or(Fault::Shape)?, parts.ty(*next));
                    *next += 1;
                    Some(part)
                }
                Frame::Object { .. } => None,
                Frame::List { rest, element, next } => rest.uncons().map(|(head, tail)| {
                    *rest = tail;
                    *next += 1;
                    (head, *element)
                }),
                Frame::Array { value, element, next } => value.element(*next).map(|item| {
                    *next += 1;
                    (item, *element)
                }),
                Frame::Entries { entries, key, value, next, starts } => {
                    if *next % per_entry(*value) == 0 {
                        starts.push(self.out.len());
                    }
                    next_of_entry(entries, *key, *value, next)?
                }
            };
            match part {
                Some((value, ty)) => self.value(value, ty)?,
                None => self.leave(),
            }
            if self.out.len() > self.bytes_left {
                return Err(Fault::TooLong(self.bytes_max));
            }
        }
        Ok(())
    }

    fn leave(&mut self) {
        if let (Some(Frame::Entries { starts, .. }), Order::Bytes) = (self.frames.pop(), self.order) {
            sort_parts(self.out, &starts);
        }
    }

    fn push(&mut self, frame: Frame<'t, 'h>) -> Result<(), Fault> {
        if self.frames.len() >= DEPTH_MAX {
            return Err(Fault::TooDeep);
        }
        self.frames.push(frame);
        Ok(())
    }

    fn value(&mut self, value: Value<'h>, ty: DescriptorId) -> Result<(), Fault> {
        let types = self.types;
        match types.descriptor(ty) {
            Descriptor::Unit => self.out.push(0),
            Descriptor::Bool => self.out.push(u8::from(value.word() != 0)),
            Descriptor::Int => write_signed(self.out, value.int()),
            Descriptor::Float => self.out.extend_from_slice(&self.float(value.word()).to_le_bytes()),
            Descriptor::String | Descriptor::Bytes => self.text(value)?,
            Descriptor::Pid(_) | Descriptor::ProcessId => self.pid(value.word()),
            Descriptor::MonitorRef => self.nodes.write_monitor(value.word(), self.out),
            Descriptor::Function => return Err(Fault::Function),
            Descriptor::Opaque(name) => return Err(Fault::Opaque(name.clone())),
            Descriptor::Never => return Err(Fault::Shape),
            Descriptor::Tuple(items) => self.object("", false, value, Parts::Positional(items))?,
            Descriptor::Struct { name, fields } => self.object(name, true, value, Parts::Fields(fields))?,
            Descriptor::Sum { .. } | Descriptor::Tags(_) => self.case(value, ty)?,
            Descriptor::Array(element) => {
                write_unsigned(self.out, value.array_len().ok_or(Fault::Shape)? as u64);
                self.push(Frame::Array { value, element: *element, next: 0 })?;
            }
            Descriptor::Map(key, to) => self.entries(value, *key, Some(*to))?,
            Descriptor::Set(key) => self.entries(value.field(0).ok_or(Fault::Shape)?, *key, None)?,
        }
        Ok(())
    }

    /// The two zeros are equal.
    fn float(&self, word: u64) -> u64 {
        let is_negative_zero = word == (-0.0_f64).to_bits();
        if is_negative_zero && self.order == Order::Bytes { 0 } else { word }
    }

    fn text(&mut self, value: Value<'h>) -> Result<(), Fault> {
        let text = value.text().ok_or(Fault::Shape)?;
        if text.len() > self.bytes_left {
            return Err(Fault::TooLong(self.bytes_max));
        }
        if text.len() >= SHARED_BYTES_MIN
            && let (Some(shared), Some((text, offset, len))) = (&mut self.shared, value.shared_text())
        {
            write_unsigned(self.out, len as u64);
            shared.push(SharedPiece { at: self.out.len(), text, offset, len });
            self.bytes_left -= len;
            return Ok(());
        }
        write_bytes(self.out, text);
        Ok(())
    }

    fn pid(&mut self, word: u64) {
        let node = self.nodes.reference((word >> 48) as u16);
        write_unsigned(self.out, node.into());
        write_unsigned(self.out, word & ((1 << 48) - 1));
    }

    fn object(
        &mut self,
        name: &'t str,
        is_struct: bool,
        value: Value<'h>,
        parts: Parts<'t>,
    ) -> Result<(), Fault> {
        if parts.len() == 0 {
            self.out.push(0);
            return Ok(());
        }
        self.push(Frame::Object { name, is_struct, value, parts, next: 0 })
    }

    fn case(&mut self, value: Value<'h>, ty: DescriptorId) -> Result<(), Fault> {
        let types = self.types;
        if let Some(element) = types.list_element(ty) {
            write_unsigned(self.out, value.list().count() as u64);
            return self.push(Frame::List { rest: value, element, next: 0 });
        }
        let tag = value.tag();
        let (index, name, parts) = match types.descriptor(ty) {
            Descriptor::Sum { variants, .. } => {
                let variant = variants.get(tag as usize).ok_or(Fault::Shape)?;
                (tag as usize, variant.name.as_str(), Parts::Fields(&variant.fields))
            }
            Descriptor::Tags(tags) => {
                let index = tags.iter().position(|t| t.atom == tag).ok_or(Fault::Shape)?;
                (index, types.atom(tag), Parts::Positional(&tags[index].payload))
            }
            _ => return Err(Fault::Shape),
        };
        write_unsigned(self.out, index as u64);
        match parts.len() {
            0 => Ok(()),
            _ => self.push(Frame::Object { name, is_struct: false, value, parts, next: 0 }),
        }
    }

    fn entries(
        &mut self,
        map: Value<'h>,
        key: DescriptorId,
        value: Option<DescriptorId>,
    ) -> Result<(), Fault> {
        let entries = map::entries(map).ok_or(Fault::Shape)?;
        write_unsigned(self.out, entries.len() as u64);
        self.push(Frame::Entries { entries, key, value, next: 0, starts: vec![] })
    }
}

fn per_entry(value: Option<DescriptorId>) -> usize {
    1 + usize::from(value.is_some())
}

/// Sorts the parts of `out` that begin at `starts`, the last of which is the end of all.
fn sort_parts(out: &mut Vec<u8>, starts: &[usize]) {
    let Some(first) = starts.first() else { return };
    let mut parts: Vec<Vec<u8>> = starts.windows(2).map(|pair| out[pair[0]..pair[1]].to_vec()).collect();
    parts.sort();
    out.truncate(*first);
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

/// The next key or value; an entry is two steps in a map and one in a set.
fn next_of_entry<'h>(
    entries: &[Value<'h>],
    key: DescriptorId,
    value: Option<DescriptorId>,
    next: &mut usize,
) -> Result<Option<(Value<'h>, DescriptorId)>, Fault> {
    let per_entry = per_entry(value);
    let Some(entry) = entries.get(*next / per_entry) else { return Ok(None) };
    let half = *next % per_entry;
    *next += 1;
    let ty = if half == 0 { key } else { value.unwrap_or(key) };
    Ok(Some((entry.field(map::KEY + half).ok_or(Fault::Shape)?, ty)))
}
