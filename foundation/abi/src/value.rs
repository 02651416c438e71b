//! Words, object headers and immediates.
//!
//! A Snow value is one 64-bit word of one of three classes ([`Class`]):
//! - `Int`: a raw integer: Int, Bool (0/1), Unit (0), Pid, ProcessId, MonitorRef, code points;
//! - `Float`: the bits of an f64;
//! - `Ref`: a *reference word*: either an **immediate** (below 2^32) or the address of an object.
//!
//! An object is a header word followed by its body. The header of a live object is odd; an even header is
//! the forwarding address that the collector left behind.
//!
//! ```text
//! header   63          32 31           8 7    2   1      0
//!          +-------------+--------------+------+--------+---+
//!          | layout id   | tag          |  0   | static | 1 |
//!          +-------------+--------------+------+--------+---+
//! ```
//!
//! *Sum types*: a variant without fields is the immediate of its index; one with fields is an object whose tag
//! is the variant's index and whose body has one word per field. `List` is such a type (`Nil` = 0, `Cons` = 1,
//! fields head, tail), and so are `Option` (`None` = 0, `Some` = 1), `Result` (`Ok` = 0, `Err` = 1) and `Ordering`
//! (`Less` = 0, `Equal` = 1, `Greater` = 2).
//! *Tags*: `:name` is the immediate of its atom id; `{:name, a, b}` an object whose tag is the atom id.
//! *Tuples, structs*: an object with tag 0 and a word per field (a struct without fields is the immediate 0).
//! *Closures*: an object whose first word is the address of the code, then the captured values.

/// One machine word of a Snow value.
pub type Word = u64;

/// How a word is treated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Class {
    /// Raw 64-bit integer; never traced.
    Int,
    /// Bits of an f64; never traced, lives in a floating-point register.
    Float,
    /// Immediate or object address; traced.
    Ref,
}

/// Reference words below this are immediates.
pub const IMMEDIATE_LIMIT: u64 = 1 << 32;

/// Whether a reference word is an immediate.
pub const fn is_immediate(word: Word) -> bool {
    word < IMMEDIATE_LIMIT
}

/// The first word of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header(pub u64);

impl Header {
    /// Header bit: the object lies in the image, is never moved, copied or freed.
    pub const STATIC: u64 = 2;
    /// Largest tag.
    pub const TAG_MAX: u32 = (1 << 24) - 1;

    /// The header of a heap object.
    pub const fn new(layout: u32, tag: u32) -> Header {
        Header((layout as u64) << 32 | (tag as u64) << 8 | 1)
    }

    /// The header of an object in the image.
    pub const fn new_static(layout: u32, tag: u32) -> Header {
        Header(Header::new(layout, tag).0 | Header::STATIC)
    }

    /// Whether the collector replaced it by a forwarding address.
    pub const fn is_forwarded(self) -> bool {
        self.0 & 1 == 0
    }

    /// Whether the object lies in the image.
    pub const fn is_static(self) -> bool {
        self.0 & Header::STATIC != 0
    }

    /// Index into the program's layouts.
    pub const fn layout(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Variant index or atom id.
    pub const fn tag(self) -> u32 {
        (self.0 as u32) >> 8
    }
}
