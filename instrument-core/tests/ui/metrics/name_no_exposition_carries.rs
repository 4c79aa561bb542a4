use instrument_core::{Counter, Metrics};

#[derive(Metrics)]
#[metrics(prefix = "quote-of-the-day")]
struct Quotes {
    /// Quotations served.
    #[metric(name = "served.total")]
    served: Counter,
}

fn main() {
    let _: Quotes;
}
