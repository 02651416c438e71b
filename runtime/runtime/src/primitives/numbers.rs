//! Int and Float. Native code expands the short ones in line; their bodies here say what they mean.

mod writing;

use crate::call::{Call, Crash};
use snow_heap::Value;

impl<'p> Call<'p> {
    pub(super) fn int_wrapping_add(&mut self, a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }

    pub(super) fn int_wrapping_sub(&mut self, a: i64, b: i64) -> i64 {
        a.wrapping_sub(b)
    }

    pub(super) fn int_wrapping_mul(&mut self, a: i64, b: i64) -> i64 {
        a.wrapping_mul(b)
    }

    pub(super) fn int_and(&mut self, a: i64, b: i64) -> i64 {
        a & b
    }

    pub(super) fn int_or(&mut self, a: i64, b: i64) -> i64 {
        a | b
    }

    pub(super) fn int_xor(&mut self, a: i64, b: i64) -> i64 {
        a ^ b
    }

    pub(super) fn int_not(&mut self, a: i64) -> i64 {
        !a
    }

    pub(super) fn int_shift_left(&mut self, a: i64, count: i64) -> Result<i64, Crash> {
        Ok(a << self.shift_count(count)?)
    }

    pub(super) fn int_shift_right(&mut self, a: i64, count: i64) -> Result<i64, Crash> {
        Ok(a >> self.shift_count(count)?)
    }

    pub(super) fn int_shift_right_zero(&mut self, a: i64, count: i64) -> Result<i64, Crash> {
        Ok((a.cast_unsigned() >> self.shift_count(count)?).cast_signed())
    }

    fn shift_count(&mut self, count: i64) -> Result<u32, Crash> {
        match u32::try_from(count) {
            Ok(count @ 0..=63) => Ok(count),
            _ => Err(self.crash(&format!("shift count {count} is not in 0..63"))),
        }
    }

    pub(super) fn int_count_ones(&mut self, a: i64) -> i64 {
        i64::from(a.count_ones())
    }

    pub(super) fn int_leading_zeros(&mut self, a: i64) -> i64 {
        i64::from(a.leading_zeros())
    }

    pub(super) fn int_trailing_zeros(&mut self, a: i64) -> i64 {
        i64::from(a.trailing_zeros())
    }

    pub(super) fn int_to_float(&mut self, a: i64) -> f64 {
        a as f64
    }

    pub(super) fn int_add_overflows(&mut self, a: i64, b: i64) -> bool {
        a.checked_add(b).is_none()
    }

    pub(super) fn int_sub_overflows(&mut self, a: i64, b: i64) -> bool {
        a.checked_sub(b).is_none()
    }

    pub(super) fn int_mul_overflows(&mut self, a: i64, b: i64) -> bool {
        a.checked_mul(b).is_none()
    }

    pub(super) fn int_to_text(&mut self, value: i64, base: i64) -> Value<'p> {
        self.text(writing::int_to_text(value, base, &mut [0; writing::INT_TEXT_MAX]))
    }

    pub(super) fn float_to_bits(&mut self, x: f64) -> i64 {
        x.to_bits().cast_signed()
    }

    pub(super) fn float_from_bits(&mut self, bits: i64) -> f64 {
        f64::from_bits(bits.cast_unsigned())
    }

    pub(super) fn float_to_int(&mut self, x: f64) -> i64 {
        x as i64
    }

    pub(super) fn float_to_text(&mut self, x: f64) -> Value<'p> {
        self.text(&writing::float_to_text(x))
    }

    pub(super) fn float_format(&mut self, x: f64, decimals: i64) -> Value<'p> {
        self.text(&writing::float_format(x, decimals))
    }
}

/// Functions of `libm`: the same bits on every platform.
macro_rules! float_functions {
    ($($row:ident($($x:ident),+) = $function:path;)*) => {
        impl Call<'_> {
            $(pub(super) fn $row(&mut self, $($x: f64),+) -> f64 { $function($($x),+) })*
        }
    };
}

float_functions! {
    float_floor(x) = libm::floor;
    float_ceil(x) = libm::ceil;
    float_trunc(x) = libm::trunc;
    float_sqrt(x) = libm::sqrt;
    float_abs(x) = libm::fabs;
    float_pow(x, y) = libm::pow;
    float_exp(x) = libm::exp;
    float_ln(x) = libm::log;
    float_log2(x) = libm::log2;
    float_log10(x) = libm::log10;
    float_cbrt(x) = libm::cbrt;
    float_sin(x) = libm::sin;
    float_cos(x) = libm::cos;
    float_tan(x) = libm::tan;
    float_asin(x) = libm::asin;
    float_acos(x) = libm::acos;
    float_atan(x) = libm::atan;
    float_atan2(y, x) = libm::atan2;
    float_sinh(x) = libm::sinh;
    float_cosh(x) = libm::cosh;
    float_tanh(x) = libm::tanh;
    float_hypot(x, y) = libm::hypot;
    float_rem(x, y) = libm::fmod;
}
