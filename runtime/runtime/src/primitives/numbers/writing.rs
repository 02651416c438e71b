//! Numbers as text.

/// Digits beyond this many decimals are not written: no Float has more that are not 0.
const DECIMALS_MAX: usize = 1100;

/// Digits of the longest Int, in base 2, and its sign.
pub const INT_TEXT_MAX: usize = 65;

/// An Int in a base of 2 to 36, lower-case digits, at the end of `room`. Bases outside are taken as 10: std has refused them before.
pub fn int_to_text(value: i64, base: i64, room: &mut [u8; INT_TEXT_MAX]) -> &str {
    let base = if (2..=36).contains(&base) { base.unsigned_abs() } else { 10 };
    let mut at = INT_TEXT_MAX;
    let mut put = |byte: u8| {
        at -= 1;
        room[at] = byte;
    };
    let mut rest = value.unsigned_abs();
    if base == 10 {
        // Division by a constant is much faster
        while rest >= 10 {
            put(b'0' + (rest % 10) as u8);
            rest /= 10;
        }
    }
    while rest >= base {
        put(b"0123456789abcdefghijklmnopqrstuvwxyz"[(rest % base) as usize]);
        rest /= base;
    }
    put(b"0123456789abcdefghijklmnopqrstuvwxyz"[rest as usize]);
    if value < 0 {
        put(b'-');
    }
    std::str::from_utf8(&room[at..]).expect("digits are ASCII")
}

/// The shortest text that reads back the same, always with `.0` or an exponent (`1e16` and above, below `1e-5`).
pub fn float_to_text(value: f64) -> String {
    format!("{value:?}")
}

/// Correctly rounded to so many decimals, without an exponent.
pub fn float_format(value: f64, decimals: i64) -> String {
    let decimals = usize::try_from(decimals).unwrap_or(0).min(DECIMALS_MAX);
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: i64, base: i64) -> String {
        int_to_text(value, base, &mut [0; INT_TEXT_MAX]).to_string()
    }

    #[test]
    fn ints() {
        assert_eq!(text(i64::MIN, 10), "-9223372036854775808");
        assert_eq!((text(255, 16), text(-5, 2), text(0, 36)), ("ff".into(), "-101".into(), "0".into()));
        assert_eq!(text(i64::MIN, 2).len(), 65);
    }

    #[test]
    fn floats_read_back() {
        for (value, text) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e16"),
            (1e-5, "1e-5"),
            (1.5e300, "1.5e300"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(float_to_text(value), text);
            assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(value.to_bits()), "{text}");
        }
        assert_eq!(float_to_text(f64::NAN), "NaN");
    }

    #[test]
    fn decimals() {
        assert_eq!(
            (float_format(1.5, 2), float_format(2.675, 2), float_format(1e21, 0)),
            ("1.50".into(), "2.67".into(), "1000000000000000000000".into())
        );
        assert_eq!((float_format(-0.04, 1), float_format(0.5, -3)), ("-0.0".into(), "0".into()));
    }
}
