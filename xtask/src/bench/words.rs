//! Writes the file of words that the word counts are measured on: always the same, common words often, rare ones
//! seldom, as in real text.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Its name in the directory of measurements.
pub const FILE_NAME: &str = "words.txt";
/// How long it is.
const FILE_BYTES: usize = 100_000_000;
/// How many different words there are.
const VOCABULARY: u64 = 40_000;
/// Words on a line.
const LINE_WORDS: usize = 12;

/// Writes the file unless it is there at full length.
pub fn write(path: &Path) -> std::io::Result<()> {
    if fs::metadata(path).is_ok_and(|file| file.len() >= FILE_BYTES as u64) {
        return Ok(());
    }
    let mut out = BufWriter::new(fs::File::create(path)?);
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let (mut bytes, mut count) = (0, 0);
    while bytes < FILE_BYTES {
        count += 1;
        let end = if count % LINE_WORDS == 0 { '\n' } else { ' ' };
        let word = format!("{}{end}", word(numbers.rank()));
        bytes += word.len();
        out.write_all(word.as_bytes())?;
    }
    out.flush()
}

/// The word of a rank: syllables, shorter for the common ones.
fn word(rank: u64) -> String {
    const SYLLABLES: [&str; 16] =
        ["sno", "wa", "li", "ten", "or", "mi", "ru", "the", "in", "ka", "so", "pe", "da", "el", "qui", "fo"];
    let mut left = rank + 1;
    let mut word = String::new();
    while left > 0 {
        word.push_str(SYLLABLES[(left % 16) as usize]);
        left /= 16;
    }
    word
}

/// A xorshift generator.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A rank that is about twice as seldom when it is twice as large.
    fn rank(&mut self) -> u64 {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((VOCABULARY as f64).powf(share) - 1.0) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_ranks_are_common_and_words_differ() {
        let mut numbers = Numbers(1);
        let ranks: Vec<u64> = (0..10_000).map(|_| numbers.rank()).collect();
        let share = ranks.iter().filter(|&&rank| rank == 0).count();
        assert!((400..900).contains(&share), "{share}");
        assert!(ranks.iter().all(|&rank| rank < VOCABULARY));
        assert_ne!(word(0), word(16));
    }
}
