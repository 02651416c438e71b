//! Which tests are run.

use snow_abi::program::Test;

/// What the command line asks for; nothing asks for everything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// Words, one of which the name of the test or of its module contains.
    pub words: Vec<String>,
    /// Tags, one of which the test has.
    pub tags: Vec<String>,
    /// Tags, none of which the test has.
    pub without: Vec<String>,
}

impl Selection {
    /// Whether it takes this test.
    pub fn takes(&self, test: &Test) -> bool {
        let has = |tag: &String| test.tags.contains(tag);
        let contains = |word: &String| test.title.contains(word) || test.module.contains(word);
        (self.words.is_empty() || self.words.iter().any(contains))
            && (self.tags.is_empty() || self.tags.iter().any(has))
            && !self.without.iter().any(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(words: &[&str], tags: &[&str], without: &[&str]) -> bool {
        let list = |words: &[&str]| words.iter().map(|w| w.to_string()).collect();
        let selection = Selection { words: list(words), tags: list(tags), without: list(without) };
        selection.takes(&Test {
            title: "adds prices".into(),
            module: "Shop.Prices".into(),
            file: 0,
            line: 1,
            timeout_ms: 1,
            tags: vec!["slow".into()],
            main: 0,
            signals: 0,
            mailbox: 0,
        })
    }

    #[test]
    fn words_and_tags_choose() {
        assert!(takes(&[], &[], &[]));
        assert!(takes(&["nothing", "price"], &[], &[]));
        assert!(takes(&["Shop"], &["fast", "slow"], &[]));
        assert!(!takes(&["Price list"], &[], &[]));
        assert!(!takes(&[], &["fast"], &[]));
        assert!(!takes(&["adds"], &[], &["slow"]));
    }
}
