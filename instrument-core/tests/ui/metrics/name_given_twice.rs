use instrument_core::{Counter, Metrics};

#[derive(Metrics)]
struct Quotes {
    /// Quotations served.
    served: Counter,
    /// Quotations shown.
    #[metric(name = "served")]
    shown: Counter,
}

fn main() {
    let _: Quotes;
}
