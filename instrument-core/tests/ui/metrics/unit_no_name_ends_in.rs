use instrument_core::{Counter, Metrics};

#[derive(Metrics)]
struct Quotes {
    /// Quotations served.
    #[metric(unit = "quotes per day")]
    served: Counter,
}

fn main() {
    let _: Quotes;
}
