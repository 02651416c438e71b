//! The program's layouts in the form that tracing wants, and the search for a layout by shape.

use snow_abi::descriptor::Descriptor;
use snow_abi::layout::{ARRAY_REF, ARRAY_WORD, Layout, TEXT_INLINE, TEXT_SHARED, small};
use snow_abi::value::{Class, Header};
use std::collections::HashMap;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Fixed,
    TextInline,
    TextShared,
    ArrayRef,
    ArrayWord,
}

pub(crate) struct Shape {
    pub kind: Kind,
    /// Body words of a fixed shape.
    pub words: u32,
    /// Reference bits of the first 64 words.
    pub refs: u64,
    /// Reference bits of the words beyond.
    pub more: Box<[u64]>,
}

/// What the collector wants to know of most layouts, in one word.
#[derive(Clone, Copy)]
struct Brief {
    /// Words of a fixed object, its header included; 0 for a body of variable size or over [`BRIEF_WORDS_MAX`] words.
    words: u32,
    /// Reference bits of the body.
    refs: u32,
}

/// Most body words that a [`Brief`] tells about.
const BRIEF_WORDS_MAX: u32 = 32;

impl Brief {
    fn of(shape: &Shape) -> Brief {
        if shape.kind == Kind::Fixed && shape.words <= BRIEF_WORDS_MAX {
            Brief { words: 1 + shape.words, refs: shape.refs as u32 }
        } else {
            Brief { words: 0, refs: 0 }
        }
    }
}

/// All layouts of a loaded program.
pub struct Layouts {
    shapes: Vec<Shape>,
    /// As many as there are shapes.
    briefs: Vec<Brief>,
    by_shape: HashMap<(u32, Vec<u64>), u32>,
}

impl Layouts {
    /// The program's layouts, plus those that values of the given types need and the program does not have itself.
    pub fn new(layouts: &[Layout], descriptors: &[Descriptor]) -> Layouts {
        let mut table = Layouts { shapes: Vec::new(), briefs: Vec::new(), by_shape: HashMap::new() };
        for layout in layouts {
            table.push(layout);
        }
        for descriptor in descriptors {
            table.add_shapes_of(descriptor, descriptors);
        }
        table
    }

    /// The id of a fixed body: `refs` tells for each word whether it is a reference.
    pub fn fixed(&self, refs: &[bool]) -> Option<u32> {
        if refs.len() <= 4 {
            let bits = refs.iter().enumerate().fold(0, |bits, (i, r)| bits | (*r as u32) << i);
            return Some(small(refs.len() as u32, bits));
        }
        self.by_shape.get(&(refs.len() as u32, mask(refs))).copied()
    }

    /// The id of a body whose fields have these classes.
    pub fn of_classes(&self, classes: impl IntoIterator<Item = Class>) -> Option<u32> {
        let refs: Vec<bool> = classes.into_iter().map(|class| class == Class::Ref).collect();
        self.fixed(&refs)
    }

    pub(crate) fn shape(&self, id: u32) -> &Shape {
        &self.shapes[id as usize]
    }

    fn push(&mut self, layout: &Layout) {
        let id = self.shapes.len() as u32;
        let special = |kind| Shape { kind, words: 0, refs: 0, more: Box::default() };
        let shape = match layout {
            Layout::Fixed { words, refs } => {
                let mut bits = refs.clone();
                bits.resize((*words as usize).div_ceil(64), 0);
                self.by_shape.entry((*words, bits.clone())).or_insert(id);
                Shape {
                    kind: Kind::Fixed,
                    words: *words,
                    refs: bits.first().copied().unwrap_or(0),
                    more: bits.get(1..).unwrap_or_default().into(),
                }
            }
            Layout::TextInline => special(Kind::TextInline),
            Layout::TextShared => special(Kind::TextShared),
            Layout::Array { refs: true } => special(Kind::ArrayRef),
            Layout::Array { refs: false } => special(Kind::ArrayWord),
        };
        self.briefs.push(Brief::of(&shape));
        self.shapes.push(shape);
    }

