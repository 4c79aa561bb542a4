use std::fmt;

use super::HistogramValue;
use crate::buckets::Bounds;
use crate::{Buckets, clock};

/// What all histograms of a family share: the bounds, and the table that finds a value's bucket.
pub struct HistogramSettings<V: HistogramValue> {
    bounds: Bounds<V::Measure>,
}

impl<V: HistogramValue> HistogramSettings<V> {
    /// The settings for buckets that the values can fall into, or the rule that the buckets break.
    pub(super) fn new(buckets: Option<Buckets>) -> Result<Self, String> {
        let buckets = buckets.unwrap_or_else(V::default_buckets);
        buckets.check()?;
        match buckets.bounds().first() {
            Some(bound) if *bound < 0.0 && !V::NEGATIVE => {
                return Err(format!(
                    "the bound {bound:?} is below 0, which no `{}` is: leave it out",
                    V::NAME
                ));
            }
            _ => {}
        }
        if V::NANOSECONDS {
            clock::prepare();
        }
        Ok(Self { bounds: Bounds::new(buckets.bounds(), V::per_unit()) })
    }

    /// The place of the bucket that a value falls into.
    #[inline]
    pub(super) fn bucket(&self, measure: V::Measure) -> u16 {
        self.bounds.bucket(measure)
    }

    /// The bounds as exposed.
    pub(super) fn exposed(&self) -> &[f64] {
        self.bounds.exposed()
    }
}

impl<V: HistogramValue> Clone for HistogramSettings<V> {
    fn clone(&self) -> Self {
        Self { bounds: self.bounds.clone() }
    }
}

impl<V: HistogramValue> PartialEq for HistogramSettings<V> {
    fn eq(&self, other: &Self) -> bool {
        self.exposed() == other.exposed()
    }
}

impl<V: HistogramValue> fmt::Debug for HistogramSettings<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exposed().fmt(f)
    }
}
