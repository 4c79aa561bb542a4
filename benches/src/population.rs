//! Label texts of any number of series.

use std::fmt::Write;

use crate::inputs::SplitMix64;

/// The texts of a series' two labels: a route and a tenant. They live as long as the process, which measures one point.
pub type LabelTexts = (&'static str, &'static str);

/// The fewest draws, so that a branch predictor cannot learn their order by heart, and the most.
const DRAWS: (usize, usize) = (4_096, 1 << 20);

/// The texts of `count` series, each different: a thousand routes for each tenant. There are a million at most.
pub fn label_texts(count: usize) -> Vec<LabelTexts> {
    write(0..count)
}

/// Texts of series drawn at random out of `count`, about as many as there are series.
///
/// They lie in memory in the order drawn, so that going through them is the same small cost whatever the number of
/// series: what grows is the contender's.
pub fn random_label_texts(count: usize) -> Vec<LabelTexts> {
    let mut random = SplitMix64(0xf00d);
    let draws = count.clamp(DRAWS.0, DRAWS.1);
    write((0..draws).map(|_| (random.next() % count as u64) as usize))
}

const ROUTE_BYTES: usize = "/api/v1/resource/000".len();
const BYTES: usize = ROUTE_BYTES + "tenant-000".len();

/// Leaves no memory behind that was taken and given back: it would be used up, unseen, by what is measured next.
fn write(numbers: impl ExactSizeIterator<Item = usize>) -> Vec<LabelTexts> {
    let count = numbers.len();
    let mut text = String::with_capacity(count * BYTES);
    for number in numbers {
        let (route, tenant) = (number % 1_000, number / 1_000);
        write!(text, "/api/v1/resource/{route:03}tenant-{tenant:03}").expect("a String takes all");
    }
    let text: &'static str = text.leak();
    (0..count).map(|place| text[place * BYTES..][..BYTES].split_at(ROUTE_BYTES)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_series_have_the_same_texts() {
        let texts = label_texts(2_500);
        assert_eq!(texts[0], ("/api/v1/resource/000", "tenant-000"));
        assert_eq!(texts[2_499], ("/api/v1/resource/499", "tenant-002"));
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), 2_500);
    }

    #[test]
    fn draws_are_of_series_that_exist_and_reach_nearly_all() {
        let all: HashSet<_> = label_texts(100).into_iter().collect();
        let drawn: HashSet<_> = random_label_texts(100).into_iter().collect();
        assert_eq!(drawn, all);
        assert_eq!(random_label_texts(100).len(), DRAWS.0);
        assert_eq!(random_label_texts(10_000).len(), 10_000);
    }
}
