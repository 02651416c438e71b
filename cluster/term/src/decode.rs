//! From bytes to a message fragment, by a plan, with an explicit stack.
//!
//! Every byte is suspect: lengths are compared with the bytes left before anything is made, depth is bounded, text is
//! checked, keys must differ, and the fragment may not outgrow the receiver's bound.

mod keys;
mod map;
mod skip;

use crate::encoded::NodeTable;
use crate::error::DecodeError;
use crate::limits::DEPTH_MAX;
use crate::plan::{CaseRead, Object, Part, Plan, PlanId, Read};
use crate::wire::Cursor;
use keys::Keys;
use snow_abi::value::Class;
use snow_heap::{Built, Fragment, FragmentBuilder, Layouts, SharedText};
use std::fmt;

/// The bytes of a value, and the buffer in which they lie when that can be shared.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The buffer, which has them and others around them.
    pub whole: Option<&'a SharedText>,
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes.fmt(f)
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Source<'a> {
        Source { bytes, whole: None }
    }
}

/// Decodes a whole value; nothing may follow it.
///
/// # Errors
/// When the bytes are not exactly one value of the writer's schema that fits the reader's type.
pub fn decode<'b>(
    plan: &Plan,
    layouts: &Layouts,
    source: impl Into<Source<'b>>,
    nodes: &dyn NodeTable,
    memory_max: usize,
) -> Result<Fragment, DecodeError> {
    let mut builder = FragmentBuilder::new(layouts);
    let Source { bytes, whole } = source.into();
    let cursor = Cursor::new(bytes);
    let mut walk = Walk { plan, builder: &mut builder, cursor, whole, nodes, memory_max, frames: vec![] };
    let root = walk.run()?;
    walk.cursor.finish()?;
    Ok(builder.finish(root))
}

/// Decodes one value into a fragment under construction, leaving the cursor behind it.
///
/// # Errors
/// As for [`decode`].
pub fn decode_into(
    plan: &Plan,
    builder: &mut FragmentBuilder<'_>,
    cursor: &mut Cursor<'_>,
    nodes: &dyn NodeTable,
    memory_max: usize,
) -> Result<Built, DecodeError> {
    let mut walk = Walk { plan, builder, cursor: *cursor, whole: None, nodes, memory_max, frames: vec![] };
    let root = walk.run()?;
    *cursor = walk.cursor;
    Ok(root)
}

/// A value whose parts are being read.
enum Frame<'p, 'b> {
    Object { object: Built, plan: &'p Object, next: usize },
    List { first: Option<Built>, last: Option<Built>, element: PlanId, cell: u32, left: usize },
    Array { array: Built, element: PlanId, next: usize, len: usize },
    Entries(Box<Entries<'p, 'b>>),
}

/// A map or set being read.
struct Entries<'p, 'b> {
    plan: &'p Read,
    entries: Vec<Built>,
    keys: Keys<'b>,
    left: usize,
    /// Where the current key began, while it is being read.
    key_start: usize,
    in_value: bool,
}

/// What to do next.
enum Next {
    Read(PlanId),
    Finished(Built),
}

struct Walk<'p, 'w, 'b, 'l> {
    plan: &'p Plan,
    builder: &'w mut FragmentBuilder<'l>,
    cursor: Cursor<'b>,
    /// The buffer that the bytes lie in.
    whole: Option<&'b SharedText>,
    nodes: &'w dyn NodeTable,
    memory_max: usize,
    frames: Vec<Frame<'p, 'b>>,
}

impl<'p, 'b> Walk<'p, '_, 'b, '_> {
    fn run(&mut self) -> Result<Built, DecodeError> {
        let mut next = Next::Read(0);
        loop {
            next = match next {
                Next::Read(step) => match self.read(step)? {
                    Some(built) => Next::Finished(built),
                    None => self.advance()?,
                },
                Next::Finished(built) if self.frames.is_empty() => return Ok(built),
                Next::Finished(built) => {
                    self.place(built)?;
                    self.advance()?
                }
            };
        }
    }

