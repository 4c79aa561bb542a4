use std::time::Duration;

use instrument_core::{Histogram, Metrics};

#[derive(Metrics)]
struct Quotes {
    /// How long it took to serve one.
    #[metric(buckets = [0.1, 1.0])]
    took: Histogram<Duration>,
}

fn main() {
    let _: Quotes;
}
