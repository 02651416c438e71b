//! Interned names.
//!
//! The interner is global and keeps every distinct name for the life of the OS process: names are few
//! and short, and a symbol that needs no context can be compared and printed anywhere.

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, RwLock};

/// An interned name: cheap to copy, compare and hash. Ordered by text, so that output is stable.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(u32);

#[derive(Default)]
struct Interner {
    ids: HashMap<&'static str, u32>,
    names: Vec<&'static str>,
}

static INTERNER: LazyLock<RwLock<Interner>> = LazyLock::new(Default::default);

impl Symbol {
    /// The symbol of a name.
    pub fn new(name: &str) -> Symbol {
        if let Some(id) = INTERNER.read().expect("no panic while interning").ids.get(name) {
            return Symbol(*id);
        }
        let mut interner = INTERNER.write().expect("no panic while interning");
        if let Some(id) = interner.ids.get(name) {
            return Symbol(*id);
        }
        let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
        let id = interner.names.len() as u32;
        interner.names.push(kept);
        interner.ids.insert(kept, id);
        Symbol(id)
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        INTERNER.read().expect("no panic while interning").names[self.0 as usize]
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Symbol) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl From<&str> for Symbol {
    fn from(name: &str) -> Symbol {
        Symbol::new(name)
    }
}
