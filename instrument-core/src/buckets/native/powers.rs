//! The bounds of native buckets, to more digits than any value has.

/// The square root of 2, and then of each the square root again: `2^(1/2)` to `2^(1/256)`, with 127 binary digits behind the point, rounded down.
const ROOTS: [u128; 8] = [
    0xb504_f333_f9de_6484_597d_89b3_754a_be9f,
    0x9837_f051_8db8_a96f_46ad_2318_2e42_f6f6,
    0x8b95_c1e3_ea8b_d6e6_fbe4_6287_58a5_3c90,
    0x85aa_c367_cc48_7b14_c5c9_5b8c_2154_c1b2,
    0x82cd_8698_ac2b_a1d7_3e2a_475b_4652_0bff,
    0x8164_d1f3_bc03_0773_7be5_6527_bd14_def4,
    0x80b1_ed4f_d999_ab6c_2533_5719_b6e6_fd20,
    0x8058_d7d2_d5e5_f6b0_94d5_89f6_08ee_4aa2,
];

/// How many binary digits stand behind the point.
const DIGITS: i32 = 127;

/// 1 with so many digits.
const ONE: u128 = 1 << DIGITS;

/// Every schema's bounds are among those of 256 to a power of two.
const FINEST: i32 = super::MAX_SCHEMA;

/// A bound as the power of two that is not above it, and the factor from there, from 1 to 2 with 127 binary digits.
fn parts(schema: i32, index: i32) -> (i32, u128) {
    // Others can come from pictures that were stored by others.
    let schema = schema.clamp(super::MIN_SCHEMA, FINEST);
    match u32::try_from(schema) {
        Ok(schema) => (index >> schema, factor((index & ((1 << schema) - 1)) << (FINEST as u32 - schema))),
        // Beyond these all bounds are 0 or infinite.
        Err(_) => (index.clamp(-10_000, 10_000) << schema.unsigned_abs(), ONE),
    }
}

/// 2 to the power of so many 256ths, less than one. It is at most 8 of its last digits too small, and exact for 0.
fn factor(of_256: i32) -> u128 {
    let roots = (0..FINEST).rev().zip(ROOTS).filter(|(bit, _)| of_256 >> bit & 1 == 1);
    roots.fold(ONE, |product, (_, root)| multiply(product, root))
}

/// The product of two factors, rounded down.
fn multiply(left: u128, right: u128) -> u128 {
    let (high, low) = wide_product(left, right);
    high << 1 | low >> DIGITS
}

/// All 256 bits of a product.
fn wide_product(left: u128, right: u128) -> (u128, u128) {
    const HALF: u128 = u64::MAX as u128;
    let (left_high, left_low) = (left >> 64, left & HALF);
    let (right_high, right_low) = (right >> 64, right & HALF);
    let low = left_low * right_low;
    let middle = left_high * right_low + (low >> 64);
    let other = left_low * right_high + (middle & HALF);
    (left_high * right_high + (middle >> 64) + (other >> 64), other << 64 | low & HALF)
}

/// The greatest whole number that is not above a bound of which a unit has `per_unit` parts; `u64::MAX` if that is less.
pub(super) fn whole_bound(schema: i32, index: i32, per_unit: u64) -> u64 {
    let (exponent, factor) = parts(schema, index);
    scaled(factor, exponent, per_unit)
}

fn scaled(factor: u128, exponent: i32, per_unit: u64) -> u64 {
    let (high, low) = wide_product(factor, per_unit.into());
    if exponent >= 64 {
        return u64::MAX;
    }
    let whole = match (DIGITS - exponent).unsigned_abs() {
        right @ 0..128 => high << (128 - right) | low >> right,
        right => high.checked_shr(right - 128).unwrap_or(0),
    };
    u64::try_from(whole).unwrap_or(u64::MAX)
}

/// The 52 digits behind the point of the greatest double that is not above `2^(step / 2^schema)`, for the steps from 0 to just before 2.
pub(super) fn fraction_bound(schema: u32, step: i32) -> u64 {
    (factor(step << (FINEST as u32 - schema)) >> (DIGITS - 52)) as u64 & ((1 << 52) - 1)
}

/// The upper bound of a bucket above zero: the double next to it, for people and for encoders. That of the last bucket of finite numbers, 2^1024, is
/// none: by the specification it is the greatest one. Beyond is infinity.
pub(crate) fn upper_bound(schema: i32, index: i32) -> f64 {
    let (exponent, factor) = parts(schema, index);
    match exponent {
        1024 if factor == ONE => f64::MAX,
        1024.. => f64::INFINITY,
        -1022.. => factor as f64 / ONE as f64 * f64::from_bits(((exponent + 1023) as u64) << 52),
        -1074.. => factor as f64 / ONE as f64 * f64::from_bits(1 << (exponent + 1074)),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_root_squared_is_the_one_before() {
        // The square of the first, 2, is one digit too long: its upper half is compared.
        assert_eq!(wide_product(ROOTS[0], ROOTS[0]).0, ONE - 1);
        assert!(wide_product(ROOTS[0] + 1, ROOTS[0] + 1).0 >= ONE);
        for pair in ROOTS.windows(2) {
            assert!(multiply(pair[1], pair[1]) <= pair[0], "{:x}", pair[1]);
            assert!(multiply(pair[1] + 1, pair[1] + 1) >= pair[0], "{:x}", pair[1]);
        }
    }

    #[test]
    fn whole_bounds_are_exact() {
        // The factors are less than 2^-120 off. Where so much more gives the same whole number, it is the right one.
        for per_unit in [1, 1_000_000_000] {
            for exponent in -160..64 {
                for of_256 in 0..256 {
                    let factor = factor(of_256);
                    let whole = scaled(factor, exponent, per_unit);
                    assert_eq!(whole, scaled(factor + 127, exponent, per_unit), "{of_256} {exponent}");
                }
            }
        }
    }

    #[test]
    fn powers_of_two_are_exact() {
        for exponent in -9..34 {
            let nanoseconds =
                if exponent < 0 { 1_000_000_000 >> -exponent } else { 1_000_000_000 << exponent };
            assert_eq!(whole_bound(3, exponent * 8, 1_000_000_000), nanoseconds);
        }
        assert_eq!(whole_bound(0, 63, 1), 1 << 63);
        assert_eq!((whole_bound(0, 64, 1), whole_bound(-4, 1, 1)), (u64::MAX, 65_536));
        assert_eq!((whole_bound(8, -256 * 300, 1_000_000_000), whole_bound(0, -30, 1_000_000_000)), (0, 0));
    }

    #[test]
    fn bounds_are_the_doubles_next_to_them() {
        assert_eq!(upper_bound(1, 1), std::f64::consts::SQRT_2);
        assert_eq!(upper_bound(3, -8 * 128), 2_f64.powi(-128));
        assert_eq!((upper_bound(0, -1074), upper_bound(0, -1075)), (5e-324, 0.0));
        assert_eq!((upper_bound(8, 1024 * 256), upper_bound(8, 1024 * 256 + 1)), (f64::MAX, f64::INFINITY));
        assert_eq!((upper_bound(-4, 64), upper_bound(-4, 65)), (f64::MAX, f64::INFINITY));
        for index in -2000..2000 {
            let near = (f64::from(index) / 256.0).exp2();
            assert!((upper_bound(8, index) / near - 1.0).abs() < 1e-15, "{index}");
        }
    }
}
