//! Counts as sums of weights that a sample rate can say.
//!
//! A line stands for `n` values by its sample rate `1 / n`, and the server counts `1 / rate`. Both are rounded to the nearest
//! double, so that for about one number in six, 49 the first of them, the server's count is not `n` but a little beside it. Such a
//! number is said in two lines, here 48 and 1: their sum is exact, as sums of whole numbers are.

/// Counts beyond are not whole numbers any more in the double that the server keeps.
const MAX_WEIGHT: u64 = 1 << 53;

/// Weights whose sum is `count`, each of which a sample rate can say.
pub(crate) fn exact_weights(count: u64) -> impl Iterator<Item = u64> {
    let mut rest = count;
    std::iter::from_fn(move || {
        if rest == 0 {
            return None;
        }
        // It ends, because 1 can be said.
        let weight = (1..=rest.min(MAX_WEIGHT)).rev().find(|&weight| is_exact(weight))?;
        rest -= weight;
        Some(weight)
    })
}

/// At most `max_lines` weights, or a few more, as equal as can be, the odd ones last; their sum is `count`.
pub(crate) fn equal_weights(count: u64, max_lines: u64) -> impl Iterator<Item = u64> {
    // Rather fewer lines than weights that differ much: for a count of 21, not 19 lines of 1 and one of 2, but 9 of 2 and one of 3.
    let least = count.div_ceil(max_lines.max(1)).max(1);
    let lines = count / least;
    let mut rest = count;
    (0..lines).flat_map(move |line| {
        let left = lines - line;
        // What a rate cannot say is left to those that follow, and the last one says all.
        let share = if left == 1 { rest } else { exact_weights(rest / left).next().unwrap_or_default() };
        rest -= share;
        exact_weights(share)
    })
}

/// Whether the server's arithmetic gives the weight back.
fn is_exact(weight: u64) -> bool {
    let rate = 1.0 / weight as f64;
    1.0 / rate == weight as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server makes of the text of a rate.
    fn counted(weight: u64) -> f64 {
        let rate: f64 = format!("{}", 1.0 / weight as f64).parse().unwrap();
        1.0 / rate
    }

    #[test]
    fn all_counts_come_out_exactly_in_one_line_or_two() {
        for count in (1..100_000).chain([u64::from(u32::MAX), 1 << 40, (1 << 52) + 1, 1 << 53]) {
            let weights: Vec<u64> = exact_weights(count).collect();
            assert!(weights.len() <= 2, "{count}: {weights:?}");
            assert_eq!(weights.iter().sum::<u64>(), count);
            assert_eq!(weights.iter().map(|&weight| counted(weight)).sum::<f64>(), count as f64);
        }
        assert_eq!(exact_weights(48).collect::<Vec<_>>(), [48]);
        assert_eq!(exact_weights(49).collect::<Vec<_>>(), [48, 1]);
        assert_eq!(exact_weights(0).count(), 0);
    }

    #[test]
    fn counts_beyond_what_a_double_holds_are_said_in_parts() {
        assert_eq!(exact_weights(u64::MAX).map(u128::from).sum::<u128>(), u128::from(u64::MAX));
    }

    #[test]
    fn weights_are_as_equal_as_can_be() {
        let weights = |count, lines| equal_weights(count, lines).collect::<Vec<_>>();
        assert_eq!(weights(3, 20), [1, 1, 1]);
        assert_eq!(weights(20, 20), [1; 20]);
        assert_eq!(weights(21, 20), [2, 2, 2, 2, 2, 2, 2, 2, 2, 3]);
        assert_eq!(weights(7, 0), [7]);
        assert!(weights(0, 20).is_empty());
        // 49 cannot be said.
        assert_eq!(weights(5 * 49, 5), [48, 48, 48, 50, 51]);
        for count in (1..3000).chain([100_003, u64::from(u32::MAX)]) {
            let weights = weights(count, 20);
            assert_eq!(weights.iter().sum::<u64>(), count);
            assert!(weights.len() <= 21 && weights.iter().all(|&weight| is_exact(weight)), "{weights:?}");
        }
    }
}
