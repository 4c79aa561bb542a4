//! Recording in a series of a family without a handle on it.

use super::Family;
use crate::metric::HistogramValue;
use crate::{Counter, Histogram, Labels, UpDownCounter};

impl<L: Labels> Family<L, Counter> {
    /// Adds 1 to the counter with these labels, as `with(labels).inc()` does, without making a handle on it: the cheapest way to count where the labels
    /// are other ones each time.
    ///
    /// ```
    /// use instrument_core::{LabelValue, Labels, Registry};
    ///
    /// #[derive(Clone, Copy, LabelValue)]
    /// enum Language {
    ///     French,
    ///     Latin,
    /// }
    ///
    /// #[derive(Labels)]
    /// struct Quote {
    ///     language: Language,
    /// }
    ///
    /// let registry = Registry::new();
    /// let served = registry.counter("quotes_served", "Quotations served.").labels::<Quote>().register()?;
    /// served.inc(&Quote { language: Language::Latin });
    /// served.inc_by(&Quote { language: Language::Latin }, 2);
    /// assert_eq!(registry.snapshot().counter("quotes_served_total", &[("language", "latin")]), Some(3));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[inline(always)]
    pub fn inc(&self, labels: &L) {
        self.inc_by(labels, 1);
    }

    /// Adds `n` to the counter with these labels, without making a handle on it.
    #[inline(always)]
    pub fn inc_by(&self, labels: &L, n: u64) {
        if n == 0 {
            // A look-up all the same: the series is not idle.
            return drop(self.with(labels));
        }
        if L::CARDINALITY.is_none() {
            return self.at(labels, |counter, here| counter.inc_by_here(here, n));
        }
        let counted = self.first_lent.and_then(|first| {
            let number = labels.index();
            // No number of a lent cell is greater than a `u32`.
            self.core.if_lent(number, |here| here.add_nth(first, number as u32, n))
        });
        if counted.is_none() {
            self.count(labels, n);
        }
    }

    /// The same where the cell does not follow from the labels.
    #[inline(never)]
    fn count(&self, labels: &L, n: u64) {
        self.at(labels, |counter, here| counter.inc_by_here(here, n));
    }
}

impl<L: Labels> Family<L, UpDownCounter> {
    /// Adds 1 to the number with these labels, as `with(labels).inc()` does, without making a handle on it.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Peer<'a> {
    ///     zone: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let peers = registry.up_down_counter("peers", "Peers connected.").labels::<Peer>().register()?;
    /// peers.inc(&Peer { zone: "eu" });
    /// peers.inc(&Peer { zone: "eu" });
    /// peers.dec(&Peer { zone: "eu" });
    /// peers.add(&Peer { zone: "eu" }, 3);
    /// assert_eq!(peers.with(&Peer { zone: "eu" }).get(), 4);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[inline(always)]
    pub fn inc(&self, labels: &L) {
        self.at(labels, UpDownCounter::inc_here);
    }

    /// Takes 1 from the number with these labels, without making a handle on it.
    #[inline(always)]
    pub fn dec(&self, labels: &L) {
        self.at(labels, UpDownCounter::dec_here);
    }

    /// Adds `n`, which may be negative, to the number with these labels, without making a handle on it.
    #[inline(always)]
    pub fn add(&self, labels: &L, n: i64) {
        self.at(labels, |number, here| number.add_here(here, n));
    }
}

impl<L: Labels, V: HistogramValue> Family<L, Histogram<V>> {
    /// Counts a value in the histogram with these labels, as `with(labels).observe(value)` does, without making a handle on it.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Query<'a> {
    ///     table: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let queries = registry.histogram::<Duration>("query", "Time of a query.").labels::<Query>().register()?;
    /// queries.observe(&Query { table: "quotes" }, Duration::from_millis(3));
    /// assert_eq!(registry.snapshot().histogram("query_seconds", &[("table", "quotes")]).unwrap().count(), 1);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[inline(always)]
    pub fn observe(&self, labels: &L, value: V) {
        let measure = value.measure();
        self.at(labels, |histogram, here| histogram.observe_here(here, measure));
    }
}
