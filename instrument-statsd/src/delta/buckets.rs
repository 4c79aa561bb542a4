//! The buckets of a histogram: the explicit ones, or the native ones if there are no others.

use std::borrow::Cow;

use instrument_core::{HistogramSample, NativeSample};

/// The upper bounds of the buckets but the last, ascending.
pub(super) fn bounds<'a>(histogram: &HistogramSample<'a>) -> Cow<'a, [f64]> {
    match native_alone(histogram) {
        None => histogram.bounds().into(),
        Some(native) => {
            let mut bounds: Vec<f64> = Vec::new();
            for (lower, upper, _) in native.buckets() {
                // Where a bucket does not begin where the one before ends, there is an empty one between them.
                bounds.extend(bounds.last().is_none_or(|last| *last < lower).then_some(lower));
                bounds.push(upper);
            }
            bounds.retain(|bound| bound.is_finite());
            bounds.into()
        }
    }
}

/// How many values are in each of the buckets between these bounds.
pub(super) fn counts<'a>(histogram: &HistogramSample<'a>, bounds: &[f64]) -> Cow<'a, [u64]> {
    match native_alone(histogram) {
        None => histogram.counts().into(),
        Some(native) => {
            let mut counts = vec![0; bounds.len() + 1];
            for (_, upper, count) in native.buckets() {
                counts[bounds.partition_point(|bound| *bound < upper)] += count;
            }
            counts.into()
        }
    }
}

fn native_alone<'a>(histogram: &HistogramSample<'a>) -> Option<NativeSample<'a>> {
    histogram.native().filter(|_| histogram.bounds().is_empty())
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use instrument_core::{Buckets, Description, Registry, Sample, Series, Visitor};

    use super::*;

    /// Bounds and counts of the one histogram of a registry.
    struct Look(Vec<f64>, Vec<u64>);

    impl Visitor for Look {
        fn series(&mut self, _: &Description, _: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
            let Sample::Histogram(histogram) = sample else { panic!("{sample:?}") };
            self.0 = bounds(histogram).into();
            self.1 = counts(histogram, &self.0).into();
            ControlFlow::Continue(())
        }
    }

    fn look(buckets: Buckets, values: &[f64]) -> (Vec<f64>, Vec<u64>) {
        let registry = Registry::new();
        let histogram = registry.histogram::<f64>("size", "").buckets(buckets).register().unwrap();
        values.iter().for_each(|value| histogram.observe(*value));
        let mut look = Look(Vec::new(), Vec::new());
        registry.visit(&mut look);
        (look.0, look.1)
    }

    #[test]
    fn native_buckets_are_put_in_a_row() {
        let (bounds, counts) = look(Buckets::native(0, 160), &[-3.0, 1.5, 2.0, 3.0, 700.0, f64::INFINITY]);
        assert_eq!(bounds, [-4.0, -2.0, 1.0, 2.0, 4.0, 512.0, 1024.0, f64::MAX]);
        assert_eq!(counts, [0, 1, 0, 2, 1, 0, 1, 0, 1]);
        assert_eq!(look(Buckets::native(0, 160), &[]), (vec![], vec![0]));
    }

    #[test]
    fn the_zero_bucket_ends_where_it_says() {
        let native = Buckets::native(0, 160).zero_threshold(1.5);
        let (bounds, counts) = look(native, &[-1.75, 0.0, 1.0, 1.75]);
        assert_eq!(bounds, [-2.0, -1.0, 1.5, 2.0]);
        assert_eq!(counts, [0, 1, 2, 1, 0]);
    }

    #[test]
    fn explicit_buckets_come_first() {
        let both = Buckets::explicit([1.0, 2.0]).and_native(3, 160);
        assert_eq!(look(both, &[0.5, 3.0]), (vec![1.0, 2.0], vec![1, 0, 1]));
    }
}