    fn add_shapes_of(&mut self, descriptor: &Descriptor, all: &[Descriptor]) {
        let is_ref = |id: &snow_abi::descriptor::DescriptorId| {
            all.get(id.0 as usize).is_some_and(|d| d.class() == Class::Ref)
        };
        match descriptor {
            Descriptor::Tuple(items) => self.add(items.iter().map(is_ref).collect()),
            Descriptor::Struct { fields, .. } => self.add(fields.iter().map(|f| is_ref(&f.ty)).collect()),
            Descriptor::Sum { variants, .. } => {
                for variant in variants {
                    self.add(variant.fields.iter().map(|f| is_ref(&f.ty)).collect());
                }
            }
            Descriptor::Tags(tags) => {
                for tag in tags {
                    self.add(tag.payload.iter().map(is_ref).collect());
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, refs: Vec<bool>) {
        if self.fixed(&refs).is_none() {
            self.push(&Layout::Fixed { words: refs.len() as u32, refs: mask(&refs) });
        }
    }

    /// Size of an object in words, its header included.
    ///
    /// # Safety
    /// `object` is the address of a live object with header `header`.
    #[inline]
    pub(crate) unsafe fn size_words(&self, object: *const u64, header: Header) -> usize {
        let brief = self.briefs[header.layout() as usize];
        if brief.words != 0 {
            return brief.words as usize;
        }
        // SAFETY: by contract.
        unsafe { self.varying_size_words(object, header) }
    }

    /// The size in words of an object that has no brief.
    ///
    /// # Safety
    /// As for [`Layouts::size_words`].
    #[inline(never)]
    unsafe fn varying_size_words(&self, object: *const u64, header: Header) -> usize {
        // SAFETY: no body is empty; text and array bodies begin with their length.
        let length = || unsafe { *object.add(1) as usize };
        match header.layout() {
            TEXT_INLINE => 2 + length().div_ceil(8),
            TEXT_SHARED => 5,
            ARRAY_REF | ARRAY_WORD => 2 + length(),
            id => 1 + self.shape(id).words as usize,
        }
    }

    /// Calls `visit` with the address of each reference word of an object, and gives the object's size in words.
    ///
    /// # Safety
    /// As for [`Layouts::size_words`].
    #[inline]
    pub(crate) unsafe fn scan(
        &self,
        object: *mut u64,
        header: Header,
        mut visit: impl FnMut(*mut u64),
    ) -> usize {
        let brief = self.briefs[header.layout() as usize];
        // SAFETY: the bits name words of the body.
        unsafe {
            if brief.words == 0 {
                let words = self.varying_size_words(object, header);
                self.each_reference(object, header, visit);
                return words;
            }
            let body = object.add(1);
            each_bit(u64::from(brief.refs), |i| visit(body.add(i)));
        }
        brief.words as usize
    }

    /// Calls `visit` with the address of each reference word of an object.
    ///
    /// # Safety
    /// As for [`Layouts::size_words`].
    #[inline]
    pub(crate) unsafe fn each_reference(
        &self,
        object: *mut u64,
        header: Header,
        mut visit: impl FnMut(*mut u64),
    ) {
        let id = header.layout();
        let shape = self.shape(id);
        // SAFETY: the bits name words of the body; arrays hold as many elements as their first word says.
        unsafe {
            match shape.kind {
                Kind::Fixed => {
                    let body = object.add(1);
                    each_bit(shape.refs, |i| visit(body.add(i)));
                    for (block, bits) in shape.more.iter().enumerate() {
                        each_bit(*bits, |i| visit(body.add((block + 1) * 64 + i)));
                    }
                }
                Kind::ArrayRef => {
                    for i in 0..*object.add(1) as usize {
                        visit(object.add(2 + i));
                    }
                }
                Kind::TextInline | Kind::TextShared | Kind::ArrayWord => {}
            }
        }
    }

    /// Whether objects of a layout can refer to others.
    pub(crate) fn may_refer(&self, id: u32) -> bool {
        let shape = self.shape(id);
        shape.kind == Kind::ArrayRef || shape.refs != 0 || shape.more.iter().any(|bits| *bits != 0)
    }

    /// Whether body word `index` of a fixed shape is a reference.
    pub(crate) fn is_reference(&self, id: u32, index: usize) -> bool {
        let shape = self.shape(id);
        let block =
            if index < 64 { shape.refs } else { shape.more.get(index / 64 - 1).copied().unwrap_or(0) };
        block >> (index % 64) & 1 == 1
    }
}

#[inline]
fn each_bit(mut bits: u64, mut visit: impl FnMut(usize)) {
    while bits != 0 {
        visit(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

fn mask(refs: &[bool]) -> Vec<u64> {
    let mut bits = vec![0u64; refs.len().div_ceil(64)];
    for (i, _) in refs.iter().enumerate().filter(|(_, r)| **r) {
        bits[i / 64] |= 1 << (i % 64);
    }
    bits
}
