//! Look-ups that say what is there instead, when there is nothing.

use super::{HistogramSnapshot, LabelPairs, NoSuchSeries, Snapshot, StateSetSnapshot};
use crate::MetricKind;

/// For tests: look-ups whose failures explain themselves. Labels are pairs or a typed set, as [`LabelPairs`] says.
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::Registry;
///
/// let registry = Registry::new();
/// registry.counter("jobs", "Jobs run.").register()?.inc_by(3);
/// registry.gauge("load", "Load of the machine.").register()?.set(0.7);
/// registry.up_down_counter("open", "Connections open.").register()?.add(2);
/// registry.histogram::<Duration>("lookup", "Look-ups.").register()?.observe(Duration::from_secs(1));
/// registry.info("host", "Where it runs.").label("region", "eu").register()?;
/// registry.state_set::<bool>("frozen", "Whether nothing moves.").register()?.set(&true);
///
/// // In a test that fails if there is none.
/// let snapshot = registry.snapshot();
/// assert_eq!((snapshot.expect_counter("jobs", &[]), snapshot.expect_float_counter("jobs", &[])), (3, 3.0));
/// assert_eq!(snapshot.expect_gauge("load", &[]), 0.7);
/// assert_eq!(snapshot.expect_up_down_counter("open", &[]), 2);
/// assert_eq!(snapshot.expect_histogram("lookup", &[]).count(), 1);
/// snapshot.expect_info("host", &[("region", "eu")]);
/// assert_eq!(snapshot.expect_state_set("frozen", &[]).is_active("true"), Some(true));
///
/// // Where the reason is wanted, and no panic.
/// assert_eq!((snapshot.try_counter("jobs", &[])?, snapshot.try_float_counter("jobs", &[])?), (3, 3.0));
/// assert_eq!(snapshot.try_gauge("load", &[])?, 0.7);
/// assert_eq!(snapshot.try_up_down_counter("open", &[])?, 2);
/// assert_eq!(snapshot.try_histogram("lookup", &[])?.count(), 1);
/// assert!(snapshot.try_info("host", &[("region", "us")]).is_err());
/// assert!(snapshot.try_state_set("frozen", &[]).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Snapshot {
    /// The number of a counter, as [`counter`](Self::counter).
    ///
    /// # Errors
    ///
    /// When there is no such series: the error lists the nearest that there are.
    pub fn try_counter(&self, name: &str, labels: impl LabelPairs) -> Result<u64, NoSuchSeries> {
        self.look_up(MetricKind::Counter, name, labels, |labels| self.counter(name, labels))
    }

    /// The number of a counter, with its fraction if it has one, as [`float_counter`](Self::float_counter).
    ///
    /// # Errors
    ///
    /// As [`try_counter`](Self::try_counter).
    pub fn try_float_counter(&self, name: &str, labels: impl LabelPairs) -> Result<f64, NoSuchSeries> {
        self.look_up(MetricKind::Counter, name, labels, |labels| self.float_counter(name, labels))
    }

    /// The number of a gauge or of an up-down counter, as [`gauge`](Self::gauge).
    ///
    /// # Errors
    ///
    /// As [`try_counter`](Self::try_counter).
    pub fn try_gauge(&self, name: &str, labels: impl LabelPairs) -> Result<f64, NoSuchSeries> {
        self.look_up(MetricKind::Gauge, name, labels, |labels| self.gauge(name, labels))
    }

    /// The number of an up-down counter, as [`up_down_counter`](Self::up_down_counter).
    ///
    /// # Errors
    ///
    /// As [`try_counter`](Self::try_counter).
    pub fn try_up_down_counter(&self, name: &str, labels: impl LabelPairs) -> Result<i64, NoSuchSeries> {
        self.look_up(MetricKind::UpDownCounter, name, labels, |labels| self.up_down_counter(name, labels))
    }

    /// The buckets and the sum of a histogram, as [`histogram`](Self::histogram).
    ///
    /// # Errors
    ///
    /// As [`try_counter`](Self::try_counter).
    pub fn try_histogram(
        &self,
        name: &str,
        labels: impl LabelPairs,
    ) -> Result<&HistogramSnapshot, NoSuchSeries> {
        self.look_up(MetricKind::Histogram, name, labels, |labels| self.histogram(name, labels))
    }

    /// That there is an info with these labels, as [`info`](Self::info).
    ///
    /// # Errors
    ///
    /// As [`try_counter`](Self::try_counter).
    pub fn try_info(&self, name: &str, labels: impl LabelPairs) -> Result<(), NoSuchSeries> {
        self.look_up(MetricKind::Info, name, labels, |labels| self.info(name, labels).then_some(()))
    }

    /// The states of a state set, as [`state_set`](Self::state_set).
    ///
    /// # Errors
    ///
    /// As [`try_counter`](Self::try_counter).
    pub fn try_state_set(
        &self,
        name: &str,
        labels: impl LabelPairs,
    ) -> Result<&StateSetSnapshot, NoSuchSeries> {
        self.look_up(MetricKind::StateSet, name, labels, |labels| self.state_set(name, labels))
    }

    /// The number of a counter, in a test that fails without it.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    ///
    /// #[derive(Labels)]
    /// struct Language<'a> {
    ///     lang: &'a str,
    /// }
    ///
    /// let registry = Registry::new();
    /// let served = registry.counter("quotes_served", "Quotations served.").labels::<Language>().register()?;
    /// served.with(&Language { lang: "fr" }).inc();
    ///
    /// let snapshot = registry.snapshot();
    /// assert_eq!(snapshot.expect_counter("quotes_served", &[("lang", "fr")]), 1);
    /// assert_eq!(snapshot.expect_counter("quotes_served", &Language { lang: "fr" }), 1);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such series, with the nearest that there are in the message:
    ///
    /// ```should_panic
    /// # use instrument_core::Registry;
    /// # let registry = Registry::new();
    /// # registry.counter("quotes_served", "Quotations served.").register().unwrap();
    /// // there is no counter `quote_served`, but one other family:
    /// //   quotes_served_total  counter
    /// registry.snapshot().expect_counter("quote_served", &[]);
    /// ```
    #[track_caller]
    #[must_use]
    pub fn expect_counter(&self, name: &str, labels: impl LabelPairs) -> u64 {
        expect(self.try_counter(name, labels))
    }

    /// The number of a counter, with its fraction if it has one, in a test that fails without it.
    ///
    /// # Panics
    ///
    /// As [`expect_counter`](Self::expect_counter).
    #[track_caller]
    #[must_use]
    pub fn expect_float_counter(&self, name: &str, labels: impl LabelPairs) -> f64 {
        expect(self.try_float_counter(name, labels))
    }

    /// The number of a gauge or of an up-down counter, in a test that fails without it.
    ///
    /// # Panics
    ///
    /// As [`expect_counter`](Self::expect_counter).
    #[track_caller]
    #[must_use]
    pub fn expect_gauge(&self, name: &str, labels: impl LabelPairs) -> f64 {
        expect(self.try_gauge(name, labels))
    }

    /// The number of an up-down counter, in a test that fails without it.
    ///
    /// # Panics
    ///
    /// As [`expect_counter`](Self::expect_counter).
    #[track_caller]
    #[must_use]
    pub fn expect_up_down_counter(&self, name: &str, labels: impl LabelPairs) -> i64 {
        expect(self.try_up_down_counter(name, labels))
    }

    /// The buckets and the sum of a histogram, in a test that fails without it.
    ///
    /// # Panics
    ///
    /// As [`expect_counter`](Self::expect_counter).
    #[track_caller]
    #[must_use]
    pub fn expect_histogram(&self, name: &str, labels: impl LabelPairs) -> &HistogramSnapshot {
        expect(self.try_histogram(name, labels))
    }

    /// Fails a test unless there is an info with these labels.
    ///
    /// # Panics
    ///
    /// As [`expect_counter`](Self::expect_counter).
    #[track_caller]
    pub fn expect_info(&self, name: &str, labels: impl LabelPairs) {
        expect(self.try_info(name, labels));
    }

    /// The states of a state set, in a test that fails without it.
    ///
    /// # Panics
    ///
    /// As [`expect_counter`](Self::expect_counter).
    #[track_caller]
    #[must_use]
    pub fn expect_state_set(&self, name: &str, labels: impl LabelPairs) -> &StateSetSnapshot {
        expect(self.try_state_set(name, labels))
    }

    fn look_up<R>(
        &self,
        kind: MetricKind,
        name: &str,
        labels: impl LabelPairs,
        find: impl FnOnce(&[(&str, &str)]) -> Option<R>,
    ) -> Result<R, NoSuchSeries> {
        labels
            .with_pairs(|labels| find(labels).ok_or_else(|| NoSuchSeries::explain(self, kind, name, labels)))
    }
}

/// The answer of a look-up, for those who asked to panic without one.
#[track_caller]
fn expect<R>(found: Result<R, NoSuchSeries>) -> R {
    match found {
        Ok(found) => found,
        Err(error) => panic!("{error}"),
    }
}
