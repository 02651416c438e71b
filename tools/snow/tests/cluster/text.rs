//! A text whose words are known.

use std::collections::BTreeMap;
use std::path::Path;

/// Different words.
const VOCABULARY: u64 = 700;
/// Words on a line.
const LINE_WORDS: u64 = 11;

/// A text and how often each of its words is in it.
pub struct Text {
    counts: BTreeMap<String, u64>,
}

impl Text {
    /// Writes a text of that many words; it is the same every time.
    pub fn write(path: &Path, words: u64) -> Text {
        let mut counts = BTreeMap::new();
        let mut text = String::new();
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        for number in 1..=words {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (high, low) = (state >> 48, (state >> 32) & 0xFFFF);
            // The product of two numbers is small more often than large.
            let word = format!("wörd{}", (high * low * VOCABULARY) >> 32);
            text.push_str(&word);
            text.push(if number % LINE_WORDS == 0 { '\n' } else { ' ' });
            *counts.entry(word).or_insert(0) += 1;
        }
        std::fs::write(path, text).expect("the directory is writable");
        Text { counts }
    }

    /// What the word count says of it: the line of totals up to the time, and the ten commonest.
    pub fn report(&self) -> (String, Vec<String>) {
        let total = grouped(self.counts.values().sum());
        let totals = format!("{total} words, {} of them different, in ", grouped(self.counts.len() as u64));
        let mut ranked: Vec<(&String, &u64)> = self.counts.iter().collect();
        ranked.sort_by_key(|(word, count)| (std::cmp::Reverse(**count), *word));
        let line = |(word, count): &(&String, &u64)| format!("{:>12}  {word}", grouped(**count));
        (totals, ranked.iter().take(10).map(line).collect())
    }
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
