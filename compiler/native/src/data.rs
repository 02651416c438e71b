//! Static objects as bytes.

use snow_abi::layout;
use snow_abi::value::Header;
use snow_mono::ir::{FunctionId, Program, Static, StaticId, StaticWord};
use snow_text::IdVec;

/// The data blob before its addresses are known.
#[derive(Debug, Default)]
pub struct Data {
    /// Its bytes, zero where an address goes.
    pub bytes: Vec<u8>,
    /// Where each object begins.
    pub offsets: IdVec<StaticId, u32>,
    /// Words that hold the address of a function's entry.
    pub code_words: Vec<(u32, FunctionId)>,
    /// Words that hold the address of an object.
    pub object_words: Vec<(u32, StaticId)>,
}

/// Lays out all objects in order.
pub fn lay_out(program: &Program) -> Data {
    let mut data = Data::default();
    for object in program.statics.values() {
        let offset = data.here();
        data.offsets.push(offset);
        match object {
            Static::Text(text) => data.text(text),
            Static::Closure(function) => data.closure(*function),
            Static::Object { layout, tag, words } => data.object(*layout, *tag, words),
        }
    }
    data
}

impl Data {
    fn here(&self) -> u32 {
        u32::try_from(self.bytes.len()).expect("less than 4 GB of constants")
    }

    fn word(&mut self, word: u64) {
        self.bytes.extend(word.to_le_bytes());
    }

    fn text(&mut self, text: &[u8]) {
        self.word(Header::new_static(layout::TEXT_INLINE, 0).0);
        self.word(text.len() as u64);
        self.bytes.extend(text);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    fn closure(&mut self, function: FunctionId) {
        self.word(Header::new_static(layout::small(1, 0), 0).0);
        self.code_words.push((self.here(), function));
        self.word(0);
    }

    fn object(&mut self, layout: u32, tag: u32, words: &[StaticWord]) {
        self.word(Header::new_static(layout, tag).0);
        for word in words {
            match word {
                StaticWord::Raw(bits) => self.word(*bits),
                StaticWord::Static(id) => {
                    self.object_words.push((self.here(), *id));
                    self.word(0);
                }
            }
        }
    }
}
