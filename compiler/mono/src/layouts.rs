//! Layout ids of object bodies.

use snow_abi::layout::{self, Layout};
use snow_abi::value::Class;
use std::collections::HashMap;

/// The program's layouts: the fixed ones, then those of larger bodies.
pub struct Layouts {
    all: Vec<Layout>,
    ids: HashMap<Layout, u32>,
}

impl Default for Layouts {
    fn default() -> Layouts {
        Layouts { all: layout::fixed_layouts(), ids: HashMap::new() }
    }
}

impl Layouts {
    /// The layout of a body with words of these classes.
    pub fn of(&mut self, classes: &[Class]) -> u32 {
        let mut refs = vec![0u64; classes.len().div_ceil(64).max(1)];
        for (i, class) in classes.iter().enumerate() {
            if *class == Class::Ref {
                refs[i / 64] |= 1 << (i % 64);
            }
        }
        if classes.len() <= 4 {
            return layout::small(classes.len() as u32, refs[0] as u32);
        }
        let layout = Layout::Fixed { words: classes.len() as u32, refs };
        let all = &mut self.all;
        *self.ids.entry(layout.clone()).or_insert_with(|| {
            all.push(layout);
            all.len() as u32 - 1
        })
    }

    /// All layouts by id.
    pub fn finish(self) -> Vec<Layout> {
        self.all
    }
}
