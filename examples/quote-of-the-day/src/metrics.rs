//! What the app counts besides its requests and calls, which the attribute and the layer count by themselves.

use instrument_core::{Counter, Family, Labels, Metrics};

use crate::quotes::Quote;

#[derive(Labels)]
pub(crate) struct Origin {
    /// 19 from 1801 to 1900, -1 from 100 to 1 before Christ; none where the year is not known.
    century: Option<i32>,
}

#[derive(Debug, Clone, Metrics)]
#[metrics(prefix = "quotes")]
pub(crate) struct QuoteMetrics {
    /// Quotations served, by the century they are from.
    served: Family<Origin, Counter>,
    /// Quotations that were sent in and stored.
    pub(crate) stored: Counter,
}

impl QuoteMetrics {
    pub(crate) fn count_served<'q>(&self, quotes: impl IntoIterator<Item = &'q Quote>) {
        for quote in quotes {
            let century = quote.year.map(|year| ((year.abs() - 1) / 100 + 1) * year.signum());
            self.served.with(&Origin { century }).inc();
        }
    }
}
