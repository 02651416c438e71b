//! Numbers out of texts.

/// An Int in a base of 2 to 36: white space around it, a sign, `_` between digits. `None` for anything else and out of range.
pub fn to_int(text: &str, base: i64) -> Option<i64> {
    let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base))?;
    let text = text.trim();
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let mut value: i64 = 0;
    let mut after_digit = false;
    for character in digits.chars() {
        if character == '_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
            continue;
        }
        let digit = i64::from(character.to_digit(base)?);
        // Downwards, because the least Int has no positive counterpart
        value = value.checked_mul(i64::from(base))?.checked_sub(digit)?;
        after_digit = true;
    }
    if !after_digit {
        return None;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

/// A Float: white space around it, a sign, `_` between digits, `inf`, `nan`. `None` for anything else and out of range.
pub fn to_float(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = without_separators(text)?;
    let value: f64 = plain.parse().ok()?;
    let is_named = plain.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E'));
    (value.is_finite() || is_named).then_some(value)
}

/// Takes out each `_` that has a digit on both sides; `None` when there is another.
fn without_separators(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_digit = |index: Option<usize>| index.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let mut plain = String::with_capacity(text.len());
    for (index, character) in text.char_indices() {
        if character != '_' {
            plain.push(character);
        } else if !is_digit(index.checked_sub(1)) || !is_digit(Some(index + 1)) {
            return None;
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints() {
        assert_eq!(to_int(" -9223372036854775808 ", 10), Some(i64::MIN));
        assert_eq!(to_int("9223372036854775808", 10), None);
        assert_eq!(
            (to_int("+1_000", 10), to_int("ff", 16), to_int("Zz", 36)),
            (Some(1000), Some(255), Some(1295))
        );
        for bad in ["", "-", "_1", "1_", "1__2", "1 2", "0x10", "é"] {
            assert_eq!(to_int(bad, 10), None, "{bad}");
        }
        assert_eq!((to_int("1", 1), to_int("1", 37), to_int("2", 2)), (None, None, None));
    }

    #[test]
    fn floats() {
        assert_eq!(
            (to_float(" 1_000.5e-1 "), to_float("-3"), to_float("1e308")),
            (Some(100.05), Some(-3.0), Some(1e308))
        );
        assert_eq!((to_float("inf"), to_float("-inf")), (Some(f64::INFINITY), Some(f64::NEG_INFINITY)));
        assert!(to_float("nan").is_some_and(f64::is_nan));
        for bad in ["", "1e999", "1__0", "_1", "1_.5", "one", "1.5.2"] {
            assert_eq!(to_float(bad), None, "{bad}");
        }
    }
}
