use instrument_core::{RecordedExemplar, Series};

/// The exemplars of a histogram's series.
#[derive(Debug)]
pub(super) struct Exemplars(Vec<RecordedExemplar>);

impl Exemplars {
    pub(super) fn of(series: &Series<'_>) -> Self {
        Self(series.exemplars())
    }

    /// That of an explicit bucket. A histogram with native buckets alone has one that all values are in: it shows the latest.
    pub(super) fn in_bucket(&self, bucket: usize) -> Option<&RecordedExemplar> {
        let of_all = || self.0.iter().filter(|exemplar| exemplar.bucket().is_none());
        let own = self.0.iter().find(|exemplar| exemplar.bucket() == Some(bucket));
        own.or_else(|| of_all().max_by_key(|exemplar| exemplar.time()))
    }

    /// All, in the order of their values.
    #[cfg(feature = "protobuf")]
    pub(super) fn iter(&self) -> impl Iterator<Item = &RecordedExemplar> {
        self.0.iter()
    }
}

/// The labels of an exemplar: without the empty ones, which say as much as none.
pub(super) fn exemplar_labels(exemplar: &RecordedExemplar) -> impl Iterator<Item = (&str, &str)> {
    exemplar.labels().filter(|(_, value)| !value.is_empty())
}
