//! Sets of a function's locals.

use snow_mono::ir::Local;
use snow_text::Id;

/// A bit per local; grows on demand.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LocalSet {
    words: Vec<u64>,
}

impl LocalSet {
    /// Adds a local.
    pub fn insert(&mut self, local: Local) {
        let (word, bit) = (local.index() / 64, local.index() % 64);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << bit;
    }

    /// Takes a local out.
    pub fn remove(&mut self, local: Local) {
        if let Some(word) = self.words.get_mut(local.index() / 64) {
            *word &= !(1 << (local.index() % 64));
        }
    }

    /// Whether it is in.
    pub fn contains(&self, local: Local) -> bool {
        self.words.get(local.index() / 64).is_some_and(|word| word >> (local.index() % 64) & 1 == 1)
    }

    /// Adds all of `other`; tells whether that changed anything.
    pub fn unite(&mut self, other: &LocalSet) -> bool {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        let mut changed = false;
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            changed |= *theirs & !*mine != 0;
            *mine |= theirs;
        }
        changed
    }

    /// Keeps only what `other` has too.
    pub fn intersect(&mut self, other: &LocalSet) {
        for (index, mine) in self.words.iter_mut().enumerate() {
            *mine &= other.words.get(index).copied().unwrap_or(0);
        }
    }

    /// In ascending order.
    pub fn iter(&self) -> impl Iterator<Item = Local> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| Local::from_index(index * 64 + bit))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(locals: &[u32]) -> LocalSet {
        let mut set = LocalSet::default();
        locals.iter().for_each(|&local| set.insert(Local(local)));
        set
    }

    #[test]
    fn sets_behave() {
        let mut a = set(&[1, 70, 200]);
        assert!(a.unite(&set(&[3, 70])) && !a.unite(&set(&[3])));
        assert_eq!(a.iter().map(|l| l.0).collect::<Vec<_>>(), [1, 3, 70, 200]);
        a.intersect(&set(&[3, 70]));
        a.remove(Local(70));
        assert!(
            a.contains(Local(3))
                && !a.contains(Local(70))
                && !a.contains(Local(1))
                && !a.contains(Local(900))
        );
    }
}
