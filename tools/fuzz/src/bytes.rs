//! Damage to bytes: bits, runs, cuts, pieces of others, and the numbers that formats are full of.

use crate::chance::Chance;

/// Bytes at the edges of variable-length integers, kinds and texts.
const EDGES: &[u8] = &[0, 1, 2, 0x7e, 0x7f, 0x80, 0x81, 0xc0, 0xf5, 0xfe, 0xff];
/// Numbers at the edges of sizes.
const NUMBERS: &[u64] = &[
    0,
    1,
    127,
    128,
    255,
    256,
    16_383,
    16_384,
    65_535,
    65_536,
    1 << 20,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    (1 << 48) - 1,
    1 << 48,
    1 << 62,
    (1 << 63) - 1,
    1 << 63,
    u64::MAX,
];
/// Longest case: beyond it nothing is doubled any more.
const BYTES_MAX: usize = 1 << 16;

/// Damages some bytes; `foreign` is what pieces may come from.
pub fn damage(bytes: &mut Vec<u8>, foreign: &[u8], chance: &mut Chance) {
    if bytes.is_empty() {
        return bytes.push(chance.draw() as u8);
    }
    let at = chance.below(bytes.len());
    let run = at..(at + 1 + chance.below(16)).min(bytes.len());
    match chance.below(14) {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes[at] = chance.draw() as u8,
        2 | 3 => bytes[at] = *chance.pick(EDGES),
        4 => bytes.insert(at, *chance.pick(EDGES)),
        5 => drop(bytes.drain(run)),
        6 => bytes.truncate(at),
        7 if bytes.len() < BYTES_MAX => {
            let copy = bytes[run].to_vec();
            let times = *chance.pick(&[1, 1, 2, 30]);
            let to = if chance.once_in(2) { at } else { chance.below(bytes.len()) };
            bytes.splice(to..to, copy.repeat(times));
        }
        8 => {
            let other = chance.below(bytes.len());
            bytes.swap(at, other);
        }
        9 if bytes.len() < BYTES_MAX && !foreign.is_empty() => {
            let from = chance.below(foreign.len());
            let to = (from + 1 + chance.below(foreign.len() - from)).min(from + 256);
            let end = if chance.once_in(2) { run.end } else { at };
            bytes.splice(at..end, foreign[from..to].iter().copied());
        }
        10 => bytes.push(chance.draw() as u8),
        _ => number(bytes, at, chance),
    }
}

/// Puts another number where one may be, as it would be written.
fn number(bytes: &mut Vec<u8>, at: usize, chance: &mut Chance) {
    let length = bytes[at..].iter().take(10).take_while(|byte| **byte >= 0x80).count() + 1;
    let end = (at + length).min(bytes.len());
    let here = (bytes[at..end].iter().rev())
        .fold(0_u64, |number, byte| number.wrapping_shl(7) | u64::from(byte & 0x7f));
    let other = match chance.below(4) {
        0 => here.wrapping_add(1),
        1 => here.wrapping_sub(1),
        2 => here << chance.below(20),
        _ => *chance.pick(NUMBERS),
    };
    let mut written = vec![];
    snow_term::wire::write_unsigned(&mut written, other);
    bytes.splice(at..end, written);
}

/// Cuts bytes into the pieces in which they arrive.
pub fn cut(bytes: &[u8], chance: &mut Chance) -> Vec<Vec<u8>> {
    let size = *chance.pick(&[usize::MAX, 1, 7, 100]);
    let mut parts = vec![];
    let mut rest = bytes;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.len().min(1 + chance.below(size)));
        parts.push(part.to_vec());
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole() {
        let bytes: Vec<u8> = (0..=255).collect();
        for seed in 0..50 {
            assert_eq!(cut(&bytes, &mut Chance::new(seed)).concat(), bytes);
        }
    }

    #[test]
    fn a_number_is_replaced_whole() {
        for seed in 0..200 {
            let mut bytes = vec![0xac, 0x02, 9];
            number(&mut bytes, 0, &mut Chance::new(seed));
            let mut cursor = snow_term::wire::Cursor::new(&bytes);
            assert!(cursor.unsigned().is_ok(), "{bytes:?}");
            assert_eq!((cursor.byte(), cursor.left()), (Ok(9), 0));
        }
    }
}
