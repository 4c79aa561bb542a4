use instrument_core::{Counter, Metrics};

#[derive(Metrics)]
#[metric(prefix = "quotes")]
struct Quotes {
    /// Quotations served.
    served: Counter,
}

#[derive(Metrics)]
struct Authors {
    /// Authors known.
    #[metrics(name = "authors")]
    known: Counter,
}

fn main() {
    let _: (Quotes, Authors);
}