    /// Reads a value whole, or opens a frame for its parts.
    fn read(&mut self, step: PlanId) -> Result<Option<Built>, DecodeError> {
        let read = &self.plan.steps[step as usize];
        Ok(Some(match read {
            Read::Unit => self.small(0)?,
            Read::Bool => self.small(1)?,
            Read::Int => Built::int(self.cursor.signed()?),
            Read::IntAsFloat => Built::float(self.cursor.signed()? as f64),
            Read::EmptyObject => {
                self.small(0)?;
                Built::immediate(0)
            }
            Read::Float => Built::float(f64::from_bits(self.cursor.fixed64()?)),
            Read::Text => {
                let text = self.cursor.text()?;
                self.text(text.as_bytes())?
            }
            Read::Bytes => {
                let bytes = self.cursor.bytes()?;
                self.text(bytes)?
            }
            Read::Pid => self.pid()?,
            Read::MonitorRef => Built::int(self.cursor.unsigned()? as i64),
            Read::Object(object) => return self.object(object),
            Read::Cases(cases) => return self.case(cases),
            Read::List { element, cell } => return self.list(*element, *cell),
            Read::Array(element, class) => return self.array(*element, *class),
            Read::Map { .. } | Read::Set { .. } => return self.entries(read),
            Read::Nothing => return Err(DecodeError::CannotTravel),
        }))
    }

    fn small(&mut self, max: u8) -> Result<Built, DecodeError> {
        let byte = self.cursor.byte()?;
        if byte > max { Err(DecodeError::BadByte) } else { Ok(Built::int(byte.into())) }
    }

    fn text(&mut self, bytes: &[u8]) -> Result<Built, DecodeError> {
        self.room(bytes.len())?;
        let part = self.whole.and_then(|whole| Some((whole, most_of(whole, bytes)?)));
        Ok(match part {
            Some((whole, offset)) => self.builder.shared_part(whole.clone(), offset, bytes.len()),
            None => self.builder.text(bytes),
        })
    }

    fn pid(&mut self) -> Result<Built, DecodeError> {
        let node = self.cursor.index()?;
        let number = self.cursor.unsigned()?;
        if number >> 48 != 0 {
            return Err(DecodeError::BadPid);
        }
        let index = self.nodes.index(node).ok_or(DecodeError::UnknownNode)?;
        Ok(Built::int((u64::from(index) << 48 | number) as i64))
    }

    fn room(&self, more: usize) -> Result<(), DecodeError> {
        match self.builder.bytes().saturating_add(more) > self.memory_max {
            true => Err(DecodeError::TooLarge),
            false => Ok(()),
        }
    }

    fn push(&mut self, frame: Frame<'p, 'b>) -> Result<Option<Built>, DecodeError> {
        if self.frames.len() >= DEPTH_MAX {
            return Err(DecodeError::TooDeep);
        }
        self.frames.push(frame);
        Ok(None)
    }

    fn object(&mut self, plan: &'p Object) -> Result<Option<Built>, DecodeError> {
        self.room(8 * (plan.words as usize + 1))?;
        let object = match plan.words {
            0 => Built::immediate(plan.tag),
            _ => self.builder.object(plan.layout, plan.tag),
        };
        match plan.parts.is_empty() {
            true => Ok(Some(object)),
            false => self.push(Frame::Object { object, plan, next: 0 }),
        }
    }

    fn case(&mut self, cases: &'p [CaseRead]) -> Result<Option<Built>, DecodeError> {
        let index = self.cursor.index()?;
        match cases.get(index as usize) {
            Some(CaseRead::Known(object)) => self.object(object),
            Some(CaseRead::Unknown(ty, name)) => Err(DecodeError::UnknownVariant(ty.clone(), name.clone())),
            None => Err(DecodeError::BadVariant),
        }
    }

    fn list(&mut self, element: PlanId, cell: u32) -> Result<Option<Built>, DecodeError> {
        let left = self.cursor.count()?;
        self.room(left.saturating_mul(24))?;
        match left {
            0 => Ok(Some(Built::immediate(0))),
            _ => self.push(Frame::List { first: None, last: None, element, cell, left }),
        }
    }

    fn array(&mut self, element: PlanId, class: Class) -> Result<Option<Built>, DecodeError> {
        let len = self.cursor.count()?;
        self.room(len.saturating_mul(8))?;
        let array = self.builder.array(class == Class::Ref, len);
        match len {
            0 => Ok(Some(array)),
            _ => self.push(Frame::Array { array, element, next: 0, len }),
        }
    }

    fn entries(&mut self, plan: &'p Read) -> Result<Option<Built>, DecodeError> {
        let left = self.cursor.count()?;
        self.room(left.saturating_mul(32))?;
        let (entries, keys) = (vec![], Keys::default());
        let frame = Entries { plan, entries, keys, left, key_start: 0, in_value: false };
        self.push(Frame::Entries(Box::new(frame)))
    }

    /// What the innermost frame wants next; skips what the reader lacks.
    fn advance(&mut self) -> Result<Next, DecodeError> {
        let Some(frame) = self.frames.last_mut() else { return Err(DecodeError::BadSchema) };
        let finished = match frame {
            Frame::Object { object, plan, next } => loop {
                match plan.parts.get(*next) {
                    Some(Part::Word { plan, .. }) => return Ok(Next::Read(*plan)),
                    Some(Part::Skip(node)) => skip::skip(&self.plan.schema, *node, &mut self.cursor)?,
                    None => break *object,
                }
                *next += 1;
            },
            Frame::List { element, left, .. } if *left > 0 => return Ok(Next::Read(*element)),
            Frame::List { first, .. } => first.unwrap_or(Built::immediate(0)),
            Frame::Array { element, next, len, .. } if *next < *len => return Ok(Next::Read(*element)),
            Frame::Array { array, .. } => *array,
            Frame::Entries(entries) if entries.left > 0 => {
                return Ok(Next::Read(entries.next(self.cursor.position())));
            }
            Frame::Entries(entries) => entries.finish(self.builder),
        };
        self.frames.pop();
        Ok(Next::Finished(finished))
    }

    /// Puts a finished part where the innermost frame wants it.
    fn place(&mut self, part: Built) -> Result<(), DecodeError> {
        match self.frames.last_mut() {
            Some(Frame::Object { object, plan, next }) => {
                if let Some(Part::Word { slot, .. }) = plan.parts.get(*next) {
                    self.builder.set(*object, *slot as usize, part);
                }
                *next += 1;
            }
            Some(Frame::List { first, last, cell, left, .. }) => {
                let new = self.builder.object(*cell, 1);
                self.builder.set(new, 0, part);
                match last {
                    Some(last) => self.builder.set(*last, 1, new),
                    None => *first = Some(new),
                }
                *last = Some(new);
                *left -= 1;
            }
            Some(Frame::Array { array, next, .. }) => {
                self.builder.set(*array, *next, part);
                *next += 1;
            }
            Some(Frame::Entries(entries)) => entries.place(part, self.builder, &self.cursor)?,
            None => {}
        }
        Ok(())
    }
}

/// Where a part begins in a buffer of which it is at least half: a smaller one must not keep the whole in memory.
fn most_of(whole: &SharedText, part: &[u8]) -> Option<usize> {
    let (whole, offset) = (whole.bytes(), part.as_ptr() as usize);
    let offset = offset.checked_sub(whole.as_ptr() as usize)?;
    (part.len() >= whole.len() / 2 && offset + part.len() <= whole.len()).then_some(offset)
}

impl<'b> Entries<'_, 'b> {
    fn parts(&self) -> (PlanId, Option<PlanId>, u32, u32) {
        match self.plan {
            Read::Map { key, value, entry, map } => (*key, Some(*value), *entry, *map),
            Read::Set { key, entry, map } => (*key, None, *entry, *map),
            _ => (0, None, 0, 0),
        }
    }

    fn next(&mut self, position: usize) -> PlanId {
        let (key, value, ..) = self.parts();
        if !self.in_value {
            self.key_start = position;
        }
        if self.in_value { value.unwrap_or(key) } else { key }
    }

    fn place(
        &mut self,
        part: Built,
        builder: &mut FragmentBuilder<'_>,
        cursor: &Cursor<'b>,
    ) -> Result<(), DecodeError> {
        let (_, value, entry, _) = self.parts();
        if self.in_value {
            let entry = *self.entries.last().ok_or(DecodeError::BadSchema)?;
            builder.set(entry, 3, part);
            self.in_value = false;
            self.left -= 1;
            return Ok(());
        }
        self.keys.add(cursor.since(self.key_start))?;
        let entry = builder.object(entry, 1);
        builder.set(entry, 1, Built::int(self.entries.len() as i64));
        builder.set(entry, 2, part);
        self.entries.push(entry);
        match value {
            Some(_) => self.in_value = true,
            None => self.left -= 1,
        }
        Ok(())
    }

    fn finish(&mut self, builder: &mut FragmentBuilder<'_>) -> Built {
        let (_, value, _, layout) = self.parts();
        let map = map::map(builder, layout, &self.entries);
        if value.is_some() {
            return map;
        }
        let set_layout = snow_abi::layout::small(1, 1);
        let set = builder.object(set_layout, 0);
        builder.set(set, 0, map);
        set
    }
}
